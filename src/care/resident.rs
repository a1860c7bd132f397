//! The person cared for, and what is known of their allergies.

pub mod admission;
pub mod intake;
pub mod label;
pub mod photo;
pub mod search;
pub mod transfer;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// What is known of allergies. "Not recorded" is not "none".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Allergies {
    Known { list: String },
    NoneKnown,
    NotRecorded,
    Unavailable,
}

impl Allergies {
    /// In one line, where there is no room for more. Not knowing is never said as none.
    pub fn told(&self) -> String {
        match self {
            Allergies::Known { list } => format!("Known allergies: {list}"),
            Allergies::NoneKnown => "No known allergies".to_owned(),
            Allergies::NotRecorded => "Allergies not recorded".to_owned(),
            Allergies::Unavailable => "Allergies unavailable".to_owned(),
        }
    }
}

/// The person cared for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resident {
    pub id: String,
    pub facility: String,
    pub unit: String,
    /// The facility's own number: `AH-0417`.
    pub number: String,
    pub surname: String,
    pub forename: String,
    pub born_on: NaiveDate,
    pub room: String,
    pub allergies: Allergies,
}

impl Resident {
    /// `HALVORSEN, Margit`
    pub fn name(&self) -> String {
        format!("{}, {}", self.surname.to_uppercase(), self.forename)
    }

    /// Whole years of age on a day.
    pub fn age_on(&self, day: NaiveDate) -> i32 {
        age_on(self.born_on, day)
    }
}

/// Whether two numbers are the same one: a label is read in whatever case it is typed.
pub fn same_number(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn age_on(born_on: NaiveDate, day: NaiveDate) -> i32 {
    let had_birthday = (day.month(), day.day()) >= (born_on.month(), born_on.day());
    day.year() - born_on.year() - i32::from(!had_birthday)
}
