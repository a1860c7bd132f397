//! What an absence leaves of a dose whose window had opened when the resident left: it may have been taken before that, and
//! is written down then, with its time.

use chrono::{DateTime, Utc};

use super::due::Windows;
use crate::care::calendar::{Moment, Zone, clock_text};
use crate::care::refusal::Refusal;
use crate::care::taper::level::{Course, Footing};
use crate::care::taper::schedule::DoseKey;

/// When somebody left before the slot of a dose that could have been given by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    pub at: DateTime<Utc>,
}

impl Left {
    /// By the course of the dose's plan. None where the resident was here at its slot, or left before its window.
    pub fn before(course: &Course, key: &DoseKey, windows: Windows, zone: Zone) -> Option<Left> {
        let stage = course.stage_at(Moment { on: key.on, slot: key.slot })?;
        let at = zone.at(stage.from.on, stage.from.slot);
        let opened = windows.opens_at(zone.at(key.on, key.slot)) < at;
        (stage.footing == Footing::Away && opened).then_some(Left { at })
    }

    /// Only what was taken before that is written down. Whoever left by a clock that ran ahead has left by now.
    pub fn allows(self, takes: bool, given_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        takes && given_at < self.at.min(now)
    }

    /// What whoever would record something else is told.
    pub fn refusal(self, zone: Zone, now: DateTime<Utc>) -> Refusal {
        Refusal::DoseAway { at: clock_text(zone, self.at, now) }
    }
}
