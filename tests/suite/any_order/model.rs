//! The level told a second time, naively: a wall of hours, painted over by every decision from its moment on.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use chrono::{NaiveDate, TimeDelta, Timelike};
use stepdown::care::amount::Amount;
use stepdown::care::calendar::{Moment, days_after};
use stepdown::care::exact::Exact;
use stepdown::care::taper::fact::{PlanAct, PlanFact};
use stepdown::care::taper::plan::{Plan, PlannedDose, Regimen, Step};

/// What an hour of the wall says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    Planned,
    Ordered,
    Away,
    Undecided,
    Stopped,
}

/// One coat of paint, from a moment on.
#[derive(Debug, Clone, PartialEq)]
pub struct Coat {
    pub colour: Colour,
    /// The daily regimens, in turn from `from` on.
    pub cycle: Vec<Regimen>,
    /// The step it is, or interrupts, and what that step gives.
    pub step: u32,
    pub of_step: Vec<Regimen>,
    /// The fact that says so.
    pub by: String,
    pub from: NaiveDate,
    /// The day from which its days count.
    pub counts_from: NaiveDate,
    pub signed: Option<u32>,
}

impl Coat {
    /// From when on it is in force: no dose of its day is before that.
    fn first_slot(&self) -> Moment {
        let slot = self.cycle[0].slots().into_iter().min();
        slot.map_or(Moment::start_of(self.from), |slot| Moment { on: self.from, slot })
    }

    /// What is taken on a day of it.
    pub fn day(&self, on: NaiveDate) -> &Regimen {
        let days = usize::try_from((on - self.from).num_days()).unwrap_or(0);
        &self.cycle[days % self.cycle.len()]
    }

    /// An average day of what is taken, or of the step it is or interrupts.
    pub fn average(&self, plan: &Plan) -> Exact {
        average(plan, &self.cycle)
    }
}

/// An average day of a cycle; in a cross-taper by what was confirmed.
pub fn average(plan: &Plan, cycle: &[Regimen]) -> Exact {
    let step = Step { cycle: cycle.to_vec(), ..plan.steps[0].clone() };
    step.average(plan.conversion.as_ref())
}

/// What is due at a slot.
#[derive(Debug, Clone, PartialEq)]
pub enum Due {
    Nothing,
    Dose { regimen: Regimen, by: String, undecided: bool },
}

const WALL_DAYS: usize = 500;

#[derive(Clone)]
pub struct Model {
    first_day: NaiveDate,
    wall: Vec<Option<Rc<Coat>>>,
    /// What was on the wall when they left, and the day.
    left: Option<(Option<Rc<Coat>>, NaiveDate)>,
    versions: BTreeMap<u32, Plan>,
    in_force: u32,
    /// The version in force was approved to go on from what is ordered.
    goes_on: bool,
    /// The first day of what was ordered last.
    ordered_on: NaiveDate,
    pub held_until: Option<NaiveDate>,
    pub alarms: BTreeSet<String>,
    pub sent_back: bool,
    pub amended: bool,
    pub stop_asked: bool,
    pub ended: bool,
    pub finished_on: Option<NaiveDate>,
}

impl Model {
    pub fn new(plan: &Plan) -> Model {
        Model {
            first_day: plan.baseline_on,
            wall: vec![None; WALL_DAYS * 24],
            left: None,
            versions: BTreeMap::from([(plan.version, plan.clone())]),
            in_force: plan.version,
            goes_on: false,
            ordered_on: plan.baseline_on,
            held_until: None,
            alarms: BTreeSet::new(),
            sent_back: false,
            amended: false,
            stop_asked: false,
            ended: false,
            finished_on: None,
        }
    }

    /// A version as it was submitted.
    pub fn know(&mut self, plan: &Plan) {
        self.versions.insert(plan.version, plan.clone());
    }

    pub fn plan(&self) -> &Plan {
        &self.versions[&self.in_force]
    }

    pub fn version(&self, version: u32) -> &Plan {
        &self.versions[&version]
    }

    /// The last coat: what goes on if nobody decides anything more.
    pub fn last(&self) -> Option<&Coat> {
        self.wall.last()?.as_deref()
    }

