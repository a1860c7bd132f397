//! A score as it is shown beside others, and as a signature keeps it: every item with what was answered, and by whom.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::companions::Pressure;
use super::score::Answered;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreKept {
    /// The assessment's id.
    pub id: String,
    pub scale_name: String,
    pub items: Vec<Answered>,
    /// None where a scored item is missing.
    pub total: Option<i32>,
    pub most: i32,
    pub band: Option<String>,
    pub incomplete_reason: String,
    pub pulse: Option<u32>,
    pub pressure: Option<Pressure>,
    pub note: String,
    pub assessed_at: DateTime<Utc>,
    /// The printed name.
    pub by: String,
}

/// `19 of 80`, or that there is no total.
pub fn total_text(total: Option<i32>, most: i32) -> String {
    total.map_or_else(|| "no total".to_owned(), |total| format!("{total} of {most}"))
}

impl ScoreKept {
    /// `19 of 80`, or that there is no total.
    pub fn total_text(&self) -> String {
        total_text(self.total, self.most)
    }

    /// What was answered to an item.
    pub fn answer(&self, item: &str) -> Option<i32> {
        self.items.iter().find(|answered| answered.item == item)?.answer
    }
}
