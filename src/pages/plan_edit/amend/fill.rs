//! An amendment's form filled in: from the plan as it stands, from steps to be edited by hand, or with one line more.

use super::super::fields::is_filled;
use super::super::fill::{iso, plain, with_defaults, with_late};
use super::super::names::{MOST_STEPS, days_field, setting_field, step_dose_field};
use super::entered::{Begun, row_fields};
use crate::care::amount::Amount;
use crate::care::catalogue::Catalogue;
use crate::care::taper::plan::{Plan, Step};
use crate::care::taper::reduction::Case;
use crate::web::{Form, Typed};

/// The fields that stay as they were typed when a line is put in.
const KEPT: [&str; 8] = [
    "first_reduction_on",
    "swap_days",
    "goal",
    "protocol",
    "rationale",
    "decisions_seen",
    "missed_dose",
    "least_hours",
];

/// The plan as it stands: its coming steps in their lines, or its protocol where lines cannot say them.
pub fn of_case(form: Form, case: &Case, decisions: usize, catalogue: &Catalogue) -> Form {
    let (plan, coming) = (&case.plan, case.coming_steps());
    let first_on = coming.first().map_or(case.amended_from(), |step| step.planned_on.max(case.amended_from()));
    let form = form
        .with("decisions_seen", decisions.to_string())
        .with("first_reduction_on", iso(first_on))
        .with("goal", plain(plan.goal));
    let form = with_late(form, plan);
    let begun = Begun::of(case);
    let swap_days = begun.swaps.first().and_then(|step| step.least_days).map(|days| days.to_string());
    let form = swap_days.into_iter().fold(form, |form, days| form.with("swap_days", days));
    let coming = &coming[begun.swaps.len()..];
    let in_lines = coming.iter().all(|step| step.cycle.len() == 1);
    let form = form.with("protocol", if in_lines { "by-hand" } else { &plan.protocol });
    let set =
        |form: Form, (name, value): (&String, &String)| form.with(&setting_field(&plan.protocol, name), value.clone());
    let form = plan.settings.iter().fold(form, set);
    with_defaults(if in_lines { with_steps(form, coming, &begun) } else { form }, catalogue)
}

/// The steps of an amendment typed out, to be edited one by one; the rest of the form as it was typed.
pub fn by_hand(form: Form, typed: &Typed, proposed: &Plan, begun: &Begun, catalogue: &Catalogue) -> Form {
    let form = with_steps(form.with("protocol", "by-hand"), &proposed.steps[begun.step as usize + 1..], begun);
    with_defaults(kept(form, typed), catalogue)
}

/// One line more before a step: the lines from there on move down by one.
pub fn with_line_before(form: Form, typed: &Typed, at: usize, begun: &Begun, catalogue: &Catalogue) -> Form {
    let (first, slots) = (begun.step as usize + 1, begun.today.len());
    let last = (first..first + MOST_STEPS).filter(|step| is_filled(typed, *step)).max().unwrap_or(first);
    let moved = (first..=last).fold(form, |form, step| {
        let to = if step >= at { step + 1 } else { step };
        let fields = row_fields(step, slots).zip(row_fields(to, slots));
        fields.fold(form, |form, (from, to)| form.with(&to, typed.value(&from).unwrap_or_default()))
    });
    with_defaults(kept(moved, typed), catalogue)
}

fn kept(form: Form, typed: &Typed) -> Form {
    let form = KEPT.iter().fold(form, |form, name| form.with(name, typed.value(name).unwrap_or_default()));
    let settings = typed.names().filter(|name| name.contains('.'));
    settings.fold(form, |form, name| form.with(name, typed.value(name).unwrap_or_default()))
}

fn with_steps(form: Form, coming: &[Step], begun: &Begun) -> Form {
    coming.iter().fold(form, |form, step| {
        let at = step.ordinal as usize;
        let days = step.least_days.map(|days| days.to_string()).unwrap_or_default();
        let amount = |slot| step.regimen().amount(slot, &begun.medicine);
        let doses: Vec<Amount> = begun.today.keys().map(|slot| amount(*slot)).collect();
        (1..).zip(doses).fold(form.with(&days_field(at), days), |form, (line, dose)| {
            form.with(&step_dose_field(at, line), plain(dose))
        })
    })
}