    pub fn at(&self, moment: Moment) -> Option<&Coat> {
        self.wall.get(self.hour(moment)?)?.as_deref()
    }

    /// Every coat that is to be seen, in the order of the hours.
    pub fn coats(&self) -> Vec<&Coat> {
        let mut coats: Vec<&Coat> = self.wall.iter().flatten().map(|coat| &**coat).collect();
        coats.dedup_by(|one, other| std::ptr::eq(*one, *other));
        coats
    }

    /// The hour that begins at the moment, or the next one; none before the wall.
    fn hour(&self, moment: Moment) -> Option<usize> {
        let days = usize::try_from((moment.on - self.first_day).num_days()).ok()?;
        let time = moment.slot.time();
        Some(days * 24 + time.hour() as usize + usize::from(time.minute() > 0))
    }

    pub fn take(&mut self, fact: &PlanFact) {
        let asks_anew = ["stepped_back", "ordered", "alarmed", "left", "came_back"].contains(&fact.act.kind());
        self.stop_asked &= !asks_anew;
        match &fact.act {
            PlanAct::Approved { version } => self.approve(fact, *version),
            PlanAct::Signed { n, step, effective_on } => {
                let coat = self.coat(fact, *step, *effective_on);
                self.paint(Moment::start_of(*effective_on), Coat { signed: Some(*n), ..coat });
            }
            PlanAct::Held { reassess_on, .. } => {
                self.void_ahead(fact);
                self.held_until = self.held_until.max(Some(*reassess_on));
            }
            PlanAct::HoldEnded { .. } => self.held_until = None,
            PlanAct::Withdrawn { n } | PlanAct::Paused { n } => self.scrape(|coat| coat.signed == Some(*n)),
            PlanAct::Amended { .. } | PlanAct::Dropped { .. } => {
                self.void_ahead(fact);
                self.amended = matches!(fact.act, PlanAct::Amended { .. });
            }
            PlanAct::Returned { .. } => {
                self.void_ahead(fact);
                self.sent_back = true;
            }
            PlanAct::SteppedBack { step, from } => self.step_back(fact, *step, *from),
            PlanAct::Ordered { regimen, from } => {
                (self.goes_on, self.ordered_on) = (false, from.on);
                self.cover(fact, *from, Colour::Ordered, |_| vec![regimen.clone()]);
            }
            PlanAct::StopAsked => {
                self.void_ahead(fact);
                self.stop_asked = true;
            }
            PlanAct::StopDeclined => self.stop_asked = false,
            PlanAct::Stopped { from } => {
                self.cover(fact, *from, Colour::Stopped, nothing_of);
                self.ended = true;
            }
            PlanAct::Finished => {
                self.ended = true;
                self.finished_on = Some(fact.on);
            }
            PlanAct::Alarmed { sign, .. } => {
                self.void_ahead(fact);
                self.alarms.insert(sign.clone());
            }
            PlanAct::Released { sign } => drop(self.alarms.remove(sign)),
            PlanAct::Left { from, .. } => self.leave(fact, *from),
            PlanAct::CameBack { from, settled, .. } => self.come_back(fact, *from, *settled),
            PlanAct::Reviewed { .. } | PlanAct::Affirmed { .. } => {}
        }
    }

    fn approve(&mut self, fact: &PlanFact, version: u32) {
        self.in_force = version;
        (self.sent_back, self.amended) = (false, false);
        if self.last().is_some() {
            self.void_ahead(fact);
            return self.go_on_as_ordered(fact);
        }
        let coat = self.coat(fact, 0, self.first_day);
        self.paint(Moment::start_of(self.first_day), coat);
    }

    /// The version has what was ordered for a step: from tomorrow on the same doses are the plan's own; of somebody who is away,
    /// once they are back.
    fn go_on_as_ordered(&mut self, fact: &PlanFact) {
        let away = self.last().is_some_and(|coat| coat.colour == Colour::Away);
        let stands = if away { self.left.as_ref().and_then(|(before, _)| before.as_deref()) } else { self.last() };
        let Some(last) = stands.filter(|coat| coat.colour == Colour::Ordered).cloned() else { return };
        self.goes_on = self.begins_as_ordered(&last);
        if away || !self.goes_on {
            return;
        }
        let begins = self.wall.iter().position(|coat| coat.as_deref() == Some(&last)).unwrap_or(0);
        let tomorrow = self.hour(Moment::start_of(days_after(fact.on, 1))).unwrap_or(0);
        let first = begins.max(tomorrow);
        let from = last.from.max(days_after(fact.on, 1));
        let coat = Coat { by: fact.id.clone(), from, ..of_the_plan(last) };
        self.wall[first..].fill(Some(Rc::new(coat)));
    }

