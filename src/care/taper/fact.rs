//! What was decided about a plan: one fact for each decision, in order, for ever.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::plan::Regimen;
use crate::care::calendar::Moment;

/// What was decided about a plan, in the order of `seq`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanFact {
    pub id: String,
    pub seq: u32,
    /// The person's id; of a telephone order whoever wrote it down.
    pub by: String,
    pub at: DateTime<Utc>,
    /// The civil day of `at` in the facility.
    pub on: NaiveDate,
    /// What was signed and begins here or later was not in force yet when it was decided. None in a fact of before this was
    /// kept: there it was whatever began on a later day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead_from: Option<Moment>,
    pub rationale: String,
    /// How it was ordered, where the prescriber was not at a screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<Telephone>,
    pub act: PlanAct,
}

/// An order given by telephone. It acts at once; the prescriber confirms it within 24 hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telephone {
    /// The prescriber who gave the order.
    pub prescriber: String,
    pub called_at: DateTime<Utc>,
    /// The second person, who heard it read back.
    pub heard_by: String,
}

impl Telephone {
    /// Who took part beside whoever wrote it down.
    pub fn people(&self) -> [&str; 2] {
        [&self.prescriber, &self.heard_by]
    }
}

/// The kinds of decision; `n` is the number of the reduction it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PlanAct {
    /// A prescriber approved a version. The first approval puts the baseline in force.
    Approved { version: u32 },
    /// A prescriber submitted other steps: nothing of the plan is signed until the version is approved or dropped.
    Amended { version: u32 },
    /// A prescriber took a submitted amendment back.
    Dropped { version: u32 },
    /// A pharmacist signed reduction `n`, which leads to `step` from the first dose of `effective_on`.
    Signed { n: u32, step: u32, effective_on: NaiveDate },
    /// Somebody decided to stay, and to look again on a day.
    Held { n: u32, reassess_on: NaiveDate },
    /// A hold was ended before its day. The reduction still waits for its signature.
    HoldEnded { n: u32 },
    /// A pharmacist sent the plan back to the prescriber.
    Returned { n: u32 },
    /// A pharmacist took a signature back before it was in force.
    Withdrawn { n: u32 },
    /// A nurse paused a signed reduction before its first dose.
    Paused { n: u32 },
    /// A prescriber returned to a step that was in force before, or decided the level anew.
    SteppedBack { step: u32, from: Moment },
    /// An urgent order: a prescriber suspended or lowered for the resident's safety. It is not a reduction.
    Ordered { regimen: Regimen, from: Moment },
    /// A pharmacist reviewed an urgent order, the fact `of`.
    Reviewed { of: String },
    /// A prescriber confirmed their telephone order, the fact `of`.
    Affirmed { of: String },
    /// A prescriber asked for an abrupt stop. The level stays until a pharmacist has countersigned.
    StopAsked,
    /// A pharmacist declined to countersign: the plan goes on.
    StopDeclined,
    /// A pharmacist countersigned the stop.
    Stopped { from: Moment },
    /// The plan was closed at its end.
    Finished,
    /// A severe sign of the resident: nothing is signed until a prescriber has released it.
    Alarmed { sign: String, withhold: bool },
    /// A prescriber released the reductions after a severe sign.
    Released { sign: String },
    /// The resident left: no doses are due here.
    Left { absence: String, from: Moment },
    /// The resident came back. Settled: on the dose they left with; else a prescriber decides, and every slot says so.
    CameBack { absence: String, from: Moment, settled: bool },
}

/// What was written at the last decision that weighed the taper.
pub fn last_rationale(facts: &[PlanFact]) -> Option<&String> {
    let weighed = facts.iter().rev().filter(|fact| fact.act.is_weighed());
    weighed.map(|fact| &fact.rationale).find(|text| !text.is_empty())
}

/// The absences that ended since somebody last decided the level, the newest first: what is known of each is for whoever decides.
pub fn ended_undecided<'a>(facts: &'a [PlanFact]) -> Vec<&'a str> {
    let ended = |act: &'a PlanAct| match act {
        PlanAct::CameBack { absence, .. } => Some(absence.as_str()),
        _ => None,
    };
    facts.iter().rev().map(|fact| &fact.act).take_while(|act| !act.decides_the_level()).filter_map(ended).collect()
}

impl PlanFact {
    /// Whose word it is: of a telephone order the prescriber who gave it.
    pub fn decided_by(&self) -> &str {
        self.telephone.as_ref().map_or(&self.by, |call| &call.prescriber)
    }

