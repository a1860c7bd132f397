//! A nurse scores a resident. The total is counted here, whatever the page showed; what is missing has no total.

use chrono::{DateTime, Utc};

use super::{ActError, standing_check};
use crate::care::people::{Actor, Nurse};
use crate::care::refusal::Refusal;
use crate::care::round::administration::note;
use crate::care::scale::Scale;
use crate::care::scale::companions::{Pressure, assessed_at};
use crate::care::scale::score::Answers;
use crate::store::assessments::{Assessment, assessment_find, assessment_insert};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::{StoreError, facilities, residents};

/// What was answered to a scale that was on the screen.
#[derive(Debug, Clone)]
pub struct RecordAssessment {
    /// The id of the assessment, made when the form was drawn.
    pub form: String,
    pub resident: String,
    pub answers: Answers,
    /// Why some items could not be asked; empty where all were.
    pub incomplete_reason: String,
    pub pulse: Option<u32>,
    pub pressure: Option<Pressure>,
    pub note: String,
    /// A clock time; empty: now.
    pub assessed_at: String,
}

pub fn record_assessment(
    conn: &mut Conn,
    by: &Nurse,
    scale: &Scale,
    ask: &RecordAssessment,
    now: DateTime<Utc>,
) -> Result<Assessment, ActError> {
    standing_check(conn, by, now)?;
    let resident = residents::resident_load(conn, &ask.resident)?;
    if resident.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    if let Some(first) = assessment_find(conn, &ask.form)? {
        let same = first.resident == resident.id && first.recorded_by == by.staff().person;
        return if same { Ok(first) } else { Err(Refusal::FormReused.into()) };
    }
    if fact_exists(conn, &ask.form)? {
        return Err(Refusal::FormReused.into());
    }
    let score = scale.score(&ask.answers, &ask.incomplete_reason)?;
    let zone = facilities::facility_load(conn, &resident.facility)?.zone;
    let recorded_at = residents::recorded_at(conn, &resident.id, now)?;
    let mut assessment = Assessment {
        id: ask.form.clone(),
        n: 0,
        facility: resident.facility,
        unit: resident.unit,
        resident: resident.id,
        scale: scale.id.clone(),
        scale_version: scale.version.clone(),
        scale_name: scale.name.clone(),
        items: score.items,
        total: score.total,
        most: score.most,
        band: score.band,
        incomplete_reason: score.incomplete_reason,
        pulse: ask.pulse,
        pressure: ask.pressure,
        note: note(&ask.note)?,
        assessed_at: assessed_at(&ask.assessed_at, zone, now)?,
        recorded_at,
        recorded_by: by.staff().person.clone(),
    };
    assessment.n = keep_fact(conn, &assessment)?;
    assessment_insert(conn, &assessment)?;
    Ok(assessment)
}

fn keep_fact(conn: &mut Conn, assessment: &Assessment) -> Result<i64, StoreError> {
    let fact = NewFact {
        id: &assessment.id,
        kind: "record_assessment",
        facility: &assessment.facility,
        resident: Some(&assessment.resident),
        subject: &assessment.id,
        done_by: Some(&assessment.recorded_by),
        role: Nurse::ROLE.word(),
        body: assessment,
    };
    fact_append(conn, &fact, assessment.recorded_at)
}
