//! Doses that nobody recorded: derived from the doses themselves, so that none can be forgotten. They belong to the unit in
//! which their resident lived when they were due.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::{DosesAsk, MOST_COUNTED, rows};
use crate::care::resident::transfer::Residence;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::doses::{DoseFile, DoseRow, open};
use crate::store::moves::residences_in;
use crate::store::schema::{doses, residents};

/// Where a page of doses without a record goes on: after this dose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub due_at: DateTime<Utc>,
    pub dose: String,
}

impl Place {
    fn of(dose: &DoseFile) -> Place {
        Place { due_at: dose.due_at, dose: dose.id.clone() }
    }
}

/// So many doses of a unit have no record, of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnrecordedOnDay {
    /// The unit's id.
    pub unit: String,
    pub on: NaiveDate,
    /// Nobody has decided the level: they were not to be given.
    pub undecided: bool,
    pub count: u32,
}

/// Where each of so many doses was due is looked up at once.
const SOME: usize = 500;

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
    match &ask.unit {
        None => some_page(conn, matching(ask, due_before), after, limit),
        Some(unit) => unit_page(conn, (ask, unit), due_before, after, limit),
    }
}

/// How many there are: at most one more than is counted.
pub fn unrecorded_count(conn: &mut Conn, ask: &DosesAsk, due_before: DateTime<Utc>) -> Result<usize, StoreError> {
    if nobody_matches(ask) {
        return Ok(0);
    }
    if ask.unit.is_some() {
        return Ok(unrecorded_page(conn, ask, due_before, None, MOST_COUNTED + 1)?.len());
    }
    // In the order of the open doses, or SQLite would look for them among all that ever were.
    let asked = matching(ask, due_before).order((doses::due_at.desc(), doses::id.desc()));
    let found: Vec<String> = asked.limit(rows(MOST_COUNTED + 1)).select(doses::id).load(conn)?;
    Ok(found.len())
}

/// All of some days, however many, counted by unit and day.
pub fn unrecorded_by_day(
    conn: &mut Conn,
    facility: &str,
    (from, until): (NaiveDate, NaiveDate),
    due_before: DateTime<Utc>,
) -> Result<Vec<UnrecordedOnDay>, StoreError> {
    let ask = DosesAsk { facility: facility.to_owned(), from: Some(from), until: Some(until), ..DosesAsk::default() };
    let asked = matching(&ask, due_before).order((doses::due_at.desc(), doses::id.desc()));
    let found: Vec<(String, NaiveDate, NaiveDateTime, bool)> =
        asked.select((doses::resident, doses::on_date, doses::due_at, doses::undecided)).load(conn)?;
    let Some((_, _, oldest, _)) = found.last() else { return Ok(Vec::new()) };
    let lived = residences_in(conn, facility, oldest.and_utc())?;
    let mut counts = BTreeMap::<(&str, NaiveDate, bool), u32>::new();
    for (resident, on, due_at, undecided) in &found {
        let unit = lived.get(resident).map_or("", |residence| residence.at(due_at.and_utc()));
        *counts.entry((unit, *on, *undecided)).or_default() += 1;
    }
    let counted = |((unit, on, undecided), count): ((&str, _, _), _)| UnrecordedOnDay {
        unit: unit.to_owned(),
        on,
        undecided,
        count,
    };
    Ok(counts.into_iter().map(counted).collect())
}

/// What nobody recorded has neither a person nor an outcome.
fn nobody_matches(ask: &DosesAsk) -> bool {
    ask.person.is_some() || ask.outcome.is_some()
}

/// The same of one unit. Whoever lives or lived there is asked for, and of their doses those are kept that were due there.
fn unit_page(
    conn: &mut Conn,
    (ask, unit): (&DosesAsk, &str),
    due_before: DateTime<Utc>,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<DoseFile>, StoreError> {
    let Some(oldest) = oldest_find(conn, ask, due_before)? else { return Ok(Vec::new()) };
    let lived = residences_in(conn, &ask.facility, oldest)?;
    let came: Vec<&String> =
        lived.iter().filter(|(_, one)| one.unit != unit && one.knows(unit)).map(|(id, _)| id).collect();
    let (mut found, mut after) = (Vec::new(), after.cloned());
    loop {
        let here = residents::table.filter(residents::facility.eq(&ask.facility));
        let there = here.filter(residents::unit.eq(unit).or(residents::id.eq_any(&came))).select(residents::id);
        let asked = matching(ask, due_before).filter(doses::resident.eq_any(there));
        let some = some_page(conn, asked, after.as_ref(), SOME)?;
        after = some.last().map(Place::of);
        let last = some.len() < SOME;
        found.extend(some.into_iter().filter(|dose| due_in(&lived, dose, unit)));
        if last || found.len() >= limit {
            found.truncate(limit);
            return Ok(found);
        }
    }
}

fn due_in(lived: &HashMap<String, Residence>, dose: &DoseFile, unit: &str) -> bool {
    lived.get(&dose.resident).is_some_and(|residence| residence.at(dose.due_at) == unit)
}

fn oldest_find(
    conn: &mut Conn,
    ask: &DosesAsk,
    due_before: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let asked = matching(ask, due_before).order((doses::due_at.asc(), doses::id.asc()));
    let oldest: Option<NaiveDateTime> = asked.select(doses::due_at).first(conn).optional()?;
    Ok(oldest.map(|at| at.and_utc()))
}

fn some_page(
    conn: &mut Conn,
    mut asked: Asked<'_>,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<DoseFile>, StoreError> {
    if let Some(place) = after {
        let at = place.due_at.naive_utc();
        asked = asked.filter(doses::due_at.le(at));
        asked = asked.filter(doses::due_at.lt(at).or(doses::id.lt(place.dose.clone())));
    }
    let rows: Vec<DoseRow> = asked.order((doses::due_at.desc(), doses::id.desc())).limit(rows(limit)).load(conn)?;
    rows.into_iter().map(DoseFile::try_from).collect()
}

/// The doses asked for, of every unit.
fn matching(ask: &DosesAsk, due_before: DateTime<Utc>) -> Asked<'_> {
    let mut asked = doses::table
        .filter(doses::facility.eq(&ask.facility))
        .filter(doses::due_at.lt(due_before.naive_utc()))
        .filter(open())
        .into_boxed();
    if let Some(resident) = &ask.resident {
        asked = asked.filter(doses::resident.eq(resident));
    }
    if let Some((from, until)) = ask.days() {
        asked = asked.filter(doses::on_date.between(from, until));
    }
    asked
}
