//! The register through its acts, on both databases: a balance that only entries move, and doses that take from it.

mod any_order;
mod packs;

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
use stepdown::care::register::taking::{OtherHalf, Rest};
use stepdown::care::round::outcome::Outcome;

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
    let counts = vec![OnShelf { register: id.into(), revision, parts: Parts(found), second: Some(Parts(found)) }];
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
        let seen = StockAsk { shown: Some("held 1x197527 of east".into()), ..StockAsk::default() };
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
        let lots = [&from, &to].map(|id| entries(house, id).remove(0).pack.map(|pack| pack.lot));
        assert_eq!(lots, [Some("B1042".to_owned()), Some("B1042".to_owned())], "the lot goes along");
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

/// Two people who found something else have counted nothing yet.
#[test]
fn two_who_count_differently_save_nothing() {
    on_both(|house| {
        furnished(house);
        let book = receive(house, "10");
        let count = |second: Option<u64>| {
            let revision = register(house, &book).revision.unwrap();
            let counts =
                vec![OnShelf { register: book.clone(), revision, parts: Parts(18), second: second.map(Parts) }];
            let ask = CountRegister { form: ward::id(), unit: "east".into(), counts, witness: witness() };
            house.db.write(move |conn, now| count_register(conn, &Nurse(staff("nurse")).into(), &ask, now))
        };
        let differ = Refusal::CountsDiffer { first: "9".into(), second: "9.5".into() };
        assert_eq!(count(Some(19)), Err(differ.into()));
        assert_eq!(count(None), Err(Refusal::SecondCountMissing.into()));
        assert_eq!((house.count("register_counts"), house.count("discrepancies")), (0, 0));
        assert_eq!(count(Some(18)), Ok(1));
    });
}

#[test]
fn a_count_that_is_sent_twice_gets_the_first_answer() {
    on_both(|house| {
        furnished(house);
        let book = receive(house, "10");
        let revision = register(house, &book).revision.unwrap();
        let counts = vec![OnShelf { register: book.clone(), revision, parts: Parts(18), second: Some(Parts(18)) }];
        let ask = CountRegister { form: ward::id(), unit: "east".into(), counts, witness: witness() };
        for _ in 0..2 {
            let ask = ask.clone();
            let found = house.db.write(move |conn, now| count_register(conn, &Nurse(staff("nurse")).into(), &ask, now));
            assert_eq!(found, Ok(1), "it found a difference, however often it is sent");
        }
        assert_eq!((house.count("register_counts"), house.count("discrepancies")), (1, 1));
    });
}

/// What was halved before is still there.
#[test]
fn a_half_leaves_the_register_where_nobody_halves_the_product_any_more() {
    on_both(|house| {
        let plan = furnished(house);
        let book = receive(house, "10");
        let part = StockAsk { rest: Rest::Kept, ..StockAsk::default() };
        record(house, &dose(house, &plan, SATURDAY, "08:00"), (Outcome::GivenInPart, "0.25"), part).unwrap();
        house.plain_sql("UPDATE stocked_products SET halved = false").unwrap();
        let half = |what| entered(house, supply(), TABLET, entry(what, "0.5"));
        assert_eq!(half(What::Receive), Err(Refusal::CountHalved.into()), "nobody delivers one");
        half(What::Destroy).unwrap();
        assert_eq!(register(house, &book).book.balance, 18);
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
