//! The dose history as it is audited: found by resident, unit, person, outcome, days and lateness, page by page.

mod errors;
mod figures;
mod unrecorded;

use chrono::NaiveDate;
use diesel::dsl::{max, min, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;

pub use errors::doses_counted;
pub use figures::{GivenOnDay, given_by_day, letters_failed};
pub use unrecorded::{Place, UnrecordedOnDay, unrecorded_by_day, unrecorded_count, unrecorded_page};

use super::StoreError;
use super::db::Conn;
use super::doses::{Administration, AdministrationRow, stands, stored};
use super::schema::{administrations, residents};
use crate::care::round::outcome::Outcome;

/// Nothing is counted further than this: a page says "more than 1 000", and costs the same however many there are.
pub const MOST_COUNTED: usize = 1_000;

/// The least lateness that can be asked for, in minutes: the index of late doses holds what is later.
pub const LEAST_LATE_MINUTES: u32 = 30;

/// Which doses are looked for. Ids of another facility match nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DosesAsk {
    pub facility: String,
    pub resident: Option<String>,
    pub unit: Option<String>,
    /// Who gave or recorded it.
    pub person: Option<String>,
    pub outcome: Option<Outcome>,
    /// Only what stands, or only what was corrected or made in error; all of it where nothing is said.
    pub standing: Option<bool>,
    /// The first and the last civil day on which the dose was due.
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    /// Given, or decided about, more than so many minutes after its time; at least `LEAST_LATE_MINUTES`.
    pub late_over: Option<u32>,
}

impl DosesAsk {
    /// From the first day to the last; where only one is asked for, the other is further than any record.
    fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        let any = self.from.is_some() || self.until.is_some();
        any.then(|| (self.from.unwrap_or(FIRST_DAY), self.until.unwrap_or(LAST_DAY)))
    }
}

const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(1900, 1, 1).expect("the day exists");
const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("the day exists");

type Asked<'a> = administrations::BoxedQuery<'a, <Conn as Connection>::Backend>;

/// A page of records, the newest first, numbered below `before`. Found by key: the last page is as fast as the first.
pub fn records_page(
    conn: &mut Conn,
    ask: &DosesAsk,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<Administration>, StoreError> {
    let mut found = Vec::new();
    for by in By::hands(ask) {
        let Some(mut asked) = matching(conn, ask, by)? else { continue };
        if let Some(before) = before {
            asked = asked.filter(administrations::n.lt(before));
        }
        let some: Vec<AdministrationRow> = asked.order(administrations::n.desc()).limit(rows(limit)).load(conn)?;
        found.extend(some);
    }
    let mut found: Vec<Administration> = found.into_iter().map(Administration::try_from).collect::<Result<_, _>>()?;
    found.sort_by_key(|record| std::cmp::Reverse(record.n));
    found.truncate(limit);
    Ok(found)
}

/// By whose hand a record is asked for. Who gave a dose and who wrote it down stand in columns of their own, and each is asked
/// apart: no index leads to either of two.
#[derive(Clone, Copy)]
enum By<'a> {
    Anybody,
    Recorded(&'a str),
    /// And another wrote it down.
    Gave(&'a str),
}

impl By<'_> {
    fn hands(ask: &DosesAsk) -> Vec<By<'_>> {
        match &ask.person {
            None => vec![By::Anybody],
            Some(person) => vec![By::Recorded(person), By::Gave(person)],
        }
    }
}

/// How many records match: at most one more than is counted.
pub fn records_count(conn: &mut Conn, ask: &DosesAsk) -> Result<usize, StoreError> {
    let mut count = 0;
    for by in By::hands(ask) {
        let Some(asked) = matching(conn, ask, by)? else { continue };
        let asked = asked.order(administrations::n.desc()).limit(rows(MOST_COUNTED + 1));
        count += asked.select(administrations::n).load::<i64>(conn)?.len();
    }
    Ok(count.min(MOST_COUNTED + 1))
}

fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// The records asked for; none where the resident is another facility's, or no record is of these days. An index leads to
/// them whatever is asked, because each condition is said as its index says it.
fn matching<'a>(conn: &mut Conn, ask: &'a DosesAsk, by: By<'a>) -> Result<Option<Asked<'a>>, StoreError> {
    let mut asked = administrations::table.into_boxed();
    match ask.standing {
        None => {}
        Some(true) => asked = asked.filter(stands()),
        Some(false) => {
            asked = asked.filter(sql::<Bool>("administrations.id IN (SELECT administration FROM corrections)"))
        }
    }
    match &ask.resident {
        None => asked = asked.filter(administrations::facility.eq(&ask.facility)),
        // Of one resident there are so few that the facility's own indexes would only lead astray.
        Some(resident) if lives_here(conn, ask, resident)? => {
            asked = asked.filter(administrations::resident.eq(resident))
        }
        Some(_) => return Ok(None),
    }
    if let Some(unit) = &ask.unit {
        asked = asked.filter(administrations::unit.eq(unit));
    }
    match by {
        By::Anybody => {}
        By::Recorded(person) => asked = asked.filter(administrations::recorded_by.eq(person)),
        By::Gave(person) => {
            asked = asked.filter(administrations::given_by.eq(person)).filter(administrations::recorded_by.ne(person));
        }
    }
    if let Some(outcome) = ask.outcome {
        asked = asked.filter(administrations::outcome.eq(stored(outcome)));
    }
    if let Some(outcome) = ask.outcome.filter(|outcome| outcome.whole()) {
        asked = asked.filter(administrations::handed.eq(outcome == Outcome::SelfAdministered));
    }
    if ask.outcome.is_some_and(|outcome| !outcome.whole()) {
        asked = asked.filter(sql::<Bool>("outcome <> 'given'"));
    }
    if let Some(minutes) = ask.late_over {
        asked = asked.filter(sql::<Bool>("late_minutes > 30"));
        asked = asked.filter(administrations::late_minutes.gt(i64::from(minutes)));
    }
    within_days(conn, ask, asked)
}

fn lives_here(conn: &mut Conn, ask: &DosesAsk, resident: &str) -> Result<bool, StoreError> {
    let facility: Option<String> =
        residents::table.find(resident).select(residents::facility).first(conn).optional()?;
    Ok(facility.as_ref() == Some(&ask.facility))
}

/// The days, and the numbers between which all records of these days stand: without them a search for old days would walk
/// through everything newer. None where no record is of these days.
fn within_days<'a>(conn: &mut Conn, ask: &DosesAsk, asked: Asked<'a>) -> Result<Option<Asked<'a>>, StoreError> {
    let Some((from, until)) = ask.days() else { return Ok(Some(asked)) };
    // Grouped, because PostgreSQL would look for a bare minimum by walking through the numbers from their end.
    let numbers: Option<(Option<i64>, Option<i64>)> = administrations::table
        .filter(administrations::facility.eq(&ask.facility))
        .filter(administrations::on_date.between(from, until))
        .group_by(administrations::facility)
        .select((min(administrations::n), max(administrations::n)))
        .first(conn)
        .optional()?;
    let Some((Some(first), Some(last))) = numbers else { return Ok(None) };
    Ok(Some(
        asked.filter(administrations::n.between(first, last)).filter(administrations::on_date.between(from, until)),
    ))
}
