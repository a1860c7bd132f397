//! One order of a prescriber: what was ordered, by whom and why; its review by a pharmacist, its confirmation after a call.

mod samples;
mod view;

use actix_web::web::{Data, Path};
use serde::Deserialize;

use self::view::Forms;
pub use self::view::View;
use crate::acts::ActError;
use crate::acts::confirm_order::{ConfirmOrder, confirm_order};
use crate::acts::review_order::{ReviewOrder, review_order};
use crate::care::people::{Nurse, Pharmacist, Prescriber, Role, Supervisor};
use crate::care::taper::fact::{PlanAct, PlanFact, Telephone};
use crate::store::dossiers::{Dossier, dossier_load};
use crate::store::people::prescribes_here;
use crate::store::{Conn, StoreError};
use crate::web::parts::Banner;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Permitted, Protected, Signed, deciding, links, looking,
    see_other,
};

type Readers = (Prescriber, Pharmacist, Nurse, Supervisor);

/// Everything the page shows, read at one moment.
struct Sight {
    dossier: Dossier,
    banner: Banner,
    order: PlanFact,
    /// Whoever gave it is a prescriber here still.
    caller_is_here: bool,
}

/// What this reader may do with it.
struct May {
    review: bool,
    confirm: bool,
}

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    rationale: String,
    #[serde(default)]
    password: String,
}

pub async fn show(hall: Data<Hall>, reader: Signed<Readers>, path: Path<(String, String)>) -> Answer {
    let sight = sight(&hall, &reader, path.into_inner()).await?;
    Page::new(page(&reader, &sight, Forms::fresh(reader.csrf(), reader.now()))).answer()
}

/// A pharmacist reviews an urgent order.
pub async fn review(
    hall: Data<Hall>,
    pharmacist: Signed<Pharmacist>,
    path: Path<(String, String)>,
    sent: Protected<Sent>,
) -> Answer {
    let seen = sight(&hall, &pharmacist, path.into_inner()).await?;
    let by = pharmacist.at(&seen.dossier.found.facility.id)?;
    let (plan, order) = (seen.dossier.found.file.plan.id.clone(), seen.order.id.clone());
    let ask = ReviewOrder { form: sent.id()?, plan, order, rationale: sent.rationale.clone() };
    let act = hall
        .confirmed(pharmacist.person(), &sent.password)
        .await?
        .map(|confirmed| -> Act { Box::new(move |conn, now| review_order(conn, &by, &confirmed, &ask, now)) });
    let again = |forms: Forms, form| Forms { review: form, ..forms };
    answer(&hall, &pharmacist, seen, &sent, act, again).await
}

/// The prescriber of a telephone order confirms it, or another in the place of one who has left.
pub async fn confirm(
    hall: Data<Hall>,
    prescriber: Signed<Prescriber>,
    path: Path<(String, String)>,
    sent: Protected<Sent>,
) -> Answer {
    let seen = sight(&hall, &prescriber, path.into_inner()).await?;
    let by = prescriber.at(&seen.dossier.found.facility.id)?;
    let (plan, order) = (seen.dossier.found.file.plan.id.clone(), seen.order.id.clone());
    let ask = ConfirmOrder { form: sent.id()?, plan, order, remark: sent.rationale.clone() };
    let act = hall
        .confirmed(prescriber.person(), &sent.password)
        .await?
        .map(|confirmed| -> Act { Box::new(move |conn, now| confirm_order(conn, &by, &confirmed, &ask, now)) });
    let again = |forms: Forms, form| Forms { confirm: form, ..forms };
    answer(&hall, &prescriber, seen, &sent, act, again).await
}

type Act = Box<dyn Fn(&mut Conn, chrono::DateTime<chrono::Utc>) -> Result<PlanFact, ActError> + Send>;

/// Lets the act decide and leads on; or shows the form again, and what stands now.
async fn answer<R: Permitted>(
    hall: &Data<Hall>,
    reader: &Signed<R>,
    seen: Sight,
    sent: &Protected<Sent>,
    act: Result<Act, Errors>,
    again: impl FnOnce(Forms, Form) -> Forms,
) -> Answer {
    let path = (seen.dossier.found.file.plan.id.clone(), seen.order.id.clone());
    let Err(errors) = deciding(&hall.db, act).await? else { return Ok(see_other(links::order(&path.0, &path.1))) };
    let moved = errors.moved();
    let seen = if moved { sight(hall, reader, path).await? } else { seen };
    let form = Form::again(reader.csrf(), reader.now(), sent, errors);
    let forms = again(Forms::fresh(reader.csrf(), reader.now()), form);
    Page::refused(page(reader, &seen, forms), moved).answer()
}

fn page<R: Permitted>(reader: &Signed<R>, sight: &Sight, forms: Forms) -> View {
    let found = &sight.dossier.found;
    let facility = &found.facility;
    let course = &found.case.course;
    let may_answer = |call: &Telephone| !sight.caller_is_here || call.prescriber == reader.person();
    let called = sight.order.telephone.as_ref().is_some_and(may_answer);
    let may = May {
        review: course.unreviewed.contains(&sight.order.id) && reader.is(Role::Pharmacist, &facility.id),
        confirm: course.unconfirmed.contains(&sight.order.id) && called && reader.is(Role::Prescriber, &facility.id),
    };
    let (menu, text, href) = match reader.is(Role::Pharmacist, &facility.id) {
        true => (Menu::Reductions, "Reductions waiting", Menu::Reductions.href()),
        false => (Menu::Plans, "The whole plan", links::plan(&found.file.plan.id)),
    };
    View::new(reader.shell(facility, menu).back_to(text, href), sight, may, &reader.visitor().name, forms)
}

async fn sight<R: Permitted>(
    hall: &Data<Hall>,
    reader: &Signed<R>,
    (plan, order): (String, String),
) -> Result<Sight, PageError> {
    let readable: Vec<String> = reader.facilities().map(|facility| facility.id.clone()).collect();
    let now = reader.now();
    looking(&hall.db, move |conn| {
        let dossier = dossier_load(conn, &readable, &plan, 0, now)?;
        let is_order = |fact: &&PlanFact| fact.id == order && ordered(fact);
        let order = dossier.found.file.facts.iter().find(is_order).cloned().ok_or(StoreError::Missing)?;
        let caller_is_here = prescribes_here(conn, &order, &dossier.found.facility.id, now)?;
        Ok(Sight {
            caller_is_here,
            banner: Banner::load(conn, &dossier.resident, dossier.found.case.today)?,
            order,
            dossier,
        })
    })
    .await
}

/// Urgent orders, steps back, and whatever was ordered by telephone.
fn ordered(fact: &PlanFact) -> bool {
    fact.telephone.is_some() || matches!(fact.act, PlanAct::Ordered { .. } | PlanAct::SteppedBack { .. })
}
