//! A prescriber takes a submitted amendment back: the steps stay as they were approved before.

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, standing_check};
use crate::care::people::{Actor, Prescriber};
use crate::care::taper::level::PlanFact;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct DropAmendment {
    /// The id of the decision, made when the form was drawn.
    pub form: String,
    pub plan: String,
    /// The version that the page showed.
    pub version: u32,
    pub rationale: String,
}

pub fn drop_amendment(
    conn: &mut Conn,
    by: &Prescriber,
    ask: &DropAmendment,
    now: DateTime<Utc>,
) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, 0, now)?;
    let decision = found.case.drop_amendment(ask.version, &ask.rationale)?;
    let decided = DecidedBy::new(&ask.form, by, now);
    Ok(decision_save(conn, &mut found, &decided, "drop_amendment", decision, &())?)
}
