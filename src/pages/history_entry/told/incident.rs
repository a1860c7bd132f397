//! What was given in error, and what was answered, told in sentences.

use super::{Names, Told, name};
use crate::care::calendar::{Zone, day_text};
use crate::care::incident::{Answer, Incident, Struck};
use crate::store::history::Fact;

/// None where the fact is about something else.
pub fn told(fact: &Fact, zone: Zone, names: &Names) -> Option<Told> {
    match fact.kind.as_str() {
        "record_incident" => Some(recorded(&serde_json::from_str(&fact.body).ok()?, zone, names)),
        "strike_incident" => Some(struck(&serde_json::from_str(&fact.body).ok()?)),
        "answer_incident" => Some(answered(&serde_json::from_str(&fact.body).ok()?)),
        _ => None,
    }
}

fn recorded(incident: &Incident, zone: Zone, names: &Names) -> Told {
    let at = zone.local(incident.given_at);
    let giver = incident.given_by.as_ref().map(|giver| format!("Given by {}.", name(names, giver)));
    let sentences = vec![
        format!("{} {} was given {} {}.", incident.given, incident.medicine, day_text(at.date()), at.format("%H:%M")),
        giver.unwrap_or_else(|| "Who gave it is not known.".to_owned()),
        format!("What was wrong: {}, {}.", incident.mistake.title().to_lowercase(), incident.mistake.looks()),
        format!("What happened: “{}”", incident.what),
        format!("Done at once: “{}”", incident.done),
    ];
    Told { title: "Given in error".to_owned(), sentences }
}

fn struck(struck: &Struck) -> Told {
    let sentences = vec!["Recorded in error: it no longer stands.".to_owned(), format!("Why: “{}”", struck.reason)];
    Told { title: "Incident struck".to_owned(), sentences }
}

fn answered(answer: &Answer) -> Told {
    let title = format!("Incident answered as {}", answer.role.word());
    Told { title, sentences: vec![format!("“{}”", answer.said)] }
}
