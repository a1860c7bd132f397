//! The people of a facility: who works here in which role, and who is let in next.

use std::collections::BTreeSet;

use actix_web::web::{Data, Query};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::acts::manage_people::{AddPerson, GiveRole, add_person, give_role};
use crate::care::calendar::{Zone, day_text, parse_moment};
use crate::care::facility::Facility;
use crate::care::people::{Administrator, Engagement, Person, Role};
use crate::care::refusal::Refusal;
use crate::care::staff;
use crate::store::db::Conn;
use crate::store::letters::gaps_of;
use crate::store::people::{staff_of, without_password};
use crate::web::parts::{Icon, Saved, Tag};
use crate::web::{
    Answer, Choice, Errors, Form, Hall, Link, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking,
    see_other,
};

#[derive(Deserialize)]
pub struct Asked {
    facility: Option<String>,
    /// What was just saved, and of whom.
    saved: Option<String>,
    #[serde(default)]
    who: String,
}

pub async fn show(administrator: Signed<Administrator>, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let facility = administrator.chosen(asked.facility.as_deref())?;
    let (add, give) = fresh(&administrator);
    let view = view(&administrator, &hall, facility, add, give).await?;
    Page::new(view.said(Saved::of_word(asked.saved.as_deref()), &asked.who)).answer()
}

fn fresh(administrator: &Signed<Administrator>) -> (Form, Form) {
    let form = || Form::new(administrator.csrf(), administrator.now());
    (form(), form().named("give"))
}

async fn view(
    administrator: &Signed<Administrator>,
    hall: &Hall,
    facility: &Facility,
    add: Form,
    give: Form,
) -> Result<View, PageError> {
    let id = facility.id.clone();
    let found = move |conn: &mut Conn| Ok((staff_of(conn, &id)?, without_password(conn, &id)?, gaps_of(conn, &id)?));
    let (staff, waiting, gaps) = looking(&hall.db, found).await?;
    let put_back = gaps.iter().find(|gap| gap.open).map(|gap| gap.told_of_people(facility.zone));
    let others = administrator.facilities().filter(|other| other.id != facility.id);
    let others = others.map(|other| Link::new(&other.name, links::people(&other.id))).collect();
    let shell = administrator.shell(facility, Menu::People);
    let view = View::new(shell, facility, others, &staff, add, give, administrator.now());
    Ok(View { put_back, ..view.waiting(&waiting) })
}

#[derive(Deserialize)]
pub struct AskAdd {
    #[serde(default)]
    facility: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    registration: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    ends_at: String,
}

pub async fn add(administrator: Signed<Administrator>, hall: Data<Hall>, sent: Protected<AskAdd>) -> Answer {
    let facility = administrator.facility(&sent.facility)?.clone();
    let by = administrator.at(&facility.id)?;
    let mut errors = Errors::none();
    let read = read_add(&sent, sent.id()?, (facility.zone, administrator.now()), &mut errors);
    let refusal = match read {
        None => errors,
        Some((ask, password)) => {
            let username = ask.person.username.clone();
            let ask = AddPerson { password_hash: hall.passwords.hash(password).await?, ..ask };
            match acting(&hall.db, move |conn, now| add_person(conn, &by, &ask, now)).await? {
                Ok(()) => return Ok(see_other(links::people_saved(&facility.id, Saved::Added.word(), &username))),
                Err(refusal) => refusal.into(),
            }
        }
    };
    let add = Form::again(administrator.csrf(), administrator.now(), &sent, refusal);
    let (_, give) = fresh(&administrator);
    Page::refused(view(&administrator, &hall, &facility, add, give).await?, false).answer()
}

fn read_add(
    sent: &AskAdd,
    form: String,
    clock: (Zone, DateTime<Utc>),
    errors: &mut Errors,
) -> Option<(AddPerson, String)> {
    let username = errors.keep("username", staff::username(&sent.username));
    let name = errors.keep("name", staff::name(&sent.name));
    let registration = errors.keep("registration", staff::registration(&sent.registration));
    let email = errors.keep("email", staff::email(&sent.email));
    let password = staff::password_check(&sent.password, username.as_deref().unwrap_or_default());
    let password = errors.keep("password", password.map(|()| sent.password.clone()));
    let (role, ends_at) = (read_role(&sent.role, errors), read_end(&sent.ends_at, clock, errors));
    let person = Person {
        id: form.clone(),
        username: username?,
        name: name?,
        registration: registration?,
        email: email?,
        disabled_at: None,
        revision: 0,
    };
    let ask =
        AddPerson { form, person, password_hash: String::new(), own_password: false, role: role?, ends_at: ends_at? };
    Some((ask, password?))
}

fn read_role(typed: &str, errors: &mut Errors) -> Option<Role> {
    errors.keep("role", Role::of_word(typed).ok_or(Refusal::RoleMissing))
}

/// Empty is for good; otherwise a moment on the facility’s clock, in the hour that clocks repeat the one still to come.
fn read_end(typed: &str, (zone, now): (Zone, DateTime<Utc>), errors: &mut Errors) -> Option<Option<DateTime<Utc>>> {
    if typed.trim().is_empty() {
        return Some(None);
    }
    errors.keep("ends_at", parse_moment(typed).map(|local| Some(zone.possible(local, |end| end > now))))
}

#[derive(Deserialize)]
pub struct AskGive {
    #[serde(default)]
    facility: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    ends_at: String,
}

