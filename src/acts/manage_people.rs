//! The administrator lets people in, gives and ends their roles, puts right what an account says, closes it and opens it
//! again. Whoever has the machine in their hands does the same where no administrator can.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, part_id, standing_check};
use crate::care::facility::Facility;
use crate::care::people::{Actor, Administrator, Details, Engagement, Person, Role};
use crate::care::refusal::Refusal;
use crate::care::staff::{administrator_left_check, end_check, houses, newcomer_check, only_here_check, open_check};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::people::{NO_PASSWORD, Secret};
use crate::store::{StoreError, facilities, people, sessions};

/// A person who never had an account, with a first role.
#[derive(Debug, Clone)]
pub struct AddPerson {
    /// The id of the person, made when the form was drawn.
    pub form: String,
    pub person: Person,
    /// Argon2id, hashed before the act.
    pub password_hash: String,
    /// The person chose it; otherwise it opens the door once, and they choose one.
    pub own_password: bool,
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

/// What an account should say of its person instead.
#[derive(Debug, Clone)]
pub struct ChangePerson {
    pub form: String,
    /// The person's id.
    pub person: String,
    /// The revision that the page was drawn from.
    pub revision: i64,
    pub details: Details,
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
    /// As it stood, where it was changed or opened again.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Before>,
}

#[derive(Serialize)]
struct Before {
    #[serde(flatten)]
    details: Details,
    disabled: bool,
}

impl<'a> Account<'a> {
    fn of(person: &'a Person) -> Account<'a> {
        let Person { username, name, registration, email, disabled_at, .. } = person;
        let disabled = disabled_at.is_some();
        Account { username, name, registration, email, disabled, password_set: false, engagement: None, before: None }
    }

    fn engaged(person: &'a Person, engagement: &'a Engagement) -> Account<'a> {
        Account { engagement: Some(engagement), ..Account::of(person) }
    }

    fn instead_of(before: &Person, person: &'a Person) -> Account<'a> {
        let before = Before { details: before.details(), disabled: before.disabled_at.is_some() };
        Account { before: Some(before), ..Account::of(person) }
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
    note(conn, (&ask.form, &facility.id), None, &ask.person, &Account::engaged(&ask.person, &engagement), now)
}

/// Adds a person with a first role.
pub fn add_person(conn: &mut Conn, by: &Administrator, ask: &AddPerson, now: DateTime<Utc>) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    if fact_exists(conn, &ask.form)? {
        return Ok(());
    }
    end_check(ask.ends_at, now)?;
    let engagement = enter(conn, &by.staff().facility, ask)?;
    let body = Account::engaged(&ask.person, &engagement);
    note(conn, (&ask.form, &by.staff().facility), Some(by), &ask.person, &body, now)
}

/// Adds an account at the command line, for whoever has the machine in their hands.
pub fn add_person_by_hand(
    conn: &mut Conn,
    facility: &str,
    ask: &AddPerson,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let engagement = enter(conn, facility, ask)?;
    note(conn, (&ask.form, facility), None, &ask.person, &Account::engaged(&ask.person, &engagement), now)
}

fn enter(conn: &mut Conn, facility: &str, ask: &AddPerson) -> Result<Engagement, ActError> {
    let known = people::person_find(conn, &ask.person.username)?;
    newcomer_check(known.as_ref(), people::registration_taken(conn, &ask.person)?)?;
    people::person_insert(conn, &ask.person, &Secret { hash: &ask.password_hash, own: ask.own_password })?;
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
    let person = people::person_find(conn, &ask.username)?.ok_or(Refusal::UsernameUnknown)?;
    open_check(&person)?;
    let facility = by.staff().facility.clone();
    // A supervisor who lets the same person in at this moment sees what was given.
    facilities::facility_hold(conn, &facility)?;
    if ask.role == Role::Administrator && ask.ends_at.is_some() {
        administrator_left_check(&staff_held(conn, &facility)?, &person.id, now)?;
    }
    let (id, person_id) = (ask.form.clone(), person.id.clone());
    let engagement =
        Engagement { id, person: person_id, facility, role: ask.role, ends_at: ask.ends_at, ended_at: None };
    people::engagement_save(conn, &engagement)?;
    let body = Account::engaged(&person, &engagement);
    note(conn, (&ask.form, &engagement.facility), Some(by), &person, &body, now)
}

/// Ends a role here and now: the person is without it at their next request. One that ended by itself, with the shift, is
/// taken out too: it stays ended from when it was, and no supervisor gives it again.
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
    let held = held.into_iter().find(|one| one.role == role).ok_or(StoreError::Missing)?;
    let (over_at, in_force) = (held.over_at(now), held.in_force(now));
    if over_at.is_some() && held.ends_at.is_none() {
        return Err(Refusal::RoleOver { name: person.name }.into());
    }
    if role == Role::Administrator && in_force {
        administrator_left_check(&staff_held(conn, &by.staff().facility)?, &person.id, now)?;
    }
    // It does not merely end sooner: no supervisor lets in again whom an administrator took out.
    let ended = Engagement { ended_at: Some(over_at.unwrap_or(now)), ends_at: None, ..held };
    people::engagement_save(conn, &ended)?;
    note(conn, (form, &ended.facility), Some(by), &person, &Account::engaged(&person, &ended), now)
}

/// From here to the end of the act nobody else ends a role here: two administrators who end each other’s leave one.
/// Whoever has no password yet lets nobody in, so they are not among them.
fn staff_held(conn: &mut Conn, facility: &str) -> Result<Vec<(Person, Vec<Engagement>)>, StoreError> {
    facilities::facility_hold(conn, facility)?;
    let waiting = people::without_password(conn, facility)?;
    let staff = people::staff_of(conn, facility)?.into_iter();
    Ok(staff.filter(|(person, _)| !waiting.contains(&person.id)).collect())
}

/// Puts right what an account says of its person.
pub fn change_person(
    conn: &mut Conn,
    by: &Administrator,
    ask: &ChangePerson,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    if fact_exists(conn, &ask.form)? {
        return Ok(());
    }
    let person = own_member(conn, by, &ask.person, now)?;
    open_check(&person)?;
    if person.revision != ask.revision {
        return Err(Refusal::SettingsMoved.into());
    }
    let changed = put_right(conn, &person, &ask.details)?;
    let body = Account::instead_of(&person, &changed);
    note(conn, (&ask.form, &by.staff().facility), Some(by), &person, &body, now)
}

fn put_right(conn: &mut Conn, person: &Person, details: &Details) -> Result<Person, ActError> {
    let changed = person.clone().with(details.clone());
    if people::registration_taken(conn, &changed)? {
        return Err(Refusal::RegistrationTaken.into());
    }
    people::person_change(conn, &changed)?;
    Ok(changed)
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
    let mut person = own_member(conn, by, person, now)?;
    open_check(&person)?;
    administrator_left_check(&staff_held(conn, &by.staff().facility)?, &person.id, now)?;
    person.disabled_at = Some(now);
    people::person_change(conn, &person)?;
    sessions::sessions_end(conn, &person.id)?;
    note(conn, (form, &by.staff().facility), Some(by), &person, &Account::of(&person), now)
}

/// Opens a closed account again, with the roles it had. Its old password is gone: nobody signs in before a new one is set.
pub fn reopen_person(
    conn: &mut Conn,
    by: &Administrator,
    form: &str,
    person: &str,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    // Whoever has a role elsewhere, too: nobody gets their account by it, for the old password is gone.
    let (closed, _) = member(conn, by, person)?;
    // It stands as it was asked for, by this form or by another's.
    if closed.disabled_at.is_none() {
        return Ok(());
    }
    let opened = Person { disabled_at: None, ..closed.clone() };
    people::person_change(conn, &opened)?;
    people::password_set(conn, &opened.id, &Secret { hash: NO_PASSWORD, own: false })?;
    let body = Account::instead_of(&closed, &opened);
    note(conn, (form, &by.staff().facility), Some(by), &opened, &body, now)
}

/// Gives somebody a new password, for one sign-in; whoever was signed in with the old one is not any more.
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
    let person = own_member(conn, by, person, now)?;
    new_password(conn, &person, password_hash)?;
    let body = Account { password_set: true, ..Account::of(&person) };
    note(conn, (form, &by.staff().facility), Some(by), &person, &body, now)
}

