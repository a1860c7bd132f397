//! The pieces a dose is made of: exact, the fewest, and never rounded.

use std::cmp::Reverse;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::product::{Product, Products};
use crate::care::amount::Amount;
use crate::care::medicine::Medicine;
use crate::care::refusal::Refusal;

/// So many of one product, whole or half; or one measured volume of a liquid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The product's code.
    pub product: String,
    /// The product's name, as it stands on pages.
    pub name: String,
    /// 1 for a liquid.
    pub count: u64,
    /// `count` counts half-pieces.
    pub halves: bool,
    /// What all of it holds.
    pub amount: Amount,
    /// The measured volume of a liquid, in whole microlitres.
    pub volume_ul: Option<u64>,
}

/// `2 × 0.5 mg tablet`, `half a 0.5 mg tablet`, `4.75 mL of 1 mg/mL oral solution`.
impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Piece { count, name, .. } = self;
        match (self.volume_ul, self.halves) {
            // Microlitres are to millilitres as micrograms to milligrams.
            (Some(volume), _) => write!(f, "{}\u{a0}mL of {name}", Amount::from_ug(volume).number()),
            (None, false) => write!(f, "{count} × {name}"),
            (None, true) if *count == 1 => write!(f, "half a {name}"),
            (None, true) => write!(f, "{count} half-pieces of {name}"),
        }
    }
}

/// What one dose is made of. Its pieces add up exactly to the dose; a dose of 0 has none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pieces(pub Vec<Piece>);

impl Pieces {
    /// What the pieces add up to.
    pub fn amount(&self) -> Amount {
        self.0.iter().map(|piece| piece.amount).sum()
    }
}

/// `1 × 0.5 mg tablet + 1 × 0.25 mg ODT`; `none` for a dose of 0.
impl fmt::Display for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("none");
        }
        let words: Vec<String> = self.0.iter().map(Piece::to_string).collect();
        f.write_str(&words.join(" + "))
    }
}

/// The products of one medicine that doses are made of, and which of them are halved.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shelf {
    /// Larger strengths first; of one strength the tablet first.
    solids: Vec<(Product, bool)>,
    /// In the order of `Product::measured_before`.
    liquids: Vec<Product>,
}

impl Shelf {
    /// The products of a medicine, each with whether it is halved here. What may not be halved at all is kept whole. Where they
    /// are of several kinds, of which none is given in the place of another, doses are made of the plain ones.
    pub fn of(stocked: impl IntoIterator<Item = (Product, bool)>) -> Shelf {
        let stocked: Vec<(Product, bool)> = stocked.into_iter().collect();
        let kind = stocked.iter().map(|(product, _)| product.kind()).min();
        let mut shelf = Shelf::default();
        for (product, halved) in stocked.into_iter().filter(|(product, _)| Some(product.kind()) == kind) {
            let halved = halved && product.may_be_halved();
            if product.form.is_liquid() { shelf.liquids.push(product) } else { shelf.solids.push((product, halved)) }
        }
        shelf.solids.sort_by_key(|(p, _)| (Reverse(p.strength), p.form, p.code.clone()));
        shelf.liquids.sort_by(Product::measured_before);
        shelf
    }

    /// Nothing on it.
    pub const EMPTY: Shelf = Shelf { solids: Vec::new(), liquids: Vec::new() };

    /// All immediate-release solids of a medicine, halved only where a source says so.
    pub fn plain(products: &Products, medicine: &Medicine) -> Shelf {
        let solids = products.of(medicine).filter(|product| product.is_plain_solid());
        Shelf::of(solids.map(|product| (product.clone(), product.halved)))
    }

    pub fn products(&self) -> impl Iterator<Item = &Product> {
        self.solids.iter().map(|(product, _)| product).chain(&self.liquids)
    }

    /// The solids, the strongest first, each with whether it is halved here.
    pub fn solids(&self) -> &[(Product, bool)] {
        &self.solids
    }

    pub fn is_empty(&self) -> bool {
        self.products().next().is_none()
    }

    /// The pieces of one dose, if it can be made.
    pub fn pieces(&self, amount: Amount) -> Option<Pieces> {
        self.solve(amount).ok()?.pieces(amount)
    }

