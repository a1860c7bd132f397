//! A resident on the round, with every dose of theirs there and how it stands.

use super::facts::Facts;
use super::sheet::{Bedside, Entry, Stand};
use crate::care::amount::Amount;
use crate::care::calendar::day_text;
use crate::care::name_alert::Surnames;
use crate::care::resident::Allergies;
use crate::care::round::due::{RoundOf, Urgency};
use crate::care::round::mar::Month;
use crate::care::round::outcome::Outcome;
use crate::store::doses::{Administration, DoseFile};
use crate::web::links;
use crate::web::parts::alerts::AlertLine;
use crate::web::parts::banner::Portrait;
use crate::web::parts::pieces::{MakeUp, form_of};
use crate::web::parts::{DoseView, Tag, initials, span_text};

pub struct Person {
    pub anchor: String,
    pub href: String,
    pub surname: String,
    pub forename: String,
    pub place: String,
    pub photo: Option<Portrait>,
    pub allergies: Allergies,
    pub alike: String,
    pub as_needed: bool,
    pub alerts: Vec<AlertLine>,
    pub mar: String,
    pub doses: Vec<Row>,
}

pub struct Row {
    pub slot: String,
    /// The day, where it is another than the round's.
    pub day: Option<String>,
    pub tag: Tag,
    pub medicine: String,
    pub form: String,
    pub make_up: Option<MakeUp>,
    pub dose: DoseView,
    pub changed: Option<String>,
    /// What an urgent order says of it.
    pub ordered: Option<String>,
    /// `Vomited at 08:40, 25 min after it`
    pub vomited: Option<String>,
    pub action: Option<Action>,
    /// Of what was recorded a moment ago: where it is corrected.
    pub undo: Option<Action>,
    pub recorded: bool,
    pub planned: bool,
    /// It is not given now.
    pub barred: bool,
}

/// The one link of a row.
pub struct Action {
    pub href: String,
    pub word: &'static str,
    pub quiet: bool,
    /// For who hears it without the row.
    pub said: String,
}

pub fn anchor(resident: &str) -> String {
    format!("resident-{resident}")
}

pub fn clock(facts: &Facts, at: chrono::DateTime<chrono::Utc>) -> String {
    facts.facility.zone.local(at).format("%H:%M").to_string()
}

pub fn person(facts: &Facts, round: &RoundOf, bedside: &Bedside, surnames: &Surnames) -> Person {
    let resident = bedside.resident;
    Person {
        anchor: anchor(&resident.id),
        href: links::resident(&resident.id),
        surname: resident.surname.to_uppercase(),
        forename: resident.forename.clone(),
        place: format!("Room\u{a0}{} · Born\u{a0}{}", resident.room, day_text(resident.born_on)),
        photo: facts.photographed.contains(&resident.id).then(|| Portrait::of(resident)),
        allergies: resident.allergies.clone(),
        alike: surnames.like_in_words(resident),
        as_needed: facts.as_needed.contains(&resident.id),
        alerts: facts.alerts.iter().filter(|one| one.resident == resident.id).map(AlertLine::from).collect(),
        mar: links::mar(&resident.id, Month::of(facts.facility.zone.day(facts.now))),
        doses: bedside.entries.iter().map(|entry| row(facts, round, bedside, entry)).collect(),
    }
}

fn row(facts: &Facts, round: &RoundOf, bedside: &Bedside, entry: &Entry) -> Row {
    let dose = entry.dose;
    let amount = match entry.stand {
        Stand::Recorded(administration) => administration.planned,
        _ => dose.level.amount,
    };
    let pieces = facts.shelves.of(&dose.key.medicine).pieces(amount);
    let form = pieces.as_ref().and_then(form_of).unwrap_or_default().to_owned();
    let another_day = dose.key.on != round.on;
    let barred = entry.urgency().and_then(|_| facts.barred(dose));
    Row {
        slot: dose.key.slot.to_string(),
        day: another_day.then(|| day_text(dose.key.on)),
        tag: barred.map_or_else(|| tag(facts, entry), Tag::overdue),
        medicine: dose.key.medicine.to_string(),
        form,
        make_up: pieces.as_ref().map(MakeUp::of),
        dose: DoseView::new(amount),
        changed: entry
            .changed_from
            .filter(|_| !matches!(entry.stand, Stand::Suspended))
            .map(|from| format!("Dose changed today: from\u{a0}{from} to\u{a0}{amount}")),
        ordered: entry.ordered_by.map(|name| ordered_text(name, amount)),
        vomited: vomited(facts, entry),
        action: action(bedside, entry),
        undo: undo(facts, bedside, entry),
        recorded: matches!(entry.stand, Stand::Recorded(_)),
        planned: matches!(entry.stand, Stand::Undecided | Stand::NoDose | Stand::Suspended),
        barred: barred.is_some(),
    }
}

