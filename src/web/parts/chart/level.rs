//! A level of the chart: how high it is drawn, and the words that say it.

use chrono::NaiveDate;

use crate::care::amount::Amount;
use crate::care::medicine::Medicine;
use crate::care::medicine::equivalence::TableName;
use crate::care::taper::plan::{Plan, Step};

/// What is taken a day, from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    pub on: NaiveDate,
    /// How high it is drawn: the daily amount, or what that comes to in diazepam.
    pub amount: Amount,
    /// What is really taken: `1 mg`, `0.5 mg clonazepam and 10 mg diazepam`.
    pub words: String,
}

/// What the levels of a cross-taper are counted in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equivalents {
    pub with: Medicine,
    pub table: TableName,
}

impl Equivalents {
    pub fn of(plan: &Plan) -> Option<Equivalents> {
        let conversion = plan.conversion.as_ref()?;
        Some(Equivalents { with: conversion.to.clone(), table: conversion.table.clone() })
    }
}

impl Level {
    pub fn plain(on: NaiveDate, amount: Amount) -> Level {
        Level { on, amount, words: amount.to_string() }
    }

    /// A step of a plan from a day on.
    pub fn of(plan: &Plan, step: &Step, on: NaiveDate) -> Level {
        match plan.in_diazepam(step) {
            Some(diazepam) => Level { on, amount: diazepam.nearest(), words: plan.daily(step).to_string() },
            None => Level::plain(on, step.daily()),
        }
    }
}
