//! The arithmetic of a taper, attacked with generated cases.

use std::collections::BTreeMap;

use proptest::prelude::*;
use stepdown::care::amount::Amount;
use stepdown::care::calendar::{Slot, days_after, parse_day};
use stepdown::care::catalogue::Catalogue;
use stepdown::care::medicine::product::Products;
use stepdown::care::medicine::shelves::Shelves;
use stepdown::care::medicine::tablets::{Pieces, Shelf};
use stepdown::care::refusal::Refusal;
use stepdown::care::taper::plan::{Medicine, Step};
use stepdown::care::taper::preview::Preview;
use stepdown::care::taper::protocol::Protocol;
use stepdown::care::taper::protocol::draft::{Ask, Draft};
use stepdown::care::taper::protocol::split::evenly;

/// A shelf of some tablets of made-up strengths in units of 125 micrograms, some of them halved, and perhaps a liquid.
fn shelves() -> impl Strategy<Value = Shelf> {
    let tablets = prop::collection::btree_map(1u64..16, any::<bool>(), 1..5);
    (tablets, prop::option::of(1u64..5)).prop_map(|(tablets, liquid)| {
        let mut file = "code,medicine,form,strength_ug,halved,measure_ul\n".to_owned();
        for (units, halved) in tablets {
            let halved = if halved { "yes" } else { "no" };
            file += &format!("t{units},m,tablet,{},{halved},\n", units * 250);
        }
        file += &liquid.map(|units| format!("l,m,oral solution,{},,1000\n", units * 125)).unwrap_or_default();
        let products = Products::read(&file).unwrap();
        Shelf::of(products.products().map(|product| (product.clone(), product.halved)))
    })
}

/// The price of a way, smaller is better: pieces, halves, different products.
type Price = (u64, u64, u64);

/// Every way to make an amount from solids, by trying them all.
fn cheapest(solids: &[(u64, bool)], amount: u64) -> Option<Price> {
    let Some(((strength, halved), rest)) = solids.split_first() else { return (amount == 0).then_some((0, 0, 0)) };
    let mut best = None;
    for count in 0..=amount / strength {
        for halves in 0..=if *halved { 2 } else { 0 } {
            let Some(left) = amount.checked_sub(count * strength + halves * strength / 2) else { continue };
            let price = cheapest(rest, left).map(|(pieces, half, kinds)| {
                (pieces + count + halves, half + halves, kinds + u64::from(count + halves > 0))
            });
            best = [best, price].into_iter().flatten().min();
        }
    }
    best
}

/// The same with at most one measured volume, used only where solids alone cannot make it.
fn cheapest_of(shelf: &Shelf, amount: u64) -> Option<Price> {
    let solids: Vec<(u64, bool)> =
        shelf.products().filter(|p| p.measure_ul == 0).map(|p| (p.strength.ug(), p.halved)).collect();
    let steps = shelf.products().filter(|p| p.measure_ul > 0).map(|p| p.measure().ug());
    cheapest(&solids, amount).or_else(|| {
        let volumes = steps.flat_map(|step| (1..=amount / step).map(move |count| count * step));
        let ways = volumes.filter_map(|volume| cheapest(&solids, amount - volume));
        ways.map(|(pieces, halves, kinds)| (pieces + 1, halves, kinds + 1)).min()
    })
}

