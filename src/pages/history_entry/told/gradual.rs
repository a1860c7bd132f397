//! A note about the gradual dose reductions of a medicine, told in sentences.

use super::Told;
use crate::care::calendar::day_text;
use crate::care::gradual::note::{Note, Noted};

pub fn noted(note: &Note) -> Told {
    let medicine = &note.medicine;
    let (title, sentence, why) = match &note.noted {
        Noted::Begun { on, class } => (
            format!("Start of {medicine} noted"),
            format!("Taken since {}, as an {} medicine.", day_text(*on), class.text()).replace("an h", "a h"),
            "Known from",
        ),
        Noted::Attempted { on } => (
            format!("Attempt to reduce {medicine} noted"),
            format!("Made elsewhere; {} was the first day at the lower dose.", day_text(*on)),
            "What was lowered, and how it went",
        ),
        Noted::Contraindicated { on, again_on } => (
            format!("Reduction of {medicine} signed as contraindicated"),
            format!("Judged on {}; somebody looks again by {}. No dose changed.", day_text(*on), day_text(*again_on)),
            "Rationale",
        ),
        Noted::Ended { on } => {
            (format!("End of {medicine} noted"), format!("Taken for the last time on {}.", day_text(*on)), "Why")
        }
        Noted::Struck { .. } => (
            format!("A note about {medicine} struck out"),
            "It was wrong: it stays readable and no longer counts.".to_owned(),
            "What was wrong",
        ),
    };
    Told { title, sentences: vec![sentence, format!("{why}: “{}”", note.rationale)] }
}
