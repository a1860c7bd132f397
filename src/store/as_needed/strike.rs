//! As-needed doses that no longer stand: who struck them, and why.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::dose::AsNeededDose;
use crate::care::calendar::clock_text;
use crate::care::facility::Facility;
use crate::care::round::correction::{Correctable, Corrected};
use crate::store::db::Conn;
use crate::store::schema::as_needed_strikes;
use crate::store::{StoreError, people};

/// A dose was recorded in error: it no longer stands, and its record stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strike {
    pub id: String,
    pub of_dose: String,
    pub reason: String,
    /// The person's id.
    pub struck_by: String,
    pub struck_at: DateTime<Utc>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = as_needed_strikes)]
struct StrikeRow {
    id: String,
    of_dose: String,
    reason: String,
    struck_by: String,
    struck_at: NaiveDateTime,
}

impl From<StrikeRow> for Strike {
    fn from(row: StrikeRow) -> Strike {
        let StrikeRow { id, of_dose, reason, struck_by, struck_at } = row;
        Strike { id, of_dose, reason, struck_by, struck_at: struck_at.and_utc() }
    }
}

/// Strikes a dose. The database lets each be struck once.
pub fn strike_insert(conn: &mut Conn, strike: &Strike) -> Result<(), StoreError> {
    let row = StrikeRow {
        id: strike.id.clone(),
        of_dose: strike.of_dose.clone(),
        reason: strike.reason.clone(),
        struck_by: strike.struck_by.clone(),
        struck_at: strike.struck_at.naive_utc(),
    };
    diesel::insert_into(as_needed_strikes::table).values(row).execute(conn)?;
    Ok(())
}

/// Of some doses those that were struck, by the dose.
pub fn strikes_of(conn: &mut Conn, doses: &[String]) -> Result<HashMap<String, Strike>, StoreError> {
    let mut strikes = HashMap::new();
    for some in doses.chunks(500) {
        let rows: Vec<StrikeRow> =
            as_needed_strikes::table.filter(as_needed_strikes::of_dose.eq_any(some)).load(conn)?;
        strikes.extend(rows.into_iter().map(|row| (row.of_dose.clone(), Strike::from(row))));
    }
    Ok(strikes)
}

/// A dose as somebody who wants to strike it finds it.
pub fn strikable(
    conn: &mut Conn,
    facility: &Facility,
    dose: &AsNeededDose,
    now: DateTime<Utc>,
) -> Result<Correctable, StoreError> {
    let struck = strikes_of(conn, std::slice::from_ref(&dose.id))?.remove(&dose.id);
    let told = |strike: Strike| {
        let by = people::name_load(conn, &strike.struck_by)?;
        Ok::<_, StoreError>(Corrected { by, at: clock_text(facility.zone, strike.struck_at, now) })
    };
    Ok(Correctable {
        recorded_by: dose.recorded_by.clone(),
        first_at: dose.recorded_at,
        hours: facility.correction_hours,
        corrected: struck.map(told).transpose()?,
    })
}
