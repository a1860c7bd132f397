//! A month of the calendar.

use std::fmt;

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};

use crate::care::calendar::{Slot, Zone, days_before};

/// One month, by its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(NaiveDate);

impl Month {
    /// The month that a day belongs to.
    pub fn of(on: NaiveDate) -> Month {
        Month(on.with_day(1).expect("every month has a first day"))
    }

    /// As it stands in an address: `2026-11`, of the years that people live in.
    pub fn parse(text: &str) -> Option<Month> {
        let digit_or_dash = |(n, b): (usize, u8)| if n == 4 { b == b'-' } else { b.is_ascii_digit() };
        let whole = text.len() == 7 && text.bytes().enumerate().all(digit_or_dash);
        let first = whole.then(|| format!("{text}-01").parse::<NaiveDate>().ok()).flatten()?;
        (1900..3000).contains(&first.year()).then_some(Month(first))
    }

    pub fn first(self) -> NaiveDate {
        self.0
    }

    pub fn last(self) -> NaiveDate {
        days_before(self.after().0, 1)
    }

    pub fn before(self) -> Month {
        Month(self.0.checked_sub_months(Months::new(1)).unwrap_or(self.0))
    }

    pub fn after(self) -> Month {
        Month(self.0.checked_add_months(Months::new(1)).unwrap_or(self.0))
    }

    pub fn has(self, on: NaiveDate) -> bool {
        Month::of(on) == self
    }

    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.0.iter_days().take_while(move |on| self.has(*on))
    }

    /// Where a day of the month stands in it: 0 for the first.
    pub fn place(self, on: NaiveDate) -> usize {
        on.day0() as usize
    }

    /// From its first instant up to the first one of the month after it.
    pub fn instants(self, zone: Zone) -> (DateTime<Utc>, DateTime<Utc>) {
        (zone.at(self.0, Slot::MIDNIGHT), zone.at(self.after().0, Slot::MIDNIGHT))
    }

    /// `November 2026`
    pub fn title(self) -> String {
        self.0.format("%B %Y").to_string()
    }

    /// `Nov 2026`
    pub fn short(self) -> String {
        self.0.format("%b\u{a0}%Y").to_string()
    }
}

/// As it stands in an address.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_knows_its_days_and_its_neighbours() {
        let february = Month::parse("2028-02").expect("a month");
        assert_eq!((february.days().count(), february.last().day()), (29, 29));
        assert_eq!((february.before().to_string(), february.after().to_string()), ("2028-01".into(), "2028-03".into()));
        assert_eq!(Month::of(february.last()), february);
        assert_eq!(Month::parse("2026-12").map(Month::after).map(Month::title), Some("January 2027".to_owned()));
        for odd in ["", "2026", "2026-13", "2026-1", "26-11-1", "2026/11", "99999-1", "0001-01", "٢٠٢٦-11"] {
            assert!(Month::parse(odd).is_none(), "{odd}");
        }
    }
}
