//! Letters that wait for a person: since their database was put back from a copy, or since the clock leapt ahead.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;

use super::LetterState;
use crate::care::gap::Gap;
use crate::care::leap::WentAhead;
use crate::on_either;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::schema::{letter_waits, letters};

/// That a facility's letters wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    pub id: String,
    pub facility: String,
    pub why: Why,
    /// When the bell last rang in the copy: it was made then, or later. Or what the clock should have shown.
    pub since: DateTime<Utc>,
    pub found_at: DateTime<Utc>,
}

impl Wait {
    /// What is missing meanwhile, where letters wait for that.
    pub fn gap(&self) -> Option<Gap> {
        (self.why == Why::PutBack).then_some(Gap { since: self.since, found_at: self.found_at, open: true })
    }

    /// That the clock went ahead, where letters wait for that.
    pub fn went_ahead(&self) -> Option<WentAhead> {
        (self.why == Why::ClockAhead).then_some(WentAhead { from: self.since, to: self.found_at })
    }
}

/// Why letters wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    PutBack,
    ClockAhead,
}

impl Why {
    pub fn word(self) -> &'static str {
        match self {
            Why::PutBack => "put_back",
            Why::ClockAhead => "clock_ahead",
        }
    }

    fn of_word(word: &str) -> Option<Why> {
        [Why::PutBack, Why::ClockAhead].into_iter().find(|why| why.word() == word)
    }
}

