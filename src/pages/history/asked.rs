//! What is asked of the history, as it stands in the address: read, refused in words, and written again for the next page.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::care::calendar::parse_day;
use crate::care::facility::Facility;
use crate::care::round::outcome::Outcome;
use crate::store::audit::{DosesAsk, LEAST_LATE_MINUTES, Place};
use crate::store::doses::{Administration, DoseFile};
use crate::web::Errors;

/// Doses that nobody recorded are asked for like an outcome.
pub const NO_RECORD: &str = "no_record";

/// The address's own words; an empty one asks for nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub facility: String,
    pub resident: String,
    pub unit: String,
    pub person: String,
    pub outcome: String,
    /// `yes`: only what stands; `no`: only what was corrected or made in error.
    pub stands: String,
    pub from: String,
    pub to: String,
    pub late: String,
    /// Where the page begins.
    pub before: String,
}

/// What is asked for, understood.
#[derive(Debug, Clone)]
pub struct Search {
    pub ask: DosesAsk,
    /// The doses without a record are asked for, not the records.
    pub unrecorded: bool,
    /// A dose due before this instant should have a record.
    pub due_before: DateTime<Utc>,
    pub after: Option<After>,
}

/// Where a page goes on: below a record's number, or after a dose without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    Record(i64),
    Dose(Place),
}

impl After {
    pub fn of_record(record: &Administration) -> After {
        After::Record(record.n)
    }

    pub fn of_dose(dose: &DoseFile) -> After {
        After::Dose(Place { due_at: dose.due_at, dose: dose.id.clone() })
    }

    fn word(&self) -> String {
        match self {
            After::Record(n) => n.to_string(),
            After::Dose(place) => format!("{}_{}", place.due_at.timestamp(), place.dose),
        }
    }

    fn of_word(word: &str) -> Option<After> {
        match word.split_once('_') {
            None => word.parse().ok().map(After::Record),
            Some((at, dose)) => {
                let due_at = DateTime::from_timestamp(at.parse().ok()?, 0)?;
                Some(After::Dose(Place { due_at, dose: dose.to_owned() }))
            }
        }
    }
}

impl Asked {
    pub fn facility(&self) -> Option<&str> {
        some(&self.facility)
    }

    /// Reads every field, or says of each that cannot be read why.
    pub fn search(&self, facility: &Facility, now: DateTime<Utc>) -> Result<Search, Errors> {
        let mut errors = Errors::none();
        let day = |text: &str| some(text).map(parse_day).transpose();
        let from = errors.keep("from", day(&self.from)).flatten();
        let until = errors.keep("to", day(&self.to)).flatten();
        if let (Some(first), Some(last)) = (from, until)
            && first > last
        {
            errors.push("to", "The last day is before the first one.");
        }
        let unrecorded = self.outcome == NO_RECORD;
        let outcome = if unrecorded { None } else { self.outcome(&mut errors) };
        let late_over = self.late(&mut errors);
        let after = some(&self.before).map(After::of_word);
        if after == Some(None) || matches!((unrecorded, &after), (true, Some(Some(After::Record(_))))) {
            errors.push("", "The address of this page is damaged. Show the records again.");
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let late_before = late_over.map(|minutes| now - TimeDelta::minutes(minutes.into()));
        let grace_over = facility.no_record_before(now);
        Ok(Search {
            ask: DosesAsk {
                facility: facility.id.clone(),
                resident: some(&self.resident).map(str::to_owned),
                unit: some(&self.unit).map(str::to_owned),
                person: some(&self.person).map(str::to_owned),
                outcome,
                standing: match self.stands.as_str() {
                    "yes" => Some(true),
                    "no" => Some(false),
                    _ => None,
                },
                from,
                until,
                late_over,
            },
            unrecorded,
            due_before: late_before.map_or(grace_over, |late| late.min(grace_over)),
            after: after.flatten(),
        })
    }

    fn outcome(&self, errors: &mut Errors) -> Option<Outcome> {
        let asked = some(&self.outcome)?;
        let known = Outcome::of_word(asked);
        if known.is_none() {
            errors.push("outcome", "Choose an outcome of the list.");
        }
        known
    }

    fn late(&self, errors: &mut Errors) -> Option<u32> {
        let asked = some(&self.late)?;
        let minutes = asked.parse().ok().filter(|minutes| (LEAST_LATE_MINUTES..=100_000).contains(minutes));
        if minutes.is_none() {
            errors.push("late", "Choose a number of minutes of the list.");
        }
        minutes
    }

    /// The page that goes on there.
    pub fn page_after(&self, after: &After) -> String {
        self.address("/history", &after.word())
    }

    /// The first page of the same.
    pub fn newest(&self) -> String {
        self.address("/history", "")
    }

    pub fn csv(&self) -> String {
        self.address("/history.csv", "")
    }

    /// The doses without a record among the same.
    pub fn without_record(&self) -> String {
        Asked { outcome: NO_RECORD.to_owned(), ..self.clone() }.newest()
    }

    fn address(&self, path: &str, before: &str) -> String {
        let fields = [
            ("facility", self.facility.as_str()),
            ("resident", &self.resident),
            ("unit", &self.unit),
            ("person", &self.person),
            ("outcome", &self.outcome),
            ("stands", &self.stands),
            ("from", &self.from),
            ("to", &self.to),
            ("late", &self.late),
            ("before", before),
        ];
        let said: Vec<_> = fields.into_iter().filter(|(_, value)| some(value).is_some()).collect();
        match serde_urlencoded::to_string(said) {
            Ok(query) if !query.is_empty() => format!("{path}?{query}"),
            _ => path.to_owned(),
        }
    }
}

fn some(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}
