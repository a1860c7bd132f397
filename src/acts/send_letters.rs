//! Somebody has looked at the letters that waited since the database was put back, or since the clock leapt ahead, and has
//! them sent from now on.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, role_check};
use crate::care::ringing::Postmaster;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::letters::{Wait, letters_leave_out, letters_waiting, wait_end, wait_find};

/// As the list of letters that did not arrive shows it.
const LEFT_OUT: &str = "Left out by a person when letters that had waited were sent again.";

/// What is asked for.
#[derive(Debug, Clone)]
pub struct SendLetters {
    /// The id of the fact, made when the form was drawn.
    pub form: String,
    /// Why letters waited on the page: of two reasons each is looked at by itself.
    pub wait: String,
    /// Those that wait now are not sent, only those that come.
    pub leave_out: bool,
}

#[derive(Serialize)]
struct Sent {
    why: &'static str,
    copied_at: DateTime<Utc>,
    found_at: DateTime<Utc>,
    /// So many letters waited.
    waited: usize,
    left_out: bool,
}

/// Where nothing waits any more, somebody else was first, and nothing is left to do.
pub fn send_letters(conn: &mut Conn, by: &Postmaster, ask: &SendLetters, now: DateTime<Utc>) -> Result<(), ActError> {
    role_check(conn, &by.staff, by.role, now)?;
    let facility = &by.staff.facility;
    let Some(wait) = wait_find(conn, facility)?.filter(|wait| wait.id == ask.wait) else { return Ok(()) };
    if fact_exists(conn, &ask.form)? || !wait_end(conn, &wait, &by.staff.person, now)? {
        return Ok(());
    }
    let waiting = letters_waiting(conn, facility, now)?;
    if ask.leave_out {
        letters_leave_out(conn, &waiting, LEFT_OUT)?;
    }
    Ok(note(conn, by, ask, &wait, waiting.len(), now)?)
}

fn note(
    conn: &mut Conn,
    by: &Postmaster,
    ask: &SendLetters,
    wait: &Wait,
    waited: usize,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let fact = NewFact {
        id: &ask.form,
        kind: "send_letters",
        facility: &wait.facility,
        resident: None,
        subject: &wait.id,
        done_by: Some(&by.staff.person),
        role: by.role.word(),
        body: &Sent {
            why: wait.why.word(),
            copied_at: wait.since,
            found_at: wait.found_at,
            waited,
            left_out: ask.leave_out,
        },
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}