fn price(pieces: &Pieces) -> Price {
    let count = pieces.0.iter().map(|piece| piece.count).sum();
    let halves = pieces.0.iter().filter(|piece| piece.halves).map(|piece| piece.count).sum();
    let products: std::collections::BTreeSet<&str> = pieces.0.iter().map(|piece| piece.product.as_str()).collect();
    (count, halves, products.len() as u64)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// P10. Hazard H28: an exact solver, against every way there is, for every amount.
    #[test]
    fn the_solver_finds_what_trying_everything_finds(shelf in shelves()) {
        for units in 0..=64 {
            let amount = Amount::from_ug(units * 125);
            let found = shelf.pieces(amount);
            prop_assert_eq!(found.as_ref().map(price), cheapest_of(&shelf, amount.ug()), "{}", amount);
            prop_assert_eq!(found.map_or(amount, |pieces| pieces.amount()), amount);
        }
    }

    #[test]
    fn between_the_nearest_amounts_nothing_can_be_made(shelf in shelves(), ug in 1u64..8_000) {
        let nearest = shelf.nearest(Amount::from_ug(ug));
        let (below, above) = (nearest.below.unwrap(), nearest.above.unwrap());
        prop_assert!(below.ug() < ug && ug < above.ug());
        prop_assert!(shelf.pieces(below).is_some() && shelf.pieces(above).is_some());
        for between in (below.ug() + 1..above.ug()).filter(|between| *between != ug) {
            prop_assert!(shelf.pieces(Amount::from_ug(between)).is_none());
        }
    }
}

/// The real shelves, every amount up to 12 mg in steps of 62.5 micrograms where tablets are halved that far.
#[test]
fn every_dose_of_every_medicine_adds_up() {
    let products = Products::ours();
    for medicine in products.medicines() {
        let shelf = Shelf::of(products.of(medicine).map(|product| (product.clone(), product.halved)));
        let tablets = shelf.solve(Amount::from_ug(12_000)).unwrap();
        for amount in tablets.amounts() {
            assert_eq!(tablets.pieces(amount).unwrap().amount(), amount, "{medicine}");
        }
    }
}

/// Of equal ways the one with more of the larger strengths, and of one strength the tablet: always the same answer.
#[test]
fn the_answer_is_always_the_same_one() {
    let shelf = Shelf::plain(Products::ours(), &Medicine("clonazepam".to_owned()));
    let codes = |ug| -> Vec<String> {
        shelf.pieces(Amount::from_ug(ug)).unwrap().0.into_iter().map(|piece| piece.product).collect()
    };
    assert_eq!(codes(1_500), ["197528", "197527"]);
    assert_eq!(codes(250), ["349195"]);
    assert_eq!(codes(2_000), ["197529"]);
}

/// 1.5 mg of lorazepam are two tablets, though a modified-release capsule of 1.5 mg lay beside them: it is another thing.
#[test]
fn a_dose_is_never_made_of_pieces_of_two_kinds_nor_of_another_kind() {
    let shelf = |codes: &[&str]| {
        let product = |code: &&str| (Products::ours().product(code).unwrap().clone(), false);
        Shelf::of(codes.iter().map(product).collect::<Vec<_>>())
    };
    let codes = |shelf: &Shelf, ug| -> Option<Vec<String>> {
        let pieces = shelf.pieces(Amount::from_ug(ug))?;
        Some(pieces.0.into_iter().map(|piece| piece.product).collect())
    };
    let lorazepam = shelf(&["2594600", "197900", "197901"]);
    assert_eq!(codes(&lorazepam, 1_500).unwrap(), ["197901", "197900"]);
    let zolpidem = shelf(&["854876", "854894", "1232194"]);
    assert_eq!(codes(&zolpidem, 5_000).unwrap(), ["854876"]);
    assert!(codes(&zolpidem, 6_250).is_none() && codes(&zolpidem, 1_750).is_none());
    assert_eq!(codes(&shelf(&["854894"]), 6_250).unwrap(), ["854894"], "alone it is what is there");
}

