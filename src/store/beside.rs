//! What a resident has had of a medicine around one dose, whichever way it was given, and what is still to come.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;

use super::absences::elsewhere_since;
use super::as_needed::doses_of_resident;
use super::db::Conn;
use super::doses::{DoseFile, open, stands};
use super::incidents::incidents_since;
use super::schema::{administrations, doses};
use super::{StoreError, ug};
use crate::care::amount::Amount;
use crate::care::round::interval::Beside;
use crate::on_either;

/// No dose is so late that one of two days before it is still beside it.
const DAYS_BESIDE: u32 = 2;

/// The other doses of the same medicine around one: those that were given, under whichever plan, what was given as needed, in
/// error and elsewhere, and the later ones that nobody has recorded.
pub fn beside(conn: &mut Conn, dose: &DoseFile) -> Result<Vec<Beside>, StoreError> {
    let near = dose.due_at - TimeDelta::days((DAYS_BESIDE + 1).into());
    let near = doses::due_at.ge(near.naive_utc()).and(doses::id.ne(&dose.id));
    let other = || doses::resident.eq(&dose.resident).and(doses::medicine.eq(&dose.key.medicine.0)).and(near);
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

/// Of a dose that is on time only what was given elsewhere, or under another plan, keeps it at a distance: the plan itself lays
/// its doses apart.
pub fn beside_of_others(conn: &mut Conn, dose: &DoseFile) -> Result<Vec<Beside>, StoreError> {
    let since = dose.due_at - TimeDelta::days(DAYS_BESIDE.into());
    let elsewhere = elsewhere_since(conn, &dose.resident, &dose.plan, since)?.map(|(at, _)| at);
    let given = given_under_another(conn, dose, since)?.into_iter().map(|(at, _)| at);
    Ok(given.chain(elsewhere).map(Beside::Given).collect())
}

/// What was given of the medicine under the resident's other plans from an instant on: when, and how much.
pub fn given_under_another(
    conn: &mut Conn,
    dose: &DoseFile,
    since: DateTime<Utc>,
) -> Result<Vec<(DateTime<Utc>, Amount)>, StoreError> {
    let other = doses::resident.eq(&dose.resident).and(doses::plan.ne(&dose.plan));
    let other = other.and(doses::medicine.eq(&dose.key.medicine.0)).and(doses::due_at.ge(since.naive_utc()));
    let given = administrations::table
        .inner_join(doses::table)
        .filter(other.and(administrations::given_ug.gt(0)).and(stands()))
        .select((administrations::given_at, administrations::given_ug));
    let given: Vec<(NaiveDateTime, i64)> = on_either!(conn, |c| given.load(c))?;
    given.into_iter().map(|(at, given)| Ok((at.and_utc(), ug(given)?))).collect()
}
