//! A clock that leaps: what it shows, held against what has run meanwhile.

use chrono::{DateTime, TimeDelta, Utc};

/// Less is a clock that was put right. A leap of so much could have letters leave in the wrong hour.
const NOTICED: TimeDelta = TimeDelta::minutes(15);

/// What the clock shows, and for how long something has been running that nobody sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    pub shows: DateTime<Utc>,
    pub ran: TimeDelta,
}

/// What is found when somebody looks at the clock again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It leapt, from what it should have shown to what it shows.
    Ahead { from: DateTime<Utc>, to: DateTime<Utc> },
    /// It had leapt, and shows again what it should.
    Right,
    /// It was set back, and nobody watched when it leapt.
    Back,
}

/// Somebody who looks at the clock again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watch {
    /// The last time at which nobody doubted it; none where it was in doubt before anybody watched.
    trusted: Option<Reading>,
    last: Reading,
}

impl Watch {
    /// The first look believes what it sees.
    pub fn new(now: Reading) -> Watch {
        Watch { trusted: Some(now), last: now }
    }

    /// It was in doubt before this first look.
    pub fn in_doubt(self) -> Watch {
        Watch { trusted: None, ..self }
    }

    pub fn look(&mut self, now: Reading) -> Option<Found> {
        let leapt = now.leapt_since(self.last);
        self.last = now;
        if leapt > NOTICED {
            Some(Found::Ahead { from: now.shows - leapt, to: now.shows })
        } else if -leapt > NOTICED {
            self.set_back(now)
        } else {
            None
        }
    }

    fn set_back(&self, now: Reading) -> Option<Found> {
        match self.trusted {
            None => Some(Found::Back),
            Some(trusted) => (now.leapt_since(trusted).abs() <= NOTICED).then_some(Found::Right),
        }
    }

    /// Nobody doubts what was seen last.
    pub fn trust(&mut self) {
        self.trusted = Some(self.last);
    }
}

impl Reading {
    fn leapt_since(self, before: Reading) -> TimeDelta {
        (self.shows - before.shows) - (self.ran - before.ran)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Minutes that it shows, and minutes that have run.
    fn reading(shows: i64, ran: i64) -> Reading {
        Reading { shows: DateTime::UNIX_EPOCH + TimeDelta::minutes(shows), ran: TimeDelta::minutes(ran) }
    }

    fn ahead(from: i64, to: i64) -> Option<Found> {
        Some(Found::Ahead { from: reading(from, 0).shows, to: reading(to, 0).shows })
    }

    #[test]
    fn a_clock_that_runs_or_is_put_right_by_a_quarter_of_an_hour_does_not_leap() {
        for (shows, ran) in [(1_000, 0), (1_001, 1), (9_000, 8_000), (1_016, 1), (986, 1), (9_015, 8_000)] {
            assert_eq!(Watch::new(reading(1_000, 0)).look(reading(shows, ran)), None, "{shows} after {ran}");
        }
    }

    #[test]
    fn a_leap_is_found_once_and_that_it_is_right_again_however_long_that_took() {
        let mut watch = Watch::new(reading(1_000, 5));
        assert_eq!(watch.look(reading(2_441, 6)), ahead(1_001, 2_441));
        assert_eq!(watch.look(reading(2_442, 7)), None);
        assert_eq!(watch.look(reading(1_500, 8)), None, "set back, and not to what it should show");
        assert_eq!(watch.look(reading(5_501, 4_009)), None);
        assert_eq!(watch.look(reading(5_006, 4_010)), Some(Found::Right));
    }

    /// What it should show nobody knows; that it was set back is seen.
    #[test]
    fn what_was_in_doubt_before_anybody_watched_is_set_back_by_any_leap_back() {
        let mut watch = Watch::new(reading(2_441, 0)).in_doubt();
        assert_eq!(watch.look(reading(2_442, 1)), None);
        assert_eq!(watch.look(reading(2_430, 2)), None, "put right by a few minutes");
        assert_eq!(watch.look(reading(1_500, 3)), Some(Found::Back));
        watch.trust();
        assert_eq!(watch.look(reading(1_000, 4)), None);
    }

    #[test]
    fn what_somebody_has_said_is_right_is_believed_and_setting_it_back_finds_nothing() {
        let mut watch = Watch::new(reading(1_000, 0));
        assert_eq!(watch.look(reading(2_000, 1)), ahead(1_001, 2_000));
        watch.trust();
        assert_eq!(watch.look(reading(1_002, 2)), None);
        assert_eq!(watch.look(reading(2_002, 3)), ahead(1_003, 2_002));
    }
}
