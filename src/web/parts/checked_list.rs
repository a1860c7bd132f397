//! A pasted list after it was checked: how many of its lines are good, and what is to be put right in the others.

use askama::Template;
use askama::filters::HtmlSafe;

use super::icon::Icon;
use crate::care::refusal::Refusal;

#[derive(Template)]
#[template(path = "parts/checked_list.html")]
pub struct CheckedList {
    told: String,
    wrong: Vec<WrongLine>,
}

/// It renders as escaped markup.
impl HtmlSafe for CheckedList {}

/// A line to be put right.
pub struct WrongLine {
    number: u64,
    /// As it was sent.
    text: String,
    wrong: Vec<String>,
}

impl WrongLine {
    pub fn new(number: u64, text: String, wrong: &[Refusal]) -> WrongLine {
        WrongLine { number, text, wrong: wrong.iter().map(Refusal::to_string).collect() }
    }
}

impl CheckedList {
    /// `nobody` says what has not happened: `Nobody has been let in`.
    pub fn new(good: usize, wrong: Vec<WrongLine>, nobody: &str) -> CheckedList {
        let told = match wrong.len() {
            0 => format!("{} checked, nothing is wrong. {nobody} yet.", lines(good)),
            count => {
                format!("{} checked: {} to put right, {good} good. {nobody}.", lines(good + count), lines(count))
            }
        };
        CheckedList { told, wrong }
    }

    pub fn nothing_is_wrong(&self) -> bool {
        self.wrong.is_empty()
    }
}

fn lines(count: usize) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}
