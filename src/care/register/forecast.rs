//! How long a supply lasts: the balance walked down dose by dose, each made by the rule by which it will be counted out.
//!
//! The other half of a broken piece counts as kept for the next dose. As-needed doses are foreseen as they were used lately.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::needs::Need;
use super::parts::Parts;
use super::source::{Standing, Supply, chosen, needed};
use crate::care::amount::Amount;
use crate::care::medicine::tablets::{Pieces, Shelf};

/// What the doses of one holder and medicine come to, made from what is on hand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Forecast {
    /// The first day with a dose that what is on hand does not make.
    pub lacks_on: Option<NaiveDate>,
    /// By product with a register: the first day on which a dose wants it and it is not there.
    pub gone_on: BTreeMap<String, NaiveDate>,
    /// Every product that some dose takes.
    pub uses: BTreeSet<String>,
    /// By product: the first day on which a dose lacks some of it.
    pub lacking_on: BTreeMap<String, NaiveDate>,
    /// The first day that takes a product which is not taken now, and which.
    pub changes_on: Option<(NaiveDate, BTreeSet<String>)>,
    /// By product: what the doses up to the last day of cover take, whether it is there or not.
    pub needs: BTreeMap<String, Parts>,
    /// By product: what of it is not there.
    pub lacks: BTreeMap<String, Parts>,
    /// Doses that nothing stocked makes.
    pub unmade: BTreeSet<Amount>,
}

/// Walks a supply down along doses in the order of their times. Everything is counted up to the last day of cover; after
/// it the walk goes on only to find the day on which the supply ends. `now` is what is taken today, if anything is.
pub fn forecast(
    shelf: &Shelf,
    supply: &Supply,
    now: &BTreeSet<String>,
    needs: &[Need],
    cover_until: NaiveDate,
) -> Forecast {
    let mut walk = Walk::new(shelf, supply, now, cover_until);
    for need in needs {
        if need.key.on > cover_until && walk.forecast.lacks_on.is_some() {
            break;
        }
        walk.dose(need.key.on, need.amount);
    }
    walk.forecast
}

/// The products that some doses are made of, from what is on hand.
pub fn products_of(shelf: &Shelf, supply: &Supply, doses: &[Need]) -> BTreeSet<String> {
    let made = |need: &Need| Some(chosen(shelf, &shelf.pieces(need.amount)?, need.amount, supply).0);
    doses.iter().filter_map(made).flat_map(|pieces| pieces.0).map(|piece| piece.product).collect()
}

/// By product, what has to come in now so that no dose up to the last day of cover lacks anything. What comes in may be
/// taken before what is there already, so the supply is walked down again with it until nothing is lacking: each time
/// some product grows, and none grows beyond all doses together.
pub fn to_order(shelf: &Shelf, supply: &Supply, needs: &[Need], cover_until: NaiveDate) -> BTreeMap<String, Parts> {
    let covered = needs.partition_point(|need| need.key.on <= cover_until);
    let (mut supply, mut ordered) = (supply.clone(), BTreeMap::<String, Parts>::new());
    loop {
        let lacks = forecast(shelf, &supply, &BTreeSet::new(), &needs[..covered], cover_until).lacks;
        if lacks.is_empty() {
            return ordered;
        }
        for (product, parts) in lacks {
            for sums in [&mut supply.0, &mut ordered] {
                let sum = sums.entry(product.clone()).or_default();
                *sum = *sum + parts;
            }
        }
    }
}

struct Walk<'a> {
    shelf: &'a Shelf,
    supply: Supply,
    cover_until: NaiveDate,
    /// The usual pieces of each amount, worked out once.
    usual: HashMap<Amount, Option<Pieces>>,
    /// What is taken now: today, or on the first day with a dose.
    now: BTreeSet<String>,
    first_on: Option<NaiveDate>,
    taken: BTreeSet<String>,
    forecast: Forecast,
}

