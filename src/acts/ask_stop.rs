//! A prescriber asks for an abrupt stop. The dose continues until a pharmacist has countersigned.

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, standing_check};
use crate::care::people::{Actor, Confirmed, Prescriber};
use crate::care::taper::level::PlanFact;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct AskStop {
    /// The id of the decision, made when the form was drawn.
    pub form: String,
    pub plan: String,
    /// Why it has to end at once, for this resident.
    pub rationale: String,
}

pub fn ask_stop(
    conn: &mut Conn,
    by: &Prescriber,
    confirmed: &Confirmed,
    ask: &AskStop,
    now: DateTime<Utc>,
) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, 0, now)?;
    let decision = found.case.ask_stop(by.staff(), confirmed, &ask.rationale)?;
    let decided = DecidedBy::new(&ask.form, by, now);
    Ok(decision_save(conn, &mut found, &decided, "ask_stop", decision, &())?)
}
