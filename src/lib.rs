//! Stepdown: benzodiazepine tapers for care facilities, from the approved plan to the recorded dose.
//!
//! The floors, from the ground up; a floor uses only floors below it (see ARCHITECTURE.md).

pub mod acts;
pub mod app;
pub mod bell;
pub mod care;
pub mod clock;
pub mod commands;
pub mod config;
pub mod mail;
pub mod pages;
pub mod paper;
pub mod picture;
pub mod store;
pub mod web;

// Linked for what it brings along: it takes the place of the C library's memory, SQLite's too.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
use tikv_jemalloc_sys as _;
