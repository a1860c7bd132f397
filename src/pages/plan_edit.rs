//! A draft of a plan: typed, previewed step by step, saved, thrown away. Nothing of it takes effect.

pub mod amend;
mod fields;
mod fill;
mod names;
mod samples;
mod swap;
mod view;

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use self::fields::Entered;
pub use self::view::View;
use self::view::{Discard, PreviewView};
use crate::acts::discard_draft::{DiscardDraft, discard_draft};
use crate::acts::draft_plan::{DraftPlan, draft_plan};
use crate::care::catalogue::Catalogue;
use crate::care::facility::Facility;
use crate::care::medicine::product::Products;
use crate::care::medicine::shelves::Shelves;
use crate::care::people::Prescriber;
use crate::care::refusal::Refusal;
use crate::care::resident::Resident;
use crate::store::plans::{PlanFile, PlanState};
use crate::store::{Conn, StoreError, facilities, plans, residents};
use crate::web::parts::Banner;
use crate::web::{
    Answer, Choice, Errors, Form, Hall, Link, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking,
    see_other,
};

/// Where a new draft begins.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    resident: String,
}

/// What every draft's form says beside its many plain fields.
#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    resident: String,
    #[serde(default)]
    revision: String,
    #[serde(default, rename = "do")]
    wish: String,
}

/// What a draft is made on: whose it is, where, and from which products.
struct Desk {
    resident: Resident,
    facility: Facility,
    banner: Banner,
    rounds: Vec<crate::care::calendar::Slot>,
    stocked: Vec<String>,
    shelves: Shelves,
    catalogue: Arc<Catalogue>,
    today: NaiveDate,
    file: Option<PlanFile>,
}

/// Which draft of whom; `plan` is empty for a new one.
#[derive(Clone)]
struct Which {
    resident: String,
    plan: Option<String>,
}

pub async fn show_new(hall: Data<Hall>, prescriber: Signed<Prescriber>, asked: Query<Asked>) -> Answer {
    if asked.resident.is_empty() {
        return choose(&hall, &prescriber).await;
    }
    let which = Which { resident: asked.resident.clone(), plan: None };
    let desk = desk(&hall, &prescriber, which).await?;
    let form = Form::new(prescriber.csrf(), prescriber.now());
    let form = fill::empty(form, &desk.rounds, &desk.catalogue, desk.today);
    Page::new(page(&prescriber, &desk, form)).answer()
}

pub async fn show_edit(hall: Data<Hall>, prescriber: Signed<Prescriber>, plan: Path<String>) -> Answer {
    let which = Which { resident: String::new(), plan: Some(plan.into_inner()) };
    let desk = desk(&hall, &prescriber, which).await?;
    let Some(file) = desk.file.as_ref().filter(|file| file.state == PlanState::Draft) else {
        let id = desk.file.as_ref().map(|file| file.plan.id.clone()).unwrap_or_default();
        return Ok(see_other(links::plan(&id)));
    };
    let form = Form::new(prescriber.csrf(), prescriber.now()).with("revision", file.revision.to_string());
    let form = fill::of_plan(form, &file.plan, &desk.catalogue);
    Page::new(page(&prescriber, &desk, form)).answer()
}

pub async fn save_new(hall: Data<Hall>, prescriber: Signed<Prescriber>, sent: Protected<Sent>) -> Answer {
    save(&hall, &prescriber, None, &sent).await
}

pub async fn save_edit(
    hall: Data<Hall>,
    prescriber: Signed<Prescriber>,
    plan: Path<String>,
    sent: Protected<Sent>,
) -> Answer {
    save(&hall, &prescriber, Some(plan.into_inner()), &sent).await
}

#[derive(Deserialize)]
pub struct Discarded {}

/// Throws a draft away; it stays in the history.
pub async fn discard(
    hall: Data<Hall>,
    prescriber: Signed<Prescriber>,
    plan: Path<String>,
    sent: Protected<Discarded>,
) -> Answer {
    let plan = plan.into_inner();
    let which = Which { resident: String::new(), plan: Some(plan.clone()) };
    let desk = desk(&hall, &prescriber, which).await?;
    let by = prescriber.at(&desk.facility.id)?;
    let ask = DiscardDraft { form: sent.id()?, plan };
    acting(&hall.db, move |conn, now| discard_draft(conn, &by, &ask, now)).await??;
    Ok(see_other(Menu::Plans.href()))
}

