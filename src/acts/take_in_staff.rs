//! A list of staff is let in, all of them or nobody. Nobody of it can sign in before the administrator gave them a password.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, answered_already, part_id, standing_check};
use crate::care::people::{Actor, Administrator, Engagement, Person, Role};
use crate::care::refusal::Refusal;
use crate::care::staff::intake::{self, Newcomer};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append};
use crate::store::people::{self, NO_PASSWORD, Secret};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct TakeInStaff {
    pub form: String,
    /// As it was pasted.
    pub list: String,
}

/// What the history keeps of an account.
#[derive(Serialize)]
struct Body<'a> {
    username: &'a str,
    name: &'a str,
    registration: &'a str,
    email: &'a str,
    engagements: &'a [Engagement],
}

/// How many were let in.
pub fn take_in_staff(
    conn: &mut Conn,
    by: &Administrator,
    ask: &TakeInStaff,
    now: DateTime<Utc>,
) -> Result<usize, ActError> {
    standing_check(conn, by, now)?;
    // The same form again: its first person stands in the history.
    let first = id_of(&ask.form, 0);
    if answered_already(conn, &first, &first, by.staff())? {
        return Ok(0);
    }
    let lines = intake::read(&ask.list, &people::accounts_taken(conn)?)?;
    let wrong = lines.iter().filter(|line| line.read.is_err()).count();
    if wrong > 0 {
        return Err(Refusal::StaffListWrong { lines: wrong }.into());
    }
    let read: Vec<Newcomer> = lines.into_iter().filter_map(|line| line.read.ok()).collect();
    for (at, newcomer) in read.iter().enumerate() {
        let id = id_of(&ask.form, at);
        let person = Person { id, ..newcomer.person.clone() };
        enter(conn, by, &person, newcomer, now)?;
    }
    Ok(read.len())
}

/// The id of the person in one place of the list.
fn id_of(form: &str, at: usize) -> String {
    part_id(form, &format!("person {at}"))
}

fn enter(
    conn: &mut Conn,
    by: &Administrator,
    person: &Person,
    newcomer: &Newcomer,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let facility = &by.staff().facility;
    let engagement = |role: &Role| Engagement {
        id: part_id(&person.id, role.word()),
        person: person.id.clone(),
        facility: facility.clone(),
        role: *role,
        ends_at: None,
        ended_at: None,
    };
    let engagements: Vec<Engagement> = newcomer.roles.iter().map(engagement).collect();
    people::person_insert(conn, person, &Secret { hash: NO_PASSWORD, own: false })?;
    for engagement in &engagements {
        people::engagement_save(conn, engagement)?;
    }
    let Person { username, name, registration, email, .. } = person;
    let fact = NewFact {
        id: &person.id,
        kind: "take_in_staff",
        facility,
        resident: None,
        subject: &person.id,
        done_by: Some(&by.staff().person),
        role: Administrator::ROLE.word(),
        body: &Body { username, name, registration, email, engagements: &engagements },
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}
