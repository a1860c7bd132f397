//! What bars as-needed doses of a medicine: its taper was suspended by an urgent order, or nobody has decided its level.

use chrono::{DateTime, Utc};

use crate::care::calendar::{Zone, clock_text};
use crate::care::medicine::Medicine;
use crate::care::refusal::Refusal;
use crate::care::taper::fact::{PlanAct, PlanFact};
use crate::care::taper::level::{Course, Footing, Stage};
use crate::care::taper::plan::Regimen;

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
        let decided_at = facts.iter().find(|fact| fact.id == earliest.authorised_by).map_or(began_at, said_at);
        Some(Barred { why, since: decided_at.min(began_at) })
    }

    /// The bars that a prescriber has lifted: why, from when, and until when. By the facts: of two that take effect at one dose
    /// the course has kept the later alone.
    pub fn lifted(
        course: &Course,
        facts: &[PlanFact],
        medicine: &Medicine,
        zone: Zone,
    ) -> Vec<(Why, DateTime<Utc>, DateTime<Utc>)> {
        let (mut lifted, mut open): (Vec<_>, Option<(Why, DateTime<Utc>)>) = (Vec::new(), None);
        for fact in facts {
            let Some(bar) = bars(course, fact, medicine, zone) else { continue };
            if let Some((why, since)) = open.filter(|_| bar.is_none()) {
                lifted.push((why, since, said_at(fact)));
            }
            open = bar.map(|bar| open.unwrap_or(bar));
        }
        lifted
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

/// When somebody decided: an order by telephone counts from the call.
fn said_at(fact: &PlanFact) -> DateTime<Utc> {
    fact.telephone.as_ref().map_or(fact.at, |call| call.called_at)
}

/// What a fact does to the bars: none of it where it says nothing of the level; and whether it bars, or lifts what did.
fn bars(course: &Course, fact: &PlanFact, medicine: &Medicine, zone: Zone) -> Option<Option<(Why, DateTime<Utc>)>> {
    match &fact.act {
        PlanAct::Ordered { regimen, from } => {
            let before = |stage: &&Stage| stage.footing == Footing::Planned && stage.from <= *from;
            let planned = course.stages.iter().rev().find(before);
            Some(leaves_none(planned, regimen, medicine).then(|| (Why::Suspended, said_at(fact))))
        }
        PlanAct::CameBack { settled: false, from, .. } => {
            Some(Some((Why::Undecided, fact.at.min(zone.at(from.on, from.slot)))))
        }
        PlanAct::SteppedBack { .. } | PlanAct::Stopped { .. } => Some(None),
        _ => None,
    }
}

fn why(course: &Course, stage: &Stage, medicine: &Medicine) -> Option<Why> {
    match stage.footing {
        Footing::Undecided => Some(Why::Undecided),
        Footing::Ordered if suspends(course, stage, medicine) => Some(Why::Suspended),
        _ => None,
    }
}

fn suspends(course: &Course, ordered: &Stage, medicine: &Medicine) -> bool {
    let planned = course.stages.iter().rev().find(|stage| stage.footing == Footing::Planned);
    leaves_none(planned, ordered.step.regimen(), medicine)
}

/// Nothing of the medicine is left by the order. One that the taper had ended before is suspended with all others only.
fn leaves_none(planned: Option<&Stage>, regimen: &Regimen, medicine: &Medicine) -> bool {
    let was_given = planned.is_some_and(|stage| stage.step.cycle.iter().any(|day| !day.daily_of(medicine).is_zero()));
    regimen.daily().is_zero() || (was_given && regimen.daily_of(medicine).is_zero())
}
