//! Which dose follows from the signatures: the level at a moment is a function of the plan's facts, and of nothing else.
//!
//! A reduction that is not signed never takes effect; the resident stays on the last signed dose.

mod changed;
mod fold;

use std::collections::BTreeSet;

use chrono::NaiveDate;

pub use super::fact::{PlanAct, PlanFact, Telephone};
use super::plan::{Plan, Regimen, Step};
use crate::care::calendar::{Moment, days_after, days_before};

/// What a stage of the course rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Footing {
    /// A step of the plan: the approval, a signature, or a step back.
    Planned,
    /// An urgent order. It lasts until a prescriber decides the level.
    Ordered,
    /// The resident is away: nothing is due here.
    Away,
    /// The resident came back and nobody has decided the level yet. Every slot says so; none is given.
    Undecided,
    /// Stopped above 0 mg, countersigned.
    Stopped,
}

/// A regimen in force from a moment on, by the fact that authorises it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// The step as it was when it came into force; of an urgent order the step it interrupts, with what was ordered.
    pub step: Step,
    pub from: Moment,
    /// The id of the approval, the signature or the order.
    pub authorised_by: String,
    /// The reduction that led here; none for the baseline and for what was ordered.
    pub n: Option<u32>,
    pub footing: Footing,
    /// The day from which the step's least days count. Days of absence do not.
    pub counts_from: NaiveDate,
}

/// How a reduction stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It waits for a pharmacist.
    Waiting,
    /// It is signed, by this fact.
    Signed { by_fact: String, effective_on: NaiveDate },
    /// It was overtaken or its signature was voided, by this fact. It is asked for again under a new number.
    Void { by_fact: String },
}

/// The passage from one step of a plan to the next. `n` is never used twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduction {
    pub n: u32,
    pub from: Step,
    pub to: Step,
    pub standing: Standing,
}

/// A severe sign that no prescriber has released yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// The id of the sign.
    pub sign: String,
    /// Suspected overdose or oversedation: do not give.
    pub withhold: bool,
    pub since: NaiveDate,
}

/// What a plan's facts come to: the stages in force or signed ahead, every reduction asked for so far, and what waits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Course {
    /// In order of their moments; empty before the approval.
    pub stages: Vec<Stage>,
    /// In order of `n`; the last one is the one that waits, if any does.
    pub reductions: Vec<Reduction>,
    /// No reduction takes effect before this day.
    pub held_until: Option<NaiveDate>,
    /// The plan was sent back: nothing can be signed until a version is approved.
    pub sent_back: bool,
    /// The version that was submitted and waits for its approval.
    pub amendment: Option<u32>,
    /// The fact that asks for an abrupt stop and waits for its countersignature.
    pub stop_asked: Option<String>,
    pub alarms: Vec<Alarm>,
    /// Urgent orders that no pharmacist has reviewed, by the ids of their facts.
    pub unreviewed: BTreeSet<String>,
    /// Telephone orders that the prescriber has not confirmed, by the ids of their facts.
    pub unconfirmed: BTreeSet<String>,
    /// Stopped or finished: nothing more is asked for.
    pub ended: bool,
    /// Closed at 0 mg: from this day on nothing is written out any more.
    pub finished_on: Option<NaiveDate>,
}

/// The regimen in force at a moment, and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level<'a> {
    pub stage: &'a Stage,
    pub regimen: &'a Regimen,
}

impl Level<'_> {
    /// Nobody has decided it since a return: it is what was given before, and none is given now.
    pub fn undecided(&self) -> bool {
        self.stage.footing == Footing::Undecided
    }
}

impl Course {
    /// Folds the facts, which stand in the order of `seq`, over the plan's versions.
    pub fn of(versions: &[&Plan], facts: &[PlanFact]) -> Course {
        fold::fold(versions, facts)
    }

    /// Nobody has decided the level since a return, whether the resident is here or has left again.
    pub fn undecided(&self) -> bool {
        self.standing().is_some_and(|stage| stage.footing == Footing::Undecided)
    }

    /// The stage in force at a moment, an absence too.
    pub fn stage_at(&self, at: Moment) -> Option<&Stage> {
        self.stages.iter().rev().find(|stage| stage.from <= at)
    }

    /// The stage in force at the end of a day.
    pub fn stage_on(&self, on: NaiveDate) -> Option<&Stage> {
        self.stage_at(Moment::end_of(on))
    }

