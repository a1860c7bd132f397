//! A supervisor lets an agency nurse in until the end of a shift, by the account they have or with a new one, and out again
//! before it. Who was let in by whom and until when stands in the history.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, answered_already, standing_check};
use crate::care::people::{Actor, Engagement, Person, Role, Staff, Supervisor};
use crate::care::refusal::Refusal;
use crate::care::staff::agency::{Access, Known, let_out};
use crate::care::staff::newcomer_check;
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append};
use crate::store::people::{NO_PASSWORD, Secret};
use crate::store::{StoreError, facilities, people};

/// A nurse who has an account, here or elsewhere.
#[derive(Debug, Clone)]
pub struct LetInNurse {
    pub form: String,
    pub username: String,
    pub access: Access,
}

/// A nurse who never had an account.
#[derive(Debug, Clone)]
pub struct LetInNewNurse {
    /// The person, by the id of the form.
    pub person: Person,
    /// Argon2id, hashed before the act. It opens the door once.
    pub password_hash: String,
    pub access: Access,
}

/// Access that is over before its end.
#[derive(Debug, Clone)]
pub struct LetOut {
    pub form: String,
    /// The person's id.
    pub person: String,
    pub role: Role,
}

/// What the history keeps of it: everything but the password.
#[derive(Serialize)]
struct Body<'a> {
    username: &'a str,
    name: &'a str,
    registration: &'a str,
    /// The account was made with it.
    opened: bool,
    engagement: &'a Engagement,
}

/// Lets somebody in by their username.
pub fn let_in_nurse(conn: &mut Conn, by: &Supervisor, ask: &LetInNurse, now: DateTime<Utc>) -> Result<(), ActError> {
    let facility = standing_check(conn, by, now)?;
    let person = people::person_find(conn, &ask.username)?.ok_or(Refusal::UsernameUnknown)?;
    // From here on nobody gives the same person a role here that this would cut short.
    facilities::facility_hold(conn, &facility.id)?;
    if answered_already(conn, &ask.form, &person.id, by.staff())? {
        return Ok(());
    }
    let has_password = people::secret_of(conn, &person.id)?.is_some_and(|hash| hash != NO_PASSWORD);
    let held = held_here(conn, by.staff(), &person.id, Role::Nurse)?;
    let known = Known { person: &person, has_password, nurse: held.as_ref() };
    let ends_at = known.let_in(by.staff(), &ask.access, facility.zone, now)?;
    let access = engagement(&ask.form, &person, by.staff(), ends_at);
    people::engagement_save(conn, &access)?;
    note(conn, by, &ask.form, (&person, false), &access, now)
}

/// Lets somebody in who is new to the house: with an account, and a first password that the supervisor tells them.
pub fn let_in_new_nurse(
    conn: &mut Conn,
    by: &Supervisor,
    ask: &LetInNewNurse,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let facility = standing_check(conn, by, now)?;
    let (person, form) = (&ask.person, &ask.person.id);
    if answered_already(conn, form, &person.id, by.staff())? {
        return Ok(());
    }
    let ends_at = ask.access.end(facility.zone, now)?;
    let known = people::person_find(conn, &person.username)?;
    newcomer_check(known.as_ref(), people::registration_taken(conn, person)?)?;
    people::person_insert(conn, person, &Secret { hash: &ask.password_hash, own: false })?;
    let access = engagement(form, person, by.staff(), ends_at);
    people::engagement_save(conn, &access)?;
    note(conn, by, form, (person, true), &access, now)
}

/// Ends a nurse's access before its time: they are without it at their next request.
pub fn let_out_nurse(conn: &mut Conn, by: &Supervisor, ask: &LetOut, now: DateTime<Utc>) -> Result<(), ActError> {
    let facility = standing_check(conn, by, now)?;
    facilities::facility_hold(conn, &facility.id)?;
    if answered_already(conn, &ask.form, &ask.person, by.staff())? {
        return Ok(());
    }
    let held = held_here(conn, by.staff(), &ask.person, ask.role)?.ok_or(StoreError::Missing)?;
    // Where it is over already it stands as it was asked for.
    let Some(ended) = let_out(&held, now)? else { return Ok(()) };
    people::engagement_save(conn, &ended)?;
    let person = people::person_load(conn, &ask.person)?;
    note(conn, by, &ask.form, (&person, false), &ended, now)
}

/// A role that somebody has, or had, in the facility of whoever acts.
fn held_here(conn: &mut Conn, by: &Staff, person: &str, role: Role) -> Result<Option<Engagement>, StoreError> {
    let all = people::engagements_of(conn, person)?;
    Ok(all.into_iter().find(|one| one.facility == by.facility && one.role == role))
}

fn engagement(form: &str, person: &Person, by: &Staff, ends_at: DateTime<Utc>) -> Engagement {
    Engagement {
        id: form.to_owned(),
        person: person.id.clone(),
        facility: by.facility.clone(),
        role: Role::Nurse,
        ends_at: Some(ends_at),
        ended_at: None,
    }
}

fn note(
    conn: &mut Conn,
    by: &Supervisor,
    form: &str,
    (person, opened): (&Person, bool),
    access: &Engagement,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let Person { username, name, registration, .. } = person;
    let fact = NewFact {
        id: form,
        kind: "let_in_nurse",
        facility: &by.staff().facility,
        resident: None,
        subject: &person.id,
        done_by: Some(&by.staff().person),
        role: Supervisor::ROLE.word(),
        body: &Body { username, name, registration, opened, engagement: access },
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}
