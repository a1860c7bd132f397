//! Plans with their versions, steps and facts: rows in, care values out.

mod facts;
mod keep;
mod versions;

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

pub use facts::{plan_fact_find, plan_fact_insert, statement_load};
pub use keep::{draft_insert, draft_replace, plan_laid, plan_move, version_insert};

use self::facts::facts_of;
pub use self::versions::late_rule_load;
use self::versions::{Drafted, Versions};
use super::StoreError;
use super::db::Conn;
use super::schema::{plan_facts, plan_medicines, plans};
use crate::care::taper::level::{Course, PlanAct, PlanFact};
use crate::care::taper::plan::Plan;

/// Where a plan is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanState {
    Draft,
    Running,
    Ended,
    Discarded,
}

impl PlanState {
    pub fn word(self) -> &'static str {
        match self {
            PlanState::Draft => "draft",
            PlanState::Running => "running",
            PlanState::Ended => "ended",
            PlanState::Discarded => "discarded",
        }
    }

    fn of_word(word: &str) -> Result<PlanState, StoreError> {
        let all = [PlanState::Draft, PlanState::Running, PlanState::Ended, PlanState::Discarded];
        all.into_iter().find(|s| s.word() == word).ok_or_else(|| StoreError::Corrupt(format!("plan state {word}")))
    }
}

/// A plan as it lies in the store: the version in force, its facts, and the lock.
#[derive(Debug, Clone)]
pub struct PlanFile {
    pub plan: Plan,
    pub state: PlanState,
    pub facts: Vec<PlanFact>,
    /// Doses exist up to and with this day.
    pub laid_until: Option<NaiveDate>,
    /// Grows with every change; a writer that saw an older one has to look again.
    pub revision: i64,
    /// The person's id, and when.
    pub drafted_by: String,
    pub drafted_at: DateTime<Utc>,
    /// The versions before the one in force, and those submitted after it.
    pub others: Vec<Plan>,
}

impl PlanFile {
    pub fn course(&self) -> Course {
        let versions: Vec<&Plan> = std::iter::once(&self.plan).chain(&self.others).collect();
        Course::of(&versions, &self.facts)
    }

    /// What followed from some of the facts, by their ids.
    pub fn course_by(&self, known: &HashSet<String>) -> Course {
        let versions: Vec<&Plan> = std::iter::once(&self.plan).chain(&self.others).collect();
        let known: Vec<PlanFact> = self.facts.iter().filter(|fact| known.contains(&fact.id)).cloned().collect();
        Course::of(&versions, &known)
    }

    /// A version of the plan, in force or not.
    pub fn version(&self, version: u32) -> Option<&Plan> {
        std::iter::once(&self.plan).chain(&self.others).find(|plan| plan.version == version)
    }

    /// The number that no version has had yet.
    pub fn next_version(&self) -> u32 {
        let known = std::iter::once(&self.plan).chain(&self.others).map(|plan| plan.version);
        known.max().unwrap_or(0) + 1
    }

    /// A version takes the place of the one in force, which stays readable.
    pub fn put_in_force(&mut self, plan: Plan) {
        self.others.retain(|other| other.version != plan.version);
        self.others.push(std::mem::replace(&mut self.plan, plan));
        self.others.sort_by_key(|other| other.version);
    }

    /// The fact that asks for an abrupt stop and waits for its countersignature.
    pub fn stop_asked(&self) -> Option<&PlanFact> {
        let asked = self.course().stop_asked?;
        self.facts.iter().find(|fact| fact.id == asked)
    }

    /// Who makes the next version: whoever made the one in force made the steps that it keeps, and cannot sign them.
    pub fn makers_with(&self, author: &str) -> BTreeSet<String> {
        let mut makers = self.makers();
        makers.insert(author.to_owned());
        makers
    }

    /// Everybody who drafted, edited or approved the version in force.
    pub fn makers(&self) -> BTreeSet<String> {
        let approved = |fact: &&PlanFact| fact.act == PlanAct::Approved { version: self.plan.version };
        let approvers = self.facts.iter().filter(approved).map(|fact| fact.by.clone());
        self.plan.authors.iter().cloned().chain(approvers).collect()
    }
}

