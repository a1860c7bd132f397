//! A prescriber holds, at a screen or by telephone: the resident stays at this level, and somebody looks again on a day.

use chrono::{DateTime, NaiveDate, Utc};

use super::{ActError, first_answer, ordering_check};
use crate::care::taper::fact::PlanFact;
use crate::care::taper::order::Shown;
use crate::care::taper::reduction::Decision;
use crate::care::taper::telephone::Orderer;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct HoldPlan {
    /// The id of the decision, made when the form was drawn.
    pub form: String,
    pub plan: String,
    pub shown: Shown,
    /// The day to look again.
    pub reassess_on: NaiveDate,
    pub rationale: String,
}

pub fn hold_plan(conn: &mut Conn, by: &Orderer, ask: &HoldPlan, now: DateTime<Utc>) -> Result<PlanFact, ActError> {
    let telephone = ordering_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, 0, now)?;
    found.case.as_shown(&ask.shown, found.file.facts.len())?;
    let decision = found.case.hold_plan(ask.reassess_on, &ask.rationale)?;
    let decided = DecidedBy::ordering(&ask.form, by, now);
    let decision = Decision { telephone, ..decision };
    Ok(decision_save(conn, &mut found, &decided, "hold_plan", decision, &())?)
}
