//! Corrections: why a record no longer stands. A record without one stands.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::record::{Administration, AdministrationRow, administrations_of};
use crate::care::calendar::clock_text;
use crate::care::facility::Facility;
use crate::care::round::correction::{Correctable, Corrected};
use crate::on_either;
use crate::store::alert_marks::mark_back_to;
use crate::store::db::Conn;
use crate::store::schema::{administrations, corrections, doses};
use crate::store::{StoreError, people};

/// A record was corrected: another took its place, or it was made in error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub id: String,
    /// Its number in the history, which is where the fact that holds the rest keeps it.
    #[serde(skip)]
    pub n: i64,
    /// The record that no longer stands.
    #[serde(rename = "corrected")]
    pub administration: String,
    /// None: it was made in error, and the dose is open again.
    pub replacement: Option<String>,
    #[serde(rename = "why")]
    pub reason: String,
    /// The person's id.
    pub corrected_by: String,
    pub corrected_at: DateTime<Utc>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = corrections, treat_none_as_default_value = false)]
struct CorrectionRow {
    id: String,
    n: i64,
    administration: String,
    replacement: Option<String>,
    reason: String,
    corrected_by: String,
    corrected_at: NaiveDateTime,
}

impl From<CorrectionRow> for Correction {
    fn from(row: CorrectionRow) -> Correction {
        Correction {
            id: row.id,
            n: row.n,
            administration: row.administration,
            replacement: row.replacement,
            reason: row.reason,
            corrected_by: row.corrected_by,
            corrected_at: row.corrected_at.and_utc(),
        }
    }
}

/// Every record of one dose, the first one first, and the corrections by the record that each is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DoseRecords {
    pub all: Vec<Administration>,
    pub corrections: HashMap<String, Correction>,
}

impl DoseRecords {
    /// What stands; none where nobody recorded the dose, or the last record was made in error.
    pub fn standing(&self) -> Option<&Administration> {
        self.all.last().filter(|last| !self.corrections.contains_key(&last.id))
    }

    /// The facts of a record and of those in whose place it stands, the last one first.
    pub fn facts_behind(&self, record: &Administration) -> Vec<i64> {
        let mut facts = vec![record.n];
        let mut of = &record.id;
        while let Some(before) = self.corrections.values().find(|one| one.replacement.as_ref() == Some(of)) {
            facts.extend(self.all.iter().filter(|one| one.id == before.administration).map(|one| one.n));
            of = &before.administration;
        }
        facts
    }

    /// When what stands in place of a record was first written down: corrections of it count from there.
    pub fn first_at(&self, record: &Administration) -> DateTime<Utc> {
        let before = record.corrects.as_ref().and_then(|id| self.corrections.get(id));
        let replaced = before.filter(|correction| correction.replacement.as_ref() == Some(&record.id));
        let before = replaced.and_then(|correction| self.all.iter().find(|one| one.id == correction.administration));
        before.map_or(record.recorded_at, |before| self.first_at(before))
    }
}

/// The records of one dose.
pub fn dose_records(conn: &mut Conn, dose: &str) -> Result<DoseRecords, StoreError> {
    let all = administrations_of(conn, dose)?;
    let ids: Vec<String> = all.iter().map(|record| record.id.clone()).collect();
    Ok(DoseRecords { corrections: corrections_of(conn, &ids)?, all })
}

/// The corrections of some records, by the record.
pub fn corrections_of(conn: &mut Conn, records: &[String]) -> Result<HashMap<String, Correction>, StoreError> {
    let mut found = HashMap::new();
    for some in records.chunks(500) {
        let rows: Vec<CorrectionRow> =
            corrections::table.filter(corrections::administration.eq_any(some)).load(conn)?;
        found.extend(rows.into_iter().map(|row| (row.administration.clone(), row.into())));
    }
    Ok(found)
}

/// So many corrections are told beside one signature.
const MOST_SINCE: i64 = 50;

/// What was recorded of a plan's doses before a number of the history, and corrected after it: whoever decided there saw
/// what no longer stands.
pub fn corrected_since(conn: &mut Conn, plan: &str, n: i64) -> Result<Vec<(Administration, Correction)>, StoreError> {
    let rows: Vec<(AdministrationRow, CorrectionRow)> = administrations::table
        .inner_join(doses::table)
        .inner_join(corrections::table.on(corrections::administration.eq(administrations::id)))
        .filter(doses::plan.eq(plan).and(administrations::n.lt(n)).and(corrections::n.gt(n)))
        .order(corrections::n)
        .limit(MOST_SINCE)
        .select((administrations::all_columns, corrections::all_columns))
        .load(conn)?;
    rows.into_iter().map(|(record, correction)| Ok((record.try_into()?, correction.into()))).collect()
}

/// A record of a dose as somebody who wants to correct it finds it.
pub fn correctable(
    conn: &mut Conn,
    facility: &Facility,
    records: &DoseRecords,
    record: &Administration,
    now: DateTime<Utc>,
) -> Result<Correctable, StoreError> {
    let corrected = match records.corrections.get(&record.id) {
        None => None,
        Some(first) => {
            let by = people::name_load(conn, &first.corrected_by)?;
            Some(Corrected { by, at: clock_text(facility.zone, first.corrected_at, now) })
        }
    };
    Ok(Correctable {
        recorded_by: record.recorded_by.clone(),
        first_at: records.first_at(record),
        hours: facility.correction_hours,
        corrected,
    })
}

/// One record; must exist.
pub fn administration_load(conn: &mut Conn, id: &str) -> Result<Administration, StoreError> {
    administrations::table.find(id).first::<AdministrationRow>(conn)?.try_into()
}

/// The record that a number in the history is about: its own, or that of its correction where nothing took its place.
pub fn administration_about(conn: &mut Conn, n: i64) -> Result<Option<Administration>, StoreError> {
    let own: Option<AdministrationRow> =
        administrations::table.filter(administrations::n.eq(n)).first(conn).optional()?;
    if let Some(row) = own {
        return row.try_into().map(Some);
    }
    let corrected: Option<String> =
        corrections::table.filter(corrections::n.eq(n)).select(corrections::administration).first(conn).optional()?;
    corrected.map(|id| administration_load(conn, &id)).transpose()
}

/// Writes a correction down. The database lets a record be corrected once.
pub fn correction_insert(conn: &mut Conn, correction: &Correction) -> Result<(), StoreError> {
    let row = CorrectionRow {
        id: correction.id.clone(),
        n: correction.n,
        administration: correction.administration.clone(),
        replacement: correction.replacement.clone(),
        reason: correction.reason.clone(),
        corrected_by: correction.corrected_by.clone(),
        corrected_at: correction.corrected_at.naive_utc(),
    };
    on_either!(conn, |c| diesel::insert_into(corrections::table).values(&row).execute(c))?;
    Ok(())
}

/// Its record was made in error: nobody has recorded the dose now. A page that showed it as recorded is old.
pub fn dose_reopen(conn: &mut Conn, dose: &str) -> Result<(), StoreError> {
    let opened = diesel::update(doses::table.find(dose).filter(doses::recorded.eq(true)))
        .set((doses::recorded.eq(false), doses::revision.eq(doses::revision + 1)))
        .execute(conn)?;
    if opened == 1 { mark_back_to(conn, dose) } else { Err(StoreError::Moved) }
}
