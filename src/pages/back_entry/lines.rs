//! The fields of the lines of a paper: one set for each dose, told apart by its id.

use super::Facts;
use crate::care::refusal::Refusal;
use crate::care::register::source::StockAsk;
use crate::care::register::taking::{OtherHalf, Rest};
use crate::care::round::outcome::Outcome;
use crate::care::round::paper::PaperLine;
use crate::web::{Errors, Typed};

/// Chosen where the amount of the level was given, and the paper says another.
pub const AS_LEVEL: &str = "given_as_level";

/// Chosen where pieces were counted out and not given, and where the rest of a part was not touched.
pub const SPOILED: &str = "spoiled";
pub const UNTOUCHED: &str = "untouched";

/// The name of a field of a dose’s line: `outcome`, `given_at`, `given_by`, `part`, `reason`, `note`, `sedation`, `left`, `revision`.
pub fn field(name: &str, dose: &str) -> String {
    format!("{name}-{dose}")
}

/// The lines in which something was chosen, in the order of the page.
pub fn filled(typed: &Typed) -> Vec<PaperLine> {
    let doses = typed.names().filter_map(|name| name.strip_prefix("outcome-"));
    let lines = doses.map(|dose| line(typed, dose));
    lines.filter(|line| !is_empty(typed, &line.dose)).collect()
}

/// Nothing was typed into it. A line with a time and no outcome is not empty: it says what is missing.
fn is_empty(typed: &Typed, dose: &str) -> bool {
    let typed = |name| typed.value(&field(name, dose)).unwrap_or_default().trim().to_owned();
    ["outcome", "given_at", "part", "reason", "note", "sedation"].into_iter().all(|name| typed(name).is_empty())
}

fn line(typed: &Typed, dose: &str) -> PaperLine {
    let value = |name| typed.value(&field(name, dose)).unwrap_or_default().to_owned();
    let (chosen, as_level) = match value("outcome") {
        word if word == AS_LEVEL => (Some(Outcome::Given), true),
        word => (Outcome::of_word(&word), false),
    };
    PaperLine {
        dose: dose.to_owned(),
        // A revision that cannot be read is none that any dose has.
        revision: value("revision").parse().unwrap_or(u32::MAX),
        outcome: chosen,
        as_level,
        part: value("part"),
        reason: value("reason"),
        note: value("note"),
        given_at: value("given_at"),
        given_by: value("given_by"),
        sedation: value("sedation"),
        stock: stock(&value("left")),
    }
}

/// What became of pieces that were not taken, as a word of the page: nothing said is half kept and rest wasted.
fn stock(word: &str) -> StockAsk {
    StockAsk {
        other_half: OtherHalf::of_word(word),
        spoiled: word == SPOILED,
        rest: if word == UNTOUCHED { Rest::Kept } else { Rest::Wasted },
        ..StockAsk::default()
    }
}

/// Each refusal at the field of its line; the amount of a part stands in a field of its own name.
pub fn errors(facts: &Facts, wrong: &[(String, Refusal)]) -> Errors {
    let mut errors = Errors::none();
    let doses = facts.paper.iter().flat_map(|(_, paper)| &paper.doses);
    let open: Vec<&str> =
        doses.filter(|one| one.standing.is_none() && !one.case.void).map(|one| one.dose.id.as_str()).collect();
    for (dose, refusal) in wrong {
        if dose.is_empty() {
            errors = errors.and(refusal.clone().into());
            continue;
        }
        let name = match refusal.field() {
            "amount" => "part",
            "given_at" | "given_by" | "reason" | "note" | "sedation" => refusal.field(),
            _ => "outcome",
        };
        let at = if open.contains(&dose.as_str()) { field(name, dose) } else { String::new() };
        errors.push(&at, refusal.to_string());
    }
    errors
}
