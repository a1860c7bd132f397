//! A pharmacist signs the next reduction. The signature itself changes the doses ahead.

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, standing_check};
use crate::care::people::{Actor, Confirmed, Pharmacist};
use crate::care::taper::level::PlanFact;
use crate::care::taper::reduction::SignAsk;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;
use crate::store::evidence::{evidence_load, statement_new};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct SignReduction {
    /// The id of the signature, made when the form was drawn.
    pub form: String,
    pub plan: String,
    pub sign: SignAsk,
}

pub fn sign_reduction(
    conn: &mut Conn,
    by: &Pharmacist,
    confirmed: &Confirmed,
    ask: &SignReduction,
    now: DateTime<Utc>,
) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, ask.sign.n, now)?;
    let evidence = evidence_load(conn, &found, ask.sign.effective_on, now)?;
    found.case.needs_reason = evidence.as_ref().is_some_and(|evidence| evidence.needs_reason());
    let decision = found.case.sign(by.staff(), confirmed, &ask.sign)?;
    let statement = evidence.map(|evidence| statement_new(conn, &found, by.staff(), &evidence, &decision, now));
    let decided = DecidedBy::new(&ask.form, by, now);
    Ok(decision_save(conn, &mut found, &decided, "sign_reduction", decision, &statement.transpose()?)?)
}
