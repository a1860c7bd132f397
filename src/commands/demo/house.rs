//! Alder House before its first plan: the facility, its units, its staff, its residents, its shelf.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::cast::{Allergy, Inhabitant, RESIDENTS, STAFF};
use super::chance::Chance;
use crate::care::calendar::{Slot, Zone, parse_day};
use crate::care::facility::{Facility, Unit};
use crate::care::people::{Engagement, Person, Staff};
use crate::care::resident::{Allergies, Resident};
use crate::care::round::due::Windows;
use crate::store::{Conn, StoreError, facilities, people, residents};

pub const FACILITY: &str = "alder-house";

/// What stands on the shelf, by RxNorm code, and whether it is halved here. A facility may halve what it judges safe;
/// of these only the scored clonazepam 0.5 mg tablet has a source that says so.
const SHELF: &[(&str, bool)] = &[
    ("197527", true),
    ("197528", false),
    ("197529", false),
    ("349194", false),
    ("349195", false),
    ("197590", false),
    ("197591", false),
    ("197589", false),
    ("309843", false),
    ("197900", false),
    ("197901", false),
    ("197902", false),
    ("311376", false),
];

pub fn facility() -> Facility {
    Facility {
        id: FACILITY.to_owned(),
        name: "Alder House".to_owned(),
        zone: zone(),
        windows: Windows { early_minutes: 60, late_minutes: 60 },
        no_record_minutes: 240,
        horizon_days: 14,
        sign_ahead_days: 7,
        idle_minutes: 30,
        mail_from: "stepdown@alder-house.example".to_owned(),
        revision: 0,
    }
}

/// The zone of the demo: its clock is read there too.
pub fn zone() -> Zone {
    "Europe/London".parse().expect("a zone of the tz database")
}

/// Makes the house and answers who works there, by username.
pub fn furnish(
    conn: &mut Conn,
    chance: Chance,
    password_hash: &str,
    at: DateTime<Utc>,
) -> Result<BTreeMap<&'static str, Staff>, StoreError> {
    facilities::facility_insert(conn, &facility())?;
    for (name, rounds) in [("Willow", "08:00 14:00 20:00"), ("Rowan", "08:00 14:00 20:00 22:00")] {
        facilities::unit_insert(conn, &unit(name, rounds))?;
    }
    let shelf: Vec<(String, bool)> = SHELF.iter().map(|(code, halved)| ((*code).to_owned(), *halved)).collect();
    facilities::stock_replace(conn, FACILITY, &shelf)?;
    for inhabitant in RESIDENTS {
        residents::resident_insert(conn, &resident(chance, inhabitant, at), at)?;
    }
    hire(conn, chance, password_hash, at)
}

fn unit(name: &str, rounds: &str) -> Unit {
    let rounds = rounds.split(' ').filter_map(|slot| slot.parse::<Slot>().ok()).collect();
    let mailbox = format!("{}@alder-house.example", name.to_lowercase());
    Unit { id: name.to_lowercase(), facility: FACILITY.to_owned(), name: name.to_owned(), mailbox, rounds, revision: 0 }
}

fn resident(chance: Chance, who: &Inhabitant, at: DateTime<Utc>) -> Resident {
    Resident {
        id: resident_id(chance, who, at),
        facility: FACILITY.to_owned(),
        unit: who.unit.to_lowercase(),
        number: who.number.to_owned(),
        surname: who.surname.to_owned(),
        forename: who.forename.to_owned(),
        born_on: parse_day(who.born_on).expect("the cast has real birthdays"),
        room: who.room.to_owned(),
        allergies: allergies(who.allergy),
    }
}

pub fn resident_id(chance: Chance, who: &Inhabitant, at: DateTime<Utc>) -> String {
    chance.id(at, who.number)
}

fn allergies(known: Allergy) -> Allergies {
    match known {
        None => Allergies::NotRecorded,
        Some("") => Allergies::NoneKnown,
        Some(list) => Allergies::Known { list: list.to_owned() },
    }
}

fn hire(
    conn: &mut Conn,
    chance: Chance,
    password_hash: &str,
    at: DateTime<Utc>,
) -> Result<BTreeMap<&'static str, Staff>, StoreError> {
    let mut staff = BTreeMap::new();
    for member in STAFF {
        let id = chance.id(at, member.username);
        let person = Person {
            id: id.clone(),
            username: member.username.to_owned(),
            name: member.name.to_owned(),
            registration: member.registration.to_owned(),
            email: format!("{}@alder-house.example", member.username),
            disabled_at: None,
            revision: 0,
        };
        people::person_insert(conn, &person, password_hash)?;
        for role in member.roles {
            let membership = chance.id(at, &format!("{} {}", member.username, role.word()));
            let (person, facility) = (id.clone(), FACILITY.to_owned());
            people::engagement_save(
                conn,
                &Engagement { id: membership, person, facility, role: *role, ends_at: None },
            )?;
        }
        staff
            .insert(member.username, Staff { person: id, name: member.name.to_owned(), facility: FACILITY.to_owned() });
    }
    Ok(staff)
}
