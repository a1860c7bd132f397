//! The bell found that the clock leapt ahead: letters wait until a person has said that the time is right, or until it is
//! set right.

use chrono::{DateTime, Utc};

use super::{ActError, part_id};
use crate::care::leap::Found;
use crate::store::db::Conn;
use crate::store::facilities;
use crate::store::letters::{Wait, Why, doubts_end, wait_begin};

pub fn doubt_clock(conn: &mut Conn, found: &Found, now: DateTime<Utc>) -> Result<(), ActError> {
    let (from, to) = match *found {
        Found::Ahead { from, to } => (from, to),
        Found::Right => return Ok(doubts_end(conn, None)?),
        Found::Back => return begin_watching(conn, now),
    };
    for facility in facilities::facilities_all(conn)? {
        let id = part_id(&format!("clock {} {}", from.timestamp(), to.timestamp()), &facility.id);
        wait_begin(conn, &Wait { id, facility: facility.id, why: Why::ClockAhead, since: from, found_at: to })?;
    }
    Ok(())
}

/// A program that starts does not know how the clock came to show what it shows. Where it shows less than when it was
/// doubted, it was set back.
pub fn begin_watching(conn: &mut Conn, now: DateTime<Utc>) -> Result<(), ActError> {
    Ok(doubts_end(conn, Some(now))?)
}
