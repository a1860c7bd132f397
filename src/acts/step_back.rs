//! A prescriber steps back to an earlier, higher level from the next dose, at a screen or by telephone.

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, ordering_check};
use crate::care::taper::fact::PlanFact;
use crate::care::taper::order::Shown;
use crate::care::taper::reduction::Decision;
use crate::care::taper::telephone::Orderer;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;
use crate::store::facilities;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct StepBack {
    /// The id of the decision, made when the form was drawn.
    pub form: String,
    pub plan: String,
    pub shown: Shown,
    /// The step to go back to; none where nobody chose one.
    pub step: Option<u32>,
    pub rationale: String,
}

pub fn step_back(conn: &mut Conn, by: &Orderer, ask: &StepBack, now: DateTime<Utc>) -> Result<PlanFact, ActError> {
    let telephone = ordering_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, 0, now)?;
    found.case.as_shown(&ask.shown, found.file.facts.len())?;
    let shelves = facilities::shelves_load(conn, &found.facility.id)?;
    let decision = found.case.step_back(ask.step, &shelves, &ask.rationale)?;
    let decided = DecidedBy::ordering(&ask.form, by, now);
    let decision = Decision { telephone, ..decision };
    Ok(decision_save(conn, &mut found, &decided, "step_back", decision, &())?)
}
