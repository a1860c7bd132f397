//! What barred doses and does not any more: what was given meanwhile was given in error, whenever it is written down.

use chrono::{DateTime, Utc};

use super::barred::Why;
use crate::care::calendar::{Zone, clock_text};
use crate::care::refusal::Refusal;
use crate::care::severe_sign::Sign;

/// A bar that has been lifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifted {
    pub bar: Bar,
    pub since: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// A severe sign that stops every sedative.
    Withheld(Sign),
    /// The taper was suspended, or its level undecided.
    Taper(Why),
    Away,
}

impl Bar {
    fn told(self) -> String {
        match self {
            Bar::Withheld(sign) => format!("{} had been seen", sign.title()),
            Bar::Taper(Why::Suspended) => "an urgent order had suspended it".to_owned(),
            Bar::Taper(Why::Undecided) => "no prescriber had decided the dose".to_owned(),
            Bar::Away => "the resident was away".to_owned(),
        }
    }
}

/// Refuses what is said to have been given while one of them stood. What is lifted is lifted by now, though a clock ran ahead
/// to write it down.
pub fn none_barred(lifted: &[Lifted], at: DateTime<Utc>, zone: Zone, now: DateTime<Utc>) -> Result<(), Refusal> {
    let Some(stood) = lifted.iter().find(|one| (one.since..one.until.min(now)).contains(&at)) else { return Ok(()) };
    let [from, until] = [stood.since, stood.until].map(|at| clock_text(zone, at, now));
    Err(Refusal::BarredThen { from, until, what: stood.bar.told() })
}
