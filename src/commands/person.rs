//! `stepdown person`: lets the first administrator in, and puts an account right where no administrator can.

use std::io::{BufRead, IsTerminal, Write};
use std::process::{Command, ExitCode, Stdio};

use clap::{Args, Subcommand};

use crate::acts::ActError;
use crate::acts::manage_people::{
    AddPerson, add_person_by_hand, change_person_by_hand, found_facility, set_password_by_hand,
};
use crate::care::calendar::Zone;
use crate::care::facility::Facility;
use crate::care::people::{Details, Person, Role};
use crate::care::refusal::Refusal;
use crate::care::staff;
use crate::clock::Clock;
use crate::store::{Db, facilities};
use crate::web::form::new_id;
use crate::web::password::{Cost, password_hash};

#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Adds a person to a facility, and the facility with its first person. The password is asked for, or read from
    /// standard input, or from STEPDOWN_PASSWORD: never from the command line, which others can read.
    Add(NewPerson),
    /// Gives somebody a new password, and ends their sessions: where nobody can sign in any more, or for whoever works in
    /// several facilities. It is read like that of `add`, and opens the door once: its person then chooses their own.
    Password(Forgotten),
    /// Puts right the name, the registration number or the e-mail of whoever works in several facilities.
    Change(Wrong),
}

#[derive(Args)]
struct Forgotten {
    /// The database.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// Whose: a.diallo.
    #[arg(long)]
    username: String,
}

#[derive(Args)]
struct Wrong {
    /// The database.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// Whose: a.diallo.
    #[arg(long)]
    username: String,
    /// As it stands beside a signature. What is not named stays as it is.
    #[arg(long)]
    name: Option<String>,
    /// The number in the professional register; "" for none.
    #[arg(long)]
    registration: Option<String>,
    /// Where letters go; "" for nowhere.
    #[arg(long)]
    email: Option<String>,
}

#[derive(Args)]
struct NewPerson {
    /// The database.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// For signing in: a.diallo.
    #[arg(long)]
    username: String,
    /// As it stands beside a signature.
    #[arg(long)]
    name: String,
    /// The number in the professional register.
    #[arg(long, default_value = "")]
    registration: String,
    #[arg(long, default_value = "")]
    email: String,
    /// The name of the facility; made if it is not there.
    #[arg(long)]
    facility: String,
    /// The time zone of a facility that is not there yet: Europe/London.
    #[arg(long)]
    zone: Option<String>,
    /// prescriber, pharmacist, nurse, supervisor or administrator.
    #[arg(long, default_value = "administrator")]
    role: String,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    let done = match &arguments.what {
        What::Add(new) => add(new),
        What::Password(forgotten) => set_password(forgotten),
        What::Change(wrong) => change(wrong),
    };
    match done {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("stepdown: {why}");
            ExitCode::from(2)
        }
    }
}

fn add(new: &NewPerson) -> Result<String, String> {
    let role =
        Role::of_word(&new.role).ok_or("the role is prescriber, pharmacist, nurse, supervisor or administrator.")?;
    let (username, name) = (staff::username(&new.username).map_err(text)?, staff::name(&new.name).map_err(text)?);
    let facility = staff::name(&new.facility).map_err(text)?;
    let (registration, email) =
        (staff::registration(&new.registration).map_err(text)?, staff::email(&new.email).map_err(text)?);
    let db = Db::open(&new.database_url, Clock::system()).map_err(text)?;
    super::bring_up_to_date(&db)?;
    let known = db.read(facilities::facilities_all).map_err(text)?.into_iter().find(|house| house.name == facility);
    let (founded, house) = match known {
        Some(house) => (false, house),
        None => (true, Facility::new(new_id(db.now()), facility, zone(new.zone.as_deref())?)),
    };
    let password = password()?;
    staff::password_check(&password, &username).map_err(text)?;
    let form = new_id(db.now());
    let person = Person { id: form.clone(), username, name, registration, email, disabled_at: None, revision: 0 };
    let said = format!("{} may sign in as {}, {} of {}.", person.name, person.username, role.word(), house.name);
    let ask = AddPerson {
        form,
        person,
        password_hash: password_hash(&password, Cost::Full),
        own_password: true,
        role,
        ends_at: None,
    };
    let added = db.write(move |conn, now| -> Result<(), ActError> {
        match founded {
            true => found_facility(conn, &house, &ask, now),
            false => add_person_by_hand(conn, &house.id, &ask, now),
        }
    });
    added.map(|()| said).map_err(text)
}

