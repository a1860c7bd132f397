//! The register through its acts, on both databases: a balance that only entries move, and doses that take from it.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use stepdown::acts::ActError;
use stepdown::acts::count_register::{CountRegister, OnShelf, count_register};
use stepdown::acts::resolve_discrepancy::{ResolveDiscrepancy, resolve_discrepancy};
use stepdown::care::people::{Nurse, Supervisor};
use stepdown::care::refusal::Refusal;
use stepdown::care::register::Holder;
use stepdown::care::register::book::Ending;
use stepdown::care::register::entering::{EnterAsk, What};
use stepdown::care::register::parts::Parts;
use stepdown::care::register::source::StockAsk;
use stepdown::care::register::taking::OtherHalf;
use stepdown::care::round::administration::Outcome;

use crate::house::{House, RESIDENT, at, beside, on_both};
use crate::shelf::{
    TABLET, adds_up, differences, dose, entered, entries, entry, receive, record, register, staff, supply, witness,
};
use crate::ward;

const SATURDAY: &str = "2026-11-21";

/// 0.5 mg at 08:00 and 20:00 from Saturday on; it is Saturday morning.
fn furnished(house: &House) -> String {
    ward::furnish(house);
    let plan = ward::plan(house, RESIDENT, SATURDAY);
    house.clock.set(at("2026-11-21T08:00:00Z"));
    plan
}

fn counted(house: &House, id: &str, found: u64) -> Result<usize, ActError> {
    let revision = register(house, id).revision.unwrap();
    let counts = vec![OnShelf { register: id.into(), revision, parts: Parts(found) }];
    let ask = CountRegister { form: ward::id(), unit: "east".into(), counts, witness: witness() };
    house.db.write(move |conn, now| count_register(conn, &Nurse(staff("nurse")).into(), &ask, now))
}

fn resolved(house: &House, discrepancy: &str, ending: Ending) -> Result<String, ActError> {
    let ask = ResolveDiscrepancy {
        form: ward::id(),
        discrepancy: discrepancy.into(),
        ending: Some(ending),
        reason: "Counted again with the pharmacist; the delivery note was found.".into(),
    };
    house.db.write(move |conn, now| resolve_discrepancy(conn, &Supervisor(staff("chief")), &ask, now))
}

#[test]
fn a_dose_takes_its_pieces_in_the_act_that_records_it() {
    on_both(|house| {
        let plan = furnished(house);
        let book = receive(house, "10");
        let morning = dose(house, &plan, SATURDAY, "08:00");
        let administration = record(house, &morning, (Outcome::Given, ""), StockAsk::default()).unwrap();
        let last = entries(house, &book).remove(0);
        assert_eq!((last.parts, last.balance_after), (-2, 18));
        assert_eq!(last.administration, Some(administration));
        assert_eq!(house.count("history WHERE kind = 'record_dose' AND body LIKE '%\"balance_after\":18%'"), 1);
        adds_up(house, &book);
    });
}

#[test]
fn a_dose_that_no_register_counts_takes_nothing() {
    on_both(|house| {
        let plan = furnished(house);
        record(house, &dose(house, &plan, SATURDAY, "08:00"), (Outcome::Given, ""), StockAsk::default()).unwrap();
        assert_eq!((house.count("registers"), house.count("register_entries")), (0, 0));
    });
}

#[test]
fn a_half_is_kept_for_the_next_dose_or_wasted_in_the_same_act() {
    on_both(|house| {
        let plan = furnished(house);
        let book = receive(house, "2");
        let part = |on: &str, at: &str, half: Option<OtherHalf>| {
            let stock = StockAsk { other_half: half, ..StockAsk::default() };
            record(house, &dose(house, &plan, on, at), (Outcome::GivenInPart, "0.25"), stock).unwrap();
        };
        part(SATURDAY, "08:00", None);
        let kinds: Vec<(String, i64)> =
            entries(house, &book).iter().map(|entry| (entry.kind.word().to_owned(), entry.parts)).collect();
        assert_eq!(kinds[..2], [("wasted".to_owned(), -1), ("given".to_owned(), -1)]);
        adds_up(house, &book);
    });
}

