//! What is known before a taper: filled in by a prescriber, in as many sittings as it takes. Nothing of it takes effect.

mod questions;
mod samples;
mod view;

use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Deserialize;

pub use self::view::View;
use crate::acts::record_baseline::{RecordBaseline, record_baseline};
use crate::care::facility::Facility;
use crate::care::people::Prescriber;
use crate::care::resident::Resident;
use crate::care::taper::baseline::entry::{self, Bounds};
use crate::store::dossiers::{EndedPlan, ended_plans};
use crate::store::plans::{PlanFile, PlanState, plan_load};
use crate::store::{StoreError, facilities, residents};
use crate::web::parts::Banner;
use crate::web::{
    Answer, Errors, Form, Hall, Link, Menu, Page, PageError, Protected, Signed, acting, links, looking, see_other,
};

/// What the form says beside its many plain fields.
#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    revision: String,
}

/// Whose baseline it is, and what the form offers.
struct Desk {
    file: PlanFile,
    resident: Resident,
    facility: Facility,
    banner: Banner,
    today: NaiveDate,
    /// What this plan may continue after.
    ended: Vec<EndedPlan>,
}

pub async fn show(hall: Data<Hall>, prescriber: Signed<Prescriber>, plan: Path<String>) -> Answer {
    let desk = desk(&hall, &prescriber, plan.into_inner()).await?;
    if desk.file.state != PlanState::Draft {
        return Ok(see_other(links::plan(&desk.file.plan.id)));
    }
    let form = Form::new(prescriber.csrf(), prescriber.now()).with("revision", desk.file.revision.to_string());
    let written = desk.file.plan.baseline.as_ref().map(entry::written).unwrap_or_default();
    let form = written.into_iter().fold(form, |form, (field, value)| form.with(&field, value));
    Page::new(page(&prescriber, &desk, form)).answer()
}

pub async fn save(
    hall: Data<Hall>,
    prescriber: Signed<Prescriber>,
    plan: Path<String>,
    sent: Protected<Sent>,
) -> Answer {
    let desk = desk(&hall, &prescriber, plan.into_inner()).await?;
    let plan = desk.file.plan.id.clone();
    let by = prescriber.at(&desk.facility.id)?;
    let bounds = Bounds { born_on: desk.resident.born_on, today: desk.today };
    let baseline = match entry::read(|field| sent.typed.value(field).unwrap_or_default(), bounds) {
        Ok(baseline) => baseline,
        Err(wrong) => return refused(&prescriber, &desk, &sent, errors(wrong), false),
    };
    // A page without a revision showed no draft that could be changed.
    let revision = sent.revision.parse().unwrap_or(-1);
    let ask = RecordBaseline { form: sent.id()?, plan: plan.clone(), revision, baseline };
    match acting(&hall.db, move |conn, now| record_baseline(conn, &by, &ask, now)).await? {
        Ok(()) => Ok(see_other(links::plan(&plan))),
        Err(refusal) => {
            let moved = refusal.moved();
            refused(&prescriber, &desk, &sent, refusal.into(), moved)
        }
    }
}

fn errors(wrong: entry::Wrong) -> Errors {
    let mut errors = Errors::none();
    for (field, refusal) in wrong {
        errors.push(&field, refusal.to_string());
    }
    errors
}

fn refused(
    prescriber: &Signed<Prescriber>,
    desk: &Desk,
    sent: &Protected<Sent>,
    errors: Errors,
    moved: bool,
) -> Answer {
    let form = Form::again(prescriber.csrf(), prescriber.now(), sent, errors);
    let mut view = page(prescriber, desk, form);
    if moved {
        view.moved = Some(Link::new("Open the draft as it stands now", links::plan(&desk.file.plan.id)));
    }
    Page::refused(view, moved).answer()
}

fn page(prescriber: &Signed<Prescriber>, desk: &Desk, form: Form) -> View {
    let back = links::plan(&desk.file.plan.id);
    let shell = prescriber.shell(&desk.facility, Menu::Plans).back_to("The draft", back);
    View::new(shell, desk, form)
}

/// Everything the form rests on, read at one moment; another facility's plan is not found.
async fn desk(hall: &Data<Hall>, prescriber: &Signed<Prescriber>, plan: String) -> Result<Desk, PageError> {
    let mine: Vec<String> = prescriber.facilities().map(|facility| facility.id.clone()).collect();
    let now = prescriber.now();
    looking(&hall.db, move |conn| {
        let file = plan_load(conn, &plan)?;
        if !mine.contains(&file.plan.facility) {
            return Err(StoreError::Missing);
        }
        let facility = facilities::facility_load(conn, &file.plan.facility)?;
        let resident = residents::resident_load(conn, &file.plan.resident)?;
        let today = facility.zone.day(now);
        Ok(Desk {
            banner: Banner::load(conn, &resident, today)?,
            ended: ended_plans(conn, &file.plan, today)?,
            file,
            resident,
            facility,
            today,
        })
    })
    .await
}
