//! The lines of a day: a dose, what it wrote, and how the two stand to each other.

use super::Facts;
use crate::care::medicine::product::Products;
use crate::care::register::reconcile::{Day, Verdict};
use crate::store::registers::{DayDose, RegisterFile, Told};
use crate::web::links;
use crate::web::parts::registered::{product_of, signed_text};

/// One dose.
pub struct Row {
    pub at: String,
    pub resident: String,
    pub medicine: String,
    /// `Given`, `As needed`
    pub outcome: &'static str,
    pub given: String,
    /// `0.5 mg tablet: given 1`; each entry, those that were put back too.
    pub wrote: Vec<String>,
    pub verdict: String,
    pub disagrees: bool,
    pub corrected: bool,
    pub by: String,
    pub fact: String,
    pub n: i64,
}

/// One register over the day.
pub struct Balance {
    pub product: String,
    pub medicine: String,
    pub holder: String,
    pub begins: String,
    pub came: String,
    pub left: String,
    pub ends: String,
    pub verdict: String,
    pub disagrees: bool,
    pub href: String,
}

pub fn rows(facts: &Facts) -> Vec<Row> {
    facts.day.doses.iter().map(|dose| row(facts, dose)).collect()
}

fn row(facts: &Facts, dose: &DayDose) -> Row {
    let verdict = dose.verdict();
    Row {
        at: facts.clock(dose.recorded_at),
        resident: facts.holders.residents.get(&dose.resident).map(|one| one.name()).unwrap_or_default(),
        medicine: dose.medicine.to_string(),
        outcome: told_text(dose.told),
        given: dose.given.to_string(),
        wrote: wrote(dose),
        verdict: verdict_text(dose, verdict),
        disagrees: verdict.disagrees() || dose.given_unseen().is_some(),
        corrected: !dose.stands,
        by: facts.name(&dose.recorded_by),
        fact: links::fact(dose.n),
        n: dose.n,
    }
}

fn told_text(told: Told) -> &'static str {
    match told {
        Told::Scheduled(outcome) => outcome.title(),
        Told::AsNeeded => "As needed",
        Told::InError => "Given in error",
    }
}

fn wrote(dose: &DayDose) -> Vec<String> {
    let entry = |(entry, product): &(crate::store::registers::Entry, String)| {
        let product = Products::ours().product(product)?;
        let what = entry.kind.text().to_lowercase();
        Some(format!("{}: {what} {}", product.name(), signed_text(entry.parts.abs(), product)))
    };
    let unseen = dose.unseen.iter().filter_map(|(opened, product)| {
        let product = Products::ours().product(product)?;
        let amount = signed_text(opened.difference.abs(), product);
        Some(format!("{}: {amount} wasted without a witness, an open difference", product.name()))
    });
    dose.entries.iter().filter_map(entry).chain(unseen).collect()
}

fn verdict_text(dose: &DayDose, verdict: Verdict) -> String {
    if let Some(why) = dose.given_unseen().filter(|_| !verdict.disagrees()) {
        return format!("Given without a witness: “{why}”");
    }
    match verdict {
        Verdict::Agrees if !dose.stands => "Corrected, and put back".to_owned(),
        Verdict::Agrees if dose.given.is_zero() && dose.entries.is_empty() => "Nothing given, nothing taken".to_owned(),
        Verdict::Agrees => "Agrees".to_owned(),
        Verdict::NoRegister => "No register of these pieces".to_owned(),
        Verdict::Partly(counted) => format!("{counted} of it; the rest from pieces without a register"),
        Verdict::Differs(counted) => {
            format!("Does not agree: the register gave out {counted}, the dose says {}", dose.given)
        }
        Verdict::NotPutBack => "Does not agree: the record was corrected, and its pieces were not put back".to_owned(),
    }
}

pub fn balances(facts: &Facts) -> Vec<Balance> {
    let mut all: Vec<Balance> = facts.day.registers.iter().filter_map(|(one, day)| balance(facts, one, *day)).collect();
    all.sort_by_cached_key(|one| (!one.disagrees, one.holder.to_lowercase(), one.product.clone()));
    all
}

fn balance(facts: &Facts, register: &RegisterFile, day: Day) -> Option<Balance> {
    let product = product_of(register).ok()?;
    let said = |parts: i64| signed_text(parts, product);
    let verdict = match (day.adds_up(), day.stands) {
        (true, _) => "Adds up".to_owned(),
        (false, Some(stands)) if stands != day.ends => {
            format!("Does not add up: the register says {}", said(stands))
        }
        (false, _) => "Does not add up".to_owned(),
    };
    Some(Balance {
        product: product.name(),
        medicine: product.medicine.to_string(),
        holder: facts.holders.name(&register.holder),
        begins: said(day.begins),
        came: day.came.text(product),
        left: day.left.text(product),
        ends: said(day.ends),
        verdict,
        disagrees: !day.adds_up(),
        href: links::register(&register.id),
    })
}
