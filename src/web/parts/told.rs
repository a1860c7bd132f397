//! Who was written to about something, and whether the letter arrived.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Tag;
use crate::store::letters::{LetterFile, LetterState};

/// Somebody who was written to.
pub struct Told {
    pub to: String,
    pub tag: Tag,
}

/// The last letter to each address. Where nobody has one, the letter that failed is shown too. `moment` says a time.
pub fn told(letters: &[LetterFile], moment: impl Fn(DateTime<Utc>) -> String) -> Vec<Told> {
    let last: BTreeMap<&str, &LetterFile> = letters.iter().map(|one| (one.recipient.as_str(), one)).collect();
    let told = |(to, letter): (&str, &LetterFile)| Told {
        to: if to.is_empty() { "Nobody has an address".to_owned() } else { to.to_owned() },
        tag: sent_tag(letter, &moment),
    };
    last.into_iter().map(told).collect()
}

fn sent_tag(letter: &LetterFile, moment: &impl Fn(DateTime<Utc>) -> String) -> Tag {
    match (letter.state, letter.sent_at) {
        (LetterState::Sent, Some(at)) => Tag::given(format!("Sent {}", moment(at))),
        (LetterState::Wanted | LetterState::Claimed, _) => Tag::due_soon("On its way"),
        (LetterState::Settled, _) => Tag::due_soon("Not needed any more"),
        _ => Tag::no_record(),
    }
}
