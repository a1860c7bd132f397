//! Everything the page of a resident shows, read at one moment of the database.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use crate::care::absence::Absence;
use crate::care::calendar::{Slot, days_after};
use crate::care::facility::{Facility, Unit};
use crate::care::incident::IncidentFile;
use crate::care::resident::Resident;
use crate::care::severe_sign::SignFile;
use crate::care::taper::level::Course;
use crate::store::assessments::{Assessment, assessments_before};
use crate::store::db::Conn;
use crate::store::doses::{self, Administration, Correction, DoseFile};
use crate::store::photos::digest_find;
use crate::store::plans::{self, PlanFile};
use crate::store::taper_alerts::{StandingAlert, alerts_load};
use crate::store::{StoreError, absences, facilities, incidents, people, residents, severe_signs};
use crate::web::parts::as_needed::{Orders, orders_load};
use crate::web::parts::orders::prescriber;
use crate::web::parts::pause::Pausable;
use crate::web::parts::spark::DRAWN;

/// So many days are shown ahead, today included; so many records back.
const DAYS_AHEAD: u32 = 7;
const RECORDS: i64 = 20;

pub struct Facts {
    pub now: DateTime<Utc>,
    pub facility: Facility,
    pub units: Vec<Unit>,
    pub resident: Resident,
    /// There is a photo of the resident.
    pub photo: bool,
    /// Who lives in the facility, for the name alert.
    pub others: Vec<Resident>,
    pub plans: Vec<Taper>,
    /// From today on, in order of their time.
    pub ahead: Vec<DoseFile>,
    /// The newest first.
    pub records: Vec<Administration>,
    /// Of these, those that were corrected.
    pub corrections: HashMap<String, Correction>,
    /// The taper alerts that nobody has acknowledged.
    pub alerts: Vec<StandingAlert>,
    /// Every severe sign, the newest first.
    pub signs: Vec<SignFile>,
    /// Whatever was given in error, the newest first.
    pub incidents: Vec<IncidentFile>,
    pub names: HashMap<String, String>,
    /// Nobody has come back from it.
    pub away: Option<Absence>,
    pub as_needed: Orders,
    /// The last assessments on the facility's scale, the newest first.
    pub scores: Vec<Assessment>,
}

pub struct Taper {
    pub file: PlanFile,
    pub course: Course,
    /// A signed reduction whose first dose nobody has recorded.
    pub pausable: Option<Pausable>,
}

/// The facts of a resident; none where they live in no facility of theirs.
pub fn load(conn: &mut Conn, mine: &[Facility], id: &str, now: DateTime<Utc>) -> Result<Option<Facts>, StoreError> {
    let resident = residents::resident_load(conn, id)?;
    let Some(facility) = mine.iter().find(|facility| facility.id == resident.facility).cloned() else {
        return Ok(None);
    };
    let today = facility.zone.day(now);
    let plans = tapers(conn, id, today)?;
    let from = facility.zone.at(today, Slot::MIDNIGHT);
    let until = facility.zone.at(days_after(today, DAYS_AHEAD), Slot::MIDNIGHT) - chrono::TimeDelta::seconds(1);
    let scores = match facility.scores.scale.as_str() {
        "" => Vec::new(),
        scale => assessments_before(conn, id, scale, now, DRAWN as i64)?,
    };
    let records = doses::administrations_latest_of(conn, id, RECORDS)?;
    let written: Vec<String> = records.iter().map(|record| record.id.clone()).collect();
    let names = {
        let deciders = plans.iter().flat_map(|taper| &taper.file.facts).flat_map(|fact| [&fact.by, prescriber(fact)]);
        let everybody: BTreeSet<&str> = deciders
            .chain(records.iter().flat_map(Administration::people))
            .chain(scores.iter().map(|score| score.recorded_by.as_str()))
            .collect();
        people::names_of(conn, &everybody)?
    };
    Ok(Some(Facts {
        now,
        units: facilities::units_of(conn, &facility.id)?,
        photo: digest_find(conn, id)?.is_some(),
        others: absences::residents_here(conn, &facility.id)?,
        alerts: alerts_load(conn, &facility, Some(&[id.to_owned()]), now)?,
        incidents: incidents::incidents_of_resident(conn, id)?,
        signs: severe_signs::signs_of_resident(conn, id)?,
        ahead: doses::doses_of_resident_between(conn, id, from, until)?,
        away: absences::absence_open_find(conn, id)?,
        as_needed: orders_load(conn, id, &facility, now)?,
        facility,
        resident,
        plans,
        corrections: doses::corrections_of(conn, &written)?,
        records,
        names,
        scores,
    }))
}

fn tapers(conn: &mut Conn, resident: &str, today: NaiveDate) -> Result<Vec<Taper>, StoreError> {
    let ids = plans::plan_ids_of_resident(conn, resident)?;
    let mut tapers = Vec::new();
    for file in plans::plans_load(conn, &ids)? {
        let course = file.course();
        let pausable = match Pausable::of(&file.plan, &course, today) {
            Some(signed) if doses::recorded_under(conn, (&signed.plan, signed.effective_on), &signed.signature)? => {
                None
            }
            signed => signed,
        };
        tapers.push(Taper { file, course, pausable });
    }
    Ok(tapers)
}
