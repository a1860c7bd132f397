//! One plan: the chart across the page, every step with its signature, what was decided, and what is waited for.

mod onward;
mod rows;
mod samples;
mod view;

use actix_web::web::{Data, Path};
use serde::Deserialize;

use self::view::Asking;
pub use self::view::View;
use crate::acts::answer_return::{AnswerReturn, answer_return};
use crate::acts::approve_plan::{ApprovePlan, approve_plan};
use crate::care::people::{Nurse, Pharmacist, Prescriber, Role, Supervisor};
use crate::care::round::mar::Month;
use crate::store::Conn;
use crate::store::dossiers::{Dossier, dossier_load};
use crate::store::plans::PlanState;
use crate::web::parts::Banner;
use crate::web::{
    Answer, Form, Hall, Link, Menu, Page, PageError, Permitted, Protected, Signed, deciding, links, looking, see_other,
};

type Readers = (Prescriber, Pharmacist, Nurse, Supervisor);

pub async fn show(hall: Data<Hall>, reader: Signed<Readers>, plan: Path<String>) -> Answer {
    let (dossier, banner) = dossier(&hall, &reader, plan.into_inner()).await?;
    let form = || Form::new(reader.csrf(), reader.now());
    let prescriber = reader.is(Role::Prescriber, &dossier.found.facility.id);
    let asking = Asking { approve: form().named("approve"), answer: form().named("answer"), prescriber };
    Page::new(page(&hall, &reader, &dossier, banner, asking)).answer()
}

#[derive(Deserialize)]
pub struct Approval {
    #[serde(default)]
    revision: String,
    #[serde(default)]
    password: String,
}

/// The baseline comes into force and its doses are laid out; no reduction takes effect by it.
pub async fn approve(
    hall: Data<Hall>,
    prescriber: Signed<Prescriber>,
    plan: Path<String>,
    sent: Protected<Approval>,
) -> Answer {
    let (dossier, banner) = dossier(&hall, &prescriber, plan.into_inner()).await?;
    let plan = dossier.found.file.plan.id.clone();
    let by = prescriber.at(&dossier.found.facility.id)?;
    // A page without a revision showed no draft that could be approved.
    let ask = ApprovePlan { form: sent.id()?, plan: plan.clone(), revision: sent.revision.parse().unwrap_or(-1) };
    let confirmed = hall.confirmed(prescriber.person(), &sent.password).await?;
    let act = confirmed.map(|confirmed| move |conn: &mut Conn, now| approve_plan(conn, &by, &confirmed, &ask, now));
    let Err(errors) = deciding(&hall.db, act).await? else { return Ok(see_other(links::plan(&plan))) };
    let moved = errors.moved();
    let approve = Form::again(prescriber.csrf(), prescriber.now(), &sent, errors).named("approve");
    let answer = Form::new(prescriber.csrf(), prescriber.now()).named("answer");
    again(&hall, &prescriber, dossier, banner, Asking { approve, answer, prescriber: true }, moved).await
}

#[derive(Deserialize)]
pub struct AnswerSent {
    #[serde(default)]
    version: String,
    #[serde(default)]
    rationale: String,
    #[serde(default)]
    password: String,
}

/// A prescriber answers the pharmacist who sent the plan back: the same steps again, as a new version.
pub async fn answer(
    hall: Data<Hall>,
    prescriber: Signed<Prescriber>,
    plan: Path<String>,
    sent: Protected<AnswerSent>,
) -> Answer {
    let (dossier, banner) = dossier(&hall, &prescriber, plan.into_inner()).await?;
    let plan = dossier.found.file.plan.id.clone();
    let by = prescriber.at(&dossier.found.facility.id)?;
    let ask = AnswerReturn {
        form: sent.id()?,
        plan: plan.clone(),
        version: sent.version.parse().unwrap_or(0),
        rationale: sent.rationale.clone(),
    };
    let confirmed = hall.confirmed(prescriber.person(), &sent.password).await?;
    let act = confirmed.map(|confirmed| move |conn: &mut Conn, now| answer_return(conn, &by, &confirmed, &ask, now));
    let Err(errors) = deciding(&hall.db, act).await? else { return Ok(see_other(links::plan(&plan))) };
    let moved = errors.moved();
    let answer = Form::again(prescriber.csrf(), prescriber.now(), &sent, errors).named("answer");
    let approve = Form::new(prescriber.csrf(), prescriber.now()).named("approve");
    again(&hall, &prescriber, dossier, banner, Asking { approve, answer, prescriber: true }, moved).await
}

/// The page with its form as it was filled in. Where the plan moved, it is shown as it stands now.
async fn again(
    hall: &Data<Hall>,
    prescriber: &Signed<Prescriber>,
    seen: Dossier,
    banner: Banner,
    asking: Asking,
    moved: bool,
) -> Answer {
    let (seen, banner) = match moved {
        true => dossier(hall, prescriber, seen.found.file.plan.id.clone()).await?,
        false => (seen, banner),
    };
    Page::refused(page(hall, prescriber, &seen, banner, asking), moved).answer()
}

fn page<R: Permitted>(hall: &Hall, reader: &Signed<R>, dossier: &Dossier, banner: Banner, asking: Asking) -> View {
    let facility = &dossier.found.facility.id;
    let back = if asking.prescriber || !reader.is(Role::Nurse, facility) {
        ("Plans", Menu::Plans.href())
    } else {
        ("Resident", links::resident(&dossier.resident.id))
    };
    let shell = reader.shell(&dossier.found.facility, Menu::Plans).back_to(back.0, back.1);
    View::new(shell, banner, dossier, &hall.catalogue, asking, reader.now()).offering(ways(reader, dossier))
}

/// What became of its doses; where this reader decides about a plan that runs, or writes down what was decided.
fn ways<R: Permitted>(reader: &Signed<R>, dossier: &Dossier) -> Vec<Link> {
    let (file, facility) = (&dossier.found.file, &dossier.found.facility.id);
    let (decide, telephone) = (links::decide(&file.plan.id), links::telephone(&file.plan.id));
    let on_hold = dossier.found.case.on_hold().is_some();
    let ways = [
        (Role::Prescriber, true, "Decide the dose", &decide),
        (Role::Nurse, true, "Telephone order", &telephone),
        (Role::Pharmacist, on_hold && !reader.is(Role::Prescriber, facility), "End the hold", &decide),
    ];
    let open = ways.into_iter().filter(|(role, there, ..)| *there && reader.is(*role, facility));
    let open = open.filter(|_| file.state == PlanState::Running).map(|(_, _, text, href)| Link::new(text, href));
    let mar = Link::new("MAR", links::mar(&dossier.resident.id, Month::of(dossier.found.case.today)));
    std::iter::once(mar).filter(|_| file.state != PlanState::Draft).chain(open).collect()
}

async fn dossier<R: Permitted>(
    hall: &Data<Hall>,
    reader: &Signed<R>,
    plan: String,
) -> Result<(Dossier, Banner), PageError> {
    let readable: Vec<String> = reader.facilities().map(|facility| facility.id.clone()).collect();
    let now = reader.now();
    looking(&hall.db, move |conn| {
        let dossier = dossier_load(conn, &readable, &plan, 0, now)?;
        let banner = Banner::load(conn, &dossier.resident, dossier.found.case.today)?;
        Ok((dossier, banner))
    })
    .await
}
