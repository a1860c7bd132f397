//! Away and back: where a nurse writes down that somebody left, and that they came back, on which dose.

mod view;

use actix_web::web::{Data, Path};
use chrono::TimeDelta;
use serde::Deserialize;

pub use self::view::View;
use crate::acts::record_absence::{RecordAbsence, record_absence};
use crate::acts::record_return::{RecordReturn, record_return};
use crate::care::absence::{Absence, Away, BackOn, ElsewhereAsk, LeaveAsk};
use crate::care::facility::Facility;
use crate::care::people::Nurse;
use crate::care::refusal::Refusal;
use crate::care::resident::Resident;
use crate::care::round::left::Left;
use crate::store::absences::{AbsenceEnd, absence_open_find, absences_of};
use crate::store::cases::{Found, cases_of_resident};
use crate::store::db::Conn;
use crate::store::doses::{DoseFile, doses_void_between};
use crate::store::{StoreError, facilities, residents};
use crate::web::form::Typed;
use crate::web::parts::Banner;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Signed, acting, links, looking, see_other,
};

/// Everything the page shows, read at one moment.
struct Facts {
    facility: Facility,
    banner: Banner,
    resident: Resident,
    /// Nobody has come back from it.
    open: Option<Absence>,
    /// The newest first.
    earlier: Vec<(Absence, Option<AbsenceEnd>)>,
    /// The resident's running plans.
    cases: Vec<Found>,
    /// Doses whose window had opened when the resident left, and that nobody recorded.
    before: Vec<DoseFile>,
}

pub async fn show(nurse: Signed<Nurse>, hall: Data<Hall>, id: Path<String>) -> Answer {
    let facts = load(&nurse, &hall, &id).await?;
    let form = Form::new(nurse.csrf(), nurse.now());
    Page::new(view(&nurse, &facts, form)).answer()
}

fn view(nurse: &Signed<Nurse>, facts: &Facts, form: Form) -> View {
    let back = links::resident(&facts.resident.id);
    let shell = nurse.shell(&facts.facility, Menu::Residents).back_to(facts.resident.name(), back);
    View::new(facts, shell, form, nurse.now())
}

async fn load(nurse: &Signed<Nurse>, hall: &Hall, id: &str) -> Result<Facts, PageError> {
    let (id, now) = (id.to_owned(), nurse.now());
    let facts = looking(&hall.db, move |conn| {
        let resident = residents::resident_load(conn, &id)?;
        let facility = facilities::facility_load(conn, &resident.facility)?;
        let (open, cases) = (absence_open_find(conn, &id)?, cases_of_resident(conn, &id, now)?);
        Ok(Facts {
            banner: Banner::load(conn, &resident, facility.zone.day(now))?,
            before: open.as_ref().map_or(Ok(Vec::new()), |open| before(conn, open, &facility, &cases))?,
            facility,
            open,
            earlier: absences_of(conn, &id)?,
            cases,
            resident,
        })
    })
    .await?;
    nurse.facility(&facts.facility.id)?;
    Ok(facts)
}

/// What may have been taken before somebody left, and can still be written down.
fn before(conn: &mut Conn, open: &Absence, facility: &Facility, cases: &[Found]) -> Result<Vec<DoseFile>, StoreError> {
    let windows = facility.windows;
    let until = open.left_at + TimeDelta::minutes(windows.early_minutes.into());
    let mut doses = doses_void_between(conn, &open.resident, open.left_at, until)?;
    doses.retain(|dose| {
        let case = cases.iter().find(|found| found.file.plan.id == dose.plan).map(|found| &found.case);
        let left = case.and_then(|case| Left::before(&case.course, &dose.key, windows, facility.zone));
        left.is_some() && !dose.level.amount.is_zero()
    });
    Ok(doses)
}

/// What is sent when somebody leaves.
#[derive(Deserialize)]
pub struct Leaving {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    left_at: String,
    #[serde(default)]
    note: String,
}

