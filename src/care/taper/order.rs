//! What a prescriber orders about a running plan, and what becomes of an order afterwards. No order starts a reduction.

use chrono::NaiveDate;

use super::fact::{PlanAct, PlanFact};
use super::level::{Footing, Stage};
use super::plan::{Plan, PlannedDose, Regimen, Step};
use super::rationale;
use super::reduction::{Case, Decision, confirmed_by};
use crate::care::amount::Amount;
use crate::care::calendar::{Day, Moment, parse_moment};
use crate::care::medicine::shelves::Shelves;
use crate::care::people::{Confirmed, Staff};
use crate::care::refusal::Refusal;

/// What is ordered for the resident's safety.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Urgent {
    /// Nothing is given.
    Suspend,
    /// Less is given: an amount for each slot and medicine of the level.
    Lower(Regimen),
}

/// What the page showed: how many decisions there were, and from which dose an order would take effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub decisions: usize,
    pub next: Option<Moment>,
}

impl Shown {
    /// As a form brings it back. One that lost what its page showed asks for nothing that could stand.
    pub fn sent(decisions: &str, next: &str) -> Shown {
        let next = parse_moment(next).ok().map(Moment::of);
        Shown { decisions: decisions.parse().unwrap_or_default(), next }
    }
}

impl Case {
    /// Whether the plan is still what the page showed, and the next dose the same.
    pub fn as_shown(&self, shown: &Shown, decisions: usize) -> Result<(), Refusal> {
        if shown.decisions != decisions {
            return Err(Refusal::PlanMoved);
        }
        if shown.next == self.next_dose() { Ok(()) } else { Err(Refusal::NextDoseMoved { next: self.from_words() }) }
    }

    /// The dose from which an order takes effect; none where no dose is due, as while the resident is away.
    pub fn next_dose(&self) -> Option<Moment> {
        let level = self.course.level_at(self.next)?;
        level.regimen.slots().contains(&self.next.slot).then_some(self.next)
    }

    /// `from the 20:00 dose today`
    pub fn from_words(&self) -> String {
        match self.next_dose() {
            Some(next) if next.on == self.today => format!("from the {} dose today", next.slot),
            Some(next) => format!("from the {} dose on {}", next.slot, Day(next.on)),
            None => "from now on".to_owned(),
        }
    }

    /// A prescriber holds whatever comes next: what waits for its signature, or is signed and still ahead.
    pub fn hold_plan(&self, until: NaiveDate, why: &str) -> Result<Decision, Refusal> {
        self.in_force()?;
        let n = self.to_hold().ok_or(Refusal::HoldNothing)?;
        self.held(n, until, why)
    }

    /// The number of the reduction that a hold would be about.
    pub fn to_hold(&self) -> Option<u32> {
        let ahead = self.ahead().and_then(|stage| stage.n);
        ahead.or_else(|| self.course.waiting().map(|open| open.n))
    }

    /// A pharmacist or a prescriber ends a hold before its day. The reduction still waits for its signature.
    pub fn end_hold(&self, by: &Staff, confirmed: &Confirmed, why: &str) -> Result<Decision, Refusal> {
        confirmed_by(by, confirmed)?;
        self.in_force()?;
        let open = self.course.reductions.last().filter(|_| self.on_hold().is_some()).ok_or(Refusal::HoldNotOn)?;
        let rationale = rationale::of_this_resident(why, self.last_rationale.as_deref())?;
        Ok(Decision::new(PlanAct::HoldEnded { n: open.n }, rationale))
    }

    /// The day on which a hold looks again, while it lasts.
    pub fn on_hold(&self) -> Option<NaiveDate> {
        self.course.held_until.filter(|until| *until > self.today)
    }

