//! A nurse notes that a resident vomited after a dose. The record of the dose stays; nobody gives it again.

use chrono::{DateTime, Utc};

use super::{ActError, answered_already, standing_check};
use crate::care::people::{Actor, Nurse};
use crate::care::refusal::Refusal;
use crate::care::round::vomit::{VomitAsk, Vomited};
use crate::store::db::Conn;
use crate::store::doses::{self, DoseFile};
use crate::store::history::{NewFact, fact_append};
use crate::store::{StoreError, facilities, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct NoteVomit {
    /// The id of the note, made when the form was drawn.
    pub form: String,
    pub dose: String,
    pub vomit: VomitAsk,
}

pub fn note_vomit(conn: &mut Conn, by: &Nurse, ask: &NoteVomit, now: DateTime<Utc>) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    let dose = doses::dose_load(conn, &ask.dose)?;
    if dose.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    let noted_at = residents::recorded_at(conn, &dose.resident, now)?;
    if answered_already(conn, &ask.form, &dose.id, by.staff())? {
        return Ok(());
    }
    let records = doses::dose_records(conn, &dose.id)?;
    let taken = records.standing().filter(|record| !record.given.is_zero()).ok_or(Refusal::VomitNothingTaken)?;
    let zone = facilities::facility_load(conn, &dose.facility)?.zone;
    let (vomited_at, seen) = ask.vomit.read(taken.given_at, zone, now)?;
    let vomited = Vomited {
        id: ask.form.clone(),
        of_dose: dose.id.clone(),
        vomited_at,
        seen,
        noted_by: by.staff().person.clone(),
        noted_at,
    };
    Ok(save(conn, &dose, &vomited)?)
}

fn save(conn: &mut Conn, dose: &DoseFile, vomited: &Vomited) -> Result<(), StoreError> {
    doses::vomit_insert(conn, vomited)?;
    let fact = NewFact {
        id: &vomited.id,
        kind: "note_vomit",
        facility: &dose.facility,
        resident: Some(&dose.resident),
        subject: &dose.id,
        done_by: Some(&vomited.noted_by),
        role: Nurse::ROLE.word(),
        body: vomited,
    };
    fact_append(conn, &fact, vomited.noted_at)?;
    Ok(())
}
