//! A plan that has come to 0 mg is closed: nothing more is written out, and nothing more is asked for.

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, standing_check};
use crate::care::taper::ending::PrescriberOrPharmacist;
use crate::care::taper::level::PlanFact;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct FinishPlan {
    /// The id of the decision, made when the form was drawn.
    pub form: String,
    pub plan: String,
    pub rationale: String,
}

pub fn finish_plan<A: PrescriberOrPharmacist>(
    conn: &mut Conn,
    by: &A,
    ask: &FinishPlan,
    now: DateTime<Utc>,
) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, 0, now)?;
    let decision = found.case.finish(&ask.rationale)?;
    let decided = DecidedBy::new(&ask.form, by, now);
    Ok(decision_save(conn, &mut found, &decided, "finish_plan", decision, &())?)
}
