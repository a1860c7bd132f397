//! What a corrected record took, and what it takes as it is told now: what was counted out stays what it was, whatever lies on
//! the shelf by then, and only what is told otherwise is worked out from there.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::book::{Kind, Line};
use super::parts::Parts;
use super::source::{Source, StockAsk, Supply, needed};
use super::taking::{OtherHalf, Rest, Taking};
use crate::care::amount::Amount;
use crate::care::medicine::product::{Product, Products};
use crate::care::medicine::tablets::{Piece, Pieces, Shelf};
use crate::care::refusal::Refusal;
use crate::care::round::outcome::Outcome;

/// What a record took of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Took {
    pub product: &'static Product,
    pub given: Parts,
    /// As its entries say.
    pub wasted: Parts,
    /// Wasted, and nobody saw it: a difference says so already, and no entry.
    pub unseen: Parts,
    /// No half was left from before.
    pub fresh: bool,
}

/// A record as it was told, and what it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    pub planned: Amount,
    pub given: Amount,
    pub outcome: Outcome,
    /// What was counted out, in words.
    pub pieces: String,
    pub took: Vec<Took>,
}

/// Before the words of what was counted out for a dose that was given in part.
const PART_OF: &str = "part of ";

impl Took {
    fn not_given(&self) -> Parts {
        self.wasted + self.unseen
    }

    fn half(&self) -> Amount {
        Parts::HALF.amount(self.product)
    }

    /// So much of it was counted out, where no other half was wasted with it.
    fn all(&self) -> Parts {
        self.given + self.not_given()
    }

    /// A piece is broken where an odd number of halves is counted out.
    fn breaks(&self, counted: Parts) -> bool {
        !self.product.form.is_liquid() && !counted.0.is_multiple_of(2)
    }
}

impl Before {
    /// What was said of its pieces: the page of a correction begins with it.
    pub fn told(&self) -> StockAsk {
        let wastes = self.took.iter().any(|one| !one.not_given().is_zero());
        let kept = self.outcome == Outcome::GivenInPart && !wastes && !self.took.is_empty();
        let kept = kept && amount(&self.counted_out()) < self.planned;
        StockAsk {
            other_half: self.wasted_half().map(|_| OtherHalf::Wasted),
            spoiled: !self.outcome.takes() && wastes,
            rest: if kept { Rest::Kept } else { Rest::Wasted },
            ..StockAsk::default()
        }
    }

    /// The product of which the other half of a broken piece was wasted: more than the dose was counted out by that half.
    fn wasted_half(&self) -> Option<&Took> {
        let over = self.took.iter().map(|one| one.all().amount(one.product)).sum::<Amount>().less(self.planned);
        let fits = |one: &&Took| match self.outcome.whole() {
            true => one.not_given() == Parts::HALF && one.breaks(one.given),
            false => one.not_given() >= Parts::HALF && one.half() == over && one.breaks(Parts(one.all().0 - 1)),
        };
        self.took.iter().find(fits)
    }

    /// What was counted out for the dose, without an other half that was wasted with it.
    fn counted_out(&self) -> Counted {
        let half = self.wasted_half().map(|one| &one.product.code);
        let mut over = match half {
            Some(_) => Amount::ZERO,
            None => self.took.iter().map(|one| one.all().amount(one.product)).sum::<Amount>().less(self.planned),
        };
        let counted = |one: &Took| {
            if self.outcome.whole() {
                return (one.product, one.given);
            }
            // A difference that an earlier record opened may say more than this one wasted.
            let most = over.ug().checked_div(one.half().ug()).unwrap_or(0).min(one.unseen.0);
            over = over.less(Parts(most).amount(one.product));
            let less = most + u64::from(half == Some(&one.product.code));
            (one.product, Parts(one.all().0 - less))
        };
        Counted(self.took.iter().map(counted).collect())
    }

    /// The pieces that it is made of: those that were counted out. Where some of them were never touched, nobody wrote down
    /// which: they are what makes up the dose now.
    pub fn source(&self, shelf: &Shelf, supply: Supply) -> Option<Source> {
        let counted = self.counted_out();
        let then = amount(&counted);
        if self.took.is_empty() || then > self.planned {
            return Source::of(shelf, self.planned, supply);
        }
        let rest = match self.told().rest {
            Rest::Kept => Source::of(shelf, self.planned.less(then), supply.without(&counted.by_product())),
            Rest::Wasted => None,
        };
        if let Some(rest) = rest {
            return Some(Source::made_of(counted.and(&rest.pieces).pieces(), supply));
        }
        let breaks = self.broke(&counted);
        let mut source = Source::made_of(counted.pieces(), supply);
        source.breaks = breaks;
        Some(source)
    }

