//! The versions of plans with their authors and steps: rows in, care values out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::{PlanRow, plan_load};
use crate::care::taper::late::LateRule;
use crate::care::taper::plan::{Medicine, Plan, PlannedDose, Regimen, Step};
use crate::on_either;
use crate::store::db::Conn;
use crate::store::schema::{plan_authors, plan_versions, plans, step_doses, steps};
use crate::store::{StoreError, small, ug};

#[derive(Queryable)]
struct VersionRow {
    plan: String,
    version: i64,
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
    conversion: Option<String>,
    missed_dose: Option<String>,
    least_hours: Option<i64>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = steps, treat_none_as_default_value = false)]
pub(super) struct StepRow {
    pub(super) plan: String,
    pub(super) version: i64,
    pub(super) ordinal: i64,
    pub(super) planned_on: NaiveDate,
    pub(super) least_days: Option<i64>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = step_doses)]
pub(super) struct StepDoseRow {
    pub(super) plan: String,
    pub(super) version: i64,
    pub(super) ordinal: i64,
    pub(super) cycle_day: i64,
    pub(super) slot: String,
    pub(super) medicine: String,
    pub(super) amount_ug: i64,
}

/// A version, and who wrote it down when.
pub(super) struct Drafted {
    pub plan: Plan,
    pub by: String,
    pub at: DateTime<Utc>,
}

/// Which version of which plan.
type Key = (String, i64);

/// The versions of some plans.
pub(super) struct Versions {
    rows: HashMap<String, Vec<VersionRow>>,
    authors: HashMap<Key, BTreeSet<String>>,
    steps: HashMap<Key, Vec<Step>>,
}

impl Versions {
    pub(super) fn load(conn: &mut Conn, ids: &[String]) -> Result<Versions, StoreError> {
        let found: Vec<VersionRow> = plan_versions::table
            .filter(plan_versions::plan.eq_any(ids))
            .order((plan_versions::plan, plan_versions::version))
            .load(conn)?;
        let mut rows: HashMap<String, Vec<VersionRow>> = HashMap::new();
        for row in found {
            rows.entry(row.plan.clone()).or_default().push(row);
        }
        Ok(Versions { rows, authors: authors_of(conn, ids)?, steps: steps_of(conn, ids)? })
    }

    /// All versions of one plan, in order.
    pub(super) fn take(&mut self, plan: &PlanRow) -> Result<Vec<Drafted>, StoreError> {
        let rows = self.rows.remove(&plan.id).unwrap_or_default();
        rows.into_iter().map(|row| self.drafted(plan, row)).collect()
    }

    fn drafted(&mut self, plan: &PlanRow, row: VersionRow) -> Result<Drafted, StoreError> {
        let key = (row.plan, row.version);
        let corrupt = |_| StoreError::Corrupt(format!("plan {}", plan.id));
        let version = Plan {
            id: plan.id.clone(),
            facility: plan.facility.clone(),
            resident: plan.resident.clone(),
            medicine: Medicine(plan.medicine.clone()),
            version: small(row.version)?,
            settings: serde_json::from_str(&row.settings).map_err(corrupt)?,
            conversion: row.conversion.map(|text| serde_json::from_str(&text).map_err(corrupt)).transpose()?,
            indication: row.indication,
            reason: row.reason,
            protocol: row.protocol,
            baseline_on: row.baseline_on,
            first_reduction_on: row.first_reduction_on,
            goal: ug(row.goal_ug)?,
            baseline: row.baseline.as_deref().map(serde_json::from_str).transpose().map_err(corrupt)?,
            late: late(row.missed_dose, row.least_hours)?,
            steps: self.steps.remove(&key).unwrap_or_default(),
            authors: self.authors.remove(&key).unwrap_or_default(),
        };
        Ok(Drafted { plan: version, by: row.drafted_by, at: row.drafted_at.and_utc() })
    }
}

/// What the version in force says of late doses.
pub fn late_rule_load(conn: &mut Conn, plan: &str) -> Result<LateRule, StoreError> {
    let in_force = plans::id.eq(plan_versions::plan).and(plans::version.eq(plan_versions::version));
    let asked = plan_versions::table
        .inner_join(plans::table.on(in_force))
        .filter(plans::id.eq(plan))
        .select((plan_versions::missed_dose, plan_versions::least_hours));
    let (instruction, hours) = on_either!(conn, |c| asked.get_result(c))?;
    match late(instruction, hours)? {
        Some(rule) => Ok(rule),
        None => Ok(plan_load(conn, plan)?.plan.late_rule()),
    }
}

/// None in versions from before it was kept.
fn late(instruction: Option<String>, least_hours: Option<i64>) -> Result<Option<LateRule>, StoreError> {
    let Some((instruction, hours)) = instruction.zip(least_hours) else { return Ok(None) };
    Ok(Some(LateRule { instruction, least_hours: small(hours)? }))
}

fn authors_of(conn: &mut Conn, ids: &[String]) -> Result<HashMap<Key, BTreeSet<String>>, StoreError> {
    let rows: Vec<(String, i64, String)> = plan_authors::table.filter(plan_authors::plan.eq_any(ids)).load(conn)?;
    let mut authors: HashMap<Key, BTreeSet<String>> = HashMap::new();
    for (plan, version, person) in rows {
        authors.entry((plan, version)).or_default().insert(person);
    }
    Ok(authors)
}

fn steps_of(conn: &mut Conn, ids: &[String]) -> Result<HashMap<Key, Vec<Step>>, StoreError> {
    let all = steps::table.filter(steps::plan.eq_any(ids));
    let rows: Vec<StepRow> = all.order((steps::plan, steps::version, steps::ordinal)).load(conn)?;
    let mut cycles = cycles_of(conn, ids)?;
    let mut found: HashMap<Key, Vec<Step>> = HashMap::new();
    for row in rows {
        let key = (row.plan, row.version);
        let cycle = cycles.remove(&(key.clone(), row.ordinal)).unwrap_or_default();
        let step = Step {
            ordinal: small(row.ordinal)?,
            planned_on: row.planned_on,
            least_days: row.least_days.map(small).transpose()?,
            cycle: cycle.into_values().map(Regimen::from).collect(),
        };
        found.entry(key).or_default().push(step);
    }
    Ok(found)
}

/// The daily regimens of each step: by version and ordinal, then by day of the cycle.
type Cycles = HashMap<(Key, i64), BTreeMap<i64, Vec<PlannedDose>>>;

fn cycles_of(conn: &mut Conn, ids: &[String]) -> Result<Cycles, StoreError> {
    let rows: Vec<StepDoseRow> = step_doses::table.filter(step_doses::plan.eq_any(ids)).load(conn)?;
    let mut cycles = Cycles::new();
    for row in rows {
        let slot = row.slot.parse().map_err(|_| StoreError::Corrupt(format!("slot of plan {}", row.plan)))?;
        let dose = PlannedDose { slot, medicine: Medicine(row.medicine), amount: ug(row.amount_ug)? };
        let key = ((row.plan, row.version), row.ordinal);
        cycles.entry(key).or_default().entry(row.cycle_day).or_default().push(dose);
    }
    Ok(cycles)
}