async fn save(
    hall: &Data<Hall>,
    prescriber: &Signed<Prescriber>,
    plan: Option<String>,
    sent: &Protected<Sent>,
) -> Answer {
    let which = Which { resident: sent.resident.clone(), plan };
    let desk = desk(hall, prescriber, which).await?;
    if sent.wish == "tables" {
        let form = Form::again(prescriber.csrf(), prescriber.now(), sent, Errors::none());
        return Page::new(page(prescriber, &desk, form)).answer();
    }
    let entered = Entered::read(&sent.typed, &desk.catalogue, desk.today);
    let drafted = entered.and_then(|entered| entered.draft(&desk.shelves).map(|draft| (entered, draft)));
    let (entered, draft) = match drafted {
        Ok(both) => both,
        Err(errors) => return refused(prescriber, &desk, sent, errors, false),
    };
    let id = desk.file.as_ref().map_or(sent.id()?, |file| file.plan.id.clone());
    let made = entered.plan(id, desk.facility.id.clone(), desk.resident.id.clone(), &draft);
    if sent.wish == "by_hand" {
        let form = Form::new(prescriber.csrf(), prescriber.now()).with("revision", sent.revision.clone());
        return Page::new(page(prescriber, &desk, fill::by_hand(form, &made, &desk.catalogue))).answer();
    }
    if sent.wish != "save" && sent.wish != "check" {
        let preview = PreviewView::new(&entered, &draft, &desk.shelves)?;
        let form = Form::again(prescriber.csrf(), prescriber.now(), sent, Errors::none());
        let mut view = page(prescriber, &desk, form);
        view.preview = Some(preview);
        return Page::new(view).answer();
    }
    if entered.unconfirmed() {
        return refused(prescriber, &desk, sent, Refusal::ConversionUnconfirmed.into(), false);
    }
    let by = prescriber.at(&desk.facility.id)?;
    let to = if sent.wish == "check" { links::plan(&made.id) } else { Menu::Plans.href() };
    let ask = DraftPlan { form: sent.id()?, plan: made, revision: sent.revision.parse().ok() };
    match acting(&hall.db, move |conn, now| draft_plan(conn, &by, &ask, now)).await? {
        Ok(()) => Ok(see_other(to)),
        Err(refusal) => {
            let moved = refusal.moved();
            refused(prescriber, &desk, sent, refusal.into(), moved)
        }
    }
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
        let plan = desk.file.as_ref().map(|file| file.plan.id.as_str()).unwrap_or_default();
        view.moved = Some(Link::new("Open it as it stands now", links::plan(plan)));
    }
    Page::refused(view, moved).answer()
}

fn page(prescriber: &Signed<Prescriber>, desk: &Desk, form: Form) -> View {
    let shell = prescriber.shell(&desk.facility, Menu::Plans).back_to("Plans", Menu::Plans.href());
    let plan = desk.file.as_ref().map(|file| file.plan.id.as_str());
    let form = fill::with_defaults(form, &desk.catalogue);
    let mut view = View::new(shell, desk.banner.clone(), form, &desk.catalogue, &desk.stocked);
    view.resident.clone_from(&desk.resident.id);
    if let Some(plan) = plan {
        view.action = format!("{}/edit", links::plan(plan));
    }
    view.discard = plan.map(|plan| Discard {
        form: Form::new(prescriber.csrf(), prescriber.now()).named("discard"),
        action: format!("{}/discard", links::plan(plan)),
    });
    view
}

/// Everything a draft rests on, read at one moment; another facility's resident or plan is not found.
async fn desk(hall: &Data<Hall>, prescriber: &Signed<Prescriber>, which: Which) -> Result<Desk, PageError> {
    let mine: Vec<String> = prescriber.facilities().map(|facility| facility.id.clone()).collect();
    let (catalogue, now) = (hall.catalogue.clone(), prescriber.now());
    looking(&hall.db, move |conn| {
        let file = which.plan.as_deref().map(|plan| plans::plan_load(conn, plan)).transpose()?;
        let id = file.as_ref().map_or(&which.resident, |file| &file.plan.resident);
        let resident = residents::resident_load(conn, id)?;
        if !mine.contains(&resident.facility) {
            return Err(StoreError::Missing);
        }
        let facility = facilities::facility_load(conn, &resident.facility)?;
        let today = facility.zone.day(now);
        Ok(Desk {
            banner: Banner::load(conn, &resident, today)?,
            rounds: facilities::unit_load(conn, &resident.unit)?.rounds,
            stocked: stocked(conn, &facility.id)?,
            shelves: facilities::shelves_load(conn, &facility.id)?,
            resident,
            facility,
            catalogue,
            today,
            file,
        })
    })
    .await
}

/// The medicines of which the facility stocks anything.
fn stocked(conn: &mut Conn, facility: &str) -> Result<Vec<String>, StoreError> {
    let codes = facilities::stock_of(conn, facility)?;
    let products = codes.iter().filter_map(|(code, _)| Products::ours().product(code));
    let names: std::collections::BTreeSet<String> = products.map(|product| product.medicine.0.clone()).collect();
    Ok(names.into_iter().collect())
}

#[derive(Template)]
#[template(path = "pages/plan_choose.html")]
pub struct Choose {
    shell: Shell,
    residents: Vec<Choice>,
}

impl Choose {
    fn new(shell: Shell, residents: &[Resident]) -> Choose {
        let choice = |one: &Resident| Choice::new(one.id.clone(), format!("{}, no. {}", one.name(), one.number));
        Choose { shell, residents: residents.iter().map(choice).collect() }
    }
}

async fn choose(hall: &Data<Hall>, prescriber: &Signed<Prescriber>) -> Result<HttpResponse, PageError> {
    let mine: Vec<String> = prescriber.facilities().map(|facility| facility.id.clone()).collect();
    let found = looking(&hall.db, move |conn| residents::residents_of(conn, &mine)).await?;
    let shell = prescriber.shell(prescriber.chosen(None)?, Menu::Plans);
    Page::new(Choose::new(shell, &found)).answer()
}
