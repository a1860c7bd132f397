//! A prescriber answers a plan that was sent back: the same steps, approved again as a new version.

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, standing_check};
use crate::care::people::{Actor, Confirmed, Prescriber};
use crate::care::taper::level::PlanFact;
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
    let decision = found.case.answer(by.staff(), confirmed, ask.version, &ask.rationale)?;
    // Whoever made the version before made these steps too, and cannot sign them.
    found.file.plan.authors = found.file.makers();
    found.file.plan.authors.insert(by.staff().person.clone());
    found.file.plan.version += 1;
    plans::version_insert(conn, &found.file.plan, &by.staff().person, now)?;
    let (decided, version) = (DecidedBy::new(&ask.form, by, now), found.file.plan.clone());
    Ok(decision_save(conn, &mut found, &decided, "answer_return", decision, &version)?)
}