    /// Works out every amount up to `most`, once for many questions.
    pub fn solve(&self, most: Amount) -> Result<Tablets<'_>, Refusal> {
        Tablets::of(self, most)
    }

    /// The nearest amounts to `amount` that can be made, below it (0 needs nothing) and above it.
    pub fn nearest(&self, amount: Amount) -> Nearest {
        let within = amount + self.smallest().unwrap_or_default();
        let Ok(tablets) = self.solve(within) else { return Nearest::default() };
        let below = tablets.amounts().take_while(|made| *made < amount).last();
        let above = tablets.amounts().find(|made| *made > amount);
        Nearest { below, above }
    }

    /// The smallest amount above 0 that can be made.
    pub fn smallest(&self) -> Option<Amount> {
        self.measures().min().map(Amount::from_ug)
    }

    /// The largest amount of which everything that this shelf makes is a multiple; 1 microgram for an empty shelf.
    fn unit(&self) -> u64 {
        self.measures().fold(0, gcd).max(1)
    }

    /// The smallest part that is taken of each product, in micrograms.
    fn measures(&self) -> impl Iterator<Item = u64> + '_ {
        let solids = self.solids.iter().map(|(product, halved)| product.strength.ug() / if *halved { 2 } else { 1 });
        solids.chain(self.liquids.iter().map(|product| product.measure().ug()))
    }
}

/// The amounts around one that cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Nearest {
    pub below: Option<Amount>,
    pub above: Option<Amount>,
}

/// `0.25 mg or 0.375 mg`.
impl fmt::Display for Nearest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.below, self.above) {
            (Some(below), Some(above)) => write!(f, "{below} or {above}"),
            (Some(one), None) | (None, Some(one)) => write!(f, "{one}"),
            (None, None) => f.write_str("none"),
        }
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The cost of a way to make an amount, smaller is better: pieces, then halves, then different products, packed so that
/// costs add up as numbers.
type Cost = u64;
const PIECE: Cost = 1 << 40;
const HALF: Cost = 1 << 20;
const PRODUCT: Cost = 1;
const IMPOSSIBLE: Cost = Cost::MAX;

/// More cells than any real shelf needs: a guard against a file with a tablet of 1 microgram, or with a thousand of them.
const MOST_CELLS: u64 = 4_000_000;

/// Every amount that a shelf makes, up to a largest one, in steps of the shelf's unit.
pub struct Tablets<'a> {
    shelf: &'a Shelf,
    unit: u64,
    /// The least cost of each amount with the first 0, 1, 2 … solids, counted from the smallest.
    solids: Vec<Vec<Cost>>,
    /// The least cost of each amount with one measured volume of each liquid, beside solids.
    liquids: Vec<Vec<Cost>>,
}

impl<'a> Tablets<'a> {
    fn of(shelf: &'a Shelf, most: Amount) -> Result<Tablets<'a>, Refusal> {
        let unit = shelf.unit();
        let cells = most.ug() / unit + 1;
        if cells * (shelf.products().count() as u64 + 1) > MOST_CELLS {
            return Err(Refusal::ShelfTooFine { dose: most });
        }
        let mut none = vec![IMPOSSIBLE; cells as usize];
        none[0] = 0;
        let mut solids = vec![none];
        for (product, halved) in shelf.solids.iter().rev() {
            let whole = (product.strength.ug() / unit) as usize;
            let before = solids.last().expect("the table starts with the row of no product");
            solids.push(with_solid(before, whole, halved.then_some(whole / 2)));
        }
        let made = solids.last().expect("the table starts with the row of no product");
        let step = |product: &Product| (product.measure().ug() / unit) as usize;
        let liquids = shelf.liquids.iter().map(|product| with_liquid(made, step(product))).collect();
        Ok(Tablets { shelf, unit, solids, liquids })
    }

    /// All amounts here are multiples of it.
    pub fn unit(&self) -> Amount {
        Amount::from_ug(self.unit)
    }

    pub fn shelf(&self) -> &Shelf {
        self.shelf
    }

    pub fn makes(&self, amount: Amount) -> bool {
        self.cell(amount).is_some_and(|cell| self.makes_cell(cell))
    }

    /// Every amount that can be made, 0 first.
    pub fn amounts(&self) -> impl DoubleEndedIterator<Item = Amount> + '_ {
        let cells = self.solids[0].len();
        (0..cells).filter(|cell| self.makes_cell(*cell)).map(|cell| Amount::from_ug(cell as u64 * self.unit))
    }

