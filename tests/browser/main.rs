//! The house in a real browser: three stories, from the draft to the audit, through what comes between, and along every tablet, every page of it looked at closely.
#![allow(clippy::unwrap_used)]

mod accounted;
mod follow;
mod ground;
mod look;
mod story;
mod window;
