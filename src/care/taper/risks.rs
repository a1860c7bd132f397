//! What speaks for care in one taper: how likely the body depends on the medicine, and each concern of the baseline.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::baseline::Baseline;
use super::baseline::concerns::{About, Concern};
use super::dependence::{Dependence, Risk};
use super::plan::Plan;
use crate::care::resident::Resident;

/// The risks as they are known on a day.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Risks {
    /// None where the baseline does not say how long and how often the medicine was taken.
    pub dependence: Option<Dependent>,
    /// In the order in which they weigh.
    pub concerns: Vec<Concern>,
}

/// What the published table says of this use, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependent {
    pub risk: Risk,
    pub words: String,
    pub source: String,
}

impl Risks {
    /// None where no baseline was kept.
    pub fn of(plan: &Plan, resident: &Resident, today: NaiveDate) -> Risks {
        let Some(known) = &plan.baseline else { return Risks::default() };
        let about = About { age: resident.age_on(today), ends_on: plan.ends_on() };
        let dependence = known.dependence(plan.daily_before(), &plan.medicine, today);
        Risks {
            dependence: dependence.map(|found| Dependent::new(plan, known, &found)),
            concerns: known.concerns(about),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.dependence.is_none() && self.concerns.is_empty()
    }
}

impl Dependent {
    fn new(plan: &Plan, known: &Baseline, found: &Dependence) -> Dependent {
        let since = known.since.map(|since| format!(" since {since}")).unwrap_or_default();
        let often = known.days_a_week.map(often).unwrap_or_default();
        let words = format!(
            "{} {often}{since}. {} By the table: {}. {}",
            plan.daily_before(),
            found.risk.sentence(),
            found.row,
            found.band
        );
        Dependent { risk: found.risk, words, source: found.source.to_owned() }
    }
}

/// `on 7 days a week`
fn often(days_a_week: u8) -> String {
    match days_a_week {
        1 => "on 1 day a week at most".to_owned(),
        7 => "every day".to_owned(),
        days => format!("on {days} days a week"),
    }
}
