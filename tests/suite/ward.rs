//! A house in which tapers run, and a bell to ring in it by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::NaiveDate;
use stepdown::acts::approve_plan::{ApprovePlan, approve_plan};
use stepdown::acts::claim_letters::{Claimed, claim_letters};
use stepdown::acts::draft_plan::{DraftPlan, draft_plan};
use stepdown::acts::record_dose::{RecordDose, record_dose};
use stepdown::acts::sign_reduction::{SignReduction, sign_reduction};
use stepdown::bell::{Bell, Rung};
use stepdown::care::amount::Amount;
use stepdown::care::calendar::{Slot, days_after};
use stepdown::care::letter::Kind;
use stepdown::care::people::{Confirmed, Nurse, Pharmacist, Prescriber, Staff};
use stepdown::care::register::source::StockAsk;
use stepdown::care::resident::{Allergies, Resident};
use stepdown::care::round::administration::RecordAsk;
use stepdown::care::round::identity::IdentityAsk;
use stepdown::care::round::outcome::Outcome;
use stepdown::care::taper::baseline::Baseline;
use stepdown::care::taper::baseline::entry::{self, Bounds};
use stepdown::care::taper::plan::{Medicine, Plan, Regimen, Step};
use stepdown::care::taper::reduction::SignAsk;
use stepdown::care::taper::schedule::{DoseKey, dose_id};
use stepdown::config::Post;
use stepdown::mail::Mail;
use stepdown::store::bells::Unreckoned;
use stepdown::store::letters::{LetterFile, LetterState, LettersAsk, letters_page};
use stepdown::store::{Db, doses, plans, residents};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use uuid::Uuid;

use crate::browser_like::{Served, settle};
use crate::house::{FACILITY, House, RESIDENT, at};
use crate::smtp::Taken;

/// No test waits longer for a mail server that hangs.
pub const PATIENCE: Duration = Duration::from_millis(400);

const MORE_STAFF: [&str; 3] = [
    "INSERT INTO people (id, username, name, registration, email, password_hash) VALUES
        ('chief', 'chief', 'Sue Pervisor', 'P-8', 'chief@alder.example', '-'),
        ('deputy', 'deputy', 'Dora Deputy', 'P-9', 'deputy@alder.example', '-')",
    "INSERT INTO memberships (id, person, facility, role) VALUES
        ('m-8', 'chief', 'alder', 'supervisor'), ('m-9', 'deputy', 'alder', 'pharmacist')",
    "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)",
];

/// A supervisor, a second pharmacist, and tablets on the shelf.
pub fn furnish(house: &House) {
    house.furnish();
    for sql in MORE_STAFF {
        house.plain_sql(sql).unwrap();
    }
}

pub fn staff(person: &str) -> Staff {
    Staff { person: person.into(), name: person.into(), facility: FACILITY.into() }
}

