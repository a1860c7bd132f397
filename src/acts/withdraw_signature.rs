//! A pharmacist takes a signature back before it is in force.

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, standing_check};
use crate::care::people::{Actor, Confirmed, Pharmacist};
use crate::care::taper::level::PlanFact;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct WithdrawSignature {
    /// The id of the decision, made when the form was drawn.
    pub form: String,
    pub plan: String,
    /// The number of the reduction.
    pub n: u32,
    pub rationale: String,
}

pub fn withdraw_signature(
    conn: &mut Conn,
    by: &Pharmacist,
    confirmed: &Confirmed,
    ask: &WithdrawSignature,
    now: DateTime<Utc>,
) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, ask.n, now)?;
    let decision = found.case.withdraw(by.staff(), confirmed, ask.n, &ask.rationale)?;
    let decided = DecidedBy::new(&ask.form, by, now);
    Ok(decision_save(conn, &mut found, &decided, "withdraw_signature", decision, &())?)
}
