//! What is decided without a database: a long taper previewed, and every amount that a shelf can make.

use chrono::NaiveDate;
use stepdown::care::amount::Amount;
use stepdown::care::calendar::{Slot, Zone, days_after};
use stepdown::care::facility::Facility;
use stepdown::care::medicine::Medicine;
use stepdown::care::medicine::product::Products;
use stepdown::care::medicine::shelves::Shelves;
use stepdown::care::medicine::tablets::Shelf;
use stepdown::care::taper::plan::{Plan, Regimen, Step};
use stepdown::care::taper::preview::Preview;

use crate::counted::{Asked, during};
use crate::furnished::{self, id};
use crate::measure::{Round, Rounds, ms};

const ROUNDS: usize = 15;
const STEPS: u32 = 1_000;

pub fn run() {
    previews();
    solvers();
}

fn previews() {
    let medicine = Medicine("clonazepam".into());
    let shelves = Shelves::one(&medicine, Shelf::plain(Products::ours(), &medicine));
    let plan = long_plan(&medicine, STEPS);
    let mut rounds = Rounds::default();
    for _ in 0..ROUNDS {
        rounds.push(Round::one_by_one(5, |_| {
            let preview = Preview::of_plan(&plan, &shelves).expect("every step can be made");
            assert_eq!(preview.steps.len(), STEPS as usize);
        }));
    }
    println!(
        "\npreview of {STEPS} steps: {} a second, half within {}",
        rounds.rate().whole(),
        ms(rounds.times().middle())
    );
    for steps in [STEPS / 10, STEPS] {
        let plan = long_plan(&medicine, steps);
        let asked = during(|| drop(Preview::of_plan(&plan, &shelves).expect("every step can be made")));
        asked_for(&format!("a step of {steps}"), asked, u64::from(steps));
    }
}

/// Where twice the work asks for more than twice the memory, something is copied that need not be.
fn asked_for(what: &str, asked: Asked, pieces: u64) {
    let each = |all: u64| all as f64 / pieces as f64;
    println!("memory for {what}: asked for {:.1} times, {:.0} bytes", each(asked.times), each(asked.bytes));
}

/// Down and up again between two amounts, so that every step differs from the one before.
fn long_plan(medicine: &Medicine, count: u32) -> Plan {
    let slots: Vec<Slot> = ["08:00", "20:00"].map(|text| text.parse().expect("a clock time")).to_vec();
    let began: NaiveDate = "2026-11-20".parse().expect("a day");
    let facility = Facility::new(id("facility"), "Long House".to_owned(), Zone::UTC);
    let step = |ordinal: u32| Step {
        ordinal,
        planned_on: days_after(began, 14 * ordinal),
        least_days: (ordinal < count).then_some(14),
        cycle: vec![Regimen::of(
            medicine,
            slots.iter().map(|at| (*at, Amount::from_ug(if ordinal.is_multiple_of(2) { 2_000 } else { 1_750 }))),
        )],
    };
    let plan = furnished::plan(&facility, &slots, "resident", began);
    Plan { steps: (0..=count).map(step).collect(), ..plan }
}

/// Each medicine's whole shelf, up to 40 mg a dose.
fn solvers() {
    let products = Products::ours();
    let medicines = products.medicines();
    let (mut shelves, mut amounts) = (Rounds::default(), Rounds::default());
    for _ in 0..ROUNDS {
        let began = std::time::Instant::now();
        let mut made = 0;
        for medicine in medicines.iter().copied() {
            let shelf = Shelf::plain(products, medicine);
            let tablets = shelf.solve(Amount::from_ug(40_000)).expect("something is on the shelf");
            made += tablets.amounts().filter(|amount| tablets.pieces(*amount).is_some()).count();
        }
        shelves.push(Round::whole(medicines.len(), began.elapsed()));
        amounts.push(Round::whole(made, began.elapsed()));
    }
    println!(
        "\n{} shelves solved up to 40 mg: {} shelves and {} amounts a second",
        medicines.len(),
        shelves.rate().whole(),
        amounts.rate().whole()
    );
    for most in [4_000, 40_000] {
        let mut made = 0;
        let asked = during(|| {
            for medicine in medicines.iter().copied() {
                let shelf = Shelf::plain(products, medicine);
                let tablets = shelf.solve(Amount::from_ug(most)).expect("something is on the shelf");
                made += tablets.amounts().filter(|amount| tablets.pieces(*amount).is_some()).count();
            }
        });
        asked_for(&format!("an amount, up to {} mg", most / 1_000), asked, made as u64);
    }
}
