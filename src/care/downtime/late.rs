//! What paper has to say of a dose beside others: one that was given elsewhere before it, and what the plan says of a dose
//! that comes late. The screen asks for a prescriber's word there; nobody asks whoever has the paper alone.

use chrono::{DateTime, TimeDelta, Utc};

use super::{BedFacts, GivenApart, Running, standing};
use crate::care::amount::Amount;
use crate::care::round::interval::{Beside, Interval};
use crate::care::round::mar::{MarDose, MarRecord};
use crate::care::taper::late::LateRule;
use crate::care::taper::schedule::dose_id;

/// What a plan's medicine was given elsewhere, before the resident came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenElsewhere {
    /// The plan's id.
    pub plan: String,
    /// `clonazepam`; of a plan with two medicines nobody said which it was, and both are named.
    pub named: String,
    pub at: DateTime<Utc>,
    pub amount: Amount,
}

/// A dose given elsewhere that is nearer to one here than the plan allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    pub at: DateTime<Utc>,
    pub amount: Amount,
    /// Between two doses, at the least, whole hours.
    pub least_hours: u32,
    /// From when on this one can be given without a prescriber's word.
    pub from: DateTime<Utc>,
}

/// What holds for a dose whose time had come when the pack was made, and that nobody had recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// The plan's word on it.
    pub rule: LateRule,
    /// Its window had closed already.
    pub closed: bool,
    /// It is left out: another dose is too near by now, or it is of a day before and none comes.
    pub left_out: bool,
    /// From when on it can be given, where that is still to come.
    pub from: Option<DateTime<Utc>>,
    /// Until when, where another dose comes.
    pub until: Option<DateTime<Utc>>,
}

impl Near {
    /// Of several the last one. A dose may be given as soon as its window opens.
    pub(super) fn to(facts: &BedFacts, running: &Running, dose: &MarDose) -> Option<Near> {
        let least_hours = running.plan.late_rule().least_hours;
        let least = TimeDelta::hours(least_hours.into());
        let of_plan = facts.elsewhere.iter().filter(|given| given.plan == running.plan.id);
        let GivenElsewhere { at, amount, .. } = of_plan.max_by_key(|given| given.at)?;
        let near = facts.windows.opens_at(dose.due_at) < *at + least && *at - dose.due_at < least;
        near.then_some(Near { at: *at, amount: *amount, least_hours, from: *at + least })
    }
}

impl Late {
    /// `all` are the doses that nobody has recorded.
    pub(super) fn of(facts: &BedFacts, running: &Running, dose: &MarDose, all: &[&MarDose]) -> Late {
        let rule = running.plan.late_rule();
        let beside = given_beside(facts, running, dose).map(Beside::Given).chain(due_after(running, dose, all));
        let (from, until) = Interval { least_hours: rule.least_hours, beside: beside.collect() }.span(facts.now);
        let from = from.filter(|from| *from > facts.now);
        let before_today = dose.key.on < facts.zone.day(facts.now);
        let left_out = until.map_or(before_today, |until| until < from.unwrap_or(facts.now));
        Late { rule, closed: facts.now > facts.windows.closes_at(dose.due_at), left_out, from, until }
    }
}

/// When the medicine was given around a dose, whichever way and under whichever plan.
fn given_beside<'a>(
    facts: &'a BedFacts,
    running: &'a Running,
    dose: &'a MarDose,
) -> impl Iterator<Item = DateTime<Utc>> {
    let medicine = &dose.key.medicine;
    let of_it = move |record: &&MarRecord| record.key.medicine == *medicine && !record.given.is_zero();
    let given = standing(facts).filter(of_it).map(|record| record.given_at);
    let apart =
        facts.as_needed.iter().chain(&facts.in_error).filter(move |given: &&GivenApart| given.medicine == *medicine);
    let elsewhere = facts.elsewhere.iter().filter(move |given| given.plan == running.plan.id).map(|given| given.at);
    given.chain(apart.map(|given| given.at)).chain(elsewhere)
}

/// Those of the same plan and medicine that come after it.
fn due_after<'a>(running: &'a Running, dose: &'a MarDose, all: &'a [&'a MarDose]) -> impl Iterator<Item = Beside> {
    let later = move |other: &&&MarDose| {
        other.due_at > dose.due_at
            && other.key.medicine == dose.key.medicine
            && dose_id(&running.plan.id, &other.key) == other.id
    };
    all.iter().filter(later).map(|other| Beside::Due(other.due_at))
}
