//! How awake a resident is before a dose, where the facility wants it asked.

use serde::{Deserialize, Serialize};

use crate::care::refusal::Refusal;
use crate::care::scale::Scale;

/// Whether a nurse says how awake the resident is before a dose is given, and from which point down it is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SedationRule {
    pub asked: bool,
    /// A point of the sedation scale: at or below it the dose is not given (a facility setting; -2 by default).
    pub withhold: i32,
}

/// From which points down a facility may want a dose withheld; the database checks the same.
pub const SEDATION_WITHHOLD: std::ops::RangeInclusive<i32> = -5..=0;

impl Default for SedationRule {
    fn default() -> SedationRule {
        SedationRule { asked: false, withhold: -2 }
    }
}

impl SedationRule {
    /// What was chosen, as a point of the sedation scale; `gives`: the dose, or a part of it, is about to be given. Nothing is
    /// given to a resident nobody has looked at, nor to one who is too sedated. That it was not given, and what was given long
    /// ago, can be recorded in any case.
    pub fn answer(&self, gives: bool, chosen: &str) -> Result<Option<i32>, Refusal> {
        if !self.asked {
            return Ok(None);
        }
        let (part, item) = Scale::sedation().scored().next().ok_or(Refusal::SedationUnreadable)?;
        let point = item.read(part, chosen).map_err(|_| Refusal::SedationUnreadable)?;
        match point {
            None if gives => Err(Refusal::SedationMissing),
            Some(point) if gives && point <= self.withhold => Err(Refusal::TooSedated),
            point => Ok(point),
        }
    }
}
