//! What a signature says and keeps: the whole statement that was on the screen.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::guideline::Check;
use super::plan::Regimen;
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
    /// Name, number and birthday of the resident.
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
    pub checks: Vec<Check>,
}

/// What a signature means: `Clonazepam may be reduced from 1.5 mg to 1.375 mg daily from the 08:00 dose on 23 Nov 2026.`
pub fn meaning(medicine: &str, from: &Regimen, to: &Regimen, effective_on: NaiveDate) -> String {
    let day = Day(effective_on);
    let first = to.slots().first().map_or(String::new(), |slot| format!("the {slot} dose on "));
    let (from, to) = (from.daily(), to.daily());
    let verb = if to < from { "reduced" } else { "changed" };
    format!("I have reviewed the doses, the adherence and the checks on this page. {medicine} may be {verb} from {from} to {to} daily from {first}{day}.")
}