/// A prescriber slows down a taper that has come to three nights without: it goes on with the fourth, and never back.
#[test]
fn nights_without_go_on_from_those_that_are_free_already() {
    let zolpidem = Medicine("zolpidem".to_owned());
    let shelf = Shelf::plain(Products::ours(), &zolpidem);
    let free_nights = |free_nights: u32, more: &str| -> Vec<usize> {
        let chosen =
            BTreeMap::from([("more".to_owned(), more.to_owned()), ("nights_days".to_owned(), "14".to_owned())]);
        let draft = Catalogue::ours().protocol("nights-without").unwrap().draft(&Ask {
            medicine: &zolpidem,
            today: BTreeMap::from([("22:00".parse().unwrap(), Amount::from_ug(5_000))]),
            chosen: &chosen,
            first_reduction_on: parse_day("2026-11-23").unwrap(),
            shelf: &shelf,
            goal: Amount::ZERO,
            typed: &[],
            free_nights,
        });
        let free = |step: &Step| step.cycle.iter().filter(|regimen| regimen.daily().is_zero()).count();
        draft.unwrap().steps.iter().map(free).collect()
    };
    assert_eq!(free_nights(0, "1"), [1, 2, 3, 4, 5, 6, 1]);
    assert_eq!(free_nights(3, "1"), [4, 5, 6, 1]);
    assert_eq!(free_nights(3, "2"), [5, 1]);
    assert_eq!(free_nights(6, "3"), [1], "the last step is 0 mg every night");
}

/// A medicine with its plain shelf, today's doses over one to four slots, a protocol with settings, and a goal.
fn asks() -> impl Strategy<Value = Taper> {
    by(Catalogue::ours().protocols().iter().filter(|protocol| !protocol.is_typed()).collect())
}

fn asks_of(protocol: &str) -> impl Strategy<Value = Taper> {
    by(vec![Catalogue::ours().protocol(protocol).unwrap()])
}

fn by(protocols: Vec<&'static Protocol>) -> impl Strategy<Value = Taper> {
    let medicine = prop::sample::select(vec!["clonazepam", "lorazepam", "diazepam", "temazepam", "zolpidem"]);
    let protocol = prop::sample::select(protocols);
    let numbers = (5u64..=10, 14u64..=28, any::<bool>(), 1u64..8);
    let doses = prop::collection::btree_map(0u32..24, 0usize..40, 1..5);
    (medicine, protocol, numbers, doses, 0u64..4).prop_map(|(medicine, protocol, numbers, doses, goal)| {
        let medicine = Medicine(medicine.to_owned());
        let shelf = Shelf::plain(Products::ours(), &medicine);
        let made: Vec<Amount> = shelf.solve(Amount::from_ug(12_000)).unwrap().amounts().collect();
        let slot = |hour: u32| format!("{hour:02}:00").parse::<Slot>().unwrap();
        let today = doses.into_iter().map(|(hour, which)| (slot(hour), made[which % made.len()])).collect();
        let (percent, days, up, cut) = numbers;
        let offered = [
            ("percent", percent.to_string()),
            ("days", days.to_string()),
            ("round", if up { "up" } else { "nearest" }.to_owned()),
            ("cut", Amount::from_ug(cut * 125).number()),
            ("floor", Amount::from_ug(cut * 125).number()),
            ("steps", (cut * 4).to_string()),
            ("more", (cut % 3 + 1).to_string()),
        ];
        let known = |name: &str| protocol.parameters.iter().any(|parameter| parameter.name == name);
        let chosen = offered.into_iter().filter(|(name, _)| known(name)).map(|(name, text)| (name.to_owned(), text));
        Taper {
            medicine,
            shelf,
            today,
            protocol,
            chosen: chosen.collect(),
            goal: Amount::from_ug(goal * 250),
            percent,
            up,
        }
    })
}

#[derive(Debug)]
struct Taper {
    medicine: Medicine,
    shelf: Shelf,
    today: BTreeMap<Slot, Amount>,
    protocol: &'static Protocol,
    chosen: BTreeMap<String, String>,
    goal: Amount,
    percent: u64,
    up: bool,
}

