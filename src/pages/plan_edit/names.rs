//! The names of a draft's fields, of which many come several times; all count from 1.

/// So many times of day, and so many typed steps, are read at most.
pub const MOST_SLOTS: usize = 12;
pub const MOST_STEPS: usize = 150;

pub fn slot_field(row: usize) -> String {
    format!("slot_{row}")
}

pub fn dose_field(row: usize) -> String {
    format!("dose_{row}")
}

pub fn days_field(step: usize) -> String {
    format!("days_{step}")
}

pub fn daily_field(step: usize) -> String {
    format!("daily_{step}")
}

pub fn step_dose_field(step: usize, row: usize) -> String {
    format!("dose_{step}_{row}")
}

pub fn setting_field(protocol: &str, name: &str) -> String {
    format!("{protocol}.{name}")
}

/// The new dose that stands beside today's dose of a line.
pub fn converted_field(line: usize) -> String {
    format!("converted_{line}")
}