pub fn id() -> String {
    Uuid::now_v7().to_string()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn slot(text: &str) -> Slot {
    text.parse().unwrap()
}

/// 1 mg a day in two slots, halved after 14 days, and stopped after 14 more.
pub fn plan_of(resident: &str, baseline_on: NaiveDate, morning: &str) -> Plan {
    let medicine = Medicine("clonazepam".into());
    let first_reduction_on = days_after(baseline_on, 14);
    let step = |ordinal: u32, ug: u64| Step {
        ordinal,
        planned_on: days_after(baseline_on, 14 * ordinal),
        least_days: (ordinal < 2).then_some(14),
        cycle: vec![Regimen::of(
            &medicine,
            [(slot(morning), Amount::from_ug(ug)), (slot("20:00"), Amount::from_ug(ug))],
        )],
    };
    Plan {
        id: id(),
        facility: FACILITY.into(),
        resident: resident.into(),
        version: 1,
        indication: "panic disorder, 2019".into(),
        reason: "two falls this autumn".into(),
        protocol: "by-hand".into(),
        settings: BTreeMap::new(),
        conversion: None,
        baseline_on,
        first_reduction_on,
        goal: Amount::ZERO,
        steps: vec![step(0, 500), step(1, 250), step(2, 0)],
        authors: BTreeSet::new(),
        baseline: Some(baseline(baseline_on)),
        late: None,
        medicine,
    }
}

/// Everything that an approval wants to know, found out by a day.
pub fn baseline(today: NaiveDate) -> Baseline {
    let fields = crate::desk::baseline_by(today);
    let value = |field: &str| fields.iter().find(|(name, _)| name == field).map_or("", |(_, value)| value.as_str());
    entry::read(value, Bounds { born_on: day("1940-01-02"), today }).unwrap()
}

/// A plan that runs from a day on; its id. Doses at 08:00 and 20:00.
pub fn plan(house: &House, resident: &str, baseline_on: &str) -> String {
    plan_at(house, resident, baseline_on, "08:00")
}

pub fn plan_at(house: &House, resident: &str, baseline_on: &str, morning: &str) -> String {
    let plan = plan_of(resident, day(baseline_on), morning);
    let of = plan.id.clone();
    let by = Prescriber(staff("prescriber"));
    let confirmed = Confirmed { person: "prescriber".into() };
    let (draft, approval) = (id(), id());
    house
        .db
        .write(move |conn, now| {
            draft_plan(conn, &by, &DraftPlan { form: draft.clone(), plan: plan.clone(), revision: None }, now)?;
            let ask = ApprovePlan { form: approval.clone(), plan: plan.id.clone(), revision: 0 };
            approve_plan(conn, &by, &confirmed, &ask, now)
        })
        .unwrap();
    of
}

/// A served house with tablets on the shelf and a plan of 0.5 mg at 08:00 and 20:00 from Saturday on, at a time of that day.
pub fn served_on_saturday(house: &House, time: &str) -> (Served, String) {
    settle(house);
    house
        .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
        .unwrap();
    let plan = plan(house, RESIDENT, "2026-11-21");
    house.clock.set(at(&format!("2026-11-21T{time}Z")));
    (Served::start(house), plan)
}

/// The page of a dose of that Saturday.
pub fn dose_on_saturday(plan: &str, at: &str) -> String {
    let key = DoseKey { on: day("2026-11-21"), slot: slot(at), medicine: Medicine("clonazepam".into()) };
    format!("/doses/{}", dose_id(plan, &key))
}

/// Another resident of the east unit; their id.
pub fn resident(house: &House, surname: &str, forename: &str, number: &str, room: &str) -> String {
    let resident = Resident {
        id: id(),
        facility: FACILITY.into(),
        unit: "east".into(),
        number: number.into(),
        surname: surname.into(),
        forename: forename.into(),
        born_on: day("1940-01-02"),
        room: room.into(),
        allergies: Allergies::NoneKnown,
    };
    let of = resident.id.clone();
    house
        .db
        .write::<_, stepdown::acts::ActError>(move |conn, now| Ok(residents::resident_insert(conn, &resident, now)?))
        .unwrap();
    of
}

/// A nurse records a dose of a plan as given, now.
pub fn give(house: &House, plan: &str, on: &str, at: &str) {
    let ask = giving(house, plan, on, at);
    house.db.write(move |conn, now| record_dose(conn, &Nurse(staff("nurse")), &ask, now)).unwrap();
}

/// What a nurse asks for who gives a dose of a plan now.
pub fn giving(house: &House, plan: &str, on: &str, at: &str) -> RecordDose {
    let rows = house.db.read(|conn| doses::doses_of_plan_from(conn, plan, day(on))).unwrap();
    let dose = rows.into_iter().find(|dose| dose.key.slot == slot(at)).unwrap();
    let record = RecordAsk {
        shown: dose.level.amount,
        revision: dose.revision,
        outcome: Some(Outcome::Given),
        part: String::new(),
        reason: String::new(),
        note: String::new(),
        given_at: String::new(),
        sedation: String::new(),
    };
    RecordDose {
        form: id(),
        dose: dose.id,
        record,
        stock: StockAsk::default(),
        identity: IdentityAsk::default(),
        witness: None,
        word: Default::default(),
    }
}

/// A pharmacist signs a reduction for a day.
pub fn sign(house: &House, plan: &str, n: u32, effective_on: &str) {
    let sign = SignAsk {
        n,
        effective_on: day(effective_on),
        rationale: format!("Calm and steady on her feet for weeks; reduction {n} is right now."),
        flags_reason: "The cut is larger than guidelines like, and was agreed with her and her doctor.".into(),
    };
    let ask = SignReduction { form: id(), plan: plan.into(), sign, seen: None };
    let confirmed = Confirmed { person: "pharmacist".into() };
    house
        .db
        .write(move |conn, now| sign_reduction(conn, &Pharmacist(staff("pharmacist")), &confirmed, &ask, now))
        .unwrap();
}

/// A bell that rings when it is told to.
pub struct Ringer {
    pub bell: Bell,
    runtime: Runtime,
}

impl Ringer {
    pub fn new(db: &Db, post: &Post) -> Ringer {
        Ringer::patient(db, post, PATIENCE)
    }

    /// Waits for a mail server longer than others do: what is no fault must not look like one, however busy the machine is.
    pub fn patient(db: &Db, post: &Post, patience: Duration) -> Ringer {
        let stop = watch::channel(false).1;
        let bell = Bell::new(db.clone(), Mail::patient(post, patience), "https://stepdown.example/", stop);
        Ringer { bell, runtime: Builder::new_current_thread().enable_all().build().unwrap() }
    }

    pub fn telling(self, unreckoned: Unreckoned) -> Ringer {
        Ringer { bell: self.bell.telling(unreckoned), ..self }
    }

    /// Rings once, whatever goes wrong.
    pub fn rings(&mut self) -> Rung {
        self.runtime.block_on(self.bell.tick())
    }

    /// Rings once; nothing may go wrong in the house itself.
    pub fn ring(&mut self) -> Rung {
        let rung = self.rings();
        assert_eq!(rung.troubles, Vec::<String>::new());
        rung
    }
}

/// Every letter of the house, in the order of when it was wanted.
pub fn letters(house: &House) -> Vec<LetterFile> {
    let ask = LettersAsk { facility: FACILITY.into(), limit: 10_000, ..LettersAsk::default() };
    let mut all = house.db.read(|conn| letters_page(conn, &ask)).unwrap();
    all.reverse();
    all
}

/// Takes letters in hand, as a bell does.
pub fn claim(house: &House, ids: &[String]) -> Vec<Claimed> {
    let ids = ids.to_vec();
    house.db.write(move |conn, now| claim_letters(conn, &ids, now)).unwrap()
}

/// Up to which day a plan's doses exist.
pub fn laid_until(house: &House, plan: &str) -> NaiveDate {
    house.db.read(|conn| plans::plan_load(conn, plan)).unwrap().laid_until.unwrap()
}

/// A house with a plan that starts on Saturday, and the clock at a time of that day.
pub fn saturday(house: &House, time: &str) -> String {
    furnish(house);
    let plan = plan(house, RESIDENT, "2026-11-21");
    house.clock.set(at(&format!("2026-11-21T{time}Z")));
    plan
}

pub fn of_kind(house: &House, kind: Kind) -> Vec<LetterFile> {
    letters(house).into_iter().filter(|letter| letter.kind == kind).collect()
}

pub fn states(letters: &[LetterFile]) -> Vec<LetterState> {
    letters.iter().map(|letter| letter.state).collect()
}

/// How often each letter arrived, by its Message-ID.
pub fn arrivals(taken: &[Taken]) -> BTreeMap<String, usize> {
    let mut arrivals = BTreeMap::new();
    for letter in taken {
        *arrivals.entry(letter.header("Message-ID").to_owned()).or_default() += 1;
    }
    arrivals
}

pub fn titles(taken: &[Taken], to: &str) -> Vec<String> {
    let theirs = taken.iter().filter(|letter| letter.to == to);
    theirs.map(|letter| letter.header("Subject").to_owned()).collect()
}
