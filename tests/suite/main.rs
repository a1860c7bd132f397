//! One binary for the whole suite.
#![allow(clippy::unwrap_used)]

mod arithmetic;
mod floors;
mod history;
mod house;
mod laws;
mod parts;
mod schema;
mod store;
