//! What became of a plan's doses: each with what was recorded of it, if anything was.

use chrono::{DateTime, NaiveDate, Utc};

use super::record::{Administration, standings_of};
use super::vomits::vomits_of;
use super::{DoseFile, doses_of_plan_between, doses_of_plan_from};
use crate::care::round::vomit::Vomited;
use crate::store::StoreError;
use crate::store::db::Conn;

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

/// Of a record with what was seen after it: what may have cost the resident what was given.
pub fn may_be_lost<'a>(standing: &Administration, vomited: &'a [Vomited]) -> Option<&'a Vomited> {
    let given = (!standing.given.is_zero()).then_some(standing.given_at)?;
    vomited.iter().find(|one| one.may_have_lost(given))
}

impl Fate {
    /// Of a dose that was given: what was seen so soon after it that it may not have stayed.
    pub fn may_be_lost(&self) -> Option<&Vomited> {
        may_be_lost(self.standing.as_ref()?, &self.vomited)
    }

    /// Its time has come.
    pub fn was_due(&self, now: DateTime<Utc>) -> bool {
        self.dose.due_at <= now
    }
}
