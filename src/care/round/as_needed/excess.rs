//! A scheduled dose is never stopped by an as-needed maximum, and a record that is put right says what was given. Where one of
//! them takes a medicine past the maximum of an as-needed dose beside it, that stands as an incident.

use std::fmt;

use chrono::{DateTime, Utc};

use super::limits::{Kind, Taken, fullest};
use crate::care::amount::Amount;

/// An as-needed dose that was given, with the least maximum in any 24 hours that held then, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    pub at: DateTime<Utc>,
    pub most: Amount,
    pub whose: String,
    /// An incident stands that a record near it opened.
    pub told: bool,
}

/// So much in 24 hours, beyond a maximum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excess {
    pub total: Amount,
    pub most: Amount,
    pub whose: String,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in 24 hours; the maximum is {} ({})", self.total, self.most, self.whose)
    }
}

impl Excess {
    /// Whether what a record says takes it there, beside all else that was taken, and nobody is told so yet: by an incident that a
    /// record opened, or by what was given in error and is beyond the maximum by itself. A record in the place of another that
    /// makes it more is told all the same. What was given elsewhere has told nobody here.
    pub fn by(record: Taken, instead_of: Option<Taken>, others: &[Taken], bounds: &[Bound]) -> Option<Excess> {
        let total = |bound: &Bound, more: Option<Taken>| {
            let all: Vec<Taken> = others.iter().copied().chain(more).collect();
            fullest(bound.at, &all).total()
        };
        let here: Vec<Taken> = others.iter().copied().filter(|one| one.kind != Kind::Elsewhere).collect();
        let told = |bound: &Bound| {
            let without = fullest(bound.at, &here);
            bound.told || (bound.most < without.total() && !without.in_error.is_zero())
        };
        let more = |bound: &Bound| instead_of.is_some() && total(bound, instead_of) < total(bound, Some(record));
        let beyond = bounds.iter().filter(|bound| bound.most < total(bound, Some(record)));
        let news = beyond.filter(|bound| !told(bound) || more(bound)).max_by_key(|bound| total(bound, Some(record)));
        news.map(|bound| Excess { total: total(bound, Some(record)), most: bound.most, whose: bound.whose.clone() })
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn taken(hour: i64, ug: u64, kind: Kind) -> Taken {
        Taken { at: DateTime::UNIX_EPOCH + TimeDelta::hours(hour), amount: Amount::from_ug(ug), kind }
    }

    /// At most 2 mg around an as-needed dose at noon.
    fn noon() -> Bound {
        let at = DateTime::UNIX_EPOCH + TimeDelta::hours(12);
        Bound { at, most: Amount::from_ug(2_000), whose: "the as-needed order".into(), told: false }
    }

    fn total(record: Taken, others: &[Taken]) -> Option<u64> {
        Excess::by(record, None, others, &[noon()]).map(|excess| excess.total.ug())
    }

    #[test]
    fn the_record_that_passes_the_maximum_of_an_as_needed_dose_is_told_and_no_other() {
        let others = [taken(12, 500, Kind::AsNeeded), taken(8, 750, Kind::Scheduled)];
        assert_eq!(total(taken(20, 750, Kind::Scheduled), &others), None, "just as much as may be");
        assert_eq!(total(taken(20, 751, Kind::Scheduled), &others), Some(2_001));
        assert_eq!(total(taken(32, 5_000, Kind::Scheduled), &others), Some(5_500), "the morning has left the 24 hours");
        assert_eq!(total(taken(36, 5_000, Kind::Scheduled), &others), None, "24 hours after the as-needed dose");
        assert_eq!(
            Excess::by(taken(20, 5_000, Kind::Scheduled), None, &others, &[]),
            None,
            "nothing as needed beside it"
        );
    }

    #[test]
    fn what_is_told_is_not_told_again() {
        let over = [taken(12, 500, Kind::AsNeeded), taken(9, 2_000, Kind::InError)];
        assert_eq!(total(taken(20, 750, Kind::Scheduled), &over), None, "by what was given in error");
        let over = [taken(12, 500, Kind::AsNeeded), taken(9, 2_000, Kind::Scheduled)];
        assert_eq!(total(taken(20, 750, Kind::Scheduled), &over), Some(3_250), "no record opened one");
        let told = [Bound { told: true, ..noon() }];
        assert_eq!(Excess::by(taken(20, 750, Kind::Scheduled), None, &over, &told), None);
    }

    #[test]
    fn what_is_put_right_and_makes_it_more_is_told_though_an_incident_stands() {
        let others = [taken(12, 500, Kind::AsNeeded), taken(9, 1_500, Kind::Scheduled)];
        let told = [Bound { told: true, ..noon() }];
        let instead = |was: u64, ug: u64| {
            let was = Some(taken(20, was, Kind::Scheduled));
            Excess::by(taken(20, ug, Kind::Scheduled), was, &others, &told).map(|excess| excess.total.ug())
        };
        assert_eq!(instead(250, 500), Some(2_500));
        assert_eq!(instead(0, 500), Some(2_500), "what was not given was given after all");
        assert_eq!((instead(500, 500), instead(500, 250)), (None, None));
    }

    #[test]
    fn what_was_given_elsewhere_has_told_nobody_here() {
        let over = [taken(12, 500, Kind::AsNeeded), taken(14, 2_000, Kind::Elsewhere)];
        assert_eq!(total(taken(20, 500, Kind::Scheduled), &over), Some(3_000));
    }
}
