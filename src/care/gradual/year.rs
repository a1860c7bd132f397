//! The years of a medicine and their quarters, counted from the day it was begun.

use chrono::{Datelike, Months, NaiveDate};

use crate::care::calendar::{days_after, days_before};

/// One of the four equal parts of a year of the medicine. `nth` counts from 0, on through the years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quarter {
    pub nth: u32,
    pub first: NaiveDate,
    pub last: NaiveDate,
}

/// The first day of a year of the medicine, counted from 0. What began on 29 February has its other years on the 28th.
pub fn year_first(since: NaiveDate, year: u32) -> NaiveDate {
    since.checked_add_months(Months::new(year.saturating_mul(12))).unwrap_or(NaiveDate::MAX)
}

pub fn year_last(since: NaiveDate, year: u32) -> NaiveDate {
    days_before(year_first(since, year.saturating_add(1)), 1)
}

/// The year a day lies in; a day before the first lies in the first.
pub fn year_of(since: NaiveDate, on: NaiveDate) -> u32 {
    let years = u32::try_from(on.year() - since.year()).unwrap_or(0);
    if year_first(since, years) > on { years.saturating_sub(1) } else { years }
}

/// Quarters are as equal as whole days allow: of 365 days, 92, 91, 91 and 91.
pub fn quarter(since: NaiveDate, nth: u32) -> Quarter {
    let (year, part) = (nth / 4, nth % 4);
    Quarter { nth, first: fourth(since, year, part), last: days_before(fourth(since, year, part + 1), 1) }
}

fn fourth(since: NaiveDate, year: u32, part: u32) -> NaiveDate {
    let first = year_first(since, year);
    let days = u32::try_from((year_first(since, year + 1) - first).num_days()).unwrap_or(0);
    days_after(first, (days * part).div_ceil(4))
}

/// The quarter a day lies in; a day before the first lies in the first.
pub fn quarter_of(since: NaiveDate, on: NaiveDate) -> Quarter {
    let year = year_of(since, on);
    let part = (0..4).rev().find(|part| fourth(since, year, *part) <= on).unwrap_or(0);
    quarter(since, year * 4 + part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn the_quarters_of_a_year_follow_each_other_and_fill_it() {
        for since in ["2026-01-15", "2027-06-30", "2028-02-29", "2027-03-01", "2026-12-31"] {
            let since = day(since);
            let all: Vec<Quarter> = (0..9).map(|nth| quarter(since, nth)).collect();
            assert_eq!((all[0].first, all[3].last, all[4].first), (since, year_last(since, 0), year_first(since, 1)));
            for pair in all.windows(2) {
                assert_eq!(days_after(pair[0].last, 1), pair[1].first, "{since}");
                assert!((91..=92).contains(&((pair[0].last - pair[0].first).num_days() + 1)), "{since} {pair:?}");
            }
        }
    }

    /// Of the fixtures of clinical.md 6.4: what began on 15 January has its first quarter until about 15 April.
    #[test]
    fn a_day_lies_in_its_quarter() {
        let since = day("2026-01-15");
        for (on, nth) in [("2026-01-15", 0), ("2026-04-16", 0), ("2026-04-17", 1), ("2027-01-14", 3), ("2027-01-15", 4)]
        {
            assert_eq!(quarter_of(since, day(on)).nth, nth, "{on}");
        }
    }

    #[test]
    fn what_began_on_29_february_has_its_other_years_on_the_28th() {
        let since = day("2028-02-29");
        assert_eq!(year_last(since, 0), day("2029-02-27"));
        assert_eq!((year_of(since, day("2029-02-27")), year_of(since, day("2029-02-28"))), (0, 1));
        assert_eq!(year_first(since, 4), day("2032-02-29"));
    }
}
