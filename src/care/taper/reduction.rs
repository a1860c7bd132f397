//! What a pharmacist, and a nurse, may decide about a reduction.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::level::{Course, Footing, PlanAct, Reduction, Stage, Standing, Telephone};
use super::plan::Plan;
use super::rationale;
use crate::care::calendar::{Day, Moment, days_after, days_before};
use crate::care::people::{Confirmed, Staff};
use crate::care::refusal::Refusal;

/// A hold looks again within three months.
pub const LONGEST_HOLD_DAYS: u32 = 92;

/// Everything about a plan that a decision on one of its reductions rests on.
#[derive(Debug, Clone)]
pub struct Case {
    pub plan: Plan,
    pub course: Course,
    /// The civil day in the facility.
    pub today: NaiveDate,
    /// How many days ahead a reduction may be signed (a facility setting).
    pub sign_ahead_days: u32,
    /// The first later day on which no dose of the plan has been recorded.
    pub first_free_day: NaiveDate,
    /// Where an order takes effect: at the next dose.
    pub next: Moment,
    /// Everybody who drafted, edited or approved the version.
    pub makers: BTreeSet<String>,
    /// The rationale of the last decision that weighed the taper.
    pub last_rationale: Option<String>,
    /// Who signed the reduction asked about and when, in words; where it is signed.
    pub signed_by: Option<(String, String)>,
    /// Some guideline check needs a written reason.
    pub needs_reason: bool,
    /// What the page showed is no longer what the decision would rest on: something was recorded or decided meanwhile.
    pub evidence_moved: bool,
    /// The page showed the checks of another day than the one that was chosen, and they differ.
    pub checks_unseen: bool,
    /// The last signed reduction of which a dose has been recorded, where nothing else was decided since.
    pub begun: Option<u32>,
}

/// What a pharmacist asks for when signing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignAsk {
    pub n: u32,
    pub effective_on: NaiveDate,
    pub rationale: String,
    /// Why it is right although some checks did not pass.
    pub flags_reason: String,
}

/// A decision as it goes into the plan's facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub act: PlanAct,
    pub rationale: String,
    /// Only for a signature with checks that did not pass.
    pub flags_reason: String,
    /// Only for an order that was given by telephone.
    pub telephone: Option<Telephone>,
}

impl Decision {
    pub fn new(act: PlanAct, rationale: String) -> Decision {
        Decision { act, rationale, flags_reason: String::new(), telephone: None }
    }
}

impl Case {
    /// The first and the last day on which the waiting reduction could take effect, if it were signed today.
    /// None: no reduction waits, or it is too early to sign it.
    pub fn window(&self) -> Option<(NaiveDate, NaiveDate)> {
        let due = self.course.due_on()?;
        let earliest = due.max(days_after(self.today, 1)).max(self.first_free_day);
        let latest = days_after(self.today, self.sign_ahead_days).max(self.first_free_day);
        (earliest <= latest).then_some((earliest, latest))
    }

    /// A pharmacist signs: the next reduction only, once the step before it is in force, a few days ahead at most,
    /// never for today and never for the past, and never one's own plan.
    pub fn sign(&self, by: &Staff, confirmed: &Confirmed, ask: &SignAsk) -> Result<Decision, Refusal> {
        confirmed_by(by, confirmed)?;
        let (open, earliest, latest) = self.may_sign(by, ask.n)?;
        if ask.effective_on < earliest {
            return Err(Refusal::EffectiveTooEarly { earliest: Day(earliest) });
        }
        if ask.effective_on > latest {
            return Err(Refusal::EffectiveTooLate { latest: Day(latest) });
        }
        self.as_seen()?;
        if self.checks_unseen {
            return Err(Refusal::ChecksOfAnotherDay);
        }
        let rationale = rationale::of_this_resident(&ask.rationale, self.last_rationale.as_deref())?;
        let flags_reason = self.reason_for_flags(&ask.flags_reason)?;
        let act = PlanAct::Signed { n: open.n, step: open.to.ordinal, effective_on: ask.effective_on };
        Ok(Decision { flags_reason, ..Decision::new(act, rationale) })
    }

    /// Nobody decides past what the page never showed.
    fn as_seen(&self) -> Result<(), Refusal> {
        if self.evidence_moved { Err(Refusal::EvidenceMoved) } else { Ok(()) }
    }

