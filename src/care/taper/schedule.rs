//! From the level to doses: what should lie ready for each day, and what has to change to get there.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::level::Course;
use super::plan::{Medicine, Plan, Step};
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, days_after};

/// For so many days after the passage to 0 mg, "planned: no dose" is written out.
pub const FOLLOW_UP_DAYS: u32 = 28;

/// Which dose: the identity of a dose within its plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DoseKey {
    pub on: NaiveDate,
    pub slot: Slot,
    pub medicine: Medicine,
}

/// What a dose is by the level: how much, of which step, and the fact that authorises it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoseLevel {
    pub amount: Amount,
    pub step: u32,
    /// The id of the approval or signature.
    pub authorised_by: String,
}

/// A dose row as it lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaidDose {
    pub id: String,
    pub key: DoseKey,
    pub level: DoseLevel,
    /// No longer part of the level.
    pub void: bool,
    /// A standing administration exists: it stays for ever as it was given.
    pub recorded: bool,
}

/// What has to change so that the rows follow the level.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LayOut {
    pub lay: Vec<(DoseKey, DoseLevel)>,
    /// Rows that nobody recorded, brought up to date in place.
    pub follow: Vec<(String, DoseLevel)>,
    /// Rows that the level no longer has.
    pub void: Vec<String>,
}

impl LayOut {
    pub fn is_empty(&self) -> bool {
        self.lay.is_empty() && self.follow.is_empty() && self.void.is_empty()
    }
}

/// The doses of a plan from one day to another, both included. Each slot and medicine of the level has exactly one
/// dose on each day; 0 mg is written out.
pub fn doses_between(plan: &Plan, course: &Course, from: NaiveDate, until: NaiveDate) -> BTreeMap<DoseKey, DoseLevel> {
    let until = last_day(plan, course).map_or(until, |last| last.min(until));
    let days = from.iter_days().take_while(|day| *day <= until);
    days.flat_map(|on| doses_on(plan, course, on)).collect()
}

fn doses_on(plan: &Plan, course: &Course, on: NaiveDate) -> Vec<(DoseKey, DoseLevel)> {
    let Some(level) = course.level_on(plan, on) else { return Vec::new() };
    let dose_level =
        |amount| DoseLevel { amount, step: level.stage.step, authorised_by: level.stage.authorised_by.clone() };
    let doses = level.regimen.doses();
    doses.map(|d| (DoseKey { on, slot: d.slot, medicine: d.medicine }, dose_level(d.amount))).collect()
}

/// The last day that has rows: none while there is anything to give.
fn last_day(plan: &Plan, course: &Course) -> Option<NaiveDate> {
    let last = course.stages.last()?;
    let step: &Step = plan.step(last.step)?;
    step.daily().is_zero().then(|| days_after(last.from, FOLLOW_UP_DAYS))
}

/// Compares the rows of some days with what the level wants there. Running it twice changes nothing the second time.
pub fn lay_out(mut wanted: BTreeMap<DoseKey, DoseLevel>, found: Vec<LaidDose>) -> LayOut {
    let mut change = LayOut::default();
    for row in found {
        let level = wanted.remove(&row.key);
        if row.recorded {
            continue;
        }
        match level {
            Some(level) if row.void || level != row.level => change.follow.push((row.id, level)),
            None if !row.void => change.void.push(row.id),
            _ => {}
        }
    }
    change.lay = wanted.into_iter().collect();
    change
}

/// The id of a dose: derived from plan, civil date, slot and medicine, so that laying out twice makes no second row.
pub fn dose_id(plan: &str, key: &DoseKey) -> String {
    let name = format!("{plan} {} {} {}", key.on, key.slot, key.medicine);
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, name.as_bytes()).to_string()
}
