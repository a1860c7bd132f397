//! What guidelines say about one reduction: each check passes or wants a written reason, and none forbids.
//!
//! Published schedules themselves break these limits near their end, so a limit can only ask (clinical reference 0.1). The
//! last step to 0 is a cut of 100 % by nature and is checked by the dose it leaves.

use std::fmt;

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::care::amount::Amount;
use crate::care::calendar::day_text;
use crate::care::exact::Exact;
use crate::care::medicine::Medicine;

const ASAM: &str = "Joint Clinical Practice Guideline on Benzodiazepine Tapering (ASAM and others), 2025";

/// One check of one reduction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// A stable word for programs.
    pub code: &'static str,
    /// What the guideline wants.
    pub title: &'static str,
    /// What was found here.
    pub found: String,
    pub source: &'static str,
    /// False: signing needs a written reason.
    pub passed: bool,
}

/// How many of the doses since the last change were given and stayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Adherence {
    pub given: u32,
    pub planned: u32,
    /// Given too, and vomited so soon after that they may not have stayed: none of them counts as given.
    #[serde(default, skip_serializing_if = "is_none_of_them")]
    pub vomited: u32,
}

fn is_none_of_them(count: &u32) -> bool {
    *count == 0
}

/// `26 of 28`; `25 of 28 given and kept, 3 vomited`
impl fmt::Display for Adherence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.given, self.planned)?;
        if self.vomited == 0 { Ok(()) } else { write!(f, " given and kept, {} vomited", self.vomited) }
    }
}

/// How often something was given as needed lately, of any medicine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AsNeededUse {
    /// In the last 7 days, to the second.
    pub last_week: u32,
    pub week_before: u32,
    /// Of the medicine that is tapered, in the last 7 days.
    pub of_tapered: u32,
    /// Of the medicine that is tapered, given in error in the last 7 days, however that came.
    pub in_error: u32,
}

/// One reduction, with what the checks need to know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// What an average day comes to.
    pub from: Exact,
    pub to: Exact,
    /// The highest of the 14 days before the first day at `to`: a step back up in between begins a fall of its own.
    pub highest_in_14_days: Exact,
    /// The medicine that `from` and `to` are counted in, where there are two; a passage that only swaps them lowers nothing.
    pub counted_in: Option<Medicine>,
    /// The largest dose of a day before it: what is left out when the last step is taken.
    pub last_dose: Amount,
    pub starts_on: NaiveDate,
    /// The first day at the dose before; None where it is the dose from before the taper.
    pub last_change_on: Option<NaiveDate>,
    /// The first day of the whole taper at a reduced dose.
    pub taper_began_on: NaiveDate,
    /// The smallest dose that the products can make.
    pub smallest: Option<Amount>,
    /// Whether every dose can be made from the products.
    pub makeable: bool,
    /// None: not looked at, as in a preview.
    pub adherence: Option<Adherence>,
    /// None: not looked at, as in a preview.
    pub as_needed: Option<AsNeededUse>,
    /// How many severe signs were seen since the last reduction, and at least in the last 4 weeks. None: not looked at, as in a
    /// preview.
    pub severe_signs: Option<usize>,
    /// None: the facility asks for no scores, or they were not looked at, as in a preview.
    pub score: Option<LastScore>,
}

/// The last complete score, in words, and whether it is of the last 72 hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastScore {
    pub found: String,
    pub fresh: bool,
}

impl Passage {
    /// In the order in which a pharmacist reads them.
    pub fn checks(&self) -> Vec<Check> {
        let mut checks = if self.to.is_zero() { vec![self.last_step()] } else { self.sizes() };
        checks.extend([self.days_since_change(), self.length(), self.makeable()]);
        checks.extend(self.adherence.map(adherence));
        checks.extend(self.as_needed.map(as_needed));
        checks.extend(self.severe_signs.map(severe_signs));
        checks.extend(self.score.as_ref().map(score));
        checks
    }

    fn sizes(&self) -> Vec<Check> {
        let at_most = |percent: u64, of: Exact| of.falls_at_most(percent, self.to);
        let of = self.counted_in.as_ref().map_or(String::new(), |medicine| format!(" of {medicine}"));
        let size = |from: Exact| format!("from {from}{of} to {}{of} is {}", self.to, CutPercent::of(from, self.to));
        vec![
            Check {
                code: "over_10_percent",
                title: "Reduction is 10% or less of the current dose",
                found: size(self.from),
                source: ASAM,
                passed: at_most(10, self.from),
            },
            Check {
                code: "over_25_percent",
                title: "Reduction is 25% or less of the current dose",
                found: size(self.from),
                source: ASAM,
                passed: at_most(25, self.from),
            },
            Check {
                code: "over_25_percent_in_14_days",
                title: "Dose falls by 25% or less in any 14 days",
                found: size(self.highest_in_14_days),
                source: ASAM,
                passed: at_most(25, self.highest_in_14_days),
            },
        ]
    }

