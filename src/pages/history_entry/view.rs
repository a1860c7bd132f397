//! How one fact is shown.

use askama::Template;
use chrono::{DateTime, Utc};

use super::told::{Told, act_text, registration, told, written};
use super::{DoseStory, Found, Sealed};
use crate::care::calendar::{Zone, day_text};
use crate::care::round::outcome::Outcome;
use crate::store::doses::{Administration, Correction};
use crate::store::history::Fact;
use crate::web::parts::deviation::Deviation;
use crate::web::parts::{Banner, Icon, Tag};
use crate::web::{Shell, links};

#[derive(Template)]
#[template(path = "pages/history_entry.html")]
pub struct View {
    shell: Shell,
    banner: Option<Banner>,
    heading: String,
    about: String,
    events: Vec<Event>,
    dose: Option<DoseNow>,
    /// Its record was made in error.
    in_error: bool,
    /// Where what stands is corrected, for whoever may try.
    correct: Option<String>,
    /// Who decided what: the record and its authority.
    stamps: Vec<Stamp>,
    chain: Chain,
    written: Vec<(String, String)>,
}

/// One fact in the story.
pub struct Event {
    title: String,
    at: String,
    sentences: Vec<String>,
    /// It is about a record that no longer stands.
    struck: bool,
    entry: String,
    /// The way to it, unless it is the one shown.
    href: Option<String>,
    seal: String,
    before: String,
}

/// The dose as its record stands.
pub struct DoseNow {
    tag: Tag,
    dose: String,
    due: String,
    actual: String,
    recorded: String,
    deviation: Deviation,
    /// `Given by`, and who: where another recorded it.
    giver: Option<(&'static str, String)>,
    recorded_by: String,
}

pub struct Stamp {
    meaning: String,
    name: String,
    at: String,
    registration: Option<String>,
}

pub struct Chain {
    /// What does not hold; nothing where all does.
    faults: Vec<String>,
    checked: usize,
    at: String,
}

impl View {
    pub(super) fn new(shell: Shell, found: &Found) -> View {
        let (heading, about) = heading(found);
        View {
            banner: found.banner.clone(),
            heading,
            about,
            correct: None,
            events: found.facts.iter().map(|sealed| event(sealed, found)).collect(),
            dose: found.dose.as_ref().and_then(|story| dose_now(story, found)),
            in_error: found.dose.as_ref().is_some_and(|story| story.records.standing().is_none()),
            stamps: stamps(found),
            chain: chain(found),
            written: written(&found.fact.body),
            shell,
        }
    }
}

impl View {
    /// Offers the way to where what stands is corrected.
    pub fn correct_at(self, correct: Option<String>) -> View {
        View { correct, ..self }
    }
}

fn heading(found: &Found) -> (String, String) {
    let number = grouped(found.fact.n);
    match &found.dose {
        Some(story) => {
            let record = &story.last;
            let due = moment(record.due_at, found.facility.zone);
            (format!("Record {number}"), format!("{} {}, due {due}", record.medicine, record.planned))
        }
        None => {
            let by = who(&found.fact);
            (format!("Entry {number}"), format!("{} by {by}", act_text(&found.fact.kind)))
        }
    }
}

/// `Nora Nurse, nurse`; what nobody did, the bell did.
fn who(fact: &Fact) -> String {
    match &fact.done_by_name {
        Some(name) => format!("{name}, {}", fact.role),
        None => "the system".to_owned(),
    }
}

fn event(sealed: &Sealed, found: &Found) -> Event {
    let fact = &sealed.fact;
    let Told { title, sentences } = told(fact, found.facility.zone, &found.names);
    let corrected = found.dose.as_ref().and_then(|story| correction_of(story, fact.n));
    let replaced = corrected.map(|by| format!(", corrected by {}", grouped(by.n))).unwrap_or_default();
    Event {
        title: format!("{title} by {}", who(fact)),
        at: moment(fact.done_at, found.facility.zone),
        sentences,
        struck: corrected.is_some(),
        entry: format!("entry {}{replaced}", grouped(fact.n)),
        href: (fact.n != found.fact.n).then(|| links::fact(fact.n)),
        seal: in_fours(&fact.seal),
        before: sealed.seal.as_ref().map_or_else(|fault| fault.to_string(), |seal| shortened(seal)),
    }
}

/// What corrected the record that a fact wrote.
fn correction_of(story: &DoseStory, n: i64) -> Option<&Correction> {
    let record = story.records.all.iter().find(|record| record.n == n)?;
    story.records.corrections.get(&record.id)
}

fn dose_now(story: &DoseStory, found: &Found) -> Option<DoseNow> {
    let (record, facility) = (story.records.standing()?, &found.facility);
    let late = record.late_minutes();
    let window = if late < 0 { facility.windows.early_minutes } else { facility.windows.late_minutes };
    let of = if record.given == record.planned { String::new() } else { format!(" of {}", record.planned) };
    Some(DoseNow {
        tag: outcome_tag(record.outcome),
        dose: format!("{}{of}", record.given),
        due: moment(record.due_at, facility.zone),
        actual: moment(record.given_at, facility.zone),
        recorded: moment(record.recorded_at, facility.zone),
        deviation: Deviation::new(late, window.into()),
        giver: record.given_by.as_ref().map(|giver| (hand(record), found.name(giver).to_owned())),
        recorded_by: story.recorded_by.clone(),
    })
}

/// Of what was not given somebody decided that it was not.
fn hand(record: &Administration) -> &'static str {
    if record.given.is_zero() { "Seen to by" } else { "Given by" }
}