impl<'a> Walk<'a> {
    fn new(shelf: &'a Shelf, supply: &Supply, now: &BTreeSet<String>, cover_until: NaiveDate) -> Walk<'a> {
        Walk {
            shelf,
            supply: supply.clone(),
            cover_until,
            usual: HashMap::new(),
            now: now.clone(),
            first_on: None,
            taken: BTreeSet::new(),
            forecast: Forecast::default(),
        }
    }

    fn dose(&mut self, on: NaiveDate, amount: Amount) {
        let shelf = self.shelf;
        let Some(usual) = self.usual.entry(amount).or_insert_with(|| shelf.pieces(amount)).clone() else {
            self.forecast.unmade.insert(amount);
            self.forecast.lacks_on.get_or_insert(on);
            return;
        };
        let (pieces, standing) = chosen(shelf, &usual, amount, &self.supply);
        self.gone(on, &usual, standing);
        if matches!(standing, Standing::Short | Standing::Unbooked) {
            self.forecast.lacks_on.get_or_insert(on);
        }
        self.mix(on, &pieces);
        for (product, parts) in needed(&pieces) {
            self.take(on, product, parts);
        }
    }

    fn take(&mut self, on: NaiveDate, product: &str, parts: Parts) {
        let held = self.supply.0.get(product).copied().unwrap_or_default();
        let lacking = Parts(parts.0.saturating_sub(held.0));
        self.forecast.uses.insert(product.to_owned());
        if !lacking.is_zero() {
            self.forecast.lacking_on.entry(product.to_owned()).or_insert(on);
        }
        if let Some(left) = self.supply.0.get_mut(product) {
            *left = Parts(held.0.saturating_sub(parts.0));
            self.taken.insert(product.to_owned());
        }
        if on > self.cover_until {
            return;
        }
        for (sums, more) in [(&mut self.forecast.needs, parts), (&mut self.forecast.lacks, lacking)] {
            if !more.is_zero() {
                let sum = sums.entry(product.to_owned()).or_default();
                *sum = *sum + more;
            }
        }
    }

    /// A register is at its end where its pieces are usual and not there, or where nothing there makes the dose any more.
    fn gone(&mut self, on: NaiveDate, usual: &Pieces, standing: Standing) {
        let wanted = needed(usual).into_iter();
        let short = wanted.filter(|(product, parts)| self.supply.0.get(*product).is_some_and(|held| held < parts));
        let mut gone: BTreeSet<String> = short.map(|(product, _)| product.to_owned()).collect();
        if matches!(standing, Standing::Short | Standing::Unbooked) {
            gone.extend(self.taken.iter().cloned());
        }
        for product in gone {
            self.forecast.gone_on.entry(product).or_insert(on);
        }
    }

    fn mix(&mut self, on: NaiveDate, pieces: &Pieces) {
        let products = pieces.0.iter().map(|piece| piece.product.clone());
        let known = !self.now.is_empty() && self.first_on.is_none();
        if !known && *self.first_on.get_or_insert(on) == on {
            return self.now.extend(products);
        }
        let other: BTreeSet<String> = products.filter(|product| !self.now.contains(product)).collect();
        match &mut self.forecast.changes_on {
            Some((day, all)) if *day == on => all.extend(other),
            None if !other.is_empty() => self.forecast.changes_on = Some((on, other)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::calendar::days_after;
    use crate::care::medicine::Medicine;
    use crate::care::medicine::product::Products;
    use crate::care::taper::schedule::DoseKey;

    const SMALL: &str = "349195";
    const HALF: &str = "197527";
    const ONE: &str = "197528";

    fn day(n: u32) -> NaiveDate {
        days_after("2026-11-21".parse().expect("a day"), n)
    }

    /// Clonazepam: 1 mg, 0.5 mg that is halved, and 0.25 mg melting tablets.
    fn shelf(codes: &[&str]) -> Shelf {
        let product = |code: &&str| Products::ours().product(code).expect("a product of ours").clone();
        Shelf::of(codes.iter().map(|code| (product(code), product(code).halved)))
    }

    /// One dose an evening, of so many micrograms on each day.
    fn needs(ug: &[u64]) -> Vec<Need> {
        let key = |n: usize| DoseKey {
            on: day(n as u32),
            slot: "20:00".parse().expect("a slot"),
            medicine: Medicine("clonazepam".into()),
        };
        ug.iter().enumerate().map(|(n, ug)| Need { key: key(n), amount: Amount::from_ug(*ug) }).collect()
    }

    fn none() -> BTreeSet<String> {
        BTreeSet::new()
    }

    fn supply(held: &[(&str, u64)]) -> Supply {
        Supply(held.iter().map(|(code, halves)| ((*code).to_owned(), Parts(*halves))).collect())
    }

    #[test]
    fn halves_are_counted_and_the_first_day_that_lacks_something_is_named() {
        let five = supply(&[(HALF, 5)]);
        let found = forecast(&shelf(&[HALF]), &five, &none(), &needs(&[250; 10]), day(9));
        assert_eq!((found.lacks_on, found.gone_on.get(HALF)), (Some(day(5)), Some(&day(5))));
        assert_eq!((found.needs[HALF], found.lacks[HALF]), (Parts(10), Parts(5)));
    }

    #[test]
    fn what_others_still_make_is_not_lacking() {
        let held = supply(&[(ONE, 4), (HALF, 8)]);
        let found = forecast(&shelf(&[ONE, HALF]), &held, &none(), &needs(&[1_000; 6]), day(2));
        assert_eq!((found.gone_on.get(ONE), found.lacks_on), (Some(&day(2)), Some(day(4))));
        assert_eq!(found.changes_on, Some((day(2), [HALF.to_owned()].into())));
        assert_eq!(found.needs[HALF], Parts(4), "what the days of cover take, and no more");
    }

    #[test]
    fn the_day_on_which_the_mix_of_strengths_changes_is_the_first_that_takes_another_product() {
        let plenty = supply(&[(HALF, 99), (SMALL, 99)]);
        let found = forecast(&shelf(&[HALF, SMALL]), &plenty, &none(), &needs(&[500, 500, 500, 250, 250]), day(4));
        assert_eq!(found.changes_on, Some((day(3), [SMALL.to_owned()].into())));
        assert_eq!((found.lacks_on, found.gone_on.len()), (None, 0));
        let today = BTreeSet::from([ONE.to_owned()]);
        let other = forecast(&shelf(&[HALF, SMALL]), &plenty, &today, &needs(&[500]), day(4));
        assert_eq!(other.changes_on, Some((day(0), [HALF.to_owned()].into())), "today's are given already");
    }

    #[test]
    fn what_is_ordered_is_enough_and_what_nothing_makes_is_named() {
        let ordered = to_order(&shelf(&[HALF]), &supply(&[(HALF, 5)]), &needs(&[750; 4]), day(3));
        assert_eq!(ordered, [(HALF.to_owned(), Parts(7))].into());
        let odd = forecast(&shelf(&[HALF]), &supply(&[(HALF, 5)]), &none(), &needs(&[500, 333]), day(3));
        assert_eq!((odd.unmade, odd.lacks_on), ([Amount::from_ug(333)].into(), Some(day(1))));
    }
}
