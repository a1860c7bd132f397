//! Other steps for a plan that runs: from the step in force down to the goal. What is in force stays as it was signed.

use chrono::NaiveDate;

use super::draft::{LONGEST_LEAD_DAYS, can_be_made, follows, goes_down};
use super::level::{Footing, PlanAct, Stage};
use super::plan::{Plan, Step};
use super::rationale;
use super::reduction::{Case, Decision, confirmed_by};
use crate::care::calendar::{Day, days_after};
use crate::care::medicine::shelves::Shelves;
use crate::care::people::{Confirmed, Staff};
use crate::care::refusal::Refusal;

/// Other steps as a prescriber submits them.
#[derive(Debug, Clone)]
pub struct Amendment<'a> {
    /// The plan with the other steps, and the goal they lead to.
    pub plan: &'a Plan,
    /// How many decisions about the plan the page showed: whatever was decided since is looked at first.
    pub decisions_seen: u32,
    pub why: &'a str,
}

impl Case {
    /// The steps that are or were in force; after them what an urgent order gives, from which the plan may go on. An amendment
    /// leaves them exactly as they are.
    pub fn settled_steps(&self) -> Vec<Step> {
        let last = self.settled().map_or(0, |stage| stage.step.ordinal);
        let signed = self.plan.steps.iter().take(last as usize + 1).cloned();
        signed.chain(self.ordered_step()).collect()
    }

    /// What an urgent order gives, as the step that an amendment goes on from.
    pub fn ordered_step(&self) -> Option<Step> {
        self.course.taken_up(&self.plan)
    }

    /// The steps that still come, numbered on from what is settled. After an urgent order only what lies below it.
    pub fn coming_steps(&self) -> Vec<Step> {
        let ordered = self.ordered_step();
        let settled = self.settled_steps().len();
        let first = if ordered.is_some() { settled - 1 } else { settled };
        // A step with nights without may be as high on its other nights.
        let less = |step: &Step, ordered: &Step| {
            step.daily() <= ordered.daily() && self.plan.average(step) < self.plan.average(ordered)
        };
        let below = |step: &&Step| ordered.as_ref().is_none_or(|ordered| less(step, ordered));
        let coming = self.plan.steps.iter().skip(first).filter(below);
        (settled as u32..).zip(coming).map(|(ordinal, step)| Step { ordinal, ..step.clone() }).collect()
    }

    /// The first day on which a new step may be planned: tomorrow, and not before the step in force has lasted.
    pub fn amended_from(&self) -> NaiveDate {
        let lasted = |stage: &Stage| days_after(stage.counts_from, stage.step.least_days.unwrap_or(1));
        let tomorrow = days_after(self.today, 1);
        self.settled().map_or(tomorrow, |stage| lasted(stage).max(tomorrow))
    }

    /// Whether other steps can be submitted at all: the plan runs, gives something still, and nothing else waits.
    pub fn may_amend(&self) -> Result<(), Refusal> {
        let nothing = self.settled_steps().last().is_none_or(|step| step.daily().is_zero());
        match &self.course {
            course if course.ended || course.stages.is_empty() => Err(Refusal::PlanNotRunning),
            course if course.footing() == Footing::Stopped || nothing => Err(Refusal::NothingLeftToAmend),
            course if course.stop_asked.is_some() => Err(Refusal::StopWaits),
            course if course.amendment.is_some() => Err(Refusal::AmendmentWaits),
            _ => Ok(()),
        }
    }

    /// A prescriber submits other steps. No dose changes; what was signed ahead is void, and nothing is signed until a
    /// prescriber has approved them.
    pub fn amend(&self, ask: &Amendment, decisions: u32, shelves: &Shelves) -> Result<Decision, Refusal> {
        if ask.decisions_seen != decisions {
            return Err(Refusal::PlanMoved);
        }
        self.may_amend()?;
        self.steps_stand(ask.plan, shelves)?;
        self.days_stand(ask.plan)?;
        // The very steps of before decide something, where they begin at what was ordered.
        let same = ask.plan.steps == self.plan.steps && ask.plan.late_rule() == self.plan.late_rule();
        if same && self.ordered_step().is_none() {
            return Err(Refusal::NothingAmended);
        }
        let rationale = rationale::of_this_resident(ask.why, self.last_rationale.as_deref())?;
        Ok(Decision::new(PlanAct::Amended { version: ask.plan.version }, rationale))
    }

