//! Assessments: scores of residents, written once with every item as it was on the screen.

mod due;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

pub use due::{DueHere, dues_load};

use super::db::Conn;
use super::schema::assessments;
use super::{StoreError, point, small};
use crate::care::round::assessment_due::LastScored;
use crate::care::scale::companions::Pressure;
use crate::care::scale::kept::{ScoreKept, total_text};
use crate::care::scale::score::Answered;
use crate::on_either;

/// One scoring of a resident, as it was written down for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    pub id: String,
    /// Its number in the history, which is where the fact that holds the rest keeps it.
    #[serde(skip)]
    pub n: i64,
    pub facility: String,
    pub unit: String,
    pub resident: String,
    /// The scale's id, its version, and the name it had.
    pub scale: String,
    pub scale_version: String,
    pub scale_name: String,
    pub items: Vec<Answered>,
    /// None where a scored item is missing.
    pub total: Option<i32>,
    /// The highest total of the scale.
    pub most: i32,
    pub band: Option<String>,
    /// Why it is incomplete; empty where it is complete.
    pub incomplete_reason: String,
    pub pulse: Option<u32>,
    pub pressure: Option<Pressure>,
    pub note: String,
    pub assessed_at: DateTime<Utc>,
    pub recorded_at: DateTime<Utc>,
    /// The person's id.
    pub recorded_by: String,
}

impl Assessment {
    /// `19 of 80`, or that there is no total.
    pub fn total_text(&self) -> String {
        total_text(self.total, self.most)
    }

    /// As it is shown beside others, with the printed name of who scored.
    pub fn kept(&self, names: &HashMap<String, String>) -> ScoreKept {
        ScoreKept {
            id: self.id.clone(),
            scale_name: self.scale_name.clone(),
            items: self.items.clone(),
            total: self.total,
            most: self.most,
            band: self.band.clone(),
            incomplete_reason: self.incomplete_reason.clone(),
            pulse: self.pulse,
            pressure: self.pressure,
            note: self.note.clone(),
            assessed_at: self.assessed_at,
            by: names.get(&self.recorded_by).cloned().unwrap_or_default(),
        }
    }

    /// What was answered to an item.
    pub fn answer(&self, item: &str) -> Option<i32> {
        self.items.iter().find(|answered| answered.item == item)?.answer
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = assessments, treat_none_as_default_value = false)]
struct Row {
    id: String,
    n: i64,
    facility: String,
    unit: String,
    resident: String,
    scale: String,
    scale_version: String,
    scale_name: String,
    items: String,
    total: Option<i64>,
    most: i64,
    band: String,
    incomplete_reason: String,
    pulse: Option<i64>,
    systolic: Option<i64>,
    diastolic: Option<i64>,
    note: String,
    assessed_at: NaiveDateTime,
    recorded_at: NaiveDateTime,
    recorded_by: String,
}

impl TryFrom<&Assessment> for Row {
    type Error = StoreError;
    fn try_from(a: &Assessment) -> Result<Row, StoreError> {
        Ok(Row {
            id: a.id.clone(),
            n: a.n,
            facility: a.facility.clone(),
            unit: a.unit.clone(),
            resident: a.resident.clone(),
            scale: a.scale.clone(),
            scale_version: a.scale_version.clone(),
            scale_name: a.scale_name.clone(),
            items: serde_json::to_string(&a.items).map_err(|why| StoreError::Corrupt(why.to_string()))?,
            total: a.total.map(i64::from),
            most: i64::from(a.most),
            band: a.band.clone().unwrap_or_default(),
            incomplete_reason: a.incomplete_reason.clone(),
            pulse: a.pulse.map(i64::from),
            systolic: a.pressure.map(|pressure| i64::from(pressure.systolic)),
            diastolic: a.pressure.map(|pressure| i64::from(pressure.diastolic)),
            note: a.note.clone(),
            assessed_at: a.assessed_at.naive_utc(),
            recorded_at: a.recorded_at.naive_utc(),
            recorded_by: a.recorded_by.clone(),
        })
    }
}

