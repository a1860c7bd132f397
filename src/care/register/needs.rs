//! What the doses still to come need: along what is signed, and along the plan if every reduction is signed as planned.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::care::amount::Amount;
use crate::care::calendar::{Moment, days_after};
use crate::care::taper::level::{Course, Footing, Stage};
use crate::care::taper::plan::{Plan, PlannedDose};
use crate::care::taper::schedule::DoseKey;

/// A dose to be counted out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    pub key: DoseKey,
    /// Never nothing.
    pub amount: Amount,
}

/// The days that are looked at, both included, and the doses of the first that somebody has recorded already.
#[derive(Debug, Clone, Copy)]
pub struct Span<'a> {
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub recorded: &'a BTreeSet<DoseKey>,
}

/// Along what is signed, and nothing else. Whoever is away is counted as if they came back today: their supply is there
/// when they do.
pub fn signed(course: &Course, span: Span) -> Vec<Need> {
    let days = span.from.iter_days().take_while(|on| *on <= span.until);
    let doses = days.flat_map(|on| doses_on(course, on));
    doses.filter(|need| !need.amount.is_zero() && !span.recorded.contains(&need.key)).collect()
}

/// Along the steps still to come too, each on the earliest day on which it could take effect.
pub fn as_planned(plan: &Plan, course: &Course, span: Span) -> Vec<Need> {
    let mut ahead = course.clone();
    for (ordinal, on) in course.outlook(plan, span.from) {
        ahead.stages.extend(plan.step(ordinal).map(|step| Stage {
            step: step.clone(),
            from: Moment::start_of(on),
            authorised_by: String::new(),
            n: None,
            footing: Footing::Planned,
            counts_from: on,
        }));
    }
    signed(&ahead, span)
}

/// As-needed use is looked at for so many days back, and comes again for as long.
pub const USED_DAYS: u32 = 14;

/// What was used as needed in the last days, as if it came again and again. Nobody knows what will be needed: this is an
/// assumption, and pages name it; foreseeing nothing would leave somebody without.
pub fn used_again(used: &[Need], today: NaiveDate, until: NaiveDate) -> Vec<Need> {
    let lately = used.iter().filter(|need| need.key.on <= today && days_after(need.key.on, USED_DAYS) > today);
    let again = lately.flat_map(|need| {
        let days = (1..).map(|n| days_after(need.key.on, n * USED_DAYS)).take_while(|on| *on <= until);
        days.map(|on| Need { key: DoseKey { on, ..need.key.clone() }, amount: need.amount })
    });
    again.collect()
}

/// A level may begin in the middle of a day: each slot has the doses of the stage it falls in, an absence those of the
/// step that it interrupts.
fn doses_on(course: &Course, on: NaiveDate) -> Vec<Need> {
    let doses = course.stages_of(on).flat_map(|stage| doses_of(stage, on).map(move |dose| (stage, dose)));
    let in_force = doses.filter(|(stage, dose)| course.stage_at(Moment { on, slot: dose.slot }) == Some(*stage));
    let need = |(_, dose): (&Stage, PlannedDose)| Need {
        key: DoseKey { on, slot: dose.slot, medicine: dose.medicine },
        amount: dose.amount,
    };
    in_force.map(need).collect()
}

fn doses_of(stage: &Stage, on: NaiveDate) -> impl Iterator<Item = PlannedDose> + '_ {
    let days = u32::try_from((on - stage.from.on).num_days()).ok();
    days.into_iter().flat_map(|days| stage.step.regimen_after(days).doses())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::calendar::{days_before, parse_day};
    use crate::care::medicine::Medicine;

    #[test]
    fn what_was_used_in_the_last_fortnight_comes_again_every_fortnight() {
        let today = parse_day("2026-11-21").expect("a day");
        let used = |ago| Need {
            key: DoseKey {
                on: days_before(today, ago),
                slot: "14:10".parse().expect("a slot"),
                medicine: Medicine("clonazepam".into()),
            },
            amount: Amount::from_ug(500),
        };
        let again = |used: &[Need], days| {
            let all = used_again(used, today, days_after(today, days));
            all.iter().map(|need| (need.key.on - today).num_days()).collect::<Vec<_>>()
        };
        assert_eq!(again(&[], 60), Vec::<i64>::new());
        assert_eq!(again(&[used(0)], 30), [14, 28]);
        assert_eq!(again(&[used(13), used(3)], 20), [1, 15, 11]);
        assert_eq!(again(&[used(14)], 60), Vec::<i64>::new(), "longer ago is not lately");
        assert_eq!(used_again(&[used(3)], today, days_after(today, 11))[0].amount, Amount::from_ug(500));
    }
}
