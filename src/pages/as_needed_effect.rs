//! A nurse notes what an as-needed dose did.

use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::acts::note_effect::{NoteEffect, note_effect};
use crate::care::calendar::day_text;
use crate::care::facility::Facility;
use crate::care::people::{Nurse, Role};
use crate::care::refusal::Refusal;
use crate::care::resident::Resident;
use crate::care::round::as_needed::effect::{Effect, EffectAsk};
use crate::store::{Conn, StoreError, as_needed, residents};
use crate::web::parts::as_needed::{GivenDose, given};
use crate::web::parts::{Banner, Icon, Tag, samples, span_text};
use crate::web::{
    Answer, Choice, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking, see_other,
};

#[derive(Deserialize)]
pub struct Note {
    #[serde(default)]
    effect: String,
    #[serde(default)]
    note: String,
}

pub async fn show(nurse: Signed<Nurse>, hall: Data<Hall>, id: Path<String>) -> Answer {
    let facts = load(&nurse, &hall, &id).await?;
    Page::new(view(&nurse, &facts, Form::new(nurse.csrf(), nurse.now()))?).answer()
}

pub async fn note(nurse: Signed<Nurse>, hall: Data<Hall>, id: Path<String>, sent: Protected<Note>) -> Answer {
    let facts = load(&nurse, &hall, &id).await?;
    let by = nurse.at(&facts.facility.id)?;
    let effect = EffectAsk { effect: Effect::of_word(&sent.effect), note: sent.note.clone() };
    let ask = NoteEffect { form: sent.id()?, of_dose: id.clone(), effect };
    let Err(refusal) = acting(&hall.db, move |conn, now| note_effect(conn, &by, &ask, now)).await? else {
        return Ok(see_other(format!("{}#as-needed", links::resident(&facts.resident.id))));
    };
    let (facts, moved) = (load(&nurse, &hall, &id).await?, refusal.moved());
    let form = Form::again(nurse.csrf(), nurse.now(), &sent, refusal);
    Page::refused(view(&nurse, &facts, form)?, moved).answer()
}

/// A dose at its resident.
struct Facts {
    now: DateTime<Utc>,
    facility: Facility,
    resident: Resident,
    banner: Banner,
    given: GivenDose,
}

async fn load(nurse: &Signed<Nurse>, hall: &Hall, id: &str) -> Result<Facts, PageError> {
    let (id, mine, now) = (id.to_owned(), nurse.facilities().cloned().collect::<Vec<_>>(), nurse.now());
    looking(&hall.db, move |conn| find(conn, &mine, &id, now)).await?.ok_or(PageError::Missing)
}

/// One dose; none where it belongs to no facility of theirs.
fn find(conn: &mut Conn, mine: &[Facility], id: &str, now: DateTime<Utc>) -> Result<Option<Facts>, StoreError> {
    let Some(dose) = as_needed::dose_find(conn, id)? else { return Ok(None) };
    let Some(facility) = mine.iter().find(|one| one.id == dose.facility).cloned() else { return Ok(None) };
    let resident = residents::resident_load(conn, &dose.resident)?;
    let banner = Banner::load(conn, &resident, facility.zone.day(now))?;
    let given = given(conn, vec![dose])?.pop();
    Ok(given.map(|given| Facts { now, facility, resident, banner, given }))
}

fn view(nurse: &Signed<Nurse>, facts: &Facts, form: Form) -> Result<View, PageError> {
    let shell = nurse.shell(nurse.facility(&facts.facility.id)?, Menu::Residents);
    Ok(View::new(facts, shell.back_to(facts.resident.name(), links::resident(&facts.resident.id)), form))
}

#[derive(Template)]
#[template(path = "pages/as_needed_effect.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    medicine: String,
    amount: String,
    when: String,
    why: String,
    by: String,
    /// What was noted already.
    noted: Option<Tag>,
    note: String,
    effects: Vec<Choice>,
    action: String,
    back: String,
    form: Form,
}

impl View {
    fn new(facts: &Facts, shell: Shell, form: Form) -> View {
        let GivenDose { dose, effect, by, .. } = &facts.given;
        let at = facts.facility.zone.local(dose.given_at);
        let ago = span_text(facts.now - dose.given_at);
        View {
            banner: facts.banner.clone(),
            medicine: dose.medicine.to_string(),
            amount: dose.given.to_string(),
            when: format!("{} {}, {ago} ago", day_text(at.date()), at.format("%H:%M")),
            why: dose.why.clone(),
            by: by.clone(),
            noted: effect.as_ref().map(|noted| Tag::effect(noted.effect)),
            note: effect.as_ref().map(|noted| noted.note.clone()).unwrap_or_default(),
            effects: Effect::ALL.iter().map(|effect| Choice::new(effect.word(), effect.title())).collect(),
            action: links::effect(&dose.id),
            back: links::resident(&facts.resident.id),
            form,
            shell,
        }
    }

    /// Not noted yet; noted by somebody; a choice that is missing, and hostile words.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Residents).back_to("HALVORSEN, Margit", "/residents/margit");
        let form = || Form::new("proof", samples::now());
        let facts = |words: &str, noted: bool| {
            let place = samples::as_needed::place(words, 1);
            let given = samples::as_needed::given(words, noted);
            let samples::as_needed::Place { now, facility, resident, banner, .. } = place;
            Facts { now, facility, resident, banner, given }
        };
        let wrong = form().with("note", samples::HOSTILE).spoiled(Refusal::EffectMissing.into());
        vec![
            View::new(&facts("pacing", false), shell(), form()),
            View::new(&facts("pacing", true), shell(), form()),
            View::new(&facts(samples::HOSTILE, false), shell(), wrong),
        ]
    }
}