fn new_password(conn: &mut Conn, person: &Person, hash: &str) -> Result<(), ActError> {
    open_check(person)?;
    people::password_set(conn, &person.id, &Secret { hash, own: false })?;
    Ok(sessions::sessions_end(conn, &person.id)?)
}

/// Gives somebody a new password at the command line, wherever they work.
pub fn set_password_by_hand(
    conn: &mut Conn,
    form: &str,
    username: &str,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<Person, ActError> {
    let person = people::person_find(conn, username)?.ok_or(Refusal::UsernameUnknown)?;
    new_password(conn, &person, password_hash)?;
    note_everywhere(conn, form, &person, &Account { password_set: true, ..Account::of(&person) }, now)?;
    Ok(person)
}

/// Puts right at the command line what an account says, wherever its person works.
pub fn change_person_by_hand(
    conn: &mut Conn,
    form: &str,
    username: &str,
    change: impl Fn(Details) -> Details,
    now: DateTime<Utc>,
) -> Result<Person, ActError> {
    let person = people::person_find(conn, username)?.ok_or(Refusal::UsernameUnknown)?;
    open_check(&person)?;
    let changed = put_right(conn, &person, &change(person.details()))?;
    note_everywhere(conn, form, &person, &Account::instead_of(&person, &changed), now)?;
    Ok(changed)
}

/// Somebody who has or had a role in the administrator's facility; anybody else is not found.
fn member(conn: &mut Conn, by: &Administrator, person: &str) -> Result<(Person, Vec<Engagement>), ActError> {
    let staff = people::staff_of(conn, &by.staff().facility)?;
    Ok(staff.into_iter().find(|(one, _)| one.id == person).ok_or(StoreError::Missing)?)
}

/// Somebody whose account is a matter of the administrator's facility alone.
fn own_member(conn: &mut Conn, by: &Administrator, person: &str, now: DateTime<Utc>) -> Result<Person, ActError> {
    let (person, _) = member(conn, by, person)?;
    only_here_check(&people::engagements_of(conn, &person.id)?, &by.staff().facility, now)?;
    Ok(person)
}

/// What is done to an account by hand is known in every house of its person.
fn note_everywhere(
    conn: &mut Conn,
    form: &str,
    person: &Person,
    body: &Account,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let engagements = people::engagements_of(conn, &person.id)?;
    for facility in houses(&engagements, now) {
        note(conn, (&part_id(form, facility), facility), None, person, body, now)?;
    }
    Ok(())
}

fn note(
    conn: &mut Conn,
    (form, facility): (&str, &str),
    by: Option<&Administrator>,
    person: &Person,
    body: &Account,
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
        body,
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}
