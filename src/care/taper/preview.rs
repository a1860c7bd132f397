//! A drafted taper as a prescriber reads it: every step with its dates, doses, pieces, size and guideline checks.

use chrono::{Days, NaiveDate};

use super::guideline::{Check, CutPercent, Passage};
use super::plan::{Plan, PlannedDose, Regimen, Step};
use super::protocol::draft::{Draft, Stall};
use crate::care::amount::Amount;
use crate::care::medicine::tablets::{Pieces, Shelf};
use crate::care::refusal::Refusal;

/// A whole drafted taper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub steps: Vec<StepPreview>,
    /// The first day of the last step; None where the taper comes to a halt before its goal.
    pub ends_on: Option<NaiveDate>,
    /// Everything taken from the first reduction until the last step begins.
    pub total: Amount,
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
    /// Each dose with what it is made of; a dose of 0 has no pieces.
    pub doses: Vec<(PlannedDose, Pieces)>,
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
    pub fn of(draft: &Draft, shelf: &Shelf) -> Result<Preview, Refusal> {
        let (before_last, last) = draft.steps.split_at(draft.steps.len().saturating_sub(1));
        let taken =
            |step: &Step| (step.daily(), u64::from(step.least_days.unwrap_or(0)), doses_above_0(step.regimen()));
        let ends_on = last.first().filter(|_| draft.reaches_goal).map(|step| step.planned_on);
        Ok(Preview {
            steps: steps(draft, shelf)?,
            ends_on,
            total: before_last.iter().map(taken).map(|(daily, days, _)| daily * days).sum(),
            administrations: before_last.iter().map(taken).map(|(_, days, doses)| days * doses).sum(),
            stalls: draft.stalls.clone(),
        })
    }
}

impl Preview {
    /// A plan that was written down, read again with what is on the shelf now.
    pub fn of_plan(plan: &Plan, shelf: &Shelf) -> Result<Preview, Refusal> {
        let (baseline, steps) = plan.steps.split_first().ok_or(Refusal::PlanEmpty)?;
        let draft = Draft {
            baseline: baseline.regimen().clone(),
            steps: steps.to_vec(),
            stalls: Vec::new(),
            reaches_goal: steps.last().is_some_and(|last| last.daily() == plan.goal),
            settings: plan.settings.clone(),
        };
        Preview::of(&draft, shelf)
    }
}

fn doses_above_0(regimen: &Regimen) -> u64 {
    regimen.doses().filter(|dose| !dose.amount.is_zero()).count() as u64
}

fn steps(draft: &Draft, shelf: &Shelf) -> Result<Vec<StepPreview>, Refusal> {
    let most = draft.steps.iter().flat_map(|step| step.regimen().doses()).map(|dose| dose.amount).max();
    let tablets = shelf.solve(most.unwrap_or_default())?;
    let made_of = |dose: PlannedDose| {
        let pieces = tablets.pieces(dose.amount).unwrap_or_default();
        (dose, pieces)
    };
    let began_on = draft.steps.first().map(|step| step.planned_on);
    let mut before: Option<&Step> = None;
    let mut previews = Vec::with_capacity(draft.steps.len());
    for (at, step) in draft.steps.iter().enumerate() {
        let doses: Vec<_> = step.regimen().doses().map(made_of).collect();
        let from = before.map_or(draft.baseline.daily(), Step::daily);
        let earlier = fourteen_days_before(draft, at);
        let passage = Passage {
            from,
            to: step.daily(),
            fourteen_days_before: earlier,
            starts_on: step.planned_on,
            last_change_on: before.map(|step| step.planned_on),
            taper_began_on: began_on.unwrap_or(step.planned_on),
            smallest: shelf.smallest(),
            makeable: doses.iter().all(|(dose, pieces)| pieces.amount() == dose.amount),
            adherence: None,
        };
        previews.push(StepPreview {
            ordinal: step.ordinal,
            starts_on: step.planned_on,
            least_days: step.least_days,
            from,
            daily: step.daily(),
            doses,
            cut: CutPercent::of(from, step.daily()),
            cut_in_14_days: CutPercent::of(earlier, step.daily()),
            checks: passage.checks(),
        });
        before = Some(step);
    }
    Ok(previews)
}

/// The daily amount 14 days before a step's first day; before the first reduction it is the baseline.
fn fourteen_days_before(draft: &Draft, at: usize) -> Amount {
    let step = &draft.steps[at];
    let day = step.planned_on.checked_sub_days(Days::new(14)).unwrap_or(NaiveDate::MIN);
    let in_force = draft.steps[..at].iter().rev().find(|earlier| earlier.planned_on <= day);
    in_force.map_or(draft.baseline.daily(), Step::daily)
}
