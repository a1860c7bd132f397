//! When so many doses of a plan were not given that its prescriber must know: a taper never becomes an abrupt stop in
//! silence. Two doses in a row, three in 7 days, or one that was not available (the rule of the house, not a published
//! figure). An alert is found by looking at the doses, and stands until somebody has acknowledged it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use crate::care::refusal::Refusal;
use crate::care::taper::rationale::tidy;

/// Doses further apart than a week are not in one row, nor of one week.
pub const WEEK_DAYS: i64 = 7;

/// A dose of a plan above 0 mg, as far as an alert looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoseSeen {
    /// The dose's id.
    pub dose: String,
    pub on: NaiveDate,
    pub due_at: DateTime<Utc>,
    /// None: it was given, or a part of it; or nobody knows yet.
    pub not_given: Option<NotGiven>,
    /// Somebody has acknowledged an alert about it.
    pub known: bool,
}

/// That a dose was not given, and since when the house knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotGiven {
    pub how: HowNot,
    pub since: DateTime<Utc>,
}

/// How a dose came not to be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HowNot {
    Recorded(Outcome),
    /// It was given, and vomited so soon that it may not have stayed.
    Vomited,
    /// Nobody recorded it, and the time of grace is over.
    NoRecord,
}

/// Why there is an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    NotAvailable,
    TwoInARow,
    ThreeInAWeek,
}

impl Because {
    /// As it is said: "two doses in a row were not given".
    pub fn text(self) -> &'static str {
        match self {
            Because::NotAvailable => "a dose was not available",
            Because::TwoInARow => "two doses in a row were not given",
            Because::ThreeInAWeek => "three doses in 7 days were not given",
        }
    }
}

/// `a dose was not available, and two doses in a row were not given`
pub fn because_text(because: &BTreeSet<Because>) -> String {
    because.iter().map(|one| one.text()).collect::<Vec<_>>().join(", and ")
}

/// Doses of a plan that people must hear of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaperAlert {
    pub because: BTreeSet<Because>,
    /// When the dose was due that raised it: the same alert has the same time, however many doses it grows by.
    pub raised_by: DateTime<Utc>,
    /// Since when the house knows.
    pub since: DateTime<Utc>,
    /// The doses not given that raised it and that nobody has acknowledged, in order of their time.
    pub doses: Vec<String>,
}

/// What somebody did about an alert, written down for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertAcknowledgement {
    pub id: String,
    pub of_plan: String,
    pub because: BTreeSet<Because>,
    /// The doses that the page showed as not given.
    pub doses: Vec<String>,
    pub since: DateTime<Utc>,
    /// What was done about it.
    pub done: String,
    pub acknowledged_by: String,
    pub acknowledged_at: DateTime<Utc>,
}

/// The doses of one time of day: two medicines at one time are one dose to the resident.
struct Time<'a> {
    on: NaiveDate,
    at: DateTime<Utc>,
    not_given: Vec<&'a DoseSeen>,
}

impl Time<'_> {
    fn missed(&self) -> bool {
        !self.not_given.is_empty()
    }

    /// One of its doses was not given, and nobody has acknowledged that.
    fn is_new(&self) -> bool {
        self.not_given.iter().any(|dose| !dose.known)
    }

    fn not_available(&self) -> bool {
        let how = |dose: &&DoseSeen| dose.not_given.map(|not| not.how);
        let outcome = Some(HowNot::Recorded(Outcome::NotAvailable));
        self.not_given.iter().filter(|dose| !dose.known).any(|dose| how(dose) == outcome)
    }
}