    /// The reduction, and the first and the last day it may take effect, if this person could sign it today: the next
    /// reduction only, once the step before it is in force, and never one's own plan.
    pub fn may_sign(&self, by: &Staff, n: u32) -> Result<(&Reduction, NaiveDate, NaiveDate), Refusal> {
        self.nothing_bars()?;
        let open = self.waiting(n)?;
        self.not_a_maker(by)?;
        // The step before may be signed ahead, gone back to from the next dose, or the baseline of a later day.
        let later = |before: &Stage| before.from.on > self.today;
        if self.ahead().is_some() || self.course.stages.last().is_some_and(later) {
            return Err(Refusal::StepBeforeNotInForce);
        }
        let (earliest, latest) = self.window().ok_or_else(|| self.not_yet())?;
        Ok((open, earliest, latest))
    }

    /// Whether anything of the plan can be signed: no severe sign, no order, no absence, no amendment and no stop stands
    /// in the way, and the plan was not sent back.
    pub fn nothing_bars(&self) -> Result<(), Refusal> {
        let course = &self.course;
        match course.footing() {
            _ if course.ended => Err(Refusal::PlanNotRunning),
            _ if !course.alarms.is_empty() => Err(Refusal::SevereSignOpen),
            Footing::Ordered => Err(Refusal::OrderStands),
            Footing::Away => Err(Refusal::ResidentAway),
            Footing::Undecided => Err(Refusal::DecisionNeeded),
            _ if course.stop_asked.is_some() => Err(Refusal::StopWaits),
            _ if course.amendment.is_some() => Err(Refusal::AmendmentWaits),
            _ if course.sent_back => Err(Refusal::WaitsForPrescriber),
            _ => Ok(()),
        }
    }

    /// A pharmacist holds: the resident stays at this level, and somebody looks again on a day.
    pub fn hold(
        &self,
        by: &Staff,
        confirmed: &Confirmed,
        n: u32,
        until: NaiveDate,
        why: &str,
    ) -> Result<Decision, Refusal> {
        confirmed_by(by, confirmed)?;
        self.not_in_force_yet(n)?;
        self.as_seen()?;
        self.held(n, until, why)
    }

    /// Staying at this level until a day, whoever says so.
    pub(super) fn held(&self, n: u32, until: NaiveDate, why: &str) -> Result<Decision, Refusal> {
        let earliest = days_after(self.today, 1);
        if until < earliest {
            return Err(Refusal::ReassessTooEarly { earliest: Day(earliest) });
        }
        let latest = days_after(self.today, LONGEST_HOLD_DAYS);
        if until > latest {
            return Err(Refusal::ReassessTooLate { latest: Day(latest) });
        }
        let rationale = rationale::of_this_resident(why, self.last_rationale.as_deref())?;
        Ok(Decision::new(PlanAct::Held { n, reassess_on: until }, rationale))
    }

    /// A pharmacist sends the plan back to the prescriber: nothing of it is signed until a version is approved.
    pub fn send_back(&self, by: &Staff, confirmed: &Confirmed, n: u32, why: &str) -> Result<Decision, Refusal> {
        confirmed_by(by, confirmed)?;
        self.not_in_force_yet(n)?;
        self.as_seen()?;
        if self.course.sent_back {
            return Err(Refusal::WaitsForPrescriber);
        }
        let rationale = rationale::of_this_resident(why, self.last_rationale.as_deref())?;
        Ok(Decision::new(PlanAct::Returned { n }, rationale))
    }

    /// A pharmacist takes a signature back before it is in force.
    pub fn withdraw(&self, by: &Staff, confirmed: &Confirmed, n: u32, why: &str) -> Result<Decision, Refusal> {
        confirmed_by(by, confirmed)?;
        self.signed(n)?;
        if !self.is_ahead(n) {
            return Err(Refusal::InForceAlready);
        }
        let rationale = rationale::reason(why)?;
        Ok(Decision::new(PlanAct::Withdrawn { n }, rationale))
    }

    /// A prescriber answers a plan that was sent back: the same steps again, as a new version, with what they answer.
    /// `next` is the number that no version has had.
    pub fn answer(
        &self,
        by: &Staff,
        confirmed: &Confirmed,
        (version, next): (u32, u32),
        why: &str,
    ) -> Result<Decision, Refusal> {
        confirmed_by(by, confirmed)?;
        if self.course.ended {
            return Err(Refusal::PlanNotRunning);
        }
        if self.plan.version != version || !self.course.sent_back {
            return Err(Refusal::PlanMoved);
        }
        if self.course.amendment.is_some() {
            return Err(Refusal::AmendmentWaits);
        }
        let rationale = rationale::of_this_resident(why, self.last_rationale.as_deref())?;
        Ok(Decision::new(PlanAct::Approved { version: next }, rationale))
    }

