//! Dividing a day's amount over its slots: as even as the pieces allow, and no slot ever above what it had.

use std::collections::HashMap;

use super::DropsFirst;
use crate::care::amount::Amount;
use crate::care::calendar::Slot;

/// The slots of a day in the order in which they give way where a day cannot be divided evenly.
pub fn in_dropping_order(slots: impl IntoIterator<Item = Slot>, first: DropsFirst) -> Vec<Slot> {
    let mut slots: Vec<Slot> = slots.into_iter().collect();
    slots.sort_by_key(|slot| through_the_day(*slot));
    let Some(night) = slots.pop() else { return slots };
    // From two in the afternoon outwards, the earlier first.
    slots.sort_by_key(|slot| ((through_the_day(*slot) - 9 * 60).abs(), through_the_day(*slot)));
    slots.push(night);
    if first == DropsFirst::Night {
        slots.reverse();
    }
    slots
}

/// Minutes since five in the morning: a dose at 02:00 still belongs to the night before.
pub fn through_the_day(slot: Slot) -> i64 {
    (slot.minute() - 5 * 60).rem_euclid(24 * 60)
}

/// The most even way to make `daily` from amounts that can be made (in order, 0 first), none above its ceiling: the least
/// sum of squares, and of equal ways the one with less in the slots that give way first. Nothing where there is no way.
pub fn evenly(daily: Amount, ceilings: &[Amount], made: &[Amount]) -> Option<Vec<Amount>> {
    let mut search = Search { ceilings, made, known: HashMap::new() };
    search.least(0, daily)?;
    let mut left = daily;
    let pick = |slot| {
        let (_, amount) = search.known.get(&(slot, left)).copied().flatten()?;
        left = left.less(amount);
        Some(amount)
    };
    (0..ceilings.len()).map(pick).collect()
}

struct Search<'a> {
    ceilings: &'a [Amount],
    made: &'a [Amount],
    /// For the slots from one on and what is left for them: the least sum of squares, and the amount of the first.
    known: HashMap<(usize, Amount), Option<(u64, Amount)>>,
}

impl Search<'_> {
    fn least(&mut self, slot: usize, left: Amount) -> Option<u64> {
        if slot == self.ceilings.len() {
            return left.is_zero().then_some(0);
        }
        if let Some(found) = self.known.get(&(slot, left)) {
            return found.map(|(squares, _)| squares);
        }
        let found = self.search(slot, left);
        self.known.insert((slot, left), found);
        found.map(|(squares, _)| squares)
    }

    fn search(&mut self, slot: usize, left: Amount) -> Option<(u64, Amount)> {
        if left > self.ceilings[slot..].iter().copied().sum() {
            return None;
        }
        let others = (self.ceilings.len() - slot - 1) as u64;
        let most = self.ceilings[slot].min(left);
        let mut best: Option<(u64, Amount)> = None;
        for amount in from_even_outwards(self.made, left, others + 1) {
            let rest = left.less(amount);
            // However the rest is divided, its squares are at least those of an even division.
            let bound = square(amount) + square(rest).checked_div(others).unwrap_or(0);
            if best.is_some_and(|(squares, _)| squares < bound) {
                break;
            }
            if amount <= most
                && let Some(squares) = self.least(slot + 1, rest)
            {
                let way = (square(amount) + squares, amount);
                best = Some(best.map_or(way, |best| best.min(way)));
            }
        }
        best
    }
}

fn square(amount: Amount) -> u64 {
    amount.ug() * amount.ug()
}

/// The amounts in order of their distance from an even share.
fn from_even_outwards(made: &[Amount], whole: Amount, parts: u64) -> impl Iterator<Item = Amount> {
    let distance = move |amount: Amount| (amount * parts).ug().abs_diff(whole.ug());
    let middle = made.partition_point(|amount| *amount * parts <= whole);
    let (mut below, mut above) = (made[..middle].iter().rev().peekable(), made[middle..].iter().peekable());
    std::iter::from_fn(move || match (below.peek(), above.peek()) {
        (Some(low), Some(high)) if distance(**high) < distance(**low) => above.next().copied(),
        (Some(_), _) => below.next().copied(),
        (None, _) => above.next().copied(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(daily: u64, ceilings: &[u64], unit: u64) -> Option<Vec<u64>> {
        let made: Vec<Amount> = (0..=80).map(|units| Amount::from_ug(units * unit)).collect();
        let ceilings: Vec<Amount> = ceilings.iter().copied().map(Amount::from_ug).collect();
        Some(evenly(Amount::from_ug(daily), &ceilings, &made)?.into_iter().map(Amount::ug).collect())
    }

    #[test]
    fn a_day_is_divided_as_evenly_as_the_pieces_allow() {
        assert_eq!(split(1_500, &[1_000, 1_000], 250), Some(vec![750, 750]));
        assert_eq!(split(750, &[1_000, 1_000], 250), Some(vec![250, 500]));
        assert_eq!(split(2_500, &[1_000, 1_000, 1_000], 500), Some(vec![500, 1_000, 1_000]));
        assert_eq!(split(2_500, &[1_000, 1_000, 1_000], 125), Some(vec![750, 875, 875]));
    }

    #[test]
    fn no_slot_rises_while_the_day_falls() {
        assert_eq!(split(1_500, &[500, 1_500], 250), Some(vec![500, 1_000]));
        assert_eq!(split(1_000, &[0, 1_500], 250), Some(vec![0, 1_000]));
        assert_eq!(split(2_250, &[500, 1_500], 250), None);
        assert_eq!(split(1_100, &[1_000, 1_000], 250), None);
    }

    #[test]
    fn the_daytime_doses_give_way_first_and_the_night_dose_last() {
        let slots = ["22:00", "08:00", "12:00", "16:00"].map(|slot| slot.parse::<Slot>().unwrap());
        let order = |first| in_dropping_order(slots, first).iter().map(Slot::to_string).collect::<Vec<_>>();
        assert_eq!(order(DropsFirst::Daytime), ["12:00", "16:00", "08:00", "22:00"]);
        assert_eq!(order(DropsFirst::Night), ["22:00", "08:00", "16:00", "12:00"]);
        let late = ["00:30", "08:00"].map(|slot| slot.parse::<Slot>().unwrap());
        assert_eq!(in_dropping_order(late, DropsFirst::Daytime)[1].to_string(), "00:30");
    }
}