impl TaperAlert {
    /// The alert that stands over some doses of one plan. It holds at least one dose that nobody has acknowledged.
    pub fn of(doses: &[DoseSeen]) -> Option<TaperAlert> {
        let times = times(doses);
        let found: Vec<(usize, Vec<Because>)> = (0..times.len()).map(|nth| (nth, because(&times[..=nth]))).collect();
        let raising: Vec<&Time> =
            found.iter().filter(|(_, why)| !why.is_empty()).map(|(nth, _)| &times[*nth]).collect();
        let raised = found.iter().find(|(_, because)| !because.is_empty())?.0;
        let led_there = times[..=raised].iter().filter(|time| near(time, &times[raised]));
        let since = led_there.flat_map(|time| &time.not_given).filter_map(|dose| dose.not_given).map(|not| not.since);
        // A dose that was missed alone, weeks before or after, is no part of it.
        let about = times.iter().filter(|time| raising.iter().any(|one| near(time, one)));
        let unknown = about.flat_map(|time| &time.not_given).filter(|dose| !dose.known);
        Some(TaperAlert {
            since: since.max()?,
            raised_by: times[raised].at,
            doses: unknown.map(|dose| dose.dose.clone()).collect(),
            because: found.into_iter().flat_map(|(_, because)| because).collect(),
        })
    }

    /// Somebody says what they did about the alert that their page showed.
    pub fn acknowledge(&self, shown: &[String], done: &str) -> Result<String, Refusal> {
        let same = shown.iter().collect::<BTreeSet<_>>() == self.doses.iter().collect();
        if !same {
            return Err(Refusal::AlertMoved);
        }
        let done = tidy(done);
        match done.chars().count() {
            0 => Err(Refusal::AlertUnanswered),
            1..=LONGEST_ANSWER => Ok(done),
            _ => Err(Refusal::NoteTooLong),
        }
    }
}

const LONGEST_ANSWER: usize = 500;

/// The times at which something was due, the first one first.
fn times(doses: &[DoseSeen]) -> Vec<Time<'_>> {
    let mut times: BTreeMap<DateTime<Utc>, Time> = BTreeMap::new();
    for dose in doses {
        let time = times.entry(dose.due_at).or_insert(Time { on: dose.on, at: dose.due_at, not_given: Vec::new() });
        time.not_given.extend(dose.not_given.map(|_| dose));
    }
    times.into_values().collect()
}

fn near(one: &Time, other: &Time) -> bool {
    (other.on - one.on).num_days().abs() < WEEK_DAYS
}

