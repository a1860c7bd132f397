//! The administrator lets people in, gives and ends their roles, and closes accounts.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, standing_check};
use crate::care::facility::Facility;
use crate::care::people::{Actor, Administrator, Engagement, Person, Role};
use crate::care::refusal::Refusal;
use crate::care::staff::{administrator_left_check, end_check, only_here_check};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::{StoreError, facilities, people, sessions};

/// A person who never had an account, with a first role.
#[derive(Debug, Clone)]
pub struct AddPerson {
    /// The id of the person, made when the form was drawn.
    pub form: String,
    pub person: Person,
    /// Argon2id, hashed before the act.
    pub password_hash: String,
    pub role: Role,
    pub ends_at: Option<DateTime<Utc>>,
}

/// A role for somebody who has an account, here or elsewhere.
#[derive(Debug, Clone)]
pub struct GiveRole {
    pub form: String,
    pub username: String,
    pub role: Role,
    pub ends_at: Option<DateTime<Utc>>,
}

/// What the history keeps of an account: everything but the password.
#[derive(Serialize)]
struct Account<'a> {
    username: &'a str,
    name: &'a str,
    registration: &'a str,
    email: &'a str,
    disabled: bool,
    password_set: bool,
    engagement: Option<&'a Engagement>,
}

impl<'a> Account<'a> {
    fn of(person: &'a Person) -> Account<'a> {
        let Person { username, name, registration, email, disabled_at, .. } = person;
        let disabled = disabled_at.is_some();
        Account { username, name, registration, email, disabled, password_set: false, engagement: None }
    }
}

/// The very first: a facility and its administrator, made at the command line where nobody is signed in.
pub fn found_facility(
    conn: &mut Conn,
    facility: &Facility,
    ask: &AddPerson,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    facilities::facility_insert(conn, facility)?;
    let founded = NewFact {
        id: &facility.id,
        kind: "found_facility",
        facility: &facility.id,
        resident: None,
        subject: &facility.id,
        done_by: None,
        role: "",
        body: facility,
    };
    fact_append(conn, &founded, now)?;
    let engagement = enter(conn, &facility.id, ask)?;
    note(conn, &ask.form, &facility.id, None, &ask.person, Some(&engagement), false, now)
}

/// Adds a person with a first role.
pub fn add_person(conn: &mut Conn, by: &Administrator, ask: &AddPerson, now: DateTime<Utc>) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    if fact_exists(conn, &ask.form)? {
        return Ok(());
    }
    end_check(ask.ends_at, now)?;
    let engagement = enter(conn, &by.staff().facility, ask)?;
    note(conn, &ask.form, &by.staff().facility, Some(by), &ask.person, Some(&engagement), false, now)
}

/// Adds an account at the command line, for whoever has the machine in their hands.
pub fn add_person_by_hand(
    conn: &mut Conn,
    facility: &str,
    ask: &AddPerson,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let engagement = enter(conn, facility, ask)?;
    note(conn, &ask.form, facility, None, &ask.person, Some(&engagement), false, now)
}

fn enter(conn: &mut Conn, facility: &str, ask: &AddPerson) -> Result<Engagement, ActError> {
    if people::person_find(conn, &ask.person.username)?.is_some() {
        return Err(Refusal::UsernameTaken.into());
    }
    if people::registration_taken(conn, &ask.person)? {
        return Err(Refusal::RegistrationTaken.into());
    }
    people::person_insert(conn, &ask.person, &ask.password_hash)?;
    let engagement = Engagement {
        id: ask.form.clone(),
        person: ask.person.id.clone(),
        facility: facility.to_owned(),
        role: ask.role,
        ends_at: ask.ends_at,
        ended_at: None,
    };
    people::engagement_save(conn, &engagement)?;
    Ok(engagement)
}

