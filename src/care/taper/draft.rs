//! What a draft must be before a prescriber can approve it.

use chrono::NaiveDate;

use super::baseline::{Baseline, Wanting};
use super::level::PlanAct;
use super::plan::{Plan, PlannedDose, Regimen, Step};
use super::rationale;
use super::reduction::{Decision, confirmed_by};
use crate::care::amount::Amount;
use crate::care::calendar::{Day, Moment, days_after};
use crate::care::medicine::Medicine;
use crate::care::medicine::conversion::Conversion;
use crate::care::medicine::shelves::Shelves;
use crate::care::people::{Confirmed, Staff};
use crate::care::refusal::Refusal;

/// A draft with what its approval rests on.
#[derive(Debug, Clone)]
pub struct DraftCase<'a> {
    pub plan: &'a Plan,
    /// The plan is a draft, and the one the page showed.
    pub unmoved: bool,
    /// A medicine of this plan that another running plan of the resident has already.
    pub running: Option<Medicine>,
    /// A dose of an earlier plan that was recorded before its time, which is still to come.
    pub recorded_ahead: Option<Moment>,
    /// A severe sign of the resident is open.
    pub sign_open: bool,
    /// The resident is away: no dose is due here, and nobody knows yet on which they come back.
    pub away: bool,
    /// The civil day in the facility.
    pub today: NaiveDate,
}

impl DraftCase<'_> {
    /// A prescriber approves. The baseline comes into force on its day; every reduction still waits for its signature.
    pub fn approve(&self, by: &Staff, confirmed: &Confirmed, shelves: &Shelves) -> Result<Decision, Refusal> {
        confirmed_by(by, confirmed)?;
        if !self.unmoved {
            return Err(Refusal::DraftMoved);
        }
        if let Some(medicine) = &self.running {
            return Err(Refusal::RunningAlready { medicine: medicine.to_string() });
        }
        if let Some(Moment { on, slot }) = self.recorded_ahead.filter(|ahead| ahead.on >= self.plan.baseline_on) {
            return Err(Refusal::RecordedAhead { slot, next: Day(days_after(on, 1)) });
        }
        if self.sign_open {
            return Err(Refusal::SignHoldsApproval);
        }
        if self.away {
            return Err(Refusal::AwayHoldsApproval);
        }
        check(self.plan, self.today, shelves)?;
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
pub fn check(plan: &Plan, today: NaiveDate, shelves: &Shelves) -> Result<(), Refusal> {
    rationale::reason(&plan.indication).map_err(|_| Refusal::IndicationMissing)?;
    rationale::reason(&plan.reason).map_err(|_| Refusal::WhyMissing)?;
    days_follow(plan.baseline_on, plan.first_reduction_on, today)?;
    if let Some(conversion) = &plan.conversion {
        swaps_are_whole(plan, conversion)?;
    }
    steps_lead_to_the_goal(plan)?;
    plan.steps.iter().try_for_each(|step| can_be_made(step, shelves))
}

/// The converted doses of a cross-taper are confirmed by whoever saves them; without a confirmation nothing is saved.
pub fn confirm(plan: &mut Plan, by: &Staff) -> Result<(), Refusal> {
    let Some(conversion) = &mut plan.conversion else { return Ok(()) };
    if conversion.confirmed_by.is_empty() {
        return Err(Refusal::ConversionUnconfirmed);
    }
    conversion.confirmed_by.clone_from(&by.person);
    Ok(())
}

/// Somebody confirmed the converted doses, every dose that is swapped has one, and the old medicine is gone in the end.
fn swaps_are_whole(plan: &Plan, conversion: &Conversion) -> Result<(), Refusal> {
    if conversion.confirmed_by.is_empty() {
        return Err(Refusal::ConversionUnconfirmed);
    }
    let doses =
        plan.steps.iter().flat_map(|step| step.cycle.iter().flat_map(Regimen::doses).map(move |dose| (step, dose)));
    let stray = |dose: &PlannedDose| {
        let converted = conversion.doses.iter().any(|one| one.slot == dose.slot && conversion.from == dose.medicine);
        !converted && dose.medicine != conversion.to
    };
    if let Some((step, dose)) = doses.into_iter().find(|(_, dose)| stray(dose)) {
        let (step, slot, medicine) = (step.ordinal, dose.slot, dose.medicine.to_string());
        return Err(Refusal::SwapStray { step, slot, medicine });
    }
    let last = plan.steps.last().map_or(Amount::ZERO, |last| last.regimen().daily_of(&conversion.from));
    let medicine = conversion.from.to_string();
    if last.is_zero() { Ok(()) } else { Err(Refusal::SwapUnfinished { medicine }) }
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
        follows(plan, &pair[0], &pair[1])?;
    }
    if last.daily() != plan.goal {
        return Err(Refusal::StepsEnd { last: last.daily(), goal: plan.goal });
    }
    Ok(())
}

/// Each step comes when the one before has lasted its least days, and goes down.
pub(super) fn follows(plan: &Plan, before: &Step, after: &Step) -> Result<(), Refusal> {
    let ordinal = after.ordinal;
    let apart = Refusal::StepsApart { ordinal };
    let least = before.least_days.filter(|days| *days > 0).ok_or_else(|| apart.clone())?;
    if after.planned_on != days_after(before.planned_on, least) || ordinal != before.ordinal + 1 {
        return Err(apart);
    }
    goes_down(plan, before, after)
}

/// A step gives less than the one before, or the same otherwise; never more, and never the very same.
pub(super) fn goes_down(plan: &Plan, before: &Step, after: &Step) -> Result<(), Refusal> {
    let ordinal = after.ordinal;
    // The amounts of two medicines do not compare: in a cross-taper only what they come to counts.
    let rises = plan.conversion.is_none() && after.daily() > before.daily();
    if rises || plan.average(after) > plan.average(before) {
        return Err(Refusal::StepRises {
            step: ordinal,
            from: plan.daily(before).to_string(),
            to: plan.daily(after).to_string(),
        });
    }
    if after.cycle == before.cycle {
        return Err(Refusal::StepRepeats { step: ordinal });
    }
    Ok(())
}

/// A dose that no stocked product makes is never approved, and never rounded in silence.
pub(super) fn can_be_made(step: &Step, shelves: &Shelves) -> Result<(), Refusal> {
    for dose in step.cycle.iter().flat_map(|regimen| regimen.doses()) {
        let shelf = shelves.of(&dose.medicine);
        if !dose.amount.is_zero() && shelf.pieces(dose.amount).is_none() {
            let nearest = shelf.nearest(dose.amount).to_string();
            let (step, medicine) = (step.ordinal, dose.medicine.to_string());
            return Err(Refusal::StepUnmakeable { step, amount: dose.amount, medicine, nearest });
        }
    }
    Ok(())
}