    /// The pieces of one dose, if it can be made. Liquids are used only where solids alone cannot make it.
    pub fn pieces(&self, amount: Amount) -> Option<Pieces> {
        let cell = self.cell(amount)?;
        if self.made()[cell] != IMPOSSIBLE {
            return Some(Pieces(self.count_out(cell)));
        }
        let (which, cost) = self.liquids.iter().map(|costs| costs[cell]).enumerate().min_by_key(|(_, cost)| *cost)?;
        if cost == IMPOSSIBLE {
            return None;
        }
        let product = &self.shelf.liquids[which];
        let step = (product.measure().ug() / self.unit) as usize;
        let steps = (1..=cell / step).find(|steps| plus(self.made()[cell - steps * step], PIECE + PRODUCT) == cost)?;
        let mut pieces = self.count_out(cell - steps * step);
        pieces.push(Piece::measured(product, product.measure_ul * steps as u64));
        Some(Pieces(pieces))
    }

    fn made(&self) -> &[Cost] {
        self.solids.last().expect("the table starts with the row of no product")
    }

    fn cell(&self, amount: Amount) -> Option<usize> {
        let cell = (amount.ug() / self.unit) as usize;
        (amount.ug().is_multiple_of(self.unit) && cell < self.made().len()).then_some(cell)
    }

    fn makes_cell(&self, cell: usize) -> bool {
        self.made()[cell] != IMPOSSIBLE || self.liquids.iter().any(|costs| costs[cell] != IMPOSSIBLE)
    }

    /// Reads the solids of an amount back from the table: of equal ways the one with more of the larger strengths.
    fn count_out(&self, mut cell: usize) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for ((product, halved), tables) in self.shelf.solids.iter().zip(self.solids.windows(2).rev()) {
            let [before, with] = tables else { continue };
            let whole = (product.strength.ug() / self.unit) as usize;
            let taken = |count: usize, half: usize| count * whole + half * whole / 2;
            let mut ways = (0..=cell / whole)
                .rev()
                .flat_map(|count| (0..=usize::from(*halved)).rev().map(move |half| (count, half)));
            let fits = |(count, half): &(usize, usize)| {
                let rest = cell.checked_sub(taken(*count, *half));
                rest.is_some_and(|rest| plus(before[rest], cost(*count, *half)) == with[cell])
            };
            let (count, half) = ways.find(fits).expect("the table was filled from these very ways");
            cell -= taken(count, half);
            pieces.extend((count > 0).then(|| Piece::counted(product, count as u64, false)));
            pieces.extend((half > 0).then(|| Piece::counted(product, 1, true)));
        }
        pieces
    }
}

fn plus(cost: Cost, more: Cost) -> Cost {
    if cost == IMPOSSIBLE { IMPOSSIBLE } else { cost + more }
}

fn cost(count: usize, half: usize) -> Cost {
    (count + half) as Cost * PIECE + half as Cost * HALF + if count + half > 0 { PRODUCT } else { 0 }
}

/// The table with one more solid. More than one half of a product is never needed: two are one whole.
fn with_solid(before: &[Cost], whole: usize, half: Option<usize>) -> Vec<Cost> {
    let mut used = vec![IMPOSSIBLE; before.len()];
    for cell in 0..before.len() {
        if let Some(half) = half.filter(|half| *half <= cell) {
            used[cell] = plus(before[cell - half], cost(0, 1));
        }
        if whole <= cell {
            let first = plus(before[cell - whole], cost(1, 0));
            let another = plus(used[cell - whole], PIECE);
            used[cell] = used[cell].min(first).min(another);
        }
    }
    before.iter().zip(used).map(|(without, with)| with.min(*without)).collect()
}

/// The least cost with one measured volume beside solids; a larger volume costs no more.
fn with_liquid(solids: &[Cost], step: usize) -> Vec<Cost> {
    let mut used = vec![IMPOSSIBLE; solids.len()];
    for cell in step..solids.len() {
        used[cell] = plus(solids[cell - step], PIECE + PRODUCT).min(used[cell - step]);
    }
    used
}

