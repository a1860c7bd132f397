//! What prescribers change: other steps from here, and less than may be given.

use std::collections::BTreeSet;

use stepdown::care::amount::Amount;
use stepdown::care::calendar::days_after;
use stepdown::care::taper::order::Urgent;
use stepdown::care::taper::plan::{Plan, PlannedDose, Regimen, Step};
use stepdown::care::taper::reduction::Case;

/// What other steps are submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Slower,
    OneMore,
    StayHere,
    /// Against the rules: the step in force as well.
    StepInForce,
}

/// So many eighths of what may be given, cut down to what can be made; 0 suspends.
pub fn less(case: &Case, eighths: u64) -> Urgent {
    let Ok(most) = case.most() else { return Urgent::Suspend };
    let share = |dose: PlannedDose| {
        let finest = if dose.medicine.0 == "diazepam" { 1_000 } else { 125 };
        let amount = Amount::from_ug(dose.amount.ug() * eighths / 8 / finest * finest);
        PlannedDose { amount, ..dose }
    };
    let asked: Vec<PlannedDose> = most.doses().map(share).collect();
    if eighths == 0 { Urgent::Suspend } else { Urgent::Lower(Regimen::from(asked)) }
}

/// Other steps from here, each kind of change in its own way.
pub fn other_steps(case: &Case, change: Change, version: u32) -> Plan {
    let settled = case.settled_steps().len();
    let mut steps: Vec<Step> = case.settled_steps().into_iter().chain(case.coming_steps()).collect();
    match change {
        Change::Slower => steps.iter_mut().skip(settled).for_each(|step| {
            step.least_days = step.least_days.map(|days| days + 5);
        }),
        Change::OneMore => put_in(&mut steps, settled),
        Change::StayHere => steps.truncate(settled),
        Change::StepInForce => {
            steps[settled - 1].cycle = steps.last().map(|last| last.cycle.clone()).unwrap_or_default()
        }
    }
    let mut on = case.amended_from();
    for (ordinal, step) in (0..).zip(&mut steps).skip(settled) {
        (step.ordinal, step.planned_on) = (ordinal, on);
        on = days_after(on, step.least_days.unwrap_or(0));
    }
    let goal = steps.last().map(Step::daily).unwrap_or_default();
    Plan { version, goal, steps, authors: BTreeSet::from(["second".to_owned()]), ..case.plan.clone() }
}

/// A step between the one in force and the next, where there is room for one.
fn put_in(steps: &mut Vec<Step>, settled: usize) {
    let Some(next) = steps.get(settled).cloned() else { return };
    let before = &steps[settled - 1];
    let more = |dose: PlannedDose| {
        let most = before.cycle[0].amount(dose.slot, &dose.medicine).ug();
        PlannedDose { amount: Amount::from_ug((dose.amount.ug() + 125).min(most)), ..dose }
    };
    let between = Regimen::from(next.cycle[0].doses().map(more).collect::<Vec<_>>());
    steps.insert(settled, Step { cycle: vec![between], least_days: Some(7), ..next });
}
