//! What a signature says and keeps: the whole statement that was on the screen.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::daily::{Daily, percent_text};
use super::guideline::Check;
use super::plan::{Plan, Regimen, Step};
use super::snapshot::Snapshot;
use crate::care::amount::Amount;
use crate::care::calendar::{Day, Slot};
use crate::care::exact::Exact;

/// The statement a pharmacist signs. Kept word for word; shown wherever the reduction is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// In a full sentence, with the doses and the date.
    pub meaning: String,
    /// Printed name, and the number in the professional register.
    pub signer: String,
    pub registration: String,
    pub signed_at: DateTime<Utc>,
    /// `HALVORSEN, Margit`, the facility's number, and the birthday.
    pub resident: String,
    pub resident_number: String,
    pub born_on: NaiveDate,
    pub medicine: String,
    pub plan_version: u32,
    pub n: u32,
    pub from: Regimen,
    pub to: Regimen,
    /// From what to what in words. None in statements from before it was kept.
    #[serde(default)]
    pub change: Option<Change>,
    pub effective_on: NaiveDate,
    pub rationale: String,
    pub flags_reason: String,
    /// The guideline checks as they were.
    pub checks: Vec<CheckKept>,
    /// Everything else that was on the screen. None in statements from before it was kept.
    #[serde(default)]
    pub snapshot: Option<Snapshot>,
}

/// A passage in the words that it had on the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What a day comes to, before and after.
    pub from: String,
    pub to: String,
    /// Of the dose before it, and of the first dose of the taper.
    pub percent: String,
    /// `no dose on day 7 of every 7`, before and after; nothing where every day is alike.
    #[serde(default)]
    pub rhythms: (Option<String>, Option<String>),
}

impl Change {
    pub fn new(plan: &Plan, from: &Step, to: &Step) -> Change {
        let (before, after) = (plan.daily(from), plan.daily(to));
        Change {
            percent: percent_text(&before, &after, plan.first()),
            from: before.to_string(),
            to: after.to_string(),
            rhythms: (from.rhythm(), to.rhythm()),
        }
    }
}

/// One dose with the nights without: `7.5 mg, no dose on day 7 of every 7`. Of nothing there is nothing to leave out.
pub fn dose_text(amount: Amount, rhythm: Option<&str>) -> String {
    match rhythm.filter(|_| !amount.is_zero()) {
        Some(rhythm) => format!("{amount}, {rhythm}"),
        None => amount.to_string(),
    }
}

/// A guideline check in the words it had when it was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckKept {
    pub code: String,
    pub title: String,
    pub found: String,
    pub source: String,
    pub passed: bool,
}

impl From<&Check> for CheckKept {
    fn from(check: &Check) -> CheckKept {
        CheckKept {
            code: check.code.to_owned(),
            title: check.title.to_owned(),
            found: check.found.clone(),
            source: check.source.to_owned(),
            passed: check.passed,
        }
    }
}

/// A passage that lowers nothing swaps a medicine, or moves an amount.
pub fn verb(from: &Daily, to: &Daily) -> &'static str {
    if Exact::from(to) < Exact::from(from) { "reduced" } else { "changed" }
}

/// What a signature means, in a full sentence: from what, to what, from which dose on.
pub fn meaning(medicine: &str, from: &Daily, to: &Daily, first: Option<Slot>, effective_on: NaiveDate) -> String {
    let first = first.map_or(String::new(), |slot| format!("the {slot} dose on "));
    let (verb, day) = (verb(from, to), Day(effective_on));
    format!(
        "I have reviewed the doses, the adherence and the checks on this page. {medicine} may be {verb} from {from} to \
         {to} daily from {first}{day}."
    )
}