    /// A piece was broken for it, of which the other half is kept or wasted.
    fn broke(&self, counted: &Counted) -> bool {
        let half = self.wasted_half().is_some();
        half || self.took.iter().zip(&counted.0).any(|(one, (_, parts))| one.fresh && one.breaks(*parts))
    }

    /// What it takes as it is told now: where nothing else is told, exactly what it took.
    pub fn take(
        &self,
        source: Option<&Source>,
        ask: &StockAsk,
        outcome: Outcome,
        given: Amount,
    ) -> Result<Vec<Taking>, Refusal> {
        let breaks = source.is_some_and(|source| source.breaks);
        let as_it_was = left_over(&self.told(), self.outcome, breaks) == left_over(ask, outcome, breaks);
        if as_it_was && given == self.given {
            return Ok(self.again());
        }
        let mut takings = source.map_or(Ok(Vec::new()), |source| source.take(ask, outcome, given))?;
        takings.iter_mut().for_each(|taking| self.without_unseen(taking));
        Ok(takings)
    }

    fn again(&self) -> Vec<Taking> {
        let lines = |one: &Took| {
            let both = [(Kind::Given, one.given), (Kind::Wasted, one.wasted)];
            both.into_iter().filter(|(_, parts)| !parts.is_zero()).map(|(kind, parts)| Line { kind, parts }).collect()
        };
        self.took.iter().map(|one| Taking { product: one.product.code.clone(), lines: lines(one) }).collect()
    }

    /// What nobody saw wasted is not wasted a second time: only what goes beyond it is written.
    fn without_unseen(&self, taking: &mut Taking) {
        let unseen = self.took.iter().find(|one| one.product.code == taking.product).map_or(0, |one| one.unseen.0);
        for line in taking.lines.iter_mut().filter(|line| line.kind == Kind::Wasted) {
            line.parts = Parts(line.parts.0.saturating_sub(unseen));
        }
        taking.lines.retain(|line| !line.parts.is_zero());
    }

    /// What was counted out, in the words of the record; none where it was not given then, or more is counted out now.
    pub fn words(&self, outcome: Outcome) -> Option<String> {
        let more = outcome.whole() && self.told().rest == Rest::Kept;
        if more || !self.outcome.takes() || !outcome.takes() {
            return None;
        }
        let counted = self.pieces.strip_prefix(PART_OF).unwrap_or(&self.pieces);
        Some(if outcome.whole() { counted.to_owned() } else { part_of(counted) })
    }
}

/// `part of 2 × 0.5 mg tablet`; nothing where nobody knows of what.
pub fn part_of(pieces: &str) -> String {
    if pieces.is_empty() { String::new() } else { format!("{PART_OF}{pieces}") }
}

/// What becomes of what is counted out and not given, as far as an outcome asks for it.
fn left_over(ask: &StockAsk, outcome: Outcome, breaks: bool) -> (Option<Outcome>, bool, bool) {
    let half = breaks && ask.other_half == Some(OtherHalf::Wasted);
    match outcome {
        Outcome::Given | Outcome::SelfAdministered => (Some(Outcome::Given), half, false),
        Outcome::GivenInPart if ask.rest == Rest::Kept => (Some(outcome), false, false),
        Outcome::GivenInPart => (Some(outcome), half, true),
        Outcome::Refused | Outcome::Withheld if ask.spoiled => (None, half, true),
        _ => (None, false, false),
    }
}

