//! A pharmacist sends the plan back to the prescriber.

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, standing_check};
use crate::care::people::{Actor, Confirmed, Pharmacist};
use crate::care::taper::level::PlanFact;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ReturnReduction {
    /// The id of the decision, made when the form was drawn.
    pub form: String,
    pub plan: String,
    /// The number of the reduction.
    pub n: u32,
    pub rationale: String,
    /// How many decisions about the plan the page showed; none where there was no page.
    pub decisions_seen: Option<u32>,
}

pub fn return_reduction(
    conn: &mut Conn,
    by: &Pharmacist,
    confirmed: &Confirmed,
    ask: &ReturnReduction,
    now: DateTime<Utc>,
) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, ask.n, now)?;
    let decisions = found.file.facts.len();
    found.case.evidence_moved = ask.decisions_seen.is_some_and(|seen| seen as usize != decisions);
    let decision = found.case.send_back(by.staff(), confirmed, ask.n, &ask.rationale)?;
    let decided = DecidedBy::new(&ask.form, by, now);
    Ok(decision_save(conn, &mut found, &decided, "return_reduction", decision, &())?)
}
