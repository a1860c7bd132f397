//! What became of a plan's doses: each with what was recorded of it, if anything was.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;

use super::record::{Administration, standings_of};
use super::vomits::vomits_of;
use super::{DoseFile, doses_of_plan_between, doses_of_plan_from, open, stands};
use crate::care::calendar::days_before;
use crate::care::round::interval::Beside;
use crate::care::round::vomit::Vomited;
use crate::on_either;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::incidents::incidents_since;
use crate::store::schema::{administrations, doses};

/// A dose above 0 mg, or one that was given all the same, and what stands recorded of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    pub dose: DoseFile,
    pub standing: Option<Administration>,
    /// What was seen after it.
    pub vomited: Vec<Vomited>,
}

/// The fates of a plan's doses from a day on, those to come included, in order of their time.
pub fn fates_from(conn: &mut Conn, plan: &str, from: NaiveDate) -> Result<Vec<Fate>, StoreError> {
    let doses = doses_of_plan_from(conn, plan, from)?;
    fates_of(conn, doses)
}

/// The fates of a plan's doses of some days, in order of their time.
pub fn fates_between(conn: &mut Conn, plan: &str, days: (NaiveDate, NaiveDate)) -> Result<Vec<Fate>, StoreError> {
    let doses = doses_of_plan_between(conn, plan, days)?;
    fates_of(conn, doses)
}

fn fates_of(conn: &mut Conn, mut doses: Vec<DoseFile>) -> Result<Vec<Fate>, StoreError> {
    // Paper printed before the level came to 0 mg may say that something was given all the same.
    doses.retain(|dose| !dose.void && (dose.recorded || !dose.level.amount.is_zero()));
    doses.sort_by_key(|dose| dose.due_at);
    let recorded: Vec<String> = doses.iter().filter(|dose| dose.recorded).map(|dose| dose.id.clone()).collect();
    let mut standings = standings_of(conn, &recorded)?;
    let mut vomits = vomits_of(conn, &recorded)?;
    let fate = |dose: DoseFile| Fate {
        standing: standings.remove(&dose.id),
        vomited: vomits.remove(&dose.id).unwrap_or_default(),
        dose,
    };
    Ok(doses.into_iter().map(fate).collect())
}

/// The other doses of the same plan and medicine around one: those that were given, what was given of it in error, and the
/// later ones that nobody has recorded.
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
    let in_error = incidents_since(conn, &dose.resident, dose.due_at - TimeDelta::days(DAYS_BESIDE.into()))?;
    let in_error = in_error.into_iter().filter(|one| one.medicine == dose.key.medicine);
    let in_error = in_error.map(|one| Beside::Given(one.given_at));
    let given = given.into_iter().map(|at| Beside::Given(at.and_utc())).chain(in_error);
    Ok(given.chain(due.into_iter().map(|at| Beside::Due(at.and_utc()))).collect())
}

/// No dose is so late that one of two days before it is still beside it.
const DAYS_BESIDE: u32 = 2;

impl Fate {
    /// Of a dose that was given: what was seen so soon after it that it may not have stayed.
    pub fn may_be_lost(&self) -> Option<&Vomited> {
        let given = self.standing.as_ref().filter(|record| !record.given.is_zero())?;
        self.vomited.iter().find(|one| one.may_have_lost(given.given_at))
    }

    /// Its time has come.
    pub fn was_due(&self, now: DateTime<Utc>) -> bool {
        self.dose.due_at <= now
    }
}
