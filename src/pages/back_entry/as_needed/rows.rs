//! The fields of the rows of a paper: one set for each row of each order, told apart by its key.

use crate::care::refusal::Refusal;
use crate::care::register::source::StockAsk;
use crate::care::register::taking::OtherHalf;
use crate::care::round::as_needed::giving::paper::PaperRow;
use crate::web::{Errors, Typed};

/// So many rows each order has on the page; whoever needs more finds new ones after saving these.
pub const ROWS: usize = 2;

/// The name of a field of a row: `given_at`, `given_by`, `amount`, `why`, `done`, `other_half`, `revision`.
pub fn field(name: &str, key: &str) -> String {
    format!("{name}-{key}")
}

/// The rows in which something was typed, in the order of the page.
pub fn filled(typed: &Typed) -> Vec<PaperRow> {
    let keys = typed.names().filter_map(|name| name.strip_prefix("given_at-"));
    keys.filter_map(|key| row(typed, key)).filter(|row| !is_empty(row)).collect()
}

fn row(typed: &Typed, key: &str) -> Option<PaperRow> {
    let value = |name| typed.value(&field(name, key)).unwrap_or_default().to_owned();
    let (order, nth) = key.rsplit_once('-')?;
    let other_half = OtherHalf::of_word(&value("other_half"));
    Some(PaperRow {
        order: order.to_owned(),
        nth: nth.parse().ok()?,
        // A revision that cannot be read is none that any order has.
        revision: value("revision").parse().unwrap_or(-1),
        amount: value("amount"),
        given_at: value("given_at"),
        given_by: value("given_by"),
        why: value("why"),
        done: value("done"),
        stock: StockAsk { other_half, ..StockAsk::default() },
    })
}

/// Who gave it is chosen in one tap by mistake; a row with anything else in it says what is missing.
fn is_empty(row: &PaperRow) -> bool {
    [&row.given_at, &row.amount, &row.why, &row.done].into_iter().all(|typed| typed.trim().is_empty())
}

/// Each refusal at the field of its row. That an order moved is said once, above all rows.
pub fn errors(wrong: &[(String, Refusal)]) -> Errors {
    let mut errors = Errors::none();
    for (key, refusal) in wrong {
        match refusal.field() {
            name @ ("given_at" | "given_by" | "amount" | "why" | "done") => {
                errors.push(&field(name, key), refusal.to_string());
            }
            _ => errors = errors.and(Errors::from(refusal.clone())),
        }
    }
    errors
}
