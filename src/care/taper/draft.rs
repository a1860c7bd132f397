//! What a draft must be before a prescriber can approve it.

use chrono::NaiveDate;

use super::baseline::{Baseline, Wanting};
use super::level::PlanAct;
use super::plan::{Plan, Step};
use super::rationale;
use super::reduction::{Decision, confirmed_by};
use crate::care::calendar::{Day, days_after};
use crate::care::medicine::tablets::Shelf;
use crate::care::people::{Confirmed, Staff};
use crate::care::refusal::Refusal;

/// A draft with what its approval rests on.
#[derive(Debug, Clone)]
pub struct DraftCase<'a> {
    pub plan: &'a Plan,
    /// The plan is a draft, and the one the page showed.
    pub unmoved: bool,
    /// The resident has a running plan of this medicine already.
    pub running: bool,
    /// A severe sign of the resident is open.
    pub sign_open: bool,
    /// The resident is away: no dose is due here, and nobody knows yet on which they come back.
    pub away: bool,
    /// The civil day in the facility.
    pub today: NaiveDate,
}

impl DraftCase<'_> {
    /// A prescriber approves. The baseline comes into force on its day; every reduction still waits for its signature.
    pub fn approve(&self, by: &Staff, confirmed: &Confirmed, shelf: &Shelf) -> Result<Decision, Refusal> {
        confirmed_by(by, confirmed)?;
        if !self.unmoved {
            return Err(Refusal::DraftMoved);
        }
        if self.running {
            return Err(Refusal::RunningAlready { medicine: self.plan.medicine.to_string() });
        }
        if self.sign_open {
            return Err(Refusal::SignHoldsApproval);
        }
        if self.away {
            return Err(Refusal::AwayHoldsApproval);
        }
        check(self.plan, self.today, shelf)?;
        baseline_complete(self.plan, self.today)?;
        let act = PlanAct::Approved { version: self.plan.version };
        Ok(Decision::new(act, String::new()))
    }
}

/// A taper starts at most so many days from today.
pub(super) const LONGEST_LEAD_DAYS: u32 = 366;

/// Whether the two days of a draft can be written down at all: in order, and no slip of the year.
pub fn days_follow(baseline_on: NaiveDate, first_reduction_on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if baseline_on < today {
        return Err(Refusal::StartInPast { today: Day(today) });
    }
    if first_reduction_on <= baseline_on {
        return Err(Refusal::FirstReductionTooEarly { earliest: Day(days_after(baseline_on, 1)) });
    }
    let latest = days_after(today, LONGEST_LEAD_DAYS);
    if first_reduction_on > latest { Err(Refusal::DayTooFar { latest: Day(latest) }) } else { Ok(()) }
}

/// Whether a plan could be approved today with what is on the shelf.
pub fn check(plan: &Plan, today: NaiveDate, shelf: &Shelf) -> Result<(), Refusal> {
    rationale::reason(&plan.indication).map_err(|_| Refusal::IndicationMissing)?;
    rationale::reason(&plan.reason).map_err(|_| Refusal::WhyMissing)?;
    days_follow(plan.baseline_on, plan.first_reduction_on, today)?;
    steps_lead_to_the_goal(plan)?;
    plan.steps.iter().try_for_each(|step| can_be_made(step, shelf))
}

/// What the baseline still lacks, in the order of its form. A draft is saved without; it is not approved without.
pub fn baseline_wanting(plan: &Plan, today: NaiveDate) -> Vec<Wanting> {
    plan.baseline.as_ref().unwrap_or(&Baseline::default()).wanting(&plan.indication, today)
}

fn baseline_complete(plan: &Plan, today: NaiveDate) -> Result<(), Refusal> {
    let wanting = baseline_wanting(plan, today);
    let what: Vec<&str> = wanting.iter().map(|one| one.what).collect();
    if what.is_empty() { Ok(()) } else { Err(Refusal::BaselineWanting { what: what.join("; ") }) }
}

/// From the baseline down to the goal, each step starting when the one before has lasted its least days.
fn steps_lead_to_the_goal(plan: &Plan) -> Result<(), Refusal> {
    let (Some(first), Some(last)) = (plan.steps.first(), plan.steps.last()) else { return Err(Refusal::PlanEmpty) };
    if plan.steps.len() < 2 || first.daily().is_zero() {
        return Err(Refusal::PlanEmpty);
    }
    if first.planned_on != plan.baseline_on {
        return Err(Refusal::StepsApart { ordinal: 0 });
    }
    for pair in plan.steps.windows(2) {
        follows(&pair[0], &pair[1])?;
    }
    if last.daily() != plan.goal {
        return Err(Refusal::StepsEnd { last: last.daily(), goal: plan.goal });
    }
    Ok(())
}

/// Each step comes when the one before has lasted its least days, and goes down.
pub(super) fn follows(before: &Step, after: &Step) -> Result<(), Refusal> {
    let ordinal = after.ordinal;
    let apart = Refusal::StepsApart { ordinal };
    let least = before.least_days.filter(|days| *days > 0).ok_or_else(|| apart.clone())?;
    if after.planned_on != days_after(before.planned_on, least) || ordinal != before.ordinal + 1 {
        return Err(apart);
    }
    goes_down(before, after)
}

/// A step gives less than the one before, or the same otherwise; never more, and never the very same.
pub(super) fn goes_down(before: &Step, after: &Step) -> Result<(), Refusal> {
    let ordinal = after.ordinal;
    if after.daily() > before.daily() || after.average() > before.average() {
        return Err(Refusal::StepRises { step: ordinal, from: before.daily(), to: after.daily() });
    }
    if after.cycle == before.cycle {
        return Err(Refusal::StepRepeats { step: ordinal });
    }
    Ok(())
}

/// A dose that no stocked product makes is never approved, and never rounded in silence.
pub(super) fn can_be_made(step: &Step, shelf: &Shelf) -> Result<(), Refusal> {
    for dose in step.cycle.iter().flat_map(|regimen| regimen.doses()) {
        if !dose.amount.is_zero() && shelf.pieces(dose.amount).is_none() {
            let nearest = shelf.nearest(dose.amount).to_string();
            let (step, medicine) = (step.ordinal, dose.medicine.to_string());
            return Err(Refusal::StepUnmakeable { step, amount: dose.amount, medicine, nearest });
        }
    }
    Ok(())
}