impl Taper {
    fn draft(&self) -> Result<Draft, Refusal> {
        self.protocol.draft(&Ask {
            medicine: &self.medicine,
            today: self.today.clone(),
            chosen: &self.chosen,
            first_reduction_on: parse_day("2026-11-23").unwrap(),
            shelf: &self.shelf,
            goal: self.goal,
            typed: &[],
            free_nights: 0,
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Promise P10, and what every protocol must keep whatever it is asked: pieces add up, nothing rises, days abut, and
    /// the last step is the goal or the plan says that it is not.
    #[test]
    fn every_draft_is_a_taper(taper in asks()) {
        let Ok(draft) = taper.draft() else { return Ok(()) };
        let preview = Preview::of(&draft, &Shelves::one(&taper.medicine, taper.shelf.clone())).unwrap();
        let start = parse_day("2026-11-23").unwrap();
        let mut before = (start, draft.baseline.clone(), draft.baseline.daily().into());
        for (step, shown) in draft.steps.iter().zip(&preview.steps) {
            prop_assert_eq!(step.planned_on, before.0);
            prop_assert!(step.average(None) < before.2 && step.daily() <= before.1.daily());
            for (dose, pieces) in &shown.doses {
                prop_assert_eq!(pieces.amount(), dose.amount);
                prop_assert!(dose.amount <= before.1.amount(dose.slot, &dose.medicine), "a slot never rises");
            }
            let sum: Amount = shown.doses.iter().map(|(dose, _)| dose.amount).sum();
            prop_assert_eq!(sum, step.daily());
            before = (days_after(step.planned_on, step.least_days.unwrap_or(0)), step.regimen().clone(), step.average(None));
        }
        let last = draft.steps.last().unwrap();
        prop_assert_eq!(draft.reaches_goal, last.daily() == taper.goal);
        prop_assert_eq!(draft.reaches_goal, last.least_days.is_none());
        prop_assert_eq!(preview.ends_on, draft.reaches_goal.then_some(last.planned_on));
        prop_assert_eq!(!draft.reaches_goal, draft.stalls.iter().any(|stall| stall.code == "for_good"));
    }

    /// `round: up`: the cut, taken of the dose actually made, is never larger than asked.
    #[test]
    fn a_percentage_rounded_up_never_cuts_more_than_asked(
        taper in prop_oneof![asks_of("percent-of-current"), asks_of("percent-of-initial")],
    ) {
        let Ok(draft) = taper.draft() else { return Ok(()) };
        prop_assume!(taper.up);
        let mut before = draft.baseline.daily();
        for step in &draft.steps {
            let of = if taper.protocol.id == "percent-of-current" { before } else { draft.baseline.daily() };
            prop_assert!(before.less(step.daily()).ug() * 100 <= of.ug() * taper.percent);
            before = step.daily();
        }
    }

    /// A smallest reduction holds for every step but the one that lands on the goal, and the taper never comes to a halt.
    #[test]
    fn no_reduction_is_smaller_than_its_floor(taper in asks_of("percent-of-current-with-floor")) {
        let Ok(draft) = taper.draft() else { return Ok(()) };
        let floor = Amount::parse(&taper.chosen["floor"]).unwrap();
        let mut before = draft.baseline.daily();
        for step in &draft.steps {
            prop_assert!(before.less(step.daily()) >= floor || step.daily() == taper.goal);
            before = step.daily();
        }
        prop_assert!(draft.reaches_goal);
    }

    /// The model's own promise: rounded up, no dose is below the equal steps in occupancy, whose sizes only shrink in mg.
    #[test]
    fn no_dose_is_below_the_model_of_occupancy(first in 20u64..400, steps in 4u64..40) {
        let shelf = Shelf::of(Products::ours().product("309843").map(|liquid| (liquid.clone(), false)));
        let taper = Taper {
            medicine: Medicine("diazepam".to_owned()),
            today: BTreeMap::from([("20:00".parse().unwrap(), Amount::from_ug(first * 50))]),
            chosen: BTreeMap::from([("steps".to_owned(), steps.to_string()), ("half_at".to_owned(), "1".to_owned())]),
            protocol: Catalogue::ours().protocol("receptor-occupancy").unwrap(),
            shelf,
            goal: Amount::ZERO,
            percent: 0,
            up: true,
        };
        let Ok(draft) = taper.draft() else { return Ok(()) };
        prop_assert!(draft.reaches_goal);
        let first = u128::from(first * 50);
        let (mut days, n) = (0u128, u128::from(steps));
        for step in draft.steps.iter().filter(|step| step.least_days.is_some()) {
            // Step i occupies (n - i) / n of the first: dose / (dose + 1000) is at least that, without dividing.
            let (i, dose) = (days / 14 + 1, u128::from(step.daily().ug()));
            prop_assert!(dose * n * (first + 1_000) >= first * n.saturating_sub(i) * (dose + 1_000));
            days += u128::from(step.least_days.unwrap());
        }
    }

    /// A day is divided as evenly as trying every division finds.
    #[test]
    fn no_division_of_a_day_is_more_even(ceilings in prop::collection::vec(0usize..7, 1..4), daily in 0u64..18, shelf in shelves()) {
        let made: Vec<Amount> = shelf.solve(Amount::from_ug(6_000)).unwrap().amounts().take(7).collect();
        let ceilings: Vec<Amount> = ceilings.iter().map(|at| made[at % made.len()]).collect();
        let daily = Amount::from_ug(daily * 250);
        let mut ways: Vec<Vec<Amount>> = vec![vec![]];
        for ceiling in &ceilings {
            let longer = |way: &Vec<Amount>| {
                let way = way.clone();
                made.iter().filter(|made| *made <= ceiling).map(move |made| [way.clone(), vec![*made]].concat())
            };
            ways = ways.iter().flat_map(longer).collect();
        }
        let squares = |way: &Vec<Amount>| way.iter().map(|amount| amount.ug() * amount.ug()).sum::<u64>();
        let best = ways.into_iter().filter(|way| way.iter().copied().sum::<Amount>() == daily).min_by_key(|way| (squares(way), way.clone()));
        prop_assert_eq!(evenly(daily, &ceilings, &made), best);
    }
}

/// An open taper generator, re-typed and run: 13 of 33 steps list tablets that do not add up, and the last 0.5 mg step lists
/// 3 mg. Here every day from 4 mg down, in steps of 0.125 mg, is made of exactly what it says.
#[test]
fn an_open_taper_generator_listed_tablets_that_do_not_add_up() {
    let shelf = Shelf::plain(Products::ours(), &Medicine("clonazepam".to_owned()));
    for units in 0..=32 {
        let amount = Amount::from_ug(units * 125);
        assert_eq!(shelf.pieces(amount).unwrap().amount(), amount);
    }
}

/// A second generator drops the remainder that it cannot fit: 0.9 mg becomes 0.5 mg. Here it is refused, and the nearest
/// amounts are offered.
#[test]
fn a_second_generator_dropped_the_remainder() {
    let shelf = Shelf::plain(Products::ours(), &Medicine("clonazepam".to_owned()));
    let amount = Amount::from_ug(900);
    assert_eq!(shelf.pieces(amount), None);
    assert_eq!(shelf.nearest(amount).to_string(), "0.875\u{a0}mg or 1\u{a0}mg");
}

/// Failure 1484211: a taper's doses and dates did not match the source. Every dated dose is in the preview, also of a taper
/// of very many steps.
#[test]
fn a_taper_of_hundreds_of_steps_is_previewed_whole() {
    let medicine = Medicine("m".to_owned());
    let products = Products::read("code,medicine,form,strength_ug,measure_ul\nl,m,oral solution,1000,50\n").unwrap();
    let shelf = Shelf::of(products.products().map(|product| (product.clone(), false)));
    let slots = ["06:00", "12:00", "18:00", "22:00"].map(|slot| slot.parse::<Slot>().unwrap());
    let taper = Taper {
        today: slots.into_iter().map(|slot| (slot, Amount::from_ug(9_950))).collect(),
        chosen: BTreeMap::from([("cut".to_owned(), "0.05 mg".to_owned())]),
        protocol: Catalogue::ours().protocol("label-fixed").unwrap(),
        medicine,
        shelf,
        goal: Amount::ZERO,
        percent: 0,
        up: false,
    };
    let draft = taper.draft().unwrap();
    let preview = Preview::of(&draft, &Shelves::one(&taper.medicine, taper.shelf.clone())).unwrap();
    assert_eq!(preview.steps.len(), 199);
    assert_eq!(preview.administrations, 198 * 3 * 4);
}
