//! Takes a plan's facts one by one, and keeps what each of them establishes.

use chrono::NaiveDate;

use super::{Alarm, Course, Footing, PlanAct, PlanFact, Reduction, Stage, Standing};
use crate::care::amount::Amount;
use crate::care::calendar::{Moment, days_after};
use crate::care::taper::plan::{Plan, PlannedDose, Regimen, Step};

/// The facts, which stand in the order of `seq`, over the plan's versions.
pub(super) fn fold(versions: &[&Plan], facts: &[PlanFact]) -> Course {
    let Some(first) = versions.first() else { return Course::default() };
    let mut fold = Fold { versions, plan: first, course: Course::default(), goes_on: false };
    facts.iter().for_each(|fact| fold.take(fact));
    fold.course
}

struct Fold<'a> {
    versions: &'a [&'a Plan],
    /// The version in force.
    plan: &'a Plan,
    course: Course,
    /// A version was approved that goes on from what is ordered.
    goes_on: bool,
}

impl Fold<'_> {
    fn take(&mut self, fact: &PlanFact) {
        if fact.telephone.is_some() {
            self.course.unconfirmed.insert(fact.id.clone());
        }
        if fact.act.overtakes_a_stop() {
            self.course.stop_asked = None;
        }
        match &fact.act {
            PlanAct::Approved { version } => self.approve(fact, *version),
            PlanAct::Amended { version } => self.course.amendment = Some(*version),
            PlanAct::Dropped { .. } => self.course.amendment = None,
            PlanAct::Signed { n, effective_on, .. } => return self.sign(fact, *n, *effective_on),
            PlanAct::Held { reassess_on, .. } => {
                self.course.held_until = self.course.held_until.max(Some(*reassess_on));
            }
            PlanAct::HoldEnded { .. } => return self.course.held_until = None,
            PlanAct::Returned { .. } => self.course.sent_back = true,
            PlanAct::Withdrawn { n } | PlanAct::Paused { n } => return self.take_back(fact, *n),
            PlanAct::SteppedBack { step, from } => return self.step_back(fact, *step, *from),
            PlanAct::Ordered { regimen, from } => return self.order(fact, regimen, *from),
            PlanAct::Reviewed { of } => return self.course.unreviewed.retain(|order| order != of),
            PlanAct::Affirmed { of } => return self.course.unconfirmed.retain(|order| order != of),
            PlanAct::StopAsked => self.course.stop_asked = Some(fact.id.clone()),
            PlanAct::StopDeclined => return self.course.stop_asked = None,
            PlanAct::Stopped { from } => return self.stop(fact, *from),
            PlanAct::Finished => {
                self.course.finished_on = Some(fact.on);
                return self.finish(fact);
            }
            PlanAct::Alarmed { sign, withhold } => {
                let (sign, withhold) = (sign.clone(), *withhold);
                self.course.alarms.push(Alarm { sign, withhold, since: fact.on });
            }
            PlanAct::Released { sign } => return self.course.alarms.retain(|alarm| alarm.sign != *sign),
            PlanAct::Left { from, .. } => return self.leave(fact, *from),
            PlanAct::CameBack { from, settled, .. } => return self.come_back(fact, *from, *settled),
        }
        self.void_ahead(fact);
    }

    /// The first approval starts the baseline; a later one asks anew for whatever is not in force.
    fn approve(&mut self, fact: &PlanFact, version: u32) {
        let approved = self.versions.iter().find(|plan| plan.version == version);
        self.plan = approved.copied().unwrap_or(self.plan);
        (self.course.sent_back, self.course.amendment) = (false, None);
        if self.course.stages.is_empty() {
            let baseline = self.plan.step(0).cloned();
            let from = Moment::start_of(self.plan.baseline_on);
            self.course.stages.extend(baseline.map(|step| stage(fact, step, from, Footing::Planned)));
        } else {
            self.void_ahead(fact);
            self.take_up_order(fact);
        }
        self.ask_next(fact);
    }

    /// Steps that begin at what an urgent order gives decide the level: from the next day on it is a step of the plan, of the
    /// same doses, and its days count from the order. Of somebody who is away it is so once they are back.
    fn take_up_order(&mut self, fact: &PlanFact) {
        let Some(step) = self.course.taken_up(self.plan) else { return };
        self.goes_on = self.plan.step(step.ordinal) == Some(&step);
        let ordered = self.course.stages.last().filter(|last| last.footing == Footing::Ordered);
        let Some(ordered) = ordered.filter(|_| self.goes_on) else { return };
        let from = ordered.from.max(Moment::start_of(days_after(fact.on, 1)));
        let counts_from = ordered.counts_from;
        self.course.stages.push(Stage { counts_from, ..stage(fact, step, from, Footing::Planned) });
    }

    fn sign(&mut self, fact: &PlanFact, n: u32, effective_on: NaiveDate) {
        let Some(reduction) = self.course.reductions.iter_mut().find(|reduction| reduction.n == n) else { return };
        reduction.standing = Standing::Signed { by_fact: fact.id.clone(), effective_on };
        let signed = stage(fact, reduction.to.clone(), Moment::start_of(effective_on), Footing::Planned);
        self.course.stages.push(Stage { n: Some(n), ..signed });
        self.ask_next(fact);
    }

    /// Back to a step as it was when it was in force; what has not begun by then is void.
    fn step_back(&mut self, fact: &PlanFact, ordinal: u32, from: Moment) {
        self.make_way(fact, from);
        let was = self.course.stages.iter().rev().find(|s| s.footing == Footing::Planned && s.step.ordinal == ordinal);
        let step = was.map(|stage| stage.step.clone()).or_else(|| self.plan.step(ordinal).cloned());
        self.course.stages.extend(step.map(|step| stage(fact, step, from, Footing::Planned)));
        self.ask_next(fact);
    }

    /// What was ordered is in force until a prescriber decides the level; no reduction waits meanwhile.
    fn order(&mut self, fact: &PlanFact, regimen: &Regimen, from: Moment) {
        self.course.unreviewed.insert(fact.id.clone());
        self.goes_on = false;
        self.make_way(fact, from);
        let step = self.last_planned().map(|step| Step { cycle: vec![regimen.clone()], ..step });
        self.course.stages.extend(step.map(|step| stage(fact, step, from, Footing::Ordered)));
        self.close_open(fact);
    }

    /// 0 mg is written out for what was taken so far, and nothing more is asked for.
    fn stop(&mut self, fact: &PlanFact, from: Moment) {
        self.course.stop_asked = None;
        self.make_way(fact, from);
        let step = self.last_planned().map(|step| Step { cycle: step.cycle.iter().map(to_nothing).collect(), ..step });
        self.course.stages.extend(step.map(|step| stage(fact, step, from, Footing::Stopped)));
        self.finish(fact);
    }

    fn finish(&mut self, fact: &PlanFact) {
        self.course.ended = true;
        self.close_open(fact);
    }

    /// A decision that had not begun by then is not lost: on the return a prescriber is asked again.
    fn leave(&mut self, fact: &PlanFact, from: Moment) {
        self.void_ahead(fact);
        let asked_again = self.overtakes_a_decision(from);
        self.make_way(fact, from);
        let Some(step) = self.last_planned() else { return self.close_open(fact) };
        if asked_again {
            // They left on what stands, which an order may have lowered.
            let asked = self.course.standing().map_or_else(|| step.clone(), |stage| stage.step.clone());
            self.course.stages.push(stage(fact, asked, from, Footing::Undecided));
        }
        self.course.stages.push(stage(fact, step, from, Footing::Away));
        self.close_open(fact);
    }

    /// Whether somebody decided another level than the one in force at a moment, without a signature, from then on.
    fn overtakes_a_decision(&self, from: Moment) -> bool {
        let stages = &self.course.stages;
        let first = stages.iter().position(|stage| stage.from >= from).unwrap_or(stages.len());
        let here = |stage: &&Stage| stage.footing != Footing::Away;
        // Before the baseline nothing stands yet but the baseline itself, however often they left.
        let stands = stages[..first].iter().rev().find(here).or_else(|| stages.iter().find(here));
        // Steps that go on from an order are no other level.
        let goes_on = |s: &Stage, stage: &Stage| {
            (s.footing, stage.footing) == (Footing::Ordered, Footing::Planned) && s.step.cycle == stage.step.cycle
        };
        let same = |s: &Stage, stage: &Stage| (s.footing, &s.step) == (stage.footing, &stage.step) || goes_on(s, stage);
        let other = |stage: &Stage| stands.is_none_or(|s| !same(s, stage));
        stages[first..].iter().any(|stage| stage.n.is_none() && stage.footing != Footing::Away && other(stage))
    }

    /// On with what was in force before the absence, whose days do not count; or a question at every slot.
    fn come_back(&mut self, fact: &PlanFact, from: Moment, settled: bool) {
        let left_on = self.course.stages.last().map_or(from.on, |stage| stage.from.on);
        let before = self.course.standing().cloned().map(|before| self.gone_on(before));
        let first = from.max(Moment::start_of(self.plan.baseline_on));
        let away_days = before.as_ref().map_or(0, |_| u32::try_from((from.on - left_on).num_days()).unwrap_or(0));
        let baseline = || self.plan.step(0).map(|step| stage(fact, step.clone(), first, Footing::Planned));
        let Some(before) = before.or_else(baseline) else { return };
        let footing = if settled { before.footing } else { Footing::Undecided };
        let again = Stage {
            from: first,
            authorised_by: fact.id.clone(),
            n: None,
            footing,
            counts_from: days_after(before.counts_from, away_days),
            step: before.step,
        };
        self.make_way(fact, from);
        self.course.stages.push(again);
        self.ask_next(fact);
    }

    /// What was ordered before they left, where steps that go on from it have been approved: a step of the plan.
    fn gone_on(&self, ordered: Stage) -> Stage {
        match self.course.taken_up(self.plan).filter(|_| self.goes_on) {
            Some(step) => Stage { step, footing: Footing::Planned, ..ordered },
            None => ordered,
        }
    }

    /// A stage begins at a moment: whatever was to begin then or later is void, and nothing rests on it any more.
    fn make_way(&mut self, fact: &PlanFact, from: Moment) {
        self.void_ahead(fact);
        let first = self.course.stages.iter().position(|stage| stage.from >= from);
        self.void_from(fact, first);
    }

    /// A signature that is not yet in force is void: the reduction is asked for again.
    fn void_ahead(&mut self, fact: &PlanFact) {
        if self.void_from(fact, self.course.place_ahead_of(fact)) {
            self.ask_next(fact);
        }
    }

    fn take_back(&mut self, fact: &PlanFact, n: u32) {
        let signed = self.course.stages.iter().position(|stage| stage.n == Some(n));
        if self.void_from(fact, signed) {
            self.ask_next(fact);
        }
    }

    /// Takes back the stages from `first` on, if there are any.
    fn void_from(&mut self, fact: &PlanFact, first: Option<usize>) -> bool {
        let Some(first) = first else { return false };
        let void: Vec<u32> = self.course.stages.drain(first..).filter_map(|stage| stage.n).collect();
        for reduction in self.course.reductions.iter_mut().filter(|r| void.contains(&r.n)) {
            reduction.standing = Standing::Void { by_fact: fact.id.clone() };
        }
        true
    }

    /// Opens the passage to the next step, where the level rests on the plan. A passage that was still waiting has been
    /// overtaken.
    fn ask_next(&mut self, fact: &PlanFact) {
        self.close_open(fact);
        let Some(last) = self.course.stages.last().filter(|stage| stage.footing == Footing::Planned) else { return };
        let Some(to) = self.plan.step(last.step.ordinal + 1).filter(|_| !self.course.ended) else { return };
        let (n, from, to) = (self.course.reductions.len() as u32 + 1, last.step.clone(), to.clone());
        self.course.reductions.push(Reduction { n, from, to, standing: Standing::Waiting });
    }

    fn close_open(&mut self, fact: &PlanFact) {
        if let Some(open) = self.course.reductions.last_mut().filter(|r| r.standing == Standing::Waiting) {
            open.standing = Standing::Void { by_fact: fact.id.clone() };
        }
    }

    /// The step that the level rests on, or was interrupted at; the baseline where nothing has begun.
    fn last_planned(&self) -> Option<Step> {
        let planned = self.course.stages.iter().rev().find(|stage| stage.footing == Footing::Planned);
        planned.map(|stage| stage.step.clone()).or_else(|| self.plan.step(0).cloned())
    }
}

fn stage(fact: &PlanFact, step: Step, from: Moment, footing: Footing) -> Stage {
    Stage { step, from, authorised_by: fact.id.clone(), n: None, footing, counts_from: from.on }
}

fn to_nothing(regimen: &Regimen) -> Regimen {
    let nothing = |dose: PlannedDose| PlannedDose { amount: Amount::ZERO, ..dose };
    Regimen::from(regimen.doses().map(nothing).collect::<Vec<_>>())
}
