//! The forecast's laws: it says what the doses themselves will take, and nothing unsigned ever lowers it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use proptest::prelude::*;
use stepdown::care::amount::Amount;
use stepdown::care::calendar::days_after;
use stepdown::care::medicine::Medicine;
use stepdown::care::medicine::product::Products;
use stepdown::care::medicine::tablets::Shelf;
use stepdown::care::register::Holder;
use stepdown::care::register::book::Book;
use stepdown::care::register::forecast::{forecast, to_order};
use stepdown::care::register::needs::{Need, Span, as_planned, signed};
use stepdown::care::register::ordering::{Needs, OrderRules, Outlook};
use stepdown::care::register::parts::Parts;
use stepdown::care::register::source::{Source, Standing, StockAsk, Supply};
use stepdown::care::round::outcome::Outcome;
use stepdown::care::taper::level::{Course, Footing, PlanAct, PlanFact};
use stepdown::care::taper::plan::Plan;
use stepdown::care::taper::schedule::{DoseKey, doses_between};

use crate::ward::{day, plan_of};

/// Clonazepam: 1 mg, 0.5 mg that is halved, 0.25 mg and 0.125 mg melting tablets.
const SHELF: [&str; 4] = ["197528", "197527", "349195", "349194"];

fn shelf(stocked: &BTreeSet<usize>) -> Shelf {
    let product = |n: &usize| Products::ours().product(SHELF[*n]).unwrap().clone();
    Shelf::of(stocked.iter().map(|n| (product(n), product(n).halved)))
}

fn start() -> NaiveDate {
    day("2026-11-21")
}

/// Two doses a day, each of so many eighths of a milligram.
fn needs(eighths: &[u64]) -> Vec<Need> {
    let need = |(n, eighths): (usize, &u64)| Need {
        key: DoseKey {
            on: days_after(start(), n as u32 / 2),
            slot: ["08:00", "20:00"][n % 2].parse().unwrap(),
            medicine: Medicine("clonazepam".into()),
        },
        amount: Amount::from_ug(eighths * 125),
    };
    eighths.iter().enumerate().map(need).collect()
}

/// A supply of any of the products, in half-pieces.
fn supplies() -> impl Strategy<Value = Supply> {
    prop::collection::btree_map(prop::sample::select(SHELF.to_vec()), 0u64..30, 0..4)
        .prop_map(|held| Supply(held.into_iter().map(|(code, parts)| (code.to_owned(), Parts(parts))).collect()))
}

fn shelves() -> impl Strategy<Value = Shelf> {
    prop::collection::btree_set(0usize..4, 1..5).prop_map(|stocked| shelf(&stocked))
}

/// The naive telling: every dose is recorded as given by the very rule by which the nurse's page takes it, each register a
/// book of its own. The first day on which a book lacks something, or no register makes the dose.
fn recorded_until_short(shelf: &Shelf, supply: &Supply, needs: &[Need]) -> Option<NaiveDate> {
    let book = |parts: &Parts| Book { balance: parts.0 as i64, open: 0 };
    let mut books: Vec<(String, Book)> = supply.0.iter().map(|(code, parts)| (code.clone(), book(parts))).collect();
    for need in needs {
        let held = Supply(books.iter().map(|(code, book)| (code.clone(), book.on_hand())).collect());
        let Some(source) = Source::of(shelf, need.amount, held) else { return Some(need.key.on) };
        if source.standing == Standing::Unbooked {
            return Some(need.key.on);
        }
        for taking in source.take(&StockAsk::default(), Outcome::Given, need.amount).unwrap() {
            for line in taking.lines {
                let (_, book) = books.iter_mut().find(|(code, _)| *code == taking.product).unwrap();
                let written = book.record(line);
                *book = written.after;
                if written.lacking.is_some() {
                    return Some(need.key.on);
                }
            }
        }
    }
    None
}

