//! What the doses still to come need: along what is signed, and along the plan if every reduction is signed as planned.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::care::amount::Amount;
use crate::care::calendar::Moment;
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
