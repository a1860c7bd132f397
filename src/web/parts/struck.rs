//! Records of a dose that no longer stand: shown struck through, with who corrected each, when and why.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::{DateTime, Utc};

use crate::care::calendar::{Zone, clock_text};
use crate::care::round::outcome::reason_text;
use crate::store::doses::{Administration, Correction, DoseRecords};
use crate::web::links;

/// The records of one dose that no longer stand, the first one first. A page writes `{{ struck }}` and no more.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/struck.html")]
pub struct Struck {
    lines: Vec<Line>,
}

impl HtmlSafe for Struck {}

#[derive(Debug, Clone)]
struct Line {
    what: String,
    /// `Corrected by Sue Pervisor at 09:10`
    by: String,
    why: String,
    entry: String,
    number: i64,
}

impl Struck {
    pub fn new(records: &DoseRecords, names: &HashMap<String, String>, zone: Zone, now: DateTime<Utc>) -> Struck {
        let line = |record: &Administration| {
            let correction = records.corrections.get(&record.id)?;
            Some(Line {
                what: said(record, names, zone, now),
                by: corrected(correction, names, zone, now),
                why: correction.reason.clone(),
                entry: links::fact(record.n),
                number: record.n,
            })
        };
        Struck { lines: records.all.iter().filter_map(line).collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// None, one, and one with the longest and hostile words.
    pub fn samples() -> Vec<(&'static str, Struck)> {
        let line = |words: &str| Line {
            what: format!("Given at 08:05, 0.75\u{a0}mg of 0.75\u{a0}mg. Saved by {words} at 08:06."),
            by: format!("Corrected by {words} at 09:10."),
            why: words.to_owned(),
            entry: "/history/48212".to_owned(),
            number: 48_212,
        };
        let struck = |lines| Struck { lines };
        vec![
            ("empty", Struck::default()),
            ("usual", struck(vec![line("Tom Fielding RN")])),
            ("longest", struck(vec![line(&"W".repeat(80)), line("Amara Diallo RN")])),
            ("hostile", struck(vec![line("<script>alert(1)</script>")])),
        ]
    }
}

/// Everybody whom the records of a dose name.
pub fn named(records: &DoseRecords) -> BTreeSet<&str> {
    let recorded = records.all.iter().flat_map(Administration::people);
    recorded.chain(records.corrections.values().map(|one| one.corrected_by.as_str())).collect()
}

/// `Given at 08:05, 0.5 mg of 0.5 mg. Saved by Nora Nurse at 08:06.`
pub fn said(record: &Administration, names: &HashMap<String, String>, zone: Zone, now: DateTime<Utc>) -> String {
    let by = names.get(&record.recorded_by).map_or("", String::as_str);
    let (at, saved) = (clock_text(zone, record.given_at, now), clock_text(zone, record.recorded_at, now));
    let reason = reason_text(&record.reason).map(|reason| format!(" {reason}.")).unwrap_or_default();
    let note = if record.note.is_empty() { String::new() } else { format!(" “{}”", record.note) };
    let what = record.outcome.title();
    let giver = giver_text(record, names);
    format!("{what} at {at}, {} of {}.{reason}{note}{giver} Saved by {by} at {saved}.", record.given, record.planned)
}

/// ` Given by Tom Fielding RN, as the paper says.` Empty where whoever recorded it gave it.
pub fn giver_text(record: &Administration, names: &HashMap<String, String>) -> String {
    let source = if record.corrects.is_some() { "" } else { ", as the paper says" };
    let did = if record.given.is_zero() { "Seen to" } else { "Given" };
    let giver = record.given_by.as_ref().and_then(|giver| names.get(giver));
    giver.map(|giver| format!(" {did} by {giver}{source}.")).unwrap_or_default()
}

fn corrected(correction: &Correction, names: &HashMap<String, String>, zone: Zone, now: DateTime<Utc>) -> String {
    let by = names.get(&correction.corrected_by).map_or("", String::as_str);
    let at = clock_text(zone, correction.corrected_at, now);
    match correction.replacement {
        Some(_) => format!("Corrected by {by} at {at}."),
        None => format!("Recorded in error: struck out by {by} at {at}."),
    }
}
