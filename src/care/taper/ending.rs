//! How a plan ends: finished at 0 mg, or stopped above it, which a prescriber asks for and a pharmacist countersigns.

use chrono::NaiveDate;
use serde::Serialize;

use super::daily::Daily;
use super::level::{Course, Footing, PlanAct, PlanFact, Stage};
use super::plan::{Plan, Step};
use super::rationale;
use super::reduction::{Case, Decision, confirmed_by};
use crate::care::people::{Actor, Confirmed, Pharmacist, Prescriber, Staff};
use crate::care::refusal::Refusal;

/// Who may decline a stop, and close a plan at 0 mg.
pub trait PrescriberOrPharmacist: Actor {}

impl PrescriberOrPharmacist for Prescriber {}
impl PrescriberOrPharmacist for Pharmacist {}

impl Course {
    /// Its last step is in force, that is 0 mg, and nothing else was ordered for a later dose: another plan may take its place.
    pub fn at_nothing_on(&self, plan: &Plan, on: NaiveDate) -> bool {
        let last = |stage: &&Stage| self.stages.last() == Some(*stage);
        let nothing = self.stage_on(on).filter(last).is_some_and(|stage| stage.step.daily().is_zero());
        nothing && !self.ended && self.complete_on(plan, on)
    }
}

impl PlanAct {
    /// The resident is not as they were when somebody asked for a stop, or another dose was decided since: it is asked for anew,
    /// as a reduction that is not in force yet is signed anew.
    pub fn overtakes_a_stop(&self) -> bool {
        matches!(
            self,
            PlanAct::SteppedBack { .. }
                | PlanAct::Ordered { .. }
                | PlanAct::Alarmed { .. }
                | PlanAct::Left { .. }
                | PlanAct::CameBack { .. }
        )
    }
}

/// What a countersignature keeps: the sentence that stood above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StopStatement {
    pub meaning: String,
}

/// What is written down when a new plan takes the place of one that has come to 0 mg.
const RESUMED: &str = "Finished by the approval of a new plan, which resumes this one.";

/// What is written down of an as-needed order of the medicine, where its plan is stopped.
pub const ENDED_WITH_PLAN: &str = "The plan of the medicine was stopped.";

impl Case {
    /// Closes a plan at 0 mg because a new one begins; so one that was stopped, which goes on writing 0 mg out.
    pub fn finish_for_another(&self) -> Result<Decision, Refusal> {
        if !self.course.ended {
            self.may_finish()?;
        }
        Ok(Decision::new(PlanAct::Finished, RESUMED.to_owned()))
    }

    /// What is taken a day now, by the step in force. None before the baseline is approved.
    pub fn daily_now(&self) -> Option<Daily> {
        Some(self.plan.daily(&self.settled()?.step))
    }

    /// What is taken a day from the next dose on, by what is in force or was ordered; of somebody who is away, what they left on.
    pub fn daily_at_next(&self) -> Option<Daily> {
        let here = self.course.stage_at(self.next).filter(|stage| stage.footing != Footing::Away);
        Some(self.plan.daily(&here.or(self.course.standing())?.step))
    }

    /// What a countersignature would mean, in a sentence.
    pub fn stop_means(&self) -> StopStatement {
        let (medicine, level) = (self.plan.named(), self.daily_at_next().unwrap_or_default());
        let meaning = format!("{medicine} goes from {level} daily to 0\u{a0}mg, {}. The plan ends.", self.from_words());
        StopStatement { meaning }
    }

    /// Whether an abrupt stop can be asked for: the plan runs, and there is something to stop.
    pub fn may_ask_stop(&self) -> Result<(), Refusal> {
        let nothing = self.settled_steps().last().map(Step::daily).unwrap_or_default().is_zero();
        match &self.course {
            course if course.ended || course.stages.is_empty() => Err(Refusal::PlanNotRunning),
            course if course.stop_asked.is_some() => Err(Refusal::StopWaits),
            _ if nothing => Err(Refusal::NothingToStop),
            _ => Ok(()),
        }
    }

    /// A prescriber asks for an abrupt stop. The level continues until a pharmacist has countersigned.
    pub fn ask_stop(&self, by: &Staff, confirmed: &Confirmed, why: &str) -> Result<Decision, Refusal> {
        confirmed_by(by, confirmed)?;
        self.may_ask_stop()?;
        let rationale = rationale::of_this_resident(why, self.last_rationale.as_deref())?;
        Ok(Decision::new(PlanAct::StopAsked, rationale))
    }

    /// A pharmacist countersigns: 0 mg from the next dose. Whoever asked for the stop cannot.
    pub fn stop(&self, by: &Staff, confirmed: &Confirmed, asked: &PlanFact, why: &str) -> Result<Decision, Refusal> {
        confirmed_by(by, confirmed)?;
        self.stop_waits(asked)?;
        if asked.by == by.person {
            return Err(Refusal::OwnStop);
        }
        let rationale = rationale::of_this_resident(why, self.last_rationale.as_deref())?;
        Ok(Decision::new(PlanAct::Stopped { from: self.next }, rationale))
    }

    /// The stop is not made: a pharmacist declines it, or a prescriber takes it back. The level goes on as it did.
    pub fn decline_stop(
        &self,
        by: &Staff,
        confirmed: &Confirmed,
        asked: &PlanFact,
        why: &str,
    ) -> Result<Decision, Refusal> {
        confirmed_by(by, confirmed)?;
        self.stop_waits(asked)?;
        let rationale = rationale::of_this_resident(why, self.last_rationale.as_deref())?;
        Ok(Decision::new(PlanAct::StopDeclined, rationale))
    }

    fn stop_waits(&self, asked: &PlanFact) -> Result<(), Refusal> {
        let waits = self.course.stop_asked.as_ref() == Some(&asked.id) && !self.course.ended;
        if waits { Ok(()) } else { Err(Refusal::PlanMoved) }
    }

    /// Whether the plan can be closed: it has come to 0 mg. At a goal above 0 the doses go on, and the plan with them.
    pub fn may_finish(&self) -> Result<(), Refusal> {
        if self.course.ended || self.course.stages.is_empty() {
            return Err(Refusal::PlanNotRunning);
        }
        if self.course.at_nothing_on(&self.plan, self.today) {
            return Ok(());
        }
        match self.course.stage_on(self.today) {
            Some(stage) if self.course.complete_on(&self.plan, self.today) => {
                Err(Refusal::GoalGoesOn { goal: stage.step.daily() })
            }
            _ => Err(Refusal::NotAtItsEnd),
        }
    }

    /// Closes a plan that has come to 0 mg: nothing more is written out and nothing more is asked for.
    pub fn finish(&self, why: &str) -> Result<Decision, Refusal> {
        self.may_finish()?;
        Ok(Decision::new(PlanAct::Finished, rationale::reason(why)?))
    }
}
