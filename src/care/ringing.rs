//! When the bell counts as silent: reminders are late then, and every page that people rely on says so.

use chrono::{DateTime, TimeDelta, Utc};

/// A bell that rings does so twice as often at least, whatever its mail server does to it.
pub const LONGEST_SILENCE: TimeDelta = TimeDelta::seconds(120);

/// How long the bell has been silent, where that is too long; none while it rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// It never rang.
    Ever,
    Since(TimeDelta),
    /// It last rang later than now: the clock was set back, and it has not rung since.
    BeforeTheClockWentBack,
}

impl Silence {
    pub fn of(rang: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<Silence> {
        let Some(rang) = rang else { return Some(Silence::Ever) };
        let silent = now - rang;
        if silent > LONGEST_SILENCE {
            Some(Silence::Since(silent))
        } else if -silent > LONGEST_SILENCE {
            Some(Silence::BeforeTheClockWentBack)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bell_is_silent_after_120_seconds_and_not_before() {
        let rang = DateTime::from_timestamp(1_795_161_600, 0);
        let after = |seconds| Silence::of(rang, rang.expect("a time") + TimeDelta::seconds(seconds));
        assert_eq!((after(0), after(120)), (None, None));
        assert_eq!(after(121), Some(Silence::Since(TimeDelta::seconds(121))));
        assert_eq!(Silence::of(None, rang.expect("a time")), Some(Silence::Ever));
    }

    /// A clock that was ahead by a day would otherwise hide a dead bell for a day.
    #[test]
    fn a_bell_that_rang_in_the_future_has_not_rung() {
        let rang = DateTime::from_timestamp(1_795_161_600, 0);
        let before = |seconds| Silence::of(rang, rang.expect("a time") - TimeDelta::seconds(seconds));
        assert_eq!(before(120), None);
        assert_eq!(before(121), Some(Silence::BeforeTheClockWentBack));
    }
}
