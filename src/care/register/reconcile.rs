//! The MAR beside the register: whether what a dose took is what was given of it.
//!
//! One act writes both, so they agree by construction; this looks all the same, because an inspector will.
//! Source: 42 CFR 483.45(b)(2)–(3) (records of disposition in detail that allow an accurate reconciliation).

use super::book::Kind;
use super::parts::Parts;
use crate::care::amount::Amount;
use crate::care::medicine::product::Product;

/// One entry that a dose wrote.
#[derive(Debug, Clone, Copy)]
pub struct Wrote<'a> {
    pub product: &'a Product,
    pub kind: Kind,
    pub parts: Parts,
    /// A correction put it back.
    pub put_back: bool,
}

/// A dose as it was recorded, with every entry that names it.
#[derive(Debug, Clone)]
pub struct Account<'a> {
    pub given: Amount,
    /// Less than what was counted out: a piece that was begun counts whole in the register.
    pub in_part: bool,
    /// Nobody corrected the record.
    pub stands: bool,
    pub wrote: Vec<Wrote<'a>>,
}

/// How the two stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Agrees,
    /// Given, from pieces that no register counts.
    NoRegister,
    /// So much of it stands in a register, and the rest came from pieces that none counts.
    Partly(Amount),
    /// The register says that this much was given.
    Differs(Amount),
    /// The record was corrected, and what it took was not put back.
    NotPutBack,
}

impl Verdict {
    /// Somebody has to look.
    pub fn disagrees(self) -> bool {
        matches!(self, Verdict::Differs(_) | Verdict::NotPutBack)
    }
}

impl Account<'_> {
    pub fn verdict(&self) -> Verdict {
        let left: Vec<&Wrote> = self.wrote.iter().filter(|one| !one.put_back && one.kind != Kind::PutBack).collect();
        if !self.stands {
            return if left.is_empty() { Verdict::Agrees } else { Verdict::NotPutBack };
        }
        let given = || left.iter().filter(|one| one.kind == Kind::Given);
        let counted: Amount = given().map(|one| one.parts.amount(one.product)).sum();
        match counted {
            counted if counted == self.given => Verdict::Agrees,
            _ if left.is_empty() => Verdict::NoRegister,
            counted if counted < self.given => Verdict::Partly(counted),
            counted if self.in_part && counted.less(self.given) < coarsest(given()) => Verdict::Agrees,
            counted => Verdict::Differs(counted),
        }
    }
}

/// The largest part that is counted of the products: of one piece no less than this can be begun.
fn coarsest<'a, 'b: 'a>(given: impl Iterator<Item = &'a &'a Wrote<'b>>) -> Amount {
    given.map(|one| one.product.strength).max().unwrap_or_default()
}

/// What the day did to one register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub begins: i64,
    /// What came in and what left, as the entries say.
    pub came: Parts,
    pub left: Parts,
    pub ends: i64,
    /// What the register says now, where nothing was entered since.
    pub stands: Option<i64>,
}

impl Day {
    /// The balance at the end is that of the beginning and the entries between, and the register says the same.
    pub fn adds_up(self) -> bool {
        let moved = Kind::Found.signed(self.came) + Kind::Lost.signed(self.left);
        self.begins + moved == self.ends && self.stands.is_none_or(|stands| stands == self.ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::medicine::product::Products;

    fn verdict(given: u64, in_part: bool, stands: bool, wrote: &[(Kind, u64, bool)]) -> Verdict {
        let product = Products::ours().product("197527").expect("clonazepam 0.5 mg tablets");
        let one = |(kind, parts, put_back): &(Kind, u64, bool)| Wrote {
            product,
            kind: *kind,
            parts: Parts(*parts),
            put_back: *put_back,
        };
        let wrote = wrote.iter().map(one).collect();
        Account { given: Amount::from_ug(given), in_part, stands, wrote }.verdict()
    }

    #[test]
    fn what_was_given_is_what_the_register_gave_out() {
        assert_eq!(verdict(500, false, true, &[(Kind::Given, 2, false)]), Verdict::Agrees);
        assert_eq!(verdict(500, false, true, &[(Kind::Given, 3, false)]), Verdict::Differs(Amount::from_ug(750)));
        assert_eq!(verdict(500, false, true, &[(Kind::Given, 1, false)]), Verdict::Partly(Amount::from_ug(250)));
        assert_eq!(verdict(500, false, true, &[]), Verdict::NoRegister);
        assert_eq!(verdict(0, false, true, &[(Kind::Wasted, 2, false)]), Verdict::Agrees);
        assert_eq!(verdict(0, false, true, &[(Kind::Given, 2, false)]), Verdict::Differs(Amount::from_ug(500)));
    }

    #[test]
    fn a_piece_that_was_begun_counts_whole() {
        assert_eq!(verdict(100, true, true, &[(Kind::Given, 1, false), (Kind::Wasted, 1, false)]), Verdict::Agrees);
        assert_eq!(verdict(100, true, true, &[(Kind::Given, 3, false)]), Verdict::Differs(Amount::from_ug(750)));
    }

    #[test]
    fn what_a_corrected_record_took_was_put_back() {
        let back = [(Kind::Given, 2, true), (Kind::PutBack, 2, false)];
        assert_eq!(verdict(500, false, false, &back), Verdict::Agrees);
        assert_eq!(verdict(500, false, false, &[(Kind::Given, 2, false)]), Verdict::NotPutBack);
    }

    #[test]
    fn a_day_adds_up_or_says_so() {
        let day = Day { begins: 10, came: Parts(4), left: Parts(3), ends: 11, stands: Some(11) };
        assert!(day.adds_up());
        assert!(!Day { ends: 12, ..day }.adds_up() && !Day { stands: Some(9), ..day }.adds_up());
        assert!(Day { stands: None, ..day }.adds_up());
    }
}
