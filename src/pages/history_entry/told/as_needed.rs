//! As-needed orders, doses and effects, told in sentences.

use chrono::{DateTime, Utc};

use super::{Names, name, witness_text};
use crate::care::calendar::{Zone, day_text};
use crate::care::round::as_needed::giving::span;
use crate::care::round::as_needed::order::Order;
use crate::store::as_needed::{AsNeededDose, Ended, NotedEffect, Strike};
use crate::store::history::Fact;

/// What such a fact says; none for a fact of another kind.
pub fn sentences(fact: &Fact, zone: Zone, names: &Names) -> Option<Vec<String>> {
    let body = fact.body.as_str();
    match fact.kind.as_str() {
        "order_as_needed" => serde_json::from_str(body).ok().map(|order| ordered(&order)),
        "end_as_needed" => serde_json::from_str(body).ok().map(|end: Ended| vec![format!("Reason: “{}”", end.reason)]),
        "record_as_needed" | "enter_as_needed" => serde_json::from_str(body).ok().map(|dose| given(&dose, zone, names)),
        "strike_as_needed" => serde_json::from_str(body).ok().map(|strike: Strike| {
            vec!["Recorded in error: it no longer stands.".to_owned(), format!("Why: “{}”", strike.reason)]
        }),
        "note_effect" => serde_json::from_str(body).ok().map(|effect| noted(&effect)),
        _ => None,
    }
}

fn ordered(order: &Order) -> Vec<String> {
    let (least, most) = (span(order.least_minutes), order.most);
    let why = (!order.rationale.is_empty()).then(|| format!("Rationale: “{}”", order.rationale));
    let told = [
        format!("{} {}, for: “{}”.", order.medicine, order.amount, order.reason),
        format!("At most one in {least}, and {most} of {} in any 24 hours.", order.medicine),
        format!("From {} to {}.", day_text(order.starts_on), day_text(order.ends_on)),
    ];
    told.into_iter().chain(why).collect()
}

fn given(dose: &AsNeededDose, zone: Zone, names: &Names) -> Vec<String> {
    let made_of = if dose.pieces.is_empty() { String::new() } else { format!(", {}", dose.pieces) };
    let mut told = vec![
        format!("{} {}{made_of}, actual time {}.", dose.medicine, dose.given, moment(dose.given_at, zone)),
        format!("Why: “{}”", dose.why),
    ];
    told.extend(dose.given_by.as_ref().map(|giver| format!("Given by {}, as the paper says.", name(names, giver))));
    told.extend(witness_text(dose.witnessed_by.as_ref(), names));
    told.extend(dose.unwitnessed.as_ref().map(|why| format!("Given without the witness wanted here: “{why}”")));
    if !dose.identified.is_empty() {
        told.push(format!("Checked before it: {}.", dose.identified.trim_end_matches('.')));
    }
    told
}

fn noted(noted: &NotedEffect) -> Vec<String> {
    let note = (!noted.note.is_empty()).then(|| format!("Note: “{}”", noted.note));
    [format!("{}.", noted.effect.title())].into_iter().chain(note).collect()
}

fn moment(at: DateTime<Utc>, zone: Zone) -> String {
    let local = zone.local(at);
    format!("{} {}", day_text(local.date()), local.format("%H:%M"))
}
