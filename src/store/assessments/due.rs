//! Which residents are to be scored: the rule of care, asked of every taper of a facility.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use super::last_scored_since;
use crate::care::calendar::days_before;
use crate::care::facility::Facility;
use crate::care::round::assessment_due::{AssessmentDue, FRESH, Watched};
use crate::store::absences::absences_open;
use crate::store::db::Conn;
use crate::store::plans::{PlanFile, PlanState, plan_ids, plans_load};
use crate::store::schema::plans;
use crate::store::{StoreError, residents};

/// A resident who is to be scored, and where they live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueHere {
    /// The ids of the resident and of their unit.
    pub resident: String,
    pub unit: String,
    pub due: AssessmentDue,
}

/// The next score of every resident in a taper, the most urgent first; nobody where the facility asks for no scores.
pub fn dues_load(conn: &mut Conn, facility: &Facility, now: DateTime<Utc>) -> Result<Vec<DueHere>, StoreError> {
    if !facility.scores.is_on() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for some in watched_plans(conn, facility, now)?.chunks(500) {
        files.extend(plans_load(conn, some)?);
    }
    dues_of(conn, facility, &files, now)
}

/// The plans that run, and those that ended lately: after the last dose the resident is still watched. Doses of a plan
/// are laid out beyond its end.
fn watched_plans(conn: &mut Conn, facility: &Facility, now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
    let running = plan_ids(conn, std::slice::from_ref(&facility.id), PlanState::Running)?;
    let since = days_before(facility.zone.day(now), facility.scores.zero_days);
    let ended: Vec<String> = plans::table
        .filter(plans::facility.eq(&facility.id).and(plans::state.eq(PlanState::Ended.word())))
        .filter(plans::laid_until.ge(since))
        .select(plans::id)
        .load(conn)?;
    Ok(running.into_iter().chain(ended).collect())
}

fn dues_of(
    conn: &mut Conn,
    facility: &Facility,
    files: &[PlanFile],
    now: DateTime<Utc>,
) -> Result<Vec<DueHere>, StoreError> {
    let since = now - FRESH - TimeDelta::days(1);
    let scored = last_scored_since(conn, &facility.id, &facility.scores.scale, since)?;
    let grace = TimeDelta::minutes(i64::from(facility.no_record_minutes));
    // Nobody here can score whoever is away; of a plan that has ended no decision says that they are.
    let away = absences_open(conn, std::slice::from_ref(&facility.id))?;
    let mut first: BTreeMap<&str, AssessmentDue> = BTreeMap::new();
    for file in files.iter().filter(|file| !away.contains_key(&file.plan.resident)) {
        let watched = Watched::of(&file.course(), facility.sign_ahead_days);
        let last = scored.get(&file.plan.resident).copied().unwrap_or_default();
        let Some(due) = facility.scores.next_due(&watched, last, facility.zone, grace, now) else { continue };
        let known = first.entry(&file.plan.resident).or_insert(due);
        *known = due.min(*known);
    }
    let units = residents::units_of_residents(conn, &facility.id)?;
    let here = |(resident, due): (&str, AssessmentDue)| {
        Some(DueHere { resident: resident.to_owned(), unit: units.get(resident)?.clone(), due })
    };
    let mut dues: Vec<DueHere> = first.into_iter().filter_map(here).collect();
    dues.sort_by_key(|here| here.due);
    Ok(dues)
}