/// From now on a facility's letters wait. Where they wait for a doubtful clock already, they go on waiting as they did; where
/// they wait for a copy that was put back, what is missing reaches from the first to this one, under a number of its own:
/// whoever was shown the first has not been told of it.
pub fn wait_begin(conn: &mut Conn, wait: &Wait) -> Result<(), StoreError> {
    if wait.why == Why::PutBack && wait_widen(conn, wait)? {
        return Ok(());
    }
    let row = (
        letter_waits::id.eq(&wait.id),
        letter_waits::facility.eq(&wait.facility),
        letter_waits::why.eq(wait.why.word()),
        letter_waits::copied_at.eq(wait.since.naive_utc()),
        letter_waits::found_at.eq(wait.found_at.naive_utc()),
    );
    on_either!(conn, |c| diesel::insert_into(letter_waits::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Takes a wait that nobody has answered up into one that is found now; false where there is none.
fn wait_widen(conn: &mut Conn, wait: &Wait) -> Result<bool, StoreError> {
    let open = letter_waits::facility.eq(&wait.facility).and(letter_waits::ended_at.is_null());
    let open = open.and(letter_waits::why.eq(wait.why.word()));
    let first: Option<NaiveDateTime> =
        letter_waits::table.filter(open).select(letter_waits::copied_at).first(conn).optional()?;
    let Some(first) = first else { return Ok(false) };
    let both = (
        letter_waits::id.eq(&wait.id),
        letter_waits::copied_at.eq(first.min(wait.since.naive_utc())),
        letter_waits::found_at.eq(wait.found_at.naive_utc()),
    );
    Ok(diesel::update(letter_waits::table.filter(open)).set(both).execute(conn)? > 0)
}

/// Whether the facility's letters wait, why, and since when; of two reasons the one that was found first.
pub fn wait_find(conn: &mut Conn, facility: &str) -> Result<Option<Wait>, StoreError> {
    Ok(waits_of(conn, facility)?.into_iter().next())
}

/// How the clock went ahead, since nobody has said yet that the time is right, whatever else letters wait for.
pub fn went_ahead_find(conn: &mut Conn, facility: &str) -> Result<Option<WentAhead>, StoreError> {
    Ok(waits_of(conn, facility)?.iter().find_map(Wait::went_ahead))
}

/// For what the facility's letters wait, in the order in which it was found: two reasons at most.
fn waits_of(conn: &mut Conn, facility: &str) -> Result<Vec<Wait>, StoreError> {
    let rows: Vec<(String, String, String, NaiveDateTime, NaiveDateTime)> = letter_waits::table
        .filter(letter_waits::facility.eq(facility))
        .filter(letter_waits::ended_at.is_null())
        .order((letter_waits::found_at, letter_waits::id))
        .select((
            letter_waits::id,
            letter_waits::facility,
            letter_waits::why,
            letter_waits::copied_at,
            letter_waits::found_at,
        ))
        .load(conn)?;
    let read = |(id, facility, why, since, found_at): (String, String, String, NaiveDateTime, NaiveDateTime)| {
        let why = Why::of_word(&why).ok_or_else(|| StoreError::Corrupt(format!("letter wait {id}")))?;
        Ok(Wait { id, facility, why, since: since.and_utc(), found_at: found_at.and_utc() })
    };
    rows.into_iter().map(read).collect()
}

/// Every time at which the facility's database was found to be put back from a copy, the last one first.
pub fn gaps_of(conn: &mut Conn, facility: &str) -> Result<Vec<Gap>, StoreError> {
    let rows: Vec<(NaiveDateTime, NaiveDateTime, Option<NaiveDateTime>)> = letter_waits::table
        .filter(letter_waits::facility.eq(facility))
        .filter(letter_waits::why.eq(Why::PutBack.word()))
        .order((letter_waits::found_at.desc(), letter_waits::id.desc()))
        .select((letter_waits::copied_at, letter_waits::found_at, letter_waits::ended_at))
        .load(conn)?;
    let gap = |(since, found_at, ended_at): (NaiveDateTime, NaiveDateTime, Option<NaiveDateTime>)| Gap {
        since: since.and_utc(),
        found_at: found_at.and_utc(),
        open: ended_at.is_none(),
    };
    Ok(rows.into_iter().map(gap).collect())
}

/// Whether nobody has said yet that the time is right, after the clock leapt.
pub fn clock_doubted(conn: &mut Conn) -> Result<bool, StoreError> {
    let open = letter_waits::ended_at.is_null().and(letter_waits::why.eq(Why::ClockAhead.word()));
    let doubted = diesel::select(exists(letter_waits::table.filter(open)));
    Ok(on_either!(conn, |c| doubted.get_result(c))?)
}

/// The clock is right without that a person had to say so: all doubts are over, or those found at a time still to come. Whether
/// there were any.
pub fn doubts_end(conn: &mut Conn, still_to_come: Option<DateTime<Utc>>) -> Result<bool, StoreError> {
    let open = letter_waits::ended_at.is_null().and(letter_waits::why.eq(Why::ClockAhead.word()));
    let found_after = still_to_come.unwrap_or(DateTime::UNIX_EPOCH).naive_utc();
    let over = letter_waits::table.filter(open.and(letter_waits::found_at.gt(found_after)));
    Ok(diesel::delete(over).execute(conn)? > 0)
}

/// The facilities whose letters wait.
pub fn waiting_facilities(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    Ok(letter_waits::table.filter(letter_waits::ended_at.is_null()).select(letter_waits::facility).load(conn)?)
}

/// Somebody has said that letters are sent from now on; false where somebody else was first. There is one clock for all
/// facilities: whoever says that it is right says so for each.
pub fn wait_end(conn: &mut Conn, wait: &Wait, ended_by: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let open = letter_waits::ended_at.is_null();
    let ended = (letter_waits::ended_at.eq(Some(now.naive_utc())), letter_waits::ended_by.eq(Some(ended_by)));
    let ended = match wait.why {
        Why::PutBack => diesel::update(letter_waits::table.find(&wait.id).filter(open)).set(ended).execute(conn)?,
        Why::ClockAhead => {
            let doubts = open.and(letter_waits::why.eq(wait.why.word()));
            diesel::update(letter_waits::table.filter(doubts)).set(ended).execute(conn)?
        }
    };
    Ok(ended > 0)
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
