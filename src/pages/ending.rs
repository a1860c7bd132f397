//! The end of a plan: a stop above 0 mg that one asks for and another countersigns, or the close of a plan at 0 mg.

mod samples;
mod view;

use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Deserialize;

pub use self::view::View;
use self::view::{Asking, Kind};
use crate::acts::ActError;
use crate::acts::ask_stop::{AskStop, ask_stop};
use crate::acts::decline_stop::{DeclineStop, decline_stop};
use crate::acts::finish_plan::{FinishPlan, finish_plan};
use crate::acts::stop_plan::{StopPlan, stop_plan};
use crate::care::people::{Confirmed, Nurse, Pharmacist, Prescriber, Role, Supervisor};
use crate::care::round::as_needed::order::Order;
use crate::care::taper::level::PlanFact;
use crate::care::taper::order::Shown;
use crate::store::Conn;
use crate::store::as_needed::orders_of_plan;
use crate::store::dossiers::{Dossier, dossier_load};
use crate::web::parts::Banner;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Permitted, Protected, Signed, acting, deciding, links, looking,
    see_other,
};

type Readers = (Prescriber, Pharmacist, Nurse, Supervisor);

/// The plan, and the frame of its page.
struct Sight {
    dossier: Dossier,
    /// The as-needed orders that a stop would end.
    as_needed: Vec<Order>,
    banner: Banner,
}

/// What is decided, once the password has been given.
type Act = Box<dyn Fn(&mut Conn, &Confirmed, DateTime<Utc>) -> Result<PlanFact, ActError> + Send>;

pub async fn show(hall: Data<Hall>, reader: Signed<Readers>, plan: Path<String>) -> Answer {
    let sight = sight(&hall, &reader, plan.into_inner()).await?;
    let asking = asking(&reader, &sight);
    Page::new(page(&reader, &sight, asking)).answer()
}

/// A decision as it is sent.
#[derive(Deserialize)]
pub struct Sent {
    /// The fact that asks for the stop, as the page showed it.
    #[serde(default)]
    asked: String,
    /// What the page showed.
    #[serde(default)]
    decisions: String,
    #[serde(default)]
    next: String,
    #[serde(default)]
    rationale: String,
    #[serde(default)]
    password: String,
}

pub async fn ask(
    hall: Data<Hall>,
    prescriber: Signed<Prescriber>,
    plan: Path<String>,
    sent: Protected<Sent>,
) -> Answer {
    let sight = sight(&hall, &prescriber, plan.into_inner()).await?;
    let by = prescriber.at(&sight.dossier.found.facility.id)?;
    let ask = AskStop { form: sent.id()?, plan: sight.plan(), rationale: sent.rationale.clone() };
    let act: Act = Box::new(move |conn, confirmed, now| ask_stop(conn, &by, confirmed, &ask, now));
    decide(&hall, &prescriber, sight, &sent, Kind::Ask, act).await
}

pub async fn countersign(
    hall: Data<Hall>,
    pharmacist: Signed<Pharmacist>,
    plan: Path<String>,
    sent: Protected<Sent>,
) -> Answer {
    let sight = sight(&hall, &pharmacist, plan.into_inner()).await?;
    let by = pharmacist.at(&sight.dossier.found.facility.id)?;
    let (form, asked, rationale) = (sent.id()?, sent.asked.clone(), sent.rationale.clone());
    let shown = Shown::sent(&sent.decisions, &sent.next);
    let ask = StopPlan { form, plan: sight.plan(), asked, shown, rationale };
    let act: Act = Box::new(move |conn, confirmed, now| stop_plan(conn, &by, confirmed, &ask, now));
    decide(&hall, &pharmacist, sight, &sent, Kind::Countersign, act).await
}

/// A pharmacist declines, or a prescriber takes the stop back.
pub async fn decline(
    hall: Data<Hall>,
    reader: Signed<(Pharmacist, Prescriber)>,
    plan: Path<String>,
    sent: Protected<Sent>,
) -> Answer {
    let sight = sight(&hall, &reader, plan.into_inner()).await?;
    let facility = &sight.dossier.found.facility.id;
    let (form, asked, rationale) = (sent.id()?, sent.asked.clone(), sent.rationale.clone());
    let ask = DeclineStop { form, plan: sight.plan(), asked, rationale };
    let act: Act = match (reader.acting_as::<Pharmacist>(facility), reader.acting_as::<Prescriber>(facility)) {
        (Some(by), _) => Box::new(move |conn, confirmed, now| decline_stop(conn, &by, confirmed, &ask, now)),
        (None, Some(by)) => Box::new(move |conn, confirmed, now| decline_stop(conn, &by, confirmed, &ask, now)),
        (None, None) => return Err(PageError::Missing),
    };
    decide(&hall, &reader, sight, &sent, Kind::Decline, act).await
}

