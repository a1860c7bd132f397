//! The settings of gradual dose reductions, in the form of all settings.

use serde::Deserialize;

use crate::care::facility::{GRADUAL_ATTEMPTS, GRADUAL_BETWEEN_DAYS, GRADUAL_CONTRAINDICATION_DAYS, number_between};
use crate::care::gradual::rules::{Between, GradualRules};
use crate::web::{Errors, Form};

/// As typed. A box that is not ticked is not sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Ask {
    gradual_attempts: String,
    gradual_quarters: String,
    gradual_between_days: String,
    gradual_yearly: String,
    gradual_contraindication_days: String,
}

/// The settings as they stand.
pub fn filled(form: Form, rules: &GradualRules) -> Form {
    let ticked = |form: Form, name, yes| if yes { form.with(name, "yes") } else { form };
    let days = if let Between::Days(days) = rules.between { days.to_string() } else { String::new() };
    let form = form
        .with("gradual_attempts", rules.attempts.to_string())
        .with("gradual_between_days", days)
        .with("gradual_contraindication_days", rules.contraindication_days.to_string());
    let form = ticked(form, "gradual_quarters", rules.quarters_differ);
    ticked(form, "gradual_yearly", rules.yearly)
}

pub fn read(ask: &Ask, errors: &mut Errors) -> Option<GradualRules> {
    let mut number = |field, typed: &str, bounds| errors.keep(field, number_between(typed, bounds));
    let attempts = number("gradual_attempts", &ask.gradual_attempts, GRADUAL_ATTEMPTS);
    let between = match ask.gradual_between_days.trim() {
        "" => Some(Between::Month),
        typed => number("gradual_between_days", typed, GRADUAL_BETWEEN_DAYS).map(Between::Days),
    };
    let days = &ask.gradual_contraindication_days;
    let contraindication_days = number("gradual_contraindication_days", days, GRADUAL_CONTRAINDICATION_DAYS);
    Some(GradualRules {
        attempts: attempts?,
        quarters_differ: ask.gradual_quarters == "yes",
        between: between?,
        yearly: ask.gradual_yearly == "yes",
        contraindication_days: contraindication_days?,
    })
}