/// Gives a role in this facility to somebody by their username.
pub fn give_role(conn: &mut Conn, by: &Administrator, ask: &GiveRole, now: DateTime<Utc>) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    if fact_exists(conn, &ask.form)? {
        return Ok(());
    }
    end_check(ask.ends_at, now)?;
    let person = people::person_find(conn, &ask.username)?.filter(|person| person.disabled_at.is_none());
    let person = person.ok_or(Refusal::UsernameUnknown)?;
    let facility = by.staff().facility.clone();
    if ask.role == Role::Administrator && ask.ends_at.is_some() {
        administrator_left_check(&staff_held(conn, &facility)?, &person.id, now)?;
    }
    let (id, person_id) = (ask.form.clone(), person.id.clone());
    let engagement =
        Engagement { id, person: person_id, facility, role: ask.role, ends_at: ask.ends_at, ended_at: None };
    people::engagement_save(conn, &engagement)?;
    note(conn, &ask.form, &engagement.facility, Some(by), &person, Some(&engagement), false, now)
}

/// Ends a role here and now: the person is without it at their next request.
pub fn end_role(
    conn: &mut Conn,
    by: &Administrator,
    form: &str,
    person: &str,
    role: Role,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    if fact_exists(conn, form)? {
        return Ok(());
    }
    let (person, held) = member(conn, by, person)?;
    let held = held.into_iter().find(|one| one.role == role && one.in_force(now)).ok_or(StoreError::Missing)?;
    if role == Role::Administrator {
        administrator_left_check(&staff_held(conn, &by.staff().facility)?, &person.id, now)?;
    }
    let ended = Engagement { ended_at: Some(now), ..held };
    people::engagement_save(conn, &ended)?;
    note(conn, form, &ended.facility, Some(by), &person, Some(&ended), false, now)
}

/// From here to the end of the act nobody else ends a role here: two administrators who end each other’s leave one.
fn staff_held(conn: &mut Conn, facility: &str) -> Result<Vec<(Person, Vec<Engagement>)>, StoreError> {
    facilities::facility_hold(conn, facility)?;
    people::staff_of(conn, facility)
}

/// Closes an account: its sessions end with it.
pub fn disable_person(
    conn: &mut Conn,
    by: &Administrator,
    form: &str,
    person: &str,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    if fact_exists(conn, form)? {
        return Ok(());
    }
    let (mut person, _) = member(conn, by, person)?;
    only_here_check(&people::engagements_of(conn, &person.id)?, &by.staff().facility, now)?;
    administrator_left_check(&staff_held(conn, &by.staff().facility)?, &person.id, now)?;
    person.disabled_at = Some(now);
    people::person_change(conn, &person)?;
    sessions::sessions_end(conn, &person.id)?;
    note(conn, form, &by.staff().facility, Some(by), &person, None, false, now)
}

/// Gives somebody a new password; whoever was signed in with the old one is not any more.
pub fn set_password(
    conn: &mut Conn,
    by: &Administrator,
    form: &str,
    person: &str,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    if fact_exists(conn, form)? {
        return Ok(());
    }
    let (person, _) = member(conn, by, person)?;
    only_here_check(&people::engagements_of(conn, &person.id)?, &by.staff().facility, now)?;
    people::password_set(conn, &person.id, password_hash)?;
    sessions::sessions_end(conn, &person.id)?;
    note(conn, form, &by.staff().facility, Some(by), &person, None, true, now)
}

/// Somebody who has or had a role in the administrator's facility; anybody else is not found.
fn member(conn: &mut Conn, by: &Administrator, person: &str) -> Result<(Person, Vec<Engagement>), ActError> {
    let staff = people::staff_of(conn, &by.staff().facility)?;
    Ok(staff.into_iter().find(|(one, _)| one.id == person).ok_or(StoreError::Missing)?)
}

#[allow(clippy::too_many_arguments, reason = "what a fact is about, each a thing of its own")]
fn note(
    conn: &mut Conn,
    form: &str,
    facility: &str,
    by: Option<&Administrator>,
    person: &Person,
    engagement: Option<&Engagement>,
    password_set: bool,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let fact = NewFact {
        id: form,
        kind: "manage_people",
        facility,
        resident: None,
        subject: &person.id,
        done_by: by.map(|by| by.staff().person.as_str()),
        role: by.map_or("", |_| Administrator::ROLE.word()),
        body: &Account { engagement, password_set, ..Account::of(person) },
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}
