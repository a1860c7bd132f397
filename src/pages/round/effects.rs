//! The effects that are still to be noted: a nurse goes back to whoever was given something as needed.

use super::facts::Facts;
use crate::store::as_needed::AsNeededDose;
use crate::web::links;
use crate::web::parts::{Tag, span_text};

/// One dose whose effect nobody has noted.
pub struct Wanted {
    /// When it is asked for: `08:50`
    pub at: String,
    pub tag: Tag,
    pub surname: String,
    pub forename: String,
    pub medicine: String,
    pub amount: String,
    pub given: String,
    pub href: String,
}

/// The first to be asked for comes first.
pub fn wanted(facts: &Facts) -> Vec<Wanted> {
    facts.effects.iter().filter_map(|dose| line(facts, dose)).collect()
}

fn line(facts: &Facts, dose: &AsNeededDose) -> Option<Wanted> {
    let resident = facts.residents.iter().find(|resident| resident.id == dose.resident)?;
    let due_at = facts.facility.effect_at(dose.given_at);
    let clock = |at| facts.facility.zone.local(at).format("%H:%M").to_string();
    let within = span_text(due_at - facts.now);
    Some(Wanted {
        at: clock(due_at),
        tag: if due_at <= facts.now { Tag::due_now() } else { Tag::due_soon(format!("in\u{a0}{within}")) },
        surname: resident.surname.to_uppercase(),
        forename: resident.forename.clone(),
        medicine: dose.medicine.to_string(),
        amount: dose.given.to_string(),
        given: clock(dose.given_at),
        href: links::effect(&dose.id),
    })
}
