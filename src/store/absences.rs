//! Absences of residents, and how each ended: written once.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::db::Conn;
use super::doses::stands;
use super::residents::residents_of;
use super::schema::{absence_ends, absences, administrations};
use crate::care::absence::{Absence, Away, Elsewhere};
use crate::care::amount::Amount;
use crate::care::resident::Resident;
use crate::on_either;

#[derive(Queryable, Insertable)]
#[diesel(table_name = absences)]
struct AbsenceRow {
    id: String,
    facility: String,
    resident: String,
    kind: String,
    left_at: NaiveDateTime,
    note: String,
    recorded_by: String,
    recorded_at: NaiveDateTime,
}

impl TryFrom<AbsenceRow> for Absence {
    type Error = StoreError;
    fn try_from(row: AbsenceRow) -> Result<Absence, StoreError> {
        let corrupt = || StoreError::Corrupt(format!("absence {}", row.id));
        Ok(Absence {
            kind: Away::of_word(&row.kind).ok_or_else(corrupt)?,
            id: row.id,
            facility: row.facility,
            resident: row.resident,
            left_at: row.left_at.and_utc(),
            note: row.note,
            by: row.recorded_by,
            at: row.recorded_at.and_utc(),
        })
    }
}

/// How an absence ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsenceEnd {
    pub id: String,
    pub absence: String,
    pub back_at: DateTime<Utc>,
    pub elsewhere: Vec<Elsewhere>,
    pub note: String,
    /// The person's id.
    pub by: String,
    pub at: DateTime<Utc>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = absence_ends)]
struct EndRow {
    id: String,
    absence: String,
    back_at: NaiveDateTime,
    elsewhere: String,
    note: String,
    recorded_by: String,
    recorded_at: NaiveDateTime,
}

impl TryFrom<EndRow> for AbsenceEnd {
    type Error = StoreError;
    fn try_from(row: EndRow) -> Result<AbsenceEnd, StoreError> {
        let corrupt = |_| StoreError::Corrupt(format!("end of absence {}", row.absence));
        Ok(AbsenceEnd {
            elsewhere: serde_json::from_str(&row.elsewhere).map_err(corrupt)?,
            id: row.id,
            absence: row.absence,
            back_at: row.back_at.and_utc(),
            note: row.note,
            by: row.recorded_by,
            at: row.recorded_at.and_utc(),
        })
    }
}

/// Writes down that somebody left.
pub fn absence_insert(conn: &mut Conn, absence: &Absence) -> Result<(), StoreError> {
    let row = AbsenceRow {
        id: absence.id.clone(),
        facility: absence.facility.clone(),
        resident: absence.resident.clone(),
        kind: absence.kind.word().to_owned(),
        left_at: absence.left_at.naive_utc(),
        note: absence.note.clone(),
        recorded_by: absence.by.clone(),
        recorded_at: absence.at.naive_utc(),
    };
    on_either!(conn, |c| diesel::insert_into(absences::table).values(&row).execute(c))?;
    Ok(())
}

/// Writes down that somebody came back. An absence ends once.
pub fn absence_end_insert(conn: &mut Conn, end: &AbsenceEnd) -> Result<(), StoreError> {
    let row = EndRow {
        id: end.id.clone(),
        absence: end.absence.clone(),
        back_at: end.back_at.naive_utc(),
        elsewhere: serde_json::to_string(&end.elsewhere).expect("what is known of a dose is JSON"),
        note: end.note.clone(),
        recorded_by: end.by.clone(),
        recorded_at: end.at.naive_utc(),
    };
    on_either!(conn, |c| diesel::insert_into(absence_ends::table).values(&row).execute(c))?;
    Ok(())
}

/// The absence of a resident that nobody has come back from.
pub fn absence_open_find(conn: &mut Conn, resident: &str) -> Result<Option<Absence>, StoreError> {
    let row: Option<AbsenceRow> = absences::table
        .left_join(absence_ends::table)
        .filter(absences::resident.eq(resident))
        .filter(absence_ends::id.is_null())
        .select(absences::all_columns)
        .first(conn)
        .optional()?;
    row.map(Absence::try_from).transpose()
}

/// Who is away from some facilities now, by resident.
pub fn absences_open(conn: &mut Conn, facilities: &[String]) -> Result<HashMap<String, Absence>, StoreError> {
    let rows: Vec<AbsenceRow> = absences::table
        .left_join(absence_ends::table)
        .filter(absences::facility.eq_any(facilities))
        .filter(absence_ends::id.is_null())
        .select(absences::all_columns)
        .load(conn)?;
    rows.into_iter().map(|row| Absence::try_from(row).map(|absence| (absence.resident.clone(), absence))).collect()
}

/// Who died or was discharged, and has not come back; their ids.
pub fn residents_gone(conn: &mut Conn, facility: &str) -> Result<HashSet<String>, StoreError> {
    let away = absences_open(conn, &[facility.to_owned()])?;
    Ok(away.into_values().filter(|absence| absence.kind.is_for_good()).map(|absence| absence.resident).collect())
}

