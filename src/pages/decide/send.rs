//! What is sent: a step back, a suspension, less, a hold; by a prescriber with their password, or by a nurse with the call.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use serde::Deserialize;

use super::view::{Forms, Kind};
use super::{Reader, Sight, at_a_screen, page, sight};
use crate::acts::ActError;
use crate::acts::end_hold::{EndHold, EndsHolds, end_hold as end_hold_act};
use crate::acts::hold_plan::{HoldPlan, hold_plan};
use crate::acts::order_urgently::{OrderUrgently, order_urgently};
use crate::acts::step_back::{StepBack, step_back};
use crate::care::amount::Amount;
use crate::care::calendar::parse_day;
use crate::care::people::{Confirmed, Nurse, Pharmacist, Prescriber};
use crate::care::refusal::Refusal;
use crate::care::taper::fact::PlanFact;
use crate::care::taper::order::{Shown, Urgent};
use crate::care::taper::plan::{PlannedDose, Regimen};
use crate::care::taper::telephone::{Call, Orderer};
use crate::store::Conn;
use crate::web::{
    Answer, Errors, Form, Hall, Page, PageError, Permitted, Protected, Signed, deciding, links, see_other,
};

/// A decision as it is sent. A field that its kind of decision does not have stays empty.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Sent {
    /// How many decisions the page showed, and its next dose.
    decisions: String,
    next: String,
    step: String,
    reassess_on: String,
    rationale: String,
    password: String,
    prescriber: String,
    called_at: String,
    read_back: String,
    second_username: String,
    second_password: String,
    /// `preview`: only to look at what was typed.
    wish: String,
}

type Act = Box<dyn Fn(&mut Conn, chrono::DateTime<chrono::Utc>) -> Result<PlanFact, ActError> + Send>;

/// A prescriber at a screen decides.
pub async fn decide(
    hall: Data<Hall>,
    prescriber: Signed<Prescriber>,
    path: Path<(String, String)>,
    sent: Protected<Sent>,
) -> Answer {
    let (plan, what) = path.into_inner();
    let kind = Kind::of_word(&what).ok_or(PageError::Missing)?;
    let seen = sight(&hall, &prescriber, plan).await?;
    if sent.wish == "preview" {
        return preview(&prescriber, &seen, Reader::Prescriber, &sent);
    }
    let by = prescriber.at(&seen.dossier.found.facility.id)?;
    let confirmed = hall.confirmed(prescriber.person(), &sent.password).await?;
    let orderer = confirmed.map(|confirmed| Orderer::AtAScreen { by, confirmed });
    order(&hall, &prescriber, seen, Reader::Prescriber, kind, &sent, orderer).await
}

/// A nurse writes down what a prescriber says on the telephone. Whatever else is asked for than these four is refused:
/// a telephone order never starts a reduction.
pub async fn telephone(
    hall: Data<Hall>,
    nurse: Signed<Nurse>,
    request: HttpRequest,
    path: Path<(String, String)>,
    sent: Protected<Sent>,
) -> Answer {
    let (plan, what) = path.into_inner();
    let kind = Kind::of_word(&what).ok_or(PageError::Refused(Refusal::TelephoneReduces))?;
    let seen = sight(&hall, &nurse, plan).await?;
    if sent.wish == "preview" {
        return preview(&nurse, &seen, Reader::Nurse, &sent);
    }
    let by = nurse.at(&seen.dossier.found.facility.id)?;
    let heard = hall.second(&sent.second_username, &sent.second_password, &hall.address(&request)).await?;
    let orderer = heard.map(|heard| {
        let (prescriber, called_at) = (sent.prescriber.clone(), sent.called_at.clone());
        Orderer::ByTelephone { by, call: Call { prescriber, called_at, read_back: sent.read_back == "yes", heard } }
    });
    order(&hall, &nurse, seen, Reader::Nurse, kind, &sent, orderer).await
}

/// A pharmacist or a prescriber ends a hold before its day.
pub async fn end_hold(
    hall: Data<Hall>,
    reader: Signed<(Prescriber, Pharmacist)>,
    plan: Path<String>,
    sent: Protected<Sent>,
) -> Answer {
    let seen = sight(&hall, &reader, plan.into_inner()).await?;
    let found = &seen.dossier.found;
    let facility = &found.facility.id;
    let may = (reader.acting_as::<Prescriber>(facility), reader.acting_as::<Pharmacist>(facility));
    let ask = EndHold { form: sent.id()?, plan: found.file.plan.id.clone(), rationale: sent.rationale.clone() };
    let who = at_a_screen(&reader, &seen);
    let confirmed = hall.confirmed(reader.person(), &sent.password).await?;
    let act = match (confirmed, may) {
        (Err(errors), _) => Err(errors),
        (Ok(confirmed), (Some(by), _)) => Ok(hold_end(by, confirmed, ask)),
        (Ok(confirmed), (None, Some(by))) => Ok(hold_end(by, confirmed, ask)),
        (Ok(_), (None, None)) => return Err(PageError::Missing),
    };
    answer(&hall, &reader, seen, who, Kind::EndHold, &sent, act).await
}

