//! A drafted taper as a prescriber reads it: every step with its dates, doses, pieces, size and guideline checks.

use chrono::{Days, NaiveDate};

use super::guideline::{Check, CutPercent, Passage};
use super::plan::{Plan, PlannedDose, Regimen, Step};
use super::protocol::draft::Draft;
use super::protocol::walk::Stall;
use crate::care::amount::Amount;
use crate::care::exact::Exact;
use crate::care::medicine::Medicine;
use crate::care::medicine::shelves::Shelves;
use crate::care::medicine::tablets::{Pieces, Tablets};
use crate::care::refusal::Refusal;

/// A whole drafted taper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub steps: Vec<StepPreview>,
    /// The first day of the last step; None where the taper comes to a halt before its goal.
    pub ends_on: Option<NaiveDate>,
    /// Everything taken of each medicine from the first reduction until the last step begins.
    pub totals: Vec<(Medicine, Amount)>,
    /// How many doses above 0 that is.
    pub administrations: u64,
    pub stalls: Vec<Stall>,
}

/// One step of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepPreview {
    pub ordinal: u32,
    pub starts_on: NaiveDate,
    /// None: the last step.
    pub least_days: Option<u32>,
    /// Daily amounts, of the step before and of this one.
    pub from: Amount,
    pub daily: Amount,
    /// The same in words, with the medicines where there are two.
    pub from_told: String,
    pub told: String,
    /// Each dose of the step's first day with what it is made of; a dose of 0 has no pieces.
    pub doses: Vec<(PlannedDose, Pieces)>,
    /// How long its cycle is, and the days of it, from 1, on which nothing is taken.
    pub cycle_days: u32,
    pub free_days: Vec<u32>,
    /// The same in words; nothing where every day has its doses.
    pub rhythm: Option<String>,
    /// What an average day came to before, and comes to now.
    pub averages: (Exact, Exact),
    pub cut: CutPercent,
    /// Against the dose 14 days before this step's first day.
    pub cut_in_14_days: CutPercent,
    pub checks: Vec<Check>,
}

impl StepPreview {
    /// The checks that want a reason.
    pub fn flags(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| !check.passed)
    }
}

impl Preview {
    /// The shelf is the one that the draft was made from.
    pub fn of(draft: &Draft, shelves: &Shelves) -> Result<Preview, Refusal> {
        let desk = Desk::of(draft, shelves)?;
        let (until_last, last) = draft.steps.split_at(draft.steps.len().saturating_sub(1));
        let days = |step: &Step| step.least_days.unwrap_or(0);
        Ok(Preview {
            steps: (0..draft.steps.len()).map(|at| StepPreview::of(draft, at, &desk)).collect(),
            ends_on: last.first().filter(|_| draft.reaches_goal).map(|step| step.planned_on),
            totals: desk.totals(|medicine| until_last.iter().map(|step| step.taken_in(days(step), medicine)).sum()),
            administrations: until_last.iter().map(|step| doses_in(step, days(step))).sum(),
            stalls: draft.stalls.clone(),
        })
    }
}

impl Preview {
    /// Everything taken, in words: `45.5 mg`, `3.5 mg clonazepam and 560 mg diazepam`.
    pub fn taken(&self) -> String {
        match &self.totals[..] {
            [(_, one)] => one.to_string(),
            several => {
                let told: Vec<String> =
                    several.iter().map(|(medicine, amount)| format!("{amount} {medicine}")).collect();
                told.join(" and ")
            }
        }
    }

    /// A plan that was written down, read again with what is on the shelf now.
    pub fn of_plan(plan: &Plan, shelves: &Shelves) -> Result<Preview, Refusal> {
        let (baseline, steps) = plan.steps.split_first().ok_or(Refusal::PlanEmpty)?;
        let draft = Draft {
            baseline: baseline.regimen().clone(),
            steps: steps.to_vec(),
            stalls: Vec::new(),
            reaches_goal: steps.last().is_some_and(|last| last.daily() == plan.goal),
            settings: plan.settings.clone(),
            conversion: plan.conversion.clone(),
        };
        Preview::of(&draft, shelves)
    }
}

fn all_doses(step: &Step) -> impl Iterator<Item = PlannedDose> + '_ {
    step.cycle.iter().flat_map(Regimen::doses)
}

/// How many doses above 0 there are in so many days from the step's first.
fn doses_in(step: &Step, days: u32) -> u64 {
    let doses = (0..days).flat_map(|day| step.regimen_after(day).doses());
    doses.filter(|dose| !dose.amount.is_zero()).count() as u64
}

