//! A plan that is approved in the course of its first day: what of that day is not laid out, and where its doses begin.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};

use super::plan::Plan;
use crate::care::calendar::{Day, Moment, Slot, Zone, days_after};

/// A plan has doses on one of so many days; longer cycles without any are not looked for.
const DAYS_LOOKED_AT: u32 = 14;

/// Whether a dose is laid out by an approval at an instant: nothing is, of which the time has passed.
pub fn still_to_come(zone: Zone, on: NaiveDate, slot: Slot, approved_at: DateTime<Utc>) -> bool {
    zone.at(on, slot) >= approved_at
}

/// What an approval comes too late for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateStart {
    /// Slots of the first day, the earliest first; at least one.
    past: Vec<Slot>,
    first_day: NaiveDate,
    /// The first dose there is.
    first: Moment,
}

impl LateStart {
    /// None where every dose of the first day is still to come.
    pub fn of(plan: &Plan, zone: Zone, approved_at: DateTime<Utc>) -> Option<LateStart> {
        let (baseline, first_day) = (plan.step(0)?, plan.baseline_on);
        let doses_on = |day: u32| {
            let regimen = baseline.regimen_after(day);
            let given = regimen.doses().filter(|dose| !dose.amount.is_zero()).map(|dose| dose.slot);
            let mut slots: Vec<Slot> = given.collect();
            slots.dedup();
            (days_after(first_day, day), slots)
        };
        let (_, mut past) = doses_on(0);
        past.retain(|slot| !still_to_come(zone, first_day, *slot, approved_at));
        let mut all = (0..DAYS_LOOKED_AT)
            .map(doses_on)
            .flat_map(|(on, slots)| slots.into_iter().map(move |slot| Moment { on, slot }));
        let first = all.find(|dose| still_to_come(zone, dose.on, dose.slot, approved_at))?;
        (!past.is_empty()).then_some(LateStart { past, first_day, first })
    }
}

/// As it is said on the first day.
impl fmt::Display for LateStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slots: Vec<String> = self.past.iter().map(Slot::to_string).collect();
        match slots.split_last() {
            Some((last, [])) => write!(f, "Today’s {last} dose has passed and is not laid out; ")?,
            Some((last, others)) => {
                write!(f, "Today’s {} and {last} doses have passed and are not laid out; ", others.join(", "))?;
            }
            None => {}
        }
        let Moment { on, slot } = self.first;
        if on == self.first_day {
            write!(f, "the first dose is today at {slot}.")
        } else if on == days_after(self.first_day, 1) {
            write!(f, "the first dose is tomorrow at {slot}.")
        } else {
            write!(f, "the first dose is at {slot} on {}.", Day(on))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::care::amount::Amount;
    use crate::care::medicine::Medicine;
    use crate::care::taper::plan::{Regimen, Step};

    /// From 20 November on, one regimen after another.
    fn plan(slots: &[&[&str]]) -> Plan {
        let medicine = Medicine("clonazepam".into());
        let regimen = |slots: &&[&str]| {
            let dose = |slot: &&str| (slot.parse().unwrap(), Amount::from_ug(500));
            Regimen::of(&medicine, slots.iter().map(dose))
        };
        let on: NaiveDate = "2026-11-20".parse().unwrap();
        let cycle = slots.iter().map(regimen).collect();
        Plan {
            id: "plan".into(),
            facility: "alder".into(),
            resident: "resident".into(),
            version: 1,
            indication: String::new(),
            reason: String::new(),
            protocol: String::new(),
            settings: BTreeMap::new(),
            conversion: None,
            baseline_on: on,
            first_reduction_on: days_after(on, 14),
            goal: Amount::ZERO,
            steps: vec![Step { ordinal: 0, planned_on: on, least_days: Some(14), cycle }],
            authors: BTreeSet::new(),
            baseline: None,
            late: None,
            medicine,
        }
    }

    fn said(slots: &[&[&str]], at: &str) -> String {
        let late = LateStart::of(&plan(slots), Zone::UTC, at.parse().unwrap());
        late.map_or_else(String::new, |late| late.to_string())
    }

    #[test]
    fn what_has_passed_of_the_first_day_is_said_with_the_first_dose() {
        let tomorrow = "Today’s 20:00 dose has passed and is not laid out; the first dose is tomorrow at 20:00.";
        assert_eq!(said(&[&["20:00"]], "2026-11-20T20:10:00Z"), tomorrow);
        assert_eq!(said(&[&["20:00"]], "2026-11-20T20:00:00Z"), "", "it is laid out at its very time");
        let today = "Today’s 08:00 and 12:00 doses have passed and are not laid out; the first dose is today at 20:00.";
        assert_eq!(said(&[&["08:00", "12:00", "20:00"]], "2026-11-20T12:00:01Z"), today);
        assert_eq!(said(&[&["20:00"]], "2026-11-19T21:00:00Z"), "", "the day before");
    }

    #[test]
    fn a_night_without_a_dose_is_not_the_first() {
        let later =
            "Today’s 20:00 dose has passed and is not laid out; the first dose is at 20:00 on 22\u{a0}Nov\u{a0}2026.";
        assert_eq!(said(&[&["20:00"], &[]], "2026-11-20T21:00:00Z"), later);
    }
}
