//! Months, and days where they are remembered: since when somebody takes a medicine.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::care::calendar::{day_text, parse_day};
use crate::care::refusal::Refusal;

/// A civil month, written `2027-09`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month(NaiveDate);

impl Month {
    /// The month that a day lies in.
    pub fn of(day: NaiveDate) -> Month {
        Month(day.with_day(1).expect("every month has a first day"))
    }

    pub fn first(self) -> NaiveDate {
        self.0
    }

    /// The month so many months later; the same where there is none so late.
    pub fn after(self, months: u32) -> Month {
        Month(self.0.checked_add_months(Months::new(months)).unwrap_or(self.0))
    }
}

impl FromStr for Month {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Month, Refusal> {
        let text = text.trim();
        let unreadable = || Refusal::MonthUnreadable { text: text.chars().take(20).collect() };
        parse_day(&format!("{text}-01")).map(Month).map_err(|_| unreadable())
    }
}

/// `Sep 2027`
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%b\u{a0}%Y"))
    }
}

impl TryFrom<String> for Month {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Month, Refusal> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> String {
        month.0.format("%Y-%m").to_string()
    }
}

/// Since when a medicine is taken: the day, or the month where nobody remembers the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Since {
    Day(NaiveDate),
    Month(Month),
}

impl Since {
    /// The earliest day it can mean.
    pub fn first(self) -> NaiveDate {
        match self {
            Since::Day(day) => day,
            Since::Month(month) => month.first(),
        }
    }

    /// Whole months of use on a day, counted from the earliest day it can mean: never too short a use.
    pub fn months_on(self, day: NaiveDate) -> u32 {
        let first = self.first();
        let months = (day.year() - first.year()) * 12 + day.month() as i32 - first.month() as i32;
        // The last day of a short month ends a whole month that began on the 31st.
        let whole =
            first.checked_add_months(Months::new(u32::try_from(months).unwrap_or(0))).is_some_and(|on| on <= day);
        u32::try_from(months - i32::from(!whole)).unwrap_or(0)
    }
}

impl FromStr for Since {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Since, Refusal> {
        let text = text.trim();
        let unreadable = |_| Refusal::SinceUnreadable { text: text.chars().take(20).collect() };
        match text.len() {
            7 => text.parse().map(Since::Month).map_err(unreadable),
            _ => parse_day(text).map(Since::Day).map_err(unreadable),
        }
    }
}

/// `Apr 2019`, or `15 Apr 2019`
impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Since::Day(day) => f.write_str(&day_text(*day)),
            Since::Month(month) => month.fmt(f),
        }
    }
}

impl TryFrom<String> for Since {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Since, Refusal> {
        text.parse()
    }
}

impl From<Since> for String {
    fn from(since: Since) -> String {
        match since {
            Since::Day(day) => day.to_string(),
            Since::Month(month) => month.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(since: &str, on: &str) -> u32 {
        since.parse::<Since>().unwrap().months_on(parse_day(on).unwrap())
    }

    #[test]
    fn a_month_of_use_is_whole_on_its_day_and_not_before() {
        assert_eq!((months("2026-10-21", "2026-11-20"), months("2026-10-20", "2026-11-20")), (0, 1));
        assert_eq!((months("2026-08-21", "2026-11-20"), months("2026-08-20", "2026-11-20")), (2, 3));
        assert_eq!((months("2026-01-31", "2026-02-27"), months("2026-01-31", "2026-02-28")), (0, 1));
        assert_eq!((months("2019-04-15", "2026-11-20"), months("2026-11-20", "2026-11-20")), (91, 0));
    }

    /// Where only the month is known the use may have begun on its first day.
    #[test]
    fn a_remembered_month_counts_from_its_first_day() {
        assert_eq!((months("2026-10", "2026-11-01"), months("2026-08", "2026-11-20")), (1, 3));
    }

    #[test]
    fn what_is_no_month_and_no_day_is_refused() {
        for text in ["", "2019", "04/2019", "2019-13", "2019-4", "20190415", "2019-04-31", "spring 2019", "+019-04"] {
            assert!(text.parse::<Since>().is_err(), "{text}");
        }
        assert_eq!("2019-04".parse::<Since>().map(|since| since.to_string()), Ok("Apr\u{a0}2019".to_owned()));
        assert!("2027-9".parse::<Month>().is_err());
    }
}
