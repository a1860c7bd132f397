//! `stepdown demo`: an invented care home with months of tapers, on a database of its own, ready to be looked at.

mod alerts;
mod as_needed;
mod baselines;
mod cast;
mod chance;
mod corrections;
mod crossing;
mod gradual;
mod house;
mod lately;
mod months;
mod photos;
mod registers;
mod residents;
mod severe_signs;

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use self::chance::Chance;
use self::months::Months;
use super::DEMO_FACILITY;
use crate::acts::ActError;
use crate::app;
use crate::care::calendar::{Day, days_after};
use crate::care::catalogue::Catalogue;
use crate::clock::Clock;
use crate::config::Post;
use crate::config::own_files::OwnFiles;
use crate::paper::set_up;
use crate::store::{Db, StoreError, facilities, people};
use crate::web::password::{Cost, password_hash};
use crate::web::{Hall, Passwords};

/// Makes an invented care home and serves it.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The moment at which the demo stands, on the clock of Alder House (Europe/London), for example 2026-11-20T08:12.
    #[arg(long, value_parser = moment)]
    at: Option<NaiveDateTime>,
    /// The same seed makes the same months.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A folder to keep the data in; a new temporary one otherwise.
    #[arg(long)]
    data: Option<PathBuf>,
    /// The password of all its people.
    #[arg(long, default_value = "alder-house")]
    password: String,
    /// The address to serve at; otherwise 127.0.0.1:8080, or the next free port.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Serves whatever house lies there: tests crash one at a minute of their own.
    #[arg(long, hide = true)]
    any_house: bool,
    #[command(flatten)]
    own_files: OwnFiles,
}

fn moment(text: &str) -> Result<NaiveDateTime, String> {
    let read = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M");
    read.map_err(|_| "write the moment as 2026-11-20T08:12".to_owned())
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("The demo’s folder {0} cannot be made: {1}.")]
    Folder(PathBuf, std::io::Error),
    #[error("{0}")]
    OwnFiles(String),
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("The demo’s data cannot be made: {0}")]
    Act(#[from] ActError),
    #[error("{0} holds a house of its own. The demo leaves it alone: give it another folder.")]
    OfAnotherHouse(PathBuf),
    #[error("Nothing can be served at {0}: {1}. Choose another address with --listen.")]
    Listen(String, std::io::Error),
}

pub fn run(arguments: &Arguments) -> ExitCode {
    match demo(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

fn demo(arguments: &Arguments) -> Result<(), Trouble> {
    let catalogue = arguments.own_files.catalogue().map_err(Trouble::OwnFiles)?;
    let folder = folder(arguments)?;
    let now = arguments.at.map_or_else(|| Clock::system().now(), |local| house::zone().instant(local));
    let url = format!("sqlite:{}", folder.join("stepdown.db").display());
    let clock = if arguments.at.is_some() { Clock::starting_at(now) } else { Clock::system() };
    let db = Db::open(&url, clock)?;
    if !arguments.any_house
        && !db.is_empty()?
        && db.read(facilities::facility_ids)?.iter().any(|id| id != DEMO_FACILITY)
    {
        return Err(Trouble::OfAnotherHouse(folder));
    }
    db.migrate()?;
    if db.read(people::nobody_yet)? {
        make(&db, arguments, now)?;
    }
    serve(&db, catalogue, arguments, &folder)
}

fn folder(arguments: &Arguments) -> Result<PathBuf, Trouble> {
    let folder = match &arguments.data {
        Some(folder) => folder.clone(),
        None => std::env::temp_dir().join(format!("stepdown-demo-{}", std::process::id())),
    };
    std::fs::create_dir_all(&folder).map_err(|why| Trouble::Folder(folder.clone(), why))?;
    Ok(folder)
}

/// Furnishes the house and lives through its months, one day a transaction, saying how far it has come.
fn make(db: &Db, arguments: &Arguments, now: DateTime<Utc>) -> Result<(), Trouble> {
    let chance = Chance(arguments.seed);
    let today = house::zone().day(now);
    let first = months::first_day(today);
    let began = house::zone().instant(first.and_hms_opt(5, 0, 0).expect("five in the morning is a time"));
    let began = began - TimeDelta::days(1);
    let hash = password_hash(&arguments.password, Cost::Full);
    let staff = db.write(move |conn, _| house::furnish(conn, chance, &hash, began))?;
    let months = Months::new(chance, staff, began, now);
    let days = (today - first).num_days();
    for day in 0..=days {
        let on = days_after(first, u32::try_from(day).unwrap_or(0));
        let months = months.clone();
        db.write(move |conn, _| months.live(conn, on))?;
        eprint!("\rMaking {days} days of Alder House: {} ({} %) ", Day(on), (day + 1) * 100 / (days + 1));
        let _ = std::io::stderr().flush();
    }
    db.write(move |conn, _| {
        months.note_gradual(conn)?;
        months.photograph(conn)
    })?;
    eprintln!("done.");
    Ok(())
}

fn serve(db: &Db, catalogue: Catalogue, arguments: &Arguments, folder: &Path) -> Result<(), Trouble> {
    let listener = listener(arguments.listen)?;
    let address = listener.local_addr().map_err(|why| Trouble::Listen("this address".to_owned(), why))?;
    println!("{}", welcome(&format!("http://{address}"), &arguments.password, folder));
    let hall = Hall::new(db.clone(), Passwords::new(Cost::Full), false, false);
    let hall = Hall { catalogue: Arc::new(catalogue), ..hall };
    let downtime = folder.join("downtime");
    set_up(&downtime).map_err(|why| Trouble::Listen(downtime.display().to_string(), why))?;
    let ringing = app::Ringing {
        post: Post::Folder(folder.join("letters")),
        public_url: format!("http://{address}"),
        every: Duration::from_secs(30),
        downtime: vec![downtime],
    };
    let served = app::run(hall, listener, None, app::Manner { workers: 2, ..app::Manner::default() }, ringing);
    served.map_err(|why| Trouble::Listen(address.to_string(), why))
}

/// The address asked for, or 8080 on this machine, or the next free port after it.
fn listener(asked: Option<SocketAddr>) -> Result<TcpListener, Trouble> {
    if let Some(address) = asked {
        return TcpListener::bind(address).map_err(|why| Trouble::Listen(address.to_string(), why));
    }
    let mut last = None;
    for port in 8080..8180 {
        match TcpListener::bind(("127.0.0.1", port)) {
            Ok(listener) => return Ok(listener),
            Err(why) => last = Some(why),
        }
    }
    let why = last.unwrap_or_else(|| std::io::Error::other("no port was tried"));
    Err(Trouble::Listen("127.0.0.1:8080 to 8179".to_owned(), why))
}

fn welcome(address: &str, password: &str, folder: &Path) -> String {
    let faces = cast::FACES.iter().map(|(role, username)| format!("  {:14} {username:14} {password}", role.word()));
    let faces: Vec<String> = faces.collect();
    format!(
        "\nStepdown is at {address}\n\n  {:14} {:14} password\n{}\n\nAll residents and staff are invented. The data lies in {}.\n\
         Stop with Ctrl-C.",
        "role",
        "username",
        faces.join("\n"),
        folder.display()
    )
}
