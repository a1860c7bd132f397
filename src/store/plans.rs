//! Plans with their versions, steps and facts: rows in, care values out.

mod keep;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

pub use keep::{draft_insert, draft_replace, plan_fact_insert, plan_move, version_insert};

use super::db::Conn;
use super::schema::{plan_authors, plan_facts, plan_versions, plans, step_doses, steps};
use super::{StoreError, small, ug};
use crate::care::taper::level::{Course, PlanAct, PlanFact};
use crate::care::taper::plan::{Medicine, Plan, PlannedDose, Regimen, Step};

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
}

impl PlanFile {
    pub fn course(&self) -> Course {
        Course::of(&self.plan, &self.facts)
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

#[derive(Queryable)]
struct VersionRow {
    plan: String,
    _version: i64,
    indication: String,
    reason: String,
    protocol: String,
    settings: String,
    baseline_on: NaiveDate,
    first_reduction_on: NaiveDate,
    goal_ug: i64,
    drafted_by: String,
    drafted_at: NaiveDateTime,
    baseline: Option<String>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = steps, treat_none_as_default_value = false)]
struct StepRow {
    plan: String,
    version: i64,
    ordinal: i64,
    planned_on: NaiveDate,
    least_days: Option<i64>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = step_doses)]
struct StepDoseRow {
    plan: String,
    version: i64,
    ordinal: i64,
    cycle_day: i64,
    slot: String,
    medicine: String,
    amount_ug: i64,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = plan_facts, treat_none_as_default_value = false)]
struct FactRow {
    id: String,
    plan: String,
    seq: i64,
    kind: String,
    version: i64,
    n: Option<i64>,
    step: Option<i64>,
    effective_on: Option<NaiveDate>,
    reassess_on: Option<NaiveDate>,
    rationale: String,
    statement: String,
    decided_by: String,
    decided_at: NaiveDateTime,
    decided_on: NaiveDate,
}

impl TryFrom<FactRow> for PlanFact {
    type Error = StoreError;
    fn try_from(row: FactRow) -> Result<PlanFact, StoreError> {
        let corrupt = || StoreError::Corrupt(format!("plan fact {}", row.id));
        let n = row.n.map(small).transpose()?;
        let act = match (row.kind.as_str(), n) {
            ("approved", None) => PlanAct::Approved { version: small(row.version)? },
            ("signed", Some(n)) => PlanAct::Signed {
                n,
                step: small(row.step.ok_or_else(corrupt)?)?,
                effective_on: row.effective_on.ok_or_else(corrupt)?,
            },
            ("held", Some(n)) => PlanAct::Held { n, reassess_on: row.reassess_on.ok_or_else(corrupt)? },
            ("returned", Some(n)) => PlanAct::Returned { n },
            ("withdrawn", Some(n)) => PlanAct::Withdrawn { n },
            ("paused", Some(n)) => PlanAct::Paused { n },
            _ => return Err(corrupt()),
        };
        let (seq, at) = (small(row.seq)?, row.decided_at.and_utc());
        Ok(PlanFact { id: row.id, seq, by: row.decided_by, at, on: row.decided_on, rationale: row.rationale, act })
    }
}

/// One plan; must exist.
pub fn plan_load(conn: &mut Conn, id: &str) -> Result<PlanFile, StoreError> {
    plans_load(conn, &[id.to_owned()])?.pop().ok_or(StoreError::Missing)
}

/// A plan, if there is one by that id.
pub fn plan_find(conn: &mut Conn, id: &str) -> Result<Option<PlanFile>, StoreError> {
    Ok(plans_load(conn, &[id.to_owned()])?.pop())
}

/// The fact with an id, and its plan.
pub fn plan_fact_find(conn: &mut Conn, id: &str) -> Result<Option<(String, PlanFact)>, StoreError> {
    let row: Option<FactRow> = plan_facts::table.find(id).first(conn).optional()?;
    row.map(|row| Ok((row.plan.clone(), row.try_into()?))).transpose()
}

/// Some plans, in the order of their ids, in as many queries as one plan takes.
pub fn plans_load(conn: &mut Conn, ids: &[String]) -> Result<Vec<PlanFile>, StoreError> {
    let rows: Vec<PlanRow> = plans::table.filter(plans::id.eq_any(ids)).order(plans::id).load(conn)?;
    let mut parts = Parts {
        versions: versions_in_force(conn, ids)?,
        authors: authors_in_force(conn, ids)?,
        steps: steps_in_force(conn, ids)?,
        facts: facts_of(conn, ids)?,
    };
    rows.into_iter().map(|row| parts.file(row)).collect()
}

/// What belongs to plans, by their ids.
struct Parts {
    versions: HashMap<String, VersionRow>,
    authors: HashMap<String, BTreeSet<String>>,
    steps: HashMap<String, Vec<Step>>,
    facts: HashMap<String, Vec<PlanFact>>,
}

impl Parts {
    fn file(&mut self, row: PlanRow) -> Result<PlanFile, StoreError> {
        let corrupt = || StoreError::Corrupt(format!("plan {}", row.id));
        let version = self.versions.remove(&row.id).ok_or_else(corrupt)?;
        let plan = Plan {
            medicine: Medicine(row.medicine),
            version: small(row.version)?,
            settings: serde_json::from_str(&version.settings).map_err(|_| corrupt())?,
            indication: version.indication,
            reason: version.reason,
            protocol: version.protocol,
            baseline_on: version.baseline_on,
            first_reduction_on: version.first_reduction_on,
            goal: ug(version.goal_ug)?,
            baseline: version.baseline.as_deref().map(serde_json::from_str).transpose().map_err(|_| corrupt())?,
            steps: self.steps.remove(&row.id).unwrap_or_default(),
            authors: self.authors.remove(&row.id).unwrap_or_default(),
            facility: row.facility,
            resident: row.resident,
            id: row.id.clone(),
        };
        Ok(PlanFile {
            plan,
            state: PlanState::of_word(&row.state)?,
            facts: self.facts.remove(&row.id).unwrap_or_default(),
            laid_until: row.laid_until,
            revision: row.revision,
            drafted_by: version.drafted_by,
            drafted_at: version.drafted_at.and_utc(),
        })
    }
}

