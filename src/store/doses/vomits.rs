//! What was seen after doses: somebody vomited.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::care::round::vomit::Vomited;
use crate::store::StoreError;
use crate::store::alert_marks::mark_back_to;
use crate::store::db::Conn;
use crate::store::schema::vomits;

#[derive(Queryable, Insertable)]
#[diesel(table_name = vomits)]
struct VomitRow {
    id: String,
    dose: String,
    vomited_at: NaiveDateTime,
    seen: String,
    noted_by: String,
    noted_at: NaiveDateTime,
}

impl From<VomitRow> for Vomited {
    fn from(row: VomitRow) -> Vomited {
        Vomited {
            id: row.id,
            of_dose: row.dose,
            vomited_at: row.vomited_at.and_utc(),
            seen: row.seen,
            noted_by: row.noted_by,
            noted_at: row.noted_at.and_utc(),
        }
    }
}

/// Somebody vomited after a dose. It may happen more than once.
pub fn vomit_insert(conn: &mut Conn, one: &Vomited) -> Result<(), StoreError> {
    let row = VomitRow {
        id: one.id.clone(),
        dose: one.of_dose.clone(),
        vomited_at: one.vomited_at.naive_utc(),
        seen: one.seen.clone(),
        noted_by: one.noted_by.clone(),
        noted_at: one.noted_at.naive_utc(),
    };
    diesel::insert_into(vomits::table).values(row).execute(conn)?;
    mark_back_to(conn, &one.of_dose)
}

/// What was seen after some doses, by the dose, the first one first.
pub fn vomits_of(conn: &mut Conn, doses: &[String]) -> Result<HashMap<String, Vec<Vomited>>, StoreError> {
    let mut found: HashMap<String, Vec<Vomited>> = HashMap::new();
    for some in doses.chunks(500) {
        let rows: Vec<VomitRow> =
            vomits::table.filter(vomits::dose.eq_any(some)).order((vomits::vomited_at, vomits::id)).load(conn)?;
        for row in rows {
            found.entry(row.dose.clone()).or_default().push(row.into());
        }
    }
    Ok(found)
}
