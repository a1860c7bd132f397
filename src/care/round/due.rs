//! When a dose may be recorded, when it is late, and how urgent it is.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::care::calendar::{Slot, Zone, days_after};

/// The minutes around a slot, as the facility sets them (clinical practice: 60 before, 60 after).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Windows {
    /// A dose may be recorded from this long before its slot.
    pub early_minutes: u32,
    /// After this long it is late, and still recordable with a reason.
    pub late_minutes: u32,
}

impl Windows {
    pub fn opens_at(self, due_at: DateTime<Utc>) -> DateTime<Utc> {
        due_at - TimeDelta::minutes(i64::from(self.early_minutes))
    }

    pub fn closes_at(self, due_at: DateTime<Utc>) -> DateTime<Utc> {
        due_at + TimeDelta::minutes(i64::from(self.late_minutes))
    }

    /// How a dose that nobody recorded stands now.
    pub fn urgency(self, due_at: DateTime<Utc>, now: DateTime<Utc>) -> Urgency {
        if now > self.closes_at(due_at) {
            Urgency::Overdue
        } else if now >= self.opens_at(due_at) {
            Urgency::DueNow
        } else {
            Urgency::DueSoon
        }
    }
}

/// How a dose that nobody recorded stands, most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    Overdue,
    DueNow,
    DueSoon,
}

/// The round a slot belongs to: the unit's round nearest in time of day, the earlier of two equally near.
/// None where the unit has no rounds.
pub fn round_of(slot: Slot, rounds: &[Slot]) -> Option<Slot> {
    rounds.iter().copied().min_by_key(|round| ((round.minute() - slot.minute()).abs(), round.minute()))
}

/// One round of a unit: the doses around one time of a day. A unit without rounds has one a day, with no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoundOf {
    pub on: NaiveDate,
    pub slot: Option<Slot>,
}

impl RoundOf {
    /// Whether a dose of this day and slot belongs to it.
    pub fn has(&self, on: NaiveDate, slot: Slot, rounds: &[Slot]) -> bool {
        self.on == on && round_of(slot, rounds) == self.slot
    }

    /// When its window opens.
    pub fn opens_at(&self, zone: Zone, windows: Windows) -> DateTime<Utc> {
        windows.opens_at(zone.at(self.on, self.slot.unwrap_or(Slot::MIDNIGHT)))
    }

    /// The round after it.
    pub fn next(&self, rounds: &[Slot]) -> RoundOf {
        match rounds.iter().find(|slot| Some(**slot) > self.slot) {
            Some(later) => RoundOf { on: self.on, slot: Some(*later) },
            None => RoundOf { on: days_after(self.on, 1), slot: rounds.first().copied() },
        }
    }
}

/// The last round whose window has opened; after midnight that may still be one of yesterday. `rounds` are in order.
pub fn opened_round(rounds: &[Slot], zone: Zone, windows: Windows, now: DateTime<Utc>) -> RoundOf {
    let today = zone.day(now);
    if rounds.is_empty() {
        return RoundOf { on: today, slot: None };
    }
    // Windows reach at most some hours back, so that tomorrow's first round may have opened before midnight.
    let first = RoundOf { on: today.pred_opt().unwrap_or(today), slot: rounds.first().copied() };
    let all = std::iter::successors(Some(first), |round| Some(round.next(rounds)));
    let opened = all.take_while(|round| round.opens_at(zone, windows) <= now);
    opened.take(3 * rounds.len()).last().unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_dose_is_due_now_for_the_whole_window_and_overdue_one_second_after_it() {
        let windows = Windows { early_minutes: 60, late_minutes: 60 };
        let due = at("2026-11-20T08:00:00Z");
        assert_eq!(windows.urgency(due, at("2026-11-20T06:59:59Z")), Urgency::DueSoon);
        assert_eq!(windows.urgency(due, at("2026-11-20T07:00:00Z")), Urgency::DueNow);
        assert_eq!(windows.urgency(due, at("2026-11-20T09:00:00Z")), Urgency::DueNow);
        assert_eq!(windows.urgency(due, at("2026-11-20T09:00:01Z")), Urgency::Overdue);
    }

    #[test]
    fn every_slot_belongs_to_the_nearest_round() {
        let rounds: Vec<Slot> = ["08:00", "12:00", "20:00"].iter().map(|t| t.parse().expect("a slot")).collect();
        let of = |slot: &str| round_of(slot.parse().expect("a slot"), &rounds).map(|r| r.to_string());
        assert_eq!(of("07:00").as_deref(), Some("08:00"));
        assert_eq!(of("10:00").as_deref(), Some("08:00"));
        assert_eq!(of("10:01").as_deref(), Some("12:00"));
        assert_eq!(of("23:30").as_deref(), Some("20:00"));
        assert_eq!(round_of(Slot::MIDNIGHT, &[]), None);
    }

    #[test]
    fn the_round_of_this_hour_is_the_last_one_that_has_opened() {
        let rounds: Vec<Slot> = ["00:30", "08:00", "22:00"].iter().map(|t| t.parse().expect("a slot")).collect();
        let windows = Windows { early_minutes: 60, late_minutes: 60 };
        let round = |now: &str| {
            let round = opened_round(&rounds, Zone::UTC, windows, at(now));
            format!("{} {}", round.on.format("%d"), round.slot.expect("a unit with rounds"))
        };
        assert_eq!(round("2026-11-20T06:59:00Z"), "20 00:30");
        assert_eq!(round("2026-11-20T07:00:00Z"), "20 08:00");
        assert_eq!(round("2026-11-20T23:29:00Z"), "20 22:00");
        assert_eq!(round("2026-11-20T23:30:00Z"), "21 00:30");
        assert_eq!(round("2026-11-20T00:10:00Z"), "20 00:30");
        assert_eq!(opened_round(&[], Zone::UTC, windows, at("2026-11-20T00:10:00Z")).slot, None);
    }
}
