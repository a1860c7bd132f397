//! What should be, told naively from what was answered "saved": who may act, who made a plan, what stands recorded.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use stepdown::care::amount::Amount;
use stepdown::care::people::Role;
use stepdown::care::round::outcome::Outcome;
use stepdown::care::taper::fact::{PlanAct, PlanFact};
use stepdown::care::taper::level::Course;
use stepdown::care::taper::plan::Plan;
use stepdown::care::taper::schedule::{DoseKey, DoseLevel, LaidDose};

use crate::allowed::{Around, was_allowed};
use crate::laid::{as_told, due_by, nothing_lower_than_signed, said};
use crate::model::Model;
use crate::page::{Claim, Page};

/// A plan as the naive model tells it.
#[derive(Clone)]
pub struct PlanKnown {
    pub model: Model,
    pub facts: Vec<PlanFact>,
    /// Who submitted the amendment that waits.
    submitted_by: Option<String>,
    /// What was recorded, as it was given.
    given: BTreeMap<DoseKey, DoseLevel>,
}

/// One record of a dose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub id: String,
    pub outcome: Outcome,
    pub given: Amount,
}

#[derive(Default, Clone)]
pub struct Known {
    /// Every form that was answered "saved", and what the clock showed then.
    pub saved: BTreeMap<String, DateTime<Utc>>,
    /// Who holds a role, and until when.
    roles: BTreeMap<(String, Role), Option<DateTime<Utc>>>,
    /// Whoever drafted or approved what is in force of a plan.
    makers: BTreeMap<String, BTreeSet<String>>,
    pub plans: BTreeMap<String, PlanKnown>,
    /// Of each dose what stands; none where a correction left nothing.
    pub standing: BTreeMap<String, Option<Told>>,
}

impl Known {
    pub fn hired(&mut self, person: &str, role: Role) {
        self.roles.insert((person.to_owned(), role), None);
    }

    pub fn may(&self, person: &str, role: Role, now: DateTime<Utc>) -> bool {
        self.roles.get(&(person.to_owned(), role)).is_some_and(|until| until.is_none_or(|until| until > now))
    }

    pub fn holders(&self, role: Role, now: DateTime<Utc>) -> Vec<String> {
        let all = self.roles.keys().filter(|(_, held)| *held == role);
        all.map(|(person, _)| person.clone()).filter(|person| self.may(person, role, now)).collect()
    }

    /// Whether somebody else holds every role of theirs.
    pub fn leaves_others(&self, person: &str, now: DateTime<Utc>) -> bool {
        let theirs: Vec<Role> = self.roles.keys().filter(|(one, _)| one == person).map(|(_, role)| *role).collect();
        theirs.into_iter().all(|role| self.holders(role, now).iter().any(|other| other != person))
    }

    /// A page was answered "saved" for the first time.
    pub fn take(&mut self, page: &Page, now: DateTime<Utc>) -> Result<(), String> {
        if !self.may(&page.who.person, page.role, now) {
            return Err(format!("P14: {page:?} was saved, and they do not hold the role"));
        }
        self.saved.insert(page.form.clone(), now);
        match &page.claim {
            Claim::Done | Claim::Admitted | Claim::LettersGo | Claim::AsNeeded { .. } => {}
            Claim::Made { plan } => {
                self.makers.entry(plan.clone()).or_default().insert(page.who.person.clone());
            }
            Claim::Hired { person, role, until } => {
                self.roles.insert((person.clone(), *role), *until);
            }
            Claim::Gone { person, role: None } => self.roles.retain(|(one, _), _| one != person),
            Claim::Gone { person, role: Some(role) } => {
                self.roles.remove(&(person.clone(), *role));
            }
            Claim::Recorded { dose, outcome, given } => {
                let told = Told { id: page.form.clone(), outcome: *outcome, given: *given };
                if let Some(Some(first)) = self.standing.insert(dose.clone(), Some(told)) {
                    return Err(format!("P6: {page:?} was saved, and {first:?} stood"));
                }
            }
            Claim::Corrected { dose, record, instead } => {
                let told = instead.map(|(outcome, given)| Told { id: page.form.clone(), outcome, given });
                let was = self.standing.insert(dose.clone(), told);
                if was.flatten().map(|was| was.id).as_ref() != Some(record) {
                    return Err(format!("P6: {page:?} was saved, and that record did not stand"));
                }
            }
        }
        Ok(())
    }

