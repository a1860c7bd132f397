//! Alder House before its first plan: the facility, its units, its staff, its residents, its shelf.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::cast::{Member, STAFF};
use super::chance::Chance;
use super::residents::{Inhabitant, RESIDENTS};
use crate::acts::ActError;
use crate::acts::admit_resident::{AdmitResident, admit_resident};
use crate::acts::code_packs::{CodePacks, code_packs};
use crate::acts::manage_facility::save_unit;
use crate::acts::manage_people::{AddPerson, add_person, found_facility};
use crate::acts::stock_products::{StockProducts, stock_products};
use crate::care::calendar::{Slot, Zone};
use crate::care::facility::{Emergency, Facility, Unit};
use crate::care::gradual::rules::GradualRules;
use crate::care::medicine::coded::codes_of;
use crate::care::people::{Administrator, Person, Staff, Supervisor};
use crate::care::register::RegisterRules;
use crate::care::resident::admission::AdmissionAsk;
use crate::care::round::assessment_due::ScoreRule;
use crate::care::round::due::Windows;
use crate::care::round::identity::asked::Identify;
use crate::care::round::sedation::SedationRule;
use crate::care::taper::stock::Stocked;
use crate::store::Conn;

pub use crate::commands::DEMO_FACILITY as FACILITY;

/// The supervisor, who takes the residents in.
const KEEPER: &str = "c.ashby";

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

/// By which numbers its packs are known. All are invented: GS1 keeps the prefix 04 for what a house numbers itself, so no
/// maker’s pack has any of them.
const PACKS: &[(&str, &str)] = &[
    ("197527", "0400000000015"),
    ("197528", "0400000000022"),
    ("197529", "0400000000039"),
    ("349194", "0400000000046"),
    ("349195", "0400000000053"),
    ("197590", "0400000000060"),
    ("197591", "0400000000077"),
    ("197589", "0400000000084"),
    ("309843", "0400000000091"),
    ("197900", "0400000000107"),
    ("197901", "0400000000114"),
    ("197902", "0400000000121"),
    ("311376", "0400000000138"),
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
        gradual: GradualRules::default(),
        mail_from: "stepdown@alder-house.example".to_owned(),
        scores: ScoreRule { scale: "ciwa-b".to_owned(), ..ScoreRule::default() },
        sedation: SedationRule::default(),
        identify: Identify::default(),
        revision: 0,
        effect_minutes: 45,
        away_days: 3,
        correction_hours: 12,
        register: RegisterRules::default(),
        emergency: Emergency { number: "911".to_owned(), contact: "the doctor on call, 555 0142".to_owned() },
    }
}

/// The zone of the demo: its clock is read there too.
pub fn zone() -> Zone {
    "Europe/London".parse().expect("a zone of the tz database")
}

/// Makes the house by the acts that its people would use, and answers who works there, by username.
pub fn furnish(
    conn: &mut Conn,
    chance: Chance,
    password_hash: &str,
    at: DateTime<Utc>,
) -> Result<BTreeMap<&'static str, Staff>, ActError> {
    let (founder, others) = STAFF.split_last().expect("somebody works in Alder House");
    let ask = account(chance, founder, password_hash, at);
    found_facility(conn, &facility(), &ask, at)?;
    let founder = Administrator(staff(&ask.person));
    let mut hired = BTreeMap::from([(ask.person.username.clone(), founder.0.clone())]);
    for member in others {
        let ask = account(chance, member, password_hash, at);
        add_person(conn, &founder, &ask, at)?;
        hired.insert(ask.person.username.clone(), staff(&ask.person));
    }
    for (name, rounds) in [("Willow", "08:00 14:00 20:00"), ("Rowan", "08:00 14:00 20:00 22:00")] {
        let unit = unit(chance, name, rounds, at);
        save_unit(conn, &founder, &unit.id, &unit, at)?;
    }
    stock(conn, chance, &founder, at)?;
    let keeper = Supervisor(hired.get(KEEPER).cloned().expect("the supervisor was hired"));
    for who in RESIDENTS {
        let ask = AdmitResident { form: resident_id(chance, who, at), admission: admission(chance, who, at) };
        admit_resident(conn, &keeper, &ask, at)?;
    }
    Ok(STAFF.iter().filter_map(|member| Some((member.username, hired.remove(member.username)?))).collect())
}

/// The shelf, and the codes on its packs.
fn stock(conn: &mut Conn, chance: Chance, by: &Administrator, at: DateTime<Utc>) -> Result<(), ActError> {
    let stocked = |(product, halved): &(&str, bool)| Stocked { product: (*product).to_owned(), halved: *halved };
    let stock = SHELF.iter().map(stocked).collect();
    stock_products(conn, by, &StockProducts { form: chance.id(at, "shelf"), revision: 0, stock, despite: false }, at)?;
    let packs = PACKS.iter().map(|(product, number)| codes_of(product, number));
    let codes = packs.collect::<Result<Vec<_>, _>>()?.concat();
    code_packs(conn, by, &CodePacks { form: chance.id(at, "packs"), revision: 1, codes }, at)
}

fn account(chance: Chance, member: &Member, password_hash: &str, at: DateTime<Utc>) -> AddPerson {
    let form = chance.id(at, member.username);
    let person = Person {
        id: form.clone(),
        username: member.username.to_owned(),
        name: member.name.to_owned(),
        registration: member.registration.to_owned(),
        email: format!("{}@alder-house.example", member.username),
        disabled_at: None,
        revision: 0,
    };
    AddPerson {
        form,
        person,
        password_hash: password_hash.to_owned(),
        own_password: true,
        role: member.role,
        ends_at: None,
    }
}

fn staff(person: &Person) -> Staff {
    Staff { person: person.id.clone(), name: person.name.clone(), facility: FACILITY.to_owned() }
}

fn unit(chance: Chance, name: &str, rounds: &str, at: DateTime<Utc>) -> Unit {
    let rounds = rounds.split(' ').filter_map(|slot| slot.parse::<Slot>().ok()).collect();
    let mailbox = format!("{}@alder-house.example", name.to_lowercase());
    Unit {
        id: unit_id(chance, name, at),
        facility: FACILITY.to_owned(),
        name: name.to_owned(),
        mailbox,
        rounds,
        revision: 0,
    }
}

fn unit_id(chance: Chance, name: &str, at: DateTime<Utc>) -> String {
    chance.id(at, &format!("unit {name}"))
}

pub fn resident_id(chance: Chance, who: &Inhabitant, at: DateTime<Utc>) -> String {
    chance.id(at, who.number)
}

fn admission(chance: Chance, who: &Inhabitant, at: DateTime<Utc>) -> AdmissionAsk {
    let (allergy_state, allergies) = match who.allergy {
        None => ("not_recorded", ""),
        Some("") => ("none", ""),
        Some(list) => ("known", list),
    };
    AdmissionAsk {
        surname: who.surname.to_owned(),
        forename: who.forename.to_owned(),
        born_on: who.born_on.to_owned(),
        number: who.number.to_owned(),
        unit: unit_id(chance, who.unit, at),
        room: who.room.to_owned(),
        allergy_state: allergy_state.to_owned(),
        allergies: allergies.to_owned(),
    }
}
