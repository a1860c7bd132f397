//! The settings of the register, in the form of all settings: whose supply, and what a second person has to see.

use serde::Deserialize;

use crate::care::refusal::Refusal;
use crate::care::register::{HeldBy, RegisterRules};
use crate::care::witness::{Watched, WitnessPolicy};
use crate::web::{Choice, Errors, Form};

/// As chosen. A box that is not ticked is not sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Ask {
    register_holder: String,
    witness_give: String,
    witness_waste: String,
    witness_count: String,
    witness_receive: String,
}

/// The field of what may be watched.
pub fn field(watched: Watched) -> String {
    format!("witness_{}", watched.word())
}

/// The settings as they stand.
pub fn filled(form: Form, rules: &RegisterRules) -> Form {
    let form = form.with("register_holder", rules.held_by.word());
    rules.witness.0.iter().fold(form, |form, watched| form.with(&field(*watched), "yes"))
}

pub fn read(ask: &Ask, errors: &mut Errors) -> Option<RegisterRules> {
    let held_by = HeldBy::of_word(&ask.register_holder).ok_or(Refusal::HolderMissing);
    let held_by = errors.keep("register_holder", held_by)?;
    let ticked = |watched: &Watched| match watched {
        Watched::Give => ask.witness_give == "yes",
        Watched::Waste => ask.witness_waste == "yes",
        Watched::Count => ask.witness_count == "yes",
        Watched::Receive => ask.witness_receive == "yes",
    };
    let witness = WitnessPolicy(Watched::ALL.into_iter().filter(ticked).collect());
    Some(RegisterRules { held_by, witness, ..RegisterRules::default() })
}

pub fn holders() -> Vec<Choice> {
    vec![
        Choice::new(HeldBy::Residents.word(), "Each resident’s own supply"),
        Choice::new(HeldBy::Units.word(), "The box of the unit"),
    ]
}

/// What may be watched: its field and its label.
pub fn watched() -> Vec<(String, &'static str)> {
    Watched::ALL.into_iter().map(|watched| (field(watched), watched.text())).collect()
}
