//! What a facility asks for: how many attempts, how far apart, and how long a contraindication stands.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::care::calendar::{days_after, days_before};

/// The settings of a facility for gradual dose reductions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradualRules {
    /// So many attempts in the first year.
    pub attempts: u32,
    /// Each of them in a quarter of its own.
    pub quarters_differ: bool,
    pub between: Between,
    /// After the first year, one attempt in each year. Not a federal rule (clinical.md 0, 5): a reminder of the house.
    pub yearly: bool,
    /// A contraindication is looked at again after at most so many days.
    pub contraindication_days: u32,
}

impl Default for GradualRules {
    /// The reading of CMS guidance that is in use; nothing yearly, since no rule found asks for it.
    fn default() -> GradualRules {
        GradualRules {
            attempts: 2,
            quarters_differ: true,
            between: Between::Month,
            yearly: false,
            contraindication_days: 365,
        }
    }
}

/// The least time between two attempts that both count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Between {
    /// One calendar month: from 31 January to the last day of February.
    Month,
    Days(u32),
}

impl Between {
    /// The first day on which another attempt counts.
    pub fn after(self, on: NaiveDate) -> NaiveDate {
        match self {
            Between::Month => on.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX),
            Between::Days(days) => days_after(on, days),
        }
    }

    /// The last day whose next attempt counts on `on` already. Several ends of January lead to one end of February.
    pub fn before(self, on: NaiveDate) -> NaiveDate {
        match self {
            Between::Month => {
                let same_day = on.checked_sub_months(Months::new(1)).unwrap_or(NaiveDate::MIN);
                same_day.iter_days().take_while(|day| self.after(*day) <= on).last().unwrap_or(same_day)
            }
            Between::Days(days) => days_before(on, days),
        }
    }

    /// `one calendar month`, `28 days`
    pub fn text(self) -> String {
        match self {
            Between::Month => "one calendar month".to_owned(),
            Between::Days(1) => "1 day".to_owned(),
            Between::Days(days) => format!("{days} days"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_calendar_month_ends_with_the_month_that_is_shorter() {
        for (on, after) in [
            ("2026-01-15", "2026-02-15"),
            ("2026-01-31", "2026-02-28"),
            ("2028-01-31", "2028-02-29"),
            ("2026-02-28", "2026-03-28"),
            ("2026-12-31", "2027-01-31"),
        ] {
            assert_eq!(Between::Month.after(day(on)), day(after), "{on}");
        }
    }

    #[test]
    fn the_last_day_before_is_the_last_one_that_still_leads_there() {
        for (on, before) in [
            ("2026-02-28", "2026-01-31"),
            ("2028-02-29", "2028-01-31"),
            ("2026-03-30", "2026-02-28"),
            ("2026-07-15", "2026-06-15"),
        ] {
            assert_eq!(Between::Month.before(day(on)), day(before), "{on}");
        }
        assert_eq!(Between::Days(28).before(day("2026-03-29")), day("2026-03-01"));
    }
}