pub async fn give(administrator: Signed<Administrator>, hall: Data<Hall>, sent: Protected<AskGive>) -> Answer {
    let facility = administrator.facility(&sent.facility)?.clone();
    let by = administrator.at(&facility.id)?;
    let mut errors = Errors::none();
    let refusal = match read_give(&sent, sent.id()?, (facility.zone, administrator.now()), &mut errors) {
        None => errors,
        Some(ask) => {
            let username = ask.username.clone();
            match acting(&hall.db, move |conn, now| give_role(conn, &by, &ask, now)).await? {
                Ok(()) => return Ok(see_other(links::people_saved(&facility.id, Saved::Given.word(), &username))),
                Err(refusal) => refusal.into(),
            }
        }
    };
    let give = Form::again(administrator.csrf(), administrator.now(), &sent, refusal).named("give");
    let (add, _) = fresh(&administrator);
    Page::refused(view(&administrator, &hall, &facility, add, give).await?, false).answer()
}

fn read_give(sent: &AskGive, form: String, clock: (Zone, DateTime<Utc>), errors: &mut Errors) -> Option<GiveRole> {
    let username = errors.keep("username", staff::username(&sent.username));
    let (role, ends_at) = (read_role(&sent.role, errors), read_end(&sent.ends_at, clock, errors));
    Some(GiveRole { form, username: username?, role: role?, ends_at: ends_at? })
}

#[derive(Template)]
#[template(path = "pages/people.html")]
pub struct View {
    shell: Shell,
    saved: Option<String>,
    /// The database was put back from a copy: what has to be done again.
    put_back: Option<String>,
    facility: String,
    /// The other houses of this administrator.
    others: Vec<Link>,
    people: Vec<Row>,
    roles: Vec<Choice>,
    add: Form,
    give: Form,
}

struct Row {
    name: String,
    username: String,
    registration: String,
    href: String,
    roles: Vec<Tag>,
    closed: bool,
    /// Nobody has given them a password: they cannot sign in.
    waits: bool,
    id: String,
}

impl View {
    fn new(
        shell: Shell,
        facility: &Facility,
        others: Vec<Link>,
        staff: &[(Person, Vec<Engagement>)],
        add: Form,
        give: Form,
        now: DateTime<Utc>,
    ) -> View {
        let people = staff.iter().map(|(person, roles)| Row::new(person, roles, facility, now)).collect();
        let roles = [Choice::new("", "Choose a role")].into_iter();
        let roles = roles.chain(Role::ALL.map(|role| Choice::new(role.word(), role.word()))).collect();
        View { shell, saved: None, put_back: None, facility: facility.id.clone(), others, people, roles, add, give }
    }

    /// Says of whom the door does not know a password yet.
    fn waiting(mut self, waiting: &BTreeSet<String>) -> View {
        for row in &mut self.people {
            row.waits = waiting.contains(&row.id);
        }
        self
    }

    /// Says what was just saved, and of whom.
    fn said(self, saved: Option<Saved>, username: &str) -> View {
        let known = self.people.iter().find(|row| row.username == username);
        let saved = saved.map(|saved| saved.sentence(known.map_or("the person", |row| &row.name)));
        View { saved, ..self }
    }

    /// Nobody but the one who looks, a usual house, and names that test the layout.
    pub fn samples() -> Vec<View> {
        let now = DateTime::UNIX_EPOCH;
        let facility = Facility::new("alder".into(), "Alder House".into(), Zone::UTC);
        let person = |name: &str| Person {
            id: name.to_lowercase(),
            username: "a.diallo".into(),
            name: name.into(),
            registration: "RN-1".into(),
            email: String::new(),
            disabled_at: name.starts_with('W').then_some(now),
            revision: 0,
        };
        let role = |role, ends_at| Engagement {
            id: "m".into(),
            person: "p".into(),
            facility: "alder".into(),
            role,
            ends_at,
            ended_at: None,
        };
        let roles = vec![role(Role::Nurse, None), role(Role::Supervisor, Some(now + chrono::TimeDelta::days(1)))];
        let one = |name: &str| (person(name), roles.clone());
        let hostile = "<script>alert(1)</script>".repeat(4);
        let wrong = |form: Form| {
            let mut errors = Errors::none();
            errors.push("username", "Enter a username.");
            errors.push("", "This is about the whole form: <b>.");
            form.spoiled(errors)
        };
        let view = |staff: &[(Person, Vec<Engagement>)], add: Form, give: Form| {
            let shell = Shell::sample(Role::Administrator, Menu::People);
            let others = vec![Link::new("Birch Court", "/people?facility=birch")];
            View::new(shell, &facility, others, staff, add, give.named("give"), now)
        };
        let form = || Form::new("proof", now);
        vec![
            view(&[], form(), form()),
            view(&[one("Amara Diallo"), (person("Tom Fields"), Vec::new())], form(), form())
                .waiting(&["tom fields".to_owned()].into())
                .said(Some(Saved::Added), "a.diallo"),
            view(&[one(&"W".repeat(80)), one(&hostile), one("Zoë")], wrong(form()), wrong(form())),
        ]
    }
}

impl Row {
    fn new(person: &Person, roles: &[Engagement], facility: &Facility, now: DateTime<Utc>) -> Row {
        let in_force = roles.iter().filter(|one| one.in_force(now));
        let tag = |one: &Engagement| match one.ends_at {
            None => Tag::new("signed", Icon::Given, one.role.word()),
            Some(end) => {
                Tag::new("warn", Icon::Soon, format!("{} until {}", one.role.word(), until(end, facility.zone)))
            }
        };
        Row {
            name: person.name.clone(),
            username: person.username.clone(),
            registration: person.registration.clone(),
            href: links::person(&person.id, &facility.id),
            roles: in_force.map(tag).collect(),
            closed: person.disabled_at.is_some(),
            waits: false,
            id: person.id.clone(),
        }
    }
}

fn until(end: DateTime<Utc>, zone: Zone) -> String {
    let local = zone.local(end);
    format!("{} {}", day_text(local.date()), local.format("%H:%M"))
}
