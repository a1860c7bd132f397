//! A prescriber answers a plan that was sent back: the same steps, approved again as a new version.

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, standing_check};
use crate::care::people::{Actor, Confirmed, Prescriber};
use crate::care::taper::level::PlanFact;
use crate::care::taper::plan::Plan;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;
use crate::store::plans;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct AnswerReturn {
    /// The id of the approval, made when the form was drawn.
    pub form: String,
    pub plan: String,
    /// The version the page showed.
    pub version: u32,
    /// What the prescriber answers the pharmacist.
    pub rationale: String,
}

pub fn answer_return(
    conn: &mut Conn,
    by: &Prescriber,
    confirmed: &Confirmed,
    ask: &AnswerReturn,
    now: DateTime<Utc>,
) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, 0, now)?;
    let next = found.file.next_version();
    let decision = found.case.answer(by.staff(), confirmed, (ask.version, next), &ask.rationale)?;
    let authors = found.file.makers_with(&by.staff().person);
    let again = Plan { version: next, authors, ..found.file.plan.clone() };
    plans::version_insert(conn, &again, &by.staff().person, now)?;
    found.file.put_in_force(again);
    let (decided, version) = (DecidedBy::new(&ask.form, by, now), found.file.plan.clone());
    Ok(decision_save(conn, &mut found, &decided, "answer_return", decision, &version)?)
}
