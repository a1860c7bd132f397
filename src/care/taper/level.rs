//! Which dose follows from the signatures: the level on a day is a function of the plan's facts, and of nothing else.
//!
//! A reduction that is not signed never takes effect; the resident stays on the last signed dose.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::plan::{Plan, Regimen};
use crate::care::calendar::days_after;

/// What was decided about a plan, in the order of `seq`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanFact {
    pub id: String,
    pub seq: u32,
    /// The person's id.
    pub by: String,
    pub at: DateTime<Utc>,
    /// The civil day of `at` in the facility.
    pub on: NaiveDate,
    pub rationale: String,
    pub act: PlanAct,
}

/// The kinds of decision; `n` is the number of the reduction it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PlanAct {
    /// A prescriber approved a version. The first approval puts the baseline in force.
    Approved { version: u32 },
    /// A pharmacist signed reduction `n`, which leads to `step` from the first dose of `effective_on`.
    Signed { n: u32, step: u32, effective_on: NaiveDate },
    /// A pharmacist decided to stay, and to look again on a day.
    Held { n: u32, reassess_on: NaiveDate },
    /// A pharmacist sent the plan back to the prescriber.
    Returned { n: u32 },
    /// A pharmacist took a signature back before it was in force.
    Withdrawn { n: u32 },
    /// A nurse paused a signed reduction before its first dose.
    Paused { n: u32 },
}

impl PlanAct {
    /// The word of the kind, as stored.
    pub fn kind(&self) -> &'static str {
        match self {
            PlanAct::Approved { .. } => "approved",
            PlanAct::Signed { .. } => "signed",
            PlanAct::Held { .. } => "held",
            PlanAct::Returned { .. } => "returned",
            PlanAct::Withdrawn { .. } => "withdrawn",
            PlanAct::Paused { .. } => "paused",
        }
    }

    /// The reduction it is about; none for an approval.
    pub fn n(&self) -> Option<u32> {
        match *self {
            PlanAct::Approved { .. } => None,
            PlanAct::Signed { n, .. }
            | PlanAct::Held { n, .. }
            | PlanAct::Returned { n }
            | PlanAct::Withdrawn { n }
            | PlanAct::Paused { n } => Some(n),
        }
    }
}

/// A step in force from a day on, by the fact that authorises it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    pub step: u32,
    pub from: NaiveDate,
    /// The id of the approval or signature.
    pub authorised_by: String,
    /// The reduction that led here; none for the baseline.
    pub n: Option<u32>,
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
    pub from_step: u32,
    pub to_step: u32,
    pub standing: Standing,
}

/// What a plan's facts come to: the steps in force or signed ahead, and every reduction asked for so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Course {
    /// In order of their days; empty before the approval.
    pub stages: Vec<Stage>,
    /// In order of `n`; the last one is the one that waits, if any does.
    pub reductions: Vec<Reduction>,
    /// No reduction takes effect before this day.
    pub held_until: Option<NaiveDate>,
    /// The plan was sent back: nothing can be signed until a version is approved.
    pub sent_back: bool,
}

/// The regimen in force on a day, and the fact that authorises it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level<'a> {
    pub stage: &'a Stage,
    pub regimen: &'a Regimen,
}

impl Course {
    /// Folds the facts, which stand in the order of `seq`, over the plan's version in force.
    pub fn of(plan: &Plan, facts: &[PlanFact]) -> Course {
        let mut course = Course::default();
        for fact in facts {
            course.take(plan, fact);
        }
        course
    }

    fn take(&mut self, plan: &Plan, fact: &PlanFact) {
        match fact.act {
            PlanAct::Approved { .. } => self.approve(plan, fact),
            PlanAct::Signed { n, step, effective_on } => self.sign(plan, fact, n, step, effective_on),
            PlanAct::Held { reassess_on, .. } => {
                self.held_until = self.held_until.max(Some(reassess_on));
                self.void_ahead(plan, fact);
            }
            PlanAct::Returned { .. } => {
                self.sent_back = true;
                self.void_ahead(plan, fact);
            }
            PlanAct::Withdrawn { n } | PlanAct::Paused { n } => {
                let first = self.stages.iter().position(|stage| stage.n == Some(n));
                self.void_from(plan, fact, first);
            }
        }
    }

