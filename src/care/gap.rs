//! What is missing after the database was put back from a copy: whatever was saved between the copy and the moment at which
//! that was noticed. Nothing here can tell what it was, so people are asked.

use chrono::{DateTime, TimeDelta, Utc};

use super::calendar::{Zone, moment_text};

/// As a rule a dose is recorded within a day: one that was older when the copy was made says "no record" rightly.
const RECORDED_WITHIN: TimeDelta = TimeDelta::hours(24);

/// The time of which a database that was put back knows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The bell rang for the last time in the copy: it was made then, or a moment later. Of several copies before anybody
    /// answered, in the first.
    pub since: DateTime<Utc>,
    pub found_at: DateTime<Utc>,
    /// Nobody has looked at the letters yet, and said so.
    pub open: bool,
}

impl Gap {
    /// Whether a dose without a record may have been given all the same, and its record be lost. It could be recorded
    /// from `opens_at` on.
    pub fn may_hide(&self, opens_at: DateTime<Utc>, due_at: DateTime<Utc>) -> bool {
        opens_at < self.found_at && due_at > self.since - RECORDED_WITHIN
    }

    /// What every page says of it.
    pub fn told(&self, zone: Zone) -> String {
        let (since, found) = (moment_text(zone, self.since), moment_text(zone, self.found_at));
        format!(
            "This system was put back from a copy made on {since} or soon after: what was given, ordered or signed from \
             then until {found} is not here, so a dose shown as due may have been given and an order may be missing. \
             Ask before you give, and look at the last downtime pack that was printed or laid before {found}."
        )
    }

    /// What whoever lets people in has to do again.
    pub fn told_of_people(&self, zone: Zone) -> String {
        let (since, found) = (moment_text(zone, self.since), moment_text(zone, self.found_at));
        format!(
            "An account that was closed, a role that ended, a password or a setting that was changed between {since} and \
             {found} is as it was before: whoever was taken out then may sign in again. Look through People and Settings, \
             and do it again."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dose_may_hide_in_a_gap_if_it_could_be_recorded_in_it() {
        let at = |hour: i64| DateTime::UNIX_EPOCH + TimeDelta::hours(1_000 + hour);
        let gap = Gap { since: at(0), found_at: at(6), open: false };
        let hides = |due: i64| gap.may_hide(at(due - 1), at(due));
        assert!(hides(0) && hides(6), "from an hour before its time");
        assert!(!hides(7) && !hides(8), "nobody could record it before the copy was put back");
        assert!(hides(-23) && !hides(-24), "what was late when the copy was made may have been recorded later");
    }
}
