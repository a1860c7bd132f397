//! Letters that wait for a person, since their database was put back from a copy.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::LetterState;
use crate::on_either;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::schema::{letter_waits, letters};

/// That a facility's letters wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    pub id: String,
    pub facility: String,
    /// When the bell last rang in the copy: it was made then, or later.
    pub copied_at: DateTime<Utc>,
    pub found_at: DateTime<Utc>,
}

/// From now on a facility's letters wait; where they wait already, they go on waiting as they did.
pub fn wait_begin(conn: &mut Conn, wait: &Wait) -> Result<(), StoreError> {
    let row = (
        letter_waits::id.eq(&wait.id),
        letter_waits::facility.eq(&wait.facility),
        letter_waits::copied_at.eq(wait.copied_at.naive_utc()),
        letter_waits::found_at.eq(wait.found_at.naive_utc()),
    );
    on_either!(conn, |c| diesel::insert_into(letter_waits::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Whether the facility's letters wait, and since when.
pub fn wait_find(conn: &mut Conn, facility: &str) -> Result<Option<Wait>, StoreError> {
    let row: Option<(String, String, NaiveDateTime, NaiveDateTime)> = letter_waits::table
        .filter(letter_waits::facility.eq(facility))
        .filter(letter_waits::ended_at.is_null())
        .select((letter_waits::id, letter_waits::facility, letter_waits::copied_at, letter_waits::found_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, facility, copied_at, found_at)| Wait {
        id,
        facility,
        copied_at: copied_at.and_utc(),
        found_at: found_at.and_utc(),
    }))
}

/// The facilities whose letters wait.
pub fn waiting_facilities(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    Ok(letter_waits::table.filter(letter_waits::ended_at.is_null()).select(letter_waits::facility).load(conn)?)
}

/// Somebody has said that letters are sent from now on; false where somebody else was first.
pub fn wait_end(conn: &mut Conn, id: &str, ended_by: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let open = letter_waits::table.find(id).filter(letter_waits::ended_at.is_null());
    let ended = (letter_waits::ended_at.eq(Some(now.naive_utc())), letter_waits::ended_by.eq(Some(ended_by)));
    Ok(diesel::update(open).set(ended).execute(conn)? == 1)
}

/// The letters of a facility that would be sent now, if nothing held them up.
pub fn letters_waiting(conn: &mut Conn, facility: &str, now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
    let under_way = [LetterState::Wanted.word(), LetterState::Claimed.word()];
    Ok(letters::table
        .filter(letters::facility.eq(facility))
        .filter(letters::state.eq_any(under_way))
        .filter(letters::expires_at.gt(now.naive_utc()))
        .select(letters::id)
        .load(conn)?)
}

/// Gives up letters that a person left out, and keeps why.
pub fn letters_leave_out(conn: &mut Conn, ids: &[String], why: &str) -> Result<(), StoreError> {
    for some in ids.chunks(500) {
        diesel::update(letters::table.filter(letters::id.eq_any(some)))
            .set((
                letters::state.eq(LetterState::GivenUp.word()),
                letters::lease_until.eq(None::<NaiveDateTime>),
                letters::problem.eq(why),
            ))
            .execute(conn)?;
    }
    Ok(())
}
