//! The doses that the error rate is made of, counted by what became of them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{count_star, exists};
use diesel::prelude::*;

use super::unrecorded::unrecorded_by_day;
use crate::care::calendar::{Slot, days_after};
use crate::care::error_rate::{Count, Counted, Part, was_ordered};
use crate::care::facility::Facility;
use crate::care::round::outcome::Outcome;
use crate::store::db::Conn;
use crate::store::doses::stands;
use crate::store::schema::{administrations, as_needed_doses, doses, incidents};
use crate::store::{StoreError, as_needed, incidents as errors, small};

/// What became of the doses of some days, in one unit or in all: of scheduled doses the civil day of their slot counts, of
/// others the day on which they were given. What was corrected or struck does not count.
pub fn doses_counted(
    conn: &mut Conn,
    facility: &Facility,
    unit: Option<&str>,
    days: (NaiveDate, NaiveDate),
    now: DateTime<Utc>,
) -> Result<Counted, StoreError> {
    let here = |one: &str| unit.is_none_or(|unit| unit == one);
    let mut counted = Counted::default();
    for of in [Of::All, Of::Undecided, Of::Late] {
        let records = recorded(conn, facility, days, of)?;
        let records = records.iter().filter(|record| here(&record.unit));
        records.for_each(|record| record.enter(counted.of_mut(Part::Recorded(record.outcome)), of));
    }
    let unrecorded = unrecorded_by_day(conn, &facility.id, days, facility.no_record_before(now))?;
    for some in unrecorded.iter().filter(|some| here(&some.unit)) {
        let count = counted.of_mut(Part::NoRecord);
        count.doses += some.count;
        count.unordered += if some.undecided { some.count } else { 0 };
    }
    let beside = [
        (Part::AsNeeded, as_needed_given(conn, facility, days)?),
        (Part::InError, given_in_error(conn, facility, days)?),
    ];
    for (part, units) in beside {
        for (_, count) in units.iter().filter(|(unit, _)| here(unit)) {
            counted.of_mut(part).doses += small(*count)?;
        }
    }
    Ok(counted)
}

/// Which records are counted.
#[derive(Clone, Copy)]
enum Of {
    All,
    /// Of doses whose level nobody had decided.
    Undecided,
    /// Given, or decided about, after the window.
    Late,
}

/// Records that stand, of one unit, outcome and reason.
struct Recorded {
    unit: String,
    outcome: Outcome,
    reason: String,
    count: u32,
}

impl Recorded {
    fn enter(&self, count: &mut Count, of: Of) {
        let ordered = |undecided| was_ordered(self.outcome, &self.reason, undecided);
        match of {
            Of::All => {
                count.doses += self.count;
                count.unordered += if ordered(false) { 0 } else { self.count };
            }
            Of::Undecided if ordered(false) && !ordered(true) => count.unordered += self.count,
            Of::Late if self.outcome.takes() => count.late += self.count,
            Of::Undecided | Of::Late => {}
        }
    }
}

type Row = (String, String, bool, String, i64);

fn recorded(
    conn: &mut Conn,
    facility: &Facility,
    (from, until): (NaiveDate, NaiveDate),
    of: Of,
) -> Result<Vec<Recorded>, StoreError> {
    let alike = (administrations::unit, administrations::outcome, administrations::handed, administrations::reason);
    let asked = administrations::table
        .filter(administrations::facility.eq(&facility.id))
        .filter(administrations::on_date.between(from, until))
        .filter(stands())
        .group_by(alike)
        .select((
            administrations::unit,
            administrations::outcome,
            administrations::handed,
            administrations::reason,
            count_star(),
        ))
        .into_boxed();
    let undecided = doses::table.filter(doses::id.eq(administrations::dose)).filter(doses::undecided.eq(true));
    let rows: Vec<Row> = match of {
        Of::All => asked.load(conn)?,
        // What was given counts all the same, and is most of it.
        Of::Undecided => asked.filter(administrations::given_ug.eq(0)).filter(exists(undecided)).load(conn)?,
        Of::Late => {
            asked.filter(administrations::late_minutes.gt(i64::from(facility.windows.late_minutes))).load(conn)?
        }
    };
    rows.into_iter().map(Recorded::try_from).collect()
}

impl TryFrom<Row> for Recorded {
    type Error = StoreError;
    fn try_from((unit, outcome, handed, reason, count): Row) -> Result<Recorded, StoreError> {
        let word = if handed { Some(Outcome::SelfAdministered) } else { Outcome::of_word(&outcome) };
        let outcome = word.ok_or_else(|| StoreError::Corrupt(format!("outcome {outcome}")))?;
        Ok(Recorded { unit, outcome, reason, count: small(count)? })
    }
}

fn as_needed_given(
    conn: &mut Conn,
    facility: &Facility,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<(String, i64)>, StoreError> {
    let (begin, end) = instants(facility, days);
    Ok(as_needed_doses::table
        .filter(as_needed_doses::facility.eq(&facility.id))
        .filter(as_needed_doses::given_at.ge(begin.naive_utc()).and(as_needed_doses::given_at.lt(end.naive_utc())))
        .filter(as_needed::stands())
        .group_by(as_needed_doses::unit)
        .select((as_needed_doses::unit, count_star()))
        .load(conn)?)
}

fn given_in_error(
    conn: &mut Conn,
    facility: &Facility,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<(String, i64)>, StoreError> {
    let (begin, end) = instants(facility, days);
    Ok(incidents::table
        .filter(incidents::facility.eq(&facility.id))
        .filter(incidents::given_at.ge(begin.naive_utc()).and(incidents::given_at.lt(end.naive_utc())))
        .filter(errors::stands())
        .group_by(incidents::unit)
        .select((incidents::unit, count_star()))
        .load(conn)?)
}

/// From the first moment of the first day until the one after the last day.
fn instants(facility: &Facility, (from, until): (NaiveDate, NaiveDate)) -> (DateTime<Utc>, DateTime<Utc>) {
    let start = |on: NaiveDate| facility.zone.at(on, Slot::MIDNIGHT);
    (start(from), start(days_after(until, 1)))
}
