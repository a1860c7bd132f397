//! When to order, and how much: from two forecasts that are never confused, along what is signed and along the plan.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Holder;
use super::forecast::{Forecast, forecast, products_of, to_order};
use super::needs::Need;
use super::parts::Parts;
use super::source::{Supply, needed};
use crate::care::calendar::{day_text, days_after, days_before};
use crate::care::medicine::Medicine;
use crate::care::medicine::product::Products;
use crate::care::medicine::tablets::Shelf;

/// A supply that lasts longer is not looked at more closely.
pub const FORESEEN_DAYS: u32 = 120;

/// How a facility orders. Both numbers are our own choice until the facility has set them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRules {
    /// Days the pharmacy needs.
    pub lead_days: u32,
    /// Days that an order is to last, from today.
    pub cover_days: u32,
}

/// Three days for the pharmacy, and four weeks on the shelf.
impl Default for OrderRules {
    fn default() -> OrderRules {
        OrderRules { lead_days: 3, cover_days: 28 }
    }
}

/// The least and the most that each may be; the database checks the same.
pub const LEAD_DAYS: (u32, u32) = (0, 30);
pub const COVER_DAYS: (u32, u32) = (1, 90);

impl OrderRules {
    /// The last day that an order of today is to reach.
    pub fn cover_until(self, today: NaiveDate) -> NaiveDate {
        days_after(today, self.cover_days.saturating_sub(1))
    }
}

/// What one holder has of one medicine, and how long it lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    pub holder: Holder,
    pub medicine: Medicine,
    /// What the registers hold; empty where none was begun.
    pub supply: Supply,
    /// Along what is signed: nothing unsigned ever lowers the need.
    pub signed: Forecast,
    /// Along the steps still to come, if each is signed as planned.
    pub planned: Forecast,
    /// What was used as needed lately, and is foreseen again both ways.
    pub used: Used,
    lines: Vec<OrderLine>,
}

/// What was used as needed in the last days.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Used {
    pub doses: usize,
    /// By product, as these doses are usually made.
    pub parts: BTreeMap<String, Parts>,
}

impl Used {
    fn new(shelf: &Shelf, used: &[Need]) -> Used {
        let mut parts = BTreeMap::<String, Parts>::new();
        for pieces in used.iter().filter_map(|need| shelf.pieces(need.amount)) {
            for (product, more) in needed(&pieces) {
                let sum = parts.entry(product.to_owned()).or_default();
                *sum = *sum + more;
            }
        }
        Used { doses: used.len(), parts }
    }
}

/// What is to be ordered of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// The product's code.
    pub product: String,
    /// None: no register of it was begun.
    pub on_hand: Option<Parts>,
    /// What the signed doses take up to the last day of cover.
    pub needed: Parts,
    /// So that no signed dose lacks anything.
    pub order: Parts,
    /// The same if every reduction is signed as planned.
    pub needed_as_planned: Parts,
    pub order_as_planned: Parts,
}

/// The doses of one holder and medicine, each list in the order of its times.
#[derive(Debug, Clone, Copy, Default)]
pub struct Needs<'a> {
    /// All of today's, recorded or not.
    pub today: &'a [Need],
    pub signed: &'a [Need],
    pub planned: &'a [Need],
    /// What was used as needed lately; it stands among the other two as it is foreseen.
    pub used: &'a [Need],
}

impl Outlook {
    pub fn new(
        (holder, medicine): (Holder, Medicine),
        shelf: &Shelf,
        supply: Supply,
        Needs { today, signed, planned, used }: Needs,
        cover_until: NaiveDate,
    ) -> Outlook {
        let mut now = products_of(shelf, &supply, today);
        // Pieces that are used now and then are no change, where something is taken today at all.
        if !now.is_empty() {
            now.extend(products_of(shelf, &supply, used));
        }
        let of = |needs| forecast(shelf, &supply, &now, needs, cover_until);
        let order = |needs| to_order(shelf, &supply, needs, cover_until);
        let (by_signed, by_plan) = (of(signed), of(planned));
        let lines = lines(&supply, [&by_signed.needs, &by_plan.needs], [&order(signed), &order(planned)]);
        let used = Used::new(shelf, used);
        Outlook { holder, medicine, supply, signed: by_signed, planned: by_plan, used, lines }
    }

    /// What the registers of this holder count.
    pub fn is_counted(&self) -> bool {
        !self.supply.0.is_empty()
    }

    /// The first day on which a dose would lack something, whichever way the taper goes: never later than by what is
    /// signed.
    pub fn lacks_on(&self) -> Option<NaiveDate> {
        self.signed.lacks_on.into_iter().chain(self.planned.lacks_on).min()
    }

    /// The last day on which an order still comes in time; it may have passed.
    pub fn order_by(&self, rules: OrderRules) -> Option<NaiveDate> {
        self.lacks_on().map(|on| days_before(on, rules.lead_days + 1))
    }

    /// The same for one product: for which a dose waits, or with which the supply ends.
    pub fn order_by_of(&self, product: &str, rules: OrderRules) -> Option<NaiveDate> {
        let day = |forecast: &Forecast| {
            let ends = forecast.lacks_on.filter(|_| forecast.gone_on.contains_key(product));
            forecast.lacking_on.get(product).copied().into_iter().chain(ends).min()
        };
        let on = [&self.signed, &self.planned].into_iter().filter_map(day).min();
        on.map(|on| days_before(on, rules.lead_days + 1))
    }

    /// How long what there is lasts, in a sentence: as the dose is signed, and along the plan.
    pub fn told(&self, rules: OrderRules) -> String {
        let until = |forecast: &Forecast| match forecast.lacks_on {
            Some(on) => format!("until {}", day_text(on)),
            None => format!("more than {FORESEEN_DAYS} days"),
        };
        let medicine = &self.medicine;
        if !self.is_counted() {
            return format!("{medicine}: no register counts it.");
        }
        let by = self.order_by(rules).map(|by| format!(" Order by {}.", day_text(by))).unwrap_or_default();
        let (signed, planned) = (until(&self.signed), until(&self.planned));
        match signed == planned {
            true => format!("{medicine}: lasts {signed}, with this reduction or without.{by}"),
            false => format!("{medicine}: lasts {signed} at the dose as it is, {planned} if signed as planned.{by}"),
        }
    }

    /// Of every product that the doses up to the last day of cover take.
    pub fn lines(&self) -> &[OrderLine] {
        &self.lines
    }
}

fn lines(
    supply: &Supply,
    [signed, planned]: [&BTreeMap<String, Parts>; 2],
    [order, order_as_planned]: [&BTreeMap<String, Parts>; 2],
) -> Vec<OrderLine> {
    let all: BTreeSet<&String> =
        [signed, planned, order, order_as_planned].into_iter().flat_map(BTreeMap::keys).collect();
    let of = |sums: &BTreeMap<String, Parts>, product: &String| sums.get(product).copied().unwrap_or_default();
    let whole = |parts: Parts, code: &String| match Products::ours().product(code) {
        Some(product) => parts.in_whole_pieces(product),
        None => parts,
    };
    let line = |product: &String| OrderLine {
        product: product.clone(),
        on_hand: supply.0.get(product).copied(),
        needed: of(signed, product),
        order: whole(of(order, product), product),
        needed_as_planned: of(planned, product),
        order_as_planned: whole(of(order_as_planned, product), product),
    };
    all.into_iter().map(line).collect()
}