/// What holds of the last of some times, looking back.
fn because(times: &[Time]) -> Vec<Because> {
    let Some((last, before)) = times.split_last().filter(|(last, _)| last.missed()) else { return Vec::new() };
    let neighbour = before.last().filter(|time| time.missed() && near(time, last));
    let in_a_row = neighbour.is_some_and(|neighbour| neighbour.is_new() || last.is_new());
    let week = || times.iter().filter(|time| time.missed() && near(time, last));
    let in_a_week = week().count() >= 3 && week().any(Time::is_new);
    let all = [
        (Because::NotAvailable, last.not_available()),
        (Because::TwoInARow, in_a_row),
        (Because::ThreeInAWeek, in_a_week),
    ];
    all.into_iter().filter(|(_, holds)| *holds).map(|(because, _)| because).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twice a day from 1 November: `.` given, `R` refused, `N` not available, `?` nobody recorded it; small letters are
    /// known already.
    fn doses(text: &str) -> Vec<DoseSeen> {
        let first: DateTime<Utc> = "2026-11-01T08:00:00Z".parse().unwrap_or_default();
        let dose = |(nth, letter): (usize, char)| {
            let due_at = first + chrono::TimeDelta::hours(12) * nth as i32;
            let how = match letter.to_ascii_uppercase() {
                'R' => Some(HowNot::Recorded(Outcome::Refused)),
                'N' => Some(HowNot::Recorded(Outcome::NotAvailable)),
                '?' => Some(HowNot::NoRecord),
                _ => None,
            };
            DoseSeen {
                dose: nth.to_string(),
                on: due_at.date_naive(),
                due_at,
                not_given: how.map(|how| NotGiven { how, since: due_at }),
                known: letter.is_ascii_lowercase(),
            }
        };
        text.chars().enumerate().map(dose).collect()
    }

    fn told(text: &str) -> Option<(String, String)> {
        TaperAlert::of(&doses(text)).map(|alert| (because_text(&alert.because), alert.doses.join(" ")))
    }

    fn says(because: &str, doses: &str) -> Option<(String, String)> {
        Some((because.to_owned(), doses.to_owned()))
    }

    #[test]
    fn two_doses_in_a_row_or_three_in_a_week_or_one_not_available() {
        assert_eq!(told("..R.R......"), None);
        assert_eq!(told("..RR..."), says("two doses in a row were not given", "2 3"));
        assert_eq!(told("R?."), says("two doses in a row were not given", "0 1"));
        assert_eq!(told("R....R......R"), says("three doses in 7 days were not given", "0 5 12"));
        assert_eq!(told("R....R.......R"), says("three doses in 7 days were not given", "0 5 13"), "the seventh day");
        assert_eq!(told("R....R........R"), None, "the eighth day");
        assert_eq!(told("..N"), says("a dose was not available", "2"));
        assert_eq!(told("?...?"), None);
    }

    #[test]
    fn it_stands_until_somebody_acknowledges_it_however_many_doses_are_given_after_it() {
        let raised = TaperAlert::of(&doses("RR"));
        assert!(raised.is_some());
        assert_eq!(TaperAlert::of(&doses("RR............................")), raised);
        assert_eq!(told("rr..."), None);
    }

    #[test]
    fn after_that_it_takes_a_new_dose_not_given() {
        assert_eq!(told("rr."), None);
        let both = "two doses in a row were not given, and three doses in 7 days were not given";
        assert_eq!(told("rrR"), says(both, "2"), "the row goes on");
        assert_eq!(told("r.r.R"), says("three doses in 7 days were not given", "4"));
        assert_eq!(told("rr.R......."), says("three doses in 7 days were not given", "3"));
        assert_eq!(told("rr.............R"), None);
        assert_eq!(told("nN"), says("a dose was not available, and two doses in a row were not given", "1"));
    }

    #[test]
    fn a_dose_missed_alone_long_before_or_after_is_no_part_of_it() {
        assert_eq!(told("R................RR"), says("two doses in a row were not given", "17 18"));
        assert_eq!(told("RR................R"), says("two doses in a row were not given", "0 1"));
        let three = "two doses in a row were not given, and three doses in 7 days were not given";
        assert_eq!(told("R.....RR"), says(three, "0 6 7"), "of the same week");
    }

    #[test]
    fn two_medicines_at_one_time_are_one_dose() {
        let mut both = doses("R..");
        both.push(DoseSeen { dose: "other".into(), ..both[0].clone() });
        assert_eq!(TaperAlert::of(&both), None);
        let mut one_of_each = doses("R.");
        let other = DoseSeen { dose: "other".into(), not_given: one_of_each[0].not_given, ..one_of_each[1].clone() };
        one_of_each.push(other);
        assert!(TaperAlert::of(&one_of_each).is_some(), "neither time was whole");
    }

    #[test]
    fn what_is_acknowledged_is_what_the_page_showed_and_says_what_was_done() {
        let alert = TaperAlert::of(&doses("RR")).expect("two in a row");
        let shown = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        assert_eq!(alert.acknowledge(&shown(&["0"]), "Called."), Err(Refusal::AlertMoved));
        assert_eq!(alert.acknowledge(&shown(&["1", "0"]), "  \u{a0} "), Err(Refusal::AlertUnanswered));
        assert_eq!(alert.acknowledge(&shown(&["1", "0"]), &"x".repeat(501)), Err(Refusal::NoteTooLong));
        assert_eq!(alert.acknowledge(&shown(&["0", "1"]), " Called. "), Ok("Called.".to_owned()));
    }
}
