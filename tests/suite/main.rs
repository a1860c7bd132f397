//! One binary for the whole suite.
#![allow(clippy::unwrap_used)]

mod arithmetic;
mod floors;
mod golden;
mod history;
mod house;
mod laws;
mod letters;
mod parts;
mod preview;
mod schema;
mod smtp;
mod store;
mod ward;
