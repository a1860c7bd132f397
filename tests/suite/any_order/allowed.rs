//! What must be true of a decision, asked of the model as it was before.

use std::collections::BTreeSet;

use stepdown::care::calendar::days_after;
use stepdown::care::taper::fact::{PlanAct, PlanFact};
use stepdown::care::taper::plan::PlannedDose;

use super::model::{Colour, Model, average};

/// What else is known around a decision.
pub struct Around<'a> {
    /// Whoever drafted, edited or approved the version in force.
    pub makers: &'a BTreeSet<String>,
    /// The numbers of the signed reductions of which a dose was recorded.
    pub recorded: &'a BTreeSet<u32>,
    /// The model with the decision.
    pub after: &'a Model,
}

macro_rules! must {
    ($holds:expr, $($said:tt)+) => {
        if !$holds {
            return Err(format!($($said)+));
        }
    };
}

/// What the rules say must be true of a decision, asked of the model as it was before.
pub fn was_allowed(before: &Model, fact: &PlanFact, around: &Around) -> Result<(), String> {
    if before.ended {
        let reviewed = matches!(fact.act, PlanAct::Reviewed { .. } | PlanAct::Affirmed { .. });
        // A new plan closes one that was stopped, and once.
        let closed = fact.act == PlanAct::Finished && before.finished_on.is_none();
        must!(reviewed || closed, "{:?} on a plan that has ended", fact.act);
        return Ok(());
    }
    match &fact.act {
        PlanAct::Signed { step, effective_on, .. } => {
            let last = before.last().expect("something is in force");
            let bars = !before.alarms.is_empty() || before.sent_back || before.amended || before.stop_asked;
            must!(!bars && last.colour == Colour::Planned, "signed although something bars it");
            must!(!around.makers.contains(&fact.by), "signed by whoever made it");
            must!(*step == last.step + 1, "one step a signature");
            must!(last.from <= fact.on, "the step before is in force");
            must!(*effective_on > fact.on, "never for today, never for the past");
            let (next, of_last) = (&before.plan().steps[*step as usize], &before.plan().steps[last.step as usize]);
            let lasted = days_after(last.counts_from, of_last.least_days.unwrap_or(1));
            must!(*effective_on >= next.planned_on && *effective_on >= lasted, "least days are kept");
            must!(before.held_until.is_none_or(|until| *effective_on >= until), "a hold is kept");
        }
        PlanAct::Paused { n } => {
            must!(!around.recorded.contains(n), "a dose of it was given");
        }
        PlanAct::Ordered { regimen, from } => {
            let now = before.at(*from).expect("something is in force");
            let raises =
                |dose: PlannedDose| now.cycle.iter().any(|day| dose.amount > day.amount(dose.slot, &dose.medicine));
            let raised = regimen.doses().any(raises);
            must!(!raised, "an urgent order raises nothing");
        }
        PlanAct::SteppedBack { from, .. } => {
            let now = before.at(*from).or(before.last()).expect("something is in force");
            let to = around.after.at(*from).expect("what was stepped back to");
            let was = average(before.plan(), &now.of_step);
            must!(to.average(before.plan()) >= was, "a step back lowers nothing that was signed");
        }
        PlanAct::Stopped { .. } => must!(before.stop_asked, "stopped though nobody asks for it any more"),
        PlanAct::Approved { version } => {
            let (old, new) = (before.plan(), &around.after.version(*version).steps);
            let kept = before.last().map_or(0, |last| if last.from <= fact.on { last.step + 1 } else { last.step });
            must!(old.steps[..kept as usize] == new[..kept as usize], "a step that was signed");
        }
        _ => {}
    }
    Ok(())
}
