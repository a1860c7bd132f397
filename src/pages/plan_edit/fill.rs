//! A draft's form filled in: from the house's rounds, from a draft that was saved, or from steps to be edited by hand.

use chrono::NaiveDate;

use super::names::{days_field, dose_field, setting_field, slot_field, step_dose_field};
use super::swap;
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, days_after};
use crate::care::catalogue::Catalogue;
use crate::care::taper::late::USUAL_INSTRUCTION;
use crate::care::taper::plan::{Plan, Step};
use crate::care::taper::protocol::Protocol;
use crate::web::Form;

/// A taper usually begins two weeks from now, so that there is time to tell everybody.
const USUAL_LEAD_DAYS: u32 = 14;

/// An empty draft: the unit's rounds as times of day, the baseline from today.
pub fn empty(form: Form, rounds: &[Slot], catalogue: &Catalogue, today: NaiveDate) -> Form {
    let first = days_after(today, USUAL_LEAD_DAYS);
    let form = form.with("baseline_on", iso(today)).with("first_reduction_on", iso(first)).with("goal", "0 mg");
    let form = form.with("missed_dose", USUAL_INSTRUCTION);
    let lines = (1..).zip(rounds);
    let form = lines.fold(form, |form, (line, slot)| form.with(&slot_field(line), slot.to_string()));
    with_defaults(form, catalogue)
}

/// A plan as it was written down. Typed steps stand in their lines; a protocol's own come from its parameters.
pub fn of_plan(form: Form, plan: &Plan, catalogue: &Catalogue) -> Form {
    let typed = catalogue.protocol(&plan.protocol).is_ok_and(Protocol::is_typed);
    let form = with_basics(form, plan).with("protocol", plan.protocol.clone());
    let set =
        |form: Form, (name, value): (&String, &String)| form.with(&setting_field(&plan.protocol, name), value.clone());
    let form = plan.settings.iter().fold(form, set);
    let form = plan.conversion.iter().fold(form, swap::fill);
    with_defaults(if typed { with_steps(form, plan) } else { form }, catalogue)
}

/// The same plan with its steps typed out, to be edited one by one.
pub fn by_hand(form: Form, plan: &Plan, catalogue: &Catalogue) -> Form {
    let form = plan.conversion.iter().fold(with_basics(form, plan).with("protocol", "by-hand"), swap::fill);
    with_defaults(with_steps(form, plan), catalogue)
}

fn with_basics(form: Form, plan: &Plan) -> Form {
    let form = form
        .with("medicine", plan.medicine.to_string())
        .with("baseline_on", iso(plan.baseline_on))
        .with("first_reduction_on", iso(plan.first_reduction_on))
        .with("goal", plain(plan.goal))
        .with("indication", plan.indication.clone())
        .with("why", plan.reason.clone());
    let form = with_late(form, plan);
    let doses = plan.step(0).into_iter().flat_map(|step| step.regimen().doses());
    (1..).zip(doses).fold(form, |form, (line, dose)| {
        form.with(&slot_field(line), dose.slot.to_string()).with(&dose_field(line), plain(dose.amount))
    })
}

/// What the plan says of a missed or late dose.
pub(super) fn with_late(form: Form, plan: &Plan) -> Form {
    let rule = plan.late_rule();
    form.with("missed_dose", rule.instruction).with("least_hours", rule.least_hours.to_string())
}

fn with_steps(form: Form, plan: &Plan) -> Form {
    // The swaps of a cross-taper follow from what was confirmed; what is typed comes after them.
    let reductions = &plan.steps[1 + plan.swaps_after(1).len()..];
    (1..).zip(reductions).fold(form, |form, (at, step)| with_step(form, at, step))
}

fn with_step(form: Form, at: usize, step: &Step) -> Form {
    let days = step.least_days.map(|days| days.to_string()).unwrap_or_default();
    let doses = (1..).zip(step.regimen().doses());
    doses.fold(form.with(&days_field(at), days), |form, (line, dose)| {
        form.with(&step_dose_field(at, line), plain(dose.amount))
    })
}

/// What nobody has chosen stands at the protocol's default.
pub fn with_defaults(form: Form, catalogue: &Catalogue) -> Form {
    let protocols = catalogue.protocols().iter();
    let all = protocols.flat_map(|protocol| protocol.parameters.iter().map(move |one| (protocol, one)));
    let form = form.with("swap_days", "7");
    all.fold(form, |form, (protocol, one)| form.with(&setting_field(&protocol.id, &one.name), one.default.clone()))
}

pub(super) fn iso(on: NaiveDate) -> String {
    on.to_string()
}

/// `0.5 mg`, with a space as a keyboard makes it.
pub(super) fn plain(amount: Amount) -> String {
    format!("{} mg", amount.number())
}
