//! Doses that nobody recorded: derived from the doses themselves, so that none can be forgotten.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::{DosesAsk, MOST_COUNTED, rows};
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::doses::{DoseFile, DoseRow, open};
use crate::store::schema::{doses, residents};

/// Where a page of doses without a record goes on: after this dose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub due_at: DateTime<Utc>,
    pub dose: String,
}

type Asked<'a> = doses::BoxedQuery<'a, <Conn as Connection>::Backend>;

/// A page of doses above 0 that were due before `due_before` and have no record, the newest first.
pub fn unrecorded_page(
    conn: &mut Conn,
    ask: &DosesAsk,
    due_before: DateTime<Utc>,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<DoseFile>, StoreError> {
    if nobody_matches(ask) {
        return Ok(Vec::new());
    }
    let mut asked = matching(ask, due_before);
    if let Some(place) = after {
        let at = place.due_at.naive_utc();
        asked = asked.filter(doses::due_at.le(at));
        asked = asked.filter(doses::due_at.lt(at).or(doses::id.lt(&place.dose)));
    }
    let rows: Vec<DoseRow> = asked.order((doses::due_at.desc(), doses::id.desc())).limit(rows(limit)).load(conn)?;
    rows.into_iter().map(DoseFile::try_from).collect()
}

/// How many there are: at most one more than is counted.
pub fn unrecorded_count(conn: &mut Conn, ask: &DosesAsk, due_before: DateTime<Utc>) -> Result<usize, StoreError> {
    if nobody_matches(ask) {
        return Ok(0);
    }
    // In the order of the open doses, or SQLite would look for them among all that ever were.
    let asked = matching(ask, due_before).order((doses::due_at.desc(), doses::id.desc()));
    let found: Vec<String> = asked.limit(rows(MOST_COUNTED + 1)).select(doses::id).load(conn)?;
    Ok(found.len())
}

/// What nobody recorded has neither a person nor an outcome.
fn nobody_matches(ask: &DosesAsk) -> bool {
    ask.person.is_some() || ask.outcome.is_some()
}

fn matching(ask: &DosesAsk, due_before: DateTime<Utc>) -> Asked<'_> {
    let mut asked = doses::table
        .filter(doses::facility.eq(&ask.facility))
        .filter(doses::due_at.lt(due_before.naive_utc()))
        .filter(open())
        .into_boxed();
    if let Some(resident) = &ask.resident {
        asked = asked.filter(doses::resident.eq(resident));
    }
    if let Some(unit) = &ask.unit {
        let here = residents::table.filter(residents::facility.eq(&ask.facility));
        let there = here.filter(residents::unit.eq(unit)).select(residents::id);
        asked = asked.filter(doses::resident.eq_any(there));
    }
    if let Some((from, until)) = ask.days() {
        asked = asked.filter(doses::on_date.between(from, until));
    }
    asked
}
