//! Somebody chooses a password of their own. Where else they are signed in, they are not any more.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, part_id};
use crate::care::people::{Confirmed, Role};
use crate::care::refusal::Refusal;
use crate::care::staff::houses;
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::people::{self, Secret};
use crate::store::sessions;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ChangePassword {
    pub form: String,
    /// The hash of the session's key: it stays, and where it has ended nothing is changed.
    pub session: String,
    /// Argon2id, hashed before the act.
    pub password_hash: String,
}

/// What the history keeps of it.
#[derive(Serialize)]
struct Body<'a> {
    username: &'a str,
    password_set: bool,
}

/// `by` gave the password they have now.
pub fn change_password(
    conn: &mut Conn,
    by: &Confirmed,
    ask: &ChangePassword,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    // Whoever was signed out meanwhile, by a new password or a closed account, changes nothing.
    if !sessions::other_sessions_end(conn, &by.person, &ask.session)? {
        return Err(Refusal::NotAllowed.into());
    }
    let (person, held) = (people::person_load(conn, &by.person)?, people::engagements_of(conn, &by.person)?);
    let first_role = |house: &str| held.iter().filter(|one| one.in_force(now)).find(|one| one.facility == house);
    let facts: Vec<(String, &str, Role)> = houses(&held, now)
        .into_iter()
        .filter_map(|house| Some((part_id(&ask.form, house), house, first_role(house)?.role)))
        .collect();
    let Some((first, ..)) = facts.first() else { return Err(Refusal::NotAllowed.into()) };
    if fact_exists(conn, first)? {
        return Ok(());
    }
    people::password_set(conn, &person.id, &Secret { hash: &ask.password_hash, own: true })?;
    for (id, facility, role) in &facts {
        let fact = NewFact {
            id,
            kind: "change_password",
            facility,
            resident: None,
            subject: &person.id,
            done_by: Some(&person.id),
            role: role.word(),
            body: &Body { username: &person.username, password_set: true },
        };
        fact_append(conn, &fact, now)?;
    }
    Ok(())
}
