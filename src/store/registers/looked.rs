//! Days that somebody has looked through.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::schema::days_looked_through;

/// Somebody has looked through the doses of a day beside the registers of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    pub id: String,
    pub unit: String,
    pub on: NaiveDate,
    /// How many doses and registers did not agree then.
    pub disagreeing: u32,
    pub note: String,
    /// The person's id.
    pub looked_by: String,
    pub looked_at: DateTime<Utc>,
}

type Row = (String, String, NaiveDate, i64, String, String, NaiveDateTime);

pub fn looked_insert(conn: &mut Conn, looked: &Looked, n: i64) -> Result<(), StoreError> {
    diesel::insert_into(days_looked_through::table)
        .values((
            days_looked_through::id.eq(&looked.id),
            days_looked_through::n.eq(n),
            days_looked_through::unit.eq(&looked.unit),
            days_looked_through::looked_on.eq(looked.on),
            days_looked_through::disagreeing.eq(i64::from(looked.disagreeing)),
            days_looked_through::note.eq(&looked.note),
            days_looked_through::looked_by.eq(&looked.looked_by),
            days_looked_through::looked_at.eq(looked.looked_at.naive_utc()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Who looked through a day of a unit, the first first.
pub fn looked_of(conn: &mut Conn, unit: &str, on: NaiveDate) -> Result<Vec<Looked>, StoreError> {
    use days_looked_through as d;
    let rows: Vec<Row> = d::table
        .filter(d::unit.eq(unit).and(d::looked_on.eq(on)))
        .order(d::n)
        .select((d::id, d::unit, d::looked_on, d::disagreeing, d::note, d::looked_by, d::looked_at))
        .load(conn)?;
    let looked = |(id, unit, on, disagreeing, note, looked_by, looked_at): Row| {
        let disagreeing = crate::store::small(disagreeing)?;
        Ok(Looked { id, unit, on, disagreeing, note, looked_by, looked_at: looked_at.and_utc() })
    };
    rows.into_iter().map(looked).collect()
}
