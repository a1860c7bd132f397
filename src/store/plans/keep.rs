//! Writing plans down: drafts, versions, and moving a plan on.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::versions::{StepDoseRow, StepRow};
use super::{PlanFile, PlanState};
use crate::care::taper::plan::Plan;
use crate::on_either;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::schema::{plan_authors, plan_medicines, plan_versions, plans, step_doses, steps};

/// A new draft, with its first version.
pub fn draft_insert(conn: &mut Conn, plan: &Plan, by: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(plans::table)
        .values((
            plans::id.eq(&plan.id),
            plans::facility.eq(&plan.facility),
            plans::resident.eq(&plan.resident),
            plans::medicine.eq(&plan.medicine.0),
            plans::state.eq(PlanState::Draft.word()),
            plans::version.eq(i64::from(plan.version)),
            plans::revision.eq(0),
        ))
        .execute(conn)?;
    version_insert(conn, plan, by, now)
}

/// The draft as it was edited, in place of what it was: nothing was approved, so nothing that counts is rewritten. Who began it,
/// and when, stays.
pub fn draft_replace(conn: &mut Conn, plan: &Plan, drafted: (&str, DateTime<Utc>)) -> Result<(), StoreError> {
    let (id, version) = (&plan.id, i64::from(plan.version));
    let doses = step_doses::table.filter(step_doses::plan.eq(id).and(step_doses::version.eq(version)));
    diesel::delete(doses).execute(conn)?;
    let old_steps = steps::table.filter(steps::plan.eq(id).and(steps::version.eq(version)));
    diesel::delete(old_steps).execute(conn)?;
    let authors = plan_authors::table.filter(plan_authors::plan.eq(id).and(plan_authors::version.eq(version)));
    diesel::delete(authors).execute(conn)?;
    let old = plan_versions::table.filter(plan_versions::plan.eq(id).and(plan_versions::version.eq(version)));
    diesel::delete(old).execute(conn)?;
    diesel::update(plans::table.find(id)).set(plans::medicine.eq(&plan.medicine.0)).execute(conn)?;
    version_insert(conn, plan, drafted.0, drafted.1)
}

/// A version with its authors, steps and doses.
pub fn version_insert(conn: &mut Conn, plan: &Plan, by: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let settings = serde_json::to_string(&plan.settings).expect("a map of texts is JSON");
    let baseline = plan.baseline.as_ref().map(|known| serde_json::to_string(known).expect("answers and days are JSON"));
    let conversion = plan.conversion.as_ref().map(|it| serde_json::to_string(it).expect("a conversion is JSON"));
    let version = i64::from(plan.version);
    diesel::insert_into(plan_versions::table)
        .values((
            plan_versions::plan.eq(&plan.id),
            plan_versions::version.eq(version),
            plan_versions::indication.eq(&plan.indication),
            plan_versions::reason.eq(&plan.reason),
            plan_versions::protocol.eq(&plan.protocol),
            plan_versions::settings.eq(settings),
            plan_versions::baseline_on.eq(plan.baseline_on),
            plan_versions::first_reduction_on.eq(plan.first_reduction_on),
            plan_versions::goal_ug.eq(plan.goal.ug() as i64),
            plan_versions::drafted_by.eq(by),
            plan_versions::drafted_at.eq(now.naive_utc()),
            plan_versions::baseline.eq(baseline),
            plan_versions::conversion.eq(conversion),
            plan_versions::missed_dose.eq(plan.late.as_ref().map(|rule| &rule.instruction)),
            plan_versions::least_hours.eq(plan.late.as_ref().map(|rule| i64::from(rule.least_hours))),
        ))
        .execute(conn)?;
    for author in &plan.authors {
        let (id, person) = (plan_authors::plan.eq(&plan.id), plan_authors::authored_by.eq(author));
        diesel::insert_into(plan_authors::table)
            .values((id, plan_authors::version.eq(version), person))
            .execute(conn)?;
    }
    steps_insert(conn, plan)
}

fn steps_insert(conn: &mut Conn, plan: &Plan) -> Result<(), StoreError> {
    let version = i64::from(plan.version);
    let mut step_rows = Vec::new();
    let mut dose_rows = Vec::new();
    for step in &plan.steps {
        let ordinal = i64::from(step.ordinal);
        let least_days = step.least_days.map(i64::from);
        step_rows.push(StepRow { plan: plan.id.clone(), version, ordinal, planned_on: step.planned_on, least_days });
        for (cycle_day, regimen) in step.cycle.iter().enumerate() {
            dose_rows.extend(regimen.doses().map(|dose| StepDoseRow {
                plan: plan.id.clone(),
                version,
                ordinal,
                cycle_day: cycle_day as i64,
                slot: dose.slot.to_string(),
                medicine: dose.medicine.0,
                amount_ug: dose.amount.ug() as i64,
            }));
        }
    }
    for some in step_rows.chunks(500) {
        on_either!(conn, |c| diesel::insert_into(steps::table).values(some).execute(c))?;
    }
    for some in dose_rows.chunks(500) {
        on_either!(conn, |c| diesel::insert_into(step_doses::table).values(some).execute(c))?;
    }
    Ok(())
}

/// Moves a plan on, if nobody moved it since it was read.
pub fn plan_move(
    conn: &mut Conn,
    file: &PlanFile,
    state: PlanState,
    laid_until: Option<NaiveDate>,
) -> Result<(), StoreError> {
    let unmoved = plans::table.find(&file.plan.id).filter(plans::revision.eq(file.revision));
    let moved = diesel::update(unmoved)
        .set((
            plans::state.eq(state.word()),
            plans::version.eq(i64::from(file.plan.version)),
            plans::laid_until.eq(laid_until),
            plans::revision.eq(file.revision + 1),
        ))
        .execute(conn)?;
    if moved != 1 {
        return Err(StoreError::Moved);
    }
    medicines_replace(conn, &file.plan, state == PlanState::Running)
}

/// Notes up to which day a plan's doses lie, if nobody moved the plan since it was read. Nothing else of it is another.
pub fn plan_laid(conn: &mut Conn, file: &PlanFile, laid_until: Option<NaiveDate>) -> Result<(), StoreError> {
    let unmoved = plans::table.find(&file.plan.id).filter(plans::revision.eq(file.revision));
    let laid = (plans::laid_until.eq(laid_until), plans::revision.eq(file.revision + 1));
    let moved = diesel::update(unmoved).set(laid).execute(conn)?;
    if moved == 1 { Ok(()) } else { Err(StoreError::Moved) }
}

/// Of two running plans of a resident no medicine is in both: the database refuses the second.
fn medicines_replace(conn: &mut Conn, plan: &Plan, running: bool) -> Result<(), StoreError> {
    diesel::delete(plan_medicines::table.filter(plan_medicines::plan.eq(&plan.id))).execute(conn)?;
    for medicine in plan.medicines() {
        diesel::insert_into(plan_medicines::table)
            .values((
                plan_medicines::plan.eq(&plan.id),
                plan_medicines::resident.eq(&plan.resident),
                plan_medicines::medicine.eq(&medicine.0),
                plan_medicines::running.eq(running),
            ))
            .execute(conn)?;
    }
    Ok(())
}
