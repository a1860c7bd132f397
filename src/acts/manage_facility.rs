//! The administrator changes the settings of the facility and its units.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, standing_check};
use crate::care::facility::{Facility, Unit};
use crate::care::people::{Actor, Administrator};
use crate::care::refusal::Refusal;
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::{StoreError, facilities};

#[derive(Serialize)]
struct Change<T> {
    before: Option<T>,
    after: T,
}

/// Changes the settings, if nobody did since the page was drawn.
pub fn change_settings(
    conn: &mut Conn,
    by: &Administrator,
    form: &str,
    settings: &Facility,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    // Whoever approves a plan meanwhile waits, and lays its doses out in the zone that is set here.
    facilities::facility_hold(conn, &by.staff().facility)?;
    let before = standing_check(conn, by, now)?;
    if fact_exists(conn, form)? {
        return Ok(());
    }
    if settings.id != before.id {
        return Err(StoreError::Missing.into());
    }
    if settings.revision != before.revision {
        return Err(Refusal::SettingsMoved.into());
    }
    if settings.zone != before.zone && facilities::has_running_plans(conn, &before.id)? {
        return Err(Refusal::ZoneInUse.into());
    }
    facilities::facility_change(conn, settings)?;
    let body = Change { before: Some(&before), after: settings };
    note(conn, by, form, &settings.id, &body, now)
}

/// Adds a unit, or changes one, if nobody did since the page was drawn.
pub fn save_unit(
    conn: &mut Conn,
    by: &Administrator,
    form: &str,
    unit: &Unit,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    if fact_exists(conn, form)? {
        return Ok(());
    }
    let units = facilities::units_of(conn, &by.staff().facility)?;
    if units.iter().any(|other| other.id != unit.id && other.name.to_lowercase() == unit.name.to_lowercase()) {
        return Err(Refusal::UnitNameTaken.into());
    }
    let before = units.into_iter().find(|known| known.id == unit.id);
    match &before {
        Some(known) if known.revision != unit.revision => return Err(Refusal::SettingsMoved.into()),
        Some(_) => facilities::unit_change(conn, unit)?,
        None if unit.id == form => facilities::unit_insert(conn, unit)?,
        None => return Err(StoreError::Missing.into()),
    }
    note(conn, by, form, &unit.id, &Change { before: before.as_ref(), after: unit }, now)
}

fn note(
    conn: &mut Conn,
    by: &Administrator,
    form: &str,
    subject: &str,
    body: &impl Serialize,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let fact = NewFact {
        id: form,
        kind: "manage_facility",
        facility: &by.staff().facility,
        resident: None,
        subject,
        done_by: Some(&by.staff().person),
        role: Administrator::ROLE.word(),
        body,
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}
