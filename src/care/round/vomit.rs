//! That a resident vomited after a dose: what was seen, and whether the dose may not have stayed. It is never repeated
//! without a prescriber's word, because nobody can see how much of it was taken up.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::care::calendar::{Slot, Zone};
use crate::care::refusal::Refusal;
use crate::care::taper::rationale::tidy;

/// After an hour a dose by mouth has probably left the stomach (Pharmacist's Letter, September 2009, on repeating a dose
/// after vomiting). Up to then it counts as one that may not have stayed.
pub const MAY_NOT_STAY: TimeDelta = TimeDelta::minutes(60);

/// Later than this it is no longer said of the dose.
const LONGEST_AFTER: TimeDelta = TimeDelta::hours(24);

const LONGEST_SEEN: usize = 500;

/// What somebody saw, written down for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vomited {
    pub id: String,
    pub of_dose: String,
    pub vomited_at: DateTime<Utc>,
    /// What was seen: a piece of the tablet, food, nothing but water.
    pub seen: String,
    pub noted_by: String,
    pub noted_at: DateTime<Utc>,
}

impl Vomited {
    /// Whole minutes after the dose was given.
    pub fn minutes_after(&self, given_at: DateTime<Utc>) -> i64 {
        (self.vomited_at - given_at).num_minutes()
    }

    /// So soon after it that the dose may not have stayed.
    pub fn may_have_lost(&self, given_at: DateTime<Utc>) -> bool {
        (TimeDelta::zero()..=MAY_NOT_STAY).contains(&(self.vomited_at - given_at))
    }
}

/// What a nurse says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VomitAsk {
    /// `08:40` on the facility's clock, or `25`: so many minutes after the dose; empty: now.
    pub at: String,
    pub seen: String,
}

impl VomitAsk {
    /// When it was and what was seen, of a dose that was given at an instant; by now, though a clock ran ahead to write it down.
    pub fn read(
        &self,
        given_at: DateTime<Utc>,
        zone: Zone,
        now: DateTime<Utc>,
    ) -> Result<(DateTime<Utc>, String), Refusal> {
        let given_at = given_at.min(now);
        let at = self.instant(given_at, zone, now)?;
        if at < given_at || at > now || at - given_at > LONGEST_AFTER {
            return Err(Refusal::VomitedUnlikely);
        }
        let seen = tidy(&self.seen);
        match seen.chars().count() {
            0 => Err(Refusal::VomitSeen),
            1..=LONGEST_SEEN => Ok((at, seen)),
            _ => Err(Refusal::NoteTooLong),
        }
    }

    fn instant(&self, given_at: DateTime<Utc>, zone: Zone, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
        let text = self.at.trim();
        if text.is_empty() {
            return Ok(now);
        }
        if text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            let minutes: i64 = text.parse().map_err(|_| Refusal::VomitedUnreadable)?;
            return Ok(given_at + TimeDelta::minutes(minutes));
        }
        let slot: Slot = text.parse().map_err(|_| Refusal::VomitedUnreadable)?;
        let today = zone.day(now);
        let days = [today, today.pred_opt().unwrap_or(today)];
        // Clocks show minutes, and the dose may have been given within this one.
        let minute = TimeDelta::minutes(1);
        let since = |at: DateTime<Utc>| given_at - minute < at && at <= now;
        let last = days.into_iter().map(|on| zone.possible(on.and_time(slot.time()), since)).find(|at| *at <= now);
        last.map(|at| if at < given_at && given_at - at < minute { given_at } else { at })
            .ok_or(Refusal::VomitedUnlikely)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-11-20T{text}Z").parse().unwrap_or_default()
    }

    fn read(typed: &str, seen: &str) -> Result<DateTime<Utc>, Refusal> {
        let ask = VomitAsk { at: typed.into(), seen: seen.into() };
        ask.read(at("08:05:30"), Zone::UTC, at("09:00:00")).map(|(at, _)| at)
    }

    #[test]
    fn when_is_a_clock_time_or_so_many_minutes_after_the_dose() {
        assert_eq!(read("", "food"), Ok(at("09:00:00")));
        assert_eq!(read("25", "food"), Ok(at("08:30:30")));
        assert_eq!(read("08:40", "food"), Ok(at("08:40:00")));
        assert_eq!(read("08:05", "food"), Ok(at("08:05:30")), "within the same minute");
        for unlikely in ["08:04", "55", "09:01", "9999"] {
            assert_eq!(read(unlikely, "food"), Err(Refusal::VomitedUnlikely), "{unlikely}");
        }
        for unreadable in ["soon", "8:40", "-5", "2.5"] {
            assert_eq!(read(unreadable, "food"), Err(Refusal::VomitedUnreadable), "{unreadable}");
        }
        assert_eq!(read("25", " "), Err(Refusal::VomitSeen));
    }

    #[test]
    fn up_to_an_hour_after_it_the_dose_may_not_have_stayed() {
        let vomited = |vomited_at| Vomited {
            id: "v".into(),
            of_dose: "d".into(),
            vomited_at,
            seen: "food".into(),
            noted_by: "nurse".into(),
            noted_at: vomited_at,
        };
        let lost = |text| vomited(at(text)).may_have_lost(at("08:00:00"));
        assert!(lost("08:00:00") && lost("09:00:00") && !lost("09:00:01") && !lost("07:59:59"));
    }
}
