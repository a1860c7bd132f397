//! Recording and correcting in any order: never more than one record of a dose stands, and the registers add up.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use stepdown::care::register::book::Book;
use stepdown::care::register::entering::What;
use stepdown::care::register::source::StockAsk;
use stepdown::care::register::taking::OtherHalf;
use stepdown::care::round::correction::Instead;
use stepdown::care::round::outcome::Outcome;
use stepdown::store::StoreError;
use stepdown::store::doses::{Administration, DoseFile};
use stepdown::store::facilities::facility_load;
use stepdown::store::registers::{Taker, registers_of, stock_put_back};

use super::{SATURDAY, ask, corrected, furnished, nurse, standing, supervisor, told};
use crate::house::{FACILITY, House, Kind, on_both};
use crate::shelf::{adds_up, dose, entered, entry, receive, record, record_seen, supply};

/// Clonazepam tablets of 1 mg, of which half makes the dose where those of 0.5 mg are gone.
const STRONG: &str = "197528";

#[derive(Debug, Clone)]
enum Act {
    /// The last says whether anybody else is in the house.
    Record(Outcome, OtherHalf, bool, bool),
    Correct(Outcome, OtherHalf, bool),
    /// Nothing but a word is put right.
    Note,
    InError,
}

fn act() -> impl Strategy<Value = Act> {
    let outcome = || prop::sample::select(Outcome::ALL.to_vec());
    let half = || prop_oneof![Just(OtherHalf::Kept), Just(OtherHalf::Wasted)];
    prop_oneof![
        (outcome(), half(), any::<bool>(), any::<bool>())
            .prop_map(|(outcome, half, spoiled, alone)| Act::Record(outcome, half, spoiled, alone)),
        (outcome(), half(), any::<bool>()).prop_map(|(outcome, half, spoiled)| Act::Correct(outcome, half, spoiled)),
        Just(Act::Note),
        Just(Act::InError),
    ]
}

/// Tries one act at one of two doses; what the rules refuse changes nothing.
fn tried(house: &House, plan: &str, slot: &str, act: &Act) {
    let dose = dose(house, plan, SATURDAY, slot);
    let stands = standing(house, &dose);
    let stock = |half: OtherHalf, spoiled| StockAsk { other_half: Some(half), spoiled, ..StockAsk::default() };
    match act {
        Act::Record(outcome, half, spoiled, alone) => {
            let done = match alone {
                false => record(house, &dose, (*outcome, "0.25"), stock(*half, *spoiled)),
                true => {
                    let alone = "Night shift, nobody else is in the house.".into();
                    let stock = StockAsk { alone, ..stock(*half, *spoiled) };
                    record_seen(house, &dose, (*outcome, "0.25"), stock, None)
                }
            };
            assert_eq!(done.is_ok(), stands.is_none(), "{done:?}");
        }
        Act::Correct(outcome, half, spoiled) => {
            let Some(stands) = stands else { return };
            let mut ask = ask(&stands.id, told(&dose, *outcome, "0.25"));
            ask.stock = stock(*half, *spoiled);
            corrected(house, &supervisor(), &ask).unwrap();
        }
        Act::Note => {
            let Some(stands) = stands else { return };
            noted(house, &dose, &stands);
        }
        Act::InError => {
            let Some(stands) = stands else { return };
            let by = if stands.recorded_by == "nurse" { nurse() } else { supervisor() };
            corrected(house, &by, &ask(&stands.id, Instead::Nothing)).unwrap();
        }
    }
}

/// The record again, with what was said of its pieces as the page shows it: no register holds more or less for it.
fn noted(house: &House, dose: &DoseFile, stands: &Administration) {
    let told_of = stands.clone();
    let stock = house.db.read(move |conn| {
        let facility = facility_load(conn, &told_of.facility)?;
        let (resident, unit, medicine) = (&told_of.resident, &told_of.unit, &told_of.medicine);
        Ok::<_, StoreError>(
            stock_put_back(conn, &Taker { facility: &facility, resident, unit, medicine }, &told_of)?.told(),
        )
    });
    let mut ask = ask(&stands.id, told(dose, stands.outcome, &stands.given.number()));
    ask.stock = stock.unwrap();
    let before = books(house);
    corrected(house, &supervisor(), &ask).unwrap();
    assert_eq!(books(house), before, "{stands:?}");
    let again = standing(house, dose).unwrap();
    assert_eq!((again.pieces, again.given), (stands.pieces.clone(), stands.given));
}

/// What each register holds, and what is open of it.
fn books(house: &House) -> Vec<(String, Book)> {
    let registers = house.db.read(|conn| registers_of(conn, FACILITY)).unwrap();
    registers.into_iter().map(|one| (one.id, one.book)).collect()
}

/// P6, P7, P11: each record is replaced once, one at most stands, and what no longer stands has taken nothing.
fn holds(house: &House, book: &str) {
    adds_up(house, book);
    let stands = "administrations a WHERE NOT EXISTS (SELECT 1 FROM corrections c WHERE c.administration = a.id)";
    let doses_of = stands.replacen("administrations a", "(SELECT DISTINCT dose FROM administrations a", 1) + ") d";
    assert_eq!(house.count(stands), house.count(&doses_of), "two records of one dose stand");
    assert_eq!(house.count(stands), house.count("doses WHERE recorded"));
    let still_taken = "administrations a WHERE EXISTS (SELECT 1 FROM corrections c WHERE c.administration = a.id)
        AND COALESCE((SELECT SUM(e.parts) FROM register_entries e WHERE e.administration = a.id), 0) <> 0";
    assert_eq!(house.count(still_taken), 0, "a record that no longer stands has taken something");
    let untaken = format!(
        "{stands} AND a.given_ug > 0
        AND COALESCE((SELECT SUM(e.parts) FROM register_entries e WHERE e.administration = a.id), 0) >= 0"
    );
    assert_eq!(house.count(&untaken), 0, "a dose was given that no register has");
}

#[test]
fn after_any_records_and_corrections_one_stands_and_the_register_adds_up() {
    on_both(|house| {
        let cases = if house.kind == Kind::Sqlite { 24 } else { 4 };
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
        let law = |acts: Vec<(bool, Act)>| {
            let house = match house.kind {
                Kind::Sqlite => House::on_sqlite(),
                Kind::Postgres => House::on_postgres().unwrap(),
            };
            let plan = furnished(&house);
            let book = receive(&house, "1.5");
            house
                .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197528', true)")
                .unwrap();
            let strong = entered(&house, supply(), STRONG, entry(What::Receive, "1.5")).unwrap();
            house.clock.set(crate::house::at("2026-11-21T20:00:00Z"));
            for (evening, act) in &acts {
                tried(&house, &plan, if *evening { "20:00" } else { "08:00" }, act);
                holds(&house, &book);
                adds_up(&house, &strong);
            }
            Ok(())
        };
        runner.run(&prop::collection::vec((any::<bool>(), act()), 0..12), law).unwrap();
    });
}
