//! The bell takes one letter in hand, if it should still be sent: of two bells one gets it.

use chrono::{DateTime, Utc};

use super::ActError;
use crate::care::letter::{Concern, LEASE, Letter, letters_wanted};
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::facilities;
use crate::store::letters::{self, LetterFile, LetterState};

/// A letter that nobody else sends now, and the sender it goes out under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    pub letter: LetterFile,
    pub from: String,
}

/// None: it is not wanted any more, or waits for a person, or another bell has it. What has lost its subject or its time
/// is noted as such, because a dose may have been recorded since the letter was wanted.
pub fn claim_letter(conn: &mut Conn, id: &str, now: DateTime<Utc>) -> Result<Option<Claimed>, ActError> {
    let letter = letters::letter_load(conn, id)?;
    if !letter.is_free(now) || letters::wait_find(conn, &letter.facility)?.is_some() {
        return Ok(None);
    }
    if let Some(over) = over(conn, &letter, now)? {
        letters::letters_move(conn, &[letter.id], over, now)?;
        return Ok(None);
    }
    let lease_until = now + LEASE;
    if !letters::letter_claim(conn, &letter, lease_until)? {
        return Ok(None);
    }
    let from = facilities::facility_load(conn, &letter.facility)?.mail_from;
    let (state, attempts) = (LetterState::Claimed, letter.attempts + 1);
    Ok(Some(Claimed { letter: LetterFile { state, attempts, lease_until: Some(lease_until), ..letter }, from }))
}

/// Whether it is over with the letter, and how: its time has passed, or what it is about was done.
fn over(conn: &mut Conn, letter: &LetterFile, now: DateTime<Utc>) -> Result<Option<LetterState>, StoreError> {
    if letter.expires_at <= now {
        return Ok(Some(LetterState::Expired));
    }
    let concern = Concern::of(&letter.subject);
    let matters = letters::matters_load(conn, &letter.facility, Some(&concern), now)?;
    let stands = letters_wanted(&matters, now).iter().map(Letter::id).any(|id| id == letter.id);
    Ok((!stands).then_some(LetterState::Settled))
}
