//! Gradual dose reductions: the notes about psychotropic medicines, and what the tapers here come to beside them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::db::Conn;
use super::history::{NewFact, fact_append};
use super::plans::{self, PlanState};
use super::schema::gradual_notes;
use super::{StoreError, facilities, residents, small};
use crate::care::facility::Facility;
use crate::care::gradual::decide::Written;
use crate::care::gradual::note::{Class, Keeper, Note, Noted};
use crate::care::gradual::treatment::{Treatment, medicines_of};
use crate::care::medicine::Medicine;
use crate::care::people::Staff;

#[derive(Queryable, Insertable)]
#[diesel(table_name = gradual_notes, treat_none_as_default_value = false)]
struct Row {
    id: String,
    facility: String,
    resident: String,
    medicine: String,
    seq: i64,
    kind: String,
    on_date: Option<NaiveDate>,
    class: Option<String>,
    again_on: Option<NaiveDate>,
    struck: Option<String>,
    rationale: String,
    noted_by: String,
    noted_at: NaiveDateTime,
}

impl TryFrom<Row> for Note {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Note, StoreError> {
        let class = row.class.as_deref().map(Class::of_word).transpose();
        let class = class.map_err(|_| StoreError::Corrupt(format!("class of note {}", row.id)))?;
        let noted = match (row.kind.as_str(), row.on_date, class, row.again_on, row.struck) {
            ("begun", Some(on), Some(class), None, None) => Noted::Begun { on, class },
            ("attempted", Some(on), None, None, None) => Noted::Attempted { on },
            ("contraindicated", Some(on), None, Some(again_on), None) => Noted::Contraindicated { on, again_on },
            ("ended", Some(on), None, None, None) => Noted::Ended { on },
            ("struck", None, None, None, Some(note)) => Noted::Struck { note },
            _ => return Err(StoreError::Corrupt(format!("note {}", row.id))),
        };
        Ok(Note {
            seq: small(row.seq)?,
            medicine: Medicine(row.medicine),
            at: row.noted_at.and_utc(),
            id: row.id,
            facility: row.facility,
            resident: row.resident,
            rationale: row.rationale,
            noted,
            by: row.noted_by,
        })
    }
}

impl From<&Note> for Row {
    fn from(note: &Note) -> Row {
        let mut row = Row {
            id: note.id.clone(),
            facility: note.facility.clone(),
            resident: note.resident.clone(),
            medicine: note.medicine.0.clone(),
            seq: i64::from(note.seq),
            kind: note.noted.kind().to_owned(),
            on_date: None,
            class: None,
            again_on: None,
            struck: None,
            rationale: note.rationale.clone(),
            noted_by: note.by.clone(),
            noted_at: note.at.naive_utc(),
        };
        match &note.noted {
            Noted::Begun { on, class } => (row.on_date, row.class) = (Some(*on), Some(class.word().to_owned())),
            Noted::Attempted { on } | Noted::Ended { on } => row.on_date = Some(*on),
            Noted::Contraindicated { on, again_on } => (row.on_date, row.again_on) = (Some(*on), Some(*again_on)),
            Noted::Struck { note } => row.struck = Some(note.clone()),
        }
        row
    }
}

/// A rival's note with the same number was first: `Unique`.
fn note_insert(conn: &mut Conn, note: &Note) -> Result<(), StoreError> {
    diesel::insert_into(gradual_notes::table).values(Row::from(note)).execute(conn)?;
    Ok(())
}

/// The note that a form made, if it did.
pub fn note_find(conn: &mut Conn, id: &str) -> Result<Option<Note>, StoreError> {
    let row: Option<Row> = gradual_notes::table.find(id).first(conn).optional()?;
    row.map(Note::try_from).transpose()
}

/// Treatments by resident and medicine.
type Treatments = BTreeMap<(String, Medicine), Treatment>;

