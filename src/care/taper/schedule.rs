//! From the level to doses: what should lie ready for each day, and what has to change to get there.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::level::{Course, Footing, Stage};
use super::plan::{Medicine, PlannedDose};
use crate::care::amount::Amount;
use crate::care::calendar::{Moment, Slot, days_after, days_before};

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
    /// The id of the approval, the signature or the order.
    pub authorised_by: String,
    /// Nobody has decided the level since the resident came back: it is not given until a prescriber has.
    pub undecided: bool,
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

/// The doses of a course from one day to another, both included. Each slot and medicine of the level has exactly one
/// dose on each day that the resident is here; 0 mg is written out.
pub fn doses_between(course: &Course, from: NaiveDate, until: NaiveDate) -> BTreeMap<DoseKey, DoseLevel> {
    let until = last_day(course).map_or(until, |last| last.min(until));
    let days = from.iter_days().take_while(|day| *day <= until);
    days.flat_map(|on| doses_on(course, on)).collect()
}

/// A level may begin in the middle of a day: each slot has the doses of the stage it falls in.
fn doses_on(course: &Course, on: NaiveDate) -> Vec<(DoseKey, DoseLevel)> {
    let levels = course.stages_of(on).filter_map(|stage| stage.level_on(on));
    let doses = levels.flat_map(|level| level.regimen.doses().map(move |dose| (level.stage, dose)));
    let in_force = doses.filter(|(stage, dose)| course.stage_at(Moment { on, slot: dose.slot }) == Some(*stage));
    let row = |(stage, dose): (&Stage, PlannedDose)| {
        let key = DoseKey { on, slot: dose.slot, medicine: dose.medicine };
        let (step, authorised_by) = (stage.step.ordinal, stage.authorised_by.clone());
        let undecided = stage.footing == Footing::Undecided;
        (key, DoseLevel { amount: dose.amount, step, authorised_by, undecided })
    };
    in_force.map(row).collect()
}

/// The last day that has rows: none while there is anything to give, or while an urgent order may still end. A plan that
/// was finished writes nothing out from that day on: another may have begun.
fn last_day(course: &Course) -> Option<NaiveDate> {
    let finished = course.finished_on.map(|on| days_before(on, 1));
    let written_out = follow_up_until(course);
    finished.into_iter().chain(written_out).min()
}

/// The last day of the follow-up after the passage to 0 mg, or after a stop.
pub fn follow_up_until(course: &Course) -> Option<NaiveDate> {
    let last = course.stages.last()?;
    let at_its_end = matches!(last.footing, Footing::Planned | Footing::Stopped);
    (at_its_end && last.step.daily().is_zero()).then(|| days_after(last.from.on, FOLLOW_UP_DAYS))
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
