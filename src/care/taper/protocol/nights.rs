//! A hypnotic's end: down to the smallest dose, then weeks with more and more nights without, chosen in advance.

use super::percent::Percentage;
use super::rule::Round;
use super::walk::Walk;
use crate::care::amount::Amount;
use crate::care::refusal::Refusal;

/// Nights are counted by the week.
const WEEK: u32 = 7;

/// How many nights without there are already, how many more in each step, and how long a step lasts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nights {
    pub free: u32,
    pub more: u32,
    pub days: u32,
}

impl Walk<'_> {
    /// The smallest dose is reached by a percentage of the first; 0 is reached when every night of the week is free.
    pub(super) fn follow_nights(&mut self, rule: &Percentage, round: Round, nights: Nights) -> Result<(), Refusal> {
        if !self.goal.is_zero() {
            return Err(Refusal::NightsGoal);
        }
        let [_] = self.now[..] else { return Err(Refusal::NightsDoses) };
        self.goal = self.at_or_above(Amount::from_ug(1));
        self.follow_percentage(rule, round)?;
        let arrived = self.has_arrived();
        self.goal = Amount::ZERO;
        if !arrived {
            return Ok(());
        }
        for free in (nights.free + nights.more..WEEK).step_by(nights.more as usize) {
            self.rest(free_nights(free), nights.days)?;
        }
        self.lower_to(Amount::ZERO, 1)
    }
}

/// So many free nights of a week, spread evenly, the first night never.
fn free_nights(free: u32) -> Vec<bool> {
    (0..WEEK).map(|night| (night + 1) * free / WEEK > night * free / WEEK).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_nights_lie_apart() {
        let free = |count| -> Vec<u32> {
            let nights = free_nights(count);
            (1..).zip(nights).filter(|(_, free)| *free).map(|(night, _)| night).collect()
        };
        assert_eq!(free(1), [7]);
        assert_eq!(free(2), [4, 7]);
        assert_eq!(free(3), [3, 5, 7]);
        assert_eq!(free(4), [2, 4, 6, 7]);
        assert_eq!(free(6), [2, 3, 4, 5, 6, 7]);
    }
}
