//! How a plan ends: finished at 0 mg, or stopped above it, which a prescriber asks for and a pharmacist countersigns.

use super::level::{PlanAct, PlanFact, Stage};
use super::plan::Step;
use super::rationale;
use super::reduction::{Case, Decision, confirmed_by};
use crate::care::amount::Amount;
use crate::care::people::{Actor, Confirmed, Pharmacist, Prescriber, Staff};
use crate::care::refusal::Refusal;

/// Who may decline a stop, and close a plan at 0 mg.
pub trait PrescriberOrPharmacist: Actor {}

impl PrescriberOrPharmacist for Prescriber {}
impl PrescriberOrPharmacist for Pharmacist {}

impl Case {
    /// What is taken a day now, by the step in force. None before the baseline is approved.
    pub fn daily_now(&self) -> Option<Amount> {
        let stage: &Stage = self.course.settled_on(self.today)?;
        Some(stage.step.daily())
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
        let complete = self.course.complete_on(&self.plan, self.today);
        match self.course.level_on(self.today).map(|level| level.stage.step.daily()) {
            Some(daily) if complete && daily.is_zero() => Ok(()),
            Some(daily) if complete => Err(Refusal::GoalGoesOn { goal: daily }),
            _ => Err(Refusal::NotAtItsEnd),
        }
    }

    /// Closes a plan that has come to 0 mg: nothing more is written out and nothing more is asked for.
    pub fn finish(&self, why: &str) -> Result<Decision, Refusal> {
        self.may_finish()?;
        Ok(Decision::new(PlanAct::Finished, rationale::reason(why)?))
    }
}
