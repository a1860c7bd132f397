//! The prescriber of a telephone order confirms it, or another in the place of one who has left.

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, standing_check};
use crate::care::people::{Actor, Confirmed, Prescriber};
use crate::care::taper::fact::PlanFact;
use crate::store::StoreError;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;
use crate::store::people::prescribes_here;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ConfirmOrder {
    /// The id of the decision, made when the form was drawn.
    pub form: String,
    pub plan: String,
    /// The id of the order.
    pub order: String,
    /// May stay empty.
    pub remark: String,
}

pub fn confirm_order(
    conn: &mut Conn,
    by: &Prescriber,
    confirmed: &Confirmed,
    ask: &ConfirmOrder,
    now: DateTime<Utc>,
) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, 0, now)?;
    let order = found.file.facts.iter().find(|fact| fact.id == ask.order).ok_or(StoreError::Missing)?;
    let caller_is_here = prescribes_here(conn, order, &by.staff().facility, now)?;
    let decision = found.case.affirm(by.staff(), confirmed, (order, caller_is_here), &ask.remark)?;
    let decided = DecidedBy::new(&ask.form, by, now);
    Ok(decision_save(conn, &mut found, &decided, "confirm_order", decision, &())?)
}
