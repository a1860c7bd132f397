//! From the level to doses: what should lie ready for each day, and what has to change to get there.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::level::{Course, Footing, Stage};
use super::plan::{Medicine, PlannedDose};
use crate::care::amount::Amount;
use crate::care::calendar::{Moment, Slot, days_after};

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

impl DoseLevel {
    /// A dose of 0 mg is no dose on paper; one that is not decided stands there to say so.
    pub fn is_printed(&self) -> bool {
        !self.amount.is_zero() || self.undecided
    }
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
    // A plan that was finished gives nothing more, and another may have begun: of that day only what was due before stays.
    let over = course.finished_on;
    let until = over.map_or(until, |on| until.min(on));
    let days = from.iter_days().take_while(|day| *day <= until);
    let stays = |(key, level): &(DoseKey, DoseLevel)| over != Some(key.on) || !level.amount.is_zero();
    days.flat_map(|on| doses_on(course, on)).filter(stays).collect()
}

/// A level may begin in the middle of a day: each slot has the doses of the stage it falls in.
fn doses_on(course: &Course, on: NaiveDate) -> Vec<(DoseKey, DoseLevel)> {
    let written_out = |stage: &&Stage| follow_up_of(stage).is_none_or(|last| on <= last);
    let levels = course.stages_of(on).filter(written_out).filter_map(|stage| stage.level_on(on));
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

/// The last day on which a stage at 0 mg is written out; none while there is anything to give, or while an urgent order
/// may still end.
fn follow_up_of(stage: &Stage) -> Option<NaiveDate> {
    let at_its_end = matches!(stage.footing, Footing::Planned | Footing::Stopped);
    (at_its_end && stage.step.daily().is_zero()).then(|| days_after(stage.from.on, FOLLOW_UP_DAYS))
}

/// The last day of the follow-up after the passage to 0 mg, or after a stop.
pub fn follow_up_until(course: &Course) -> Option<NaiveDate> {
    follow_up_of(course.stages.last()?)
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

#[cfg(test)]
mod tests {
    use super::super::plan::{Regimen, Step};
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn stage(ordinal: u32, from: &str, amount_ug: u64) -> Stage {
        let slot: Slot = "08:00".parse().expect("a slot");
        let regimen = Regimen::of(&Medicine("clonazepam".to_owned()), [(slot, Amount::from_ug(amount_ug))]);
        let from = day(from);
        let step = Step { ordinal, planned_on: from, least_days: Some(7), cycle: vec![regimen] };
        Stage {
            step,
            from: Moment::start_of(from),
            authorised_by: format!("the fact of step {ordinal}"),
            n: Some(ordinal),
            footing: Footing::Planned,
            counts_from: from,
        }
    }

    /// What nobody was asked for then is not asked for afterwards: the month's MAR stays as it was shown.
    #[test]
    fn days_after_the_follow_up_stay_empty_when_a_later_step_back_gives_again() {
        let nothing = stage(4, "2026-06-09", 0);
        let again = stage(3, "2026-07-11", 125);
        let course = Course { stages: vec![nothing, again], ..Course::default() };
        let doses = doses_between(&course, day("2026-07-05"), day("2026-07-12"));
        let days: Vec<_> = doses.iter().map(|(key, level)| (key.on.to_string(), level.amount.ug())).collect();
        let told = [("2026-07-05", 0), ("2026-07-06", 0), ("2026-07-07", 0), ("2026-07-11", 125), ("2026-07-12", 125)];
        assert_eq!(days, told.map(|(on, amount)| (on.to_owned(), amount)));
    }
}