pub async fn leave(nurse: Signed<Nurse>, hall: Data<Hall>, id: Path<String>, sent: Protected<Leaving>) -> Answer {
    let facts = load(&nurse, &hall, &id).await?;
    let by = nurse.at(&facts.facility.id)?;
    let (kind, left_at, note) = (Away::of_word(&sent.kind), sent.left_at.clone(), sent.note.clone());
    let (form, resident) = (sent.id()?, id.into_inner());
    let ask = RecordAbsence { form, resident, leave: LeaveAsk { kind, left_at, note } };
    let done = acting(&hall.db, move |conn, now| record_absence(conn, &by, &ask, now)).await?;
    if done.is_ok() && !load(&nurse, &hall, &facts.resident.id).await?.before.is_empty() {
        return Ok(see_other(links::absence(&facts.resident.id)));
    }
    answer(&nurse, &hall, &facts, &sent, done).await
}

/// What is sent when somebody comes back. What is said of each plan has the plan's id in its fields' names.
#[derive(Deserialize)]
pub struct Returning {
    #[serde(default)]
    back_at: String,
    #[serde(default)]
    note: String,
}

pub async fn back(nurse: Signed<Nurse>, hall: Data<Hall>, id: Path<String>, sent: Protected<Returning>) -> Answer {
    let facts = load(&nurse, &hall, &id).await?;
    let by = nurse.at(&facts.facility.id)?;
    let plans = facts.cases.iter().map(|found| elsewhere(&sent.typed, &found.file.plan.id)).collect();
    let (form, resident) = (sent.id()?, id.into_inner());
    let (back_at, note) = (sent.back_at.clone(), sent.note.clone());
    let ask = RecordReturn { form, resident, back_at, plans, note };
    let done = acting(&hall.db, move |conn, now| record_return(conn, &by, &ask, now)).await?;
    answer(&nurse, &hall, &facts, &sent, done).await
}

/// The name of a field about one plan.
fn field_of(name: &str, plan: &str) -> String {
    format!("{name}.{plan}")
}

fn elsewhere(typed: &Typed, plan: &str) -> ElsewhereAsk {
    let value = |name| typed.value(&field_of(name, plan)).unwrap_or_default();
    ElsewhereAsk {
        plan: plan.to_owned(),
        last_at: value("last_at").to_owned(),
        last_amount: value("last_amount").to_owned(),
        back_on: BackOn::of_word(value("back_on")),
        letter: value("letter").to_owned(),
    }
}

async fn answer<T>(
    nurse: &Signed<Nurse>,
    hall: &Hall,
    facts: &Facts,
    sent: &Protected<T>,
    done: Result<(), Refusal>,
) -> Answer {
    let Err(refusal) = done else { return Ok(see_other(links::resident(&facts.resident.id))) };
    let moved = refusal.moved();
    let form = Form::again(nurse.csrf(), nurse.now(), sent, errors(facts, &sent.typed, &refusal));
    let now = if moved { Some(load(nurse, hall, &facts.resident.id).await?) } else { None };
    Page::refused(view(nurse, now.as_ref().unwrap_or(facts), form), moved).answer()
}

/// What is wrong with what was said of a plan is told at that plan: the first whose answer is missing or half.
fn errors(facts: &Facts, typed: &Typed, refusal: &Refusal) -> Errors {
    let about_a_plan = ["back_on", "letter", "last_at"].contains(&refusal.field()) || refusal.field() == "amount";
    let mut plans = facts.cases.iter().map(|found| found.file.plan.id.as_str());
    let wanting = |plan: &&str| match (refusal, elsewhere(typed, plan)) {
        (Refusal::BackOnMissing, ask) => ask.back_on.is_none(),
        (Refusal::LetterMissing, ask) => ask.back_on == Some(BackOn::Other) && ask.letter.trim().is_empty(),
        (Refusal::LastElsewhereHalf, ask) => ask.last_at.trim().is_empty() != ask.last_amount.trim().is_empty(),
        (_, ask) => !ask.last_at.trim().is_empty(),
    };
    let mut errors = Errors::none();
    match plans.find(wanting).filter(|_| about_a_plan) {
        Some(plan) => {
            let field = if refusal.field() == "amount" { "last_amount" } else { refusal.field() };
            errors.push(&field_of(field, plan), refusal.to_string());
        }
        None => errors = Errors::from(refusal.clone()),
    }
    errors
}
