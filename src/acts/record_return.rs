//! A nurse writes down that somebody came back, and on which dose. Nothing resumes by itself, and no slot is silent.

use chrono::{DateTime, Utc};

use super::{ActError, part_id, standing_check};
use crate::care::absence::{BackCase, ElsewhereAsk};
use crate::care::calendar::Moment;
use crate::care::facility::Facility;
use crate::care::people::{Actor, Nurse};
use crate::care::refusal::Refusal;
use crate::care::resident::Resident;
use crate::care::taper::level::PlanAct;
use crate::care::taper::reduction::Decision;
use crate::store::absences::{AbsenceEnd, absence_end_insert, absence_open_find, last_taken_of};
use crate::store::cases::{DecidedBy, Found, cases_of_resident, decision_save};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::{StoreError, facilities, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct RecordReturn {
    /// The id of the end of the absence, made when the form was drawn.
    pub form: String,
    pub resident: String,
    /// `2026-11-20T14:30`, the facility's time.
    pub back_at: String,
    /// One for each running plan.
    pub plans: Vec<ElsewhereAsk>,
    pub note: String,
}

pub fn record_return(conn: &mut Conn, by: &Nurse, ask: &RecordReturn, now: DateTime<Utc>) -> Result<(), ActError> {
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
    let cases = cases_of_resident(conn, &resident.id, now)?;
    let case = back_case(conn, &facility, &ask.resident, &cases)?;
    let absence = case.absence.as_ref().ok_or(Refusal::NotAway)?;
    let (back_at, elsewhere, note) = case.back(&ask.back_at, &asked_of(ask, &cases)?, &ask.note, now)?;
    let (id, person) = (ask.form.clone(), by.staff().person.clone());
    let from = Moment::of(facility.zone.local(absence.over_from(back_at, facility.windows)));
    let end = AbsenceEnd { id, absence: absence.id.clone(), back_at, elsewhere, note, by: person, at };
    save(conn, by, &end, (&resident, from), cases, now)
}

/// What the return rests on: the absence that is open, and when a medicine of each plan was last taken here.
fn back_case(conn: &mut Conn, facility: &Facility, resident: &str, cases: &[Found]) -> Result<BackCase, StoreError> {
    let taken = last_taken_of(conn, resident)?;
    let last = |found: &Found| {
        let plan = &found.file.plan;
        let taken = plan.medicines().into_iter().filter_map(|medicine| taken.get(&medicine.0));
        taken.max().map(|at| (plan.id.clone(), *at))
    };
    let open = |found: &&Found| found.case.course.undecided();
    Ok(BackCase {
        zone: facility.zone,
        away_days: facility.away_days,
        absence: absence_open_find(conn, resident)?,
        last_taken_at: cases.iter().filter_map(last).collect(),
        undecided: cases.iter().filter(open).map(|found| found.file.plan.id.clone()).collect(),
    })
}

/// The answer about each running plan; a page drawn before a plan began is told so.
fn asked_of(ask: &RecordReturn, cases: &[Found]) -> Result<Vec<ElsewhereAsk>, Refusal> {
    let of = |found: &Found| ask.plans.iter().find(|one| one.plan == found.file.plan.id).cloned();
    cases.iter().map(|found| of(found).ok_or(Refusal::PlanMoved)).collect()
}

fn save(
    conn: &mut Conn,
    by: &Nurse,
    end: &AbsenceEnd,
    (resident, from): (&Resident, Moment),
    cases: Vec<Found>,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    absence_end_insert(conn, end)?;
    for mut found in cases {
        let plan = found.file.plan.id.clone();
        let settled = end.elsewhere.iter().any(|one| one.plan == plan && one.settled);
        let act = PlanAct::CameBack { absence: end.absence.clone(), from, settled };
        let decision = Decision::new(act, end.note.clone());
        let form = part_id(&end.id, &plan);
        decision_save(conn, &mut found, &DecidedBy::new(&form, by, now), "record_return", decision, &())?;
    }
    let fact = NewFact {
        id: &end.id,
        kind: "record_return",
        facility: &resident.facility,
        resident: Some(&resident.id),
        subject: &end.absence,
        done_by: Some(&end.by),
        role: Nurse::ROLE.word(),
        body: end,
    };
    fact_append(conn, &fact, end.at)?;
    Ok(())
}
