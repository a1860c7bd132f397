//! Up to which day the doses of each running plan are laid out, and the days that should have doses and have none.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::Found;
use crate::care::calendar::{day_text, days_after};
use crate::care::taper::schedule::{DoseKey, doses_between};
use crate::store::plans::PlanFile;

/// One running plan.
pub struct Laid {
    pub surname: String,
    pub forename: String,
    pub medicine: String,
    /// `04 Dec 2026`
    pub until: String,
    /// `Doses are missing on 22 Nov 2026 and 2 other days`; none where all are there.
    pub gap: Option<String>,
}

/// Every running plan, those with a gap first.
pub fn laid(found: &Found) -> Vec<Laid> {
    let mut all: Vec<Laid> = found.plans.iter().map(|file| plan_laid(found, file)).collect();
    all.sort_by_key(|one| (one.gap.is_none(), one.surname.clone(), one.forename.clone()));
    all
}

fn plan_laid(found: &Found, file: &PlanFile) -> Laid {
    let resident = found.resident(&file.plan.resident);
    Laid {
        surname: resident.map_or_else(String::new, |one| one.surname.to_uppercase()),
        forename: resident.map_or_else(String::new, |one| one.forename.clone()),
        medicine: file.plan.named(),
        until: file.laid_until.map_or("none yet".to_owned(), day_text),
        gap: gap_text(&gaps(found, file)),
    }
}

/// The days, today or coming, on which the level wants a dose that no row has. The bell lays out the last day of the
/// horizon some time today; slots that were past at the approval were never laid out.
fn gaps(found: &Found, file: &PlanFile) -> BTreeSet<NaiveDate> {
    let until = days_after(found.today, found.facility.horizon_days.saturating_sub(1));
    let rows: BTreeSet<&DoseKey> =
        found.doses.iter().filter(|dose| dose.plan == file.plan.id).map(|dose| &dose.key).collect();
    let wanted = doses_between(&file.course(), found.today, until).into_keys();
    let approved_at = file.facts.first().map(|fact| fact.at);
    let missing = wanted.filter(|key| !rows.contains(key));
    let laid_out = |key: &DoseKey| approved_at.is_none_or(|at| found.facility.zone.at(key.on, key.slot) >= at);
    missing.filter(laid_out).map(|key| key.on).collect()
}

fn gap_text(days: &BTreeSet<NaiveDate>) -> Option<String> {
    let first = day_text(*days.first()?);
    Some(match days.len() {
        1 => format!("Doses are missing on {first}"),
        2 => format!("Doses are missing on {first} and 1 other day"),
        many => format!("Doses are missing on {first} and {} other days", many - 1),
    })
}
