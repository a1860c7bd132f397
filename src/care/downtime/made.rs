//! When a downtime pack was made and from what, by which the bell knows whether to make another.

use chrono::{DateTime, TimeDelta, Utc};

use super::AHEAD;

/// A pack is made anew after so long, whatever happened.
const HOURLY: TimeDelta = TimeDelta::minutes(60);
/// After something was entered it is made anew once it is so old. The bell rings at least every two minutes, so that
/// no pack is behind by more than a quarter of an hour.
const SETTLED: TimeDelta = TimeDelta::minutes(10);
/// A pack of the bell is never so old: between two rings there are two minutes at most.
const OVERDUE: TimeDelta = TimeDelta::minutes(75);

/// When a pack was made, and from what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    pub at: DateTime<Utc>,
    /// The number of the last entry of the facility's history that it holds.
    pub entry: i64,
}

impl Made {
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.at + AHEAD
    }

    /// As it stands in the head of a file, for the program that reads it.
    pub fn mark(&self) -> String {
        format!("{} {}", self.at.timestamp(), self.entry)
    }

    pub fn of_mark(mark: &str) -> Option<Made> {
        let (at, entry) = mark.split_once(' ')?;
        Some(Made { at: DateTime::from_timestamp(at.parse().ok()?, 0)?, entry: entry.parse().ok()? })
    }
}

/// What becomes of the pack of a unit in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is fresh.
    Stays,
    /// Another is laid in its place.
    Renewed,
    /// It holds more of the history than the database does, which was put back from a copy or is tried out: no other is
    /// laid over what the ward may need.
    Later,
    /// The database was put back from a copy, and nobody has said yet that what is missing was found out; or the clock went
    /// ahead, and nobody that the time is right.
    Kept,
}

impl Fate {
    /// `lying` are all that lie there of the unit, `here` the one under its name of today. `doubted`: nobody has
    /// answered yet what is missing from a database that was put back, or whether a clock that went ahead is right.
    pub fn of(lying: &[Made], here: Option<Made>, last_entry: i64, doubted: bool, now: DateTime<Utc>) -> Fate {
        if doubted {
            Fate::Kept
        } else if lying.iter().any(|made| made.entry > last_entry) {
            Fate::Later
        } else if wanted(here, last_entry, now) {
            Fate::Renewed
        } else {
            Fate::Stays
        }
    }
}

/// Whether a pack is to be made, by the one that lies there: none, one of another time, or one that is behind.
fn wanted(found: Option<Made>, last_entry: i64, now: DateTime<Utc>) -> bool {
    let Some(found) = found else { return true };
    let age = now - found.at;
    age < TimeDelta::zero() || age >= HOURLY || (found.entry != last_entry && age >= SETTLED)
}

/// Whether the pack that lies there can no longer be relied on: somebody has to look why the bell lays none.
pub fn behind(found: Option<Made>, now: DateTime<Utc>) -> bool {
    found.is_none_or(|found| now - found.at > OVERDUE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_is_never_behind_by_more_than_a_quarter_of_an_hour_nor_older_than_an_hour() {
        let at = |minute: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(1_000 + minute);
        let made = Made { at: at(0), entry: 7 };
        assert!(wanted(None, 7, at(0)));
        assert!(!wanted(Some(made), 7, at(59)) && wanted(Some(made), 7, at(60)));
        assert!(!wanted(Some(made), 8, at(9)) && wanted(Some(made), 8, at(10)));
        assert!(wanted(Some(made), 7, at(-1)), "a file of the future is not believed");
        assert!(!behind(Some(made), at(75)) && behind(Some(made), at(76)) && behind(None, at(0)));
        assert_eq!(Made::of_mark(&made.mark()), Some(made));
        assert_eq!(Made::of_mark("soon"), None);
    }
    #[test]
    fn a_pack_that_holds_more_than_the_database_is_never_renewed_and_none_while_nobody_has_answered() {
        let made = |entry: i64| Made { at: DateTime::UNIX_EPOCH, entry };
        let later = DateTime::UNIX_EPOCH + TimeDelta::hours(80);
        let fate = |lying: &[Made], gap| Fate::of(lying, lying.first().copied(), 7, gap, later);
        assert_eq!(
            [fate(&[], false), fate(&[made(7)], false), fate(&[made(8)], false)],
            [Fate::Renewed, Fate::Renewed, Fate::Later]
        );
        assert_eq!(fate(&[made(6), made(8)], false), Fate::Later, "the one of another name too");
        assert_eq!([fate(&[], true), fate(&[made(7)], true)], [Fate::Kept; 2]);
    }
}
