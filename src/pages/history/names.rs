//! The names behind the ids of a record, and its times on the facility's clock.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::care::facility::{Facility, Unit};
use crate::care::people::{Engagement, Person, Role};
use crate::care::resident::Resident;
use crate::store::db::Conn;
use crate::store::{StoreError, facilities, people, residents};

/// Everybody and every place of one facility.
pub struct Names {
    pub facility: Facility,
    /// By surname.
    pub residents: Vec<Resident>,
    pub units: Vec<Unit>,
    /// Ids and names of everybody who is or was a nurse here, by name.
    pub nurses: Vec<(String, String)>,
    by_resident: HashMap<String, usize>,
    people: HashMap<String, String>,
}

pub fn names_load(conn: &mut Conn, facility: Facility) -> Result<Names, StoreError> {
    let residents = residents::residents_of(conn, std::slice::from_ref(&facility.id))?;
    let units = facilities::units_of(conn, &facility.id)?;
    let staff = people::staff_of(conn, &facility.id)?;
    Ok(Names::new(facility, residents, units, staff))
}

impl Names {
    pub fn new(
        facility: Facility,
        residents: Vec<Resident>,
        units: Vec<Unit>,
        staff: Vec<(Person, Vec<Engagement>)>,
    ) -> Names {
        let nurses = staff.iter().filter(|(_, roles)| roles.iter().any(|one| one.role == Role::Nurse));
        Names {
            nurses: nurses.map(|(person, _)| (person.id.clone(), person.name.clone())).collect(),
            by_resident: residents.iter().enumerate().map(|(at, resident)| (resident.id.clone(), at)).collect(),
            people: staff.into_iter().map(|(person, _)| (person.id, person.name)).collect(),
            facility,
            residents,
            units,
        }
    }

    pub fn resident(&self, id: &str) -> Option<&Resident> {
        self.by_resident.get(id).and_then(|at| self.residents.get(*at))
    }

    pub fn unit(&self, id: &str) -> &str {
        self.units.iter().find(|unit| unit.id == id).map_or("", |unit| &unit.name)
    }

    pub fn person(&self, id: &str) -> &str {
        self.people.get(id).map_or("somebody who left", String::as_str)
    }

    /// On the facility's clock.
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        self.facility.zone.local(at)
    }

    /// How far from its time a dose may be given that many minutes early or late.
    pub fn window(&self, late_minutes: i64) -> i64 {
        let windows = self.facility.windows;
        if late_minutes < 0 { windows.early_minutes.into() } else { windows.late_minutes.into() }
    }
}
