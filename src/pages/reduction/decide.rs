//! What a pharmacist sends: a signature, a hold, a return, a withdrawal; each with its rationale and the password again.

use actix_web::web::{Data, Path};
use serde::Deserialize;

use super::view::{Decisive, Kind};
use super::{page, sight};
use crate::acts::ActError;
use crate::acts::hold_reduction::{HoldReduction, hold_reduction};
use crate::acts::return_reduction::{ReturnReduction, return_reduction};
use crate::acts::sign_reduction::{Seen, SignReduction, sign_reduction};
use crate::acts::withdraw_signature::{WithdrawSignature, withdraw_signature};
use crate::care::calendar::parse_day;
use crate::care::people::{Confirmed, Pharmacist};
use crate::care::taper::level::PlanFact;
use crate::care::taper::rationale;
use crate::care::taper::reduction::SignAsk;
use crate::store::Conn;
use crate::web::{Answer, Errors, Form, Hall, Page, PageError, Protected, Signed, deciding, links, see_other};

/// A decision as it is sent. A field that its kind of decision does not have stays empty.
#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    effective_on: String,
    #[serde(default)]
    reassess_on: String,
    #[serde(default)]
    rationale: String,
    #[serde(default)]
    flags_reason: String,
    #[serde(default)]
    password: String,
    /// The mark of what the page showed, and how many decisions.
    #[serde(default)]
    seen: String,
    #[serde(default)]
    decisions_seen: String,
    /// The day whose checks it showed.
    #[serde(default)]
    checked_on: String,
}

impl Sent {
    /// A number that no page wrote is that of a page that showed nothing.
    fn decisions_seen(&self) -> u32 {
        self.decisions_seen.parse().unwrap_or(0)
    }
}

type Act =
    Box<dyn Fn(&mut Conn, &Pharmacist, &Confirmed, chrono::DateTime<chrono::Utc>) -> Result<PlanFact, ActError> + Send>;

pub async fn sign(
    hall: Data<Hall>,
    pharmacist: Signed<Pharmacist>,
    path: Path<(String, u32)>,
    sent: Protected<Sent>,
) -> Answer {
    let mut errors = Errors::none();
    let effective_on = errors.keep("effective_on", parse_day(&sent.effective_on));
    let (plan, n) = path.into_inner();
    let act = effective_on.map(|effective_on| -> Result<Act, PageError> {
        let (rationale, flags_reason) = (sent.rationale.clone(), sent.flags_reason.clone());
        let sign = SignAsk { n, effective_on, rationale, flags_reason };
        let seen = Seen {
            mark: sent.seen.clone(),
            checked_on: parse_day(&sent.checked_on).ok(),
            decisions: sent.decisions_seen(),
        };
        let ask = SignReduction { form: sent.id()?, plan: plan.clone(), sign, seen: Some(seen) };
        Ok(Box::new(move |conn, by, confirmed, now| sign_reduction(conn, by, confirmed, &ask, now)))
    });
    decide(&hall, &pharmacist, (plan, n), &sent, Kind::Sign, act.transpose()?.ok_or(errors)).await
}

pub async fn hold(
    hall: Data<Hall>,
    pharmacist: Signed<Pharmacist>,
    path: Path<(String, u32)>,
    sent: Protected<Sent>,
) -> Answer {
    let mut errors = Errors::none();
    let reassess_on = errors.keep("reassess_on", parse_day(&sent.reassess_on));
    let (plan, n) = path.into_inner();
    let act = reassess_on.map(|reassess_on| -> Result<Act, PageError> {
        let (rationale, decisions_seen) = (sent.rationale.clone(), Some(sent.decisions_seen()));
        let ask = HoldReduction { form: sent.id()?, plan: plan.clone(), n, reassess_on, rationale, decisions_seen };
        Ok(Box::new(move |conn, by, confirmed, now| hold_reduction(conn, by, confirmed, &ask, now)))
    });
    decide(&hall, &pharmacist, (plan, n), &sent, Kind::Hold, act.transpose()?.ok_or(errors)).await
}

pub async fn send_back(
    hall: Data<Hall>,
    pharmacist: Signed<Pharmacist>,
    path: Path<(String, u32)>,
    sent: Protected<Sent>,
) -> Answer {
    let (plan, n) = path.into_inner();
    let (rationale, decisions_seen) = (sent.rationale.clone(), Some(sent.decisions_seen()));
    let ask = ReturnReduction { form: sent.id()?, plan: plan.clone(), n, rationale, decisions_seen };
    let act: Act = Box::new(move |conn, by, confirmed, now| return_reduction(conn, by, confirmed, &ask, now));
    decide(&hall, &pharmacist, (plan, n), &sent, Kind::Return, Ok(act)).await
}

pub async fn withdraw(
    hall: Data<Hall>,
    pharmacist: Signed<Pharmacist>,
    path: Path<(String, u32)>,
    sent: Protected<Sent>,
) -> Answer {
    let (plan, n) = path.into_inner();
    let ask = WithdrawSignature { form: sent.id()?, plan: plan.clone(), n, rationale: sent.rationale.clone() };
    let act: Act = Box::new(move |conn, by, confirmed, now| withdraw_signature(conn, by, confirmed, &ask, now));
    decide(&hall, &pharmacist, (plan, n), &sent, Kind::Withdraw, Ok(act)).await
}

/// Confirms who decides, lets the act decide, and leads on; or shows the form again, and what stands now.
async fn decide(
    hall: &Data<Hall>,
    pharmacist: &Signed<Pharmacist>,
    (plan, n): (String, u32),
    sent: &Protected<Sent>,
    kind: Kind,
    act: Result<Act, Errors>,
) -> Answer {
    // The page that comes back shows the checks of the day that was chosen.
    let on = parse_day(&sent.effective_on).ok();
    let seen = sight(hall, pharmacist, plan.clone(), n, on).await?;
    let by = pharmacist.at(&seen.dossier.found.facility.id)?;
    let confirmed = hall.confirmed(pharmacist.person(), &sent.password).await?;
    let both = match (act, confirmed) {
        (Ok(act), Ok(confirmed)) => Ok((act, confirmed)),
        (act, confirmed) => Err(all_wrong(act.err(), kind, &sent.rationale, confirmed.err())),
    };
    let act = both.map(|(act, confirmed)| move |conn: &mut Conn, now| act(conn, &by, &confirmed, now));
    let Err(errors) = deciding(&hall.db, act).await? else {
        return Ok(see_other(links::reduction(&plan, i64::from(n))));
    };
    let moved = errors.moved();
    let seen = if moved { sight(hall, pharmacist, plan, n, on).await? } else { seen };
    let form = Form::again(pharmacist.csrf(), pharmacist.now(), sent, errors);
    let forms = Decisive::fresh(pharmacist.csrf(), pharmacist.now()).answered(kind, form, moved);
    Page::refused(page(pharmacist, &seen, forms), moved).answer()
}

/// Everything that is wrong at once, in the order of the form: nobody sends a form again for each.
fn all_wrong(date: Option<Errors>, kind: Kind, text: &str, password: Option<Errors>) -> Errors {
    let written = match kind {
        Kind::Withdraw => rationale::reason(text),
        Kind::Sign | Kind::Hold | Kind::Return => rationale::of_this_resident(text, None),
    };
    let all = [date, written.err().map(Errors::from), password];
    all.into_iter().flatten().fold(Errors::none(), Errors::and)
}
