//! A resident's taper: its steps, and what is taken on each day of a step.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::baseline::Baseline;
use super::daily::Daily;
use super::late::LateRule;
use crate::care::amount::Amount;
use crate::care::calendar::Slot;
use crate::care::exact::Exact;
pub use crate::care::medicine::Medicine;
use crate::care::medicine::conversion::Conversion;

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

    /// In the order of their names.
    pub fn medicines(&self) -> BTreeSet<&Medicine> {
        self.0.keys().map(|(_, medicine)| medicine).collect()
    }

    /// The whole day's amount of one medicine.
    pub fn daily_of(&self, medicine: &Medicine) -> Amount {
        self.0.iter().filter(|((_, named), _)| named == medicine).map(|(_, amount)| *amount).sum()
    }

    /// The doses of one time of day in words; the medicine that stands above them is not named.
    pub fn told_at(&self, slot: Slot, heading: Option<&Medicine>) -> String {
        told(self.doses().filter(|dose| dose.slot == slot).map(|dose| (dose.medicine, dose.amount)), heading)
    }

    /// The day in words: `1 mg`, `0.5 mg clonazepam and 10 mg diazepam`; the medicine that stands above is not named.
    pub fn told(&self, heading: Option<&Medicine>) -> String {
        told(self.medicines().into_iter().map(|medicine| (medicine.clone(), self.daily_of(medicine))), heading)
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

    /// Every time and medicine of this day or of another.
    pub fn lines_with(&self, other: &Regimen) -> BTreeSet<(Slot, Medicine)> {
        self.0.keys().chain(other.0.keys()).cloned().collect()
    }

    /// The whole day's amount, of all medicines of the regimen.
    pub fn daily(&self) -> Amount {
        self.0.values().copied().sum()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn told(doses: impl Iterator<Item = (Medicine, Amount)>, heading: Option<&Medicine>) -> String {
    let taken = doses.filter(|(_, amount)| !amount.is_zero());
    let words = taken.map(|(medicine, amount)| match heading == Some(&medicine) {
        true => amount.to_string(),
        false => format!("{amount} {medicine}"),
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { Amount::ZERO.to_string() } else { words.join(" and ") }
}

impl FromIterator<((Slot, Medicine), Amount)> for Regimen {
    fn from_iter<I: IntoIterator<Item = ((Slot, Medicine), Amount)>>(doses: I) -> Self {
        Regimen(doses.into_iter().collect())
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

    /// What an average day of the cycle comes to: by this, steps are compared. In a cross-taper the medicine that is
    /// swapped counts as what was confirmed for it.
    pub fn average(&self, conversion: Option<&Conversion>) -> Exact {
        let doses = self.cycle.iter().flat_map(Regimen::doses).map(|dose| (dose.slot, dose.medicine, dose.amount));
        let all = match conversion {
            Some(conversion) => conversion.measure(doses),
            None => Exact::from(doses.map(|(_, _, amount)| amount).sum::<Amount>()),
        };
        all.shared_by(self.cycle.len() as u64)
    }

    /// Everything taken of one medicine in so many days from the step's first.
    pub fn taken_in(&self, days: u32, medicine: &Medicine) -> Amount {
        (0..days).map(|day| self.regimen_after(day).daily_of(medicine)).sum()
    }

    /// The step's fullest day in words, with the nights without, if there are any; the medicine that stands above is not
    /// named.
    pub fn told(&self, heading: Option<&Medicine>) -> String {
        let fullest = self.cycle.iter().max_by_key(|regimen| regimen.daily());
        let doses = fullest.map_or_else(String::new, |regimen| regimen.told(heading));
        self.rhythm().map_or(doses.clone(), |rhythm| format!("{doses}, {rhythm}"))
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
    /// Of a cross-taper: which doses of another medicine take the place of today's, as a person confirmed them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Conversion>,
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
    /// What is done with a missed or late dose; none in versions from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<LateRule>,
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

    /// What is done with a missed or late dose: as the plan says, or as usual.
    pub fn late_rule(&self) -> LateRule {
        let slots = || self.steps.first().map(|step| step.regimen().slots()).unwrap_or_default();
        self.late.clone().unwrap_or_else(|| LateRule::usual(&slots()))
    }

    /// The planned day of the last step.
    pub fn ends_on(&self) -> NaiveDate {
        self.steps.last().map_or(self.first_reduction_on, |step| step.planned_on)
    }

    /// What a day of a step comes to.
    pub fn daily(&self, step: &Step) -> Daily {
        Daily::new(step.told(self.heading()), step.daily(), self.average(step))
    }

    /// What a day came to before the first reduction: all later ones are shares of it.
    pub fn first(&self) -> Exact {
        self.steps.first().map_or(Amount::ZERO.into(), |step| self.average(step))
    }

    /// `clonazepam`; `clonazepam and diazepam` of a cross-taper.
    pub fn named(&self) -> String {
        match &self.conversion {
            Some(conversion) => format!("{} and {}", conversion.from, conversion.to),
            None => self.medicine.to_string(),
        }
    }

    /// The medicine that a dose of the plan need not name. In a cross-taper every dose is named.
    pub fn heading(&self) -> Option<&Medicine> {
        Some(&self.medicine).filter(|_| self.conversion.is_none())
    }

    /// What a day with this regimen comes to.
    pub fn daily_of(&self, regimen: &Regimen) -> Daily {
        let step = Step { ordinal: 0, planned_on: self.baseline_on, least_days: None, cycle: vec![regimen.clone()] };
        self.daily(&step)
    }

    /// What an average day of a step comes to: by this, steps of the plan are compared.
    pub fn average(&self, step: &Step) -> Exact {
        step.average(self.conversion.as_ref())
    }

    /// What the fullest day of a cross-taper's step comes to in diazepam, by the table of its conversion.
    pub fn in_diazepam(&self, step: &Step) -> Option<Exact> {
        let conversion = self.conversion.as_ref()?;
        let day =
            |regimen: &Regimen| conversion.measure(regimen.doses().map(|dose| (dose.slot, dose.medicine, dose.amount)));
        step.cycle.iter().map(day).max().map(|most| conversion.in_diazepam(most))
    }

    /// Of the steps after so many, those that swap the doses of one medicine for another's.
    pub fn swaps_after(&self, settled: usize) -> &[Step] {
        let coming = self.steps.get(settled..).unwrap_or_default();
        let swaps = |conversion: &Conversion| {
            let swap = |step: &&Step| step.regimen().medicines().contains(&conversion.from);
            coming.iter().take_while(swap).count()
        };
        &coming[..self.conversion.as_ref().map_or(0, swaps)]
    }

    /// The medicine that the plan ends with: of a cross-taper the one that takes over.
    pub fn last_medicine(&self) -> &Medicine {
        self.conversion.as_ref().map_or(&self.medicine, |conversion| &conversion.to)
    }

    /// Every medicine of the plan.
    pub fn medicines(&self) -> BTreeSet<&Medicine> {
        [&self.medicine, self.last_medicine()].into_iter().collect()
    }

    /// The ordinal of the last step.
    pub fn last(&self) -> u32 {
        self.steps.len().saturating_sub(1) as u32
    }
}
