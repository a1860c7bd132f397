//! Whoever is called about a taper alert says what was done: it no longer stands, and the letters about it stop.

use chrono::{DateTime, Utc};

use super::{ActError, answered_already, role_check};
use crate::care::refusal::Refusal;
use crate::care::round::taper_alert::AlertAcknowledgement;
use crate::care::severe_sign::Called;
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append};
use crate::store::taper_alerts::{acknowledgement_insert, alert_find};
use crate::store::{StoreError, facilities, plans, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct AcknowledgeAlert {
    /// The id of the acknowledgement, made when the form was drawn.
    pub form: String,
    pub plan: String,
    /// The doses that the page showed as not given.
    pub doses: Vec<String>,
    /// What was done about it.
    pub done: String,
}

pub fn acknowledge_alert(
    conn: &mut Conn,
    by: &Called,
    ask: &AcknowledgeAlert,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    role_check(conn, by.staff(), by.role(), now)?;
    let plan = plans::plan_load(conn, &ask.plan)?.plan;
    if plan.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    let acknowledged_at = residents::recorded_at(conn, &plan.resident, now)?;
    if answered_already(conn, &ask.form, &plan.id, by.staff())? {
        return Ok(());
    }
    let facility = facilities::facility_load(conn, &plan.facility)?;
    let found = alert_find(conn, &facility, (&plan.id, &plan.resident), now)?;
    let alert = found.ok_or(Refusal::AlertMoved)?.alert;
    let acknowledgement = AlertAcknowledgement {
        id: ask.form.clone(),
        of_plan: plan.id.clone(),
        done: alert.acknowledge(&ask.doses, &ask.done)?,
        because: alert.because,
        doses: alert.doses,
        since: alert.since,
        acknowledged_by: by.staff().person.clone(),
        acknowledged_at,
    };
    Ok(save(conn, by, &plan.resident, &acknowledgement)?)
}

fn save(conn: &mut Conn, by: &Called, resident: &str, one: &AlertAcknowledgement) -> Result<(), StoreError> {
    acknowledgement_insert(conn, one)?;
    let fact = NewFact {
        id: &one.id,
        kind: "acknowledge_alert",
        facility: &by.staff().facility,
        resident: Some(resident),
        subject: &one.of_plan,
        done_by: Some(&one.acknowledged_by),
        role: by.role().word(),
        body: one,
    };
    fact_append(conn, &fact, one.acknowledged_at)?;
    Ok(())
}
