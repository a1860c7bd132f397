//! A care home and its wards: the settings that rules depend on.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::calendar::{Slot, Zone};
use super::gradual::rules::GradualRules;
use super::refusal::Refusal;
use super::register::RegisterRules;
use super::round::assessment_due::ScoreRule;
use super::round::due::Windows;
use super::round::identity::asked::Identify;
use super::round::sedation::SedationRule;

/// A care home. It owns the time zone and the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facility {
    pub id: String,
    pub name: String,
    pub zone: Zone,
    pub windows: Windows,
    /// So many minutes after its slot, a dose without a record is asked after by letter.
    pub no_record_minutes: u32,
    /// Doses are laid out for so many days ahead.
    pub horizon_days: u32,
    /// A reduction may be signed at most so many days before it takes effect.
    pub sign_ahead_days: u32,
    /// A person is signed out after so many minutes without use.
    pub idle_minutes: u32,
    /// What is asked for of psychotropic medicines.
    pub gradual: GradualRules,
    /// The sender of the facility's letters.
    pub mail_from: String,
    /// When residents are scored.
    #[serde(default)]
    pub scores: ScoreRule,
    /// Whether sedation is asked for at the dose.
    #[serde(default)]
    pub sedation: SedationRule,
    /// What is checked before a dose is given.
    #[serde(default)]
    pub identify: Identify,
    pub revision: i64,
    /// So many minutes after an as-needed dose the nurse is asked whether it helped.
    pub effect_minutes: u32,
    /// From so many days without doses here on, a prescriber decides at which dose somebody goes on.
    pub away_days: u32,
    /// So many hours whoever made a record of a dose may correct it; a supervisor may at any time.
    pub correction_hours: u32,
    /// Whom to call in an emergency.
    #[serde(default)]
    pub emergency: Emergency,
    /// How the registers of controlled drugs are kept.
    #[serde(default)]
    pub register: RegisterRules,
}

/// Whom to call in an emergency. Both may be empty until the facility has written them down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emergency {
    /// `911`
    pub number: String,
    /// Whom to call as well, and how: `Dr Marsh, 555 0142`.
    pub contact: String,
}

impl Emergency {
    /// `Call 911`, or in words where the facility has written none down.
    pub fn call(&self) -> String {
        if self.number.is_empty() { "Call your emergency number".to_owned() } else { format!("Call {}", self.number) }
    }
}

impl Facility {
    /// When a nurse is asked whether an as-needed dose helped.
    pub fn effect_at(&self, given_at: DateTime<Utc>) -> DateTime<Utc> {
        given_at + TimeDelta::minutes(i64::from(self.effect_minutes))
    }

    /// A dose that was due before this instant, and that nobody recorded, has "no record": its window and the time of
    /// grace are over.
    pub fn no_record_before(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now - self.grace()
    }

    /// When a dose that nobody records begins to have "no record".
    pub fn no_record_at(&self, due_at: DateTime<Utc>) -> DateTime<Utc> {
        due_at + self.grace()
    }

    fn grace(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.no_record_minutes.max(self.windows.late_minutes)))
    }
}

/// A ward. It owns the rounds and the mailbox for reminders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    pub id: String,
    pub facility: String,
    pub name: String,
    pub mailbox: String,
    /// In order of the day.
    pub rounds: Vec<Slot>,
    pub revision: i64,
}

/// The least and the most that a setting may be; the database checks the same.
pub type Bounds = (u32, u32);

pub const WINDOW_MINUTES: Bounds = (0, 240);
pub const NO_RECORD_MINUTES: Bounds = (15, 1440);
pub const HORIZON_DAYS: Bounds = (2, 60);
pub const SIGN_AHEAD_DAYS: Bounds = (1, 28);
pub const IDLE_MINUTES: Bounds = (2, 120);
/// A quarter has room for one attempt.
pub const GRADUAL_ATTEMPTS: Bounds = (1, 4);
/// With 90 days between them, four attempts just fit into a year.
pub const GRADUAL_BETWEEN_DAYS: Bounds = (1, 90);
pub const GRADUAL_CONTRAINDICATION_DAYS: Bounds = (30, 730);
pub const EFFECT_MINUTES: Bounds = (30, 60);
pub const SCORE_CHANGE_DAYS: Bounds = (0, 90);
pub const SCORE_ZERO_DAYS: Bounds = (0, 180);
pub const AWAY_DAYS: Bounds = (1, 14);
/// A shift, and at most three days.
pub const CORRECTION_HOURS: Bounds = (1, 72);

impl Facility {
    /// A new house with the settings that clinical practice suggests.
    pub fn new(id: String, name: String, zone: Zone) -> Facility {
        let windows = Windows { early_minutes: 60, late_minutes: 60 };
        Facility {
            id,
            name,
            zone,
            windows,
            no_record_minutes: 120,
            horizon_days: 14,
            sign_ahead_days: 7,
            idle_minutes: 10,
            gradual: GradualRules::default(),
            mail_from: String::new(),
            scores: ScoreRule::default(),
            sedation: SedationRule::default(),
            identify: Identify::default(),
            revision: 0,
            effect_minutes: 45,
            away_days: 3,
            correction_hours: 12,
            emergency: Emergency::default(),
            register: RegisterRules::default(),
        }
    }
}

/// Reads a whole number within bounds.
pub fn number_between(typed: &str, (least, most): Bounds) -> Result<u32, Refusal> {
    let typed = typed.trim();
    let number = typed.bytes().all(|b| b.is_ascii_digit()).then(|| typed.parse::<u32>().ok()).flatten();
    number.filter(|number| (least..=most).contains(number)).ok_or(Refusal::NumberOutOfRange { least, most })
}

/// Reads a line of plain text that says whom to call.
pub fn call_text(typed: &str, most: usize) -> Result<String, Refusal> {
    let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > most { Err(Refusal::CallTextLong { most }) } else { Ok(line) }
}

/// Reads the times of a unit's rounds: `08:00 12:00 20:00`, in any order, with blanks or commas between.
pub fn rounds(typed: &str) -> Result<Vec<Slot>, Refusal> {
    let words = typed.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    let mut rounds: Vec<Slot> = words.map(str::parse).collect::<Result<_, _>>().map_err(|_| Refusal::RoundsMissing)?;
    rounds.sort();
    let each_once = rounds.windows(2).all(|pair| pair[0] != pair[1]);
    if (1..=12).contains(&rounds.len()) && each_once { Ok(rounds) } else { Err(Refusal::RoundsMissing) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_read_in_order_and_each_once() {
        let read = rounds("20:00, 08:00 12:00").map(|all| all.iter().map(Slot::to_string).collect::<Vec<_>>());
        assert_eq!(read, Ok(vec!["08:00".to_owned(), "12:00".to_owned(), "20:00".to_owned()]));
        for odd in ["", "8:00", "08:00 08:00", "24:00", "08.00"] {
            assert_eq!(rounds(odd), Err(Refusal::RoundsMissing), "{odd}");
        }
    }

    #[test]
    fn numbers_are_whole_and_within_bounds() {
        assert_eq!(number_between(" 7 ", SIGN_AHEAD_DAYS), Ok(7));
        for odd in ["", "0", "29", "-1", "1.5", "٣", "99999999999"] {
            assert!(number_between(odd, SIGN_AHEAD_DAYS).is_err(), "{odd}");
        }
    }
}
