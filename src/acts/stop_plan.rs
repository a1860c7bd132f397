//! A pharmacist countersigns a stop that a prescriber asked for: 0 mg from the next dose, signed by two, and nothing of it as
//! needed either.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{ActError, first_answer, standing_check};
use crate::care::people::{Actor, Confirmed, Pharmacist};
use crate::care::refusal::Refusal;
use crate::care::taper::ending::ENDED_WITH_PLAN;
use crate::care::taper::level::PlanFact;
use crate::care::taper::order::Shown;
use crate::store::as_needed::{self, Ended};
use crate::store::cases::{DecidedBy, Found, case_load, decision_save};
use crate::store::db::Conn;
use crate::store::{StoreError, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct StopPlan {
    /// The id of the decision, made when the form was drawn.
    pub form: String,
    pub plan: String,
    /// The id of the fact that asks for the stop, as the page showed it.
    pub asked: String,
    pub shown: Shown,
    pub rationale: String,
}

pub fn stop_plan(
    conn: &mut Conn,
    by: &Pharmacist,
    confirmed: &Confirmed,
    ask: &StopPlan,
    now: DateTime<Utc>,
) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, 0, now)?;
    found.case.as_shown(&ask.shown, found.file.facts.len())?;
    let asked = found.file.facts.iter().find(|fact| fact.id == ask.asked).ok_or(Refusal::PlanMoved)?;
    let decision = found.case.stop(by.staff(), confirmed, asked, &ask.rationale)?;
    let (decided, means) = (DecidedBy::new(&ask.form, by, now), found.case.stop_means());
    let stopped = decision_save(conn, &mut found, &decided, "stop_plan", decision, &means)?;
    orders_end(conn, by, &found, &ask.form, now)?;
    Ok(stopped)
}

/// Whoever gets nothing of a medicine any more gets none of it as needed, until a prescriber orders it anew.
fn orders_end(
    conn: &mut Conn,
    by: &Pharmacist,
    found: &Found,
    form: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let plan = &found.file.plan;
    let ended_at = residents::recorded_at(conn, &plan.resident, now)?;
    for file in as_needed::orders_of_plan(conn, plan, found.case.today)? {
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{form} {}", file.order.id).as_bytes()).to_string();
        let (of_order, ended_by) = (file.order.id.clone(), by.staff().person.clone());
        let end = Ended { id, of_order, reason: ENDED_WITH_PLAN.to_owned(), ended_by, ended_at };
        as_needed::order_end(conn, Pharmacist::ROLE, &file, &end)?;
    }
    Ok(())
}
