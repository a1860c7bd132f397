//! A resident's taper: its steps, and what is taken on each day of a step.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::baseline::Baseline;
use crate::care::amount::Amount;
use crate::care::calendar::Slot;
use crate::care::exact::Exact;
pub use crate::care::medicine::Medicine;

/// One line of a regimen: this much of this medicine at this slot. An amount of 0 is written out: planned, no dose.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PlannedDose {
    pub slot: Slot,
    pub medicine: Medicine,
    pub amount: Amount,
}

/// What is taken on one day: for each slot, each medicine's amount.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<PlannedDose>", into = "Vec<PlannedDose>")]
pub struct Regimen(BTreeMap<(Slot, Medicine), Amount>);

impl Regimen {
    pub fn of(medicine: &Medicine, doses: impl IntoIterator<Item = (Slot, Amount)>) -> Regimen {
        Regimen(doses.into_iter().map(|(slot, amount)| ((slot, medicine.clone()), amount)).collect())
    }

    /// In order of slot, then medicine; doses of 0 included.
    pub fn doses(&self) -> impl Iterator<Item = PlannedDose> + '_ {
        self.0.iter().map(|((slot, medicine), &amount)| PlannedDose { slot: *slot, medicine: medicine.clone(), amount })
    }

    /// Nothing where the slot has no dose of the medicine.
    pub fn amount(&self, slot: Slot, medicine: &Medicine) -> Amount {
        self.0.get(&(slot, medicine.clone())).copied().unwrap_or(Amount::ZERO)
    }

    pub fn slots(&self) -> BTreeSet<Slot> {
        self.0.keys().map(|(slot, _)| *slot).collect()
    }

    /// The whole day's amount, of all medicines of the regimen.
    pub fn daily(&self) -> Amount {
        self.0.values().copied().sum()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<PlannedDose>> for Regimen {
    fn from(doses: Vec<PlannedDose>) -> Self {
        Regimen(doses.into_iter().map(|d| ((d.slot, d.medicine), d.amount)).collect())
    }
}

impl From<Regimen> for Vec<PlannedDose> {
    fn from(regimen: Regimen) -> Self {
        regimen.doses().collect()
    }
}

/// A regimen, or a cycle of daily regimens (drug-free nights), and the least number of days it must last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// 0 is the baseline.
    pub ordinal: u32,
    /// The day the plan wants it to start; it may start later, never earlier.
    pub planned_on: NaiveDate,
    /// None: the last step.
    pub least_days: Option<u32>,
    /// The daily regimens, repeated in turn from the step's first day. At least one.
    pub cycle: Vec<Regimen>,
}

impl Step {
    /// What is taken on the day that comes `days` days after the step's first.
    pub fn regimen_after(&self, days: u32) -> &Regimen {
        let turn = days as usize % self.cycle.len().max(1);
        self.cycle.get(turn).expect("a step has at least one regimen")
    }

    /// What is taken on the step's first day.
    pub fn regimen(&self) -> &Regimen {
        self.regimen_after(0)
    }

    /// The largest daily amount of the cycle: what the step is named after.
    pub fn daily(&self) -> Amount {
        self.cycle.iter().map(Regimen::daily).max().unwrap_or(Amount::ZERO)
    }

    /// What an average day of the cycle comes to: by this, steps are compared.
    pub fn average(&self) -> Exact {
        let all: Amount = self.cycle.iter().map(Regimen::daily).sum();
        Exact::of(all.ug().into(), self.cycle.len() as u128)
    }

    /// Everything taken in so many days from the step's first.
    pub fn taken_in(&self, days: u32) -> Amount {
        (0..days).map(|day| self.regimen_after(day).daily()).sum()
    }

    /// `no dose on days 4 and 7 of every 7`; nothing where every day has its doses.
    pub fn rhythm(&self) -> Option<String> {
        let free: Vec<String> = self.free_days().iter().map(u32::to_string).collect();
        let days = match &free[..] {
            [] => return None,
            [one] => format!("day {one}"),
            [others @ .., last] => format!("days {} and {last}", others.join(", ")),
        };
        Some(format!("no dose on {days} of every {}", self.cycle.len()))
    }

    /// The days of the cycle, from 1, on which nothing is taken; none where every day is alike.
    pub fn free_days(&self) -> Vec<u32> {
        let free = (1..).zip(&self.cycle).filter(|(_, regimen)| regimen.daily().is_zero());
        if self.daily().is_zero() { Vec::new() } else { free.map(|(day, _)| day).collect() }
    }
}

/// One clinical version of one resident's taper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub id: String,
    pub facility: String,
    pub resident: String,
    pub medicine: Medicine,
    pub version: u32,
    /// What the medicine was prescribed for.
    pub indication: String,
    /// Why taper now.
    pub reason: String,
    /// The id of the protocol that generated the steps, `by-hand` where they were typed.
    pub protocol: String,
    /// The protocol's parameters as chosen.
    pub settings: BTreeMap<String, String>,
    /// The day step 0 starts.
    pub baseline_on: NaiveDate,
    /// The planned day of step 1.
    pub first_reduction_on: NaiveDate,
    /// 0: stop. Above 0: stay there.
    pub goal: Amount,
    /// In order from step 0, the baseline. At least two.
    pub steps: Vec<Step>,
    /// Everybody who drafted or edited this version: they cannot sign its reductions.
    pub authors: BTreeSet<String>,
    /// What was found out before the taper. A draft may lack it, or parts of it.
    #[serde(default)]
    pub baseline: Option<Baseline>,
}

impl Plan {
    pub fn step(&self, ordinal: u32) -> Option<&Step> {
        self.steps.get(ordinal as usize)
    }

    /// What is taken of the plan's medicine on the first day of step 0.
    pub fn daily_before(&self) -> Amount {
        let regimen = self.steps.first().map(Step::regimen);
        let doses = regimen.into_iter().flat_map(Regimen::doses);
        doses.filter(|dose| dose.medicine == self.medicine).map(|dose| dose.amount).sum()
    }

    /// The planned day of the last step.
    pub fn ends_on(&self) -> NaiveDate {
        self.steps.last().map_or(self.first_reduction_on, |step| step.planned_on)
    }

    /// The ordinal of the last step.
    pub fn last(&self) -> u32 {
        self.steps.len().saturating_sub(1) as u32
    }
}