    /// Equal steps at the end are unequal in effect: the last dose before 0 should be the smallest.
    fn last_step(&self) -> Check {
        let smallest = self.smallest.unwrap_or(self.last_dose);
        let found = match self.last_dose <= smallest {
            true => format!("from {} to {}", self.last_dose, self.to),
            false => format!("from {} to {}; {smallest} a day can still be made", self.last_dose, self.to),
        };
        Check {
            code: "last_step",
            title: "Last step is from the smallest dose that can be made",
            found,
            source: "Receptor occupancy is not linear in dose: after Horowitz, read second-hand",
            passed: self.last_dose <= smallest,
        }
    }

    fn days_since_change(&self) -> Check {
        let days = self.last_change_on.map(|on| (self.starts_on - on).num_days());
        let swaps = self.counted_in.is_some() && self.from <= self.to;
        let found = if swaps { "a swap, which lowers nothing" } else { "first reduction" };
        Check {
            code: "under_14_days",
            title: "At least 14 days since the last change",
            found: days.filter(|_| !swaps).map_or(found.to_owned(), |days| format!("{days} days")),
            source: ASAM,
            passed: swaps || days.is_none_or(|days| days >= 14),
        }
    }

    /// A prompt, never a stop: ASAM and others accept a year or more.
    fn length(&self) -> Check {
        let review_on = self.taper_began_on.checked_add_months(Months::new(6)).unwrap_or(NaiveDate::MAX);
        Check {
            code: "over_6_months",
            title: "Taper reviewed as a whole at 6 months",
            found: format!("began on {}", day_text(self.taper_began_on)),
            source: "A review at 6 months is advised by the source of the clonazepam rule (1994); others accept a year",
            passed: self.starts_on < review_on,
        }
    }

    fn makeable(&self) -> Check {
        Check {
            code: "not_makeable",
            title: "Every dose can be made from the products",
            found: if self.makeable { "exactly, without rounding" } else { "at least one cannot" }.to_owned(),
            source: "Arithmetic",
            passed: self.makeable,
        }
    }
}

/// Who has had a seizure or was found confused may go on with the taper; the signature says why.
fn severe_signs(seen: usize) -> Check {
    Check {
        code: "severe_sign",
        title: "No severe sign since the last reduction, nor in the last 4 weeks",
        found: match seen {
            0 => "none".to_owned(),
            1 => "1 severe sign".to_owned(),
            many => format!("{many} severe signs"),
        },
        source: "Stepdown’s own rule: a severe sign is weighed again before the next reduction",
        passed: seen == 0,
    }
}

/// Each signature rests on how the resident is now.
fn score(LastScore { found, fresh }: &LastScore) -> Check {
    Check {
        code: "no_score_in_72_hours",
        title: "Complete score in the last 72 hours",
        found: found.clone(),
        source: "Stepdown’s own rule: a signature rests on how the resident is now",
        passed: *fresh,
    }
}

/// Nine of ten is our own threshold; no guideline gives one.
fn adherence(adherence: Adherence) -> Check {
    Check {
        code: "doses_not_given",
        title: "At least 90% of doses given since the last change",
        found: adherence.to_string(),
        source: "Stepdown’s own threshold, not a published one",
        passed: u64::from(adherence.given) * 10 >= u64::from(adherence.planned) * 9,
    }
}

/// A medicine that is lowered by day and taken again as needed is not lowered; and use that rises says that the last
/// change was felt. Both are our own rules; no guideline gives a number.
fn as_needed(AsNeededUse { last_week, week_before, of_tapered, in_error }: AsNeededUse) -> Check {
    let of_them =
        if of_tapered == 0 { String::new() } else { format!(", {} of the tapered medicine", times(of_tapered)) };
    let wrongly = match in_error {
        0 => String::new(),
        some => format!(", and {} in error of the tapered medicine", times(some)),
    };
    Check {
        code: "as_needed_used",
        title: "As-needed use has not risen, and is not of the tapered medicine",
        found: format!(
            "{} in the last 7 days{of_them}{wrongly}; {} in the 7 before",
            times(last_week),
            times(week_before)
        ),
        source: "Stepdown’s own threshold, not a published one",
        passed: of_tapered + in_error == 0 && last_week <= week_before,
    }
}

fn times(count: u32) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}

/// How much smaller one amount is than another: hundredths of a percent, halves rounded up. 0 where it is not smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CutPercent(u64);

impl CutPercent {
    pub fn of(from: impl Into<Exact>, to: impl Into<Exact>) -> CutPercent {
        CutPercent(from.into().cut_to(to.into(), 10_000))
    }

    /// Hundredths of a percent.
    pub fn hundredths(self) -> u64 {
        self.0
    }
}

