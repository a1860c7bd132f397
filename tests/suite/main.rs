//! One binary for the whole suite.
#![allow(clippy::unwrap_used)]

mod arithmetic;
mod audit;
mod browser_like;
mod clock_changes;
mod desk;
mod equivalents;
mod first_start;
mod floors;
mod golden;
mod gradual_rule;
mod guard;
mod history;
mod house;
mod laws;
mod letters;
mod meanwhile;
mod own_files;
mod pages;
mod parts;
mod pause_reduction;
mod people;
mod plans;
mod preview;
mod record_dose;
mod reductions;
mod reminders;
mod round;
mod schema;
mod settings;
mod sign_in;
mod smtp;
mod store;
mod turns;
mod walk;
mod ward;