/// What was given can always be written down.
#[test]
fn what_the_book_lacks_becomes_an_open_difference() {
    on_both(|house| {
        let plan = furnished(house);
        let book = receive(house, "0.5");
        let morning = dose(house, &plan, SATURDAY, "08:00");
        record(house, &morning, (Outcome::Given, ""), StockAsk::default()).unwrap();
        let open = differences(house, &book).remove(0).opened;
        assert_eq!((open.difference, register(house, &book).book.on_hand()), (1, Parts(0)));
        adds_up(house, &book);
        let unexplained = resolved(house, &open.id, Ending::Explained);
        assert_eq!(unexplained, Err(Refusal::DifferenceUnexplained.into()));
        receive(house, "1");
        resolved(house, &open.id, Ending::Explained).unwrap();
        assert!(matches!(
            resolved(house, &open.id, Ending::Adjusted),
            Err(ActError::Refused(Refusal::DifferenceEnded { .. }))
        ));
        adds_up(house, &book);
    });
}

/// Two nurses take the last tablet of a box at once: one of them is told, and neither record is wrong.
#[test]
fn of_two_nurses_at_the_last_tablet_one_is_told() {
    on_both(|house| {
        let first = furnished(house);
        house.plain_sql("UPDATE facilities SET register_holder = 'unit'").unwrap();
        let other = ward::resident(house, "Birch", "Bo", "2", "14");
        house.clock.set(at("2026-11-20T20:00:00Z"));
        let second = ward::plan(house, &other, SATURDAY);
        house.clock.set(at("2026-11-21T08:00:00Z"));
        let book = entered(house, Holder::Unit("east".into()), TABLET, entry(What::Receive, "1")).unwrap();
        let doses = [&first, &second].map(|plan| dose(house, plan, SATURDAY, "08:00"));
        let seen = StockAsk { shown: Some("held 1x197527".into()), ..StockAsk::default() };
        let answers = beside(2, |n| record(house, &doses[n], (Outcome::Given, ""), seen.clone()));
        let told = answers.iter().filter(|answer| **answer == Err(Refusal::PiecesMoved.into())).count();
        assert_eq!((told, house.count("administrations")), (1, 1), "{answers:?}");
        assert_eq!(register(house, &book).book.on_hand(), Parts(0));
        adds_up(house, &book);
    });
}

#[test]
fn what_is_moved_leaves_one_box_and_comes_into_another_in_one_act() {
    on_both(|house| {
        furnished(house);
        house
            .plain_sql(
                "INSERT INTO units (id, facility, name, mailbox, rounds) VALUES ('west', 'alder', 'West', '', '08:00')",
            )
            .unwrap();
        let (east, west) = (Holder::Unit("east".into()), Holder::Unit("west".into()));
        let from = entered(house, east.clone(), TABLET, entry(What::Receive, "10")).unwrap();
        let moved = EnterAsk { to: Some(west.clone()), ..entry(What::Move, "4") };
        entered(house, east, TABLET, moved).unwrap();
        let to = west.register("alder", TABLET);
        assert_eq!([&from, &to].map(|id| register(house, id).book.balance), [12, 8]);
        let facts: Vec<i64> = [&from, &to].iter().map(|id| entries(house, id)[0].n).collect();
        assert_eq!(facts[0], facts[1]);
        adds_up(house, &from);
        adds_up(house, &to);
    });
}

#[test]
fn a_count_that_finds_something_else_opens_a_difference_and_bars_no_dose() {
    on_both(|house| {
        let plan = furnished(house);
        let book = receive(house, "10");
        assert_eq!(counted(house, &book, 20), Ok(0));
        assert_eq!(counted(house, &book, 18), Ok(1));
        adds_up(house, &book);
        let morning = dose(house, &plan, SATURDAY, "08:00");
        record(house, &morning, (Outcome::Given, ""), StockAsk::default()).unwrap();
        assert_eq!(register(house, &book).book.on_hand(), Parts(16));
        let open = differences(house, &book).remove(0).opened;
        resolved(house, &open.id, Ending::Adjusted).unwrap();
        assert_eq!(register(house, &book).book.balance, 16);
        adds_up(house, &book);
    });
}