fn tag(facts: &Facts, entry: &Entry) -> Tag {
    let due_at = entry.dose.due_at;
    match entry.stand {
        Stand::Open(_) if facts.asks_first(entry.dose) => Tag::overdue("Ask whether it was given"),
        Stand::Open(Urgency::Overdue) if facts.has_no_record(entry.dose) => Tag::no_record(),
        Stand::Open(Urgency::Overdue) => Tag::overdue(format!("{} late", span_text(facts.now - due_at))),
        Stand::Open(Urgency::DueNow) => Tag::due_now(),
        Stand::Open(Urgency::DueSoon) => Tag::due_soon(format!("in\u{a0}{}", span_text(due_at - facts.now))),
        Stand::Undecided => Tag::overdue("Decision needed"),
        Stand::NoDose => Tag::due_soon("Planned: no dose"),
        Stand::Suspended => Tag::hold("Suspended"),
        Stand::Recorded(administration) => Tag::outcome(administration.outcome, recorded_text(facts, administration)),
    }
}

/// The last time somebody vomited after a dose that was taken.
fn vomited(facts: &Facts, entry: &Entry) -> Option<String> {
    let Stand::Recorded(record) = entry.stand else { return None };
    let last = facts.vomited.get(&entry.dose.id)?.last().filter(|_| !record.given.is_zero())?;
    let minutes = last.minutes_after(record.given_at);
    Some(format!("Vomited at {}, {minutes}\u{a0}min after it", clock(facts, last.vomited_at)))
}

/// `Given 07:58 AD`, `Given in part: 0.25 mg 07:58 AD`
fn recorded_text(facts: &Facts, administration: &Administration) -> String {
    let by = facts.names.get(administration.giver()).map(|name| initials(name)).unwrap_or_default();
    let part = match administration.outcome {
        Outcome::GivenInPart => format!(": {}", administration.given),
        _ => String::new(),
    };
    format!("{}{part} {} {by}", administration.outcome.title(), clock(facts, administration.given_at))
}

fn action(bedside: &Bedside, entry: &Entry) -> Option<Action> {
    let urgency = entry.urgency()?;
    let DoseFile { id, key, level, .. } = entry.dose;
    let (word, quiet) = if urgency == Urgency::DueSoon { ("See", true) } else { ("Record", false) };
    let said = format!("{}, {} {}, due {}", bedside.resident.name(), key.medicine, level.amount, key.slot);
    Some(Action { href: links::dose(id), word, quiet, said })
}

/// What was recorded a moment ago is undone by correcting it.
fn undo(facts: &Facts, bedside: &Bedside, entry: &Entry) -> Option<Action> {
    let DoseFile { id, key, .. } = entry.dose;
    let just_recorded = facts.just_recorded.as_ref() == Some(id);
    let recorded = matches!(entry.stand, Stand::Recorded(_));
    let said = format!("the record of {}, {} {}", bedside.resident.name(), key.slot, key.medicine);
    (just_recorded && recorded).then(|| Action { href: links::correction(id), word: "Undo", quiet: true, said })
}

/// `Urgent order by Dr Helen Marsh: give nothing`
fn ordered_text(prescriber: &str, amount: Amount) -> String {
    match amount.is_zero() {
        true => format!("Urgent order by {prescriber}: give nothing"),
        false => format!("Urgent order by {prescriber}: lowered to\u{a0}{amount}"),
    }
}