impl TryFrom<Row> for Assessment {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Assessment, StoreError> {
        let corrupt = |_| StoreError::Corrupt(format!("items of assessment {}", row.id));
        let pressure = match (row.systolic, row.diastolic) {
            (Some(systolic), Some(diastolic)) => {
                Some(Pressure { systolic: small(systolic)?, diastolic: small(diastolic)? })
            }
            _ => None,
        };
        Ok(Assessment {
            items: serde_json::from_str(&row.items).map_err(corrupt)?,
            total: row.total.map(point).transpose()?,
            most: point(row.most)?,
            band: Some(row.band).filter(|band| !band.is_empty()),
            pulse: row.pulse.map(small).transpose()?,
            pressure,
            assessed_at: row.assessed_at.and_utc(),
            recorded_at: row.recorded_at.and_utc(),
            id: row.id,
            n: row.n,
            facility: row.facility,
            unit: row.unit,
            resident: row.resident,
            scale: row.scale,
            scale_version: row.scale_version,
            scale_name: row.scale_name,
            incomplete_reason: row.incomplete_reason,
            note: row.note,
            recorded_by: row.recorded_by,
        })
    }
}

/// Writes an assessment down.
pub fn assessment_insert(conn: &mut Conn, assessment: &Assessment) -> Result<(), StoreError> {
    let row = Row::try_from(assessment)?;
    on_either!(conn, |c| diesel::insert_into(assessments::table).values(&row).execute(c))?;
    Ok(())
}

/// One assessment; must exist.
pub fn assessment_load(conn: &mut Conn, id: &str) -> Result<Assessment, StoreError> {
    assessments::table.find(id).first::<Row>(conn)?.try_into()
}

/// An assessment, if there is one by that id.
pub fn assessment_find(conn: &mut Conn, id: &str) -> Result<Option<Assessment>, StoreError> {
    assessments::table.find(id).first::<Row>(conn).optional()?.map(Assessment::try_from).transpose()
}

/// A resident's assessments on a scale since an instant, the first one first.
pub fn assessments_of_resident(
    conn: &mut Conn,
    resident: &str,
    scale: &str,
    since: DateTime<Utc>,
) -> Result<Vec<Assessment>, StoreError> {
    let rows: Vec<Row> = assessments::table
        .filter(assessments::resident.eq(resident).and(assessments::scale.eq(scale)))
        .filter(assessments::assessed_at.ge(since.naive_utc()))
        .order((assessments::assessed_at, assessments::n))
        .load(conn)?;
    rows.into_iter().map(Assessment::try_from).collect()
}

/// The last assessments of a resident on a scale up to an instant, the newest first.
pub fn assessments_before(
    conn: &mut Conn,
    resident: &str,
    scale: &str,
    until: DateTime<Utc>,
    most: i64,
) -> Result<Vec<Assessment>, StoreError> {
    let rows: Vec<Row> = assessments::table
        .filter(assessments::resident.eq(resident).and(assessments::scale.eq(scale)))
        .filter(assessments::assessed_at.le(until.naive_utc()))
        .order((assessments::assessed_at.desc(), assessments::n.desc()))
        .limit(most)
        .load(conn)?;
    rows.into_iter().map(Assessment::try_from).collect()
}

/// The assessments of some residents on some scales from an instant up to another, the first one first.
pub fn assessments_between(
    conn: &mut Conn,
    residents: &[String],
    scales: &[String],
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Assessment>, StoreError> {
    let rows: Vec<Row> = assessments::table
        .filter(assessments::resident.eq_any(residents).and(assessments::scale.eq_any(scales)))
        .filter(assessments::assessed_at.ge(from.naive_utc()).and(assessments::assessed_at.lt(until.naive_utc())))
        .order((assessments::assessed_at, assessments::n))
        .load(conn)?;
    rows.into_iter().map(Assessment::try_from).collect()
}

/// When each resident of a facility was last scored on a scale, as far as it is not longer ago than `since`.
fn last_scored_since(
    conn: &mut Conn,
    facility: &str,
    scale: &str,
    since: DateTime<Utc>,
) -> Result<HashMap<String, LastScored>, StoreError> {
    let rows: Vec<(String, NaiveDateTime, Option<i64>)> = assessments::table
        .filter(assessments::facility.eq(facility).and(assessments::scale.eq(scale)))
        .filter(assessments::assessed_at.ge(since.naive_utc()))
        .select((assessments::resident, assessments::assessed_at, assessments::total))
        .load(conn)?;
    let mut scored: HashMap<String, LastScored> = HashMap::new();
    for (resident, at, total) in rows {
        let (last, at) = (scored.entry(resident).or_default(), Some(at.and_utc()));
        last.at = last.at.max(at);
        last.complete_at = if total.is_some() { last.complete_at.max(at) } else { last.complete_at };
    }
    Ok(scored)
}