    /// Of the signed stages that stand last, the place of the first whose first slot is there or later.
    pub fn place_ahead(&self, from: Moment) -> Option<usize> {
        let run = self.stages.iter().rposition(|stage| stage.n.is_none()).map_or(0, |last| last + 1);
        let ahead = self.stages[run..].iter().position(|stage| stage.first_slot() >= from);
        ahead.map(|place| run + place)
    }

    /// The place of the first stage that was signed and not in force yet when a fact was decided.
    pub fn place_ahead_of(&self, fact: &PlanFact) -> Option<usize> {
        match fact.ahead_from {
            Some(from) => self.place_ahead(from),
            None => self.stages.iter().position(|stage| stage.n.is_some() && stage.from.on > fact.on),
        }
    }

    /// The last stage that has begun, or was no reduction: whatever is submitted leaves it as it is.
    pub fn settled(&self, ahead: Option<usize>) -> Option<&Stage> {
        self.stages[..ahead.unwrap_or(self.stages.len())].last()
    }

    /// The stage that is signed for a later day.
    pub fn ahead_of(&self, on: NaiveDate) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.from.on > on && stage.n.is_some())
    }

    /// The level that a prescriber has decided from a later day on, without a signature: by a step back, or by steps that go on
    /// from an order.
    pub fn decided_ahead(&self, on: NaiveDate) -> Option<&Stage> {
        let last = self.stages.last().filter(|_| self.stages.len() > 1)?;
        let decided = last.from.on > on && last.n.is_none() && last.footing == Footing::Planned;
        let other = || self.stage_on(on).is_none_or(|now| now.step.cycle != last.step.cycle);
        (decided && other()).then_some(last)
    }

    /// The regimen in force at a moment. None before the baseline starts and while the resident is away.
    pub fn level_at(&self, at: Moment) -> Option<Level<'_>> {
        self.stage_at(at)?.level_on(at.on)
    }

    /// The regimen in force at the end of a day.
    pub fn level_on(&self, on: NaiveDate) -> Option<Level<'_>> {
        self.level_at(Moment::end_of(on))
    }

    /// The stages that are in force for some of a day.
    pub fn stages_of(&self, on: NaiveDate) -> impl Iterator<Item = &Stage> {
        self.stages_from(on).iter().filter(move |stage| stage.from.on <= on)
    }

    /// The stages that are in force for some of a day or of a later one.
    pub fn stages_from(&self, on: NaiveDate) -> &[Stage] {
        let first = self.stages.iter().rposition(|stage| stage.from <= Moment::start_of(on)).unwrap_or(0);
        &self.stages[first..]
    }

    /// The last stage but for an absence: what is in force, or will be again.
    pub fn standing(&self) -> Option<&Stage> {
        self.stages.iter().rev().find(|stage| stage.footing != Footing::Away)
    }

    /// What was ordered, as a step of the plan after the one it interrupts. Other steps that begin there decide the level: it
    /// goes on as it is. None where nothing was ordered, or nothing is given; nor in a cross-taper, whose swaps still to come
    /// lead on from the step alone.
    pub fn taken_up(&self, plan: &Plan) -> Option<Step> {
        let ordered = self.standing().filter(|stage| stage.footing == Footing::Ordered)?;
        let less = plan.conversion.is_none() && !ordered.step.daily().is_zero();
        // A short absence after which it was taken up again begins nothing anew.
        let same = |stage: &&Stage| (stage.footing, &stage.step) == (ordered.footing, &ordered.step);
        let run = self.stages.iter().rev().take_while(|stage| same(stage) || stage.footing == Footing::Away);
        let since = run.filter(same).last().map_or(ordered.from.on, |first| first.from.on);
        // Not before the day after the step that it follows, though it was ordered on that step's first day.
        let planned_on = since.max(days_after(ordered.step.planned_on, 1));
        less.then(|| Step { ordinal: ordered.step.ordinal + 1, planned_on, ..ordered.step.clone() })
    }

    /// The urgent order that a dose stands on: the fact that authorises it, or the one that a settled return took up again.
    pub fn order_behind<'a>(&self, facts: &'a [PlanFact], authority: &str) -> Option<&'a PlanFact> {
        let stage = self.stages.iter().find(|stage| stage.authorised_by == authority)?;
        let at = facts.iter().position(|fact| fact.id == authority)?;
        let order = facts[..=at].iter().rev().find(|fact| matches!(fact.act, PlanAct::Ordered { .. }));
        order.filter(|_| stage.footing == Footing::Ordered)
    }

    /// The reduction that waits for a pharmacist.
    pub fn waiting(&self) -> Option<&Reduction> {
        self.reductions.last().filter(|reduction| reduction.standing == Standing::Waiting)
    }

    pub fn reduction(&self, n: u32) -> Option<&Reduction> {
        self.reductions.get((n as usize).checked_sub(1)?)
    }

    /// The day from which the waiting reduction may take effect: not before its planned day, the least days of the
    /// step before it, or the end of a hold. Later steps shift by the delay: they count from the step before them.
    pub fn due_on(&self) -> Option<NaiveDate> {
        let open = self.waiting()?;
        let before = self.stages.last()?;
        let least = before.step.least_days.unwrap_or(1);
        let earliest = open.to.planned_on.max(days_after(before.counts_from, least));
        Some(earliest.max(self.held_until.unwrap_or(earliest)))
    }

    /// The day from which a signature of the waiting reduction is asked for: a few days ahead, and not in the morning of a day
    /// in whose evening the step before it begins, unless the day after would be too late.
    pub fn opens_on(&self, sign_ahead_days: u32) -> Option<NaiveDate> {
        let (due, before) = (self.due_on()?, self.stages.last()?);
        let in_force_from = match before.n {
            Some(_) => days_after(before.from.on, 1).min(days_before(due, 1)),
            None => before.from.on,
        };
        Some(days_before(due, sign_ahead_days).max(in_force_from))
    }

    /// The first day of the level in force. A short absence that was taken up again as before changed nothing, nor did a plan
    /// that goes on from what was ordered.
    pub fn level_since(&self) -> Option<NaiveDate> {
        let last = self.stages.last()?;
        let as_ordered = |stage: &Stage| stage.footing == Footing::Ordered && stage.step.cycle == last.step.cycle;
        let same = |stage: &&Stage| (stage.footing, &stage.step) == (last.footing, &last.step) || as_ordered(stage);
        let run = self.stages.iter().rev().take_while(|stage| same(stage) || stage.footing == Footing::Away);
        run.filter(same).last().map(|stage| stage.from.on)
    }

    /// When the steps still to come could take effect, if each were signed in time from `today` on.
    pub fn outlook(&self, plan: &Plan, today: NaiveDate) -> Vec<(u32, NaiveDate)> {
        let (Some(open), Some(due)) = (self.waiting(), self.due_on()) else { return Vec::new() };
        let mut on = due.max(days_after(today, 1));
        let mut outlook = Vec::new();
        for step in plan.steps.iter().skip(open.to.ordinal as usize) {
            outlook.push((step.ordinal, on));
            on = days_after(on, step.least_days.unwrap_or(0));
        }
        outlook
    }

    /// The last step is in force: nothing more is asked for.
    pub fn complete_on(&self, plan: &Plan, on: NaiveDate) -> bool {
        let at = |stage: &Stage| stage.footing == Footing::Planned && stage.step.ordinal == plan.last();
        self.stage_on(on).is_some_and(at)
    }

    /// What the last stage rests on; planned before the approval.
    pub fn footing(&self) -> Footing {
        self.stages.last().map_or(Footing::Planned, |stage| stage.footing)
    }

    /// Do not give: a suspected overdose or oversedation that no prescriber has decided about.
    pub fn withhold(&self) -> bool {
        self.alarms.iter().any(|alarm| alarm.withhold)
    }
}

impl Stage {
    /// It is in force from its first slot on; before that its day is still as it was.
    pub fn first_slot(&self) -> Moment {
        let slot = self.step.regimen().slots().into_iter().min();
        slot.map_or(self.from, |slot| self.from.max(Moment { on: self.from.on, slot }))
    }

    /// What it comes to on a day. None while the resident is away.
    pub fn level_on(&self, on: NaiveDate) -> Option<Level<'_>> {
        let days = u32::try_from((on - self.from.on).num_days()).ok()?;
        let regimen = self.step.regimen_after(days);
        (self.footing != Footing::Away).then_some(Level { stage: self, regimen })
    }
}
