//! A plan with everything that its pages show, read at one moment.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use super::as_needed::{AsNeededDose, doses_of_resident};
use super::assessments::{Assessment, assessments_of_resident};
use super::cases::{Found, case_of};
use super::doses::{Fate, fates_from};
use super::plans::{PlanFile, PlanState};
use super::{Conn, StoreError, facilities, people, plans, residents};
use crate::care::calendar::Slot;
use crate::care::medicine::shelves::Shelves;
use crate::care::resident::Resident;
use crate::care::taper::daily::Daily;
use crate::care::taper::fact::Telephone;
use crate::care::taper::level::Footing;
use crate::care::taper::plan::Plan;

/// A plan, whose it is, what became of its doses, and who decided about it.
#[derive(Debug, Clone)]
pub struct Dossier {
    pub found: Found,
    pub resident: Resident,
    /// From the baseline on.
    pub fates: Vec<Fate>,
    /// What the resident was given as needed since then, of any medicine.
    pub as_needed: Vec<AsNeededDose>,
    /// On the facility's scale, from the baseline on, the first one first.
    pub scores: Vec<Assessment>,
    /// The printed names of everybody who made the plan or decided about it, by their ids.
    pub names: HashMap<String, String>,
    /// What doses are made from now.
    pub shelves: Shelves,
    /// The ended plan that this one continues after.
    pub resumes: Option<EndedPlan>,
    /// The plan that continues after this one, by its id.
    pub resumed_by: Option<String>,
}

/// An earlier plan of the same resident and medicine, as a new one looks back on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedPlan {
    /// Its id.
    pub plan: String,
    pub began_on: NaiveDate,
    /// The day of the last decision about it.
    pub ended_on: NaiveDate,
    /// The lowest daily dose that was ever in force.
    pub lowest: Daily,
}

/// One plan for somebody who may read in some facilities, with the case of its reduction `n`; any other plan is missing.
pub fn dossier_load(
    conn: &mut Conn,
    readable: &[String],
    plan: &str,
    n: u32,
    now: DateTime<Utc>,
) -> Result<Dossier, StoreError> {
    let file = plans::plan_load(conn, plan)?;
    if !readable.contains(&file.plan.facility) {
        return Err(StoreError::Missing);
    }
    let ids: BTreeSet<&str> = file
        .facts
        .iter()
        .map(|fact| fact.by.as_str())
        .chain(file.plan.authors.iter().map(String::as_str))
        .chain(file.facts.iter().filter_map(|fact| fact.telephone.as_ref()).flat_map(Telephone::people))
        .chain([file.drafted_by.as_str()])
        .collect();
    let resumes = file.plan.baseline.as_ref().and_then(|known| known.resumes.clone());
    let found = case_of(conn, file.clone(), n, now)?;
    let since = found.facility.zone.at(file.plan.baseline_on, Slot::MIDNIGHT);
    let ended = if resumes.is_some() { ended_plans(conn, &file.plan, found.case.today)? } else { Vec::new() };
    Ok(Dossier {
        resumed_by: resumed_by(conn, &found)?,
        resumes: ended.into_iter().find(|ended| Some(&ended.plan) == resumes.as_ref()),
        names: people::names_of(conn, &ids)?,
        resident: residents::resident_load(conn, &file.plan.resident)?,
        fates: fates_from(conn, plan, file.plan.baseline_on)?,
        as_needed: doses_of_resident(conn, &file.plan.resident, since)?,
        scores: assessments_of_resident(conn, &file.plan.resident, &found.facility.scores.scale, since)?,
        shelves: facilities::shelves_load(conn, &file.plan.facility)?,
        found,
    })
}

/// The plan that names this one as the one it continues after. Nothing does while this one still goes on.
fn resumed_by(conn: &mut Conn, found: &Found) -> Result<Option<String>, StoreError> {
    let (plan, case) = (&found.file.plan, &found.case);
    if !case.course.ended && !case.course.at_nothing_on(plan, case.today) {
        return Ok(None);
    }
    let ids = plans::plan_ids_of_resident(conn, &plan.resident)?;
    let resumes = |file: &PlanFile| file.plan.baseline.as_ref().and_then(|known| known.resumes.clone());
    let later = plans::plans_load(conn, &ids)?.into_iter().rev().find(|file| resumes(file).as_ref() == Some(&plan.id));
    Ok(later.map(|file| file.plan.id))
}

/// The plans of the same resident and medicine that have ended or come to 0 mg, the latest first.
pub fn ended_plans(conn: &mut Conn, plan: &Plan, today: NaiveDate) -> Result<Vec<EndedPlan>, StoreError> {
    let ids = plans::plan_ids_of_resident(conn, &plan.resident)?;
    let mut files = plans::plans_load(conn, &ids)?;
    let at_its_end = |file: &PlanFile| match file.state {
        PlanState::Ended => true,
        PlanState::Running => file.course().at_nothing_on(&file.plan, today),
        PlanState::Draft | PlanState::Discarded => false,
    };
    files.retain(|file| !file.plan.medicines().is_disjoint(&plan.medicines()) && at_its_end(file));
    let mut ended: Vec<EndedPlan> = files.iter().map(EndedPlan::of).collect();
    ended.sort_by(|one, other| (other.ended_on, &other.plan).cmp(&(one.ended_on, &one.plan)));
    Ok(ended)
}

impl EndedPlan {
    fn of(file: &PlanFile) -> EndedPlan {
        let ended_on = file.facts.last().map_or(file.plan.baseline_on, |fact| fact.on);
        let course = file.course();
        let planned = course.stages.iter().filter(|stage| stage.footing == Footing::Planned);
        let begun = planned.filter(|stage| stage.from.on <= ended_on).map(|stage| &stage.step);
        let lowest = begun.chain(file.plan.step(0)).min_by_key(|step| file.plan.average(step));
        EndedPlan {
            plan: file.plan.id.clone(),
            began_on: file.plan.baseline_on,
            ended_on,
            lowest: lowest.map(|step| file.plan.daily(step)).unwrap_or_default(),
        }
    }
}