/// Confirms who decides, lets the act decide, and leads back to the plan; or shows the form again.
async fn decide<R: Permitted>(
    hall: &Data<Hall>,
    reader: &Signed<R>,
    sight: Sight,
    sent: &Protected<Sent>,
    kind: Kind,
    act: Act,
) -> Answer {
    let confirmed = hall.confirmed(reader.person(), &sent.password).await?;
    let act = confirmed.map(|confirmed| move |conn: &mut Conn, now| act(conn, &confirmed, now));
    let Err(errors) = deciding(&hall.db, act).await? else { return Ok(see_other(links::plan(&sight.plan()))) };
    again(hall, reader, sight, sent, kind, errors).await
}

/// Closes a plan at 0 mg. It changes no dose, so no password is asked for.
pub async fn finish(
    hall: Data<Hall>,
    reader: Signed<(Pharmacist, Prescriber)>,
    plan: Path<String>,
    sent: Protected<Sent>,
) -> Answer {
    let sight = sight(&hall, &reader, plan.into_inner()).await?;
    let facility = &sight.dossier.found.facility.id;
    let ask = FinishPlan { form: sent.id()?, plan: sight.plan(), rationale: sent.rationale.clone() };
    let done = match (reader.acting_as::<Pharmacist>(facility), reader.acting_as::<Prescriber>(facility)) {
        (Some(by), _) => acting(&hall.db, move |conn, now| finish_plan(conn, &by, &ask, now)).await?,
        (None, Some(by)) => acting(&hall.db, move |conn, now| finish_plan(conn, &by, &ask, now)).await?,
        (None, None) => return Err(PageError::Missing),
    };
    match done {
        Ok(_) => Ok(see_other(links::plan(&sight.plan()))),
        Err(refusal) => again(&hall, &reader, sight, &sent, Kind::Finish, refusal.into()).await,
    }
}

/// The page with its form as it was filled in. Where the plan moved, it is shown as it stands now.
async fn again<R: Permitted>(
    hall: &Data<Hall>,
    reader: &Signed<R>,
    seen: Sight,
    sent: &Protected<Sent>,
    kind: Kind,
    errors: Errors,
) -> Answer {
    let moved = errors.moved();
    let seen = if moved { sight(hall, reader, seen.plan()).await? } else { seen };
    let form = Form::again(reader.csrf(), reader.now(), sent, errors);
    let asking = asking(reader, &seen).answered(kind, form);
    Page::refused(page(reader, &seen, asking), moved).answer()
}

fn asking<R: Permitted>(reader: &Signed<R>, sight: &Sight) -> Asking {
    let facility = &sight.dossier.found.facility.id;
    let (prescriber, pharmacist) = (reader.is(Role::Prescriber, facility), reader.is(Role::Pharmacist, facility));
    Asking::fresh(reader.person(), prescriber, pharmacist, || Form::new(reader.csrf(), reader.now()))
}

fn page<R: Permitted>(reader: &Signed<R>, sight: &Sight, asking: Asking) -> View {
    let shell = reader.shell(&sight.dossier.found.facility, Menu::Plans);
    let shell = shell.back_to("The whole plan", links::plan(&sight.plan()));
    View::new(shell, sight.banner.clone(), (&sight.dossier, &sight.as_needed), asking)
}

impl Sight {
    fn plan(&self) -> String {
        self.dossier.found.file.plan.id.clone()
    }
}

async fn sight<R: Permitted>(hall: &Data<Hall>, reader: &Signed<R>, plan: String) -> Result<Sight, PageError> {
    let readable: Vec<String> = reader.facilities().map(|facility| facility.id.clone()).collect();
    let now = reader.now();
    looking(&hall.db, move |conn| {
        let dossier = dossier_load(conn, &readable, &plan, 0, now)?;
        let banner = Banner::load(conn, &dossier.resident, dossier.found.case.today)?;
        let (plan, today) = (&dossier.found.file.plan, dossier.found.case.today);
        let as_needed = orders_of_plan(conn, plan, today)?.into_iter().map(|file| file.order).collect();
        Ok(Sight { dossier, as_needed, banner })
    })
    .await
}