    /// A prescriber approves the steps that were submitted. Each of their reductions waits for its own signature.
    pub fn approve_amendment(
        &self,
        by: &Staff,
        confirmed: &Confirmed,
        submitted: &Plan,
        shelves: &Shelves,
    ) -> Result<Decision, Refusal> {
        confirmed_by(by, confirmed)?;
        self.submitted(submitted.version)?;
        self.stop_stands_in_the_way().map_or(Ok(()), Err)?;
        if self.ordered_step().is_some_and(|ordered| submitted.step(ordered.ordinal) != Some(&ordered)) {
            return Err(Refusal::OrderedMeanwhile);
        }
        self.steps_stand(submitted, shelves).map_err(|refusal| match refusal {
            // They did follow when they were submitted.
            Refusal::StepsApart { .. } => Refusal::StepsOvertaken,
            other => other,
        })?;
        Ok(Decision::new(PlanAct::Approved { version: submitted.version }, String::new()))
    }

    /// While a stop waits for a pharmacist no other steps are approved.
    pub fn stop_stands_in_the_way(&self) -> Option<Refusal> {
        self.course.stop_asked.as_ref().map(|_| Refusal::StopWaits)
    }

    /// A prescriber takes a submitted amendment back: the steps stay as they were approved before.
    pub fn drop_amendment(&self, version: u32, why: &str) -> Result<Decision, Refusal> {
        self.submitted(version)?;
        Ok(Decision::new(PlanAct::Dropped { version }, rationale::reason(why)?))
    }

    /// It still waits, and the plan still runs.
    fn submitted(&self, version: u32) -> Result<(), Refusal> {
        let waits = self.course.amendment == Some(version) && !self.course.ended;
        if waits { Ok(()) } else { Err(Refusal::PlanMoved) }
    }

    /// From the step in force, which stays as it is, down to the goal, in doses that can be made.
    fn steps_stand(&self, proposed: &Plan, shelves: &Shelves) -> Result<(), Refusal> {
        let settled = self.settled_steps();
        if let Some(step) = settled.iter().find(|step| proposed.step(step.ordinal) != Some(*step)) {
            return Err(Refusal::StepSettled { step: step.ordinal });
        }
        if proposed.steps.len() < 2 {
            return Err(Refusal::PlanEmpty);
        }
        let coming = &proposed.steps[settled.len() - 1..];
        if let [in_force, first, ..] = coming {
            let numbered = first.ordinal == in_force.ordinal + 1;
            if numbered {
                goes_down(proposed, in_force, first)?
            } else {
                return Err(Refusal::StepsApart { ordinal: first.ordinal });
            }
        }
        coming[1..].windows(2).try_for_each(|pair| follows(proposed, &pair[0], &pair[1]))?;
        let last = coming.last().map(Step::daily).unwrap_or_default();
        if last != proposed.goal {
            return Err(Refusal::StepsEnd { last, goal: proposed.goal });
        }
        coming[1..].iter().try_for_each(|step| can_be_made(step, shelves))
    }

    /// The first new step is planned after the step in force has lasted, and no slip of the year.
    fn days_stand(&self, proposed: &Plan) -> Result<(), Refusal> {
        let Some(first) = proposed.steps.get(self.settled_steps().len()) else { return Ok(()) };
        let (earliest, latest) = (self.amended_from(), days_after(self.today, LONGEST_LEAD_DAYS));
        if first.planned_on < earliest {
            return Err(Refusal::AmendedTooEarly { earliest: Day(earliest) });
        }
        if first.planned_on > latest { Err(Refusal::DayTooFar { latest: Day(latest) }) } else { Ok(()) }
    }
}
