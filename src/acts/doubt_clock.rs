//! The bell found that the clock leapt ahead: letters wait until a person has said that the time is right, or until it is
//! set right.

use chrono::{DateTime, Utc};

use super::{ActError, part_id};
use crate::care::leap::Found;
use crate::store::db::Conn;
use crate::store::letters::{Wait, Why, doubts_end, wait_begin};
use crate::store::{bells, facilities};

pub fn doubt_clock(conn: &mut Conn, found: &Found, now: DateTime<Utc>) -> Result<(), ActError> {
    let (from, to) = match *found {
        Found::Ahead { from, to } => (from, to),
        Found::Right => {
            bells::set_back_end(conn)?;
            return end_doubts(conn, None, now);
        }
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
    end_doubts(conn, Some(now), now)
}

/// A clock that was doubted and is set right was not set back: its later rings were no time.
fn end_doubts(conn: &mut Conn, still_to_come: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), ActError> {
    if doubts_end(conn, still_to_come)? {
        bells::bell_back_to(conn, now)?;
    }
    Ok(())
}
