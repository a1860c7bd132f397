//! The lines of an order: the most urgent first, each of one product for one holder.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::care::calendar::day_text;
use crate::care::medicine::product::{Product, Products};
use crate::care::register::ordering::{OrderLine, Outlook};
use crate::care::register::parts::Parts;
use crate::store::registers::Outlooks;
use crate::web::parts::registered::Holders;

/// One product for one holder.
pub struct Line {
    pub product: &'static Product,
    pub holder: String,
    /// `27.5`; none where no register of it was begun.
    pub on_hand: Option<String>,
    pub needed: String,
    pub order: Parts,
    pub order_as_planned: Parts,
    pub order_by: Option<NaiveDate>,
    /// That day has come.
    pub due: bool,
}

/// What has to come in of one product for everybody.
pub struct InAll {
    pub medicine: String,
    pub product: String,
    pub code: String,
    pub order: String,
}

impl Line {
    /// Something has to come in, along what is signed or if the plan is.
    pub fn is_wanted(&self) -> bool {
        !self.order.is_zero() || !self.order_as_planned.is_zero()
    }

    pub fn name(&self) -> String {
        self.product.name()
    }

    pub fn order_text(&self) -> String {
        self.order.text(self.product)
    }

    /// Said where it is another number than along what is signed.
    pub fn planned_text(&self) -> Option<String> {
        (self.order_as_planned != self.order).then(|| self.order_as_planned.text(self.product))
    }

    pub fn order_by_text(&self) -> String {
        self.order_by.map(day_text).unwrap_or_default()
    }
}

pub fn lines(holders: &Holders, outlooks: &Outlooks) -> Vec<Line> {
    let of = |outlook| lines_of(holders, outlooks, outlook);
    let mut all: Vec<Line> = outlooks.all.iter().flat_map(of).collect();
    all.sort_by_cached_key(|line| (line.order_by.is_none(), line.order_by, line.holder.clone(), line.name()));
    all
}

fn lines_of(holders: &Holders, outlooks: &Outlooks, outlook: &Outlook) -> Vec<Line> {
    let line = |line: &OrderLine| {
        let product = Products::ours().product(&line.product)?;
        let order_by = outlook.order_by_of(&line.product, outlooks.rules);
        Some(Line {
            product,
            holder: holders.name(&outlook.holder),
            on_hand: line.on_hand.map(|parts| parts.text(product)),
            needed: line.needed.text(product),
            order: line.order,
            order_as_planned: line.order_as_planned,
            order_by,
            due: order_by.is_some_and(|by| by <= outlooks.today),
        })
    };
    outlook.lines().iter().filter_map(line).collect()
}

/// What the pharmacy packs, whoever it is for.
pub fn in_all(wanted: &[Line]) -> Vec<InAll> {
    let mut sums = BTreeMap::<(String, String), (&Product, Parts)>::new();
    for line in wanted {
        let of = (line.product.medicine.to_string(), line.product.code.clone());
        let sum = sums.entry(of).or_insert((line.product, Parts::ZERO));
        sum.1 = sum.1 + line.order;
    }
    let known = sums.into_values().filter(|(_, parts)| !parts.is_zero());
    let one = |(product, parts): (&Product, Parts)| InAll {
        medicine: product.medicine.to_string(),
        product: product.name(),
        code: product.code.clone(),
        order: parts.text(product),
    };
    known.map(one).collect()
}
