//! A nurse writes down that somebody left: hospital, leave, discharge or death. No dose is due here from then on.

use chrono::{DateTime, Utc};

use super::{ActError, part_id, standing_check};
use crate::care::absence::{Absence, LONGEST_LATE, LeaveAsk, LeaveCase};
use crate::care::calendar::Moment;
use crate::care::people::{Actor, Nurse};
use crate::care::taper::level::PlanAct;
use crate::care::taper::reduction::Decision;
use crate::store::absences::{absence_insert, absence_open_find, back_last, last_taken_of};
use crate::store::as_needed::doses_of_resident;
use crate::store::cases::{DecidedBy, cases_of_resident, decision_save};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::{StoreError, facilities, residents};

/// What is asked for; the form's id becomes the absence's.
#[derive(Debug, Clone)]
pub struct RecordAbsence {
    pub form: String,
    pub resident: String,
    pub leave: LeaveAsk,
}

pub fn record_absence(conn: &mut Conn, by: &Nurse, ask: &RecordAbsence, now: DateTime<Utc>) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    let resident = residents::resident_load(conn, &ask.resident)?;
    if resident.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    let at = residents::recorded_at(conn, &resident.id, now)?;
    if fact_exists(conn, &ask.form)? {
        return Ok(());
    }
    let facility = facilities::facility_load(conn, &resident.facility)?;
    let case = LeaveCase {
        zone: facility.zone,
        open: absence_open_find(conn, &resident.id)?,
        back_at: back_last(conn, &resident.id)?,
        last_taken_at: last_taken_here(conn, &resident.id, now)?,
    };
    let (kind, left_at, note) = case.leave(&ask.leave, now)?;
    let absence = Absence {
        id: ask.form.clone(),
        facility: resident.facility,
        resident: resident.id,
        kind,
        left_at,
        note,
        by: by.staff().person.clone(),
        at,
    };
    save(conn, by, &absence, Moment::of(facility.zone.local(left_at)), now)
}

/// When a dose was last taken here, one of a plan or as needed.
fn last_taken_here(conn: &mut Conn, resident: &str, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
    let planned = last_taken_of(conn, resident)?.into_values().max();
    let as_needed = doses_of_resident(conn, resident, now - LONGEST_LATE)?.into_iter().map(|dose| dose.given_at);
    Ok(as_needed.chain(planned).max())
}

/// The absence, and every running plan of the resident with it.
fn save(conn: &mut Conn, by: &Nurse, absence: &Absence, from: Moment, now: DateTime<Utc>) -> Result<(), ActError> {
    absence_insert(conn, absence)?;
    for mut found in cases_of_resident(conn, &absence.resident, now)? {
        found.left_at(conn, absence.left_at)?;
        let act = PlanAct::Left { absence: absence.id.clone(), from };
        let decision = Decision::new(act, absence.note.clone());
        let form = part_id(&absence.id, &found.file.plan.id);
        decision_save(conn, &mut found, &DecidedBy::new(&form, by, now), "record_absence", decision, &())?;
    }
    let fact = NewFact {
        id: &absence.id,
        kind: "record_absence",
        facility: &absence.facility,
        resident: Some(&absence.resident),
        subject: &absence.id,
        done_by: Some(&absence.by),
        role: Nurse::ROLE.word(),
        body: absence,
    };
    fact_append(conn, &fact, absence.at)?;
    Ok(())
}
