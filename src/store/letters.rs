//! Letters: wanted, claimed, sent, or shown as failed. One row for each subject, kind and recipient, for ever.

mod matters;
mod passing;
mod waits;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;

pub use matters::matters_load;
pub use passing::{
    letter_failed, letter_put_back, letters_again, letters_claim, letters_insert, letters_known, letters_move,
    letters_pending, letters_ready, letters_sent,
};
pub use waits::{
    Wait, Why, clock_doubted, doubts_end, gaps_of, letters_leave_out, letters_waiting, wait_begin, wait_end, wait_find,
    waiting_facilities, went_ahead_find,
};

use super::db::Conn;
use super::schema::letters;
use super::{StoreError, small};
use crate::care::letter::{Concern, Kind, in_hand, put_off};

/// No letter lasts longer: that a signature is wanted is said once, so many days ahead as a facility may set.
const LONGEST: TimeDelta = TimeDelta::days(62);

/// Where a letter is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterState {
    Wanted,
    /// Somebody is sending it, and has it to themselves for a while.
    Claimed,
    Sent,
    /// What it was about was done before it was sent.
    Settled,
    /// The mail server refused it for good, or too often.
    GivenUp,
    /// Its time passed before it could be sent.
    Expired,
}

impl LetterState {
    pub const ALL: [LetterState; 6] = [
        LetterState::Wanted,
        LetterState::Claimed,
        LetterState::Sent,
        LetterState::Settled,
        LetterState::GivenUp,
        LetterState::Expired,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            LetterState::Wanted => "wanted",
            LetterState::Claimed => "claimed",
            LetterState::Sent => "sent",
            LetterState::Settled => "settled",
            LetterState::GivenUp => "given_up",
            LetterState::Expired => "expired",
        }
    }

    pub fn of_word(word: &str) -> Option<LetterState> {
        LetterState::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// A letter as it lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterFile {
    pub id: String,
    pub facility: String,
    pub kind: Kind,
    pub subject: String,
    pub recipient: String,
    pub wanted_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub title: String,
    pub body: String,
    pub state: LetterState,
    pub attempts: u32,
    /// Not before then.
    pub try_at: DateTime<Utc>,
    pub lease_until: Option<DateTime<Utc>>,
    pub sent_at: Option<DateTime<Utc>>,
    /// Why the last attempt failed.
    pub problem: String,
}

impl LetterFile {
    /// Nobody is sending it, and its next attempt has come.
    pub fn is_free(&self, now: DateTime<Utc>) -> bool {
        match self.state {
            LetterState::Wanted => !put_off(self.try_at, now),
            LetterState::Claimed => !in_hand(self.lease_until, now),
            _ => false,
        }
    }
}

#[derive(Queryable)]
struct LetterRow {
    id: String,
    facility: String,
    kind: String,
    subject: String,
    recipient: String,
    wanted_at: NaiveDateTime,
    expires_at: NaiveDateTime,
    title: String,
    body: String,
    state: String,
    attempts: i64,
    try_at: NaiveDateTime,
    lease_until: Option<NaiveDateTime>,
    sent_at: Option<NaiveDateTime>,
    problem: String,
}

impl TryFrom<LetterRow> for LetterFile {
    type Error = StoreError;
    fn try_from(row: LetterRow) -> Result<LetterFile, StoreError> {
        let corrupt = || StoreError::Corrupt(format!("letter {}", row.id));
        Ok(LetterFile {
            kind: Kind::of_word(&row.kind).ok_or_else(corrupt)?,
            state: LetterState::of_word(&row.state).ok_or_else(corrupt)?,
            attempts: small(row.attempts)?,
            wanted_at: row.wanted_at.and_utc(),
            expires_at: row.expires_at.and_utc(),
            try_at: row.try_at.and_utc(),
            lease_until: row.lease_until.map(|at| at.and_utc()),
            sent_at: row.sent_at.map(|at| at.and_utc()),
            id: row.id,
            facility: row.facility,
            subject: row.subject,
            recipient: row.recipient,
            title: row.title,
            body: row.body,
            problem: row.problem,
        })
    }
}

