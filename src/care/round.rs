//! The round: which doses are due when, and what happened to each.

pub mod administration;
pub mod as_needed;
pub mod assessment_due;
pub mod correction;
pub mod due;
pub mod identity;
pub mod interval;
pub mod left;
pub mod mar;
pub mod ordered;
pub mod outcome;
pub mod paper;
pub mod sedation;
pub mod taper_alert;
pub mod vomit;