proptest! {
    #[test]
    fn the_day_it_runs_out_is_the_day_on_which_recording_would_find_too_little(
        shelf in shelves(), supply in supplies(), doses in prop::collection::vec(1u64..12, 0..60)
    ) {
        let needs = needs(&doses);
        let found = forecast(&shelf, &supply, &BTreeSet::new(), &needs, days_after(start(), 90));
        prop_assert_eq!(found.lacks_on, recorded_until_short(&shelf, &supply, &needs));
        // However far the cover reaches, the day is the same.
        let brief = forecast(&shelf, &supply, &BTreeSet::new(), &needs, start());
        prop_assert_eq!(brief.lacks_on, found.lacks_on);
    }

    /// With what is ordered the same doses lack nothing but what nothing stocked makes.
    #[test]
    fn what_is_ordered_is_enough(
        shelf in shelves(), supply in supplies(), doses in prop::collection::vec(1u64..12, 0..40), days in 1u32..20
    ) {
        let (needs, until) = (needs(&doses), days_after(start(), days - 1));
        let mut with = supply.clone();
        for (code, parts) in to_order(&shelf, &supply, &needs, until) {
            let sum = with.0.entry(code).or_default();
            *sum = *sum + parts;
        }
        let covered: Vec<Need> = needs.iter().filter(|need| need.key.on <= until).cloned().collect();
        let made: Vec<Need> = covered.into_iter().filter(|need| shelf.pieces(need.amount).is_some()).collect();
        prop_assert_eq!(forecast(&shelf, &with, &BTreeSet::new(), &made, until).lacks_on, None);
    }

    /// P10 as the order sees it: what is needed is exactly what the doses come to.
    #[test]
    fn the_pieces_needed_add_up_to_the_doses(
        supply in supplies(), doses in prop::collection::vec(1u64..12, 0..40)
    ) {
        let (shelf, needs) = (shelf(&(0..4).collect()), needs(&doses));
        let found = forecast(&shelf, &supply, &BTreeSet::new(), &needs, days_after(start(), 90));
        let of = |(code, parts): (&String, &Parts)| parts.amount(Products::ours().product(code).unwrap());
        let pieces: Amount = found.needs.iter().map(of).sum();
        prop_assert_eq!(pieces, needs.iter().map(|need| need.amount).sum::<Amount>());
    }

    /// When to order never rests on a reduction that nobody signed.
    #[test]
    fn nothing_unsigned_ever_puts_the_order_off(
        shelf in shelves(), supply in supplies(),
        level in prop::collection::vec(1u64..12, 1..40), planned in prop::collection::vec(1u64..12, 1..40)
    ) {
        let of = (Holder::Unit("east".into()), Medicine("clonazepam".into()));
        let (level, planned) = (needs(&level), needs(&planned));
        let all = Needs { today: &[], signed: &level, planned: &planned, used: &[] };
        let outlook = Outlook::new(of, &shelf, supply, all, days_after(start(), 9));
        let rules = OrderRules { lead_days: 3, cover_days: 10 };
        if let Some(on) = outlook.signed.lacks_on {
            prop_assert!(outlook.order_by(rules).unwrap() < stepdown::care::calendar::days_before(on, 3));
        }
    }
}

fn approved() -> (Plan, Course) {
    let plan = plan_of("resident-1", start(), "08:00");
    let fact = fact(1, PlanAct::Approved { version: 1 }, "2026-11-20");
    let course = Course::of(&[&plan], &[fact]);
    (plan, course)
}

fn fact(seq: u32, act: PlanAct, on: &str) -> PlanFact {
    PlanFact {
        id: format!("fact-{seq}"),
        seq,
        by: "prescriber".into(),
        at: crate::house::at(&format!("{on}T09:00:00Z")),
        on: day(on),
        ahead_from: None,
        rationale: String::new(),
        telephone: None,
        act,
    }
}

/// The signed needs are the doses that the level lays out, day by day; the planned ones fall where a step may come.
#[test]
fn along_what_is_signed_the_level_goes_on_and_along_the_plan_each_step_comes_when_it_could() {
    let (plan, course) = approved();
    let (recorded, until) = (BTreeSet::new(), days_after(start(), 40));
    let span = Span { from: start(), until, recorded: &recorded };
    let laid: Vec<Need> = doses_between(&course, start(), until)
        .into_iter()
        .map(|(key, level)| Need { key, amount: level.amount })
        .collect();
    assert_eq!(signed(&course, span), laid);
    let planned = as_planned(&plan, &course, span);
    let day_total = |needs: &[Need], after: u32| -> u64 {
        needs.iter().filter(|need| need.key.on == days_after(start(), after)).map(|need| need.amount.ug()).sum()
    };
    assert_eq!([13, 14, 27, 28].map(|n| day_total(&planned, n)), [1_000, 500, 500, 0]);
    assert_eq!([13, 14, 28, 40].map(|n| day_total(&laid, n)), [1_000; 4]);
}

#[test]
fn a_dose_that_was_recorded_is_not_needed_again_and_whoever_is_away_still_needs_theirs() {
    let (plan, course) = approved();
    let key = |slot: &str| DoseKey { on: start(), slot: slot.parse().unwrap(), medicine: plan.medicine.clone() };
    let recorded = BTreeSet::from([key("08:00")]);
    let span = Span { from: start(), until: days_after(start(), 1), recorded: &recorded };
    assert_eq!(signed(&course, span).len(), 3);
    let away = PlanAct::Left {
        absence: "absence".into(),
        from: stepdown::care::calendar::Moment { on: start(), slot: "12:00".parse().unwrap() },
    };
    let facts = [fact(1, PlanAct::Approved { version: 1 }, "2026-11-20"), fact(2, away, "2026-11-21")];
    let gone = Course::of(&[&plan], &facts);
    assert_eq!(gone.footing(), Footing::Away);
    assert_eq!(signed(&gone, span).len(), 3, "their supply is there when they come back");
}
