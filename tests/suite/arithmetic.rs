//! The arithmetic of a taper, attacked with generated cases.

use proptest::prelude::*;
use stepdown::care::amount::Amount;
use stepdown::care::medicine::product::Catalogue;
use stepdown::care::medicine::tablets::{Pieces, Shelf};
use stepdown::care::taper::plan::Medicine;

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
        let catalogue = Catalogue::read(&file).unwrap();
        Shelf::of(catalogue.products().map(|product| (product.clone(), product.halved)))
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
    let catalogue = Catalogue::ours();
    for medicine in catalogue.medicines() {
        let shelf = Shelf::of(catalogue.of(medicine).map(|product| (product.clone(), product.halved)));
        let tablets = shelf.solve(Amount::from_ug(12_000)).unwrap();
        for amount in tablets.amounts() {
            assert_eq!(tablets.pieces(amount).unwrap().amount(), amount, "{medicine}");
        }
    }
}

/// Of equal ways the one with more of the larger strengths, and of one strength the tablet: always the same answer.
#[test]
fn the_answer_is_always_the_same_one() {
    let shelf = Shelf::plain(Catalogue::ours(), &Medicine("clonazepam".to_owned()));
    let codes = |ug| -> Vec<String> {
        shelf.pieces(Amount::from_ug(ug)).unwrap().0.into_iter().map(|piece| piece.product).collect()
    };
    assert_eq!(codes(1_500), ["197528", "197527"]);
    assert_eq!(codes(250), ["349195"]);
    assert_eq!(codes(2_000), ["197529"]);
}
