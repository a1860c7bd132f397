//! A facility's letters for doses not given. Sets differ from chart to chart (in one “D” is destroyed, in another social
//! leave), so that each facility has its own, and every MAR explains the letters beside its grid.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::care::absence::Away;
use crate::care::refusal::Refusal;
use crate::care::round::outcome::{Outcome, reason_text};

/// Which letters stand for an outcome, or for one reason of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterSet(BTreeMap<String, String>);

/// What an administrator typed: for an outcome's word or a reason's code, the letters.
pub type LettersAsk = Vec<(String, String)>;

/// Two letters fit into a cell.
const MOST_LETTERS: usize = 2;

/// Outcomes that a letter stands for; what was given has initials.
pub const LETTERED: [Outcome; 6] = [
    Outcome::SelfAdministered,
    Outcome::GivenInPart,
    Outcome::Refused,
    Outcome::Withheld,
    Outcome::NotAvailable,
    Outcome::Absent,
];

impl Default for LetterSet {
    /// One letter for each outcome.
    fn default() -> LetterSet {
        let letter = |outcome: Outcome| Some((outcome.word().to_owned(), outcome.letter()?.to_string()));
        LetterSet(LETTERED.into_iter().filter_map(letter).collect())
    }
}

impl LetterSet {
    /// As it lies in the store; where the facility has said nothing, the usual letter stands.
    pub fn of(rows: impl IntoIterator<Item = (String, String)>) -> LetterSet {
        let mut letters = LetterSet::default().0;
        letters.extend(rows);
        LetterSet(letters)
    }

    /// Reads what was typed: capital letters, each set with one meaning, and every outcome with one.
    /// What is refused comes with what it stands for.
    pub fn read(ask: &LettersAsk) -> Result<LetterSet, (String, Box<Refusal>)> {
        let mut letters = BTreeMap::new();
        for (of, typed) in ask {
            let typed = typed.trim();
            let outcome = LETTERED.iter().any(|outcome| outcome.word() == of);
            if !outcome && (reason_text(of).is_none() || typed.is_empty()) {
                continue;
            }
            let fits = (1..=MOST_LETTERS).contains(&typed.len()) && typed.bytes().all(|b| b.is_ascii_uppercase());
            if !fits {
                return Err((of.clone(), Refusal::MarLetterUnreadable { what: meaning(of) }.into()));
            }
            letters.insert(of.clone(), typed.to_owned());
        }
        if let Some(missing) = LETTERED.iter().find(|outcome| !letters.contains_key(outcome.word())) {
            return Err((
                missing.word().to_owned(),
                Refusal::MarLetterUnreadable { what: missing.text().to_owned() }.into(),
            ));
        }
        let mut seen = BTreeSet::new();
        match letters.iter().find(|(_, letter)| !seen.insert(letter.as_str())) {
            Some((of, twice)) => Err((of.clone(), Refusal::MarLetterTwice { letters: twice.clone() }.into())),
            None => Ok(LetterSet(letters)),
        }
    }

    /// In the cell of a dose: of its reason, or of its outcome; none where it was given.
    pub fn letters(&self, outcome: Outcome, reason: &str) -> Option<&str> {
        let lettered = outcome.letter().is_some();
        let found = self.0.get(reason).or_else(|| self.0.get(outcome.word()));
        found.filter(|_| lettered).map(String::as_str)
    }

    /// In the cell of a slot at which the resident is not here.
    pub fn away(&self, kind: Away) -> Option<&str> {
        let reason = match kind {
            Away::Hospital => "A1",
            Away::Leave => "A3",
            Away::Discharged | Away::Died => "",
        };
        self.letters(Outcome::Absent, reason)
    }

    /// Of an outcome's word or a reason's code.
    pub fn typed(&self, of: &str) -> Option<&str> {
        self.0.get(of).map(String::as_str)
    }

    /// Every set of letters with its meaning: outcomes first, then reasons.
    pub fn legend(&self) -> Vec<(&str, String)> {
        let reasons = self.0.keys().filter(|of| reason_text(of).is_some()).map(String::as_str);
        let all = LETTERED.iter().map(|outcome| outcome.word()).chain(reasons);
        all.filter_map(|of| Some((self.typed(of)?, meaning(of)))).collect()
    }

    /// As it goes into the store.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(of, letters)| (of.as_str(), letters.as_str()))
    }
}

/// `not available`, `hospital`
fn meaning(of: &str) -> String {
    let reason = reason_text(of).map(str::to_lowercase);
    reason.or_else(|| Outcome::of_word(of).map(|outcome| outcome.text().to_owned())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(more: &[(&str, &str)]) -> LettersAsk {
        let usual = LetterSet::default();
        let usual = usual.rows().filter(|(of, _)| more.iter().all(|(known, _)| known != of));
        usual.chain(more.iter().copied()).map(|(of, typed)| (of.to_owned(), typed.to_owned())).collect()
    }

    #[test]
    fn a_reason_has_its_own_letter_or_that_of_its_outcome() {
        let set = LetterSet::read(&ask(&[("A1", "H"), ("A3", " ")])).expect("a set");
        assert_eq!(set.letters(Outcome::Absent, "A1"), Some("H"));
        assert_eq!(set.letters(Outcome::Absent, "A3"), Some("A"));
        assert_eq!(set.letters(Outcome::Given, "L1"), None);
        assert_eq!(set.away(Away::Hospital), Some("H"));
        assert!(set.legend().contains(&("H", "hospital".to_owned())));
    }

    #[test]
    fn no_letter_means_two_things_and_no_outcome_is_without_one() {
        let (field, twice) = LetterSet::read(&ask(&[("A1", "R")])).expect_err("R is taken");
        assert_eq!((field.as_str(), *twice), ("refused", Refusal::MarLetterTwice { letters: "R".to_owned() }));
        for odd in ["", "r", "RRR", "Ü", "1", "<b>"] {
            assert!(LetterSet::read(&ask(&[("refused", odd)])).is_err(), "{odd}");
        }
    }
}
