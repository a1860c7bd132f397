//! What became of a plan's doses: each with what was recorded of it, if anything was.

use chrono::{DateTime, NaiveDate, Utc};

use super::record::{Administration, standings_of};
use super::{DoseFile, doses_of_plan_from};
use crate::store::StoreError;
use crate::store::db::Conn;

/// A dose above 0 mg, and what stands recorded of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    pub dose: DoseFile,
    pub standing: Option<Administration>,
}

/// The fates of a plan's doses from a day on, those to come included, in order of their time.
pub fn fates_from(conn: &mut Conn, plan: &str, from: NaiveDate) -> Result<Vec<Fate>, StoreError> {
    let mut doses = doses_of_plan_from(conn, plan, from)?;
    doses.retain(|dose| !dose.void && !dose.level.amount.is_zero());
    doses.sort_by_key(|dose| dose.due_at);
    let recorded: Vec<String> = doses.iter().filter(|dose| dose.recorded).map(|dose| dose.id.clone()).collect();
    let mut standings = standings_of(conn, &recorded)?;
    Ok(doses.into_iter().map(|dose| Fate { standing: standings.remove(&dose.id), dose }).collect())
}

impl Fate {
    /// Its time has come.
    pub fn was_due(&self, now: DateTime<Utc>) -> bool {
        self.dose.due_at <= now
    }
}
