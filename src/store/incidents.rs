//! What was given in error, what a prescriber and a supervisor answered, and what was itself an error.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::db::Conn;
use super::schema::{incident_answers, incident_strikes, incidents};
use super::{StoreError, people, ug};
use crate::care::calendar::clock_text;
use crate::care::facility::Facility;
use crate::care::incident::{Answer, Incident, IncidentFile, Mistake, Struck};
use crate::care::medicine::Medicine;
use crate::care::people::Role;
use crate::care::round::correction::{Correctable, Corrected};

#[derive(Queryable, Insertable)]
#[diesel(table_name = incidents)]
struct IncidentRow {
    id: String,
    n: i64,
    facility: String,
    unit: String,
    resident: String,
    medicine: String,
    given_ug: i64,
    mistake: String,
    what: String,
    done: String,
    pieces: String,
    given_at: NaiveDateTime,
    recorded_at: NaiveDateTime,
    recorded_by: String,
    given_by: Option<String>,
    of_record: Option<String>,
}

impl TryFrom<IncidentRow> for Incident {
    type Error = StoreError;
    fn try_from(row: IncidentRow) -> Result<Incident, StoreError> {
        let corrupt = || StoreError::Corrupt(format!("incident {}", row.id));
        Ok(Incident {
            mistake: Mistake::of_word(&row.mistake).ok_or_else(corrupt)?,
            given: ug(row.given_ug)?,
            id: row.id,
            n: row.n,
            facility: row.facility,
            unit: row.unit,
            resident: row.resident,
            medicine: Medicine(row.medicine),
            what: row.what,
            done: row.done,
            pieces: row.pieces,
            given_at: row.given_at.and_utc(),
            recorded_at: row.recorded_at.and_utc(),
            recorded_by: row.recorded_by,
            given_by: row.given_by,
            of_record: row.of_record,
        })
    }
}

impl From<&Incident> for IncidentRow {
    fn from(incident: &Incident) -> IncidentRow {
        IncidentRow {
            id: incident.id.clone(),
            n: incident.n,
            facility: incident.facility.clone(),
            unit: incident.unit.clone(),
            resident: incident.resident.clone(),
            medicine: incident.medicine.0.clone(),
            given_ug: incident.given.ug() as i64,
            mistake: incident.mistake.word().to_owned(),
            what: incident.what.clone(),
            done: incident.done.clone(),
            pieces: incident.pieces.clone(),
            given_at: incident.given_at.naive_utc(),
            recorded_at: incident.recorded_at.naive_utc(),
            recorded_by: incident.recorded_by.clone(),
            given_by: incident.given_by.clone(),
            of_record: incident.of_record.clone(),
        }
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = incident_answers)]
struct AnswerRow {
    id: String,
    of_incident: String,
    role: String,
    said: String,
    answered_by: String,
    answered_at: NaiveDateTime,
}

impl TryFrom<AnswerRow> for Answer {
    type Error = StoreError;
    fn try_from(row: AnswerRow) -> Result<Answer, StoreError> {
        let corrupt = || StoreError::Corrupt(format!("answer {}", row.id));
        Ok(Answer {
            role: Role::of_word(&row.role).ok_or_else(corrupt)?,
            id: row.id,
            of_incident: row.of_incident,
            said: row.said,
            answered_by: row.answered_by,
            answered_at: row.answered_at.and_utc(),
        })
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = incident_strikes)]
struct StrikeRow {
    id: String,
    of_incident: String,
    reason: String,
    struck_by: String,
    struck_at: NaiveDateTime,
}

impl From<StrikeRow> for Struck {
    fn from(row: StrikeRow) -> Struck {
        let StrikeRow { id, of_incident, reason, struck_by, struck_at } = row;
        Struck { id, of_incident, reason, struck_by, struck_at: struck_at.and_utc() }
    }
}

/// Nobody struck it: for queries on incidents.
#[diesel::dsl::auto_type(no_type_alias)]
pub(in crate::store) fn stands() -> _ {
    let struck = incident_strikes::of_incident.eq(incidents::id);
    not(exists(incident_strikes::table.filter(struck)))
}

/// Strikes an incident. The database lets each be struck once.
pub fn strike_insert(conn: &mut Conn, struck: &Struck) -> Result<(), StoreError> {
    let row = StrikeRow {
        id: struck.id.clone(),
        of_incident: struck.of_incident.clone(),
        reason: struck.reason.clone(),
        struck_by: struck.struck_by.clone(),
        struck_at: struck.struck_at.naive_utc(),
    };
    diesel::insert_into(incident_strikes::table).values(row).execute(conn)?;
    Ok(())
}

/// An incident as somebody who wants to strike it finds it.
pub fn strikable(
    conn: &mut Conn,
    facility: &Facility,
    file: &IncidentFile,
    now: DateTime<Utc>,
) -> Result<Correctable, StoreError> {
    let told = |struck: &Struck| {
        let by = people::name_load(conn, &struck.struck_by)?;
        Ok::<_, StoreError>(Corrected { by, at: clock_text(facility.zone, struck.struck_at, now) })
    };
    Ok(Correctable {
        recorded_by: file.incident.recorded_by.clone(),
        first_at: file.incident.recorded_at,
        hours: facility.correction_hours,
        corrected: file.struck.as_ref().map(told).transpose()?,
    })
}

