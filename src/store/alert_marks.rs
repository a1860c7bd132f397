//! Up to which day the doses of a plan need no second look: no alert stands before it. Without a mark, all are looked at.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::StoreError;
use super::db::Conn;
use super::schema::{alert_marks, doses};
use crate::care::calendar::days_before;
use crate::care::round::taper_alert::WEEK_DAYS;
use crate::on_either;

/// A mark is never nearer than this: what people write down on time never moves one back.
pub(super) const CLEAR_DAYS: u32 = 14;

/// A mark is moved on when it has fallen so far behind.
pub(super) const BEHIND_DAYS: u32 = 21;

/// A week before its mark, a plan's doses are looked at: those may be of an alert with later ones.
pub(super) fn looked_at_from(clear_until: NaiveDate) -> NaiveDate {
    days_before(clear_until, WEEK_DAYS as u32)
}

pub(super) fn marks_of(conn: &mut Conn, plans: &BTreeSet<String>) -> Result<HashMap<String, NaiveDate>, StoreError> {
    Ok(alert_marks::table.filter(alert_marks::plan.eq_any(plans)).load(conn)?.into_iter().collect())
}

/// A mark that is to stand elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub plan: String,
    /// Where it was read; none where there was no mark.
    pub from: Option<NaiveDate>,
    pub to: NaiveDate,
}

/// A mark that somebody has moved back since it was read stays there: it is looked at again.
pub fn marks_move(conn: &mut Conn, moved: &[Moved]) -> Result<(), StoreError> {
    for Moved { plan, from, to } in moved {
        let row = (alert_marks::plan.eq(plan), alert_marks::clear_until.eq(to));
        match from {
            Some(from) => {
                let unmoved = alert_marks::table.find(plan).filter(alert_marks::clear_until.eq(from));
                diesel::update(unmoved).set(alert_marks::clear_until.eq(to)).execute(conn)?
            }
            None => on_either!(conn, |c| diesel::insert_into(alert_marks::table).values(&row).execute(c))?,
        };
    }
    Ok(())
}

/// Something of a plan's day was written: if its mark stands after it, it is moved back.
pub(super) fn mark_back(conn: &mut Conn, plan: &str, on: NaiveDate) -> Result<(), StoreError> {
    let to = looked_at_from(on);
    let later = alert_marks::table.filter(alert_marks::plan.eq(plan).and(alert_marks::clear_until.gt(to)));
    diesel::update(later).set(alert_marks::clear_until.eq(to)).execute(conn)?;
    Ok(())
}

/// The same of a dose, written at an instant: what is written down soon is never before a mark.
pub(super) fn mark_back_for(conn: &mut Conn, dose: &str, on: NaiveDate, now: DateTime<Utc>) -> Result<(), StoreError> {
    // A civil day is nowhere further than a day from its UTC date.
    if on >= days_before(now.date_naive(), CLEAR_DAYS - 2) {
        return Ok(());
    }
    mark_back_to(conn, dose)
}

/// Something of a dose was written, however long ago it was.
pub(super) fn mark_back_to(conn: &mut Conn, dose: &str) -> Result<(), StoreError> {
    let (plan, on): (String, NaiveDate) = doses::table.find(dose).select((doses::plan, doses::on_date)).first(conn)?;
    mark_back(conn, &plan, on)
}
