//! What a fact says, told in sentences; and every word of it as it was written.

mod absence;
mod agency;
mod alert;
mod as_needed;
mod correction;
mod gradual;
mod incident;
mod register;
mod severe;
mod vomit;

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use crate::care::amount::Amount;
use crate::care::calendar::{Zone, day_text};
use crate::care::gradual::note::Note;
use crate::care::incident::Incident;
use crate::care::round::outcome::reason_text;
use crate::care::taper::level::PlanFact;
use crate::care::taper::statement::Statement;
use crate::store::as_needed::AsNeededDose;
use crate::store::assessments::Assessment;
use crate::store::doses::Administration;
use crate::store::history::Fact;
use crate::web::parts::decided;
use crate::web::parts::struck::giver_text;

/// A fact as it is read: what was done, and more about it.
pub struct Told {
    /// `Recorded as given`
    pub title: String,
    pub sentences: Vec<String>,
}

/// A decision about a plan, as its fact holds it.
#[derive(Deserialize)]
struct Decision {
    fact: PlanFact,
    statement: Value,
}

/// Names by people’s ids.
pub type Names = HashMap<String, String>;

pub fn told(fact: &Fact, zone: Zone, names: &Names) -> Told {
    let mut told = told_alone(fact, zone, names);
    correction::tell(fact, &mut told);
    told.sentences.extend(register::sentences(fact));
    told
}

fn told_alone(fact: &Fact, zone: Zone, names: &Names) -> Told {
    if let Some(sentences) = as_needed::sentences(fact, zone, names) {
        return Told { title: act_text(&fact.kind), sentences };
    }
    if let Ok(record) = serde_json::from_str::<Administration>(&fact.body) {
        return recorded(&record, zone, names);
    }
    if let Ok(note) = serde_json::from_str::<Note>(&fact.body) {
        return gradual::noted(&note);
    }
    if let Ok(score) = serde_json::from_str::<Assessment>(&fact.body) {
        return scored(&score, zone);
    }
    let told = agency::told(fact, zone).or_else(|| incident::told(fact, zone, names));
    if let Some(told) = told.or_else(|| told_of_a_day(&fact.body, zone)) {
        return told;
    }
    match serde_json::from_str::<Decision>(&fact.body) {
        Ok(decision) => decided(&decision),
        Err(_) => Told { title: act_text(&fact.kind), sentences: Vec::new() },
    }
}

/// Of what is told by the shape of its fact.
fn told_of_a_day(body: &str, zone: Zone) -> Option<Told> {
    severe::told(body, zone)
        .or_else(|| absence::told(body, zone))
        .or_else(|| alert::told(body, zone))
        .or_else(|| vomit::told(body, zone))
}

fn scored(score: &Assessment, zone: Zone) -> Told {
    let band = score.band.as_ref().map(|band| format!(", {band}")).unwrap_or_default();
    let at = zone.local(score.assessed_at);
    let mut sentences = vec![format!(
        "{}, version {}, scored at {} on {}.",
        score.scale_name,
        score.scale_version,
        at.format("%H:%M"),
        day_text(at.date())
    )];
    if !score.incomplete_reason.is_empty() {
        sentences.push(format!("Incomplete: “{}”", score.incomplete_reason));
    }
    Told { title: format!("Scored: {}{band}", score.total_text()), sentences }
}

