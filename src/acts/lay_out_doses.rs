//! The bell lays doses out for the days ahead. Laying out again changes nothing.

use chrono::{DateTime, Utc};

use super::ActError;
use crate::care::calendar::days_after;
use crate::care::facility::Facility;
use crate::store::db::Conn;
use crate::store::plans::{PlanFile, PlanState, plan_laid, plans_load};
use crate::store::{StoreError, cases, facilities};

/// So many plans are laid out in one commit: few enough that nobody who records a dose waits long.
pub const PLANS_AT_ONCE: usize = 50;

/// Lays out one plan's doses up to the facility's horizon, where that is not done yet.
pub fn lay_out_doses(conn: &mut Conn, plan: &str, now: DateTime<Utc>) -> Result<(), ActError> {
    lay_out_together(conn, &[plan.to_owned()], now)
}

/// The same for several plans: all of them, or none.
pub fn lay_out_together(conn: &mut Conn, plans: &[String], now: DateTime<Utc>) -> Result<(), ActError> {
    let files = plans_load(conn, plans)?;
    if files.len() < plans.len() {
        return Err(StoreError::Missing.into());
    }
    let mut known: Option<Facility> = None;
    for file in &files {
        let facility = match known.take() {
            Some(facility) if facility.id == file.plan.facility => facility,
            _ => facilities::facility_load(conn, &file.plan.facility)?,
        };
        lay_out(conn, file, &facility, now)?;
        known = Some(facility);
    }
    Ok(())
}

fn lay_out(conn: &mut Conn, file: &PlanFile, facility: &Facility, now: DateTime<Utc>) -> Result<(), StoreError> {
    let today = facility.zone.day(now);
    let until = days_after(today, facility.horizon_days);
    if file.state != PlanState::Running || file.laid_until.is_some_and(|laid| laid >= until) {
        return Ok(());
    }
    let laid_until = cases::doses_follow(conn, file, facility, today, now)?;
    plan_laid(conn, file, laid_until)
}
