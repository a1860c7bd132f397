//! The administrator says how many days the pharmacy needs, and how many days an order is to last.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, standing_check};
use crate::care::people::{Actor, Administrator};
use crate::care::refusal::Refusal;
use crate::care::register::ordering::OrderRules;
use crate::store::db::Conn;
use crate::store::facilities;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::registers::{order_rules_load, order_rules_replace};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct PlanOrdering {
    /// The id of the form.
    pub form: String,
    /// The revision of the facility that the page showed.
    pub revision: i64,
    pub rules: OrderRules,
}

#[derive(Serialize)]
struct Change {
    before: OrderRules,
    after: OrderRules,
}

pub fn plan_ordering(
    conn: &mut Conn,
    by: &Administrator,
    ask: &PlanOrdering,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let facility = standing_check(conn, by, now)?;
    if fact_exists(conn, &ask.form)? {
        return Ok(());
    }
    if facility.revision != ask.revision {
        return Err(Refusal::SettingsMoved.into());
    }
    let before = order_rules_load(conn, &facility.id)?;
    order_rules_replace(conn, &facility.id, ask.rules)?;
    facilities::facility_change(conn, &facility)?;
    let fact = NewFact {
        id: &ask.form,
        kind: "plan_ordering",
        facility: &facility.id,
        resident: None,
        subject: &facility.id,
        done_by: Some(&by.staff().person),
        role: Administrator::ROLE.word(),
        body: &Change { before, after: ask.rules },
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}