/// The database itself keeps what the acts keep.
#[test]
fn nobody_moves_a_register_past_its_entries() {
    on_both(|house| {
        furnished(house);
        let book = receive(house, "1");
        for refused in [
            "UPDATE register_entries SET parts = 4",
            "DELETE FROM register_entries",
            "DELETE FROM registers",
            "UPDATE registers SET product = '197528'",
            "UPDATE registers SET balance = -1",
            "UPDATE register_entries SET witnessed_by = entered_by",
        ] {
            assert!(house.plain_sql(refused).is_err(), "{refused}");
        }
        adds_up(house, &book);
    });
}

#[derive(Debug, Clone)]
enum Act {
    Enter(What, u32),
    Dose(Outcome, Option<OtherHalf>, bool),
    Count(u64),
    Resolve(usize, bool),
}

fn act() -> impl Strategy<Value = Act> {
    let on_purpose = [What::Receive, What::Waste, What::Return, What::Destroy];
    let halves = prop_oneof![Just(None), Just(Some(OtherHalf::Kept)), Just(Some(OtherHalf::Wasted))];
    prop_oneof![
        (prop::sample::select(on_purpose.to_vec()), 0u32..12).prop_map(|(what, halves)| Act::Enter(what, halves)),
        (prop::sample::select(Outcome::ALL.to_vec()), halves, any::<bool>())
            .prop_map(|(outcome, half, spoiled)| Act::Dose(outcome, half, spoiled)),
        (0u64..24).prop_map(Act::Count),
        (0usize..4, any::<bool>()).prop_map(|(which, adjusted)| Act::Resolve(which, adjusted)),
    ]
}

/// Tries one act; what the rules refuse changes nothing.
fn tried(house: &House, plan: &str, nth: usize, book: &str, act: &Act) {
    match act {
        Act::Enter(what, halves) => {
            let count = format!("{}{}", halves / 2, if halves % 2 == 1 { ".5" } else { "" });
            let _refused = entered(house, supply(), TABLET, entry(*what, &count));
        }
        Act::Dose(outcome, other_half, spoiled) => {
            let on = stepdown::care::calendar::days_after(ward::day(SATURDAY), nth as u32 / 2);
            let slot = ["08:00", "20:00"][nth % 2];
            house.clock.set(at(&format!("{on}T{slot}:00Z")));
            let of = plan.to_owned();
            house.db.write(move |conn, now| stepdown::acts::lay_out_doses::lay_out_doses(conn, &of, now)).unwrap();
            let dose = dose(house, plan, &on.to_string(), slot);
            let stock = StockAsk { shown: None, other_half: *other_half, spoiled: *spoiled };
            record(house, &dose, (*outcome, "0.25"), stock).unwrap();
        }
        Act::Count(found) => drop(counted(house, book, *found)),
        Act::Resolve(which, adjusted) => {
            let open: Vec<_> = differences(house, book).into_iter().filter(|file| file.ended.is_none()).collect();
            let ending = if *adjusted { Ending::Adjusted } else { Ending::Explained };
            let _refused = open.get(*which).map(|file| resolved(house, &file.opened.id, ending));
        }
    }
}

/// P11 after any sequence of acts, and every dose that was given has its entry.
#[test]
fn after_any_sequence_of_acts_the_balance_is_the_sum_of_the_entries() {
    on_both(|house| {
        let cases = if house.kind == crate::house::Kind::Sqlite { 24 } else { 4 };
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
        let law = |acts: Vec<Act>| {
            let house = match house.kind {
                crate::house::Kind::Sqlite => House::on_sqlite(),
                crate::house::Kind::Postgres => House::on_postgres().unwrap(),
            };
            let plan = furnished(&house);
            let book = receive(&house, "3");
            for (nth, act) in acts.iter().enumerate() {
                tried(&house, &plan, nth, &book, act);
                adds_up(&house, &book);
            }
            let unbooked = "administrations a WHERE given_ug > 0 AND NOT EXISTS (SELECT 1 FROM register_entries e
                WHERE e.administration = a.id AND e.kind = 'given')";
            prop_assert_eq!(house.count(unbooked), 0);
            Ok(())
        };
        runner.run(&prop::collection::vec(act(), 0..14), law).unwrap();
    });
}
