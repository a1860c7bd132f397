//! Where the pieces of a dose come from: what the registers of its holder hold, and which other pieces make the same dose.

use std::collections::BTreeMap;

use super::Holder;
use super::parts::Parts;
use super::taking::{self, OtherHalf, Rest, Taking};
use crate::care::amount::Amount;
use crate::care::medicine::product::Product;
use crate::care::medicine::tablets::{Piece, Pieces, Shelf};
use crate::care::refusal::Refusal;
use crate::care::round::outcome::Outcome;

/// What a holder has of one medicine, by product; a product without a register is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Supply(pub BTreeMap<String, Parts>);

/// How the registers stand to the pieces of a dose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// No register of them was begun: nothing is taken from one.
    Unbooked,
    Held,
    /// The usual pieces are not all there; these make the same dose.
    Otherwise,
    /// They are not there, and nothing else that is there makes the dose.
    Short,
}

/// The pieces of a dose, and what the registers say of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub pieces: Pieces,
    pub standing: Standing,
    /// A piece that a register counts has to be broken: no half is left from before.
    pub breaks: bool,
    /// Whose supply it is, where a register counts it.
    pub held_by: Option<Holder>,
    supply: Supply,
}

/// What becomes of the pieces, beside the outcome of the dose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StockAsk {
    /// The mark of the source that the page showed; none where no page did.
    pub shown: Option<String>,
    /// Of a broken piece; kept where nobody says otherwise.
    pub other_half: Option<OtherHalf>,
    /// The dose was counted out and then not given: it is wasted.
    pub spoiled: bool,
    /// Of a dose given in part: what was not needed stays untouched.
    pub rest: Rest,
    /// Why nobody could see what is wasted; empty where somebody did.
    pub alone: String,
}

impl StockAsk {
    /// What a page showed holds for the box that it showed. Out of another one it has been taken already, and the page knew
    /// nothing of it.
    pub fn of_page(&self, same_box: bool) -> StockAsk {
        StockAsk { shown: self.shown.clone().filter(|_| same_box), ..self.clone() }
    }
}

impl Supply {
    fn holds(&self, pieces: &Pieces) -> bool {
        needed(pieces).iter().all(|(product, parts)| self.0.get(*product).is_some_and(|held| held >= parts))
    }

    /// Something of it is in a register, which holds less.
    fn lacks(&self, pieces: &Pieces) -> bool {
        needed(pieces).iter().any(|(product, parts)| self.0.get(*product).is_some_and(|held| held < parts))
    }

    /// What is left once some of it is taken.
    pub(super) fn without(&self, taken: &BTreeMap<&str, Parts>) -> Supply {
        let taken = |product: &str| taken.get(product).map_or(0, |parts| parts.0);
        let left = |(product, held): (&String, &Parts)| (product.clone(), Parts(held.0.saturating_sub(taken(product))));
        Supply(self.0.iter().map(left).collect())
    }

    fn halves(&self, product: &Product) -> u64 {
        self.0.get(&product.code).map_or(0, |parts| parts.0)
    }
}

/// By product, what some pieces come to.
pub(super) fn needed(pieces: &Pieces) -> BTreeMap<&str, Parts> {
    let mut needed = BTreeMap::<&str, Parts>::new();
    for piece in &pieces.0 {
        let sum = needed.entry(&piece.product).or_default();
        *sum = *sum + Parts::of(piece);
    }
    needed
}

/// The usual pieces of a dose where they are there, otherwise others that are; and the usual ones where nothing is.
pub(super) fn chosen(shelf: &Shelf, usual: &Pieces, amount: Amount, supply: &Supply) -> (Pieces, Standing) {
    if supply.holds(usual) && !amount.is_zero() {
        (usual.clone(), Standing::Held)
    } else if let Some(other) = others(shelf, amount, supply) {
        (other, Standing::Otherwise)
    } else if supply.lacks(usual) {
        (usual.clone(), Standing::Short)
    } else {
        (usual.clone(), Standing::Unbooked)
    }
}