#[derive(Queryable)]
struct PlanRow {
    id: String,
    facility: String,
    resident: String,
    medicine: String,
    state: String,
    version: i64,
    laid_until: Option<NaiveDate>,
    revision: i64,
}

/// One plan; must exist.
pub fn plan_load(conn: &mut Conn, id: &str) -> Result<PlanFile, StoreError> {
    plans_load(conn, &[id.to_owned()])?.pop().ok_or(StoreError::Missing)
}

/// A plan, if there is one by that id.
pub fn plan_find(conn: &mut Conn, id: &str) -> Result<Option<PlanFile>, StoreError> {
    Ok(plans_load(conn, &[id.to_owned()])?.pop())
}

/// Some plans, in the order of their ids, in as many queries as one plan takes.
pub fn plans_load(conn: &mut Conn, ids: &[String]) -> Result<Vec<PlanFile>, StoreError> {
    let rows: Vec<PlanRow> = plans::table.filter(plans::id.eq_any(ids)).order(plans::id).load(conn)?;
    let mut versions = Versions::load(conn, ids)?;
    let mut facts = facts_of(conn, ids)?;
    let file = |row: PlanRow| {
        let (drafted, facts) = (versions.take(&row)?, facts.remove(&row.id).unwrap_or_default());
        file_of(row, drafted, facts)
    };
    rows.into_iter().map(file).collect()
}

/// The urgent orders that doses stand on, by the facts that authorise the doses. Few doses stand on one: the plans of the others
/// are not looked at.
pub fn urgent_orders_of(conn: &mut Conn, ids: &BTreeSet<&str>) -> Result<HashMap<String, PlanFact>, StoreError> {
    let may_rest = plan_facts::kind.eq("ordered").or(plan_facts::kind.eq("came_back"));
    let found: Vec<(String, String)> = plan_facts::table
        .filter(plan_facts::id.eq_any(ids).and(may_rest))
        .select((plan_facts::plan, plan_facts::id))
        .load(conn)?;
    let mut theirs: HashMap<String, Vec<String>> = HashMap::new();
    found.into_iter().for_each(|(plan, id)| theirs.entry(plan).or_default().push(id));
    let mut orders = HashMap::new();
    for file in plans_load(conn, &theirs.keys().cloned().collect::<Vec<_>>())? {
        let course = file.course();
        for id in theirs.remove(&file.plan.id).unwrap_or_default() {
            orders.extend(course.order_behind(&file.facts, &id).map(|order| (id, order.clone())));
        }
    }
    Ok(orders)
}

fn file_of(row: PlanRow, mut drafted: Vec<Drafted>, facts: Vec<PlanFact>) -> Result<PlanFile, StoreError> {
    let in_force = drafted.iter().position(|drafted| i64::from(drafted.plan.version) == row.version);
    let in_force = in_force.ok_or_else(|| StoreError::Corrupt(format!("plan {}", row.id)))?;
    let in_force = drafted.remove(in_force);
    Ok(PlanFile {
        plan: in_force.plan,
        state: PlanState::of_word(&row.state)?,
        facts,
        laid_until: row.laid_until,
        revision: row.revision,
        drafted_by: in_force.by,
        drafted_at: in_force.at,
        others: drafted.into_iter().map(|drafted| drafted.plan).collect(),
    })
}

/// The ids of the plans of some facilities in a state.
pub fn plan_ids(conn: &mut Conn, facilities: &[String], state: PlanState) -> Result<Vec<String>, StoreError> {
    Ok(plans::table
        .filter(plans::facility.eq_any(facilities))
        .filter(plans::state.eq(state.word()))
        .order(plans::id)
        .select(plans::id)
        .load(conn)?)
}

/// Whose plan it is.
pub fn plan_resident_find(conn: &mut Conn, plan: &str) -> Result<Option<String>, StoreError> {
    Ok(plans::table.find(plan).select(plans::resident).first(conn).optional()?)
}

