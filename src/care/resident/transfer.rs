//! A resident moves to another room, or to another unit: when and where to, and where they lived before.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Resident;
use super::admission::text;
use crate::care::calendar::{Zone, parse_moment};
use crate::care::refusal::Refusal;
use crate::care::round::administration::note;

/// A move is written down within a week.
const LATEST: TimeDelta = TimeDelta::days(7);
const LONGEST_ROOM: usize = 80;

/// What was typed of a move.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransferAsk {
    pub unit: String,
    pub room: String,
    /// On the facility’s clock; empty: now.
    pub moved_at: String,
    pub note: String,
}

/// Where somebody lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub unit: String,
    pub room: String,
}

/// A resident has moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transferred {
    pub moved_from: Place,
    pub moved_to: Place,
    pub moved_at: DateTime<Utc>,
    pub note: String,
}

impl TransferAsk {
    /// To a unit that there is, into another room than before, and not at a time that is still to come.
    pub fn transfer(
        &self,
        resident: &Resident,
        units: &[String],
        zone: Zone,
        now: DateTime<Utc>,
    ) -> Result<Transferred, Refusal> {
        if !units.contains(&self.unit) {
            return Err(Refusal::ResidentUnit);
        }
        let room = text(&self.room, LONGEST_ROOM).ok_or(Refusal::ResidentRoom)?;
        let moved_from = Place { unit: resident.unit.clone(), room: resident.room.clone() };
        let moved_to = Place { unit: self.unit.clone(), room };
        if moved_from == moved_to {
            return Err(Refusal::TransferNowhere);
        }
        let moved_at = match self.moved_at.trim() {
            "" => now,
            typed => parse_moment(typed).map(|local| zone.passed(local, now)).map_err(|_| Refusal::TransferTime)?,
        };
        if moved_at > now || now - moved_at > LATEST {
            return Err(Refusal::TransferTime);
        }
        Ok(Transferred { moved_from, moved_to, moved_at, note: note(&self.note)? })
    }
}

/// A move from one unit, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub from: String,
    pub at: DateTime<Utc>,
}

/// The unit in which somebody lives, and how they came there. A move is often written down after it: what was given before
/// it was given in the unit before it, whenever somebody says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Residence {
    pub unit: String,
    /// The one that was written down last comes first.
    pub moves: Vec<Moved>,
}

impl Residence {
    /// The unit at an instant; at that of a move, the new one. Where two moves contradict each other, the one that was
    /// written down last is believed.
    pub fn at(&self, then: DateTime<Utc>) -> &str {
        let later = self.moves.iter().take_while(|moved| then < moved.at);
        later.last().map_or(&self.unit, |moved| &moved.from)
    }

    /// Whether they live in a unit, or came from there.
    pub fn knows(&self, unit: &str) -> bool {
        self.unit == unit || self.moves.iter().any(|moved| moved.from == unit)
    }

    /// Every unit from one instant to another.
    pub fn between(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> BTreeSet<&str> {
        let meanwhile = self.moves.iter().map(|moved| moved.at).filter(|at| (from..=until).contains(at));
        meanwhile.chain([from]).map(|then| self.at(then)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::resident::Allergies;

    fn transfer(unit: &str, room: &str, moved_at: &str) -> Result<Transferred, Refusal> {
        let resident = Resident {
            id: "r".into(),
            facility: "alder".into(),
            unit: "willow".into(),
            number: "AH-0417".into(),
            surname: "Halvorsen".into(),
            forename: "Margit".into(),
            born_on: "1941-03-14".parse().unwrap(),
            room: "4".into(),
            allergies: Allergies::NotRecorded,
        };
        let ask = TransferAsk { unit: unit.into(), room: room.into(), moved_at: moved_at.into(), note: String::new() };
        let units = ["willow".to_owned(), "rowan".to_owned()];
        ask.transfer(&resident, &units, Zone::UTC, "2026-11-20T08:12:00Z".parse().unwrap())
    }

    #[test]
    fn a_move_has_a_place_before_a_place_after_and_a_time() {
        let moved = transfer("rowan", " 9  b ", "2026-11-20T07:30").unwrap();
        assert_eq!((moved.moved_from.room.as_str(), moved.moved_to.room.as_str()), ("4", "9 b"));
        assert_eq!(moved.moved_at, "2026-11-20T07:30:00Z".parse::<DateTime<Utc>>().unwrap());
        assert!(transfer("willow", "5", "").is_ok() && transfer("rowan", "4", "").is_ok());
        assert_eq!(transfer("willow", "4", ""), Err(Refusal::TransferNowhere));
        assert_eq!(transfer("birch", "4", ""), Err(Refusal::ResidentUnit));
        assert_eq!(transfer("rowan", " ", ""), Err(Refusal::ResidentRoom));
        for time in ["2026-11-20T08:13", "2026-11-13T08:11", "soon"] {
            assert_eq!(transfer("rowan", "9", time), Err(Refusal::TransferTime), "{time}");
        }
    }

    fn hour(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    /// From unit to unit, each move with its hour, in the order in which they were written down.
    fn residence(moves: &[(&str, i64)], unit: &str) -> Residence {
        let moved = moves.iter().map(|(from, at)| Moved { from: (*from).to_owned(), at: hour(*at) });
        Residence { unit: unit.to_owned(), moves: moved.rev().collect() }
    }

    #[test]
    fn until_they_moved_somebody_lived_where_they_came_from() {
        let lived = residence(&[("willow", 10), ("rowan", 18)], "birch");
        for (then, unit) in [(9, "willow"), (10, "rowan"), (17, "rowan"), (18, "birch"), (19, "birch")] {
            assert_eq!(lived.at(hour(then)), unit, "{then}");
        }
        assert_eq!(residence(&[], "birch").at(hour(0)), "birch");
        assert_eq!(["willow", "rowan", "birch", "elm"].map(|unit| lived.knows(unit)), [true, true, true, false]);
        assert_eq!(lived.between(hour(11), hour(17)), BTreeSet::from(["rowan"]));
        assert_eq!(lived.between(hour(9), hour(18)), BTreeSet::from(["birch", "rowan", "willow"]));
    }

    #[test]
    fn of_moves_that_contradict_each_other_the_last_that_was_written_down_holds() {
        let lived = residence(&[("willow", 18), ("rowan", 15)], "birch");
        assert_eq!([14, 15, 16, 19].map(|then| lived.at(hour(then))), ["willow", "birch", "birch", "birch"]);
    }
}
