//! A resident is taken in.

use chrono::{DateTime, Utc};

use super::{ActError, resident_enter, standing_check};
use crate::care::people::Supervisor;
use crate::care::refusal::Refusal;
use crate::care::resident::admission::AdmissionAsk;
use crate::store::db::Conn;
use crate::store::history::fact_exists;
use crate::store::{facilities, residents};

/// What is asked for; the form's id becomes the resident's.
#[derive(Debug, Clone)]
pub struct AdmitResident {
    pub form: String,
    pub admission: AdmissionAsk,
}

pub fn admit_resident(
    conn: &mut Conn,
    by: &Supervisor,
    ask: &AdmitResident,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let facility = standing_check(conn, by, now)?;
    if fact_exists(conn, &ask.form)? {
        return Ok(());
    }
    let resident = ask.admission.read(&ask.form, &facility.id, facility.zone.day(now))?;
    let units = facilities::units_of(conn, &facility.id)?;
    if !units.iter().any(|unit| unit.id == resident.unit) {
        return Err(Refusal::ResidentUnit.into());
    }
    if let Some(other) = residents::resident_find_by_number(conn, &facility.id, &resident.number)? {
        return Err(Refusal::ResidentNumberTaken { name: other.name() }.into());
    }
    resident_enter(conn, by, &resident, now)
}
