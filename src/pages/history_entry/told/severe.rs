//! A severe sign, who knows of it and what a prescriber decided, told in sentences.

use super::Told;
use crate::care::calendar::{Zone, day_text};
use crate::care::severe_sign::{Acknowledgement, Release, SevereSign};

/// None where the fact is about something else.
pub fn told(body: &str, zone: Zone) -> Option<Told> {
    let told = |title: &str, sentences: Vec<String>| Told { title: title.to_owned(), sentences };
    if let Ok(sign) = serde_json::from_str::<SevereSign>(body) {
        return Some(told("Severe sign recorded", seen(&sign, zone)));
    }
    if let Ok(release) = serde_json::from_str::<Release>(body) {
        let sentences = vec![
            "Reductions of this resident may be signed again; every dose stays as it was signed.".to_owned(),
            format!("Rationale: “{}”", release.rationale),
        ];
        return Some(told("Reductions released after a severe sign", sentences));
    }
    serde_json::from_str::<Acknowledgement>(body).ok()?;
    Some(told("Severe sign acknowledged", vec!["The letters about it stop.".to_owned()]))
}

fn seen(sign: &SevereSign, zone: Zone) -> Vec<String> {
    let at = zone.local(sign.seen_at);
    let mut sentences = vec![
        format!("{}, seen {} {}.", sign.sign.title(), day_text(at.date()), at.format("%H:%M")),
        "What was signed ahead is void, and nothing is signed until a prescriber has released it.".to_owned(),
    ];
    if sign.sign.withholds() {
        sentences.push("No sedative is given until a prescriber has decided.".to_owned());
    }
    if !sign.note.is_empty() {
        sentences.push(format!("Note: “{}”", sign.note));
    }
    sentences
}
