//! The house in a real browser: one story from the draft to the audit, every page of it looked at closely.
#![allow(clippy::unwrap_used)]

mod ground;
mod look;
mod story;
mod window;
