//! The bell rings: it counts how often, and where its database was put back from a copy, letters wait for a person.

use chrono::{DateTime, Utc};

use super::{ActError, part_id};
use crate::care::ringing::Seen;
use crate::store::db::Conn;
use crate::store::letters::{Wait, Why, wait_begin};
use crate::store::{bells, facilities};

/// That it rang.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rang {
    /// For the so-manieth time.
    pub ring: i64,
    pub put_back: bool,
}

pub fn ring_bell(conn: &mut Conn, seen: &Seen, now: DateTime<Utc>) -> Result<Rang, ActError> {
    let last = bells::ring_last(conn)?;
    let rang = Rang { ring: seen.next(&last), put_back: seen.put_back(&last, now) };
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
