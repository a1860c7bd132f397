//! What a prescriber's order leaves of a dose that was due before the order took effect, and was not given by then: the order
//! bars from the moment it was given, as it does for as-needed doses. So does a return after which nobody has decided the
//! level. What was taken before can still be written down.

use chrono::{DateTime, Utc};

use crate::care::amount::Amount;
use crate::care::calendar::{Moment, Zone, clock_text};
use crate::care::refusal::Refusal;
use crate::care::taper::fact::{PlanAct, PlanFact};
use crate::care::taper::level::{Course, Footing, Stage};
use crate::care::taper::schedule::DoseKey;

/// An urgent order, a stop, or a question to a prescriber, that comes after a dose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderedSince {
    /// At most so much of the dose is given from then on.
    pub most: Amount,
    /// When the prescriber said so, or somebody came back.
    pub since: DateTime<Utc>,
    /// Nobody has decided the level since an absence.
    pub undecided: bool,
}

impl OrderedSince {
    /// By the course of the dose's plan. None where a prescriber has decided the level since, or it leaves the dose whole.
    pub fn by(course: &Course, facts: &[PlanFact], key: &DoseKey, amount: Amount) -> Option<OrderedSince> {
        let moment = Moment { on: key.on, slot: key.slot };
        let here = |stage: &&Stage| stage.footing != Footing::Away;
        let mut later = course.stages.iter().rev().take_while(|stage| stage.from > moment).filter(here);
        let last = match later.next()? {
            open if open.footing == Footing::Undecided => return asked(facts, open, moment, amount),
            planned if planned.footing == Footing::Planned => gone_on_from(planned, later)?,
            ordered => ordered,
        };
        let most = last.step.regimen().amount(key.slot, &key.medicine);
        let since = said_at(facts.iter().find(|fact| fact.id == last.authorised_by)?);
        (most < amount).then_some(OrderedSince { most, since, undecided: false })
    }

    /// Whether so much may not be given at a time. An order that a clock ran ahead to write down was given by now.
    pub fn bars(self, given: Amount, given_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        given > self.most && given_at >= self.since.min(now)
    }

    /// What whoever would give more is told.
    pub fn refusal(self, zone: Zone, now: DateTime<Utc>) -> Refusal {
        if self.undecided {
            return Refusal::DoseUndecidedSince { at: clock_text(zone, self.since, now) };
        }
        let what = match self.most.is_zero() {
            true => "do not give this dose, and record it as withheld".to_owned(),
            false => format!("give at most {} of this dose, and record it as given in part", self.most),
        };
        Refusal::DoseOrdered { at: clock_text(zone, self.since, now), what }
    }
}

/// The order that a plan goes on from, which raises nothing again: neither by its signatures, nor by a short absence.
fn gone_on_from<'a>(mut planned: &'a Stage, before: impl Iterator<Item = &'a Stage>) -> Option<&'a Stage> {
    for stage in before {
        match stage.footing {
            Footing::Ordered if stage.step.cycle == planned.step.cycle => return Some(stage),
            Footing::Planned if planned.n.is_some() || stage.step == planned.step => planned = stage,
            _ => return None,
        }
    }
    None
}

/// Nothing is given before somebody has decided, nor since an order that the absence has overtaken.
fn asked(facts: &[PlanFact], open: &Stage, dose: Moment, amount: Amount) -> Option<OrderedSince> {
    let at = facts.iter().position(|fact| fact.id == open.authorised_by)?;
    let undone = facts[..at].iter().rposition(|fact| matches!(fact.act, PlanAct::SteppedBack { .. }));
    let orders = facts[undone.unwrap_or(0)..at].iter().filter(|fact| match fact.act {
        PlanAct::Ordered { from, .. } | PlanAct::Stopped { from } => from > dose,
        _ => false,
    });
    let since = orders.map(said_at).chain([facts[at].at]).min()?;
    (!amount.is_zero()).then_some(OrderedSince { most: Amount::ZERO, since, undecided: true })
}

/// A telephone order bars from the call on.
fn said_at(fact: &PlanFact) -> DateTime<Utc> {
    fact.telephone.as_ref().map_or(fact.at, |call| call.called_at)
}