/// Writes down what was given in error.
pub fn incident_insert(conn: &mut Conn, incident: &Incident) -> Result<(), StoreError> {
    diesel::insert_into(incidents::table).values(IncidentRow::from(incident)).execute(conn)?;
    Ok(())
}

/// Writes an answer down. The database lets one stand for each role.
pub fn answer_insert(conn: &mut Conn, answer: &Answer) -> Result<(), StoreError> {
    let row = AnswerRow {
        id: answer.id.clone(),
        of_incident: answer.of_incident.clone(),
        role: answer.role.word().to_owned(),
        said: answer.said.clone(),
        answered_by: answer.answered_by.clone(),
        answered_at: answer.answered_at.naive_utc(),
    };
    diesel::insert_into(incident_answers::table).values(row).execute(conn)?;
    Ok(())
}

/// One incident; must exist.
pub fn incident_load(conn: &mut Conn, id: &str) -> Result<IncidentFile, StoreError> {
    incident_find(conn, id)?.ok_or(StoreError::Missing)
}

/// An incident, if there is one by that id.
pub fn incident_find(conn: &mut Conn, id: &str) -> Result<Option<IncidentFile>, StoreError> {
    let rows = incidents::table.filter(incidents::id.eq(id)).load(conn)?;
    Ok(files_of(conn, rows)?.pop())
}

/// What some residents were given in error from an instant until before another, the first one first.
pub fn incidents_between(
    conn: &mut Conn,
    residents: &[String],
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<IncidentFile>, StoreError> {
    let theirs = incidents::table.filter(incidents::resident.eq_any(residents));
    let then = incidents::given_at.ge(from.naive_utc()).and(incidents::given_at.lt(until.naive_utc()));
    let rows = theirs.filter(then).order((incidents::given_at, incidents::id)).load(conn)?;
    files_of(conn, rows)
}

/// What a resident was ever given in error, the newest first.
pub fn incidents_of_resident(conn: &mut Conn, resident: &str) -> Result<Vec<IncidentFile>, StoreError> {
    let theirs = incidents::table.filter(incidents::resident.eq(resident));
    let rows = theirs.order((incidents::given_at.desc(), incidents::id.desc())).load(conn)?;
    files_of(conn, rows)
}

/// What one resident was given in error apart from every dose since an instant, as far as it stands, the first one first.
pub fn incidents_since(conn: &mut Conn, resident: &str, since: DateTime<Utc>) -> Result<Vec<Incident>, StoreError> {
    standing_since(conn, (resident, since), false)
}

/// The same of what was recorded as a dose, and opened an incident.
pub fn incidents_of_records_since(
    conn: &mut Conn,
    resident: &str,
    since: DateTime<Utc>,
) -> Result<Vec<Incident>, StoreError> {
    standing_since(conn, (resident, since), true)
}

fn standing_since(
    conn: &mut Conn,
    (resident, since): (&str, DateTime<Utc>),
    of_records: bool,
) -> Result<Vec<Incident>, StoreError> {
    let theirs = incidents::table.filter(incidents::resident.eq(resident));
    let theirs = theirs.filter(incidents::of_record.is_not_null().eq(of_records));
    let then = theirs.filter(incidents::given_at.ge(since.naive_utc())).filter(stands());
    let rows: Vec<IncidentRow> = then.order((incidents::given_at, incidents::id)).load(conn)?;
    rows.into_iter().map(Incident::try_from).collect()
}

/// The incidents of some facilities that somebody has still to answer, the oldest first.
pub fn incidents_open(conn: &mut Conn, facilities: &[String]) -> Result<Vec<IncidentFile>, StoreError> {
    let answered = |role: Role| {
        incident_answers::table.filter(incident_answers::role.eq(role.word())).select(incident_answers::of_incident)
    };
    let wanting = incidents::id.ne_all(answered(Role::Prescriber)).or(incidents::id.ne_all(answered(Role::Supervisor)));
    let here = incidents::table.filter(incidents::facility.eq_any(facilities)).filter(wanting).filter(stands());
    let rows = here.order((incidents::recorded_at, incidents::id)).load(conn)?;
    files_of(conn, rows)
}

fn files_of(conn: &mut Conn, rows: Vec<IncidentRow>) -> Result<Vec<IncidentFile>, StoreError> {
    let ids: Vec<&String> = rows.iter().map(|row| &row.id).collect();
    let of_these = incident_answers::table.filter(incident_answers::of_incident.eq_any(&ids));
    let answered: Vec<AnswerRow> = of_these.order((incident_answers::answered_at, incident_answers::id)).load(conn)?;
    let mut answers = HashMap::<String, Vec<Answer>>::new();
    for row in answered {
        answers.entry(row.of_incident.clone()).or_default().push(row.try_into()?);
    }
    let struck: Vec<StrikeRow> =
        incident_strikes::table.filter(incident_strikes::of_incident.eq_any(&ids)).load(conn)?;
    let mut struck: HashMap<String, Struck> =
        struck.into_iter().map(|row| (row.of_incident.clone(), row.into())).collect();
    let file = |row: IncidentRow| {
        let answers = answers.remove(&row.id).unwrap_or_default();
        Ok(IncidentFile { struck: struck.remove(&row.id), incident: row.try_into()?, answers })
    };
    rows.into_iter().map(file).collect()
}