impl Piece {
    /// So many pieces of a solid, or half-pieces.
    pub fn counted(product: &Product, count: u64, halves: bool) -> Piece {
        let one = if halves { Amount::from_ug(product.strength.ug() / 2) } else { product.strength };
        let (code, name) = (product.code.clone(), product.name());
        Piece { product: code, name, count, halves, amount: one * count, volume_ul: None }
    }

    /// So much of a liquid, in microlitres.
    pub fn measured(product: &Product, volume: u64) -> Piece {
        let (code, name, amount) = (product.code.clone(), product.name(), product.strength.ug() * volume / 1000);
        let amount = Amount::from_ug(amount);
        Piece { product: code, name, count: 1, halves: false, amount, volume_ul: Some(volume) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(medicine: &str) -> Shelf {
        Shelf::plain(Products::ours(), &Medicine(medicine.to_owned()))
    }

    fn with(codes: &[&str]) -> Shelf {
        let product = |code: &&str| Products::ours().product(code).unwrap().clone();
        Shelf::of(codes.iter().map(|code| (product(code), product(code).halved)))
    }

    fn words(shelf: &Shelf, ug: u64) -> String {
        shelf.pieces(Amount::from_ug(ug)).unwrap().to_string().replace('\u{a0}', " ")
    }

    #[test]
    fn pieces_are_said_in_words_that_nobody_misreads() {
        assert_eq!(words(&plain("clonazepam"), 750), "1 × 0.5 mg tablet + 1 × 0.25 mg ODT");
        assert_eq!(words(&plain("clonazepam"), 4_000), "2 × 2 mg tablet");
        assert_eq!(words(&with(&["197527"]), 750), "1 × 0.5 mg tablet + half a 0.5 mg tablet");
        assert_eq!(words(&plain("clonazepam"), 0), "none");
    }

    /// GV3: 4.75 mg of diazepam needs the 1 mg/mL solution; the 5 mg/mL concentrate on the same shelf is left alone.
    #[test]
    fn a_liquid_is_measured_only_where_solids_cannot_make_the_dose() {
        let shelf = with(&["197590", "197591", "197589", "309843", "309844"]);
        assert_eq!(words(&shelf, 4_750), "4.75 mL of 1 mg/mL oral solution");
        assert_eq!(words(&shelf, 11_000), "1 × 5 mg tablet + 3 × 2 mg tablet");
        assert_eq!(shelf.pieces(Amount::from_ug(4_751)), None);
    }

    #[test]
    fn the_nearest_amounts_are_offered_and_nothing_is_rounded() {
        let capsules = plain("temazepam");
        assert_eq!(capsules.pieces(Amount::from_ug(3_750)), None);
        let nearest = capsules.nearest(Amount::from_ug(3_750));
        assert_eq!((nearest.below, nearest.above), (Some(Amount::ZERO), Some(Amount::from_ug(7_500))));
        assert_eq!(nearest.to_string(), "0\u{a0}mg or 7.5\u{a0}mg");
    }

    /// clinical.md 3.1: the extended-release tablets never stand in for the plain ones.
    #[test]
    fn a_plain_shelf_has_no_modified_release_sublingual_or_liquid_product() {
        assert!(plain("zolpidem").products().all(|p| !p.modified_release && p.measure_ul == 0));
        assert_eq!(plain("zolpidem").pieces(Amount::from_ug(1_750)), None);
    }

    #[test]
    fn what_may_not_be_halved_is_kept_whole_whatever_the_facility_says() {
        let odt = Products::ours().product("349198").unwrap().clone();
        assert_eq!(Shelf::of([(odt, true)]).pieces(Amount::from_ug(250)), None);
    }

    #[test]
    fn a_shelf_too_fine_to_work_out_is_refused() {
        let dust = Products::read("code,medicine,form,strength_ug\nx,dust,tablet,1\n").unwrap();
        let shelf = Shelf::plain(&dust, &Medicine("dust".to_owned()));
        assert!(matches!(shelf.solve(Amount::from_ug(9_000_000)), Err(Refusal::ShelfTooFine { .. })));
    }
}
