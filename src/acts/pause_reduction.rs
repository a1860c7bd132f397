//! A nurse pauses a signed reduction before its first dose: the level before it continues.

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, standing_check};
use crate::care::people::{Actor, Nurse};
use crate::care::taper::level::PlanFact;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct PauseReduction {
    /// The id of the decision, made when the form was drawn.
    pub form: String,
    pub plan: String,
    /// The number of the reduction.
    pub n: u32,
    pub reason: String,
}

pub fn pause_reduction(
    conn: &mut Conn,
    by: &Nurse,
    ask: &PauseReduction,
    now: DateTime<Utc>,
) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, ask.n, now)?;
    let decision = found.case.pause(ask.n, &ask.reason)?;
    let decided = DecidedBy::new(&ask.form, by, now);
    Ok(decision_save(conn, &mut found, &decided, "pause_reduction", decision, &())?)
}