    /// Of a hold among the plan’s facts, the day it lasts until: the one it said, or the one on which somebody ended it.
    pub fn held_until(&self, facts: &[PlanFact]) -> Option<NaiveDate> {
        let PlanAct::Held { reassess_on, .. } = self.act else { return None };
        let ended = facts.iter().find(|fact| fact.seq > self.seq && matches!(fact.act, PlanAct::HoldEnded { .. }));
        Some(ended.map_or(reassess_on, |ended| reassess_on.min(ended.on)))
    }
}

impl PlanAct {
    /// Somebody chose the dose by it.
    fn decides_the_level(&self) -> bool {
        match self {
            PlanAct::CameBack { settled, .. } => *settled,
            PlanAct::Signed { .. } | PlanAct::SteppedBack { .. } => true,
            PlanAct::Ordered { .. } | PlanAct::Stopped { .. } => true,
            _ => false,
        }
    }

    /// The word of the kind, as stored.
    pub fn kind(&self) -> &'static str {
        match self {
            PlanAct::Approved { .. } => "approved",
            PlanAct::Amended { .. } => "amended",
            PlanAct::Dropped { .. } => "dropped",
            PlanAct::Signed { .. } => "signed",
            PlanAct::Held { .. } => "held",
            PlanAct::HoldEnded { .. } => "hold_ended",
            PlanAct::Returned { .. } => "returned",
            PlanAct::Withdrawn { .. } => "withdrawn",
            PlanAct::Paused { .. } => "paused",
            PlanAct::SteppedBack { .. } => "stepped_back",
            PlanAct::Ordered { .. } => "ordered",
            PlanAct::Reviewed { .. } => "reviewed",
            PlanAct::Affirmed { .. } => "affirmed",
            PlanAct::StopAsked => "stop_asked",
            PlanAct::StopDeclined => "stop_declined",
            PlanAct::Stopped { .. } => "stopped",
            PlanAct::Finished => "finished",
            PlanAct::Alarmed { .. } => "alarmed",
            PlanAct::Released { .. } => "released",
            PlanAct::Left { .. } => "left",
            PlanAct::CameBack { .. } => "came_back",
        }
    }

    /// A pharmacist or a prescriber has weighed the taper: its rationale is of this resident, and the next such decision says it
    /// in other words. What a nurse notes of a pause or an absence is none.
    pub fn is_weighed(&self) -> bool {
        match self {
            PlanAct::Approved { .. }
            | PlanAct::Amended { .. }
            | PlanAct::Dropped { .. }
            | PlanAct::Signed { .. }
            | PlanAct::Held { .. }
            | PlanAct::HoldEnded { .. }
            | PlanAct::Returned { .. }
            | PlanAct::SteppedBack { .. }
            | PlanAct::Ordered { .. }
            | PlanAct::Reviewed { .. }
            | PlanAct::StopAsked
            | PlanAct::StopDeclined
            | PlanAct::Stopped { .. } => true,
            PlanAct::Withdrawn { .. }
            | PlanAct::Paused { .. }
            | PlanAct::Affirmed { .. }
            | PlanAct::Finished
            | PlanAct::Alarmed { .. }
            | PlanAct::Released { .. }
            | PlanAct::Left { .. }
            | PlanAct::CameBack { .. } => false,
        }
    }

    /// The reduction it is about, where it is about one.
    pub fn n(&self) -> Option<u32> {
        match *self {
            PlanAct::Signed { n, .. }
            | PlanAct::Held { n, .. }
            | PlanAct::HoldEnded { n }
            | PlanAct::Returned { n }
            | PlanAct::Withdrawn { n }
            | PlanAct::Paused { n } => Some(n),
            _ => None,
        }
    }

    /// The version it is about, where it is about one.
    pub fn version(&self) -> Option<u32> {
        match *self {
            PlanAct::Approved { version } | PlanAct::Amended { version } | PlanAct::Dropped { version } => {
                Some(version)
            }
            _ => None,
        }
    }

    /// From which moment the level may be another, where the fact itself says so.
    pub fn from(&self) -> Option<Moment> {
        match *self {
            PlanAct::Signed { effective_on, .. } => Some(Moment::start_of(effective_on)),
            PlanAct::SteppedBack { from, .. }
            | PlanAct::Ordered { from, .. }
            | PlanAct::Stopped { from }
            | PlanAct::Left { from, .. }
            | PlanAct::CameBack { from, .. } => Some(from),
            _ => None,
        }
    }
}

/// When a decision made now is written down: never before the decision before it, whatever the clock says.
pub fn written_at(facts: &[PlanFact], now: DateTime<Utc>) -> DateTime<Utc> {
    facts.last().map_or(now, |last| last.at.max(now))
}
