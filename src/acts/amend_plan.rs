//! A prescriber submits other steps for a plan that runs. No dose changes by it, and nothing is signed until it is approved.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, standing_check};
use crate::care::amount::Amount;
use crate::care::people::{Actor, Prescriber};
use crate::care::refusal::Refusal;
use crate::care::taper::amendment::Amendment;
use crate::care::taper::late::LateRule;
use crate::care::taper::level::PlanFact;
use crate::care::taper::plan::{Plan, Step};
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;
use crate::store::plans::PlanState;
use crate::store::{facilities, plans};

/// What is submitted.
#[derive(Debug, Clone)]
pub struct AmendPlan {
    /// The id of the decision, made when the form was drawn.
    pub form: String,
    pub plan: String,
    /// How many decisions about the plan the page showed.
    pub decisions_seen: u32,
    pub amended: Amended,
    /// Why the steps change, for this resident.
    pub rationale: String,
}

/// What of a plan an amendment may make otherwise.
#[derive(Debug, Clone)]
pub struct Amended {
    /// All of them, from the baseline on.
    pub steps: Vec<Step>,
    pub goal: Amount,
    pub protocol: String,
    pub settings: BTreeMap<String, String>,
    /// What is done with a missed or late dose.
    pub late: LateRule,
}

impl Amended {
    /// The plan as it would be, under a new number.
    pub fn of(&self, plan: &Plan, version: u32) -> Plan {
        let first = self.steps.get(1).map_or(plan.first_reduction_on, |step| step.planned_on);
        Plan {
            version,
            steps: self.steps.clone(),
            goal: self.goal,
            protocol: self.protocol.clone(),
            settings: self.settings.clone(),
            late: Some(self.late.clone()),
            first_reduction_on: first,
            ..plan.clone()
        }
    }

    /// Whether a plan is what it would be with these.
    fn stand_in(&self, plan: &Plan) -> bool {
        self.of(plan, plan.version) == *plan
    }
}

pub fn amend_plan(conn: &mut Conn, by: &Prescriber, ask: &AmendPlan, now: DateTime<Utc>) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        let file = plans::plan_load(conn, &ask.plan)?;
        let same = first
            .act
            .version()
            .and_then(|version| file.version(version))
            .is_some_and(|kept| ask.amended.stand_in(kept));
        return if same { Ok(first) } else { Err(Refusal::FormReused.into()) };
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, 0, now)?;
    if found.file.state != PlanState::Running {
        return Err(Refusal::PlanNotRunning.into());
    }
    let shelves = facilities::shelves_load(conn, &found.facility.id)?;
    let authors = found.file.makers_with(&by.staff().person);
    let plan = Plan { authors, ..ask.amended.of(&found.file.plan, found.file.next_version()) };
    let amendment = Amendment { plan: &plan, decisions_seen: ask.decisions_seen, why: &ask.rationale };
    let decision = found.case.amend(&amendment, found.file.facts.len() as u32, &shelves)?;
    plans::version_insert(conn, &plan, &by.staff().person, now)?;
    found.file.others.push(plan.clone());
    let decided = DecidedBy::new(&ask.form, by, now);
    Ok(decision_save(conn, &mut found, &decided, "amend_plan", decision, &plan)?)
}