/// `33.3%`, at most one decimal, as pages show it.
impl fmt::Display for CutPercent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 + 5) / 10;
        match tenths % 10 {
            0 => write!(f, "{}%", tenths / 10),
            rest => write!(f, "{}.{rest}%", tenths / 10),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::calendar::parse_day;

    fn passage(from: u64, to: u64) -> Passage {
        Passage {
            from: Amount::from_ug(from).into(),
            to: Amount::from_ug(to).into(),
            highest_in_14_days: Amount::from_ug(from).into(),
            counted_in: None,
            last_dose: Amount::from_ug(from),
            starts_on: parse_day("2026-12-07").unwrap(),
            last_change_on: Some(parse_day("2026-11-23").unwrap()),
            taper_began_on: parse_day("2026-11-23").unwrap(),
            smallest: Some(Amount::from_ug(125)),
            makeable: true,
            adherence: Some(Adherence { given: 26, planned: 28, vomited: 0 }),
            as_needed: Some(AsNeededUse::default()),
            severe_signs: Some(0),
            score: None,
        }
    }

    fn asks(passage: &Passage) -> Vec<&'static str> {
        passage.checks().into_iter().filter(|check| !check.passed).map(|check| check.code).collect()
    }

    #[test]
    fn a_limit_is_exact_and_not_what_its_rounded_percentage_says() {
        assert_eq!(asks(&passage(10_000, 9_000)), [""; 0]);
        assert_eq!(asks(&passage(10_000, 8_999)), ["over_10_percent"]);
        assert_eq!(asks(&passage(1_000, 750)), ["over_10_percent"]);
        assert_eq!(
            asks(&passage(1_000_000, 749_999)),
            ["over_10_percent", "over_25_percent", "over_25_percent_in_14_days"]
        );
    }

    #[test]
    fn two_small_cuts_within_14_days_are_one_large_one() {
        let second = Passage { highest_in_14_days: Amount::from_ug(2_000).into(), ..passage(1_500, 1_400) };
        assert_eq!(asks(&second), ["over_25_percent_in_14_days"]);
    }

    #[test]
    fn the_last_step_is_asked_about_the_dose_it_leaves() {
        assert_eq!(asks(&passage(125, 0)), [""; 0]);
        assert_eq!(asks(&passage(250, 0)), ["last_step"]);
    }

    #[test]
    fn haste_length_stock_and_missed_doses_want_a_reason() {
        let hasty = Passage { last_change_on: Some(parse_day("2026-11-24").unwrap()), ..passage(1_000, 900) };
        assert_eq!(asks(&hasty), ["under_14_days"]);
        let long = Passage { taper_began_on: parse_day("2026-06-07").unwrap(), ..passage(1_000, 900) };
        assert_eq!(asks(&long), ["over_6_months"]);
        assert_eq!(asks(&Passage { makeable: false, ..passage(1_000, 900) }), ["not_makeable"]);
        let missed = Adherence { given: 25, planned: 28, vomited: 3 };
        assert_eq!(missed.to_string(), "25 of 28 given and kept, 3 vomited");
        assert_eq!(asks(&Passage { adherence: Some(missed), ..passage(1_000, 900) }), ["doses_not_given"]);
        assert_eq!(asks(&Passage { severe_signs: Some(1), ..passage(1_000, 900) }), ["severe_sign"]);
        let stale = Some(LastScore { found: "never scored".to_owned(), fresh: false });
        assert_eq!(asks(&Passage { score: stale, ..passage(1_000, 900) }), ["no_score_in_72_hours"]);
    }

    #[test]
    fn as_needed_use_that_rises_or_is_of_the_tapered_medicine_wants_a_reason() {
        let used = |last_week, week_before, of_tapered, in_error| {
            let used = Some(AsNeededUse { last_week, week_before, of_tapered, in_error });
            asks(&Passage { as_needed: used, ..passage(1_000, 900) })
        };
        assert_eq!(used(0, 0, 0, 0), [""; 0]);
        assert_eq!(used(2, 2, 0, 0), [""; 0]);
        assert_eq!(used(2, 1, 0, 0), ["as_needed_used"]);
        assert_eq!(used(1, 4, 1, 0), ["as_needed_used"]);
        assert_eq!(used(0, 0, 0, 1), ["as_needed_used"], "what was given beyond a limit was taken all the same");
    }

    #[test]
    fn a_percentage_has_two_decimals_and_halves_go_up() {
        let hundredths = |from, to| CutPercent::of(Amount::from_ug(from), Amount::from_ug(to)).hundredths();
        assert_eq!(hundredths(1_500, 1_000), 3_333);
        assert_eq!(hundredths(3_000, 1_000), 6_667);
        assert_eq!(hundredths(8_000, 7_999), 1);
        assert_eq!(hundredths(20_000, 19_999), 1);
        assert_eq!(hundredths(20_001, 20_000), 0);
        assert_eq!(hundredths(0, 0), 0);
        assert_eq!(CutPercent(833).to_string(), "8.3%");
        assert_eq!(CutPercent(2_500).to_string(), "25%");
    }
}
