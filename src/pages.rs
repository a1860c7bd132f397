//! The rooms: one file for each screen. No room knows another.

pub mod dose;
pub mod gradual_reduction;
pub mod gradual_reductions;
pub mod health;
pub mod history;
pub mod history_entry;
pub mod home;
pub mod letters;
pub mod overview;
pub mod pause;
pub mod people;
pub mod person;
pub mod plan;
pub mod plan_edit;
pub mod plans;
pub mod products;
pub mod reduction;
pub mod reductions;
pub mod resident;
pub mod resident_edit;
pub mod residents;
pub mod round;
pub mod settings;
pub mod sign_in;
pub mod unit;