    /// The first approval starts the baseline; a later one asks anew for whatever is not in force.
    fn approve(&mut self, plan: &Plan, fact: &PlanFact) {
        self.sent_back = false;
        if self.stages.is_empty() {
            let authorised_by = fact.id.clone();
            self.stages.push(Stage { step: 0, from: plan.baseline_on, authorised_by, n: None });
            self.ask_next(plan, &fact.id);
        } else {
            let ahead = self.first_ahead(fact.on).unwrap_or(self.stages.len());
            self.void_from(plan, fact, Some(ahead));
        }
    }

    fn sign(&mut self, plan: &Plan, fact: &PlanFact, n: u32, step: u32, effective_on: NaiveDate) {
        self.stages.push(Stage { step, from: effective_on, authorised_by: fact.id.clone(), n: Some(n) });
        if let Some(reduction) = self.reductions.last_mut() {
            reduction.standing = Standing::Signed { by_fact: fact.id.clone(), effective_on };
        }
        self.ask_next(plan, &fact.id);
    }

    /// A signature that is not yet in force is void after a hold, a return or an amendment.
    fn void_ahead(&mut self, plan: &Plan, fact: &PlanFact) {
        let ahead = self.first_ahead(fact.on);
        self.void_from(plan, fact, ahead);
    }

    fn first_ahead(&self, on: NaiveDate) -> Option<usize> {
        self.stages.iter().position(|stage| stage.n.is_some() && stage.from > on)
    }

    /// Takes back the stages from `first` on, and asks for the next reduction under a new number.
    fn void_from(&mut self, plan: &Plan, fact: &PlanFact, first: Option<usize>) {
        let Some(first) = first else { return };
        let void: Vec<u32> = self.stages.drain(first..).filter_map(|stage| stage.n).collect();
        for reduction in self.reductions.iter_mut().filter(|r| void.contains(&r.n)) {
            reduction.standing = Standing::Void { by_fact: fact.id.clone() };
        }
        self.ask_next(plan, &fact.id);
    }

    /// Opens the passage to the next step. A passage that was still waiting has been overtaken.
    fn ask_next(&mut self, plan: &Plan, by_fact: &str) {
        if let Some(open) = self.reductions.last_mut().filter(|r| r.standing == Standing::Waiting) {
            open.standing = Standing::Void { by_fact: by_fact.to_owned() };
        }
        let from_step = self.stages.last().map_or(0, |stage| stage.step);
        if from_step < plan.last() {
            let n = self.reductions.len() as u32 + 1;
            self.reductions.push(Reduction { n, from_step, to_step: from_step + 1, standing: Standing::Waiting });
        }
    }

    /// The stage in force on a day.
    pub fn stage_on(&self, on: NaiveDate) -> Option<&Stage> {
        self.stages.iter().rev().find(|stage| stage.from <= on)
    }

    /// The stage that is signed and not in force yet.
    pub fn ahead_of(&self, on: NaiveDate) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.from > on && stage.n.is_some())
    }

    /// The regimen in force on a day. None before the baseline starts.
    pub fn level_on<'a>(&'a self, plan: &'a Plan, on: NaiveDate) -> Option<Level<'a>> {
        let stage = self.stage_on(on)?;
        let days = u32::try_from((on - stage.from).num_days()).ok()?;
        let regimen = plan.step(stage.step)?.regimen_after(days);
        Some(Level { stage, regimen })
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
    pub fn due_on(&self, plan: &Plan) -> Option<NaiveDate> {
        let open = self.waiting()?;
        let before = self.stages.last()?;
        let least = plan.step(before.step)?.least_days.unwrap_or(1);
        let planned = plan.step(open.to_step)?.planned_on;
        let earliest = planned.max(days_after(before.from, least));
        Some(earliest.max(self.held_until.unwrap_or(earliest)))
    }

    /// When the steps still to come could take effect, if each were signed in time from `today` on.
    pub fn outlook(&self, plan: &Plan, today: NaiveDate) -> Vec<(u32, NaiveDate)> {
        let (Some(open), Some(due)) = (self.waiting(), self.due_on(plan)) else { return Vec::new() };
        let mut on = due.max(days_after(today, 1));
        let mut outlook = Vec::new();
        for step in plan.steps.iter().skip(open.to_step as usize) {
            outlook.push((step.ordinal, on));
            on = days_after(on, step.least_days.unwrap_or(0));
        }
        outlook
    }

    /// The last step is in force: nothing more is asked for.
    pub fn complete_on(&self, plan: &Plan, on: NaiveDate) -> bool {
        self.stage_on(on).is_some_and(|stage| stage.step == plan.last())
    }
}
