//! The house in a real browser: two stories, from the draft to the audit and through what comes between, every page of it looked at closely.
#![allow(clippy::unwrap_used)]

mod follow;
mod ground;
mod look;
mod story;
mod window;