/// The medicines of a draft, each with every amount that can be made of it.
struct Desk<'a> {
    /// The first is the medicine that is tapered.
    medicines: Vec<(&'a Medicine, Tablets<'a>)>,
    first: &'a Medicine,
    last: &'a Medicine,
}

impl<'a> Desk<'a> {
    fn of(draft: &'a Draft, shelves: &'a Shelves) -> Result<Desk<'a>, Refusal> {
        let first = draft.baseline.medicines().into_iter().next().ok_or(Refusal::PlanEmpty)?;
        let last = draft.conversion.as_ref().map_or(first, |conversion| &conversion.to);
        let solved = |medicine: &'a Medicine| {
            let of_it = draft.steps.iter().flat_map(all_doses).filter(|dose| dose.medicine == *medicine);
            let most = of_it.map(|dose| dose.amount).max().unwrap_or_default();
            Ok((medicine, shelves.of(medicine).solve(most)?))
        };
        let medicines = if first == last { vec![first] } else { vec![first, last] };
        Ok(Desk { medicines: medicines.into_iter().map(solved).collect::<Result<_, Refusal>>()?, first, last })
    }

    fn totals(&self, of: impl Fn(&Medicine) -> Amount) -> Vec<(Medicine, Amount)> {
        self.medicines.iter().map(|(medicine, _)| ((*medicine).clone(), of(medicine))).collect()
    }

    fn pieces(&self, dose: &PlannedDose) -> Pieces {
        let tablets = self.medicines.iter().find(|(medicine, _)| **medicine == dose.medicine);
        tablets.and_then(|(_, tablets)| tablets.pieces(dose.amount)).unwrap_or_default()
    }

    /// Of two medicines every dose is named.
    fn heading(&self) -> Option<&Medicine> {
        Some(self.first).filter(|first| *first == self.last)
    }

    /// The smallest dose of the medicine that the taper ends with.
    fn smallest(&self) -> Option<Amount> {
        self.medicines.last().and_then(|(_, tablets)| tablets.shelf().smallest())
    }
}

impl StepPreview {
    fn of(draft: &Draft, at: usize, desk: &Desk) -> StepPreview {
        let (earlier, step) = (&draft.steps[..at], &draft.steps[at]);
        let doses: Vec<_> = step.regimen().doses().map(|dose| (dose.clone(), desk.pieces(&dose))).collect();
        let conversion = draft.conversion.as_ref();
        let before = earlier.last();
        let passage = Passage {
            from: before.map_or(baseline(draft), |step| step.average(conversion)),
            to: step.average(conversion),
            counted_in: conversion.map(|_| desk.last.clone()),
            last_dose: before.map_or(draft.baseline.daily(), Step::daily),
            highest_in_14_days: fourteen_days_before(draft, at),
            starts_on: step.planned_on,
            last_change_on: before.map(|step| step.planned_on),
            taper_began_on: draft.steps[0].planned_on,
            smallest: desk.smallest(),
            makeable: doses.iter().all(|(dose, pieces)| pieces.amount() == dose.amount),
            adherence: None,
            as_needed: None,
            severe_signs: None,
            score: None,
        };
        StepPreview {
            ordinal: step.ordinal,
            starts_on: step.planned_on,
            least_days: step.least_days,
            from: passage.last_dose,
            daily: step.daily(),
            from_told: before.map_or_else(|| draft.baseline.told(desk.heading()), |step| step.told(desk.heading())),
            told: step.told(desk.heading()),
            doses,
            cycle_days: step.cycle.len() as u32,
            free_days: step.free_days(),
            rhythm: step.rhythm(),
            averages: (passage.from, passage.to),
            cut: CutPercent::of(passage.from, passage.to),
            cut_in_14_days: CutPercent::of(passage.highest_in_14_days, passage.to),
            checks: passage.checks(),
        }
    }
}

/// What a day before the taper comes to.
fn baseline(draft: &Draft) -> Exact {
    let cycle = vec![draft.baseline.clone()];
    let step = Step { ordinal: 0, planned_on: NaiveDate::MIN, least_days: None, cycle };
    step.average(draft.conversion.as_ref())
}

/// The average day 14 days before a step's first day, the highest since: a draft only falls. Before the first reduction it is
/// the baseline.
fn fourteen_days_before(draft: &Draft, at: usize) -> Exact {
    let day = draft.steps[at].planned_on.checked_sub_days(Days::new(14)).unwrap_or(NaiveDate::MIN);
    let in_force = draft.steps[..at].iter().rev().find(|earlier| earlier.planned_on <= day);
    in_force.map_or(baseline(draft), |step| step.average(draft.conversion.as_ref()))
}
