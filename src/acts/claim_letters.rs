//! The bell takes letters in hand, those that should still be sent: of two bells one gets each.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::ActError;
use crate::care::letter::{Concern, Letter, letters_wanted};
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

/// Without those that are not wanted any more, or wait for a person, or that another bell has. What has lost its subject or
/// its time is noted as such, because a dose may have been recorded since the letter was wanted.
pub fn claim_letters(conn: &mut Conn, ids: &[String], now: DateTime<Utc>) -> Result<Vec<Claimed>, ActError> {
    let mut by_facility: BTreeMap<String, Vec<LetterFile>> = BTreeMap::new();
    for letter in letters::letters_load(conn, ids)?.into_iter().filter(|letter| letter.is_free(now)) {
        by_facility.entry(letter.facility.clone()).or_default().push(letter);
    }
    let mut claimed = Vec::new();
    for (facility, letters) in by_facility {
        if letters::wait_find(conn, &facility)?.is_none() {
            claimed.extend(claimed_of(conn, &facility, letters, now)?);
        }
    }
    let oldest_first = |one: &Claimed| ids.iter().position(|id| *id == one.letter.id);
    claimed.sort_by_key(oldest_first);
    Ok(claimed)
}

/// Those of one facility.
fn claimed_of(
    conn: &mut Conn,
    facility: &str,
    letters: Vec<LetterFile>,
    now: DateTime<Utc>,
) -> Result<Vec<Claimed>, StoreError> {
    let ids = |some: Vec<LetterFile>| some.into_iter().map(|letter| letter.id).collect::<Vec<_>>();
    let (too_late, in_time): (Vec<_>, Vec<_>) = letters.into_iter().partition(|letter| letter.expires_at <= now);
    letters::letters_move(conn, &ids(too_late), LetterState::Expired, now)?;
    let standing = standing(conn, facility, &in_time, now)?;
    let (standing, done): (Vec<_>, Vec<_>) = in_time.into_iter().partition(|letter| standing.contains(&letter.id));
    letters::letters_move(conn, &ids(done), LetterState::Settled, now)?;
    let claimed = letters::letters_claim(conn, &ids(standing), now)?;
    let from = facilities::facility_load(conn, facility)?.mail_from;
    Ok(claimed.into_iter().map(|letter| Claimed { letter, from: from.clone() }).collect())
}

/// The letters that should exist now, as far as what these are about leads to them.
fn standing(
    conn: &mut Conn,
    facility: &str,
    letters: &[LetterFile],
    now: DateTime<Utc>,
) -> Result<BTreeSet<String>, StoreError> {
    let concerns = letters.iter().map(|letter| Concern::of(&letter.subject)).collect();
    let matters = letters::matters_load(conn, facility, Some(&concerns), now)?;
    Ok(letters_wanted(&matters, now).iter().map(Letter::id).collect())
}
