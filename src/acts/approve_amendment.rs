//! A prescriber approves other steps that were submitted. No dose changes by it: each reduction waits for its signature.

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, standing_check};
use crate::care::people::{Actor, Confirmed, Prescriber};
use crate::care::refusal::Refusal;
use crate::care::taper::level::PlanFact;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;
use crate::store::facilities;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ApproveAmendment {
    /// The id of the approval, made when the form was drawn.
    pub form: String,
    pub plan: String,
    /// The version that the page showed.
    pub version: u32,
}

pub fn approve_amendment(
    conn: &mut Conn,
    by: &Prescriber,
    confirmed: &Confirmed,
    ask: &ApproveAmendment,
    now: DateTime<Utc>,
) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    // From here to the end of the act what is stocked stays what it is.
    facilities::facility_hold(conn, &by.staff().facility)?;
    let mut found = case_load(conn, by.staff(), &ask.plan, 0, now)?;
    let submitted = found.file.version(ask.version).cloned().ok_or(Refusal::PlanMoved)?;
    let shelves = facilities::shelves_load(conn, &found.facility.id)?;
    let decision = found.case.approve_amendment(by.staff(), confirmed, &submitted, &shelves)?;
    found.file.put_in_force(submitted);
    let decided = DecidedBy::new(&ask.form, by, now);
    Ok(decision_save(conn, &mut found, &decided, "approve_amendment", decision, &())?)
}
