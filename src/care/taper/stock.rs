//! What a facility stocks, and which doses of its running plans could no longer be made from it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::level::Course;
use super::plan::{Medicine, Plan, Step};
use crate::care::amount::Amount;
use crate::care::medicine::product::Products;
use crate::care::medicine::tablets::Shelf;
use crate::care::refusal::Refusal;

/// A product on the shelf, and whether the facility halves it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stocked {
    /// The product's code.
    pub product: String,
    pub halved: bool,
}

/// A dose of a running plan that a shelf does not make.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Short {
    pub resident: String,
    pub plan: String,
    pub medicine: Medicine,
    /// The first step that has this dose.
    pub step: u32,
    pub amount: Amount,
    /// `0.25 mg or 0.375 mg`
    pub nearest: String,
}

/// What is asked to be on the shelf, with what deciding about it rests on.
#[derive(Debug, Clone)]
pub struct StockCase<'a> {
    pub asked: &'a [Stocked],
    /// What the shelf asked for does not make.
    pub short: &'a [Short],
    /// The page was drawn from the stock as it is now.
    pub unmoved: bool,
    /// Somebody saw what could not be made, and wants it all the same.
    pub despite: bool,
}

impl StockCase<'_> {
    /// Each product once, of those there are, halved only where it may be, and of a medicine only what may stand in for each
    /// other; and no dose of a running plan left without pieces unless somebody said so.
    pub fn stock(&self) -> Result<(), Refusal> {
        if !self.unmoved {
            return Err(Refusal::SettingsMoved);
        }
        let mut seen = BTreeSet::new();
        let mut kinds = BTreeMap::new();
        for one in self.asked {
            let known = Products::ours().product(&one.product).filter(|_| seen.insert(&one.product));
            let product =
                known.ok_or_else(|| Refusal::ProductUnknown { text: one.product.chars().take(40).collect() })?;
            if one.halved && !product.may_be_halved() {
                return Err(Refusal::ProductNotHalved { product: product.full_name.clone() });
            }
            if *kinds.entry(&product.medicine).or_insert(product.kind()) != product.kind() {
                return Err(Refusal::StockMixed { medicine: product.medicine.to_string() });
            }
        }
        let plans: BTreeSet<&String> = self.short.iter().map(|short| &short.plan).collect();
        if self.despite || plans.is_empty() { Ok(()) } else { Err(Refusal::StockShort { plans: plans.len() }) }
    }
}

/// What a shelf of these products makes of a medicine.
pub fn shelf_of(stock: &[Stocked], medicine: &Medicine) -> Shelf {
    let found = stock.iter().filter_map(|one| Some((Products::ours().product(&one.product)?.clone(), one.halved)));
    Shelf::of(found.filter(|(product, _)| product.medicine == *medicine))
}

/// The doses of a plan that these products do not make: of what is in force or decided, an order too, and of the steps that
/// follow; each once.
pub fn short_of(plan: &Plan, course: &Course, today: NaiveDate, stock: &[Stocked]) -> Vec<Short> {
    let stages: Vec<&Step> = course.stages_from(today).iter().map(|stage| &stage.step).collect();
    let from = stages.iter().map(|step| step.ordinal).min().unwrap_or(0);
    let steps = stages.into_iter().chain(plan.steps.iter().filter(|step| step.ordinal >= from));
    let doses = steps.flat_map(|step| step.cycle.iter().flat_map(|day| day.doses()).map(|dose| (step.ordinal, dose)));
    let mut seen = BTreeSet::new();
    let fresh = doses.filter(|(_, dose)| seen.insert((dose.medicine.clone(), dose.amount)));
    fresh.filter_map(|(step, dose)| short(plan, step, &dose.medicine, dose.amount, stock)).collect()
}

fn short(plan: &Plan, step: u32, medicine: &Medicine, amount: Amount, stock: &[Stocked]) -> Option<Short> {
    let shelf = shelf_of(stock, medicine);
    shelf.pieces(amount).is_none().then(|| Short {
        resident: plan.resident.clone(),
        plan: plan.id.clone(),
        medicine: medicine.clone(),
        step,
        amount,
        nearest: shelf.nearest(amount).to_string(),
    })
}
