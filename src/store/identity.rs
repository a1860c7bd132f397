//! What it takes to check who is given a dose, and from which pack; nothing is looked for where nobody asks.

use chrono::{DateTime, Utc};

use super::db::Conn;
use super::pack_codes::pack_codes_of;
use super::{StoreError, residents};
use crate::care::facility::Facility;
use crate::care::medicine::coded::Coded;
use crate::care::medicine::tablets::Pieces;
use crate::care::resident::Resident;
use crate::care::round::identity::IdentityCase;
use crate::care::round::identity::asked::Identify;

/// Whose label somebody may scan by mistake, and the numbers of packs.
#[derive(Debug, Clone, Default)]
pub struct Identifying {
    /// Everybody else of the facility.
    others: Vec<Resident>,
    known: Vec<Coded>,
}

pub fn identifying_load(conn: &mut Conn, facility: &Facility, resident: &Resident) -> Result<Identifying, StoreError> {
    if facility.identify == Identify::Nothing {
        return Ok(Identifying::default());
    }
    let mut others = residents::residents_of(conn, std::slice::from_ref(&facility.id))?;
    others.retain(|other| other.id != resident.id);
    Ok(Identifying { others, known: pack_codes_of(conn, &facility.id)? })
}

impl Identifying {
    /// The dose in whose hands the scanner is. `pieces` is none where nothing stocked makes it.
    pub fn case<'a>(
        &'a self,
        facility: &Facility,
        resident: &'a Resident,
        pieces: Option<&'a Pieces>,
        now: DateTime<Utc>,
    ) -> IdentityCase<'a> {
        IdentityCase {
            asked: facility.identify,
            resident,
            others: &self.others,
            pieces,
            known: &self.known,
            today: facility.zone.day(now),
        }
    }
}
