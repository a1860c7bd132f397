//! The rooms: one file for each screen. No room knows another.

pub mod health;
pub mod home;
pub mod resident_edit;
pub mod sign_in;
