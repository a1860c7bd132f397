//! What stands on a unit’s paper: each dose of an outage as its pack printed it, and as it stands in the system.

pub mod as_needed;

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use super::db::Conn;
use super::doses::{self, Administration, DoseFile};
use super::downtime::room;
use super::moves::residences_of;
use super::plans::{self, PlanFile};
use super::schema::history;
use super::{StoreError, facilities, people, residents};
use crate::care::calendar::clock_text;
use crate::care::downtime::Reach;
use crate::care::facility::{Facility, Unit};
use crate::care::medicine::shelves::Shelves;
use crate::care::people::{Engagement, Role};
use crate::care::resident::Resident;
use crate::care::round::administration::Stood;
use crate::care::round::paper::{Authorised, PaperCase};
use crate::care::taper::schedule::{DoseLevel, doses_between};

/// A dose on paper, and in the system.
#[derive(Debug, Clone)]
pub struct PaperDose {
    pub dose: DoseFile,
    pub resident: Resident,
    pub case: PaperCase,
    pub standing: Option<Administration>,
}

/// The paper of a unit.
#[derive(Debug, Clone)]
pub struct Paper {
    /// In the order in which the pack is printed.
    pub doses: Vec<PaperDose>,
    pub shelves: Shelves,
    /// Who may have given a dose then: their ids and names.
    pub staff: Vec<(String, String)>,
    /// The printed names of everybody who recorded something.
    pub names: HashMap<String, String>,
}

/// A pack that was printed: the number of the last entry of the history that it holds, and when that was made.
#[derive(Debug, Clone, Copy)]
pub struct Printed {
    pub entry: i64,
    pub at: DateTime<Utc>,
}

/// The pack that holds everything up to an entry; none where the facility has no such entry.
pub fn printed_find(conn: &mut Conn, facility: &str, entry: i64) -> Result<Option<Printed>, StoreError> {
    let here = history::table.filter(history::n.eq(entry).and(history::facility.eq(facility)));
    let at: Option<chrono::NaiveDateTime> = here.select(history::done_at).first(conn).optional()?;
    Ok(at.map(|at| Printed { entry, at: at.and_utc() }))
}

/// The decisions about some plans that a pack holds, by the ids of their facts. They are told by their numbers: where the
/// clock was set back meanwhile, an earlier one may bear the later time.
fn decisions_on(conn: &mut Conn, printed: Printed, plans: &[String]) -> Result<HashSet<String>, StoreError> {
    let about = history::subject.eq_any(plans).and(history::n.le(printed.entry));
    let ids: Vec<String> = history::table.filter(about).select(history::id).load(conn)?;
    Ok(ids.into_iter().collect())
}

/// The doses of a unit that may have been given from its paper, of whoever lived there then: due from one instant to another
/// while the system was down, open before it, or given early. `printed`: what was decided later is not on the paper.
pub fn paper_load(
    conn: &mut Conn,
    facility: &Facility,
    unit: &Unit,
    (stopped_at, back_at): (DateTime<Utc>, DateTime<Utc>),
    printed: Option<Printed>,
    now: DateTime<Utc>,
) -> Result<Paper, StoreError> {
    let reach = Reach { stopped_at, back_at, printed_at: printed.map(|pack| pack.at), windows: facility.windows };
    let all = residents::residents_of(conn, std::slice::from_ref(&facility.id))?;
    let here: HashMap<&str, &Resident> = all.iter().map(|one| (one.id.as_str(), one)).collect();
    let lived = residences_of(conn, &facility.id, &all, stopped_at)?;
    let mut rows = doses::doses_ever_due_between(conn, &facility.id, reach.due())?;
    // What a pack asks after is of those who live there when it is printed.
    let then = |dose: &DoseFile| dose.due_at.max(stopped_at);
    rows.retain(|dose| lived.get(&dose.resident).is_some_and(|lived| lived.at(then(dose)) == unit.id));
    let standings = doses::standings_of(conn, &rows.iter().map(|dose| dose.id.clone()).collect::<Vec<_>>())?;
    let ids: BTreeSet<String> = rows.iter().map(|dose| dose.plan.clone()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let files = plans::plans_load(conn, &ids)?;
    let decided = printed.map(|printed| decisions_on(conn, printed, &ids)).transpose()?;
    let plans: HashMap<&str, &PlanFile> = files.iter().map(|file| (file.plan.id.as_str(), file)).collect();
    let people: BTreeSet<&str> = standings.values().flat_map(Administration::people).collect();
    let names = people::names_of(conn, &people)?;
    let mut found = Vec::new();
    for dose in rows {
        let Some(resident) = here.get(dose.resident.as_str()) else { continue };
        let standing = standings.get(&dose.id);
        if !reach.has(dose.due_at, standing.map(|record| record.recorded_at)) {
            continue;
        }
        let case =
            case(&dose, plans.get(dose.plan.as_str()).copied(), standing, decided.as_ref(), (facility, &names, now));
        found.push(PaperDose { case, standing: standing.cloned(), resident: (*resident).clone(), dose });
    }
    found.retain(|one| one.case.is_a_line());
    found.sort_by_key(|one| (one.dose.key.on, one.dose.key.slot, room(&one.resident), one.resident.name()));
    let staff = staff_then(conn, &facility.id, reach.due().0)?;
    Ok(Paper { doses: found, shelves: facilities::shelves_load(conn, &facility.id)?, staff, names })
}

fn case(
    dose: &DoseFile,
    plan: Option<&PlanFile>,
    standing: Option<&Administration>,
    decided: Option<&HashSet<String>>,
    (facility, names, now): (&Facility, &HashMap<String, String>, DateTime<Utc>),
) -> PaperCase {
    let authorised = |level: DoseLevel| Authorised { amount: level.amount, by: level.authorised_by };
    let level = authorised(dose.level.clone());
    let on = dose.key.on;
    // What nobody knows of the pack is taken to be as it stands; of a void dose nobody can say then that it was printed.
    let known =
        decided.zip(plan).map(|(decided, plan)| doses_between(&plan.course_by(decided), on, on).remove(&dose.key));
    let printed = match known {
        Some(then) => then.filter(DoseLevel::is_printed).map(authorised),
        None => Some(level.clone()).filter(|_| !dose.void),
    };
    let stood = |record: &Administration| Stood {
        outcome: record.outcome,
        by: names.get(&record.recorded_by).cloned().unwrap_or_default(),
        at: clock_text(facility.zone, record.recorded_at, now),
    };
    PaperCase {
        printed,
        level,
        due_at: dose.due_at,
        revision: dose.revision,
        void: dose.void,
        standing: standing.map(stood),
    }
}

/// Whoever is a nurse here, or was one in the last month.
pub fn nurses_lately(conn: &mut Conn, facility: &str, now: DateTime<Utc>) -> Result<Vec<(String, String)>, StoreError> {
    staff_then(conn, facility, now - TimeDelta::days(31))
}

/// Everybody who was a nurse at an instant or after it: whoever gave a dose then may have left since.
pub fn staff_then(conn: &mut Conn, facility: &str, from: DateTime<Utc>) -> Result<Vec<(String, String)>, StoreError> {
    let staff = people::staff_of(conn, facility)?;
    let nurse = |roles: &[Engagement]| roles.iter().any(|one| one.role == Role::Nurse && one.lasted_beyond(from));
    let nursed = staff.into_iter().filter(|(_, roles)| nurse(roles));
    Ok(nursed.map(|(person, _)| (person.id, person.name)).collect())
}