fn hold_end<A: EndsHolds + Send + 'static>(by: A, confirmed: Confirmed, ask: EndHold) -> Act {
    Box::new(move |conn, now| end_hold_act(conn, &by, &confirmed, &ask, now))
}

async fn order<R: Permitted>(
    hall: &Data<Hall>,
    reader: &Signed<R>,
    seen: Sight,
    who: Reader,
    kind: Kind,
    sent: &Protected<Sent>,
    orderer: Result<Orderer, Errors>,
) -> Answer {
    let wish = Wish::read(kind, sent, &seen);
    let act = match (wish, orderer) {
        (Ok(wish), Ok(orderer)) => Ok(wish.act(orderer, sent, seen.dossier.found.file.plan.id.clone())?),
        (Err(errors), Err(more)) => Err(errors.and(more)),
        (Err(errors), _) | (_, Err(errors)) => Err(errors),
    };
    answer(hall, reader, seen, who, kind, sent, act).await
}

/// Lets the act decide and leads on; or shows the form again, and what stands now.
async fn answer<R: Permitted>(
    hall: &Data<Hall>,
    reader: &Signed<R>,
    seen: Sight,
    who: Reader,
    kind: Kind,
    sent: &Protected<Sent>,
    act: Result<Act, Errors>,
) -> Answer {
    let plan = seen.dossier.found.file.plan.id.clone();
    let Err(errors) = deciding(&hall.db, act).await? else {
        return Ok(see_other(match who {
            Reader::Nurse => links::resident(&seen.dossier.resident.id),
            _ => links::plan(&plan),
        }));
    };
    let moved = errors.moved();
    let seen = if moved { sight(hall, reader, plan).await? } else { seen };
    let form = Form::again(reader.csrf(), reader.now(), sent, errors);
    let forms = Forms::fresh(reader.csrf(), reader.now()).answered(kind, form);
    Page::refused(page(reader, &seen, who, forms), moved).answer()
}

/// The page with the amounts as they were typed, and what they would be made from. Nothing is ordered by it.
fn preview<R: Permitted>(reader: &Signed<R>, seen: &Sight, who: Reader, sent: &Protected<Sent>) -> Answer {
    let wrong = Wish::read(Kind::Lower, sent, seen).err().unwrap_or_default();
    let refused = !wrong.is_empty();
    let form = Form::again(reader.csrf(), reader.now(), sent, wrong);
    let forms = Forms::fresh(reader.csrf(), reader.now()).answered(Kind::Lower, form);
    let view = page(reader, seen, who, forms).previewing(seen);
    if refused { Page::refused(view, false).answer() } else { Page::new(view).answer() }
}

/// What is wished for, read from the form.
enum Wish {
    StepBack(Option<u32>),
    Urgent(Urgent),
    Hold(chrono::NaiveDate),
}

impl Wish {
    fn read(kind: Kind, sent: &Protected<Sent>, seen: &Sight) -> Result<Wish, Errors> {
        let mut errors = Errors::none();
        let wish = match kind {
            Kind::StepBack => Some(Wish::StepBack(sent.step.trim().parse().ok())),
            Kind::Suspend | Kind::EndHold => Some(Wish::Urgent(Urgent::Suspend)),
            Kind::Lower => typed_regimen(sent, seen, &mut errors).map(|regimen| Wish::Urgent(Urgent::Lower(regimen))),
            Kind::Hold => errors.keep("reassess_on", parse_day(&sent.reassess_on)).map(Wish::Hold),
        };
        wish.filter(|_| errors.is_empty()).ok_or(errors)
    }

    fn act(self, by: Orderer, sent: &Protected<Sent>, plan: String) -> Result<Act, PageError> {
        let (form, shown, rationale) = (sent.id()?, Shown::sent(&sent.decisions, &sent.next), sent.rationale.clone());
        Ok(match self {
            Wish::StepBack(step) => {
                let ask = StepBack { form, plan, shown, step, rationale };
                Box::new(move |conn, now| step_back(conn, &by, &ask, now))
            }
            Wish::Urgent(urgent) => {
                let ask = OrderUrgently { form, plan, shown, urgent, rationale };
                Box::new(move |conn, now| order_urgently(conn, &by, &ask, now))
            }
            Wish::Hold(reassess_on) => {
                let ask = HoldPlan { form, plan, shown, reassess_on, rationale };
                Box::new(move |conn, now| hold_plan(conn, &by, &ask, now))
            }
        })
    }
}

/// One amount for each line of the level, in the order of the page.
fn typed_regimen(sent: &Protected<Sent>, seen: &Sight, errors: &mut Errors) -> Option<Regimen> {
    let most = errors.keep("", seen.dossier.found.case.most())?;
    let mut doses = Vec::new();
    for (nth, line) in (1..).zip(most.doses()) {
        let field = format!("amount_{nth}");
        let typed = sent.typed.value(&field).unwrap_or_default().trim();
        let read = if typed.is_empty() { Err(Refusal::OrderMissing) } else { Amount::parse(typed) };
        doses.extend(errors.keep(&field, read).map(|amount| PlannedDose { amount, ..line }));
    }
    Some(Regimen::from(doses))
}