fn versions_in_force(conn: &mut Conn, ids: &[String]) -> Result<HashMap<String, VersionRow>, StoreError> {
    let in_force = plans::id.eq(plan_versions::plan).and(plans::version.eq(plan_versions::version));
    let rows: Vec<VersionRow> = plan_versions::table
        .inner_join(plans::table.on(in_force))
        .filter(plans::id.eq_any(ids))
        .select(plan_versions::all_columns)
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.plan.clone(), row)).collect())
}

fn authors_in_force(conn: &mut Conn, ids: &[String]) -> Result<HashMap<String, BTreeSet<String>>, StoreError> {
    let in_force = plans::id.eq(plan_authors::plan).and(plans::version.eq(plan_authors::version));
    let rows: Vec<(String, String)> = plan_authors::table
        .inner_join(plans::table.on(in_force))
        .filter(plans::id.eq_any(ids))
        .select((plan_authors::plan, plan_authors::authored_by))
        .load(conn)?;
    let mut authors: HashMap<String, BTreeSet<String>> = HashMap::new();
    for (plan, person) in rows {
        authors.entry(plan).or_default().insert(person);
    }
    Ok(authors)
}

fn steps_in_force(conn: &mut Conn, ids: &[String]) -> Result<HashMap<String, Vec<Step>>, StoreError> {
    let in_force = plans::id.eq(steps::plan).and(plans::version.eq(steps::version));
    let rows: Vec<StepRow> = steps::table
        .inner_join(plans::table.on(in_force))
        .filter(plans::id.eq_any(ids))
        .order((steps::plan, steps::ordinal))
        .select(steps::all_columns)
        .load(conn)?;
    let mut cycles = cycles_in_force(conn, ids)?;
    let mut found: HashMap<String, Vec<Step>> = HashMap::new();
    for row in rows {
        let cycle = cycles.remove(&(row.plan.clone(), row.ordinal)).unwrap_or_default();
        let step = Step {
            ordinal: small(row.ordinal)?,
            planned_on: row.planned_on,
            least_days: row.least_days.map(small).transpose()?,
            cycle: cycle.into_values().map(Regimen::from).collect(),
        };
        found.entry(row.plan).or_default().push(step);
    }
    Ok(found)
}

/// The daily regimens of each step: by plan and ordinal, then by day of the cycle.
type Cycles = HashMap<(String, i64), BTreeMap<i64, Vec<PlannedDose>>>;

fn cycles_in_force(conn: &mut Conn, ids: &[String]) -> Result<Cycles, StoreError> {
    let in_force = plans::id.eq(step_doses::plan).and(plans::version.eq(step_doses::version));
    let rows: Vec<StepDoseRow> = step_doses::table
        .inner_join(plans::table.on(in_force))
        .filter(plans::id.eq_any(ids))
        .select(step_doses::all_columns)
        .load(conn)?;
    let mut cycles = Cycles::new();
    for row in rows {
        let slot = row.slot.parse().map_err(|_| StoreError::Corrupt(format!("slot of plan {}", row.plan)))?;
        let dose = PlannedDose { slot, medicine: Medicine(row.medicine), amount: ug(row.amount_ug)? };
        cycles.entry((row.plan, row.ordinal)).or_default().entry(row.cycle_day).or_default().push(dose);
    }
    Ok(cycles)
}

fn facts_of(conn: &mut Conn, ids: &[String]) -> Result<HashMap<String, Vec<PlanFact>>, StoreError> {
    let rows: Vec<FactRow> =
        plan_facts::table.filter(plan_facts::plan.eq_any(ids)).order((plan_facts::plan, plan_facts::seq)).load(conn)?;
    let mut facts: HashMap<String, Vec<PlanFact>> = HashMap::new();
    for row in rows {
        facts.entry(row.plan.clone()).or_default().push(row.try_into()?);
    }
    Ok(facts)
}

/// What was on the screen when a fact was decided: JSON, empty where nothing was kept.
pub fn statement_load(conn: &mut Conn, fact: &str) -> Result<String, StoreError> {
    Ok(plan_facts::table.find(fact).select(plan_facts::statement).first(conn)?)
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

/// The ids of a resident's plans that were not discarded.
pub fn plan_ids_of_resident(conn: &mut Conn, resident: &str) -> Result<Vec<String>, StoreError> {
    Ok(plans::table
        .filter(plans::resident.eq(resident))
        .filter(plans::state.ne(PlanState::Discarded.word()))
        .order(plans::id)
        .select(plans::id)
        .load(conn)?)
}

/// A resident's running plan of a medicine.
pub fn running_plan_find(conn: &mut Conn, resident: &str, medicine: &Medicine) -> Result<Option<String>, StoreError> {
    Ok(plans::table
        .filter(plans::resident.eq(resident))
        .filter(plans::medicine.eq(&medicine.0))
        .filter(plans::state.eq(PlanState::Running.word()))
        .select(plans::id)
        .first(conn)
        .optional()?)
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
