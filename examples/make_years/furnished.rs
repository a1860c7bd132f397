//! A large house before its first dose: its people, its units, its residents, and a plan for each of them.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use stepdown::acts::ActError;
use stepdown::acts::admit_resident::{AdmitResident, admit_resident};
use stepdown::acts::approve_plan::{ApprovePlan, approve_plan};
use stepdown::acts::draft_plan::{DraftPlan, draft_plan};
use stepdown::acts::manage_facility::save_unit;
use stepdown::acts::manage_people::{AddPerson, add_person, found_facility};
use stepdown::care::amount::Amount;
use stepdown::care::calendar::{Slot, Zone, days_after, days_before};
use stepdown::care::facility::{Facility, Unit};
use stepdown::care::people::{Administrator, Confirmed, Person, Prescriber, Role, Staff, Supervisor};
use stepdown::care::resident::admission::AdmissionAsk;
use stepdown::care::taper::baseline::Baseline;
use stepdown::care::taper::baseline::entry::{self, Bounds};
use stepdown::care::taper::plan::{Medicine, Plan, Regimen, Step};
use stepdown::store::{Conn, facilities};
use stepdown::web::password::{Cost, password_hash};
use uuid::Uuid;

use crate::surnames::surname;

/// What a house is furnished with.
#[derive(Debug, Clone)]
pub struct Furniture {
    residents: u32,
    /// When everybody is given something, on every day.
    slots: Vec<Slot>,
}

impl Furniture {
    /// So many residents, each given something at these times of day, written `08:00`.
    pub fn with(residents: u32, slots: &[&str]) -> Furniture {
        let slots = slots.iter().map(|text| text.parse().expect("a clock time of this program")).collect();
        Furniture { residents, slots }
    }
}

/// What the years need to know of the house.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "nobody needs all of it")]
pub struct House {
    pub facility: Facility,
    pub nurse: Staff,
    pub pharmacist: Staff,
    pub supervisor: Staff,
    pub plans: Vec<String>,
}

/// So many residents live in a unit at most.
const UNIT: u32 = 60;

/// The same words make the same id.
pub fn id(words: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, words.as_bytes()).to_string()
}

/// Makes the house by the acts of its people.
pub fn furnish(conn: &mut Conn, furniture: &Furniture, at: DateTime<Utc>) -> Result<House, ActError> {
    let facility = Facility::new(id("facility"), "Long House".to_owned(), Zone::UTC);
    let hash = password_hash("alder-house", Cost::Full);
    let account = |username: &str, name: &str, role| account(&facility, username, name, role, &hash);
    let (founding, founder) = account("r.tan", "Rosa Tan", Role::Administrator);
    found_facility(conn, &facility, &founding, at)?;
    let founder = Administrator(founder);
    let hired = [
        account("a.diallo", "Amara Diallo RN", Role::Nurse),
        account("h.marsh", "Dr Helen Marsh", Role::Prescriber),
        account("p.venkatesan", "Priya Venkatesan", Role::Pharmacist),
        account("c.ashby", "Carol Ashby", Role::Supervisor),
    ];
    for (ask, _) in &hired {
        add_person(conn, &founder, ask, at)?;
    }
    let [(_, nurse), (_, prescriber), (_, pharmacist), (_, supervisor)] = hired;
    let Furniture { residents, slots } = furniture;
    for n in 0..residents.div_ceil(UNIT) {
        let unit = unit(&facility, slots, n);
        save_unit(conn, &founder, &unit.id, &unit, at)?;
    }
    facilities::stock_replace(conn, &facility.id, &[("197527".to_owned(), true), ("197528".to_owned(), false)])?;
    let mut plans = Vec::new();
    for n in 0..*residents {
        let resident = id(&format!("resident {n}"));
        let admission = AdmitResident { form: resident.clone(), admission: admission(n) };
        admit_resident(conn, &Supervisor(supervisor.clone()), &admission, at)?;
        plans.push(approved(
            conn,
            &Prescriber(prescriber.clone()),
            plan(&facility, slots, &resident, at.date_naive()),
            at,
        )?);
    }
    Ok(House { facility, nurse, pharmacist, supervisor, plans })
}

fn account(facility: &Facility, username: &str, name: &str, role: Role, hash: &str) -> (AddPerson, Staff) {
    let person = Person {
        id: id(username),
        username: username.to_owned(),
        name: name.to_owned(),
        registration: String::new(),
        email: format!("{username}@long-house.example"),
        disabled_at: None,
        revision: 0,
    };
    let staff = Staff { person: person.id.clone(), name: name.to_owned(), facility: facility.id.clone() };
    let ask = AddPerson {
        form: id(&format!("hire {username}")),
        person,
        password_hash: hash.to_owned(),
        own_password: true,
        role,
        ends_at: None,
    };
    (ask, staff)
}

