//! A letter's way from wanted to sent: each move is a compare-and-set, so that of two bells one makes it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::waits::waiting_facilities;
use super::{LetterFile, LetterRow, LetterState};
use crate::care::letter::compare::Pending;
use crate::care::letter::{LEASE, LONGEST_DELAY, in_hand};
use crate::on_either;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::schema::letters;

#[derive(Insertable)]
#[diesel(table_name = letters, treat_none_as_default_value = false)]
struct NewRow {
    id: String,
    facility: String,
    kind: &'static str,
    subject: String,
    recipient: String,
    wanted_at: NaiveDateTime,
    expires_at: NaiveDateTime,
    title: String,
    body: String,
    state: &'static str,
    attempts: i64,
    try_at: NaiveDateTime,
    problem: String,
}

impl From<&LetterFile> for NewRow {
    fn from(letter: &LetterFile) -> NewRow {
        NewRow {
            id: letter.id.clone(),
            facility: letter.facility.clone(),
            kind: letter.kind.word(),
            subject: letter.subject.clone(),
            recipient: letter.recipient.clone(),
            wanted_at: letter.wanted_at.naive_utc(),
            expires_at: letter.expires_at.naive_utc(),
            title: letter.title.clone(),
            body: letter.body.clone(),
            state: letter.state.word(),
            attempts: i64::from(letter.attempts),
            try_at: letter.try_at.naive_utc(),
            problem: letter.problem.clone(),
        }
    }
}

/// New letters. One that exists already stays as it is.
pub fn letters_insert(conn: &mut Conn, new: &[LetterFile]) -> Result<usize, StoreError> {
    let mut inserted = 0;
    for some in new.chunks(500) {
        let rows: Vec<NewRow> = some.iter().map(NewRow::from).collect();
        inserted += on_either!(conn, |c| {
            diesel::insert_into(letters::table).values(&rows).on_conflict_do_nothing().execute(c)
        })?;
    }
    Ok(inserted)
}

/// Put away before they were sent: settled, or too late by a clock that was ahead.
const PUT_AWAY: [&str; 2] = [LetterState::Settled.word(), LetterState::Expired.word()];

/// Which of these letters exist, and whether each was put away though its time has not passed.
pub fn letters_known(
    conn: &mut Conn,
    ids: &[String],
    now: DateTime<Utc>,
) -> Result<BTreeMap<String, bool>, StoreError> {
    let mut known = BTreeMap::new();
    for some in ids.chunks(500) {
        let rows: Vec<(String, String, NaiveDateTime)> = letters::table
            .filter(letters::id.eq_any(some))
            .select((letters::id, letters::state, letters::expires_at))
            .load(conn)?;
        let put_away = |state: &str, expires_at: NaiveDateTime| PUT_AWAY.contains(&state) && now < expires_at.and_utc();
        known.extend(rows.into_iter().map(|(id, state, expires_at)| (id, put_away(&state, expires_at))));
    }
    Ok(known)
}

/// A facility's letters that are neither sent nor done with.
pub fn letters_pending(conn: &mut Conn, facility: &str, now: DateTime<Utc>) -> Result<Vec<Pending>, StoreError> {
    let under_way = [LetterState::Wanted.word(), LetterState::Claimed.word()];
    let rows: Vec<(String, NaiveDateTime, Option<NaiveDateTime>)> = letters::table
        .filter(letters::facility.eq(facility))
        .filter(letters::state.eq_any(under_way))
        .select((letters::id, letters::expires_at, letters::lease_until))
        .load(conn)?;
    let pending = |(id, expires_at, lease): (String, NaiveDateTime, Option<NaiveDateTime>)| Pending {
        id,
        expires_at: expires_at.and_utc(),
        in_hand: in_hand(lease.map(|until| until.and_utc()), now),
    };
    Ok(rows.into_iter().map(pending).collect())
}

/// Puts letters that nobody has in hand into another state; those that moved meanwhile stay where they are.
pub fn letters_move(conn: &mut Conn, ids: &[String], to: LetterState, now: DateTime<Utc>) -> Result<(), StoreError> {
    let under_way = [LetterState::Wanted.word(), LetterState::Claimed.word()];
    let at = now.naive_utc();
    let over = letters::lease_until.le(at).or(letters::lease_until.gt(at + LEASE));
    let free = letters::lease_until.is_null().or(over);
    diesel::update(
        letters::table.filter(letters::id.eq_any(ids)).filter(letters::state.eq_any(under_way)).filter(free),
    )
    .set((letters::state.eq(to.word()), letters::lease_until.eq(None::<NaiveDateTime>)))
    .execute(conn)?;
    Ok(())
}

