//! An amount that need not be whole micrograms, exactly: what a conversion or an average comes to before anybody rounds it.

use std::cmp::Ordering;
use std::fmt;

use super::amount::Amount;

/// So many micrograms over so many. It is compared as it stands and rounded only where it is shown.
#[derive(Debug, Clone, Copy, Eq)]
pub struct Exact {
    over: u128,
    under: u128,
}

impl Exact {
    /// `over / under` micrograms. Over nothing is nothing.
    pub fn of(over: u128, under: u128) -> Exact {
        let common = gcd(over, under).max(1);
        if under == 0 { Exact { over: 0, under: 1 } } else { Exact { over: over / common, under: under / common } }
    }

    /// An equal share of it among so many.
    pub fn shared_by(self, many: u64) -> Exact {
        Exact::of(self.over, self.under * u128::from(many))
    }

    /// `times / by` of it.
    pub fn times(self, times: Amount, by: Amount) -> Exact {
        Exact::of(self.over * u128::from(times.ug()), self.under * u128::from(by.ug()))
    }

    /// Whole micrograms, halves up.
    pub fn nearest(self) -> Amount {
        Amount::from_ug(((self.over * 2 + self.under) / (self.under * 2)) as u64)
    }

    /// Whole micrograms as it stands: nothing has to be rounded to show it.
    pub fn is_whole(self) -> bool {
        self.over.is_multiple_of(self.under)
    }

    pub fn is_zero(self) -> bool {
        self.over == 0
    }

    /// How much smaller `to` is, in so many parts of the whole, halves up; 0 where it is not smaller.
    pub fn cut_to(self, to: Exact, parts: u64) -> u64 {
        if to < self { self.change_to(to, parts) } else { 0 }
    }

    /// How far `to` is away, up or down, in so many parts of the whole, halves up.
    pub fn change_to(self, to: Exact, parts: u64) -> u64 {
        let (from, to) = (self.over * to.under, to.over * self.under);
        let change = from.abs_diff(to) * u128::from(parts);
        (change * 2 + from).checked_div(from * 2).unwrap_or(0) as u64
    }

    /// How much it is of the whole, in so many parts of it, halves up; 0 of nothing.
    pub fn share_of(self, whole: Exact, parts: u64) -> u64 {
        let (share, whole) = (self.over * whole.under, whole.over * self.under);
        (share * u128::from(parts) * 2 + whole).checked_div(whole * 2).unwrap_or(0) as u64
    }

    /// Whether `to` is smaller by at most so many percent of this.
    pub fn falls_at_most(self, percent: u64, to: Exact) -> bool {
        let (from, to) = (self.over * to.under, to.over * self.under);
        from.saturating_sub(to) * 100 <= from * u128::from(percent)
    }
}

/// Kept in lowest terms, so that comparing two never grows beyond what a number holds.
fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl From<Amount> for Exact {
    fn from(amount: Amount) -> Exact {
        Exact::of(amount.ug().into(), 1)
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Exact) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Exact) -> Ordering {
        (self.over * other.under).cmp(&(other.over * self.under))
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Exact) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// `20 mg`; `26.667 mg, rounded`.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = if self.is_whole() { "" } else { ", rounded" };
        write!(f, "{}{rounded}", self.nearest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rounded_to_be_shown_says_so_and_is_compared_as_it_is() {
        let third = Exact::of(1_000, 3);
        assert_eq!(third.to_string(), "0.333\u{a0}mg, rounded");
        assert_eq!(Exact::of(2_000, 2).to_string(), "1\u{a0}mg");
        assert!(third > Exact::from(Amount::from_ug(333)) && third == Exact::of(2_000, 6));
        assert_eq!(Exact::of(5, 0), Exact::from(Amount::ZERO));
    }

    #[test]
    fn a_cut_is_exact_to_the_smallest_part() {
        let from = Exact::of(52_500, 7);
        assert_eq!(from.cut_to(Exact::of(45_000, 7), 10_000), 1_429);
        assert!(from.falls_at_most(10, Exact::of(47_250, 7)) && !from.falls_at_most(10, Exact::of(47_249, 7)));
        assert_eq!(from.cut_to(Exact::of(60_000, 7), 10_000), 0);
    }
}
