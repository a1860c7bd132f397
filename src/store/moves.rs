//! Where residents lived before they moved. The history tells it: a move, or an address that was put right.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::Deserialize;

use super::StoreError;
use super::db::Conn;
use super::doses::DoseFile;
use super::residents::residents_of;
use super::schema::{history, residents};
use crate::care::resident::Resident;
use crate::care::resident::transfer::{Moved, Residence, Transferred};

/// The unit in which a resident lived at an instant. Where that is now they live where they live, and nothing is asked.
pub fn unit_then(
    conn: &mut Conn,
    resident: &Resident,
    then: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<String, StoreError> {
    if then >= now {
        return Ok(resident.unit.clone());
    }
    Ok(residence_load(conn, resident, then)?.at(then).to_owned())
}

/// Where a resident lives, and lived since an instant.
pub fn residence_load(conn: &mut Conn, resident: &Resident, since: DateTime<Utc>) -> Result<Residence, StoreError> {
    let rows: Vec<Row> = told_since(since).filter(history::subject.eq(&resident.id)).load(conn)?;
    residence(resident, rows)
}

/// The same of some residents of one facility, by their ids.
pub fn residences_of(
    conn: &mut Conn,
    facility: &str,
    all: &[Resident],
    since: DateTime<Utc>,
) -> Result<HashMap<String, Residence>, StoreError> {
    let theirs = residents::table.filter(residents::facility.eq(facility)).select(residents::id);
    let rows: Vec<Row> = told_since(since).filter(history::subject.eq_any(theirs)).load(conn)?;
    let mut by_resident = HashMap::<String, Vec<Row>>::new();
    rows.into_iter().for_each(|row| by_resident.entry(row.1.clone()).or_default().push(row));
    let each = all.iter().map(|one| {
        let rows = by_resident.remove(&one.id).unwrap_or_default();
        Ok((one.id.clone(), residence(one, rows)?))
    });
    each.collect()
}

/// Where everybody of a facility lives, and lived since an instant, by their ids.
pub fn residences_in(
    conn: &mut Conn,
    facility: &str,
    since: DateTime<Utc>,
) -> Result<HashMap<String, Residence>, StoreError> {
    let all = residents_of(conn, &[facility.to_owned()])?;
    residences_of(conn, facility, &all, since)
}

/// The unit in which the resident of each dose lived when it was due: by the dose.
pub fn units_then(conn: &mut Conn, facility: &str, doses: &[DoseFile]) -> Result<HashMap<String, String>, StoreError> {
    let Some(since) = doses.iter().map(|dose| dose.due_at).min() else { return Ok(HashMap::new()) };
    let lived = residences_in(conn, facility, since)?;
    let unit = |dose: &DoseFile| Some((dose.id.clone(), lived.get(&dose.resident)?.at(dose.due_at).to_owned()));
    Ok(doses.iter().filter_map(unit).collect())
}

/// Its number, whose it is, when it was written down, and what it says.
type Row = (i64, String, NaiveDateTime, String);

/// What was written down since an instant, the last first: nobody moves later than it is written down.
#[diesel::dsl::auto_type(no_type_alias)]
fn told_since(since: DateTime<Utc>) -> _ {
    let then: NaiveDateTime = since.naive_utc();
    history::table
        .filter(history::kind.eq("transfer_resident").or(history::kind.eq("change_resident")))
        .filter(history::done_at.gt(then))
        .order(history::n.desc())
        .select((history::n, history::subject, history::done_at, history::body))
}

/// What the fact of either keeps.
#[derive(Deserialize)]
struct Body {
    transfer: Option<Transferred>,
    before: Lived,
    after: Lived,
}

#[derive(Deserialize)]
struct Lived {
    unit: String,
}

fn residence(resident: &Resident, rows: Vec<Row>) -> Result<Residence, StoreError> {
    let mut moves = Vec::new();
    for (n, _, done_at, body) in rows {
        let Body { transfer, before, after } =
            serde_json::from_str(&body).map_err(|_| StoreError::Corrupt(format!("fact {n} of the history")))?;
        // Another room says nothing of the unit. Whoever puts an address right says nothing of when: from then on.
        if before.unit != after.unit {
            let at = transfer.map_or(done_at.and_utc(), |transfer| transfer.moved_at);
            moves.push(Moved { from: before.unit, at });
        }
    }
    Ok(Residence { unit: resident.unit.clone(), moves })
}
