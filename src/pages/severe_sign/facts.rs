//! Everything the page of a severe sign shows, read at one moment of the database.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::care::facility::Facility;
use crate::care::resident::Resident;
use crate::care::severe_sign::SignFile;
use crate::store::db::Conn;
use crate::store::letters::{self, LetterFile};
use crate::store::plans::{self, PlanFile};
use crate::store::{StoreError, people, residents, severe_signs};
use crate::web::parts::Banner;

pub struct Facts {
    pub now: DateTime<Utc>,
    pub facility: Facility,
    pub resident: Resident,
    pub banner: Banner,
    pub file: SignFile,
    /// The resident's running plans.
    pub plans: Vec<PlanFile>,
    /// What was written about it, in order.
    pub letters: Vec<LetterFile>,
    pub names: HashMap<String, String>,
}

/// Another facility's sign is missing to whoever asks.
pub fn load(conn: &mut Conn, mine: &[Facility], id: &str, now: DateTime<Utc>) -> Result<Facts, StoreError> {
    let file = severe_signs::sign_load(conn, id)?;
    let facility = mine.iter().find(|facility| facility.id == file.sign.facility).ok_or(StoreError::Missing)?.clone();
    let resident = residents::resident_load(conn, &file.sign.resident)?;
    let running = plans::running_plan_ids(conn, &resident.id)?;
    let known = file.acknowledged.iter().map(|one| one.acknowledged_by.as_str());
    let released = file.released.iter().map(|release| release.released_by.as_str());
    let everybody: BTreeSet<&str> = known.chain(released).chain([file.sign.recorded_by.as_str()]).collect();
    Ok(Facts {
        now,
        banner: Banner::load(conn, &resident, facility.zone.day(now))?,
        plans: plans::plans_load(conn, &running)?,
        letters: letters::letters_of_sign(conn, &facility.id, id)?,
        names: people::names_of(conn, &everybody)?,
        facility,
        resident,
        file,
    })
}

impl Facts {
    pub fn name(&self, person: &str) -> &str {
        self.names.get(person).map_or("", String::as_str)
    }
}
