//! Recording and correcting in any order: never more than one record of a dose stands, and the registers add up.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use stepdown::care::register::source::StockAsk;
use stepdown::care::register::taking::OtherHalf;
use stepdown::care::round::correction::Instead;
use stepdown::care::round::outcome::Outcome;

use super::{SATURDAY, ask, corrected, furnished, nurse, standing, supervisor, told};
use crate::house::{House, Kind, on_both};
use crate::shelf::{adds_up, dose, receive, record};

#[derive(Debug, Clone)]
enum Act {
    Record(Outcome, OtherHalf, bool),
    Correct(Outcome, OtherHalf, bool),
    InError,
}

fn act() -> impl Strategy<Value = Act> {
    let outcome = || prop::sample::select(Outcome::ALL.to_vec());
    let half = || prop_oneof![Just(OtherHalf::Kept), Just(OtherHalf::Wasted)];
    prop_oneof![
        (outcome(), half(), any::<bool>()).prop_map(|(outcome, half, spoiled)| Act::Record(outcome, half, spoiled)),
        (outcome(), half(), any::<bool>()).prop_map(|(outcome, half, spoiled)| Act::Correct(outcome, half, spoiled)),
        Just(Act::InError),
    ]
}

/// Tries one act at one of two doses; what the rules refuse changes nothing.
fn tried(house: &House, plan: &str, slot: &str, act: &Act) {
    let dose = dose(house, plan, SATURDAY, slot);
    let stands = standing(house, &dose);
    let stock = |half: OtherHalf, spoiled| StockAsk { other_half: Some(half), spoiled, ..StockAsk::default() };
    match act {
        Act::Record(outcome, half, spoiled) => {
            let done = record(house, &dose, (*outcome, "0.25"), stock(*half, *spoiled));
            assert_eq!(done.is_ok(), stands.is_none(), "{done:?}");
        }
        Act::Correct(outcome, half, spoiled) => {
            let Some(stands) = stands else { return };
            let mut ask = ask(&stands.id, told(&dose, *outcome, "0.25"));
            ask.stock = stock(*half, *spoiled);
            corrected(house, &supervisor(), &ask).unwrap();
        }
        Act::InError => {
            let Some(stands) = stands else { return };
            let by = if stands.recorded_by == "nurse" { nurse() } else { supervisor() };
            corrected(house, &by, &ask(&stands.id, Instead::Nothing)).unwrap();
        }
    }
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
            house.clock.set(crate::house::at("2026-11-21T20:00:00Z"));
            for (evening, act) in &acts {
                tried(&house, &plan, if *evening { "20:00" } else { "08:00" }, act);
                holds(&house, &book);
            }
            Ok(())
        };
        runner.run(&prop::collection::vec((any::<bool>(), act()), 0..12), law).unwrap();
    });
}
