//! The only clock in the house: everything else is told what time it is.
#![allow(clippy::disallowed_methods, reason = "this is the one place that asks the machine for the time")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Tells the time in whole seconds. Clones tell the same time.
#[derive(Debug, Clone)]
pub struct Clock(Hands);

#[derive(Debug, Clone)]
enum Hands {
    /// The machine's time and this much more: none for real work, a start of one's choosing for the demo.
    Running(TimeDelta),
    /// Seconds since 1970, standing still until somebody moves them: for tests.
    Standing(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's own time.
    pub fn system() -> Clock {
        Clock(Hands::Running(TimeDelta::zero()))
    }

    /// A clock that shows `start` now and runs on from there.
    pub fn starting_at(start: DateTime<Utc>) -> Clock {
        Clock(Hands::Running(start - Utc::now()))
    }

    /// A clock that stands still until it is set.
    pub fn fixed(at: DateTime<Utc>) -> Clock {
        Clock(Hands::Standing(Arc::new(AtomicI64::new(at.timestamp()))))
    }

    /// Moves a standing clock, and every clone of it; a running clock is nobody's to set.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Hands::Standing(seconds) = &self.0 {
            seconds.store(at.timestamp(), Ordering::SeqCst);
        }
    }

    /// The time, in whole seconds.
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Hands::Running(ahead) => (Utc::now() + *ahead).trunc_subsecs(0),
            Hands::Standing(seconds) => {
                DateTime::from_timestamp(seconds.load(Ordering::SeqCst), 0).expect("it was set from a valid time")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    #[test]
    fn a_fixed_clock_and_its_clones_stand_still_until_they_are_set() {
        let clock = Clock::fixed(at("2026-11-20T08:12:00Z"));
        let clone = clock.clone();
        assert_eq!(clone.now(), at("2026-11-20T08:12:00Z"));
        clock.set(at("2026-11-21T00:00:00Z"));
        assert_eq!(clone.now(), at("2026-11-21T00:00:00Z"));
    }

    #[test]
    fn a_clock_started_elsewhere_runs_in_whole_seconds() {
        let start = at("2030-01-01T00:00:00Z");
        let shown = Clock::starting_at(start).now();
        assert!(shown >= start - TimeDelta::seconds(1) && shown < start + TimeDelta::seconds(5));
        assert_eq!(shown.timestamp_subsec_nanos(), 0);
    }
}