    /// Back to an earlier step from the next dose on; after an order or an absence this is how a prescriber decides
    /// the level. Every later step is signed anew.
    pub fn step_back(&self, to: Option<u32>, shelves: &Shelves, why: &str) -> Result<Decision, Refusal> {
        self.present()?;
        let to = to.ok_or(Refusal::StepBackMissing)?;
        let step = self.steps_back().into_iter().find(|step| step.ordinal == to).ok_or(Refusal::StepBackNot)?;
        if let Some(dose) = step.cycle.iter().find_map(|day| unmakeable(day, shelves)) {
            let PlannedDose { slot, medicine, amount } = dose;
            return Err(Refusal::StepBackUnmakeable { slot, amount, medicine: medicine.to_string() });
        }
        let rationale = rationale::of_this_resident(why, self.last_rationale.as_deref())?;
        Ok(Decision::new(PlanAct::SteppedBack { step: step.ordinal, from: self.next }, rationale))
    }

    /// The steps that may be gone back to, the nearest first; where the level was interrupted, that step too.
    pub fn steps_back(&self) -> Vec<&Step> {
        let Ok(stage) = self.present() else { return Vec::new() };
        let ordinal = stage.step.ordinal;
        let first = match stage.footing {
            Footing::Planned => ordinal,
            Footing::Ordered | Footing::Undecided => ordinal + 1,
            Footing::Away | Footing::Stopped => 0,
        };
        // Neither than the step that was interrupted, nor than what an order has put in its place since.
        let now: Vec<&Step> = self.step_was(ordinal).into_iter().chain([&stage.step]).collect();
        let not_lower = |step: &&Step| now.iter().all(|now| !is_lower(&self.plan, step, now));
        (0..first).rev().filter_map(|ordinal| self.step_was(ordinal)).filter(not_lower).collect()
    }

    /// A step as it was when it was in force, which is what a step back leads to.
    fn step_was(&self, ordinal: u32) -> Option<&Step> {
        let planned = |stage: &&Stage| stage.footing == Footing::Planned && stage.step.ordinal == ordinal;
        let was = self.course.stages.iter().rev().find(planned);
        was.map(|stage| &stage.step).or_else(|| self.plan.step(ordinal))
    }

    /// An urgent order: less than the level in force at the next dose, or nothing, until a prescriber decides the level.
    /// It is not a reduction; a pharmacist reviews it.
    pub fn order(&self, urgent: &Urgent, shelves: &Shelves, why: &str) -> Result<Decision, Refusal> {
        let stage = self.present()?;
        let most = self.most()?;
        let regimen = match urgent {
            Urgent::Suspend => nothing_of(&most),
            Urgent::Lower(asked) => {
                not_above(asked, &most)?;
                if let Some(dose) = unmakeable(asked, shelves) {
                    return Err(order_unmakeable(dose, shelves));
                }
                asked.clone()
            }
        };
        if !stage.step.cycle.iter().any(|day| gives_less(&regimen, day)) && !self.only_by_order(stage) {
            return Err(Refusal::OrderChangesNothing);
        }
        let rationale = rationale::of_this_resident(why, self.last_rationale.as_deref())?;
        Ok(Decision::new(PlanAct::Ordered { regimen, from: self.next }, rationale))
    }

    /// What was ordered before an absence is decided on again by an order alone: it is no step to go back to.
    fn only_by_order(&self, stage: &Stage) -> bool {
        let step_gives_it = || self.steps_back().iter().any(|step| step.cycle == stage.step.cycle);
        stage.footing == Footing::Undecided && !step_gives_it()
    }

    /// The most that can be ordered for each slot and medicine of the level at the next dose: what is in force there. Of
    /// a cycle of days the least of them, so that no day of it is raised.
    pub fn most(&self) -> Result<Regimen, Refusal> {
        let cycle = &self.present()?.step.cycle;
        let lines = cycle.iter().flat_map(Regimen::doses).map(|dose| (dose.slot, dose.medicine));
        let least = |(slot, medicine)| PlannedDose {
            slot,
            amount: cycle.iter().map(|day| day.amount(slot, &medicine)).min().unwrap_or_default(),
            medicine,
        };
        Ok(Regimen::from(lines.map(least).collect::<Vec<_>>()))
    }

    /// A pharmacist reviews an urgent order, once.
    pub fn review(&self, by: &Staff, confirmed: &Confirmed, of: &str, why: &str) -> Result<Decision, Refusal> {
        confirmed_by(by, confirmed)?;
        if !self.course.unreviewed.contains(of) {
            return Err(Refusal::OrderSettled);
        }
        let rationale = rationale::of_this_resident(why, self.last_rationale.as_deref())?;
        Ok(Decision::new(PlanAct::Reviewed { of: of.to_owned() }, rationale))
    }

