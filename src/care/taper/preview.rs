//! A drafted taper as a prescriber reads it: every step with its dates, doses, pieces, size and guideline checks.

use chrono::{Days, NaiveDate};

use super::guideline::{Check, CutPercent, Passage};
use super::plan::{Plan, PlannedDose, Regimen, Step};
use super::protocol::draft::Draft;
use super::protocol::walk::Stall;
use crate::care::amount::Amount;
use crate::care::exact::Exact;
use crate::care::medicine::tablets::{Pieces, Shelf, Tablets};
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
    /// Each dose of the step's first day with what it is made of; a dose of 0 has no pieces.
    pub doses: Vec<(PlannedDose, Pieces)>,
    /// How long its cycle is, and the days of it, from 1, on which nothing is taken.
    pub cycle_days: u32,
    pub free_days: Vec<u32>,
    /// The same in words; nothing where every day has its doses.
    pub rhythm: Option<String>,
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
    pub fn of(draft: &Draft, shelf: &Shelf) -> Result<Preview, Refusal> {
        let most = draft.steps.iter().flat_map(all_doses).map(|dose| dose.amount).max();
        let tablets = shelf.solve(most.unwrap_or_default())?;
        let (until_last, last) = draft.steps.split_at(draft.steps.len().saturating_sub(1));
        let days = |step: &Step| step.least_days.unwrap_or(0);
        Ok(Preview {
            steps: (0..draft.steps.len()).map(|at| StepPreview::of(draft, at, &tablets)).collect(),
            ends_on: last.first().filter(|_| draft.reaches_goal).map(|step| step.planned_on),
            total: until_last.iter().map(|step| step.taken_in(days(step))).sum(),
            administrations: until_last.iter().map(|step| doses_in(step, days(step))).sum(),
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

fn all_doses(step: &Step) -> impl Iterator<Item = PlannedDose> + '_ {
    step.cycle.iter().flat_map(Regimen::doses)
}

/// How many doses above 0 there are in so many days from the step's first.
fn doses_in(step: &Step, days: u32) -> u64 {
    let doses = (0..days).flat_map(|day| step.regimen_after(day).doses());
    doses.filter(|dose| !dose.amount.is_zero()).count() as u64
}

impl StepPreview {
    fn of(draft: &Draft, at: usize, tablets: &Tablets) -> StepPreview {
        let (earlier, step) = (&draft.steps[..at], &draft.steps[at]);
        let made_of = |dose: PlannedDose| {
            let pieces = tablets.pieces(dose.amount).unwrap_or_default();
            (dose, pieces)
        };
        let doses: Vec<_> = step.regimen().doses().map(made_of).collect();
        let passage = Passage {
            from: earlier.last().map_or(draft.baseline.daily().into(), Step::average),
            to: step.average(),
            last_dose: earlier.last().map_or(draft.baseline.daily(), Step::daily),
            fourteen_days_before: fourteen_days_before(draft, at),
            starts_on: step.planned_on,
            last_change_on: earlier.last().map(|step| step.planned_on),
            taper_began_on: draft.steps[0].planned_on,
            smallest: tablets.shelf().smallest(),
            makeable: doses.iter().all(|(dose, pieces)| pieces.amount() == dose.amount),
            adherence: None,
            as_needed: None,
            score: None,
        };
        StepPreview {
            ordinal: step.ordinal,
            starts_on: step.planned_on,
            least_days: step.least_days,
            from: passage.last_dose,
            daily: step.daily(),
            doses,
            cycle_days: step.cycle.len() as u32,
            free_days: step.free_days(),
            rhythm: step.rhythm(),
            cut: CutPercent::of(passage.from, passage.to),
            cut_in_14_days: CutPercent::of(passage.fourteen_days_before, passage.to),
            checks: passage.checks(),
        }
    }
}

/// The average day 14 days before a step's first day; before the first reduction it is the baseline.
fn fourteen_days_before(draft: &Draft, at: usize) -> Exact {
    let day = draft.steps[at].planned_on.checked_sub_days(Days::new(14)).unwrap_or(NaiveDate::MIN);
    let in_force = draft.steps[..at].iter().rev().find(|earlier| earlier.planned_on <= day);
    in_force.map_or(draft.baseline.daily().into(), Step::average)
}
