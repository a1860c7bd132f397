//! Gradual dose reductions of psychotropic medicines: which attempts a nursing home asks for, which were made, what excuses them.
//!
//! 42 CFR 483.45(e)(2) asks for gradual dose reductions unless clinically contraindicated. The pattern of two attempts in
//! separate quarters of the first year, a month apart, is guidance; "quarter" and "month" are defined nowhere, so both are
//! settings with the reading that is in use (clinical.md 6.4).

pub mod decide;
pub mod note;
pub mod rules;
pub mod standing;
pub mod treatment;
pub mod words;
pub mod year;
