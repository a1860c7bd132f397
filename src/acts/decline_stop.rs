//! A stop that was asked for is not made: a pharmacist declines to countersign it, or a prescriber takes it back.

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, standing_check};
use crate::care::people::Confirmed;
use crate::care::refusal::Refusal;
use crate::care::taper::ending::PrescriberOrPharmacist;
use crate::care::taper::level::PlanFact;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct DeclineStop {
    /// The id of the decision, made when the form was drawn.
    pub form: String,
    pub plan: String,
    /// The id of the fact that asks for the stop, as the page showed it.
    pub asked: String,
    pub rationale: String,
}

pub fn decline_stop<A: PrescriberOrPharmacist>(
    conn: &mut Conn,
    by: &A,
    confirmed: &Confirmed,
    ask: &DeclineStop,
    now: DateTime<Utc>,
) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, 0, now)?;
    let asked = found.file.facts.iter().find(|fact| fact.id == ask.asked).ok_or(Refusal::PlanMoved)?;
    let decision = found.case.decline_stop(by.staff(), confirmed, asked, &ask.rationale)?;
    let decided = DecidedBy::new(&ask.form, by, now);
    Ok(decision_save(conn, &mut found, &decided, "decline_stop", decision, &())?)
}
