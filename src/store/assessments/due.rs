//! Which residents are to be scored: the rule of care, asked of every taper of a facility.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::last_scored_since;
use crate::care::facility::Facility;
use crate::care::round::assessment_due::{AssessmentDue, FRESH, Watched};
use crate::store::db::Conn;
use crate::store::plans::{PlanFile, PlanState, plan_ids, plans_load};
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
    for some in plan_ids(conn, std::slice::from_ref(&facility.id), PlanState::Running)?.chunks(500) {
        files.extend(plans_load(conn, some)?);
    }
    dues_of(conn, facility, &files, now)
}

/// The same of plans that were read already.
pub fn dues_of(
    conn: &mut Conn,
    facility: &Facility,
    files: &[PlanFile],
    now: DateTime<Utc>,
) -> Result<Vec<DueHere>, StoreError> {
    if !facility.scores.is_on() {
        return Ok(Vec::new());
    }
    let since = now - FRESH - TimeDelta::days(1);
    let scored = last_scored_since(conn, &facility.id, &facility.scores.scale, since)?;
    let grace = TimeDelta::minutes(i64::from(facility.no_record_minutes));
    let mut first: BTreeMap<&str, AssessmentDue> = BTreeMap::new();
    for file in files {
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
