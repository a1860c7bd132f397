//! Amend from here: other steps for a plan that runs, previewed beside the ones in force, and submitted.

mod entered;
mod fill;
mod samples;
mod view;

use actix_web::web::{Data, Path};
use serde::Deserialize;

use self::entered::{Begun, Entered};
use self::view::PreviewView;
pub use self::view::View;
use crate::acts::amend_plan::{AmendPlan, Amended, amend_plan};
use crate::care::people::Prescriber;
use crate::store::dossiers::{Dossier, dossier_load};
use crate::web::parts::Banner;
use crate::web::{
    Answer, Errors, Form, Hall, Link, Menu, Page, PageError, Protected, Signed, acting, links, looking, see_other,
};

/// What the form says beside its many plain fields.
#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    decisions_seen: String,
    #[serde(default)]
    rationale: String,
    #[serde(default, rename = "do")]
    wish: String,
}

/// The plan, and the frame of its page.
struct Desk {
    dossier: Dossier,
    banner: Banner,
}

pub async fn show(hall: Data<Hall>, prescriber: Signed<Prescriber>, plan: Path<String>) -> Answer {
    let desk = desk(&hall, &prescriber, plan.into_inner()).await?;
    let form = Form::new(prescriber.csrf(), prescriber.now());
    let found = &desk.dossier.found;
    let form = fill::of_case(form, &found.case, found.file.facts.len(), &hall.catalogue);
    Page::new(page(&hall, &prescriber, &desk, form)).answer()
}

pub async fn save(
    hall: Data<Hall>,
    prescriber: Signed<Prescriber>,
    plan: Path<String>,
    sent: Protected<Sent>,
) -> Answer {
    let desk = desk(&hall, &prescriber, plan.into_inner()).await?;
    let case = &desk.dossier.found.case;
    if let Some(at) = sent.wish.strip_prefix("line_").and_then(|at| at.parse().ok()) {
        let form = Form::new(prescriber.csrf(), prescriber.now());
        let form = fill::with_line_before(form, &sent.typed, at, &Begun::of(case), &hall.catalogue);
        return Page::new(page(&hall, &prescriber, &desk, form)).answer();
    }
    let entered = Entered::read(&sent.typed, &hall.catalogue, case);
    let amended = entered.and_then(|entered| {
        let amended = entered.amended(&case.settled_steps(), &desk.dossier.shelves)?;
        Ok((entered, amended))
    });
    let (entered, (amended, warnings)) = match amended {
        Ok(both) => both,
        Err(errors) => return refused(&hall, &prescriber, &desk, &sent, errors, false),
    };
    match sent.wish.as_str() {
        "submit" => submit(&hall, &prescriber, &desk, &sent, amended).await,
        "by_hand" => {
            let form = Form::new(prescriber.csrf(), prescriber.now());
            let proposed = amended.of(&case.plan, case.plan.version + 1);
            let form = fill::by_hand(form, &sent.typed, &proposed, &Begun::of(case), &hall.catalogue);
            Page::new(page(&hall, &prescriber, &desk, form)).answer()
        }
        _ => {
            let counts = (case.settled_steps().len(), desk.dossier.found.file.next_version());
            let preview = PreviewView::new(&entered, &amended, warnings, &case.plan, counts, &desk.dossier.shelves);
            let form = Form::again(prescriber.csrf(), prescriber.now(), &sent, Errors::none());
            let view = View { preview: Some(preview), ..page(&hall, &prescriber, &desk, form) };
            Page::new(view).answer()
        }
    }
}

async fn submit(
    hall: &Data<Hall>,
    prescriber: &Signed<Prescriber>,
    desk: &Desk,
    sent: &Protected<Sent>,
    amended: Amended,
) -> Answer {
    let found = &desk.dossier.found;
    let (by, plan) = (prescriber.at(&found.facility.id)?, found.file.plan.id.clone());
    let ask = AmendPlan {
        form: sent.id()?,
        plan: plan.clone(),
        // A page that says nothing of what it showed was not ours.
        decisions_seen: sent.decisions_seen.parse().unwrap_or(0),
        amended,
        rationale: sent.rationale.clone(),
    };
    match acting(&hall.db, move |conn, now| amend_plan(conn, &by, &ask, now)).await? {
        Ok(fact) => Ok(see_other(links::version(&plan, fact.act.version().unwrap_or(1)))),
        Err(refusal) => {
            let moved = refusal.moved();
            refused(hall, prescriber, desk, sent, refusal.into(), moved)
        }
    }
}

fn refused(
    hall: &Hall,
    prescriber: &Signed<Prescriber>,
    desk: &Desk,
    sent: &Protected<Sent>,
    errors: Errors,
    moved: bool,
) -> Answer {
    let form = Form::again(prescriber.csrf(), prescriber.now(), sent, errors);
    let mut view = page(hall, prescriber, desk, form);
    if moved {
        view.moved =
            Some(Link::new("Look at the plan as it stands now", links::plan(&desk.dossier.found.file.plan.id)));
    }
    Page::refused(view, moved).answer()
}

fn page(hall: &Hall, prescriber: &Signed<Prescriber>, desk: &Desk, form: Form) -> View {
    let found = &desk.dossier.found;
    let shell =
        prescriber.shell(&found.facility, Menu::Plans).back_to("The whole plan", links::plan(&found.file.plan.id));
    View::new(shell, desk.banner.clone(), &desk.dossier, form, &hall.catalogue)
}

async fn desk(hall: &Data<Hall>, prescriber: &Signed<Prescriber>, plan: String) -> Result<Desk, PageError> {
    let mine: Vec<String> = prescriber.facilities().map(|facility| facility.id.clone()).collect();
    let now = prescriber.now();
    looking(&hall.db, move |conn| {
        let dossier = dossier_load(conn, &mine, &plan, 0, now)?;
        let banner = Banner::load(conn, &dossier.resident, dossier.found.case.today)?;
        Ok(Desk { dossier, banner })
    })
    .await
}
