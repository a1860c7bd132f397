//! The bell lays doses out for the days ahead. Laying out again changes nothing.

use chrono::{DateTime, Utc};

use super::ActError;
use crate::care::calendar::days_after;
use crate::store::db::Conn;
use crate::store::plans::{PlanState, plan_load, plan_move};
use crate::store::{cases, facilities};

/// Lays out one plan's doses up to the facility's horizon, where that is not done yet.
pub fn lay_out_doses(conn: &mut Conn, plan: &str, now: DateTime<Utc>) -> Result<(), ActError> {
    let file = plan_load(conn, plan)?;
    let facility = facilities::facility_load(conn, &file.plan.facility)?;
    let today = facility.zone.day(now);
    let until = days_after(today, facility.horizon_days);
    if file.state != PlanState::Running || file.laid_until.is_some_and(|laid| laid >= until) {
        return Ok(());
    }
    let laid_until = cases::doses_follow(conn, &file, &facility, today, now)?;
    Ok(plan_move(conn, &file, PlanState::Running, laid_until)?)
}
