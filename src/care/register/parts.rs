//! How a register counts: solids in whole and half pieces, liquids in microlitres. Exact, like every amount.

use std::iter::Sum;
use std::ops::Add;

use serde::{Deserialize, Serialize};

use crate::care::amount::Amount;
use crate::care::medicine::product::Product;
use crate::care::medicine::tablets::Piece;
use crate::care::refusal::Refusal;

/// More than any cupboard holds: a slip of the finger. Half-pieces, or microlitres.
const MOST: u64 = 10_000_000;

/// So much of a product: half-pieces of a solid, microlitres of a liquid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Parts(pub u64);

impl Parts {
    pub const ZERO: Parts = Parts(0);
    pub const HALF: Parts = Parts(1);

    pub fn pieces(count: u64) -> Parts {
        Parts(2 * count)
    }

    pub fn of(piece: &Piece) -> Parts {
        match (piece.volume_ul, piece.halves) {
            (Some(volume), _) => Parts(volume),
            (None, true) => Parts(piece.count),
            (None, false) => Parts::pieces(piece.count),
        }
    }

    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Reads what somebody counted: `28`, `27.5` where the product is halved, `118.5 mL` of a liquid, with or without its unit.
    pub fn parse(text: &str, product: &Product, halved: bool) -> Result<Parts, Refusal> {
        let unreadable = || Refusal::CountUnreadable { text: text.trim().chars().take(40).collect() };
        let liquid = product.form.is_liquid();
        let number = text.trim();
        let number = if liquid { number.strip_suffix("mL").unwrap_or(number).trim_end() } else { number };
        // Thousandths of a piece or of a millilitre, by the one reading of decimals that doses have.
        let thousandths = Amount::parse(&format!("{number} mg")).map_err(|_| unreadable())?.ug();
        let parts = match (liquid, thousandths % 1000) {
            (true, _) => thousandths,
            (false, 0) => thousandths / 500,
            (false, 500) if halved => thousandths / 500,
            (false, 500) => return Err(Refusal::CountHalved),
            (false, _) => return Err(unreadable()),
        };
        if parts > MOST { Err(unreadable()) } else { Ok(Parts(parts)) }
    }

    /// As it stands in the book: `27.5`, or `118.5 mL` of a liquid.
    pub fn text(self, product: &Product) -> String {
        if product.form.is_liquid() {
            // Microlitres are to millilitres as micrograms to milligrams.
            format!("{}\u{a0}mL", Amount::from_ug(self.0).number())
        } else {
            Amount::from_ug(self.0 * 500).number()
        }
    }

    /// What has to be bought so that there is so much: whole pieces, or whole millilitres.
    pub fn in_whole_pieces(self, product: &Product) -> Parts {
        Parts(self.0.next_multiple_of(if product.form.is_liquid() { 1000 } else { 2 }))
    }

    /// The medicine in it.
    pub fn amount(self, product: &Product) -> Amount {
        let per = if product.form.is_liquid() { 1000 } else { 2 };
        Amount::from_ug(product.strength.ug() * self.0 / per)
    }
}

impl Add for Parts {
    type Output = Parts;
    fn add(self, other: Parts) -> Parts {
        Parts(self.0 + other.0)
    }
}

impl Sum for Parts {
    fn sum<I: Iterator<Item = Parts>>(all: I) -> Parts {
        all.fold(Parts::ZERO, Parts::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::medicine::product::Products;

    fn ours(code: &str) -> &'static Product {
        Products::ours().product(code).unwrap()
    }

    #[test]
    fn pieces_are_read_whole_or_half_and_shown_as_they_were_typed() {
        let tablet = ours("197527");
        for (typed, parts) in [("28", 56), (" 27.5 ", 55), ("0", 0), ("0.5", 1)] {
            let read = Parts::parse(typed, tablet, true).unwrap();
            assert_eq!((read, read.text(tablet)), (Parts(parts), typed.trim().to_owned()));
        }
        assert_eq!(Parts::parse("27.5", tablet, false), Err(Refusal::CountHalved));
        assert_eq!(Parts(55).amount(tablet), Amount::from_ug(13_750));
    }

    #[test]
    fn a_liquid_is_read_in_millilitres() {
        let solution = ours("309843");
        let read = Parts::parse("118.5 mL", solution, false).unwrap();
        assert_eq!((read, read.text(solution).as_str()), (Parts(118_500), "118.5\u{a0}mL"));
        assert_eq!(Parts::parse("118.5", solution, false), Ok(read));
        assert_eq!(read.amount(solution), Amount::from_ug(118_500));
    }

    #[test]
    fn what_nobody_can_have_counted_is_refused() {
        for typed in ["12a", "", "-1", "1,5", "27.25", ".5", "1e3", "١٢", "99999999", "12 tablets", "1 2"] {
            let read = Parts::parse(typed, ours("197527"), true);
            assert!(matches!(read, Err(Refusal::CountUnreadable { .. })), "{typed}: {read:?}");
        }
    }
}
