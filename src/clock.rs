//! The only clock in the house: everything else is told what time it is.
#![allow(clippy::disallowed_methods, reason = "this is the one place that asks the machine for the time")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use crate::care::leap::Reading;

/// Tells the time in whole seconds. Clones tell the same time.
#[derive(Debug, Clone)]
pub struct Clock(Hands);

#[derive(Debug, Clone)]
enum Hands {
    /// The machine's time and this much more: none for real work, a start of one's choosing for the demo.
    Running(TimeDelta),
    /// Standing still until somebody moves them: for tests.
    Standing(Arc<Standing>),
}

#[derive(Debug)]
struct Standing {
    /// Since 1970.
    seconds: AtomicI64,
    /// How far it has been moved without a leap, in seconds.
    ran: AtomicI64,
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
        Clock(Hands::Standing(Arc::new(Standing { seconds: AtomicI64::new(at.timestamp()), ran: AtomicI64::new(0) })))
    }

    /// Moves a standing clock, and every clone of it, as if the time had passed; a running clock is nobody's to set.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Hands::Standing(standing) = &self.0 {
            let before = standing.seconds.swap(at.timestamp(), Ordering::SeqCst);
            standing.ran.fetch_add(at.timestamp() - before, Ordering::SeqCst);
        }
    }

    /// Has a standing clock show another time without that any time has passed.
    pub fn leap(&self, at: DateTime<Utc>) {
        if let Hands::Standing(standing) = &self.0 {
            standing.seconds.store(at.timestamp(), Ordering::SeqCst);
        }
    }

    /// What it shows, beside what nobody can set.
    pub fn reading(&self) -> Reading {
        let ran = match &self.0 {
            Hands::Running(_) => running_for(),
            Hands::Standing(standing) => TimeDelta::seconds(standing.ran.load(Ordering::SeqCst)),
        };
        Reading { shows: self.now(), ran }
    }

    /// The time, in whole seconds.
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Hands::Running(ahead) => (Utc::now() + *ahead).trunc_subsecs(0),
            Hands::Standing(standing) => {
                let seconds = standing.seconds.load(Ordering::SeqCst);
                DateTime::from_timestamp(seconds, 0).expect("it was set from a valid time")
            }
        }
    }
}

/// How long the machine has been up, its sleep among that: a laptop that was closed has not leapt.
#[cfg(target_os = "linux")]
fn running_for() -> TimeDelta {
    TimeDelta::seconds(rustix::time::clock_gettime(rustix::time::ClockId::Boottime).tv_sec)
}

/// How long the program has run.
#[cfg(not(target_os = "linux"))]
fn running_for() -> TimeDelta {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    TimeDelta::from_std(START.elapsed()).unwrap_or(TimeDelta::MAX)
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
    fn a_standing_clock_leaps_without_that_time_has_passed_and_a_running_one_passes_it() {
        let clock = Clock::fixed(at("2026-11-20T08:00:00Z"));
        let first = clock.reading();
        clock.set(at("2026-11-20T09:00:00Z"));
        clock.leap(at("2026-11-21T09:00:00Z"));
        let leapt = clock.reading();
        assert_eq!((leapt.shows - first.shows, leapt.ran - first.ran), (TimeDelta::hours(25), TimeDelta::hours(1)));
        let (early, late) = (Clock::system().reading(), Clock::starting_at(at("2030-01-01T00:00:00Z")).reading());
        assert!(late.ran - early.ran < TimeDelta::seconds(5) && early.ran >= TimeDelta::zero());
    }

    #[test]
    fn a_clock_started_elsewhere_runs_in_whole_seconds() {
        let start = at("2030-01-01T00:00:00Z");
        let shown = Clock::starting_at(start).now();
        assert!(shown >= start - TimeDelta::seconds(1) && shown < start + TimeDelta::seconds(5));
        assert_eq!(shown.timestamp_subsec_nanos(), 0);
    }
}
