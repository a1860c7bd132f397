//! Every act that moves a register, in any order, through the real store: the balance is the sum of the entries, never below
//! nothing but by an open difference, and MAR and register agree for every dose.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use stepdown::acts::lay_out_doses::lay_out_doses;
use stepdown::acts::record_as_needed::{RecordAsNeeded, record_as_needed};
use stepdown::care::calendar::days_after;
use stepdown::care::people::Nurse;
use stepdown::care::register::Holder;
use stepdown::care::register::book::Ending;
use stepdown::care::register::entering::{EnterAsk, What};
use stepdown::care::register::source::StockAsk;
use stepdown::care::register::taking::{OtherHalf, Rest};
use stepdown::care::round::as_needed::giving::GiveAsk;
use stepdown::care::round::correction::Instead;
use stepdown::care::round::identity::IdentityAsk;
use stepdown::care::round::outcome::Outcome;
use stepdown::store::as_needed::order_load;
use stepdown::store::doses::doses_of_plan_from;
use stepdown::store::facilities::facility_load;
use stepdown::store::registers::day_load;

use super::{SATURDAY, counted, furnished, resolved};
use crate::correct_dose::{ask, corrected, standing, supervisor, told};
use crate::house::{House, Kind, at, on_both};
use crate::shelf::{TABLET, adds_up, differences, dose, entered, entry, receive, record, staff, supply, witness};
use crate::ward::{self, day};

#[derive(Debug, Clone)]
enum Act {
    Enter(What, u32),
    Dose(Outcome, Option<OtherHalf>, bool, bool),
    AsNeeded(bool),
    /// The last record that stands is corrected: to another outcome, or to none.
    Correct(Option<Outcome>, bool),
    Count(u64),
    Resolve(usize, bool),
}

fn act() -> impl Strategy<Value = Act> {
    let halves = prop_oneof![Just(None), Just(Some(OtherHalf::Kept)), Just(Some(OtherHalf::Wasted))];
    let outcome = || prop::sample::select(Outcome::ALL.to_vec());
    prop_oneof![
        (prop::sample::select(What::ALL.to_vec()), 0u32..12).prop_map(|(what, halves)| Act::Enter(what, halves)),
        (outcome(), halves, any::<bool>(), any::<bool>())
            .prop_map(|(outcome, half, spoiled, alone)| Act::Dose(outcome, half, spoiled, alone)),
        any::<bool>().prop_map(Act::AsNeeded),
        (prop::option::of(outcome()), any::<bool>()).prop_map(|(outcome, spoiled)| Act::Correct(outcome, spoiled)),
        (0u64..24).prop_map(Act::Count),
        (0usize..4, any::<bool>()).prop_map(|(which, adjusted)| Act::Resolve(which, adjusted)),
    ]
}

/// Tries one act; what the rules refuse changes nothing.
fn tried(house: &House, plan: &str, nth: usize, book: &str, act: &Act) {
    match act {
        Act::Enter(what, halves) => {
            let count = format!("{}{}", halves / 2, if halves % 2 == 1 { ".5" } else { "" });
            let to = Some(Holder::Unit("west".into()));
            let _refused = entered(house, supply(), TABLET, EnterAsk { to, ..entry(*what, &count) });
        }
        Act::Dose(outcome, other_half, spoiled, alone) => {
            let on = days_after(day(SATURDAY), nth as u32 / 2);
            let slot = ["08:00", "20:00"][nth % 2];
            house.clock.set(at(&format!("{on}T{slot}:00Z")));
            let of = plan.to_owned();
            house.db.write(move |conn, now| lay_out_doses(conn, &of, now)).unwrap();
            let dose = dose(house, plan, &on.to_string(), slot);
            let rest = if *spoiled { Rest::Kept } else { Rest::Wasted };
            let stock = StockAsk { other_half: *other_half, spoiled: *spoiled, rest, ..StockAsk::default() };
            match alone {
                false => record(house, &dose, (*outcome, "0.25"), stock).map(drop).unwrap(),
                true => record_alone(house, &dose, *outcome, stock).map(drop).unwrap(),
            }
        }
        Act::AsNeeded(wasted) => as_needed(house, *wasted),
        Act::Correct(outcome, spoiled) => correct_last(house, plan, *outcome, *spoiled),
        Act::Count(found) => drop(counted(house, book, *found)),
        Act::Resolve(which, adjusted) => {
            let open: Vec<_> = differences(house, book).into_iter().filter(|file| file.ended.is_none()).collect();
            let ending = if *adjusted { Ending::Adjusted } else { Ending::Explained };
            let _refused = open.get(*which).map(|file| resolved(house, &file.opened.id, ending));
        }
    }
}