    fn begins_as_ordered(&self, ordered: &Coat) -> bool {
        let Some(step) = self.plan().steps.get(ordered.step as usize + 1) else { return false };
        let given = ordered.cycle.iter().any(|day| !day.daily().is_zero());
        let after = days_after(self.plan().steps[ordered.step as usize].planned_on, 1);
        let same = step.cycle == ordered.cycle && step.planned_on == self.ordered_on.max(after);
        same && given && self.plan().conversion.is_none()
    }

    /// A step of the version in force.
    fn coat(&self, fact: &PlanFact, step: u32, from: NaiveDate) -> Coat {
        let cycle = self.plan().steps[step as usize].cycle.clone();
        let of_step = cycle.clone();
        let by = fact.id.clone();
        Coat { colour: Colour::Planned, cycle, step, of_step, by, from, counts_from: from, signed: None }
    }

    /// The step as it was when it was last taken.
    fn step_back(&mut self, fact: &PlanFact, step: u32, from: Moment) {
        let was = self.wall.iter().flatten().rev().find(|coat| coat.colour == Colour::Planned && coat.step == step);
        let was = was.cloned();
        self.void_ahead(fact);
        let coat = self.coat(fact, step, from.on);
        let cycle = was.map_or(coat.cycle.clone(), |was| was.cycle.clone());
        self.paint(from, Coat { of_step: cycle.clone(), cycle, ..coat });
    }

    /// Something else than a step from a moment on; it interrupts the step that was taken last.
    fn cover(&mut self, fact: &PlanFact, from: Moment, colour: Colour, gives: impl Fn(&[Regimen]) -> Vec<Regimen>) {
        self.void_ahead(fact);
        let until = self.hour(from).unwrap_or(0);
        let before = self.wall[..until].iter().rev().flatten().next().or(self.wall[until].as_ref());
        let before = before.map_or_else(|| self.coat(fact, 0, from.on), |coat| Coat::clone(coat));
        let cycle = gives(&before.of_step);
        let (by, from_on) = (fact.id.clone(), from.on);
        let coat = Coat { colour, cycle, by, from: from_on, counts_from: from_on, signed: None, ..before };
        self.paint(from, coat);
    }

    fn leave(&mut self, fact: &PlanFact, from: Moment) {
        self.void_ahead(fact);
        let before = self.hour(from).and_then(|hour| self.wall[..hour].last().cloned().flatten());
        // Left again within the hour: what was there before the first absence still stands.
        let before = match before {
            Some(coat) if coat.colour == Colour::Away => self.left.take().and_then(|(before, _)| before),
            before => before,
        };
        let before = if self.decided_from(from, before.as_deref()) {
            Some(self.asked_again(fact, from, before))
        } else {
            before
        };
        self.left = Some((before, from.on));
        self.cover(fact, from, Colour::Away, <[Regimen]>::to_vec);
    }

    /// Somebody decided what the absence now covers: another level, and not by a signature.
    fn decided_from(&self, from: Moment, before: Option<&Coat>) -> bool {
        let first = self.hour(from).unwrap_or(0);
        let painted = self.wall[..first].iter().flatten().next();
        let baseline = painted.or(self.wall[first..].iter().flatten().next());
        let stands = before.or(baseline.map(|coat| &**coat));
        let goes_on = |s: &Coat, coat: &Coat| (s.colour, coat.colour) == (Colour::Ordered, Colour::Planned);
        let same = |s: &Coat, coat: &Coat| s.cycle == coat.cycle && (s.colour == coat.colour || goes_on(s, coat));
        let other = |coat: &Coat| stands.is_none_or(|s| !same(s, coat));
        let covered = self.wall[first..].iter().flatten();
        covered.filter(|coat| coat.signed.is_none() && coat.colour != Colour::Away).any(|coat| other(coat))
    }

