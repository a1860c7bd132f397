//! What a signature says and keeps: the whole statement that was on the screen.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::guideline::Check;
use super::plan::Regimen;
use super::snapshot::Snapshot;
use crate::care::calendar::Day;

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
    pub effective_on: NaiveDate,
    pub rationale: String,
    pub flags_reason: String,
    /// The guideline checks as they were.
    pub checks: Vec<CheckKept>,
    /// Everything else that was on the screen. None in statements from before it was kept.
    #[serde(default)]
    pub snapshot: Option<Snapshot>,
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

/// What a signature means, in a full sentence: from what, to what, from which dose on.
pub fn meaning(medicine: &str, from: &Regimen, to: &Regimen, effective_on: NaiveDate) -> String {
    let first = to.slots().first().map_or(String::new(), |slot| format!("the {slot} dose on "));
    let verb = if to.daily() < from.daily() { "reduced" } else { "changed" };
    let (from, to, day) = (from.daily(), to.daily(), Day(effective_on));
    format!(
        "I have reviewed the doses, the adherence and the checks on this page. {medicine} may be {verb} from {from} to \
         {to} daily from {first}{day}."
    )
}