/// At night, nobody else is in the house.
fn record_alone(
    house: &House,
    dose: &stepdown::store::doses::DoseFile,
    outcome: Outcome,
    stock: StockAsk,
) -> Result<String, stepdown::acts::ActError> {
    let stock = StockAsk { alone: "Night shift, nobody else is in the house.".into(), ..stock };
    crate::shelf::record_seen(house, dose, (outcome, "0.25"), stock, None)
}

fn as_needed(house: &House, wasted: bool) {
    let revision = house.db.read(|conn| order_load(conn, "order")).unwrap().revision;
    let give = GiveAsk { revision, why: "Trembling, cannot be talked down.".into(), given_at: String::new() };
    let stock = StockAsk { other_half: wasted.then_some(OtherHalf::Wasted), ..StockAsk::default() };
    let ask = RecordAsNeeded {
        form: ward::id(),
        of_order: "order".into(),
        give,
        stock,
        identity: IdentityAsk::default(),
        witness: witness(),
    };
    let _refused = house.db.write(move |conn, now| record_as_needed(conn, &Nurse(staff("nurse")), &ask, now));
}

fn correct_last(house: &House, plan: &str, outcome: Option<Outcome>, spoiled: bool) {
    let doses = house.db.read(|conn| doses_of_plan_from(conn, plan, day(SATURDAY))).unwrap();
    let last = doses.iter().rev().find_map(|dose| Some((dose, standing(house, dose)?)));
    let Some((dose, record)) = last else { return };
    let instead = outcome.map_or(Instead::Nothing, |outcome| told(dose, outcome, "0.25"));
    let mut ask = ask(&record.id, instead);
    ask.stock.spoiled = spoiled;
    corrected(house, &supervisor(), &ask).unwrap();
}

/// MAR and register agree for every dose of every day so far, and every day adds up.
fn agrees(house: &House) {
    let facility = house.db.read(|conn| facility_load(conn, "alder")).unwrap();
    for on in day(SATURDAY).iter_days().take_while(|on| *on <= facility.zone.day(house.clock.now())) {
        let day = house.db.read(|conn| day_load(conn, &facility, "east", on)).unwrap();
        let wrong: Vec<_> = day.doses.iter().filter(|dose| dose.verdict().disagrees()).collect();
        assert!(wrong.is_empty() && day.disagreeing() == 0, "{on}: {wrong:#?} {:#?}", day.registers);
    }
}

const MORE: [&str; 2] = [
    "INSERT INTO units (id, facility, name, mailbox, rounds) VALUES ('west', 'alder', 'West', '', '08:00')",
    "INSERT INTO as_needed_orders (id, facility, resident, medicine, amount_ug, reason, least_minutes, most_ug, starts_on,
        ends_on, rationale, ordered_by, ordered_at)
     VALUES ('order', 'alder', 'resident-1', 'clonazepam', 250, 'panic', 60, 4000, '2026-11-20', '2026-12-01', '',
        'prescriber', '2026-11-20 09:00:00')",
];

/// P11 after any sequence of acts, and every dose that was given has its entry.
#[test]
fn after_any_sequence_of_acts_the_balance_is_the_sum_of_the_entries_and_the_mar_agrees() {
    on_both(|house| {
        let cases = if house.kind == Kind::Sqlite { 32 } else { 4 };
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
        let law = |acts: Vec<Act>| {
            let house = match house.kind {
                Kind::Sqlite => House::on_sqlite(),
                Kind::Postgres => House::on_postgres().unwrap(),
            };
            let plan = furnished(&house);
            for sql in MORE {
                house.plain_sql(sql).unwrap();
            }
            let book = receive(&house, "3");
            let other = Holder::Unit("west".into()).register("alder", TABLET);
            for (nth, act) in acts.iter().enumerate() {
                tried(&house, &plan, nth, &book, act);
                adds_up(&house, &book);
            }
            if house.count("registers") > 1 {
                adds_up(&house, &other);
            }
            agrees(&house);
            let unbooked = "administrations a WHERE given_ug > 0 AND NOT EXISTS (SELECT 1 FROM register_entries e
                WHERE e.administration = a.id AND e.kind = 'given')";
            prop_assert_eq!(house.count(unbooked), 0);
            Ok(())
        };
        runner.run(&prop::collection::vec(act(), 0..14), law).unwrap();
    });
}