/// Those of some letters that exist, by id.
pub fn letters_load(conn: &mut Conn, ids: &[String]) -> Result<Vec<LetterFile>, StoreError> {
    let rows: Vec<LetterRow> = letters::table.filter(letters::id.eq_any(ids)).order(letters::id).load(conn)?;
    rows.into_iter().map(LetterFile::try_from).collect()
}

/// Which letters of a facility are looked at.
#[derive(Debug, Clone, Default)]
pub struct LettersAsk {
    pub facility: String,
    /// All states where none is named.
    pub states: Vec<LetterState>,
    /// The last letter of the page before: when it was wanted, and its id.
    pub after: Option<(DateTime<Utc>, String)>,
    pub limit: i64,
}

/// A page of letters, the newest first; by key, so that a late page is as fast as the first.
pub fn letters_page(conn: &mut Conn, ask: &LettersAsk) -> Result<Vec<LetterFile>, StoreError> {
    let mut found = letters::table.filter(letters::facility.eq(&ask.facility)).into_boxed();
    if !ask.states.is_empty() {
        found = found.filter(letters::state.eq_any(ask.states.iter().map(|state| state.word())));
    }
    if let Some((at, id)) = &ask.after {
        let at = at.naive_utc();
        found = found.filter(letters::wanted_at.lt(at).or(letters::wanted_at.eq(at).and(letters::id.lt(id))));
    }
    let newest_first = (letters::wanted_at.desc(), letters::id.desc());
    let rows: Vec<LetterRow> = found.order(newest_first).limit(ask.limit).load(conn)?;
    rows.into_iter().map(LetterFile::try_from).collect()
}

/// What was written about a severe sign, in order.
pub fn letters_of_sign(conn: &mut Conn, facility: &str, sign: &str) -> Result<Vec<LetterFile>, StoreError> {
    let rows: Vec<LetterRow> = letters::table
        .filter(letters::facility.eq(facility))
        .filter(letters::kind.eq(Kind::SevereSign.word()))
        .order((letters::wanted_at, letters::id))
        .load(conn)?;
    let mut found = rows.into_iter().map(LetterFile::try_from).collect::<Result<Vec<_>, _>>()?;
    found.retain(|letter| Concern::of(&letter.subject) == Concern::Sign(sign.to_owned()));
    Ok(found)
}

/// What was written about a taper alert, in order.
pub fn letters_of_alert(
    conn: &mut Conn,
    facility: &str,
    plan: &str,
    since: DateTime<Utc>,
) -> Result<Vec<LetterFile>, StoreError> {
    let rows: Vec<LetterRow> = letters::table
        .filter(letters::facility.eq(facility))
        .filter(letters::kind.eq(Kind::TaperAlert.word()))
        .filter(letters::wanted_at.ge(since.naive_utc()))
        .order((letters::wanted_at, letters::id))
        .load(conn)?;
    let mut found = rows.into_iter().map(LetterFile::try_from).collect::<Result<Vec<_>, _>>()?;
    found.retain(|letter| Concern::of(&letter.subject) == Concern::Plan(plan.to_owned()));
    Ok(found)
}

/// How many letters of a facility were given up, or ran out of time, after one instant and up to another. A letter that is
/// given up keeps its last attempt; one whose time has passed may not be noted yet.
pub fn undelivered_between(
    conn: &mut Conn,
    facility: &str,
    (since, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<u32, StoreError> {
    let (since, until) = (since.naive_utc(), until.naive_utc());
    let lately = letters::facility.eq(facility).and(letters::wanted_at.gt(since - LONGEST));
    let too_late = [LetterState::Expired, LetterState::Wanted, LetterState::Claimed].map(LetterState::word);
    let ran_out = letters::state.eq_any(too_late).and(letters::expires_at.gt(since));
    let given_up = letters::state.eq(LetterState::GivenUp.word()).and(letters::try_at.gt(since));
    let count: i64 = letters::table
        .filter(lately)
        .filter(ran_out.and(letters::expires_at.le(until)).or(given_up.and(letters::try_at.le(until))))
        .count()
        .get_result(conn)?;
    small(count)
}