    /// A nurse pauses a signed reduction until its first dose has been recorded: the level before it continues.
    pub fn pause(&self, n: u32, why: &str) -> Result<Decision, Refusal> {
        self.signed(n)?;
        if self.begun >= Some(n) {
            return Err(Refusal::BegunAlready);
        }
        // What was ordered since, or an absence, has overtaken it: there is no reduction left to pause.
        let Some(signed) = self.course.stages.last().filter(|last| last.n == Some(n)) else {
            return Err(Refusal::ReductionMoved);
        };
        if self.has_come_to_nothing(signed) {
            return Err(Refusal::BegunAlready);
        }
        let rationale = rationale::reason(why)?;
        Ok(Decision::new(PlanAct::Paused { n }, rationale))
    }

    /// Nothing is given any more, and the first slot without a dose is over: of 0 mg no dose is ever recorded, and whether
    /// the medicine begins again after days without it is the prescriber's to say.
    fn has_come_to_nothing(&self, stage: &Stage) -> bool {
        stage.step.daily().is_zero() && stage.first_slot() < self.next
    }

    /// What is signed and begins here or later is not in force yet: at the next dose, and after whatever has begun.
    pub fn ahead_from(&self) -> Moment {
        let begun = self.course.stages.iter().rev().find(|stage| stage.n.is_some() && stage.n == self.begun);
        let after = begun.map(|stage| Moment::start_of(days_after(stage.from.on, 1)));
        after.map_or(self.next, |after| after.max(self.next))
    }

    /// The stage that is signed and not in force yet.
    pub fn ahead(&self) -> Option<&Stage> {
        self.course.stages.get(self.place_ahead()?)
    }

    fn place_ahead(&self) -> Option<usize> {
        self.course.place_ahead(self.ahead_from())
    }

    /// The stage that stays whatever is submitted now.
    pub fn settled(&self) -> Option<&Stage> {
        self.course.settled(self.place_ahead())
    }

    /// Signed, and not in force yet.
    pub fn is_ahead(&self, n: u32) -> bool {
        let signed = |r: &Reduction| matches!(r.standing, Standing::Signed { .. });
        let first = self.ahead().and_then(|stage| stage.n);
        first.is_some_and(|first| first <= n) && self.course.reduction(n).is_some_and(signed)
    }

    /// The waiting reduction, if it is the one asked about.
    fn waiting(&self, n: u32) -> Result<&Reduction, Refusal> {
        match self.course.waiting() {
            Some(open) if open.n == n => Ok(open),
            _ => Err(self.moved()),
        }
    }

    /// Waiting, or signed and still ahead: it can be held or sent back.
    pub fn not_in_force_yet(&self, n: u32) -> Result<(), Refusal> {
        match self.course.reduction(n).map(|r| &r.standing) {
            Some(Standing::Waiting) => Ok(()),
            _ if self.is_ahead(n) => Ok(()),
            _ => Err(self.moved()),
        }
    }

    /// That it is signed. A plan that has ended is taken up by a new one.
    fn signed(&self, n: u32) -> Result<(), Refusal> {
        if self.course.ended {
            return Err(Refusal::PlanNotRunning);
        }
        match self.course.reduction(n).map(|r| &r.standing) {
            Some(Standing::Signed { .. }) => Ok(()),
            Some(Standing::Waiting) => Err(Refusal::NotSigned),
            _ => Err(Refusal::ReductionMoved),
        }
    }

    fn moved(&self) -> Refusal {
        match &self.signed_by {
            Some((by, at)) => Refusal::AlreadySigned { by: by.clone(), at: at.clone() },
            None => Refusal::ReductionMoved,
        }
    }

    fn not_a_maker(&self, by: &Staff) -> Result<(), Refusal> {
        if self.makers.contains(&by.person) { Err(Refusal::OwnPlan) } else { Ok(()) }
    }

    fn not_yet(&self) -> Refusal {
        let earliest = self.course.due_on().unwrap_or(self.today);
        let opens_on = days_before(earliest, self.sign_ahead_days);
        Refusal::NotYet { earliest: Day(earliest), opens_on: Day(opens_on) }
    }

    fn reason_for_flags(&self, text: &str) -> Result<String, Refusal> {
        let text = rationale::tidy(text);
        let short = text.chars().count() < rationale::LEAST_CHARACTERS;
        if self.needs_reason && short { Err(Refusal::ReasonForFlags) } else { Ok(text) }
    }
}

/// A password given by somebody else confirms nothing.
pub(super) fn confirmed_by(by: &Staff, confirmed: &Confirmed) -> Result<(), Refusal> {
    if confirmed.person == by.person { Ok(()) } else { Err(Refusal::WrongPassword) }
}