impl Source {
    /// The usual pieces where they are there, otherwise others that are. None: nothing stocked makes the dose.
    pub fn of(shelf: &Shelf, amount: Amount, supply: Supply) -> Option<Source> {
        let (pieces, standing) = chosen(shelf, &shelf.pieces(amount)?, amount, &supply);
        Some(Source { standing, ..Source::made_of(pieces, supply) })
    }

    /// Pieces that are known: they were counted out already.
    pub(super) fn made_of(pieces: Pieces, supply: Supply) -> Source {
        let fresh = |piece: &Piece| supply.0.get(&piece.product).is_some_and(|held| held.0.is_multiple_of(2));
        let breaks = pieces.0.iter().any(|piece| piece.halves && piece.count % 2 == 1 && fresh(piece));
        Source { pieces, standing: Standing::Held, breaks, held_by: None, supply }
    }

    /// Of each product that a register counts: how many are left, and how many after the dose.
    pub fn left(&self) -> Vec<(&str, Parts, Option<Parts>)> {
        let all = needed(&self.pieces).into_iter();
        let booked = all.filter_map(|(product, parts)| Some((product, *self.supply.0.get(product)?, parts)));
        booked.map(|(product, held, parts)| (product, held, held.0.checked_sub(parts.0).map(Parts))).collect()
    }

    /// A half is left from before, and is what a half of this dose is.
    pub fn half_is_there(&self) -> bool {
        let left = |piece: &Piece| self.supply.0.get(&piece.product).is_some_and(|held| !held.0.is_multiple_of(2));
        self.pieces.0.iter().any(|piece| piece.halves && left(piece))
    }

    /// What the page showed, in a word of its own: whoever sends it back saw these pieces, whether they were there, and whose
    /// they were.
    pub fn mark(&self) -> String {
        let word = match self.standing {
            Standing::Unbooked => "unbooked",
            Standing::Held => "held",
            Standing::Otherwise => "otherwise",
            Standing::Short => "short",
        };
        let half = |piece: &Piece| if piece.halves { "h" } else { "" };
        let pieces = self.pieces.0.iter().map(|piece| format!(" {}{}x{}", piece.count, half(piece), piece.product));
        let broken = if self.breaks { " broken" } else { "" };
        let of = self.held_by.as_ref().map(|holder| format!(" of {}", holder.id())).unwrap_or_default();
        format!("{word}{}{broken}{of}", pieces.collect::<String>())
    }

    /// What the dose takes from the registers. What the page showed must still be so: of two nurses at the last tablet the
    /// second looks again.
    pub fn take(&self, ask: &StockAsk, outcome: Outcome, given: Amount) -> Result<Vec<Taking>, Refusal> {
        let half = ask.other_half.filter(|_| self.breaks).unwrap_or(OtherHalf::Kept);
        let mut taken = match outcome {
            Outcome::Given | Outcome::SelfAdministered => taking::given(&self.pieces, half),
            Outcome::GivenInPart => taking::given_in_part(&self.pieces, given, half, ask.rest),
            Outcome::Refused | Outcome::Withheld if ask.spoiled => taking::spoiled(&self.pieces, half),
            _ => return Ok(Vec::new()),
        };
        if ask.shown.as_ref().is_some_and(|shown| *shown != self.mark()) {
            return Err(Refusal::PiecesMoved);
        }
        taken.retain(|one| self.supply.0.contains_key(&one.product));
        Ok(taken)
    }
}

