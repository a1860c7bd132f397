//! What is measured beside a score: pulse and blood pressure, both optional, and a clock time.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::care::calendar::{Slot, Zone, days_before};
use crate::care::refusal::Refusal;

/// Beats a minute.
const PULSE: std::ops::RangeInclusive<u32> = 20..=250;
/// Millimetres of mercury.
const SYSTOLIC: std::ops::RangeInclusive<u32> = 40..=300;
const DIASTOLIC: std::ops::RangeInclusive<u32> = 20..=200;

/// What happened longer ago is not scored from memory; and a time that is still to come is not taken for yesterday's.
const HOURS_BACK: i64 = 12;

/// Blood pressure in mm Hg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pressure {
    pub systolic: u32,
    pub diastolic: u32,
}

/// Reads a pulse; empty: not taken.
pub fn pulse(text: &str) -> Result<Option<u32>, Refusal> {
    match text.trim() {
        "" => Ok(None),
        text => number(text).filter(|beats| PULSE.contains(beats)).map(Some).ok_or(Refusal::PulseUnreadable),
    }
}

/// Reads a blood pressure written `120/80`; empty: not taken.
pub fn pressure(text: &str) -> Result<Option<Pressure>, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let read = || {
        let (systolic, diastolic) = text.split_once('/')?;
        let pressure = Pressure { systolic: number(systolic.trim())?, diastolic: number(diastolic.trim())? };
        let sound = SYSTOLIC.contains(&pressure.systolic) && DIASTOLIC.contains(&pressure.diastolic);
        (sound && pressure.diastolic < pressure.systolic).then_some(pressure)
    };
    read().map(Some).ok_or(Refusal::PressureUnreadable)
}

fn number(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// When it was assessed: a clock time of the last 12 hours; empty: now. In the hour that clocks repeat it is the first.
pub fn assessed_at(text: &str, zone: Zone, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(now);
    }
    let time: Slot = text.parse().map_err(|_| Refusal::AssessedAtUnreadable)?;
    let today = zone.day(now);
    let earliest = now - TimeDelta::hours(HOURS_BACK);
    let days = [today, days_before(today, 1)].map(|on| zone.at(on, time));
    days.into_iter().find(|at| (earliest..=now).contains(at)).ok_or(Refusal::AssessedAtUnreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pulse_and_a_pressure_are_read_or_refused() {
        assert_eq!((pulse(""), pulse(" 72 ")), (Ok(None), Ok(Some(72))));
        assert_eq!(pressure(" 120 / 80"), Ok(Some(Pressure { systolic: 120, diastolic: 80 })));
        for odd in ["19", "251", "-72", "72.5", "seventy"] {
            assert_eq!(pulse(odd), Err(Refusal::PulseUnreadable), "{odd}");
        }
        for odd in ["120", "80/120", "120/120", "301/80", "120/19", "120-80", "/", "120/80/60"] {
            assert_eq!(pressure(odd), Err(Refusal::PressureUnreadable), "{odd}");
        }
    }

    #[test]
    fn a_clock_time_is_the_last_one_there_was() {
        let now: DateTime<Utc> = "2026-11-20T08:12:00Z".parse().unwrap();
        let at = |text: &str| assessed_at(text, Zone::UTC, now).map(|at| at.to_rfc3339());
        assert_eq!(at("08:10"), Ok("2026-11-20T08:10:00+00:00".to_owned()));
        assert_eq!(at("23:00"), Ok("2026-11-19T23:00:00+00:00".to_owned()), "of the night before");
        for odd in ["08:13", "20:11", "8"] {
            assert_eq!(at(odd), Err(Refusal::AssessedAtUnreadable), "{odd}");
        }
    }
}