/// The ids of a resident's plans that were not discarded.
pub fn plan_ids_of_resident(conn: &mut Conn, resident: &str) -> Result<Vec<String>, StoreError> {
    Ok(plans::table
        .filter(plans::resident.eq(resident))
        .filter(plans::state.ne(PlanState::Discarded.word()))
        .order(plans::id)
        .select(plans::id)
        .load(conn)?)
}

/// The ids of a resident's running plans.
pub fn running_plan_ids(conn: &mut Conn, resident: &str) -> Result<Vec<String>, StoreError> {
    Ok(plans::table
        .filter(plans::resident.eq(resident))
        .filter(plans::state.eq(PlanState::Running.word()))
        .order(plans::id)
        .select(plans::id)
        .load(conn)?)
}

/// The ids of the ended plans of some facilities that still owe an answer: an urgent order that no pharmacist has reviewed,
/// or a telephone order that its prescriber has not confirmed.
pub fn ended_plans_owing(conn: &mut Conn, facilities: &[String]) -> Result<Vec<String>, StoreError> {
    let answers = diesel::alias!(plan_facts as answers);
    let answered = |kind: &'static str| {
        let of_plan = answers.field(plan_facts::plan).eq(plan_facts::plan);
        let about = answers.field(plan_facts::about).assume_not_null().eq(plan_facts::id);
        exists(answers.filter(of_plan.and(about).and(answers.field(plan_facts::kind).eq(kind))))
    };
    let unreviewed = plan_facts::kind.eq("ordered").and(not(answered("reviewed")));
    let unconfirmed = plan_facts::ordered_by.is_not_null().and(not(answered("affirmed")));
    let ended = plans::facility.eq_any(facilities).and(plans::state.eq(PlanState::Ended.word()));
    Ok(plan_facts::table
        .filter(plan_facts::plan.eq_any(plans::table.filter(ended).select(plans::id)))
        .filter(unreviewed.or(unconfirmed))
        .select(plan_facts::plan)
        .distinct()
        .order(plan_facts::plan)
        .load(conn)?)
}

/// The ids of the running plans of some residents.
pub fn running_plan_ids_of(conn: &mut Conn, residents: &[String]) -> Result<Vec<String>, StoreError> {
    Ok(plans::table
        .filter(plans::resident.eq_any(residents))
        .filter(plans::state.eq(PlanState::Running.word()))
        .order(plans::id)
        .select(plans::id)
        .load(conn)?)
}

/// The ids of the resident's other plans, running or ended, that have a medicine of this one.
pub fn plans_sharing(conn: &mut Conn, plan: &Plan) -> Result<Vec<String>, StoreError> {
    let names: Vec<&String> = plan.medicines().into_iter().map(|medicine| &medicine.0).collect();
    let begun = [PlanState::Running.word(), PlanState::Ended.word()];
    let begun = plans::table.filter(plans::resident.eq(&plan.resident).and(plans::state.eq_any(begun)));
    Ok(plan_medicines::table
        .filter(plan_medicines::resident.eq(&plan.resident).and(plan_medicines::plan.ne(&plan.id)))
        .filter(plan_medicines::medicine.eq_any(names))
        .filter(plan_medicines::plan.eq_any(begun.select(plans::id)))
        .order(plan_medicines::plan)
        .select(plan_medicines::plan)
        .distinct()
        .load(conn)?)
}

/// The ids of a facility's running plans whose doses are not laid out up to a day.
pub fn plans_short_of(conn: &mut Conn, facility: &str, until: NaiveDate) -> Result<Vec<String>, StoreError> {
    Ok(plans::table
        .filter(plans::facility.eq(facility))
        .filter(plans::state.eq(PlanState::Running.word()))
        .filter(plans::laid_until.is_null().or(plans::laid_until.lt(until).assume_not_null()))
        .order(plans::id)
        .select(plans::id)
        .load(conn)?)
}