fn recorded(record: &Administration, zone: Zone, names: &Names) -> Told {
    let made_of = if record.pieces.is_empty() { String::new() } else { format!(", {}", record.pieces) };
    let taken = if record.given == record.planned {
        format!("{}{made_of}", record.given)
    } else {
        format!("{} of {} taken{made_of}", record.given, record.planned)
    };
    let at = zone.local(record.given_at);
    let mut sentences = vec![format!("{taken}, actual time {}.", at.format("%H:%M"))];
    sentences.extend(sentence(&giver_text(record, names)));
    sentences.extend(witness_text(record.witnessed_by.as_ref(), names));
    sentences.extend(reason_text(&record.reason).map(|text| format!("Reason: {text} ({}).", record.reason)));
    sentences.extend(record.word.as_ref().map(|word| {
        let at = zone.local(word.at);
        format!("On the word of {}, by telephone at {}, read back.", name(names, &word.by), at.format("%H:%M"))
    }));
    sentences.extend(record.sedation.map(|point| format!("Sedation (RASS) before it: {point}.")));
    sentences.extend(record.unwitnessed.as_ref().map(|why| format!("Given without the witness wanted here: “{why}”")));
    if !record.identified.is_empty() {
        sentences.push(format!("Checked before it: {}.", record.identified.trim_end_matches('.')));
    }
    if !record.note.is_empty() {
        sentences.push(format!("Note: “{}”", record.note));
    }
    // “Recorded as given by Maya” would name whoever wrote it down as who gave it.
    let typed = if record.given_by.is_some() { ", typed in" } else { "" };
    Told { title: format!("Recorded as {}{typed}", record.outcome.text()), sentences }
}

/// Everybody whom a fact names beside whoever did it, by their ids.
pub fn people(fact: &Fact) -> Vec<String> {
    let body = fact.body.as_str();
    if let Ok(record) = serde_json::from_str::<Administration>(body) {
        let word = record.word.iter().map(|word| word.by.as_str());
        return record.people().chain(word).map(str::to_owned).collect();
    }
    if let Ok(dose) = serde_json::from_str::<AsNeededDose>(body) {
        return dose.people().map(str::to_owned).collect();
    }
    serde_json::from_str::<Incident>(body).ok().and_then(|incident| incident.given_by).into_iter().collect()
}

fn name<'a>(names: &'a Names, person: &str) -> &'a str {
    names.get(person).map_or("somebody who left", String::as_str)
}

fn witness_text(witness: Option<&String>, names: &Names) -> Option<String> {
    witness.map(|witness| format!("Witness: {}.", name(names, witness)))
}

/// A sentence, where there is one.
fn sentence(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn decided(decision: &Decision) -> Told {
    let fact = &decision.fact;
    let (title, effect) = (decided::title(&fact.act), decided::effect(&fact.act));
    let statement = serde_json::from_value::<Statement>(decision.statement.clone()).ok();
    let meaning = statement.map(|statement| format!("Meaning: “{}”", statement.meaning));
    let why = (!fact.rationale.is_empty()).then(|| format!("Rationale: “{}”", fact.rationale));
    Told { title, sentences: [Some(effect), meaning, why].into_iter().flatten().collect() }
}

/// The registration that a signature was made with.
pub fn registration(fact: &Fact) -> Option<String> {
    let decision: Decision = serde_json::from_str(&fact.body).ok()?;
    let statement: Statement = serde_json::from_value(decision.statement).ok()?;
    Some(statement.registration).filter(|number| !number.is_empty())
}

/// What an act established: `Plan drafted`. An act without words of its own is told by its name.
pub fn act_text(kind: &str) -> String {
    let words = bedside_words(kind).or_else(|| plan_words(kind)).or_else(|| house_words(kind));
    words.map_or_else(|| capital(&kind.replace('_', " ")), capital)
}

/// What was given, seen and scored.
fn bedside_words(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "record_assessment" => "resident scored",
        "record_dose" => "dose recorded",
        "correct_dose" => "record of a dose struck out",
        "order_as_needed" => "as-needed order written",
        "end_as_needed" => "as-needed order ended",
        "record_as_needed" => "as-needed dose given",
        "strike_as_needed" => "as-needed dose struck",
        "note_effect" => "effect noted",
        "note_vomit" => "vomited after a dose",
        "letter_mar" => "letters of the MAR changed",
        "witness_medicine" => "witness of a medicine changed",
        "send_letters" => "letters sent again after a copy was put back",
        "trust_clock" => "clock found right after it was set back",
        "look_through" => "day of the register looked through",
        "plan_ordering" => "days of ordering changed",
        "limit_medicine" => "maximum in 24 hours set",
        "record_severe_sign" => "severe sign recorded",
        "acknowledge_alert" => "taper alert acknowledged",
        "acknowledge_sign" => "severe sign acknowledged",
        "record_incident" => "given in error",
        "answer_incident" => "incident answered",
        "strike_incident" => "incident struck",
        "release_reductions" => "reductions released after a severe sign",
        _ => return None,
    })
}

