//! What a resident has had of a medicine around one dose, whichever way it was given, and what is still to come.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::StoreError;
use super::absences::elsewhere_since;
use super::as_needed::doses_of_resident;
use super::db::Conn;
use super::doses::{DoseFile, open, stands};
use super::incidents::incidents_since;
use super::schema::{administrations, doses};
use crate::care::calendar::days_before;
use crate::care::round::interval::Beside;
use crate::on_either;

/// No dose is so late that one of two days before it is still beside it.
const DAYS_BESIDE: u32 = 2;

/// The other doses of the same medicine around one: those of its plan that were given, what was given as needed, in error and
/// elsewhere, and the later ones that nobody has recorded.
pub fn beside(conn: &mut Conn, dose: &DoseFile) -> Result<Vec<Beside>, StoreError> {
    let near = doses::on_date.ge(days_before(dose.key.on, DAYS_BESIDE)).and(doses::id.ne(&dose.id));
    let other = || doses::plan.eq(&dose.plan).and(doses::medicine.eq(&dose.key.medicine.0)).and(near);
    let given = administrations::table
        .inner_join(doses::table)
        .filter(other().and(administrations::given_ug.gt(0)).and(stands()))
        .select(administrations::given_at);
    let given: Vec<NaiveDateTime> = on_either!(conn, |c| given.load(c))?;
    let later = doses::due_at.gt(dose.due_at.naive_utc());
    let due = doses::table.filter(other().and(open()).and(later)).select(doses::due_at);
    let due: Vec<NaiveDateTime> = on_either!(conn, |c| due.load(c))?;
    let since = dose.due_at - TimeDelta::days(DAYS_BESIDE.into());
    let in_error = incidents_since(conn, &dose.resident, since)?;
    let as_needed = doses_of_resident(conn, &dose.resident, since)?;
    let elsewhere = elsewhere_since(conn, &dose.resident, &dose.plan, since)?;
    let given = given.into_iter().map(|at| at.and_utc());
    let in_error = in_error.into_iter().filter(|one| one.medicine == dose.key.medicine).map(|one| one.given_at);
    let as_needed = as_needed.into_iter().filter(|one| one.medicine == dose.key.medicine).map(|one| one.given_at);
    let elsewhere = elsewhere.into_iter().map(|(at, _)| at);
    let given = given.chain(in_error).chain(as_needed).chain(elsewhere).map(Beside::Given);
    Ok(given.chain(due.into_iter().map(|at| Beside::Due(at.and_utc()))).collect())
}

/// Of a dose that is on time only what was given elsewhere keeps it at a distance: the plan itself lays its doses apart.
pub fn beside_elsewhere(conn: &mut Conn, dose: &DoseFile) -> Result<Vec<Beside>, StoreError> {
    let since = dose.due_at - TimeDelta::days(DAYS_BESIDE.into());
    let last = elsewhere_since(conn, &dose.resident, &dose.plan, since)?;
    Ok(last.map(|(at, _)| Beside::Given(at)).into_iter().collect())
}
