//! Steps of equal size in the share of receptors that a dose occupies: small where the dose is small.
//!
//! The model: a daily dose `d` occupies `d / (d + h)` of the receptors, where `h` is the dose that occupies half of them.
//! From a first dose `f`, step `i` of `n` occupies `(n - i) / n` of what `f` does, so that its dose is exactly
//! `h f (n - i) / (n h + i f)`. Nothing here is measured in the resident: it is a way to make the last steps the smallest.

use super::rule::Round;
use super::walk::Walk;
use crate::care::amount::Amount;
use crate::care::refusal::Refusal;

/// The model with its numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occupancy {
    /// The daily dose that occupies half of the receptors.
    pub half_at: Amount,
    /// How many steps of equal size lead from the first dose to 0.
    pub steps: u32,
    pub days: u32,
}

impl Occupancy {
    /// The dose of a step, in micrograms over what.
    fn dose(&self, first: Amount, step: u32) -> (u128, u128) {
        let (half, first) = (u128::from(self.half_at.ug()), u128::from(first.ug()));
        let (step, steps) = (u128::from(step), u128::from(self.steps));
        (half * first * (steps - step), steps * half + step * first)
    }
}

impl Walk<'_> {
    /// Down the model's doses, landed on what can be made; the last step before 0 is the smallest dose that can be.
    pub(super) fn follow_occupancy(&mut self, model: &Occupancy, round: Round) -> Result<(), Refusal> {
        let first = self.daily();
        for step in 1..=model.steps {
            if self.has_arrived() {
                break;
            }
            let (over, under) = model.dose(first, step);
            let to = match round {
                Round::Up => self.at_or_above(Amount::from_ug(over.div_ceil(under) as u64).max(self.goal)),
                Round::Nearest => self.nearest_to(over, under),
            };
            let smallest = self.at_or_above(Amount::from_ug(1).max(self.goal));
            if to < smallest && smallest < self.daily() {
                self.lower_to(smallest, model.days)?;
            }
            if to < self.daily() {
                self.lower_to(to, model.days)?;
            } else if self.ordinal() == 1 {
                return self.halt("the first step of the model");
            } else {
                self.linger(model.days);
            }
        }
        Ok(())
    }
}
