//! How near a late dose may come to the doses beside it. Less than the plan's least interval wants the word of a
//! prescriber: two doses of a sedative close together are too much at once.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::care::calendar::{Zone, clock_text};
use crate::care::people::Staff;
use crate::care::refusal::Refusal;
use crate::care::taper::telephone::called_at;

/// Another dose of the same medicine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Beside {
    /// It was given, or a part of it.
    Given(DateTime<Utc>),
    /// A later one that nobody has recorded.
    Due(DateTime<Utc>),
}

/// The doses beside a late one, and how far they have to be from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    pub least_hours: u32,
    pub beside: Vec<Beside>,
}

/// What a nurse writes down of the call in which a prescriber said that a late dose may be given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordAsk {
    /// The prescriber's id.
    pub prescriber: String,
    /// As typed on the facility's clock: `08:10`.
    pub called_at: String,
    pub read_back: bool,
}

/// A prescriber's word, by telephone and read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// The prescriber's id.
    pub by: String,
    pub at: DateTime<Utc>,
}

/// When somebody gave the dose, and who writes it down where and when.
#[derive(Debug, Clone, Copy)]
pub struct Giving<'a> {
    pub by: &'a Staff,
    pub given_at: DateTime<Utc>,
    pub zone: Zone,
    pub now: DateTime<Utc>,
}

impl Interval {
    /// The dose beside it that is too near to one given at an instant; of several the nearest.
    pub fn too_near(&self, at: DateTime<Utc>) -> Option<Beside> {
        let near = |one: &&Beside| match one {
            Beside::Given(given) => (*given - at).abs() < self.least(),
            Beside::Due(due) => *due - at < self.least(),
        };
        self.beside.iter().filter(near).min_by_key(|one| (one.at() - at).abs()).copied()
    }

    /// From when and until when it can be given without a prescriber's word, looked at from an instant on; the first is none
    /// where nothing was given before, the second none where nothing comes.
    pub fn span(&self, now: DateTime<Utc>) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let before = self.beside.iter().filter_map(|one| match one {
            Beside::Given(given) if *given <= now => Some(*given + self.least()),
            _ => None,
        });
        let after = self.beside.iter().filter_map(|one| match one {
            Beside::Due(at) => Some(*at - self.least()),
            Beside::Given(at) if *at > now => Some(*at - self.least()),
            Beside::Given(_) => None,
        });
        (before.max(), after.min())
    }

    /// Whether a late dose may be given, or could be recorded as given: none where it is far enough from the others; the
    /// prescriber's word where it is not.
    pub fn word(&self, ask: &WordAsk, giving: &Giving) -> Result<Option<Word>, Refusal> {
        let Some(near) = self.too_near(giving.given_at) else { return Ok(None) };
        if *ask == WordAsk::default() {
            return Err(self.short(near, giving));
        }
        if ask.prescriber.is_empty() {
            return Err(Refusal::CallPrescriber);
        }
        if ask.prescriber == giving.by.person {
            return Err(Refusal::CallSelf);
        }
        let at = called_at(&ask.called_at, giving.zone, giving.now)?;
        if at > giving.given_at {
            return Err(Refusal::WordAfter);
        }
        if !ask.read_back {
            return Err(Refusal::ReadBackMissing);
        }
        Ok(Some(Word { by: ask.prescriber.clone(), at }))
    }

    fn short(&self, near: Beside, giving: &Giving) -> Refusal {
        let at = clock_text(giving.zone, near.at(), giving.now);
        let what = match near {
            Beside::Given(_) => format!("A dose was given at {at}"),
            Beside::Due(_) => format!("The next dose is due at {at}"),
        };
        Refusal::IntervalShort { what, hours: self.least_hours }
    }

    fn least(&self) -> TimeDelta {
        TimeDelta::hours(self.least_hours.into())
    }
}

impl Beside {
    pub fn at(self) -> DateTime<Utc> {
        match self {
            Beside::Given(at) | Beside::Due(at) => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-11-20T{text}:00Z").parse().unwrap_or_default()
    }

    /// The dose of the night was given at 02:30; that of 20:00 is to come.
    fn interval() -> Interval {
        Interval { least_hours: 6, beside: vec![Beside::Given(at("02:30")), Beside::Due(at("20:00"))] }
    }

    fn word(ask: &WordAsk, given_at: &str) -> Result<Option<Word>, Refusal> {
        let by = Staff { person: "nurse".into(), name: "N".into(), facility: "alder".into() };
        interval().word(ask, &Giving { by: &by, given_at: at(given_at), zone: Zone::UTC, now: at("15:00") })
    }

    #[test]
    fn between_two_doses_lies_the_least_interval_to_the_second() {
        for (given, near) in [("08:29", true), ("08:30", false), ("14:00", false), ("14:01", true), ("20:00", true)] {
            assert_eq!(interval().too_near(at(given)).is_some(), near, "{given}");
        }
        assert_eq!(interval().span(at("12:00")), (Some(at("08:30")), Some(at("14:00"))));
        let overdue = Interval { least_hours: 6, beside: vec![Beside::Due(at("08:00"))] };
        assert!(overdue.too_near(at("09:00")).is_some(), "the next one is due already");
    }

    #[test]
    fn nearer_than_that_a_prescriber_says_so_before_it_is_given() {
        let short = Refusal::IntervalShort { what: "The next dose is due at 20:00".into(), hours: 6 };
        assert_eq!(word(&WordAsk::default(), "15:00"), Err(short));
        let ask = WordAsk { prescriber: "doctor".into(), called_at: "14:50".into(), read_back: true };
        assert_eq!(word(&ask, "15:00"), Ok(Some(Word { by: "doctor".into(), at: at("14:50") })));
        assert_eq!(word(&ask, "12:00"), Ok(None), "no word is wanted");
        assert_eq!(word(&ask, "14:30"), Err(Refusal::WordAfter));
        assert_eq!(word(&WordAsk { read_back: false, ..ask.clone() }, "15:00"), Err(Refusal::ReadBackMissing));
        assert_eq!(word(&WordAsk { prescriber: "nurse".into(), ..ask.clone() }, "15:00"), Err(Refusal::CallSelf));
        assert_eq!(word(&WordAsk { prescriber: "".into(), ..ask.clone() }, "15:00"), Err(Refusal::CallPrescriber));
        assert_eq!(word(&WordAsk { called_at: "soon".into(), ..ask }, "15:00"), Err(Refusal::CallTime));
    }
}
