//! The bell writes down which letters should exist now, which lost their subject, and which came too late.

use chrono::{DateTime, Utc};

use super::ActError;
use crate::care::letter::compare::Change;
use crate::care::letter::{Letter, letters_wanted};
use crate::mail::wording::written;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::letters::{self, LetterFile, LetterState};

/// Compares what is with what should be, and changes nothing. Most of the time there is nothing to change, so that the
/// bell does not hold up those who write.
pub fn letters_compared(conn: &mut Conn, facility: &str, now: DateTime<Utc>) -> Result<Change, StoreError> {
    let matters = letters::matters_load(conn, facility, None, now)?;
    let wanted = letters_wanted(&matters, now);
    let ids: Vec<String> = wanted.iter().map(Letter::id).collect();
    let known = letters::letters_known(conn, &ids, now)?;
    let pending = letters::letters_pending(conn, facility, now)?;
    Ok(Change::of(wanted, &known, &pending, now))
}

/// Writes the change down. Of two bells that found the same, the second changes nothing.
pub fn want_letters(
    conn: &mut Conn,
    facility: &str,
    change: &Change,
    public_url: &str,
    now: DateTime<Utc>,
) -> Result<usize, ActError> {
    let new: Vec<LetterFile> = change.new.iter().map(|letter| file_of(facility, letter, public_url, now)).collect();
    letters::letters_again(conn, &change.again, now)?;
    letters::letters_move(conn, &change.settled, LetterState::Settled, now)?;
    letters::letters_move(conn, &change.expired, LetterState::Expired, now)?;
    Ok(letters::letters_insert(conn, &new)?)
}

fn file_of(facility: &str, letter: &Letter, public_url: &str, now: DateTime<Utc>) -> LetterFile {
    let text = written(letter, public_url);
    LetterFile {
        id: letter.id(),
        facility: facility.to_owned(),
        kind: letter.kind,
        subject: letter.subject.clone(),
        recipient: letter.recipient.clone(),
        wanted_at: letter.wanted_at,
        expires_at: letter.expires_at,
        title: text.title,
        body: text.body,
        state: LetterState::Wanted,
        attempts: 0,
        try_at: now,
        lease_until: None,
        sent_at: None,
        problem: String::new(),
    }
}
