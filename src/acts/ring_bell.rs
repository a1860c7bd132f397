//! The bell rings: it counts how often, and where its database was put back from a copy, letters wait for a person. Where its
//! clock was set back, pages say so.

use chrono::{DateTime, Utc};

use super::{ActError, part_id};
use crate::care::leap::SetBack;
use crate::care::ringing::{LastRing, Seen};
use crate::store::db::Conn;
use crate::store::letters::{Wait, Why, clock_doubted, wait_begin};
use crate::store::{bells, facilities};

/// That it rang.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rang {
    /// For the so-manieth time.
    pub ring: i64,
    pub put_back: bool,
    pub set_back: bool,
}

pub fn ring_bell(conn: &mut Conn, seen: &Seen, now: DateTime<Utc>) -> Result<Rang, ActError> {
    let last = bells::ring_last(conn)?;
    let set_back = note_set_back(conn, &last, now)?;
    let rang = Rang { ring: seen.next(&last), put_back: seen.put_back(&last, now), set_back };
    if rang.put_back {
        for facility in facilities::facilities_all(conn)? {
            let id = part_id(&format!("ring {}", rang.ring), &facility.id);
            let since = last.rang_at.unwrap_or(now);
            wait_begin(conn, &Wait { id, facility: facility.id, why: Why::PutBack, since, found_at: now })?;
        }
    }
    bells::bell_rang(conn, rang.ring, &seen.here, now)?;
    Ok(rang)
}

/// Whether the clock was set back since the last ring. What people were told of a clock that went ahead is enough for one that
/// is set right step by step.
fn note_set_back(conn: &mut Conn, last: &LastRing, now: DateTime<Utc>) -> Result<bool, ActError> {
    let Some(found) = last.rang_at.and_then(|rang| SetBack::found(rang, now)) else { return Ok(false) };
    if clock_doubted(conn)? {
        return Ok(false);
    }
    let earlier = bells::set_back_find(conn, now)?;
    bells::set_back_begin(conn, &found.after(earlier))?;
    Ok(true)
}
