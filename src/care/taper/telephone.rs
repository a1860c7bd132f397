//! An order by telephone: who gave it, when, that it was read back, and who heard that.

use chrono::{DateTime, TimeDelta, Utc};

use super::fact::Telephone;
use crate::care::calendar::{Slot, Zone};
use crate::care::people::{Actor, Confirmed, Nurse, Prescriber, Role, Staff};
use crate::care::refusal::Refusal;

/// A call longer ago is not written down as an order any more: who gave it orders again.
pub const LONGEST_AGO: TimeDelta = TimeDelta::hours(12);

/// A prescriber confirms a telephone order within so long; then the supervisor hears of it too.
pub const CONFIRM_WITHIN: TimeDelta = TimeDelta::hours(24);

/// Whoever orders: a prescriber, or a nurse who writes down what a prescriber said on the telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Orderer {
    AtAScreen { by: Prescriber, confirmed: Confirmed },
    ByTelephone { by: Nurse, call: Call },
}

/// What a nurse writes down about the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The id of the prescriber who gave the order.
    pub prescriber: String,
    /// As typed on the facility's clock: `08:10`.
    pub called_at: String,
    pub read_back: bool,
    /// The second person, who heard it read back and gave their own password.
    pub heard: Confirmed,
}

impl Orderer {
    pub fn staff(&self) -> &Staff {
        match self {
            Orderer::AtAScreen { by, .. } => by.staff(),
            Orderer::ByTelephone { by, .. } => by.staff(),
        }
    }

    pub fn role(&self) -> Role {
        match self {
            Orderer::AtAScreen { .. } => Prescriber::ROLE,
            Orderer::ByTelephone { .. } => Nurse::ROLE,
        }
    }

    /// Whether they may order like this, as far as it does not take a look at who works here: of a prescriber the
    /// password; of a telephone order a time of the last hours, read back, and heard by somebody else than the two.
    pub fn word(&self, zone: Zone, now: DateTime<Utc>) -> Result<Option<Telephone>, Refusal> {
        match self {
            Orderer::AtAScreen { by, confirmed } => {
                super::reduction::confirmed_by(by.staff(), confirmed)?;
                Ok(None)
            }
            Orderer::ByTelephone { by, call } => call.telephone(by.staff(), zone, now).map(Some),
        }
    }
}

impl Call {
    fn telephone(&self, by: &Staff, zone: Zone, now: DateTime<Utc>) -> Result<Telephone, Refusal> {
        if self.prescriber.is_empty() {
            return Err(Refusal::CallPrescriber);
        }
        if self.prescriber == by.person {
            return Err(Refusal::CallSelf);
        }
        let called_at = called_at(&self.called_at, zone, now)?;
        if !self.read_back {
            return Err(Refusal::ReadBackMissing);
        }
        if self.heard.person == by.person || self.heard.person == self.prescriber {
            return Err(Refusal::HeardBySame);
        }
        let (prescriber, heard_by) = (self.prescriber.clone(), self.heard.person.clone());
        Ok(Telephone { prescriber, called_at, heard_by })
    }
}

/// The last time the clock showed this, if that is not too long ago.
pub fn called_at(text: &str, zone: Zone, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
    let slot: Slot = text.parse().map_err(|_| Refusal::CallTime)?;
    let today = zone.day(now);
    let days = [today, today.pred_opt().unwrap_or(today)];
    let last = days.into_iter().map(|on| zone.at(on, slot)).find(|at| *at <= now);
    last.filter(|at| now - *at <= LONGEST_AGO).ok_or(Refusal::CallTime)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call() -> Call {
        let heard = Confirmed { person: "second".into() };
        Call { prescriber: "doctor".into(), called_at: "08:10".into(), read_back: true, heard }
    }

    fn taken(call: Call, now: &str) -> Result<Telephone, Refusal> {
        let by = Staff { person: "nurse".into(), name: "N".into(), facility: "alder".into() };
        call.telephone(&by, Zone::UTC, now.parse().expect("an instant"))
    }

    #[test]
    fn a_call_of_the_last_hours_read_back_and_heard_is_an_order() {
        let order = taken(call(), "2026-11-20T08:12:00Z").expect("it is complete");
        assert_eq!((order.prescriber.as_str(), order.heard_by.as_str()), ("doctor", "second"));
        assert_eq!(order.called_at.to_rfc3339(), "2026-11-20T08:10:00+00:00");
    }

    #[test]
    fn a_call_before_midnight_is_one_of_yesterday() {
        let late = Call { called_at: "23:50".into(), ..call() };
        let order = taken(late, "2026-11-20T00:05:00Z").expect("a quarter of an hour ago");
        assert_eq!(order.called_at.to_rfc3339(), "2026-11-19T23:50:00+00:00");
    }

    #[test]
    fn a_call_still_to_come_or_long_ago_is_none() {
        let at = |now: &str| taken(call(), now).err();
        assert_eq!(at("2026-11-20T08:10:00Z"), None);
        assert_eq!(at("2026-11-20T08:09:59Z"), Some(Refusal::CallTime), "it would be one of yesterday");
        assert_eq!(at("2026-11-20T20:10:00Z"), None);
        assert_eq!(at("2026-11-20T20:10:01Z"), Some(Refusal::CallTime));
        for text in ["", "8:10", "25:00", "now"] {
            let typed = Call { called_at: text.into(), ..call() };
            assert_eq!(taken(typed, "2026-11-20T08:12:00Z"), Err(Refusal::CallTime), "{text}");
        }
    }

    #[test]
    fn three_people_take_part_and_it_is_read_back() {
        let refused = |call: Call| taken(call, "2026-11-20T08:12:00Z").err();
        let heard = |person: &str| Call { heard: Confirmed { person: person.into() }, ..call() };
        assert_eq!(refused(heard("nurse")), Some(Refusal::HeardBySame));
        assert_eq!(refused(heard("doctor")), Some(Refusal::HeardBySame));
        assert_eq!(refused(Call { prescriber: "nurse".into(), ..call() }), Some(Refusal::CallSelf));
        assert_eq!(refused(Call { prescriber: String::new(), ..call() }), Some(Refusal::CallPrescriber));
        assert_eq!(refused(Call { read_back: false, ..call() }), Some(Refusal::ReadBackMissing));
    }
}
