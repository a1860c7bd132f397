//! A resident’s details are put right: another room or unit, an allergy found out.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, standing_check};
use crate::care::people::{Actor, Supervisor};
use crate::care::refusal::Refusal;
use crate::care::resident::Resident;
use crate::care::resident::admission::AdmissionAsk;
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::{StoreError, facilities, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ChangeResident {
    pub form: String,
    pub resident: String,
    /// The revision the page showed.
    pub revision: i64,
    pub admission: AdmissionAsk,
}

/// What the fact keeps.
#[derive(Serialize)]
struct Change {
    before: Resident,
    after: Resident,
}

pub fn change_resident(
    conn: &mut Conn,
    by: &Supervisor,
    ask: &ChangeResident,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    let before = residents::resident_load(conn, &ask.resident)?;
    if before.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    if fact_exists(conn, &ask.form)? {
        return Ok(());
    }
    let facility = facilities::facility_load(conn, &before.facility)?;
    let after = ask.admission.read(&before.id, &facility.id, facility.zone.day(now))?;
    check(conn, ask, &before, &after)?;
    residents::resident_change(conn, &after, ask.revision)?;
    note(conn, by, &ask.form, Change { before, after }, now)
}

fn check(conn: &mut Conn, ask: &ChangeResident, before: &Resident, after: &Resident) -> Result<(), ActError> {
    if residents::revision_load(conn, &after.id)? != ask.revision {
        return Err(Refusal::ResidentMoved.into());
    }
    if !facilities::units_of(conn, &after.facility)?.iter().any(|unit| unit.id == after.unit) {
        return Err(Refusal::ResidentUnit.into());
    }
    if after.number == before.number {
        return Ok(());
    }
    match residents::resident_find_by_number(conn, &after.facility, &after.number)? {
        Some(other) if other.id != after.id => Err(Refusal::ResidentNumberTaken { name: other.name() }.into()),
        _ => Ok(()),
    }
}

fn note(conn: &mut Conn, by: &Supervisor, form: &str, change: Change, now: DateTime<Utc>) -> Result<(), ActError> {
    let resident = &change.after;
    let fact = NewFact {
        id: form,
        kind: "change_resident",
        facility: &resident.facility,
        resident: Some(&resident.id),
        subject: &resident.id,
        done_by: Some(&by.staff().person),
        role: Supervisor::ROLE.word(),
        body: &change,
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}