fn outcome_tag(outcome: Outcome) -> Tag {
    match outcome {
        Outcome::Given | Outcome::SelfAdministered => Tag::given(outcome.title()),
        Outcome::GivenInPart => Tag::given_in_part("Given in part"),
        Outcome::Refused => Tag::refused("Refused"),
        Outcome::Withheld => Tag::withheld("Withheld"),
        Outcome::NotAvailable => Tag::not_available("Not available"),
        Outcome::Absent => Tag::absent("Absent"),
    }
}

/// Who put their name to the dose: whoever recorded it, and whoever signed or approved it.
fn stamps(found: &Found) -> Vec<Stamp> {
    let Some(story) = &found.dose else { return Vec::new() };
    let stamp = |fact: &Fact| Stamp {
        meaning: meaning(fact, story),
        name: who(fact),
        at: moment(fact.done_at, found.facility.zone),
        registration: registration(fact),
    };
    found.facts.iter().map(|sealed| stamp(&sealed.fact)).collect()
}

fn meaning(fact: &Fact, story: &DoseStory) -> String {
    match story.records.all.iter().find(|record| record.n == fact.n) {
        Some(record) if fact.kind == "correct_dose" => format!("Corrected the record to {}", record.outcome.text()),
        Some(record) => format!("Recorded this dose as {}", record.outcome.text()),
        None if fact.kind == "correct_dose" => "Struck the record out".to_owned(),
        None if fact.kind == "approve_plan" => "Approved the plan it belongs to".to_owned(),
        None if fact.kind == "sign_reduction" => "Signed the reduction to it".to_owned(),
        None => act_text(&fact.kind),
    }
}

fn chain(found: &Found) -> Chain {
    Chain {
        faults: found.facts.iter().filter_map(|sealed| sealed.seal.as_ref().err()).map(ToString::to_string).collect(),
        checked: found.facts.len(),
        at: found.facility.zone.local(found.now).format("%H:%M").to_string(),
    }
}

fn moment(at: DateTime<Utc>, zone: Zone) -> String {
    let local = zone.local(at);
    format!("{} {}", day_text(local.date()), local.format("%H:%M"))
}

/// `48 211`, with spaces that do not break.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let parts: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    parts.iter().map(|part| String::from_utf8_lossy(part)).collect::<Vec<_>>().join("\u{a0}")
}

/// `c41e 77b0 …`: a seal that two people can compare aloud.
fn in_fours(seal: &str) -> String {
    let fours: Vec<_> = seal.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
    fours.join(" ")
}

/// `5d90 … 1ac3`
fn shortened(seal: &str) -> String {
    match (seal.get(..4), seal.get(seal.len().saturating_sub(4)..)) {
        (Some(first), Some(last)) => format!("prev {first} … {last}"),
        _ => "the first of all".to_owned(),
    }
}
