//! A nurse records what happened to a dose. Exactly one record stands; whoever is second is told who was first.

use chrono::{DateTime, Utc};

use super::{ActError, standing_check};
use crate::care::people::{Actor, Nurse};
use crate::care::refusal::Refusal;
use crate::care::round::administration::{DoseCase, RecordAsk, Recorded, Stood, clock_text};
use crate::store::db::Conn;
use crate::store::doses::{self, Administration, DoseFile};
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::{StoreError, facilities, people, residents, severe_signs};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct RecordDose {
    /// The id of the administration, made when the form was drawn.
    pub form: String,
    pub dose: String,
    pub record: RecordAsk,
}

pub fn record_dose(
    conn: &mut Conn,
    by: &Nurse,
    ask: &RecordDose,
    now: DateTime<Utc>,
) -> Result<Administration, ActError> {
    standing_check(conn, by, now)?;
    let dose = doses::dose_load(conn, &ask.dose)?;
    if dose.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    let recorded_at = residents::recorded_at(conn, &dose.resident, now)?;
    let mut written = doses::administrations_of(conn, &dose.id)?;
    if let Some(first) = written.iter().find(|first| first.id == ask.form) {
        return same_answer(by, first, &ask.record);
    }
    if fact_exists(conn, &ask.form)? {
        return Err(Refusal::FormReused.into());
    }
    let case = dose_case(conn, &dose, written.pop(), now)?;
    let recorded = case.record(&ask.record, recorded_at)?;
    doses::dose_claim(conn, &dose)?;
    Ok(save(conn, by, &ask.form, &dose, recorded, recorded_at)?)
}

/// A repeated post gets the first answer; the same page sent again with something else is told so.
fn same_answer(by: &Nurse, first: &Administration, ask: &RecordAsk) -> Result<Administration, ActError> {
    let same = first.recorded_by == by.staff().person && ask.outcome == Some(first.outcome);
    if same { Ok(first.clone()) } else { Err(Refusal::FormReused.into()) }
}

fn dose_case(
    conn: &mut Conn,
    dose: &DoseFile,
    standing: Option<Administration>,
    now: DateTime<Utc>,
) -> Result<DoseCase, StoreError> {
    let facility = facilities::facility_load(conn, &dose.facility)?;
    let withheld = severe_signs::withheld_load(conn, &dose.resident)?;
    let stood = |a: Administration| {
        let by = people::name_load(conn, &a.recorded_by)?;
        let at = clock_text(facility.zone, a.recorded_at, now);
        Ok::<Stood, StoreError>(Stood { outcome: a.outcome, by, at })
    };
    Ok(DoseCase {
        amount: dose.level.amount,
        due_at: dose.due_at,
        revision: dose.revision,
        void: dose.void,
        windows: facility.windows,
        zone: facility.zone,
        sedation: facility.sedation,
        undecided: dose.level.undecided,
        withheld,
        standing: standing.map(stood).transpose()?,
    })
}

fn save(
    conn: &mut Conn,
    by: &Nurse,
    form: &str,
    dose: &DoseFile,
    recorded: Recorded,
    recorded_at: DateTime<Utc>,
) -> Result<Administration, StoreError> {
    let resident = residents::resident_load(conn, &dose.resident)?;
    let shelf = facilities::shelf_load(conn, &dose.facility, &dose.key.medicine)?;
    let mut administration = Administration {
        id: form.to_owned(),
        n: 0,
        dose: dose.id.clone(),
        corrects: None,
        facility: dose.facility.clone(),
        unit: resident.unit,
        resident: dose.resident.clone(),
        medicine: dose.key.medicine.clone(),
        on: dose.key.on,
        due_at: dose.due_at,
        planned: recorded.planned,
        given: recorded.given,
        authorised_by: dose.level.authorised_by.clone(),
        outcome: recorded.outcome,
        reason: recorded.reason,
        note: recorded.note,
        pieces: shelf.pieces(recorded.given).map(|p| p.to_string()).unwrap_or_default(),
        given_at: recorded.given_at,
        recorded_at,
        recorded_by: by.staff().person.clone(),
        sedation: recorded.sedation,
    };
    administration.n = fact_append(
        conn,
        &NewFact {
            id: form,
            kind: "record_dose",
            facility: &dose.facility,
            resident: Some(&dose.resident),
            subject: &dose.id,
            done_by: Some(&by.staff().person),
            role: Nurse::ROLE.word(),
            body: &administration,
        },
        recorded_at,
    )?;
    doses::administration_insert(conn, &administration)?;
    Ok(administration)
}
