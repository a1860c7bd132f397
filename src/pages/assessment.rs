//! Scoring a resident at the bedside: one stop for each item, counted while it is filled in and again when it is saved.

mod facts;
mod samples;
mod view;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use crate::acts::record_assessment::{RecordAssessment, record_assessment};
use crate::care::catalogue::Catalogue;
use crate::care::people::Nurse;
use crate::care::refusal::Refusal;
use crate::care::scale::score::Answers;
use crate::care::scale::{Scale, companions};
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking, see_other,
};

use facts::Facts;
pub use view::View;

#[derive(Deserialize)]
pub struct Asked {
    scale: Option<String>,
}

pub async fn show(nurse: Signed<Nurse>, hall: Data<Hall>, id: Path<String>, asked: Query<Asked>) -> Answer {
    let facts = load(&nurse, &hall, &id, asked.scale.as_deref()).await?;
    let form = Form::new(nurse.csrf(), hall.db.now());
    Page::new(View::new(&facts, shell(&nurse, &facts)?, form)).answer()
}

/// The scale that was asked for; otherwise the facility's, or the first there is.
fn scale_of<'a>(catalogue: &'a Catalogue, asked: Option<&str>, own: &str) -> Result<&'a Scale, PageError> {
    let known = match asked {
        Some(id) => catalogue.scale(id).ok(),
        None => catalogue.scale(own).ok().or_else(|| catalogue.scales().first()),
    };
    known.ok_or(PageError::Missing)
}

async fn load(nurse: &Signed<Nurse>, hall: &Hall, id: &str, asked: Option<&str>) -> Result<Facts, PageError> {
    let (id, mine, now) = (id.to_owned(), nurse.facilities().cloned().collect::<Vec<_>>(), nurse.now());
    let (resident, facility) = looking(&hall.db, move |conn| facts::place_load(conn, &mine, &id)).await?;
    let scale = scale_of(&hall.catalogue, asked, &facility.scores.scale)?.clone();
    looking(&hall.db, move |conn| facts::load(conn, resident, facility, scale, now)).await
}

fn shell(nurse: &Signed<Nurse>, facts: &Facts) -> Result<Shell, PageError> {
    let shell = nurse.shell(nurse.facility(&facts.facility.id)?, Menu::Assessments);
    Ok(shell.back_to("Assessments", Menu::Assessments.href()))
}

/// The fields beside the items, word for word.
#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    scale: String,
    #[serde(default)]
    incomplete_reason: String,
    #[serde(default)]
    pulse: String,
    #[serde(default)]
    pressure: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    assessed_at: String,
}

pub async fn record(nurse: Signed<Nurse>, hall: Data<Hall>, id: Path<String>, sent: Protected<Sent>) -> Answer {
    let facts = load(&nurse, &hall, &id, Some(&sent.scale)).await?;
    let by = nurse.at(&facts.facility.id)?;
    let mut errors = Errors::none();
    let Some(ask) = read(&facts, &sent, &mut errors)? else {
        return again(&nurse, &hall, &facts, &sent, errors, false);
    };
    let scale = facts.scale.clone();
    match acting(&hall.db, move |conn, now| record_assessment(conn, &by, &scale, &ask, now)).await? {
        Ok(saved) => Ok(see_other(links::assessment(&saved.id))),
        Err(refusal) => again(&nurse, &hall, &facts, &sent, errors_of(&facts, &sent, &refusal), refusal.moved()),
    }
}

/// Reads every field before it gives up, so that everything wrong is said at once.
fn read(facts: &Facts, sent: &Protected<Sent>, errors: &mut Errors) -> Result<Option<RecordAssessment>, PageError> {
    let mut answers = Answers::new();
    for (part, item) in facts.scale.items() {
        let field = view::field(&item.id);
        let answer = errors.keep(&field, item.read(part, sent.typed.value(&field).unwrap_or_default()));
        answers.extend(answer.flatten().map(|answer| (item.id.clone(), answer)));
    }
    let pulse = errors.keep("pulse", companions::pulse(&sent.pulse));
    let pressure = errors.keep("pressure", companions::pressure(&sent.pressure));
    let form = sent.id()?;
    let (Some(pulse), Some(pressure), true) = (pulse, pressure, errors.is_empty()) else { return Ok(None) };
    Ok(Some(RecordAssessment {
        form,
        resident: facts.resident.id.clone(),
        answers,
        incomplete_reason: sent.incomplete_reason.clone(),
        pulse,
        pressure,
        note: sent.note.clone(),
        assessed_at: sent.assessed_at.clone(),
    }))
}

/// What is missing is said at each item too, so that one tap leads there.
fn errors_of(facts: &Facts, sent: &Protected<Sent>, refusal: &Refusal) -> Errors {
    let mut errors = Errors::from(refusal.clone());
    if matches!(refusal, Refusal::ItemsMissing { .. }) {
        let blank = |field: &String| sent.typed.value(field).unwrap_or_default().trim().is_empty();
        let scored = facts.scale.scored().map(|(_, item)| (view::field(&item.id), &item.label));
        for (field, label) in scored.filter(|(field, _)| blank(field)) {
            errors.push(&field, format!("Not answered: {label}."));
        }
    }
    errors
}

/// The form again as it was filled in.
fn again(
    nurse: &Signed<Nurse>,
    hall: &Hall,
    facts: &Facts,
    sent: &Protected<Sent>,
    errors: Errors,
    moved: bool,
) -> Answer {
    let form = Form::again(nurse.csrf(), hall.db.now(), sent, errors);
    Page::refused(View::new(facts, shell(nurse, facts)?, form), moved).answer()
}