fn set_password(forgotten: &Forgotten) -> Result<String, String> {
    let username = staff::username(&forgotten.username).map_err(text)?;
    let db = Db::open_there(&forgotten.database_url, Clock::system()).map_err(text)?;
    super::bring_up_to_date(&db)?;
    let password = password()?;
    staff::password_check(&password, &username).map_err(text)?;
    let (form, hash) = (new_id(db.now()), password_hash(&password, Cost::Full));
    let set = db.write(move |conn, now| set_password_by_hand(conn, &form, &username, &hash, now));
    let person = set.map_err(text)?;
    Ok(format!(
        "{} signs in once as {} with it, and then chooses a password of their own.",
        person.name, person.username
    ))
}

fn change(wrong: &Wrong) -> Result<String, String> {
    let username = staff::username(&wrong.username).map_err(text)?;
    let read = |typed: &Option<String>, rule: fn(&str) -> Result<String, Refusal>| {
        typed.as_deref().map(rule).transpose().map_err(text)
    };
    let name = read(&wrong.name, staff::name)?;
    let (registration, email) = (read(&wrong.registration, staff::registration)?, read(&wrong.email, staff::email)?);
    if name.is_none() && registration.is_none() && email.is_none() {
        return Err("say what is to be put right: --name, --registration or --email.".into());
    }
    let db = Db::open_there(&wrong.database_url, Clock::system()).map_err(text)?;
    super::bring_up_to_date(&db)?;
    let form = new_id(db.now());
    let instead = move |known: Details| Details {
        name: name.clone().unwrap_or(known.name),
        registration: registration.clone().unwrap_or(known.registration),
        email: email.clone().unwrap_or(known.email),
    };
    let changed = db.write(move |conn, now| change_person_by_hand(conn, &form, &username, &instead, now));
    let person = changed.map_err(text)?;
    let [registration, email] =
        [&person.registration, &person.email].map(|one| if one.is_empty() { "none" } else { one });
    Ok(format!("{} is {}, registration {registration}, e-mail {email}.", person.username, person.name))
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

fn zone(typed: Option<&str>) -> Result<Zone, String> {
    typed.ok_or("a new facility needs its time zone: --zone Europe/London.")?.parse().map_err(text)
}

/// From the environment, from a pipe, or from a prompt that shows nothing.
fn password() -> Result<String, String> {
    if let Ok(password) = std::env::var("STEPDOWN_PASSWORD") {
        return Ok(password);
    }
    if !std::io::stdin().is_terminal() {
        return line();
    }
    let first = hidden("Password: ")?;
    let again = hidden("The same again: ")?;
    if first == again { Ok(first) } else { Err("the two passwords differ. Nothing has been saved.".into()) }
}

fn hidden(prompt: &str) -> Result<String, String> {
    eprint!("{prompt}");
    std::io::stderr().flush().map_err(text)?;
    echo(false);
    let typed = line();
    echo(true);
    eprintln!();
    typed
}

/// Asks the terminal to show what is typed, or not.
fn echo(shown: bool) {
    let mode = if shown { "echo" } else { "-echo" };
    // Where there is no stty, the password is seen by whoever sits there: the same as before.
    Command::new("stty").arg(mode).stdin(Stdio::inherit()).status().ok();
}

fn line() -> Result<String, String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(text)?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}