/// Every psychotropic medicine of a facility that somebody noted or that is tapered here, as of a day.
pub fn treatments_of(conn: &mut Conn, facility: &str, today: NaiveDate) -> Result<Vec<Treatment>, StoreError> {
    let rows =
        gradual_notes::table.filter(gradual_notes::facility.eq(facility)).order(gradual_notes::seq).load(conn)?;
    let mut ids = plans::plan_ids(conn, &[facility.to_owned()], PlanState::Running)?;
    ids.extend(plans::plan_ids(conn, &[facility.to_owned()], PlanState::Ended)?);
    gather(conn, rows, &ids, today)
}

/// Those of one resident, by medicine.
pub fn treatments_of_resident(conn: &mut Conn, resident: &str, today: NaiveDate) -> Result<Vec<Treatment>, StoreError> {
    let rows =
        gradual_notes::table.filter(gradual_notes::resident.eq(resident)).order(gradual_notes::seq).load(conn)?;
    let ids = plans::plan_ids_of_resident(conn, resident)?;
    gather(conn, rows, &ids, today)
}

/// One medicine of one resident, for a note about it.
#[derive(Debug, Clone)]
pub struct Found {
    pub facility: Facility,
    pub treatment: Treatment,
    pub today: NaiveDate,
    now: DateTime<Utc>,
}

/// Another facility's resident is missing to the person who asks.
pub fn treatment_load(
    conn: &mut Conn,
    by: &Staff,
    resident: &str,
    medicine: Medicine,
    now: DateTime<Utc>,
) -> Result<Found, StoreError> {
    if residents::resident_load(conn, resident)?.facility != by.facility {
        return Err(StoreError::Missing);
    }
    let facility = facilities::facility_load(conn, &by.facility)?;
    let today = facility.zone.day(now);
    let found = treatments_of_resident(conn, resident, today)?.into_iter().find(|one| one.medicine == medicine);
    let treatment = found.unwrap_or_else(|| Treatment::new(resident.to_owned(), medicine));
    Ok(Found { facility, treatment, today, now })
}

/// Writes a note down, and its fact into the history.
pub fn note_save(
    conn: &mut Conn,
    found: &Found,
    by: &Keeper,
    form: &str,
    act: &'static str,
    (noted, rationale): Written,
) -> Result<(), StoreError> {
    let Treatment { resident, medicine, notes, .. } = &found.treatment;
    let note = Note {
        id: form.to_owned(),
        facility: found.facility.id.clone(),
        resident: resident.clone(),
        medicine: medicine.clone(),
        seq: notes.len() as u32 + 1,
        rationale,
        noted,
        by: by.staff.person.clone(),
        at: residents::recorded_at(conn, resident, found.now)?,
    };
    note_insert(conn, &note)?;
    let fact = NewFact {
        id: form,
        kind: act,
        facility: &note.facility,
        resident: Some(resident),
        subject: &format!("gradual {resident} {medicine}"),
        done_by: Some(&note.by),
        role: by.role.word(),
        body: &note,
    };
    fact_append(conn, &fact, note.at)?;
    Ok(())
}

fn gather(conn: &mut Conn, rows: Vec<Row>, plans: &[String], today: NaiveDate) -> Result<Vec<Treatment>, StoreError> {
    let mut treatments = Treatments::new();
    for row in rows {
        let note = Note::try_from(row)?;
        treatment(&mut treatments, &note.resident, &note.medicine).notes.push(note.clone());
    }
    for file in plans::plans_load(conn, plans)? {
        if !matches!(file.state, PlanState::Running | PlanState::Ended) {
            continue;
        }
        let (plan, course, running) = (&file.plan, file.course(), file.state == PlanState::Running);
        let steps = plan.steps.iter().chain(course.stages.iter().map(|stage| &stage.step));
        for medicine in steps.flat_map(medicines_of).collect::<BTreeSet<_>>() {
            let of = treatment(&mut treatments, &plan.resident, &medicine);
            of.take_plan(plan, &course, running, today);
        }
    }
    Ok(treatments.into_values().collect())
}

fn treatment<'a>(treatments: &'a mut Treatments, resident: &str, medicine: &Medicine) -> &'a mut Treatment {
    let key = (resident.to_owned(), medicine.clone());
    treatments.entry(key).or_insert_with(|| Treatment::new(resident.to_owned(), medicine.clone()))
}
