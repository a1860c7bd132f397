//! How a medicine stands, in sentences: the same on screen, on paper and in a spreadsheet.

use chrono::NaiveDate;

use super::rules::GradualRules;
use super::standing::{Counting, Standing};
use super::treatment::Report;
use super::year::quarter_of;
use crate::care::calendar::day_text;

impl Standing {
    /// `Met`, `Wanted`: the word of the status.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Met { .. } => "met",
            Standing::Contraindicated { .. } => "contraindicated",
            Standing::Wanted { .. } => "wanted",
            Standing::Late { .. } => "late",
            Standing::Ended { .. } => "ended",
        }
    }
}

impl GradualRules {
    /// `2 attempts in the first year, in separate quarters, at least one calendar month apart`
    pub fn text(&self) -> String {
        let quarters = if self.quarters_differ { ", in separate quarters" } else { "" };
        match self.attempts {
            1 => "1 attempt in the first year".to_owned(),
            many => format!("{many} attempts in the first year{quarters}, at least {} apart", self.between.text()),
        }
    }
}

impl Report {
    /// How it stands, in one sentence.
    pub fn sentence(&self, rules: &GradualRules) -> String {
        let day = day_text;
        match self.standing {
            Standing::Met { next_by: None } => format!("Met: {} of {} attempts count.", self.counted(), rules.attempts),
            Standing::Met { next_by: Some(by) } => {
                format!("Met. The facility’s yearly reminder asks for the next attempt by {}.", day(by))
            }
            Standing::Contraindicated { again_on } => {
                format!("Met by a contraindication. A prescriber looks again by {}.", day(again_on))
            }
            Standing::Wanted { by, counts_from } => {
                format!("{} is wanted by {}{}.", self.next(rules), day(by), self.counting_since(counts_from))
            }
            Standing::Late { since, counts_from } => {
                format!("{} is missing since {}{}.", self.next(rules), day(since), self.counting_since(counts_from))
            }
            Standing::Ended { on } => format!("No longer taken: the last day was {}.", day(on)),
        }
    }

    /// `; before 17 Apr 2026 none counts`, where that day is still to come.
    fn counting_since(&self, counts_from: NaiveDate) -> String {
        if counts_from <= self.today {
            return String::new();
        }
        format!("; before {} none counts", day_text(counts_from))
    }

    fn counted(&self) -> usize {
        self.attempts.iter().filter(|(_, counting)| *counting == Counting::Counts).count()
    }

    /// `Attempt 2 of 2`
    fn next(&self, rules: &GradualRules) -> String {
        match self.counted() + 1 {
            next if next > rules.attempts as usize => "This year’s attempt (a reminder of the facility)".to_owned(),
            next => format!("Attempt {next} of {}", rules.attempts),
        }
    }

    /// Whether an attempt counts, and why not.
    pub fn counting_text(&self, on: NaiveDate, counting: Counting) -> String {
        let nth = quarter_of(self.spell.since, on).nth;
        let quarter = format!("quarter {} of year {}", nth % 4 + 1, nth / 4 + 1);
        match counting {
            Counting::Counts => format!("counts, {quarter}"),
            Counting::SameQuarter { counted } => {
                format!("does not count: {quarter}, as that of {}", day_text(counted))
            }
            Counting::TooSoon { counted } => format!("does not count: too soon after {}", day_text(counted)),
            Counting::Further => format!("further attempt, {quarter}"),
        }
    }
}