    /// New decisions about a plan, each held against what was allowed.
    pub fn follow(&mut self, versions: &[&Plan], facts: &[PlanFact]) -> Result<(), String> {
        let plan = versions.iter().min_by_key(|plan| plan.version).expect("a plan has a version");
        let makers = self.makers.entry(plan.id.clone()).or_default();
        let known = self.plans.entry(plan.id.clone()).or_insert_with(|| PlanKnown::new(plan));
        versions.iter().for_each(|version| known.model.know(version));
        for fact in &facts[known.facts.len()..] {
            let before = known.model.clone();
            known.model.take(fact);
            known.facts.push(fact.clone());
            match fact.act {
                PlanAct::Amended { .. } => known.submitted_by = Some(fact.by.clone()),
                PlanAct::Dropped { .. } => known.submitted_by = None,
                PlanAct::Approved { .. } => {
                    makers.extend(known.submitted_by.take().into_iter().chain([fact.by.clone()]))
                }
                _ => {}
            }
            let recorded = known.recorded();
            let around = Around { makers, recorded: &recorded, after: &known.model };
            let first = matches!(fact.act, PlanAct::Approved { .. }) && before.last().is_none();
            if !first {
                was_allowed(&before, fact, &around).map_err(|why| format!("P2, P3, P4, P8: {fact:?}: {why}"))?;
            }
        }
        Ok(())
    }
}

impl PlanKnown {
    fn new(plan: &Plan) -> PlanKnown {
        PlanKnown { model: Model::new(plan), facts: Vec::new(), submitted_by: None, given: BTreeMap::new() }
    }

    /// The numbers of the signed reductions of which a dose was recorded.
    fn recorded(&self) -> BTreeSet<u32> {
        let signed_as = |id: &str| self.facts.iter().find(|fact| fact.id == id).and_then(|fact| fact.act.n());
        self.given.values().filter_map(|dose| signed_as(&dose.authorised_by)).collect()
    }

    /// The rows as they lie there. What was recorded since stays as it was then, and is held against what
    /// was due where it is looked at closely, after each act; what was reopened follows again.
    pub fn laid(&mut self, rows: &BTreeMap<DoseKey, LaidDose>, until: NaiveDate, closely: bool) -> Result<(), String> {
        self.given.retain(|key, _| rows.get(key).is_some_and(|row| row.recorded));
        for row in rows.values().filter(|row| row.recorded) {
            if closely && !self.given.contains_key(&row.key) {
                given_as_due(&self.model, row).map_err(|why| format!("P1: {why}"))?;
            }
            self.given.entry(row.key.clone()).or_insert_with(|| row.level.clone());
        }
        as_told(&self.model, rows, &self.given, until).map_err(|why| format!("P1, P5: {why}"))
    }

    pub fn nothing_lower(&self, course: &Course) -> Result<(), String> {
        let standings: Vec<_> = course.reductions.iter().map(|one| (one.n, one.standing.clone())).collect();
        nothing_lower_than_signed(&self.model, &self.facts, &standings).map_err(|why| format!("P2: {why}"))
    }
}

/// P1 at the bedside: what somebody has just recorded is what was due there when they did. Of a dose that is no longer part of
/// the plan, what was taken before is written down.
fn given_as_due(model: &Model, row: &LaidDose) -> Result<(), String> {
    let (given, due) = (said(&row.level), due_by(model, &row.key));
    if row.void || due.as_ref() == Some(&given) {
        return Ok(());
    }
    Err(format!("{:?} was recorded as {given:?}, and the model says {due:?}", row.key))
}
