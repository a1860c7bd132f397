//! Where the history is read.

use chrono::NaiveDate;

/// Doses of a facility, in one unit or in all, of the days from one to another.
#[derive(Debug, Clone)]
pub struct DosesOf {
    pub facility: String,
    /// The unit's id; empty: all.
    pub unit: String,
    pub days: (NaiveDate, NaiveDate),
}

impl DosesOf {
    /// The scheduled ones that have such an outcome, as far as their records stand; with minutes, only those given later.
    pub fn scheduled(&self, outcome: &str, late_over: Option<u32>) -> String {
        let late = late_over.map(|minutes| minutes.to_string()).unwrap_or_default();
        self.address("/history", &[("outcome", outcome), ("stands", "yes"), ("late", &late)])
    }

    /// What was given beside them, `as_needed` or `in_error`, as far as it stands.
    pub fn beside(&self, kind: &str) -> String {
        self.address("/history/unscheduled", &[("kind", kind), ("stands", "yes")])
    }

    fn address(&self, path: &str, asked: &[(&str, &str)]) -> String {
        let (from, to) = (self.days.0.to_string(), self.days.1.to_string());
        let here = [("facility", self.facility.as_str()), ("unit", &self.unit), ("from", &from), ("to", &to)];
        let said: Vec<_> = here.iter().chain(asked).filter(|(_, value)| !value.is_empty()).collect();
        match serde_urlencoded::to_string(said) {
            Ok(query) => format!("{path}?{query}"),
            Err(_) => path.to_owned(),
        }
    }
}

/// The scheduled doses.
pub fn history() -> String {
    "/history".to_owned()
}

/// What was given beside them.
pub fn unscheduled(facility: &str) -> String {
    format!("/history/unscheduled?facility={facility}")
}

/// A fact of the history by its number.
pub fn fact(n: i64) -> String {
    format!("/history/{n}")
}

/// The error rate, of a facility.
pub fn error_rate(facility: &str) -> String {
    format!("/error-rate?facility={facility}")
}