/// Everybody who lives in a facility: not who died or was discharged.
pub fn residents_here(conn: &mut Conn, facility: &str) -> Result<Vec<Resident>, StoreError> {
    let mut all = residents_of(conn, &[facility.to_owned()])?;
    let gone = residents_gone(conn, facility)?;
    all.retain(|resident| !gone.contains(&resident.id));
    Ok(all)
}

/// A resident's absences with their ends, the newest first.
pub fn absences_of(conn: &mut Conn, resident: &str) -> Result<Vec<(Absence, Option<AbsenceEnd>)>, StoreError> {
    let rows: Vec<(AbsenceRow, Option<EndRow>)> = absences::table
        .left_join(absence_ends::table)
        .filter(absences::resident.eq(resident))
        .order((absences::left_at.desc(), absences::id))
        .select((absences::all_columns, absence_ends::all_columns.nullable()))
        .load(conn)?;
    let read = |(absence, end): (AbsenceRow, Option<EndRow>)| {
        Ok((absence.try_into()?, end.map(AbsenceEnd::try_from).transpose()?))
    };
    rows.into_iter().map(read).collect()
}

/// When a resident last came back from an absence.
pub fn back_last(conn: &mut Conn, resident: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
    let ended = absences::table.inner_join(absence_ends::table).filter(absences::resident.eq(resident));
    let last: Option<NaiveDateTime> =
        ended.order(absence_ends::back_at.desc()).select(absence_ends::back_at).first(conn).optional()?;
    Ok(last.map(|back_at| back_at.and_utc()))
}

/// What a plan's medicine was last given elsewhere, as far as that was after an instant: when and how much.
pub fn elsewhere_since(
    conn: &mut Conn,
    resident: &str,
    plan: &str,
    since: DateTime<Utc>,
) -> Result<Option<(DateTime<Utc>, Amount)>, StoreError> {
    let mut given = all_elsewhere_since(conn, resident, since)?;
    given.retain(|(of, ..)| of == plan);
    Ok(given.into_iter().map(|(_, at, amount)| (at, amount)).max())
}

/// Of whose plan something was last given elsewhere, when and how much.
pub type LastElsewhere = (String, DateTime<Utc>, Amount);

/// The same of every plan of a resident, and of every absence: whose plan, when and how much.
pub fn all_elsewhere_since(
    conn: &mut Conn,
    resident: &str,
    since: DateTime<Utc>,
) -> Result<Vec<LastElsewhere>, StoreError> {
    Ok(elsewhere_of(conn, &[resident.to_owned()], since)?.remove(resident).unwrap_or_default())
}

/// The same of some residents, by the resident.
pub fn elsewhere_of(
    conn: &mut Conn,
    residents: &[String],
    since: DateTime<Utc>,
) -> Result<HashMap<String, Vec<LastElsewhere>>, StoreError> {
    let ended = absence_ends::table.inner_join(absences::table).filter(absences::resident.eq_any(residents));
    let lately = ended.filter(absence_ends::back_at.ge(since.naive_utc()));
    let rows: Vec<(String, EndRow)> = lately.select((absences::resident, absence_ends::all_columns)).load(conn)?;
    let mut given: HashMap<String, Vec<LastElsewhere>> = HashMap::new();
    for (resident, row) in rows {
        let known = AbsenceEnd::try_from(row)?.elsewhere.into_iter();
        let known = known.filter_map(|one| Some((one.plan, one.last_at?, one.last_amount?)));
        given.entry(resident).or_default().extend(known.filter(|(_, at, _)| *at >= since));
    }
    Ok(given)
}

/// An absence with when it ended; none: not yet.
pub type Span = (Absence, Option<DateTime<Utc>>);

/// The absences of some residents that meet a time from one instant up to another, with when each ended.
pub fn absences_between(
    conn: &mut Conn,
    residents: &[String],
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Span>, StoreError> {
    let rows: Vec<(AbsenceRow, Option<NaiveDateTime>)> = absences::table
        .left_join(absence_ends::table)
        .filter(absences::resident.eq_any(residents).and(absences::left_at.lt(until.naive_utc())))
        .filter(absence_ends::back_at.nullable().is_null().or(absence_ends::back_at.nullable().ge(from.naive_utc())))
        .order((absences::left_at, absences::id))
        .select((absences::all_columns, absence_ends::back_at.nullable()))
        .load(conn)?;
    let read = |(row, back): (AbsenceRow, Option<NaiveDateTime>)| Ok((row.try_into()?, back.map(|at| at.and_utc())));
    rows.into_iter().map(read).collect()
}

/// When doses of a resident were last taken here: of each plan's medicine, by the medicine.
pub fn last_taken_of(conn: &mut Conn, resident: &str) -> Result<HashMap<String, DateTime<Utc>>, StoreError> {
    let rows: Vec<(String, Option<NaiveDateTime>)> = administrations::table
        .filter(administrations::resident.eq(resident))
        .filter(administrations::given_ug.gt(0))
        .filter(stands())
        .group_by(administrations::medicine)
        .select((administrations::medicine, diesel::dsl::max(administrations::given_at)))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(medicine, at)| Some((medicine, at?.and_utc()))).collect())
}
