//! What a dose takes out of registers: what was given, and what had to be wasted with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::book::{Kind, Line};
use super::parts::Parts;
use crate::care::amount::Amount;
use crate::care::medicine::tablets::{Piece, Pieces};
use crate::care::round::outcome::Outcome;
use crate::care::witness::Watched;

/// What became of the other half of a broken piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OtherHalf {
    /// It stays in the register for the next dose.
    Kept,
    Wasted,
}

impl OtherHalf {
    /// The word as posted.
    pub fn word(self) -> &'static str {
        match self {
            OtherHalf::Kept => "kept",
            OtherHalf::Wasted => "wasted",
        }
    }

    pub fn of_word(word: &str) -> Option<OtherHalf> {
        [OtherHalf::Kept, OtherHalf::Wasted].into_iter().find(|half| half.word() == word)
    }
}

/// The lines that a dose writes into the register of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taking {
    /// The product's code.
    pub product: String,
    pub lines: Vec<Line>,
}

/// A dose given whole takes its pieces; of a broken one the other half is kept or wasted.
pub fn given(pieces: &Pieces, other_half: OtherHalf) -> Vec<Taking> {
    of_products(pieces, |piece| Split { given: Parts::of(piece), wasted: wasted_half(piece, other_half) })
}

/// What became of the pieces that a dose given in part did not need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rest {
    #[default]
    Wasted,
    /// Nobody touched them: they stay in the register.
    Kept,
}

/// A dose given in part takes all its pieces: those that make the part are given, the rest is wasted, unless it was kept
/// untouched. A piece of which only some was swallowed counts as given; how much of it was, the administration says.
pub fn given_in_part(pieces: &Pieces, part: Amount, other_half: OtherHalf, rest: Rest) -> Vec<Taking> {
    let mut left = part;
    of_products(pieces, |piece| {
        let all = Parts::of(piece);
        let given = swallowed(piece, all, left);
        left = left.less(piece.amount);
        let wasted = match rest {
            Rest::Wasted => Parts(all.0 - given.0) + wasted_half(piece, other_half),
            Rest::Kept => Parts::ZERO,
        };
        Split { given, wasted }
    })
}

/// A dose that was counted out and then not given at all is wasted.
pub fn spoiled(pieces: &Pieces, other_half: OtherHalf) -> Vec<Taking> {
    given_in_part(pieces, Amount::ZERO, other_half, Rest::Wasted)
}

/// Of one kind of piece: as many parts as the amount needs, a part that was begun counted whole.
fn swallowed(piece: &Piece, all: Parts, amount: Amount) -> Parts {
    let of_all = amount.min(piece.amount).ug();
    Parts((all.0 * of_all).div_ceil(piece.amount.ug()))
}

fn wasted_half(piece: &Piece, other_half: OtherHalf) -> Parts {
    let broken = piece.halves && piece.count % 2 == 1;
    if broken && other_half == OtherHalf::Wasted { Parts::HALF } else { Parts::ZERO }
}

/// What of a dose a facility may want to be seen by a second person.
pub fn watched(outcome: Outcome, takings: &[Taking]) -> Vec<Watched> {
    let gives = outcome.takes();
    let wastes = takings.iter().flat_map(|taking| &taking.lines).any(|line| line.kind == Kind::Wasted);
    [(gives, Watched::Give), (wastes, Watched::Waste)].into_iter().filter(|(so, _)| *so).map(|(_, one)| one).collect()
}

struct Split {
    given: Parts,
    wasted: Parts,
}

fn of_products(pieces: &Pieces, mut split: impl FnMut(&Piece) -> Split) -> Vec<Taking> {
    let mut products: BTreeMap<&str, Split> = BTreeMap::new();
    for piece in &pieces.0 {
        let Split { given, wasted } = split(piece);
        let sum = products.entry(&piece.product).or_insert(Split { given: Parts::ZERO, wasted: Parts::ZERO });
        *sum = Split { given: sum.given + given, wasted: sum.wasted + wasted };
    }
    let lines = |split: &Split| {
        let both = [(Kind::Given, split.given), (Kind::Wasted, split.wasted)];
        both.into_iter().filter(|(_, parts)| !parts.is_zero()).map(|(kind, parts)| Line { kind, parts }).collect()
    };
    products.iter().map(|(product, split)| Taking { product: (*product).to_owned(), lines: lines(split) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::medicine::Medicine;
    use crate::care::medicine::product::Products;
    use crate::care::medicine::tablets::Shelf;

    /// Of clonazepam 0.5 mg tablets, halved.
    fn pieces(ug: u64) -> Pieces {
        let product = Products::ours().product("197527").unwrap().clone();
        assert_eq!(product.medicine, Medicine("clonazepam".to_owned()));
        Shelf::of([(product, true)]).pieces(Amount::from_ug(ug)).unwrap()
    }

    fn lines(taking: &[Taking]) -> Vec<(Kind, u64)> {
        taking.iter().flat_map(|one| one.lines.iter().map(|line| (line.kind, line.parts.0))).collect()
    }

    #[test]
    fn a_dose_takes_its_pieces_and_the_other_half_is_kept_or_wasted() {
        assert_eq!(lines(&given(&pieces(1_000), OtherHalf::Wasted)), [(Kind::Given, 4)]);
        assert_eq!(lines(&given(&pieces(750), OtherHalf::Kept)), [(Kind::Given, 3)]);
        assert_eq!(lines(&given(&pieces(750), OtherHalf::Wasted)), [(Kind::Given, 3), (Kind::Wasted, 1)]);
    }

    #[test]
    fn of_a_dose_given_in_part_the_rest_is_wasted() {
        let part = |ug| lines(&given_in_part(&pieces(1_000), Amount::from_ug(ug), OtherHalf::Kept, Rest::Wasted));
        assert_eq!(part(500), [(Kind::Given, 2), (Kind::Wasted, 2)]);
        assert_eq!(part(250), [(Kind::Given, 1), (Kind::Wasted, 3)]);
        assert_eq!(part(100), [(Kind::Given, 1), (Kind::Wasted, 3)], "a half that was begun");
        let kept = given_in_part(&pieces(1_000), Amount::from_ug(100), OtherHalf::Wasted, Rest::Kept);
        assert_eq!(lines(&kept), [(Kind::Given, 1)], "what nobody touched stays");
        assert_eq!(lines(&spoiled(&pieces(750), OtherHalf::Wasted)), [(Kind::Wasted, 4)]);
    }

    #[test]
    fn a_liquid_takes_its_volume() {
        let solution = Products::ours().product("309843").unwrap().clone();
        let pieces = Shelf::of([(solution, false)]).pieces(Amount::from_ug(4_750)).unwrap();
        assert_eq!(lines(&given(&pieces, OtherHalf::Wasted)), [(Kind::Given, 4_750)]);
    }
}
