//! Hands at the register: what tests receive, take and count, by the acts that people use.

use stepdown::acts::ActError;
use stepdown::acts::enter_register::{EnterRegister, enter_register};
use stepdown::acts::record_dose::{RecordDose, record_dose};
use stepdown::care::people::{Confirmed, Nurse, Staff};
use stepdown::care::register::Holder;
use stepdown::care::register::entering::{EnterAsk, What};
use stepdown::care::register::source::StockAsk;
use stepdown::care::round::administration::RecordAsk;
use stepdown::care::round::identity::IdentityAsk;
use stepdown::care::round::interval::WordAsk;
use stepdown::care::round::outcome::Outcome;
use stepdown::store::doses::{self, DoseFile};
use stepdown::store::registers::{DiscrepancyFile, Entry, RegisterFile, discrepancies_of, entries_page, register_load};

use crate::house::{FACILITY, House, RESIDENT};
use crate::ward::{day, id};

/// Clonazepam tablets of 0.5 mg, which are halved here.
pub const TABLET: &str = "197527";

pub fn staff(person: &str) -> Staff {
    Staff { person: person.into(), name: person.into(), facility: FACILITY.into() }
}

/// The named supply of the resident of most tests.
pub fn supply() -> Holder {
    Holder::Resident(RESIDENT.into())
}

pub fn witness() -> Option<Confirmed> {
    Some(Confirmed { person: "pharmacist".into() })
}

/// What a nurse enters; what comes in has a lot that is good for long.
pub fn entry(what: What, count: &str) -> EnterAsk {
    EnterAsk {
        what,
        count: count.into(),
        lot: "B1042".into(),
        expires_on: "2027-12-31".into(),
        note: "Brook Street Pharmacy, delivery 77410".into(),
        to: None,
    }
}

/// Enters something of a product, seen by a pharmacist; the id of the register.
pub fn entered(house: &House, holder: Holder, product: &str, enter: EnterAsk) -> Result<String, ActError> {
    let ask = EnterRegister { form: id(), holder, product: product.into(), enter, witness: witness() };
    house.db.write(move |conn, now| enter_register(conn, &Nurse(staff("nurse")).into(), &ask, now))
}

/// So many tablets come in for the resident of most tests; the id of their register.
pub fn receive(house: &House, count: &str) -> String {
    entered(house, supply(), TABLET, entry(What::Receive, count)).unwrap()
}

pub fn register(house: &House, id: &str) -> RegisterFile {
    house.db.read(|conn| register_load(conn, id)).unwrap()
}

/// A dose of a plan.
pub fn dose(house: &House, plan: &str, on: &str, at: &str) -> DoseFile {
    let rows = house.db.read(|conn| doses::doses_of_plan_from(conn, plan, day(on))).unwrap();
    rows.into_iter().find(|dose| dose.key.on == day(on) && dose.key.slot == at.parse().unwrap()).unwrap()
}

/// What a nurse says of a dose: given as planned, or with a reason.
pub fn record_ask(dose: &DoseFile, outcome: Outcome, part: &str) -> RecordAsk {
    RecordAsk {
        shown: dose.level.amount,
        revision: dose.revision,
        outcome: Some(outcome),
        part: part.into(),
        reason: outcome.reasons().first().map_or("", |(code, _)| *code).into(),
        note: String::new(),
        given_at: String::new(),
        sedation: String::new(),
    }
}

/// Records a dose before a pharmacist; the id of the administration.
pub fn record(house: &House, dose: &DoseFile, told: (Outcome, &str), stock: StockAsk) -> Result<String, ActError> {
    record_seen(house, dose, told, stock, witness())
}

/// Records a dose before a witness, or before nobody.
pub fn record_seen(
    house: &House,
    dose: &DoseFile,
    (outcome, part): (Outcome, &str),
    stock: StockAsk,
    witness: Option<Confirmed>,
) -> Result<String, ActError> {
    let record = record_ask(dose, outcome, part);
    // However late it is: a prescriber has been asked.
    let called_at = house.clock.now().format("%H:%M").to_string();
    let word = WordAsk { prescriber: "prescriber".into(), called_at, read_back: true };
    let ask = RecordDose {
        form: id(),
        dose: dose.id.clone(),
        record,
        stock,
        identity: IdentityAsk::default(),
        witness,
        word,
    };
    house.db.write(move |conn, now| record_dose(conn, &Nurse(staff("nurse")), &ask, now)).map(|done| done.id)
}

pub fn entries(house: &House, id: &str) -> Vec<Entry> {
    house.db.read(|conn| entries_page(conn, id, None, 1_000)).unwrap()
}

pub fn differences(house: &House, id: &str) -> Vec<DiscrepancyFile> {
    house.db.read(|conn| discrepancies_of(conn, id)).unwrap()
}

/// P11: the balance is the sum of the entries, numbered without a gap, and every one of them says the balance after it.
pub fn adds_up(house: &House, id: &str) {
    let (register, mut entries) = (register(house, id), entries(house, id));
    entries.reverse();
    let mut balance = 0;
    for (entry, seq) in entries.iter().zip(1..) {
        balance += entry.parts;
        assert_eq!((entry.seq, entry.balance_after), (seq, balance));
    }
    let files = differences(house, id);
    let open: i64 = files.iter().filter(|file| file.ended.is_none()).map(|file| file.opened.difference).sum();
    assert_eq!((register.book.balance, register.book.open), (balance, open));
    assert_eq!(register.last_seq, entries.len() as i64);
    assert!(balance + open >= 0, "{balance} {open}");
}
