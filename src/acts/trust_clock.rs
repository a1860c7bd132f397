//! Somebody has looked at a clock after this system’s own was set back, and says that it is right.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, role_check};
use crate::care::ringing::Postmaster;
use crate::store::bells::{set_back_end, set_back_find};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct TrustClock {
    /// The id of the fact, made when the form was drawn.
    pub form: String,
    /// The mark of what the page told.
    pub told: String,
}

#[derive(Serialize)]
struct Trusted {
    set_back_from: DateTime<Utc>,
    set_back_to: DateTime<Utc>,
}

/// There is one clock for all facilities. Where it has come to where it was, or somebody else was first, nothing is left to do.
pub fn trust_clock(conn: &mut Conn, by: &Postmaster, ask: &TrustClock, now: DateTime<Utc>) -> Result<(), ActError> {
    role_check(conn, &by.staff, by.role, now)?;
    let Some(found) = set_back_find(conn, now)?.filter(|found| found.mark() == ask.told) else { return Ok(()) };
    if fact_exists(conn, &ask.form)? {
        return Ok(());
    }
    set_back_end(conn)?;
    let fact = NewFact {
        id: &ask.form,
        kind: "trust_clock",
        facility: &by.staff.facility,
        resident: None,
        subject: &ask.told,
        done_by: Some(&by.staff.person),
        role: by.role.word(),
        body: &Trusted { set_back_from: found.from, set_back_to: found.to },
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}
