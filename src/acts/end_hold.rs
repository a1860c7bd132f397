//! A pharmacist or a prescriber ends a hold before its day: the reduction still waits for its signature.

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, standing_check};
use crate::care::people::{Actor, Confirmed, Pharmacist, Prescriber};
use crate::care::taper::fact::PlanFact;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct EndHold {
    /// The id of the decision, made when the form was drawn.
    pub form: String,
    pub plan: String,
    pub rationale: String,
}

/// Who may end a hold.
pub trait EndsHolds: Actor {}
impl EndsHolds for Pharmacist {}
impl EndsHolds for Prescriber {}

pub fn end_hold<A: EndsHolds>(
    conn: &mut Conn,
    by: &A,
    confirmed: &Confirmed,
    ask: &EndHold,
    now: DateTime<Utc>,
) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, 0, now)?;
    let decision = found.case.end_hold(by.staff(), confirmed, &ask.rationale)?;
    let decided = DecidedBy::new(&ask.form, by, now);
    Ok(decision_save(conn, &mut found, &decided, "end_hold", decision, &())?)
}
