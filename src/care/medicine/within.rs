//! The pieces of a dose where the cupboard does not hold everything that the facility stocks.

use super::product::Product;
use super::tablets::{Piece, Pieces, Shelf};
use crate::care::amount::Amount;

impl Shelf {
    /// The fewest solid pieces that make the dose from what is on hand, in half-pieces of each product; none where that
    /// cannot be. Of equal ways the one with fewer halves, then the one with more of the larger strengths.
    pub fn pieces_within(&self, amount: Amount, halves_on_hand: impl Fn(&Product) -> u64) -> Option<Pieces> {
        let all = self.solids().iter();
        let held = all.map(|(product, halved)| Held { product, halved: *halved, halves: halves_on_hand(product) });
        let held: Vec<Held<'_>> = held.filter(|one| one.halves > 0).collect();
        let way = best(&held, amount.ug(), Cost { pieces: u64::MAX, broken: 0 })?;
        let counts = way.halves.into_iter().rev();
        Some(Pieces(held.iter().zip(counts).flat_map(|(one, halves)| one.counted(halves)).collect()))
    }
}

/// A product and how much of it is there.
struct Held<'a> {
    product: &'a Product,
    halved: bool,
    halves: u64,
}

/// Smaller is better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    pieces: u64,
    broken: u64,
}

/// Half-pieces of each product, the last product first.
struct Way {
    halves: Vec<u64>,
    cost: Cost,
}

impl Held<'_> {
    /// In half-pieces, the most first, so that the larger strengths are tried before the smaller.
    fn possible(&self, ug: u64) -> impl Iterator<Item = u64> + use<> {
        let most = self.halves.min(2 * ug / self.product.strength.ug());
        let halved = self.halved;
        (0..=most).rev().filter(move |halves| halved || halves.is_multiple_of(2))
    }

    fn counted(&self, halves: u64) -> impl Iterator<Item = Piece> {
        let whole = (halves > 1).then(|| Piece::counted(self.product, halves / 2, false));
        let half = (!halves.is_multiple_of(2)).then(|| Piece::counted(self.product, 1, true));
        whole.into_iter().chain(half)
    }
}

/// The best way to make so many micrograms of these products that costs less than `bound`.
fn best(held: &[Held<'_>], ug: u64, bound: Cost) -> Option<Way> {
    let nothing = Cost { pieces: 0, broken: 0 };
    let Some((first, rest)) = held.split_first() else {
        return (ug == 0 && nothing < bound).then(|| Way { halves: Vec::new(), cost: nothing });
    };
    let mut found: Option<Way> = None;
    for halves in first.possible(ug) {
        let limit = found.as_ref().map_or(bound, |way| way.cost);
        let (pieces, broken) = (halves.div_ceil(2), halves % 2);
        let left = ug - halves * first.product.strength.ug() / 2;
        // No product that follows is stronger: each of its pieces makes at most this much.
        let least = rest.first().map_or(0, |next| left.div_ceil(next.product.strength.ug()));
        if pieces + least > limit.pieces || pieces > limit.pieces {
            continue;
        }
        let room = Cost { pieces: limit.pieces - pieces, broken: limit.broken.saturating_sub(broken) };
        let Some(mut way) = best(rest, left, room) else { continue };
        way.halves.push(halves);
        way.cost = Cost { pieces: way.cost.pieces + pieces, broken: way.cost.broken + broken };
        if way.cost < limit {
            found = Some(way);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::medicine::product::Products;

    fn shelf() -> Shelf {
        let product = |code: &str| Products::ours().product(code).unwrap().clone();
        Shelf::of(["197527", "197528", "349195"].map(|code| (product(code), product(code).halved)))
    }

    fn within(ug: u64, on_hand: &[(&str, u64)]) -> Option<String> {
        let of = |product: &Product| on_hand.iter().find(|(code, _)| *code == product.code).map_or(0, |(_, n)| *n);
        shelf().pieces_within(Amount::from_ug(ug), of).map(|pieces| pieces.to_string())
    }

    #[test]
    fn the_same_dose_is_made_of_what_is_there() {
        let plenty = [("197528", 20), ("197527", 20), ("349195", 20)];
        assert_eq!(within(1_000, &plenty).as_deref(), Some("1 × 1\u{a0}mg tablet"));
        assert_eq!(within(1_000, &plenty[1..]).as_deref(), Some("2 × 0.5\u{a0}mg tablet"));
        assert_eq!(within(750, &plenty[2..]).as_deref(), Some("3 × 0.25\u{a0}mg ODT"));
    }

    #[test]
    fn a_piece_is_broken_only_where_whole_ones_do_not_do() {
        assert_eq!(within(250, &[("197527", 4), ("349195", 2)]).as_deref(), Some("1 × 0.25\u{a0}mg ODT"));
        assert_eq!(within(250, &[("197527", 4)]).as_deref(), Some("half a 0.5\u{a0}mg tablet"));
        assert_eq!(within(250, &[("197528", 4)]), None, "nobody halves the 1 mg tablet here");
    }

    #[test]
    fn what_is_not_there_is_not_counted_out() {
        assert_eq!(within(1_000, &[("197527", 3)]), None);
        assert_eq!(
            within(750, &[("197527", 3)]).as_deref(),
            Some("1 × 0.5\u{a0}mg tablet + half a 0.5\u{a0}mg tablet")
        );
        assert_eq!(within(300, &[("197527", 4), ("349195", 8)]), None);
    }
}
