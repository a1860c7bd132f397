//! What happened to a plan that people hear of at once, or until somebody answers it.

use chrono::{DateTime, Utc};

use super::{approves, last_turn_of};
use crate::care::taper::level::{Course, Footing, PlanAct, PlanFact};

/// What happened, about which reduction, when, and whose plan it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    pub plan: String,
    pub n: u32,
    pub at: DateTime<Utc>,
    pub kind: TurnKind,
    /// The prescriber who approved the version.
    pub prescriber: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnKind {
    /// A signed reduction was paused before its first dose, and nobody has decided since.
    Paused,
    /// Nothing of the plan can be signed until a prescriber has answered.
    SentBack,
    /// An abrupt stop waits for a pharmacist; `n` is the place of the fact that asks for it.
    StopAsked,
    /// Other steps wait for a prescriber; `n` is their version.
    Amended,
    /// An urgent order stands: the level is a prescriber's to decide; `n` is the place of the order.
    OrderStands,
    /// Nobody has decided the dose since a return; `n` is the place of the fact that says they are back.
    Undecided,
}

impl TurnKind {
    /// Nobody can answer it about somebody who died or was discharged: it waits until they come back, if they do.
    fn rests_once_gone(self) -> bool {
        matches!(self, TurnKind::SentBack | TurnKind::Amended | TurnKind::OrderStands)
    }
}

impl Turn {
    /// The turns of a running plan that people hear of. Of somebody who is `gone` for good a stop that somebody asked for
    /// still wants its answer.
    pub fn all(plan: &str, course: &Course, facts: &[PlanFact], gone: bool) -> Vec<Turn> {
        let prescriber = last_turn_of(facts, approves).map(|fact| fact.by.clone());
        let turn = |(kind, fact): (TurnKind, &PlanFact)| Turn {
            plan: plan.to_owned(),
            n: fact.act.n().or(fact.act.version()).unwrap_or(fact.seq),
            at: fact.at,
            kind,
            prescriber: prescriber.clone(),
        };
        [paused(facts), ordered(course, facts), undecided(course, facts), waits(course, facts)]
            .into_iter()
            .flatten()
            .filter(|(kind, _)| !(gone && kind.rests_once_gone()))
            .map(turn)
            .collect()
    }
}

/// A signed reduction was paused, and nothing was decided since.
fn paused(facts: &[PlanFact]) -> Option<(TurnKind, &PlanFact)> {
    let last = last_turn_of(facts, decides_anew).filter(|last| matches!(last.act, PlanAct::Paused { .. }))?;
    Some((TurnKind::Paused, last))
}

/// A decision about the dose or its reductions. A review and a confirmation change neither; an absence, a return and a severe
/// sign are no decision of those who have to hear of a pause.
fn decides_anew(act: &PlanAct) -> bool {
    !matches!(
        act,
        PlanAct::Reviewed { .. }
            | PlanAct::Affirmed { .. }
            | PlanAct::Left { .. }
            | PlanAct::CameBack { .. }
            | PlanAct::Alarmed { .. }
            | PlanAct::Released { .. }
    )
}

fn ordered<'a>(course: &Course, facts: &'a [PlanFact]) -> Option<(TurnKind, &'a PlanFact)> {
    let stands = course.stages.last().filter(|stage| stage.footing == Footing::Ordered && !course.ended)?;
    Some((TurnKind::OrderStands, facts.iter().find(|fact| fact.id == stands.authorised_by)?))
}

fn undecided<'a>(course: &Course, facts: &'a [PlanFact]) -> Option<(TurnKind, &'a PlanFact)> {
    let back = course.stages.last().filter(|stage| stage.footing == Footing::Undecided)?;
    Some((TurnKind::Undecided, facts.iter().find(|fact| fact.id == back.authorised_by)?))
}

/// What waits for somebody's answer. While a stop waits, nothing else is answered.
fn waits<'a>(course: &Course, facts: &'a [PlanFact]) -> Option<(TurnKind, &'a PlanFact)> {
    if let Some(asked) = &course.stop_asked {
        return Some((TurnKind::StopAsked, facts.iter().find(|fact| fact.id == *asked)?));
    }
    if course.amendment.is_some() {
        let amended = last_turn_of(facts, |act| matches!(act, PlanAct::Amended { .. }))?;
        return Some((TurnKind::Amended, amended));
    }
    let back = last_turn_of(facts, |act| matches!(act, PlanAct::Returned { .. })).filter(|_| course.sent_back)?;
    Some((TurnKind::SentBack, back))
}