/// So much of each product.
struct Counted(Vec<(&'static Product, Parts)>);

fn amount(counted: &Counted) -> Amount {
    counted.0.iter().map(|(product, parts)| parts.amount(product)).sum()
}

impl Counted {
    fn by_product(&self) -> BTreeMap<&str, Parts> {
        self.0.iter().map(|(product, parts)| (product.code.as_str(), *parts)).collect()
    }

    fn and(&self, more: &Pieces) -> Counted {
        let mut all = self.by_product();
        for (product, parts) in needed(more) {
            let sum = all.entry(product).or_default();
            *sum = *sum + parts;
        }
        Counted(all.into_iter().filter_map(|(code, parts)| Some((Products::ours().product(code)?, parts))).collect())
    }

    /// As they are counted out: the strongest first, liquids last, no two halves of one product.
    fn pieces(mut self) -> Pieces {
        self.0.sort_by_key(|(product, _)| (product.form.is_liquid(), Reverse(product.strength), product.form));
        let pieces = self.0.into_iter().flat_map(|(product, parts)| match product.form.is_liquid() {
            true => vec![Piece::measured(product, parts.0)],
            false => vec![Piece::counted(product, parts.0 / 2, false), Piece::counted(product, parts.0 % 2, true)],
        });
        Pieces(pieces.filter(|piece| !piece.amount.is_zero()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn took(product: &str, given: u64, wasted: u64, unseen: u64) -> Took {
        let product = Products::ours().product(product).expect("a product that comes with Stepdown");
        Took { product, given: Parts(given), wasted: Parts(wasted), unseen: Parts(unseen), fresh: true }
    }

    /// 0.75 mg of clonazepam: one and a half tablets of 0.5 mg, which are three halves.
    fn before(outcome: Outcome, given: u64, took: Vec<Took>) -> Before {
        let (planned, given) = (Amount::from_ug(750), Amount::from_ug(given));
        Before { planned, given, outcome, pieces: "1 × 0.5 mg tablet + half of one".into(), took }
    }

    /// By kind, what it takes as it is told now.
    fn taken(before: &Before, ask: &StockAsk, outcome: Outcome, given: u64) -> Vec<(Kind, u64)> {
        let product = |code: &str| Products::ours().product(code).expect("a product that comes with Stepdown").clone();
        let shelf = Shelf::of([(product("197527"), true), (product("197528"), true)]);
        let supply = Supply([("197527".to_owned(), Parts(20)), ("197528".to_owned(), Parts(20))].into());
        let source = before.source(&shelf, supply).expect("tablets that make the dose");
        let takings = before.take(Some(&source), ask, outcome, Amount::from_ug(given)).expect("nobody was first");
        assert!(takings.iter().all(|one| one.product == "197527"), "never of another strength");
        takings.iter().flat_map(|one| one.lines.iter().map(|line| (line.kind, line.parts.0))).collect()
    }

    #[test]
    fn where_nothing_else_is_told_exactly_the_same_is_taken() {
        let whole = before(Outcome::Given, 750, vec![took("197527", 3, 1, 0)]);
        assert_eq!(taken(&whole, &whole.told(), Outcome::Given, 750), [(Kind::Given, 3), (Kind::Wasted, 1)]);
        assert_eq!(taken(&whole, &StockAsk::default(), Outcome::Given, 750), [(Kind::Given, 3)], "the half was kept");
        let kept = before(Outcome::GivenInPart, 250, vec![took("197527", 1, 0, 0)]);
        assert_eq!((kept.told().rest, kept.told().other_half), (Rest::Kept, None));
        assert_eq!(taken(&kept, &kept.told(), Outcome::GivenInPart, 250), [(Kind::Given, 1)]);
        assert_eq!(taken(&kept, &kept.told(), Outcome::GivenInPart, 500), [(Kind::Given, 2)]);
    }

    #[test]
    fn what_was_counted_out_is_what_another_outcome_begins_with() {
        let whole = before(Outcome::Given, 750, vec![took("197527", 3, 1, 0)]);
        let part = taken(&whole, &StockAsk::default(), Outcome::GivenInPart, 250);
        assert_eq!(part, [(Kind::Given, 1), (Kind::Wasted, 2)]);
        assert_eq!(taken(&whole, &whole.told(), Outcome::Refused, 0), []);
        let spoiled = before(Outcome::Refused, 0, vec![took("197527", 0, 4, 0)]);
        assert!(spoiled.told().spoiled && spoiled.told().other_half == Some(OtherHalf::Wasted));
        assert_eq!(taken(&spoiled, &StockAsk::default(), Outcome::Given, 750), [(Kind::Given, 3)]);
    }

    #[test]
    fn what_nobody_saw_wasted_is_wasted_once() {
        let part = before(Outcome::GivenInPart, 250, vec![took("197527", 1, 0, 2)]);
        assert_eq!(taken(&part, &part.told(), Outcome::GivenInPart, 250), [(Kind::Given, 1)]);
        assert_eq!(taken(&part, &StockAsk::default(), Outcome::GivenInPart, 500), [(Kind::Given, 2)]);
        let spoil = StockAsk { spoiled: true, ..StockAsk::default() };
        assert_eq!(taken(&part, &spoil, Outcome::Refused, 0), [(Kind::Wasted, 1)], "only what goes beyond it");
        // The difference of an earlier record: it is told now that all of it was given.
        let whole = before(Outcome::Given, 750, vec![took("197527", 3, 0, 2)]);
        assert_eq!(whole.told(), StockAsk::default());
        assert_eq!(taken(&whole, &StockAsk::default(), Outcome::Given, 750), [(Kind::Given, 3)]);
    }

    #[test]
    fn the_words_of_the_pieces_are_kept() {
        let whole = before(Outcome::Given, 750, vec![took("197527", 3, 0, 0)]);
        assert_eq!(whole.words(Outcome::GivenInPart).as_deref(), Some("part of 1 × 0.5 mg tablet + half of one"));
        assert_eq!((whole.words(Outcome::Given), whole.words(Outcome::Refused)), (Some(whole.pieces.clone()), None));
    }
}