    /// The very prescriber of a telephone order confirms it, once; where they are no prescriber here any more, another in
    /// their place. What is remarked may stay empty: the order says why.
    pub fn affirm(
        &self,
        by: &Staff,
        confirmed: &Confirmed,
        (order, caller_is_here): (&PlanFact, bool),
        remark: &str,
    ) -> Result<Decision, Refusal> {
        confirmed_by(by, confirmed)?;
        if !self.course.unconfirmed.contains(&order.id) {
            return Err(Refusal::OrderSettled);
        }
        if order.telephone.as_ref().is_none_or(|call| caller_is_here && call.prescriber != by.person) {
            return Err(Refusal::OrderNotYours);
        }
        let remark = rationale::tidy(remark);
        if remark.chars().count() > rationale::MOST_CHARACTERS {
            return Err(Refusal::RationaleLong);
        }
        Ok(Decision::new(PlanAct::Affirmed { of: order.id.clone() }, remark))
    }

    /// What is in force at the next dose of somebody who is here. A dose of before they left may still be open: an order from
    /// there on would end the absence, too.
    fn present(&self) -> Result<&Stage, Refusal> {
        let stage = self.in_force()?;
        if self.course.footing() == Footing::Away { Err(Refusal::ResidentAway) } else { Ok(stage) }
    }

    /// What is in force at the next dose, of a plan that has begun and not ended.
    fn in_force(&self) -> Result<&Stage, Refusal> {
        let first = self.course.stages.first().filter(|_| !self.course.ended).ok_or(Refusal::PlanNotRunning)?;
        // An absence may begin before the baseline does: then the plan has begun, and says so itself.
        if first.from.on > self.today {
            return Err(Refusal::PlanNotBegun { starts: Day(first.from.on) });
        }
        self.course.stage_at(self.next).ok_or(Refusal::PlanNotRunning)
    }
}

/// Less a day. In a cross-taper, where amounts do not compare, less than what was confirmed as equal.
fn is_lower(plan: &Plan, step: &Step, now: &Step) -> bool {
    match plan.conversion {
        Some(_) => plan.average(step) < plan.average(now),
        None => step.daily() < now.daily(),
    }
}

fn nothing_of(regimen: &Regimen) -> Regimen {
    let nothing = |dose: PlannedDose| PlannedDose { amount: Amount::ZERO, ..dose };
    Regimen::from(regimen.doses().map(nothing).collect::<Vec<_>>())
}

/// An amount for each line of the level, none above it and no line besides.
fn not_above(asked: &Regimen, most: &Regimen) -> Result<(), Refusal> {
    let lines = |regimen: &Regimen| regimen.doses().map(|dose| (dose.slot, dose.medicine)).collect::<Vec<_>>();
    for PlannedDose { slot, medicine, amount } in asked.doses() {
        let most = most.amount(slot, &medicine);
        if amount > most {
            return Err(Refusal::OrderRaises { slot, medicine: medicine.to_string(), most });
        }
    }
    if lines(asked) == lines(most) { Ok(()) } else { Err(Refusal::OrderMissing) }
}

/// The first dose of a day that is no exact sum of what is in stock.
fn unmakeable(day: &Regimen, shelves: &Shelves) -> Option<PlannedDose> {
    let makeable = |dose: &PlannedDose| {
        let pieces = || shelves.of(&dose.medicine).pieces(dose.amount);
        dose.amount.is_zero() || pieces().is_some()
    };
    day.doses().find(|dose| !makeable(dose))
}

fn order_unmakeable(dose: PlannedDose, shelves: &Shelves) -> Refusal {
    let PlannedDose { slot, medicine, amount } = dose;
    let nearest = shelves.of(&medicine).nearest(amount).to_string();
    Refusal::OrderUnmakeable { slot, amount, medicine: medicine.to_string(), nearest }
}

fn gives_less(regimen: &Regimen, day: &Regimen) -> bool {
    day.doses().any(|dose| regimen.amount(dose.slot, &dose.medicine) < dose.amount)
}
