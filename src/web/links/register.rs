//! The addresses of the registers: their list, each of them, what is counted, ordered and looked through.

use chrono::NaiveDate;

/// The registers of a facility, or of one of its units.
pub fn registers_of(facility: &str) -> String {
    format!("/register?facility={facility}")
}

pub fn register_of(unit: &str, facility: &str) -> String {
    format!("/register?unit={unit}&facility={facility}")
}

/// The registers of a unit after a count, and how many of them differ from it.
pub fn counted(unit: &str, facility: &str, differing: usize) -> String {
    format!("{}&counted={differing}", register_of(unit, facility))
}

/// Where a unit receives a product.
pub fn receive(unit: &str) -> String {
    format!("/register/receive?unit={unit}")
}

/// A day of a unit: its doses beside its registers.
pub fn register_day(unit: &str, on: NaiveDate) -> String {
    format!("/register/day?unit={unit}&on={on}")
}

/// The same as a file.
pub fn register_day_csv(unit: &str, on: NaiveDate) -> String {
    format!("/register/day.csv?unit={unit}&on={on}")
}

/// What a unit orders from the pharmacy.
pub fn order_list(unit: &str) -> String {
    format!("/register/order?unit={unit}")
}

/// The same as a file.
pub fn order_list_csv(unit: &str) -> String {
    format!("/register/order.csv?unit={unit}")
}

/// How a facility keeps its registers.
pub fn register_settings(facility: &str) -> String {
    format!("/settings/register?facility={facility}")
}

/// Where two people count what a unit holds.
pub fn count(unit: &str) -> String {
    format!("/register/count?unit={unit}")
}

pub fn register(id: &str) -> String {
    format!("/registers/{id}")
}

pub fn register_csv(id: &str) -> String {
    format!("/registers/{id}.csv")
}

/// Where something is entered into a register: `receive`, `waste`.
pub fn enter(register: &str, what: &str) -> String {
    format!("/registers/{register}/{what}")
}
