//! One version of a plan, readable for ever, beside the one before it; and the approval of one that was submitted.

mod samples;
mod view;

use actix_web::web::{Data, Path};
use serde::Deserialize;

use self::view::Asking;
pub use self::view::View;
use crate::acts::approve_amendment::{ApproveAmendment, approve_amendment};
use crate::acts::drop_amendment::{DropAmendment, drop_amendment};
use crate::care::people::{Nurse, Pharmacist, Prescriber, Role, Supervisor};
use crate::care::refusal::Refusal;
use crate::store::dossiers::{Dossier, dossier_load};
use crate::store::{Conn, StoreError};
use crate::web::parts::Banner;
use crate::web::{
    Answer, Form, Hall, Menu, Page, PageError, Permitted, Protected, Signed, acting, deciding, links, looking,
    see_other,
};

type Readers = (Prescriber, Pharmacist, Nurse, Supervisor);

/// A version, and the frame of its page.
struct Sight {
    dossier: Dossier,
    banner: Banner,
    version: u32,
}

pub async fn show(hall: Data<Hall>, reader: Signed<Readers>, path: Path<(String, u32)>) -> Answer {
    let sight = sight(&hall, &reader, path.into_inner()).await?;
    let form = || Form::new(reader.csrf(), reader.now());
    let prescriber = reader.is(Role::Prescriber, &sight.dossier.found.facility.id);
    let asking = Asking { approve: form().named("approve"), take_back: form().named("drop"), prescriber };
    Page::new(page(&hall, &reader, &sight, asking)).answer()
}

/// What a prescriber decides about a submitted amendment.
#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    rationale: String,
    #[serde(default)]
    password: String,
}

pub async fn approve(
    hall: Data<Hall>,
    prescriber: Signed<Prescriber>,
    path: Path<(String, u32)>,
    sent: Protected<Sent>,
) -> Answer {
    let sight = sight(&hall, &prescriber, path.into_inner()).await?;
    let plan = sight.dossier.found.file.plan.id.clone();
    let by = prescriber.at(&sight.dossier.found.facility.id)?;
    let ask = ApproveAmendment { form: sent.id()?, plan: plan.clone(), version: sight.version };
    let confirmed = hall.confirmed(prescriber.person(), &sent.password).await?;
    let act =
        confirmed.map(|confirmed| move |conn: &mut Conn, now| approve_amendment(conn, &by, &confirmed, &ask, now));
    let Err(errors) = deciding(&hall.db, act).await? else { return Ok(see_other(links::plan(&plan))) };
    let moved = errors.moved();
    let approve = Form::again(prescriber.csrf(), prescriber.now(), &sent, errors).named("approve");
    let take_back = Form::new(prescriber.csrf(), prescriber.now()).named("drop");
    again(&hall, &prescriber, sight, Asking { approve, take_back, prescriber: true }, moved).await
}

pub async fn take_back(
    hall: Data<Hall>,
    prescriber: Signed<Prescriber>,
    path: Path<(String, u32)>,
    sent: Protected<Sent>,
) -> Answer {
    let sight = sight(&hall, &prescriber, path.into_inner()).await?;
    let plan = sight.dossier.found.file.plan.id.clone();
    let by = prescriber.at(&sight.dossier.found.facility.id)?;
    let rationale = sent.rationale.clone();
    let ask = DropAmendment { form: sent.id()?, plan: plan.clone(), version: sight.version, rationale };
    let refusal: Refusal = match acting(&hall.db, move |conn, now| drop_amendment(conn, &by, &ask, now)).await? {
        Ok(_) => return Ok(see_other(links::plan(&plan))),
        Err(refusal) => refusal,
    };
    let moved = refusal.moved();
    let take_back = Form::again(prescriber.csrf(), prescriber.now(), &sent, refusal).named("drop");
    let approve = Form::new(prescriber.csrf(), prescriber.now()).named("approve");
    again(&hall, &prescriber, sight, Asking { approve, take_back, prescriber: true }, moved).await
}

/// The page with its form as it was filled in. Where the plan moved, it is shown as it stands now.
async fn again(hall: &Data<Hall>, prescriber: &Signed<Prescriber>, seen: Sight, asking: Asking, moved: bool) -> Answer {
    let plan = seen.dossier.found.file.plan.id.clone();
    let seen = if moved { sight(hall, prescriber, (plan, seen.version)).await? } else { seen };
    Page::refused(page(hall, prescriber, &seen, asking), moved).answer()
}

fn page<R: Permitted>(hall: &Hall, reader: &Signed<R>, sight: &Sight, asking: Asking) -> View {
    let found = &sight.dossier.found;
    let shell = reader.shell(&found.facility, Menu::Plans).back_to("The whole plan", links::plan(&found.file.plan.id));
    View::new(shell, sight.banner.clone(), &sight.dossier, sight.version, &hall.catalogue, asking)
}

async fn sight<R: Permitted>(
    hall: &Data<Hall>,
    reader: &Signed<R>,
    (plan, version): (String, u32),
) -> Result<Sight, PageError> {
    let readable: Vec<String> = reader.facilities().map(|facility| facility.id.clone()).collect();
    let now = reader.now();
    looking(&hall.db, move |conn| {
        let dossier = dossier_load(conn, &readable, &plan, 0, now)?;
        dossier.found.file.version(version).ok_or(StoreError::Missing)?;
        let banner = Banner::load(conn, &dossier.resident, dossier.found.case.today)?;
        Ok(Sight { dossier, banner, version })
    })
    .await
}
