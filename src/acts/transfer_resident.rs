//! A resident moves to another room or unit: doses and rounds follow where they live, and so does a supply of their own.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, answered_already, role_check};
use crate::care::people::{Role, Staff};
use crate::care::refusal::Refusal;
use crate::care::resident::Resident;
use crate::care::resident::transfer::{TransferAsk, Transferred};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append};
use crate::store::{StoreError, facilities, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct TransferResident {
    pub form: String,
    pub resident: String,
    /// The revision the page showed.
    pub revision: i64,
    pub transfer: TransferAsk,
}

/// The move, and the details as they are now.
#[derive(Serialize)]
struct Body<'a> {
    transfer: &'a Transferred,
    before: &'a Resident,
    after: &'a Resident,
}

/// A nurse or a supervisor writes it down.
pub fn transfer_resident(
    conn: &mut Conn,
    (by, role): (&Staff, Role),
    ask: &TransferResident,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    role_check(conn, by, role, now)?;
    let before = residents::resident_load(conn, &ask.resident)?;
    if before.facility != by.facility {
        return Err(StoreError::Missing.into());
    }
    // The second of two posts at once sees what the first one wrote.
    let at = residents::recorded_at(conn, &before.id, now)?;
    if answered_already(conn, &ask.form, &before.id, by)? {
        return Ok(());
    }
    if residents::revision_load(conn, &before.id)? != ask.revision {
        return Err(Refusal::ResidentMoved.into());
    }
    let facility = facilities::facility_load(conn, &before.facility)?;
    let units: Vec<String> = facilities::units_of(conn, &facility.id)?.into_iter().map(|unit| unit.id).collect();
    let transfer = ask.transfer.transfer(&before, &units, facility.zone, now)?;
    let (unit, room) = (transfer.moved_to.unit.clone(), transfer.moved_to.room.clone());
    let after = Resident { unit, room, ..before.clone() };
    residents::resident_change(conn, &after, ask.revision)?;
    let fact = NewFact {
        id: &ask.form,
        kind: "transfer_resident",
        facility: &facility.id,
        resident: Some(&before.id),
        subject: &before.id,
        done_by: Some(&by.person),
        role: role.word(),
        body: &Body { transfer: &transfer, before: &before, after: &after },
    };
    fact_append(conn, &fact, at)?;
    Ok(())
}
