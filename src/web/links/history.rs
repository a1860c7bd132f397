//! Where the history is read.

/// The scheduled doses.
pub fn history() -> String {
    "/history".to_owned()
}

/// What was given beside them.
pub fn unscheduled(facility: &str) -> String {
    format!("/history/unscheduled?facility={facility}")
}

/// A fact of the history by its number.
pub fn fact(n: i64) -> String {
    format!("/history/{n}")
}
