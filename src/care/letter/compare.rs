//! What is compared with what should be: which letters are new, which have lost their subject, which came too late.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::Letter;

/// A letter that was wanted before and is not sent yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    pub id: String,
    pub expires_at: DateTime<Utc>,
    /// Somebody is sending it just now, and will note what became of it.
    pub in_hand: bool,
}

/// What has to be written down so that the letters are as they should be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    pub new: Vec<Letter>,
    /// They were put away, and their subject stands and their time has not passed: what was done was taken back, or the
    /// clock was ahead and is right again.
    pub again: Vec<String>,
    /// Their subject was settled before they were sent.
    pub settled: Vec<String>,
    /// Their time has passed.
    pub expired: Vec<String>,
}

impl Change {
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.again.is_empty() && self.settled.is_empty() && self.expired.is_empty()
    }

    /// `known` are the ids, among those wanted, that exist already, and whether each was put away before its time.
    pub fn of(wanted: Vec<Letter>, known: &BTreeMap<String, bool>, pending: &[Pending], now: DateTime<Utc>) -> Change {
        let standing: BTreeSet<String> = wanted.iter().map(Letter::id).collect();
        let idle = || pending.iter().filter(|letter| !letter.in_hand);
        let ids = |some: &mut dyn Iterator<Item = &Pending>| some.map(|letter| letter.id.clone()).collect();
        Change {
            new: wanted.into_iter().filter(|letter| !known.contains_key(&letter.id())).collect(),
            again: known.iter().filter(|(_, put_away)| **put_away).map(|(id, _)| id.clone()).collect(),
            settled: ids(&mut idle().filter(|l| now < l.expires_at && !standing.contains(&l.id))),
            expired: ids(&mut idle().filter(|l| l.expires_at <= now)),
        }
    }
}
