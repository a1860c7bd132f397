//! A pharmacist reviews an urgent order. The dose stays as it was ordered.

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, standing_check};
use crate::care::people::{Actor, Confirmed, Pharmacist};
use crate::care::taper::fact::PlanFact;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ReviewOrder {
    /// The id of the decision, made when the form was drawn.
    pub form: String,
    pub plan: String,
    /// The id of the order.
    pub order: String,
    pub rationale: String,
}

pub fn review_order(
    conn: &mut Conn,
    by: &Pharmacist,
    confirmed: &Confirmed,
    ask: &ReviewOrder,
    now: DateTime<Utc>,
) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, 0, now)?;
    let decision = found.case.review(by.staff(), confirmed, &ask.order, &ask.rationale)?;
    let decided = DecidedBy::new(&ask.form, by, now);
    Ok(decision_save(conn, &mut found, &decided, "review_order", decision, &())?)
}