/// Other pieces than the usual ones, all of them in a register.
fn others(shelf: &Shelf, amount: Amount, supply: &Supply) -> Option<Pieces> {
    let made = shelf.pieces_within(amount, |product| supply.halves(product))?;
    (!made.0.is_empty()).then_some(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::medicine::product::Products;
    use crate::care::register::book::Kind;

    /// Clonazepam tablets of 0.5 mg, which are halved, and of 1 mg; so many half-pieces of each.
    fn source(ug: u64, held: &[(&str, u64)]) -> Source {
        let product = |code: &str| Products::ours().product(code).unwrap().clone();
        let shelf = Shelf::of(["197527", "197528"].map(|code| (product(code), product(code).halved)));
        let supply = held.iter().map(|(code, parts)| ((*code).to_owned(), Parts(*parts))).collect();
        Source::of(&shelf, Amount::from_ug(ug), Supply(supply)).unwrap()
    }

    fn lines(source: &Source, half: OtherHalf) -> Vec<(Kind, u64)> {
        let ask = StockAsk { other_half: Some(half), ..StockAsk::default() };
        let taken = source.take(&ask, Outcome::Given, source.pieces.amount()).unwrap();
        taken.iter().flat_map(|one| one.lines.iter().map(|line| (line.kind, line.parts.0))).collect()
    }

    #[test]
    fn the_usual_pieces_are_taken_where_they_are_there_and_others_where_they_are_not() {
        assert_eq!(source(1_000, &[("197528", 2), ("197527", 8)]).standing, Standing::Held);
        let other = source(1_000, &[("197528", 0), ("197527", 8)]);
        assert_eq!(
            (other.standing, other.pieces.to_string().as_str()),
            (Standing::Otherwise, "2 × 0.5\u{a0}mg tablet")
        );
        assert_eq!(lines(&other, OtherHalf::Kept), [(Kind::Given, 4)]);
    }

    #[test]
    fn what_no_register_counts_is_taken_from_none() {
        let unbooked = source(1_000, &[]);
        assert_eq!((unbooked.standing, lines(&unbooked, OtherHalf::Kept)), (Standing::Unbooked, vec![]));
        assert_eq!(source(0, &[("197527", 8)]).standing, Standing::Unbooked);
    }

    #[test]
    fn what_a_register_lacks_is_said_and_still_taken() {
        let short = source(1_000, &[("197528", 0)]);
        assert_eq!((short.standing, lines(&short, OtherHalf::Kept)), (Standing::Short, vec![(Kind::Given, 2)]));
        assert_eq!(short.left(), [("197528", Parts(0), None)]);
    }

    #[test]
    fn the_other_half_is_asked_for_only_where_a_piece_is_broken() {
        let fresh = source(250, &[("197527", 8)]);
        assert!(fresh.breaks && !fresh.half_is_there());
        assert_eq!(lines(&fresh, OtherHalf::Wasted), [(Kind::Given, 1), (Kind::Wasted, 1)]);
        let left = source(250, &[("197527", 7)]);
        assert!(!left.breaks && left.half_is_there());
        assert_eq!(lines(&left, OtherHalf::Wasted), [(Kind::Given, 1)]);
    }

    #[test]
    fn whoever_saw_another_box_looks_again() {
        let held_by =
            |unit: &str| Source { held_by: Some(Holder::Unit(unit.into())), ..source(1_000, &[("197528", 2)]) };
        let ask = StockAsk { shown: Some(held_by("east").mark()), ..StockAsk::default() };
        let moved = held_by("west").take(&ask, Outcome::Given, Amount::from_ug(1_000));
        assert_eq!(moved, Err(Refusal::PiecesMoved));
    }

    #[test]
    fn whoever_saw_other_pieces_looks_again() {
        let (saw, now) = (source(1_000, &[("197528", 2), ("197527", 8)]), source(1_000, &[("197528", 0)]));
        let ask = StockAsk { shown: Some(saw.mark()), ..StockAsk::default() };
        assert_eq!(now.take(&ask, Outcome::Given, Amount::from_ug(1_000)), Err(Refusal::PiecesMoved));
        assert_eq!(now.take(&ask, Outcome::NotAvailable, Amount::ZERO), Ok(vec![]));
        assert!(saw.take(&ask, Outcome::Given, Amount::from_ug(1_000)).is_ok());
    }
}
