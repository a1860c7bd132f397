//! What a prescriber's order leaves of a dose that was due before the order took effect, and was not given by then: the order
//! bars from the moment it was given, as it does for as-needed doses. What was taken before can still be written down.

use chrono::{DateTime, Utc};

use crate::care::amount::Amount;
use crate::care::calendar::{Moment, Zone, clock_text};
use crate::care::refusal::Refusal;
use crate::care::taper::fact::PlanFact;
use crate::care::taper::level::{Course, Footing, Stage};
use crate::care::taper::schedule::DoseKey;

/// An urgent order, or a stop, that takes effect after a dose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderedSince {
    /// At most so much of the dose is given from then on.
    pub most: Amount,
    /// When the prescriber said so.
    pub since: DateTime<Utc>,
}

impl OrderedSince {
    /// By the course of the dose's plan. None where a prescriber has decided the level since, or it leaves the dose whole.
    pub fn by(course: &Course, facts: &[PlanFact], key: &DoseKey, amount: Amount) -> Option<OrderedSince> {
        let moment = Moment { on: key.on, slot: key.slot };
        let decided = |stage: &&Stage| !matches!(stage.footing, Footing::Away | Footing::Undecided);
        let mut later = course.stages.iter().rev().take_while(|stage| stage.from > moment).filter(decided);
        let last = match later.next()? {
            // A plan that goes on from what was ordered raises nothing again.
            planned if planned.footing == Footing::Planned => later.next().filter(|before| goes_on(before, planned))?,
            ordered => ordered,
        };
        let most = last.step.regimen().amount(key.slot, &key.medicine);
        let fact = facts.iter().find(|fact| fact.id == last.authorised_by)?;
        let since = fact.telephone.as_ref().map_or(fact.at, |call| call.called_at);
        (most < amount).then_some(OrderedSince { most, since })
    }

    /// Whether so much may not be given at a time. An order that a clock ran ahead to write down was given by now.
    pub fn bars(self, given: Amount, given_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        given > self.most && given_at >= self.since.min(now)
    }

    /// What whoever would give more is told.
    pub fn refusal(self, zone: Zone, now: DateTime<Utc>) -> Refusal {
        let what = match self.most.is_zero() {
            true => "do not give this dose, and record it as withheld".to_owned(),
            false => format!("give at most {} of this dose, and record it as given in part", self.most),
        };
        Refusal::DoseOrdered { at: clock_text(zone, self.since, now), what }
    }
}

fn goes_on(ordered: &Stage, planned: &Stage) -> bool {
    ordered.footing == Footing::Ordered && ordered.step.cycle == planned.step.cycle
}
