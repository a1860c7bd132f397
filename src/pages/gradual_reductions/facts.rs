//! Everything the report shows, read at one moment of the database.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use crate::care::facility::Facility;
use crate::care::gradual::note::{Note, Noted};
use crate::care::gradual::treatment::{Report, Treatment, Urgency, urgency};
use crate::care::resident::Resident;
use crate::store::db::Conn;
use crate::store::{StoreError, facilities, gradual, people, residents};

pub struct Facts {
    pub facility: Facility,
    pub today: NaiveDate,
    /// The most urgent first.
    pub rows: Vec<Fact>,
    pub names: HashMap<String, String>,
}

/// One medicine of one resident.
pub struct Fact {
    pub resident: Resident,
    /// The name of their unit.
    pub unit: String,
    pub treatment: Treatment,
    /// None where its start is not recorded.
    pub report: Option<Report>,
    pub urgency: Urgency,
    /// The day the urgency is about.
    pub on: Option<NaiveDate>,
}

impl Fact {
    /// The contraindication that stands, or the last one that did.
    pub fn contraindication(&self) -> Option<&Note> {
        let since = self.report.as_ref()?.spell.since;
        let contraindicated = |note: &&Note| matches!(note.noted, Noted::Contraindicated { on, .. } if on >= since);
        self.treatment.standing_notes().filter(contraindicated).last()
    }
}

pub fn load(conn: &mut Conn, facility: &str, now: DateTime<Utc>) -> Result<Facts, StoreError> {
    let facility = facilities::facility_load(conn, facility)?;
    let today = facility.zone.day(now);
    let units: HashMap<String, String> =
        facilities::units_of(conn, &facility.id)?.into_iter().map(|unit| (unit.id, unit.name)).collect();
    let residents: HashMap<String, Resident> = residents::residents_of(conn, std::slice::from_ref(&facility.id))?
        .into_iter()
        .map(|resident| (resident.id.clone(), resident))
        .collect();
    let treatments = gradual::treatments_of(conn, &facility.id, today)?;
    let authors: BTreeSet<&str> = treatments.iter().flat_map(|one| &one.notes).map(|note| note.by.as_str()).collect();
    let names = people::names_of(conn, &authors)?;
    let fact = |treatment: Treatment| {
        let resident = residents.get(&treatment.resident)?.clone();
        let unit = units.get(&resident.unit).cloned().unwrap_or_default();
        Some(Fact::new(resident, unit, treatment, &facility, today))
    };
    let mut rows: Vec<Fact> = treatments.into_iter().filter_map(fact).collect();
    rows.sort_by(|one, other| one.rank().cmp(&other.rank()));
    Ok(Facts { rows, names, facility, today })
}

impl Fact {
    pub fn new(resident: Resident, unit: String, treatment: Treatment, facility: &Facility, today: NaiveDate) -> Fact {
        let report = treatment.report(&facility.gradual, today);
        let (urgency, on) = urgency(report.as_ref(), today);
        Fact { resident, unit, treatment, report, urgency, on }
    }

    fn rank(&self) -> (Urgency, Option<NaiveDate>, String, &str) {
        (self.urgency, self.on, self.resident.surname.to_lowercase(), &self.treatment.medicine.0)
    }
}