/// What was decided about a taper.
fn plan_words(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "draft_plan" => "plan drafted",
        "record_baseline" => "baseline recorded",
        "discard_draft" => "draft discarded",
        "approve_plan" => "plan approved",
        "sign_reduction" => "reduction signed",
        "hold_reduction" => "reduction held",
        "return_reduction" => "plan sent back",
        "answer_return" => "returned plan answered",
        "amend_plan" => "amendment submitted",
        "approve_amendment" => "amendment approved",
        "drop_amendment" => "amendment taken back",
        "ask_stop" => "abrupt stop asked for",
        "stop_plan" => "plan stopped, countersigned",
        "decline_stop" => "abrupt stop declined",
        "finish_plan" => "plan finished",
        "withdraw_signature" => "signature withdrawn",
        "pause_reduction" => "reduction paused",
        "hold_plan" => "plan held by a prescriber",
        "end_hold" => "hold ended",
        "step_back" => "level decided by a prescriber",
        "order_urgently" => "urgent order given",
        "review_order" => "urgent order reviewed",
        "confirm_order" => "telephone order confirmed",
        "record_absence" => "absence recorded",
        "record_return" => "return recorded",
        "admit_resident" => "resident taken in",
        "put_photo" => "photo of a resident put in",
        "remove_photo" => "photo of a resident removed",
        "transfer_resident" => "resident moved to another room",
        "take_in_staff" => "person let in from a list",
        "change_resident" => "resident’s details changed",
        "begin_gradual" => "start of a psychotropic medicine noted",
        "note_attempt" => "attempt at a dose reduction noted",
        "note_contraindication" => "contraindication to a dose reduction signed",
        "end_gradual" => "end of a psychotropic medicine noted",
        "strike_gradual" => "note struck out",
        _ => return None,
    })
}

/// What was done about the house, its people and its stock.
fn house_words(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "manage_people" => "people and roles changed",
        "let_in_nurse" => "access of an agency nurse changed",
        "change_password" => "own password changed",
        "manage_facility" => "settings changed",
        "enter_paper" => "dose entered from paper",
        "enter_as_needed" => "as-needed dose entered from paper",
        "enter_register" => "entered into the register",
        "count_register" => "registers counted",
        "resolve_discrepancy" => "difference of a register resolved",
        "code_packs" => "barcodes of packs changed",
        "stock_products" => "products in stock changed",
        _ => return None,
    })
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Every value of a fact with its name, in the order in which it was written.
pub fn written(body: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    match serde_json::from_str(body) {
        Ok(value) => gather("", &value, &mut all),
        Err(_) => all.push(("body".to_owned(), body.to_owned())),
    }
    all
}

fn gather(name: &str, value: &Value, all: &mut Vec<(String, String)>) {
    let under = |part: &str| if name.is_empty() { part.to_owned() } else { format!("{name}, {part}") };
    match value {
        Value::Object(parts) => parts.iter().for_each(|(part, value)| gather(&under(part), value, all)),
        Value::Array(items) => (1..).zip(items).for_each(|(nth, item)| gather(&under(&format!("{nth}")), item, all)),
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => all.push((said(name), text.clone())),
        other => all.push((said(name), amount(name, other).unwrap_or_else(|| other.to_string()))),
    }
}

fn said(name: &str) -> String {
    capital(&name.replace('_', " "))
}

/// Amounts lie in the history as whole micrograms; nobody should have to read them so.
fn amount(name: &str, value: &Value) -> Option<String> {
    let last = name.rsplit(", ").next().unwrap_or_default();
    let is_amount = matches!(last, "planned" | "given" | "amount" | "goal" | "most");
    value.as_u64().filter(|_| is_amount).map(|ug| Amount::from_ug(ug).to_string())
}
