//! The figures of the overview: doses given each day, and letters that failed.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::care::round::due::Windows;
use crate::care::round::outcome::Outcome;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::doses::stands;
use crate::store::schema::{administrations, letters};

/// So many doses were given in a unit on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenOnDay {
    /// The unit's id.
    pub unit: String,
    pub on: NaiveDate,
    pub count: usize,
}

/// How many doses were given, whole or in part, in each unit on each day; with windows, only those given within them.
pub fn given_by_day(
    conn: &mut Conn,
    facility: &str,
    (from, until): (NaiveDate, NaiveDate),
    within: Option<Windows>,
) -> Result<Vec<GivenOnDay>, StoreError> {
    let (early, late) = within
        .map_or((i64::MIN, i64::MAX), |windows| (-i64::from(windows.early_minutes), i64::from(windows.late_minutes)));
    let rows: Vec<(String, NaiveDate, i64)> = administrations::table
        .filter(administrations::facility.eq(facility))
        .filter(administrations::on_date.between(from, until))
        .filter(administrations::outcome.eq_any([Outcome::Given.word(), Outcome::GivenInPart.word()]))
        .filter(administrations::late_minutes.between(early, late))
        .filter(stands())
        .group_by((administrations::unit, administrations::on_date))
        .select((administrations::unit, administrations::on_date, count_star()))
        .load(conn)?;
    let given = |(unit, on, count)| GivenOnDay { unit, on, count: usize::try_from(count).unwrap_or_default() };
    Ok(rows.into_iter().map(given).collect())
}

/// How many letters wanted since an instant were given up or have expired.
pub fn letters_failed(conn: &mut Conn, facility: &str, since: DateTime<Utc>) -> Result<usize, StoreError> {
    let failed: i64 = letters::table
        .filter(letters::facility.eq(facility))
        .filter(letters::wanted_at.ge(since.naive_utc()))
        .filter(letters::state.eq_any(["given_up", "expired"]))
        .count()
        .get_result(conn)?;
    Ok(usize::try_from(failed).unwrap_or_default())
}
