//! Everything the page shows, read at one moment of the database.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use crate::care::facility::Facility;
use crate::care::gradual::treatment::Treatment;
use crate::care::resident::Resident;
use crate::store::db::Conn;
use crate::store::{StoreError, facilities, gradual, people, residents};
use crate::web::parts::Banner;

pub struct Facts {
    /// As it stands now, its settings with it.
    pub facility: Facility,
    pub today: NaiveDate,
    pub resident: Resident,
    pub banner: Banner,
    /// By medicine.
    pub treatments: Vec<Treatment>,
    pub names: HashMap<String, String>,
    /// Whoever reads it is a prescriber here.
    pub prescriber: bool,
}

/// None where the resident lives in no facility of theirs.
pub fn load(
    conn: &mut Conn,
    mine: &[Facility],
    prescribes: &[String],
    id: &str,
    now: DateTime<Utc>,
) -> Result<Option<Facts>, StoreError> {
    let resident = residents::resident_load(conn, id)?;
    if !mine.iter().any(|facility| facility.id == resident.facility) {
        return Ok(None);
    }
    let facility = facilities::facility_load(conn, &resident.facility)?;
    let today = facility.zone.day(now);
    let treatments = gradual::treatments_of_resident(conn, id, today)?;
    let authors: BTreeSet<&str> = treatments.iter().flat_map(|one| &one.notes).map(|note| note.by.as_str()).collect();
    Ok(Some(Facts {
        banner: Banner::load(conn, &resident, today)?,
        names: people::names_of(conn, &authors)?,
        prescriber: prescribes.contains(&facility.id),
        facility,
        today,
        resident,
        treatments,
    }))
}
