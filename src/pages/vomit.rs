//! A nurse notes that a resident vomited after a dose.

use std::collections::{BTreeSet, HashMap};

use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::acts::note_vomit::{NoteVomit, note_vomit};
use crate::care::calendar::clock_text;
use crate::care::facility::Facility;
use crate::care::people::{Nurse, Role};
use crate::care::refusal::Refusal;
use crate::care::resident::Allergies;
use crate::care::round::outcome::Outcome;
use crate::care::round::vomit::{VomitAsk, Vomited};
use crate::care::taper::level::PlanAct;
use crate::store::doses::{self, Administration, DoseFile};
use crate::store::plans::{self, PlanFile};
use crate::store::{Conn, StoreError, people, residents};
use crate::web::parts::vomited::vomited_text;
use crate::web::parts::{Banner, Icon, samples};
use crate::web::{
    Answer, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking, see_other,
};

#[derive(Deserialize)]
pub struct Seen {
    #[serde(default)]
    at: String,
    #[serde(default)]
    seen: String,
}

pub async fn show(nurse: Signed<Nurse>, hall: Data<Hall>, id: Path<String>) -> Answer {
    let facts = load(&nurse, &hall, &id).await?;
    Page::new(view(&nurse, &facts, Form::new(nurse.csrf(), nurse.now()))?).answer()
}

pub async fn note(nurse: Signed<Nurse>, hall: Data<Hall>, id: Path<String>, sent: Protected<Seen>) -> Answer {
    let facts = load(&nurse, &hall, &id).await?;
    let by = nurse.at(&facts.facility.id)?;
    let vomit = VomitAsk { at: sent.at.clone(), seen: sent.seen.clone() };
    let ask = NoteVomit { form: sent.id()?, dose: id.clone(), vomit };
    let Err(refusal) = acting(&hall.db, move |conn, now| note_vomit(conn, &by, &ask, now)).await? else {
        return Ok(see_other(links::dose(&id)));
    };
    let (facts, moved) = (load(&nurse, &hall, &id).await?, refusal.moved());
    let form = Form::again(nurse.csrf(), nurse.now(), &sent, refusal);
    Page::refused(view(&nurse, &facts, form)?, moved).answer()
}

/// A dose at its resident, and what was seen after it.
struct Facts {
    now: DateTime<Utc>,
    facility: Facility,
    banner: Banner,
    dose: DoseFile,
    plan: PlanFile,
    standing: Option<Administration>,
    vomited: Vec<Vomited>,
    names: HashMap<String, String>,
}

async fn load(nurse: &Signed<Nurse>, hall: &Hall, id: &str) -> Result<Facts, PageError> {
    let (id, mine, now) = (id.to_owned(), nurse.facilities().cloned().collect::<Vec<_>>(), nurse.now());
    looking(&hall.db, move |conn| find(conn, &mine, &id, now)).await
}

/// A dose of another facility is missing.
fn find(conn: &mut Conn, mine: &[Facility], id: &str, now: DateTime<Utc>) -> Result<Facts, StoreError> {
    let dose = doses::dose_load(conn, id)?;
    let facility = mine.iter().find(|one| one.id == dose.facility).ok_or(StoreError::Missing)?.clone();
    let resident = residents::resident_load(conn, &dose.resident)?;
    let plan = plans::plan_load(conn, &dose.plan)?;
    let vomited = doses::vomits_of(conn, std::slice::from_ref(&dose.id))?.remove(&dose.id).unwrap_or_default();
    let standing = doses::dose_records(conn, &dose.id)?.standing().cloned();
    let mut people: BTreeSet<&str> = vomited.iter().map(|one| one.noted_by.as_str()).collect();
    people.extend(plan.facts.iter().map(|fact| fact.by.as_str()));
    let names = people::names_of(conn, &people)?;
    let banner = Banner::load(conn, &resident, facility.zone.day(now))?;
    Ok(Facts { now, facility, banner, dose, plan, standing, vomited, names })
}

fn view(nurse: &Signed<Nurse>, facts: &Facts, form: Form) -> Result<View, PageError> {
    let shell = nurse.shell(nurse.facility(&facts.facility.id)?, Menu::Round);
    Ok(View::new(facts, shell.back_to("The dose", links::dose(&facts.dose.id)), form))
}

#[derive(Template)]
#[template(path = "pages/vomit.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    medicine: String,
    amount: String,
    /// `given at 08:05`; empty where nothing of it was taken.
    taken: String,
    instruction: String,
    prescriber: String,
    before: Vec<String>,
    action: String,
    back: String,
    form: Form,
}

impl View {
    fn new(facts: &Facts, shell: Shell, form: Form) -> View {
        let taken = facts.standing.as_ref().filter(|record| !record.given.is_zero());
        let clock = |at| clock_text(facts.facility.zone, at, facts.now);
        let told = |record: &Administration| {
            let text = |one| vomited_text(one, record.given_at, &facts.names, facts.facility.zone, facts.now);
            facts.vomited.iter().map(text).collect()
        };
        View {
            banner: facts.banner.clone(),
            medicine: facts.dose.key.medicine.to_string(),
            amount: taken.map_or(facts.dose.level.amount, |record| record.given).to_string(),
            taken: taken.map(|record| clock(record.given_at)).unwrap_or_default(),
            instruction: facts.plan.plan.late_rule().instruction,
            prescriber: prescriber(facts),
            before: taken.map(told).unwrap_or_default(),
            action: links::vomit(&facts.dose.id),
            back: links::dose(&facts.dose.id),
            form,
            shell,
        }
    }

    /// Nothing taken; taken; noted before; a refusal, and hostile words.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Round).back_to("The dose", "/doses/1");
        let form = || Form::new("proof", samples::now());
        let facts = |outcome: Option<Outcome>, words: &[&str]| {
            let dose = samples::dose("margit", samples::today(), "08:00", 750, "approval");
            let resident = samples::resident("margit", "Halvorsen", Allergies::NoneKnown);
            Facts {
                now: samples::now(),
                facility: samples::facility(),
                banner: Banner::new(&resident, "Willow", samples::today()),
                plan: samples::plan(false),
                standing: outcome.map(|outcome| samples::administration(&dose, outcome, "")),
                vomited: words.iter().map(|words| samples::alerts::vomited(&dose, words)).collect(),
                names: samples::names("Tom Fielding RN"),
                dose,
            }
        };
        let wrong = form().with("seen", samples::HOSTILE).spoiled(Refusal::VomitedUnreadable.into());
        vec![
            View::new(&facts(None, &[]), shell(), form()),
            View::new(&facts(Some(Outcome::Given), &[]), shell(), form()),
            View::new(&facts(Some(Outcome::GivenInPart), &["half a tablet", "water"]), shell(), form()),
            View::new(&facts(Some(Outcome::Given), &[samples::HOSTILE]), shell(), wrong),
        ]
    }
}

/// Who approved the plan last: the prescriber to call.
fn prescriber(facts: &Facts) -> String {
    let approval = facts.plan.facts.iter().rev().find(|fact| matches!(fact.act, PlanAct::Approved { .. }));
    let name = approval.and_then(|fact| facts.names.get(&fact.by));
    name.cloned().unwrap_or_else(|| "the prescriber".to_owned())
}
