//! One binary for the whole suite.
#![allow(clippy::unwrap_used)]

mod arithmetic;
mod laws;
mod parts;
