//! What the page of a scoring shows beside its questions: whose it is, and what was answered the last time.

use chrono::{DateTime, Utc};

use crate::care::facility::Facility;
use crate::care::resident::Resident;
use crate::care::scale::Scale;
use crate::store::assessments::{Assessment, assessments_before};
use crate::store::db::Conn;
use crate::store::{StoreError, people, residents};
use crate::web::parts::Banner;

pub struct Facts {
    pub now: DateTime<Utc>,
    pub facility: Facility,
    pub resident: Resident,
    pub banner: Banner,
    pub scale: Scale,
    /// The last assessment on this scale, and who made it.
    pub last: Option<(Assessment, String)>,
}

/// The resident, if they live in a facility of theirs.
pub fn place_load(conn: &mut Conn, mine: &[Facility], id: &str) -> Result<(Resident, Facility), StoreError> {
    let resident = residents::resident_load(conn, id)?;
    let facility = mine.iter().find(|facility| facility.id == resident.facility).cloned();
    Ok((resident, facility.ok_or(StoreError::Missing)?))
}

pub fn load(
    conn: &mut Conn,
    resident: Resident,
    facility: Facility,
    scale: Scale,
    now: DateTime<Utc>,
) -> Result<Facts, StoreError> {
    let last = match assessments_before(conn, &resident.id, &scale.id, now, 1)?.pop() {
        Some(last) => {
            let by = people::name_load(conn, &last.recorded_by)?;
            Some((last, by))
        }
        None => None,
    };
    let banner = Banner::load(conn, &resident, facility.zone.day(now))?;
    Ok(Facts { now, banner, last, facility, resident, scale })
}
