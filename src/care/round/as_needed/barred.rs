//! What bars as-needed doses of a medicine: its taper was suspended by an urgent order, or nobody has decided its level.

use chrono::{DateTime, Utc};

use crate::care::calendar::{Zone, clock_text};
use crate::care::medicine::Medicine;
use crate::care::refusal::Refusal;
use crate::care::taper::fact::PlanFact;
use crate::care::taper::level::{Course, Footing, Stage};

/// Why no as-needed dose of a medicine is given now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A prescriber suspended it for the resident's safety.
    Suspended,
    /// The resident came back, and no prescriber has decided its level.
    Undecided,
}

/// A bar, until a prescriber decides the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Barred {
    pub why: Why,
    /// What was given before that can still be written down.
    pub since: DateTime<Utc>,
}

impl Barred {
    /// By the course of the running plan that holds the medicine. An order bars from the moment it was given, not only from
    /// the next scheduled dose; and an absence between two bars lifts none.
    pub fn by(course: &Course, facts: &[PlanFact], medicine: &Medicine, zone: Zone) -> Option<Barred> {
        let here = course.stages.iter().rev().filter(|stage| stage.footing != Footing::Away);
        let run: Vec<(&Stage, Why)> = here.map_while(|stage| Some((stage, why(course, stage, medicine)?))).collect();
        let (why, earliest) = (run.first()?.1, run.last()?.0);
        let began_at = zone.at(earliest.from.on, earliest.from.slot);
        let decided_at = facts.iter().find(|fact| fact.id == earliest.authorised_by).map_or(began_at, |fact| fact.at);
        Some(Barred { why, since: decided_at.min(began_at) })
    }

    /// Says what to do instead.
    pub fn refusal(self, medicine: &Medicine, zone: Zone, now: DateTime<Utc>) -> Refusal {
        let (medicine, at) = (medicine.to_string(), clock_text(zone, self.since, now));
        match self.why {
            Why::Suspended => Refusal::AsNeededSuspended { medicine, at },
            Why::Undecided => Refusal::AsNeededUndecided { medicine },
        }
    }
}

fn why(course: &Course, stage: &Stage, medicine: &Medicine) -> Option<Why> {
    match stage.footing {
        Footing::Undecided => Some(Why::Undecided),
        Footing::Ordered if suspends(course, stage, medicine) => Some(Why::Suspended),
        _ => None,
    }
}

/// Nothing of the medicine is left by the order. One that the taper had ended before is suspended with all others only.
fn suspends(course: &Course, ordered: &Stage, medicine: &Medicine) -> bool {
    let planned = course.stages.iter().rev().find(|stage| stage.footing == Footing::Planned);
    let was_given = planned.is_some_and(|stage| stage.step.cycle.iter().any(|day| !day.daily_of(medicine).is_zero()));
    let regimen = ordered.step.regimen();
    regimen.daily().is_zero() || (was_given && regimen.daily_of(medicine).is_zero())
}