/// Letters that were put away and are wanted again.
pub fn letters_again(conn: &mut Conn, ids: &[String], now: DateTime<Utc>) -> Result<(), StoreError> {
    let put_away = letters::table.filter(letters::id.eq_any(ids)).filter(letters::state.eq_any(PUT_AWAY));
    diesel::update(put_away)
        .set((letters::state.eq(LetterState::Wanted.word()), letters::try_at.eq(now.naive_utc())))
        .execute(conn)?;
    Ok(())
}

/// Nobody is sending it, and its next attempt has come: `LetterFile::is_free`, said to the database.
macro_rules! free {
    ($now:expr) => {{
        let at = $now.naive_utc();
        let its_turn = letters::try_at.le(at).or(letters::try_at.gt(at + LONGEST_DELAY));
        let wanted = letters::state.eq(LetterState::Wanted.word()).and(its_turn);
        let over = letters::lease_until.le(at).or(letters::lease_until.gt(at + LEASE)).assume_not_null();
        wanted.or(letters::state.eq(LetterState::Claimed.word()).and(over))
    }};
}

/// The ids of the letters that can be sent now, the oldest first: wanted, or claimed by somebody who never came back.
/// None of a facility whose letters wait for a person. Those about the same stand together: they are looked at together.
pub fn letters_ready(conn: &mut Conn, now: DateTime<Utc>, limit: i64) -> Result<Vec<String>, StoreError> {
    Ok(letters::table
        .filter(free!(now))
        .filter(letters::facility.ne_all(waiting_facilities(conn)?))
        .order((letters::wanted_at, letters::facility, letters::subject, letters::id))
        .limit(limit)
        .select(letters::id)
        .load(conn)?)
}

/// Takes letters in hand until a lease ends, and yields those that nobody else took first. Together: one statement.
pub fn letters_claim(conn: &mut Conn, ids: &[String], now: DateTime<Utc>) -> Result<Vec<LetterFile>, StoreError> {
    let rows: Vec<LetterRow> = diesel::update(letters::table.filter(letters::id.eq_any(ids)).filter(free!(now)))
        .set((
            letters::state.eq(LetterState::Claimed.word()),
            letters::attempts.eq(letters::attempts + 1),
            letters::lease_until.eq(Some((now + LEASE).naive_utc())),
        ))
        .returning(letters::all_columns)
        .get_results(conn)?;
    rows.into_iter().map(LetterFile::try_from).collect()
}

/// They left the house, whatever anybody thought of them meanwhile.
pub fn letters_sent(conn: &mut Conn, ids: &[String], now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(letters::table.filter(letters::id.eq_any(ids)))
        .set((
            letters::state.eq(LetterState::Sent.word()),
            letters::sent_at.eq(Some(now.naive_utc())),
            letters::lease_until.eq(None::<NaiveDateTime>),
            letters::problem.eq(""),
        ))
        .execute(conn)?;
    Ok(())
}

/// It failed, and is wanted again from an instant on or given up and shown. Only the claim that failed may say so: after
/// its lease, another bell may have the letter in hand.
pub fn letter_failed(
    conn: &mut Conn,
    claimed: &LetterFile,
    to: LetterState,
    try_at: DateTime<Utc>,
    problem: &str,
) -> Result<(), StoreError> {
    release(conn, claimed, to, claimed.attempts, try_at, problem)
}

/// It was never tried: the attempt does not count.
pub fn letter_put_back(
    conn: &mut Conn,
    claimed: &LetterFile,
    try_at: DateTime<Utc>,
    problem: &str,
) -> Result<(), StoreError> {
    release(conn, claimed, LetterState::Wanted, claimed.attempts.saturating_sub(1), try_at, problem)
}

fn release(
    conn: &mut Conn,
    claimed: &LetterFile,
    to: LetterState,
    attempts: u32,
    try_at: DateTime<Utc>,
    problem: &str,
) -> Result<(), StoreError> {
    let mine = letters::table
        .find(&claimed.id)
        .filter(letters::state.eq(LetterState::Claimed.word()))
        .filter(letters::attempts.eq(i64::from(claimed.attempts)));
    diesel::update(mine)
        .set((
            letters::state.eq(to.word()),
            letters::attempts.eq(i64::from(attempts)),
            letters::try_at.eq(try_at.naive_utc()),
            letters::lease_until.eq(None::<NaiveDateTime>),
            letters::problem.eq(problem),
        ))
        .execute(conn)?;
    Ok(())
}
