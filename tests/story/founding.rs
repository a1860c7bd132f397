//! The facility before its first dose, made by the acts of its people: the zone, the rules, the staff and the residents
//! are the seed's.

use chrono::{DateTime, NaiveDate, Utc};
use stepdown::acts::ActError;
use stepdown::acts::admit_resident::{AdmitResident, admit_resident};
use stepdown::acts::manage_facility::save_unit;
use stepdown::acts::manage_people::{AddPerson, GiveRole, add_person, found_facility, give_role};
use stepdown::acts::stock_products::{StockProducts, stock_products};
use stepdown::care::calendar::Zone;
use stepdown::care::facility::{Facility, Unit};
use stepdown::care::people::{Administrator, Person, Role, Staff, Supervisor};
use stepdown::care::register::{HeldBy, RegisterRules};
use stepdown::care::resident::admission::AdmissionAsk;
use stepdown::care::round::identity::asked::Identify;
use stepdown::care::taper::stock::Stocked;
use stepdown::care::witness::{Watched, WitnessPolicy};
use stepdown::store::Conn;

use crate::chance::Chance;
use crate::surnames;

/// A zone, and a day some weeks before its clocks change.
const PLACES: [(&str, &str); 6] = [
    ("Europe/Berlin", "2026-09-20"),
    ("Europe/London", "2026-02-20"),
    ("America/New_York", "2026-02-10"),
    ("Australia/Lord_Howe", "2026-03-01"),
    ("Asia/Kolkata", "2026-05-01"),
    ("America/Santiago", "2026-08-10"),
];

/// The medicines that are tapered here, and by how many micrograms each can be lowered.
pub const MEDICINES: [(&str, u64); 2] = [("clonazepam", 125), ("lorazepam", 500)];

/// Every product that is stocked, and whether it is halved: of clonazepam 0.5 mg, 1 mg and 0.125 mg, of lorazepam 0.5 mg and
/// 1 mg.
pub const SHELF: [(&str, bool); 5] =
    [("197527", true), ("197528", false), ("349194", false), ("197900", false), ("197901", false)];

/// Who works here from the first day. The second prescriber is a pharmacist too.
const STAFF: [(&str, Role); 11] = [
    ("rosa", Role::Administrator),
    ("helen", Role::Prescriber),
    ("hugo", Role::Prescriber),
    ("hugo", Role::Pharmacist),
    ("priya", Role::Pharmacist),
    ("paul", Role::Pharmacist),
    ("amara", Role::Nurse),
    ("tom", Role::Nurse),
    ("nina", Role::Nurse),
    ("carol", Role::Supervisor),
    ("carol", Role::Nurse),
];

pub struct Founded {
    pub facility: Facility,
    pub units: Vec<String>,
    pub residents: Vec<String>,
    pub staff: Vec<(String, Role)>,
}

/// The facility that the seed draws, and the moment its story begins.
pub fn drawn(chance: &mut Chance) -> (Facility, DateTime<Utc>) {
    let (zone, on) = *chance.pick(&PLACES);
    let zone: Zone = zone.parse().expect("a zone");
    let on: NaiveDate = on.parse().expect("a day");
    let began_at = zone.at(on, "06:00".parse().expect("a slot"));
    let watched: Vec<Watched> = Watched::ALL.into_iter().filter(|_| chance.percent(30)).collect();
    let held_by = *chance.pick(&[HeldBy::Residents, HeldBy::Units]);
    let register = RegisterRules { held_by, witness: WitnessPolicy(watched), ..RegisterRules::default() };
    let identify =
        *chance.weighed(&[(3, Identify::Nothing), (1, Identify::Resident), (1, Identify::ResidentAndProduct)]);
    let facility = Facility { register, identify, ..Facility::new(chance.id(), "Long House".to_owned(), zone) };
    (facility, began_at)
}

pub fn person(name: &str) -> String {
    format!("person-{name}")
}

pub fn staff(facility: &str, person: &str) -> Staff {
    Staff { person: person.to_owned(), name: person.to_owned(), facility: facility.to_owned() }
}

/// Makes it, in one act.
pub fn found(conn: &mut Conn, facility: &Facility, residents: usize, now: DateTime<Utc>) -> Result<Founded, ActError> {
    found_facility(conn, facility, &account(STAFF[0]), now)?;
    let by = |name: &str| staff(&facility.id, &person(name));
    let founder = Administrator(by("rosa"));
    for (nth, (name, role)) in STAFF.into_iter().enumerate().skip(1) {
        if STAFF[..nth].iter().any(|(known, _)| *known == name) {
            let form = format!("{name} {}", role.word());
            give_role(conn, &founder, &GiveRole { form, username: name.to_owned(), role, ends_at: None }, now)?;
        } else {
            add_person(conn, &founder, &account((name, role)), now)?;
        }
    }
    let units = ["east", "west"].map(|name| unit(facility, name));
    for unit in &units {
        save_unit(conn, &founder, &unit.id, unit, now)?;
    }
    let stock = SHELF.map(|(product, halved)| Stocked { product: product.to_owned(), halved }).to_vec();
    stock_products(
        conn,
        &founder,
        &StockProducts { form: "shelf".to_owned(), revision: 0, stock, despite: false },
        now,
    )?;
    let units = units.map(|unit| unit.id).to_vec();
    let residents: Vec<String> = (0..residents).map(|n| format!("resident-{n}")).collect();
    for (n, resident) in residents.iter().enumerate() {
        let admission = admission(n, &units[n % 2]);
        admit_resident(conn, &Supervisor(by("carol")), &AdmitResident { form: resident.clone(), admission }, now)?;
    }
    let staff = STAFF.map(|(name, role)| (person(name), role)).to_vec();
    Ok(Founded { facility: facility.clone(), units, residents, staff })
}

/// Somebody's account with a first role. Nobody signs in, so that any password will do.
pub fn account((name, role): (&str, Role)) -> AddPerson {
    let person = Person {
        id: person(name),
        username: name.to_owned(),
        name: name.to_owned(),
        registration: String::new(),
        email: format!("{name}@long-house.example"),
        disabled_at: None,
        revision: 0,
    };
    AddPerson {
        form: format!("hire {name}"),
        person,
        password_hash: "given".to_owned(),
        own_password: true,
        role,
        ends_at: None,
    }
}

fn unit(facility: &Facility, name: &str) -> Unit {
    Unit {
        id: format!("unit-{name}"),
        facility: facility.id.clone(),
        name: name.to_owned(),
        mailbox: format!("{name}@long-house.example"),
        rounds: ["08:00", "20:00"].map(|slot| slot.parse().expect("a slot")).to_vec(),
        revision: 0,
    }
}

/// Surnames that stand in no other text, so that one in a letter is found.
pub fn surname(n: usize) -> String {
    surnames::surname(u32::try_from(n).expect("no house is so large"))
}

pub fn admission(n: usize, unit: &str) -> AdmissionAsk {
    AdmissionAsk {
        surname: surname(n),
        forename: "Invented".to_owned(),
        born_on: format!("19{}-03-{:02}", 30 + n % 40, 1 + n % 28),
        number: format!("LH-{n}"),
        unit: unit.to_owned(),
        room: format!("{}", n + 1),
        allergy_state: "none".to_owned(),
        allergies: String::new(),
    }
}
