//! Rules with a percentage: of the current or of the first dose, landed on what can be made.

use super::Share;
use super::walk::Walk;
use crate::care::amount::Amount;
use crate::care::refusal::Refusal;

/// A whole, in thousandths of a percent.
const WHOLE: u64 = 100_000;

/// The exact series is kept to 2⁻⁶⁴ of a microgram and rounded towards the higher dose, as ties are. An exact tie has no
/// part that this could round away.
const FINE: u32 = 64;

impl Walk<'_> {
    /// `round: up`. Each reduction is taken of the dose actually made and is never larger than asked.
    pub(super) fn follow_percent(&mut self, of: Share, percent: u64, days: u32) -> Result<(), Refusal> {
        let initial = self.daily();
        while !self.has_arrived() {
            let base = if of == Share::Initial { initial } else { self.daily() };
            let rest = (self.daily() * WHOLE).less(base * percent).ug().div_ceil(WHOLE);
            let to = self.at_or_above(Amount::from_ug(rest).max(self.goal));
            if to >= self.daily() {
                return self.halt(&words(of, percent));
            }
            self.lower_to(to, days)?;
        }
        Ok(())
    }

    /// `round: nearest`. The exact series, rounded to what can be made, ties to the higher dose; repeats are merged.
    pub(super) fn follow_series(&mut self, of: Share, percent: u64, days: u32) -> Result<(), Refusal> {
        let whole = u128::from(WHOLE);
        let initial = u128::from(self.daily().ug()) << FINE;
        let rest = u128::from(WHOLE.saturating_sub(percent));
        let mut exact = initial;
        for turn in 1u128.. {
            if self.has_arrived() {
                break;
            }
            exact = match of {
                Share::Current => (exact * rest).div_ceil(whole),
                Share::Initial => (initial * whole.saturating_sub(turn * u128::from(percent))).div_ceil(whole),
            };
            let to = self.nearest_to(exact);
            if to < self.daily() {
                self.lower_to(to, days)?;
            } else if self.ordinal() == 1 {
                return self.halt(&words(of, percent));
            } else {
                self.linger(days);
            }
        }
        Ok(())
    }

    /// The daily amount nearest to an exact one, the goal at the least; of two as near the higher.
    fn nearest_to(&self, exact: u128) -> Amount {
        let exact = exact.max(u128::from(self.goal.ug()) << FINE);
        let floor = Amount::from_ug((exact >> FINE) as u64);
        let ceiling = Amount::from_ug(exact.div_ceil(1 << FINE) as u64);
        let (below, above) = (self.at_or_below(floor), self.at_or_above(ceiling));
        let fine = |amount: Amount| u128::from(amount.ug()) << FINE;
        let higher = below < self.goal || fine(above) - exact <= exact - fine(below);
        if higher { above } else { below }
    }
}

fn words(of: Share, percent: u64) -> String {
    let percent = Amount::from_ug(percent).number();
    match of {
        Share::Current => format!("{percent} % of the current dose"),
        Share::Initial => format!("{percent} % of the first dose"),
    }
}
