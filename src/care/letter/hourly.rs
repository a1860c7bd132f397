//! Letters that come every hour from a moment on.

use chrono::{DateTime, TimeDelta, Utc};

/// Which hour it is since something was written down, and when that hour began. Where a clock that ran ahead wrote it down
/// the hours before that moment count too, below 0: nobody waits for a clock to come there again.
pub(super) fn hour_since(at: DateTime<Utc>, now: DateTime<Utc>) -> (i64, DateTime<Utc>) {
    let hour = (now - at).num_seconds().div_euclid(3_600);
    (hour, at + TimeDelta::hours(hour))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hours_before_a_moment_that_lies_ahead_count_down_to_it() {
        let at = |text: &str| format!("2026-11-21T{text}:00Z").parse::<DateTime<Utc>>().unwrap();
        for (now, hour, began_at) in [("10:00", 0, "10:00"), ("11:59", 1, "11:00"), ("09:59", -1, "09:00")] {
            assert_eq!(hour_since(at("10:00"), at(now)), (hour, at(began_at)), "{now}");
        }
    }
}
