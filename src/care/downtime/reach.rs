//! Which doses the paper of one outage holds: those that may have been given from it.

use chrono::{DateTime, TimeDelta, Utc};

use super::BEHIND;
use crate::care::round::due::Windows;

/// When the system was down, and from which pack doses were given meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    pub stopped_at: DateTime<Utc>,
    pub back_at: DateTime<Utc>,
    /// None: nobody knows which pack it was.
    pub printed_at: Option<DateTime<Utc>>,
    pub windows: Windows,
}

impl Reach {
    /// What was recorded later does not stand on the paper: the last entry that it holds was made then, or none is known.
    fn since(&self) -> DateTime<Utc> {
        self.printed_at.map_or(self.stopped_at, |at| at.min(self.stopped_at))
    }

    /// The first and the last instant at which a dose of it is due: a pack reaches a day back, and what was due soon after
    /// the system was back may have been given before.
    pub fn due(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.stopped_at - BEHIND, self.back_at + TimeDelta::minutes(i64::from(self.windows.early_minutes)))
    }

    /// Whether a dose within it stands on the paper. `recorded_at`: when it was recorded, if it is. Of what was due before
    /// the system stopped the pack asks after the open ones.
    pub fn has(&self, due_at: DateTime<Utc>, recorded_at: Option<DateTime<Utc>>) -> bool {
        due_at >= self.stopped_at || recorded_at.is_none_or(|at| at > self.since())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-11-21T{text}:00Z").parse().unwrap()
    }

    fn reach(printed: Option<&str>) -> Reach {
        Reach {
            stopped_at: at("08:30"),
            back_at: at("10:00"),
            printed_at: printed.map(at),
            windows: Windows { early_minutes: 60, late_minutes: 60 },
        }
    }

    #[test]
    fn a_paper_reaches_a_day_back_and_as_far_ahead_as_a_dose_may_be_given_early() {
        let day_before = |time: &str| at(time) - TimeDelta::days(1);
        assert_eq!(reach(None).due(), (day_before("08:30"), at("11:00")));
        let quiet = Reach { printed_at: Some(day_before("02:00")), ..reach(None) };
        assert_eq!(quiet.due(), reach(None).due(), "a pack is made anew where nothing happens, too");
    }

    #[test]
    fn what_was_recorded_before_the_pack_is_not_asked_after() {
        let reach = reach(Some("08:20"));
        assert!(reach.has(at("08:00"), None), "it was open");
        assert!(!reach.has(at("08:00"), Some(at("08:20"))), "its last entry");
        assert!(reach.has(at("08:00"), Some(at("08:25"))), "the pack says that it was open");
        assert!(reach.has(at("09:00"), Some(at("08:19"))), "what was due meanwhile is a line with its record");
    }
}