fn unit(facility: &Facility, slots: &[Slot], n: u32) -> Unit {
    Unit {
        id: id(&format!("unit {n}")),
        facility: facility.id.clone(),
        name: format!("Unit {}", n + 1),
        mailbox: format!("unit-{}@long-house.example", n + 1),
        rounds: slots.to_vec(),
        revision: 0,
    }
}

fn admission(n: u32) -> AdmissionAsk {
    AdmissionAsk {
        surname: surname(n),
        forename: "Resident".to_owned(),
        born_on: format!("19{}-03-{:02}", 30 + n % 20, 1 + n % 28),
        number: format!("LH-{n:04}"),
        unit: id(&format!("unit {}", n / UNIT)),
        room: format!("{}", 1 + n % UNIT),
        allergy_state: "none".to_owned(),
        allergies: String::new(),
    }
}

/// 0.5 mg at every time of day. Nobody signs its one reduction, so that it goes on for years.
pub fn plan(facility: &Facility, slots: &[Slot], resident: &str, baseline_on: NaiveDate) -> Plan {
    let medicine = Medicine("clonazepam".to_owned());
    let step = |ordinal: u32, ug: u64| Step {
        ordinal,
        planned_on: days_after(baseline_on, 28 * ordinal),
        least_days: (ordinal == 0).then_some(28),
        cycle: vec![Regimen::of(&medicine, slots.iter().map(|at| (*at, Amount::from_ug(ug))))],
    };
    Plan {
        id: id(&format!("plan {resident}")),
        facility: facility.id.clone(),
        resident: resident.to_owned(),
        version: 1,
        indication: "panic disorder".to_owned(),
        reason: "falls".to_owned(),
        protocol: "by-hand".to_owned(),
        settings: BTreeMap::new(),
        conversion: None,
        baseline_on,
        first_reduction_on: days_after(baseline_on, 28),
        goal: Amount::from_ug(250 * slots.len() as u64),
        steps: vec![step(0, 500), step(1, 250)],
        authors: Default::default(),
        baseline: Some(baseline(baseline_on)),
        late: None,
        medicine,
    }
}

/// Nothing in it gives to think about.
fn baseline(today: NaiveDate) -> Baseline {
    let in_a_year = days_after(today, 365);
    let value = |field: &str| match field {
        "since" => days_before(today, 2_000).format("%Y-%m").to_string(),
        "support_until" => in_a_year.format("%Y-%m").to_string(),
        "agreed_on" | "taken_off_on" => today.to_string(),
        "expires_on" => in_a_year.to_string(),
        "days_a_week" => "7".to_owned(),
        "route" => "no_misuse".to_owned(),
        "pregnancy" => "not_applicable".to_owned(),
        "support" | "education" => "yes".to_owned(),
        "support_words" | "taken_off_name" => "as agreed".to_owned(),
        "agreed_by" => "resident".to_owned(),
        "agreed_how" => "in_person".to_owned(),
        "earlier" | "sedatives" | "opioids" | "alcohol" | "seizures" | "epilepsy" | "illness" => "no".to_owned(),
        _ => String::new(),
    };
    let answers: BTreeMap<&str, String> = FIELDS.iter().map(|field| (*field, value(field))).collect();
    let answer = |field: &str| answers.get(field).map_or("", String::as_str);
    let born_on = NaiveDate::from_ymd_opt(1930, 1, 1).expect("a day of 1930");
    entry::read(answer, Bounds { born_on, today }).expect("every question is answered")
}

const FIELDS: [&str; 21] = [
    "since",
    "support_until",
    "agreed_on",
    "taken_off_on",
    "expires_on",
    "days_a_week",
    "route",
    "pregnancy",
    "support",
    "education",
    "support_words",
    "taken_off_name",
    "agreed_by",
    "agreed_how",
    "earlier",
    "sedatives",
    "opioids",
    "alcohol",
    "seizures",
    "epilepsy",
    "illness",
];

fn approved(conn: &mut Conn, by: &Prescriber, plan: Plan, at: DateTime<Utc>) -> Result<String, ActError> {
    let of = plan.id.clone();
    let form = id(&format!("draft {of}"));
    draft_plan(conn, by, &DraftPlan { form, plan, revision: None }, at)?;
    let ask = ApprovePlan { form: id(&format!("approval {of}")), plan: of.clone(), revision: 0 };
    approve_plan(conn, by, &Confirmed { person: by.0.person.clone() }, &ask, at)?;
    Ok(of)
}