    /// What was taken last, as a question.
    fn asked_again(&self, fact: &PlanFact, from: Moment, before: Option<Rc<Coat>>) -> Rc<Coat> {
        let coat = before.map_or_else(|| self.coat(fact, 0, from.on), |coat| Coat::clone(&coat));
        Rc::new(Coat { colour: Colour::Undecided, counts_from: from.on, signed: None, ..coat })
    }

    fn come_back(&mut self, fact: &PlanFact, from: Moment, settled: bool) {
        let (before, left_on) = self.left.clone().unwrap_or((None, from.on));
        let away = u32::try_from((from.on - left_on).num_days()).unwrap_or(0);
        let known = before.is_some();
        let goes_on = |coat: &Coat| coat.colour == Colour::Ordered && self.goes_on;
        let before = before.map(|coat| if goes_on(&coat) { Rc::new(of_the_plan(Coat::clone(&coat))) } else { coat });
        let coat = before.map_or_else(|| self.coat(fact, 0, self.first_day.max(from.on)), |coat| Coat::clone(&coat));
        let counts_from = if known { days_after(coat.counts_from, away) } else { coat.counts_from };
        let colour = if settled { coat.colour } else { Colour::Undecided };
        let (by, signed, from_on) = (fact.id.clone(), None, from.on.max(self.first_day));
        self.paint(from, Coat { colour, by, signed, from: from_on, counts_from, ..coat });
    }

    /// From a moment on, whatever was painted there before.
    fn paint(&mut self, from: Moment, coat: Coat) {
        let first = self.hour(from).unwrap_or(0);
        self.wall[first..].fill(Some(Rc::new(coat)));
    }

    /// A signature that is not in force yet is taken off the wall; the level before it goes on. What lies under something
    /// else has been overtaken and stays.
    fn void_ahead(&mut self, fact: &PlanFact) {
        let from = fact.ahead_from.expect("what was not in force");
        if self.last().is_some_and(|coat| coat.signed.is_some()) {
            self.scrape(|coat| coat.signed.is_some() && coat.first_slot() >= from);
        }
    }

    fn scrape(&mut self, off: impl Fn(&Coat) -> bool) {
        if let Some(first) = self.wall.iter().position(|coat| coat.as_deref().is_some_and(&off)) {
            let before = first.checked_sub(1).and_then(|before| self.wall[before].clone());
            self.wall[first..].fill(before);
        }
    }

    /// What is due at a slot; nothing while they are away, four weeks after 0 mg, and once the plan is closed, but for what was
    /// due on its last day before.
    pub fn due(&self, moment: Moment) -> Due {
        let closed = self.finished_on.is_some_and(|on| moment.on > on);
        let over = |coat: &Coat| {
            let at_its_end = matches!(coat.colour, Colour::Planned | Colour::Stopped);
            at_its_end
                && coat.cycle.iter().all(|day| day.daily().is_zero())
                && moment.on > coat.from + TimeDelta::days(28)
        };
        match self.at(moment) {
            Some(coat) if coat.colour != Colour::Away && !closed && !over(coat) => Due::Dose {
                regimen: if self.finished_on == Some(moment.on) {
                    given_of(coat.day(moment.on))
                } else {
                    coat.day(moment.on).clone()
                },
                by: coat.by.clone(),
                undecided: coat.colour == Colour::Undecided,
            },
            _ => Due::Nothing,
        }
    }
}

/// What was ordered, as the step after the one that it interrupts.
fn of_the_plan(ordered: Coat) -> Coat {
    let cycle = ordered.cycle.clone();
    Coat { colour: Colour::Planned, of_step: cycle, step: ordered.step + 1, ..ordered }
}

/// What of a day is more than 0 mg.
fn given_of(day: &Regimen) -> Regimen {
    Regimen::from(day.doses().filter(|dose| !dose.amount.is_zero()).collect::<Vec<_>>())
}

pub fn nothing_of(cycle: &[Regimen]) -> Vec<Regimen> {
    let nothing = |dose: PlannedDose| PlannedDose { amount: Amount::ZERO, ..dose };
    cycle.iter().map(|day| Regimen::from(day.doses().map(nothing).collect::<Vec<_>>())).collect()
}
