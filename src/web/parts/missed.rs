//! The letters and words for a dose that was due and was not given as ordered, the same in every drawing.

use crate::care::round::outcome::Outcome;

/// Why a dose that was due is not a dose given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missed {
    InPart,
    Refused,
    Withheld,
    NotAvailable,
    Absent,
    /// It was given, and vomited so soon after that it may not have stayed.
    Vomited,
    NoRecord,
}

impl Missed {
    pub const ALL: [Missed; 7] = [
        Missed::InPart,
        Missed::Refused,
        Missed::Withheld,
        Missed::NotAvailable,
        Missed::Absent,
        Missed::Vomited,
        Missed::NoRecord,
    ];

    /// None: it was given as ordered.
    pub fn of(outcome: Outcome) -> Option<Missed> {
        match outcome {
            Outcome::Given | Outcome::SelfAdministered => None,
            Outcome::GivenInPart => Some(Missed::InPart),
            Outcome::Refused => Some(Missed::Refused),
            Outcome::Withheld => Some(Missed::Withheld),
            Outcome::NotAvailable => Some(Missed::NotAvailable),
            Outcome::Absent => Some(Missed::Absent),
        }
    }

    /// One letter in a box.
    pub const fn letter(self) -> char {
        match self {
            Missed::InPart => 'P',
            Missed::Refused => 'R',
            Missed::Withheld => 'W',
            Missed::NotAvailable => 'N',
            Missed::Absent => 'A',
            Missed::Vomited => 'V',
            Missed::NoRecord => '?',
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            Missed::InPart => "given in part",
            Missed::Refused => "refused",
            Missed::Withheld => "withheld",
            Missed::NotAvailable => "not available",
            Missed::Absent => "absent",
            Missed::Vomited => "vomited, may not have stayed",
            Missed::NoRecord => "no record",
        }
    }

    /// `R refused, W withheld`: the letters that occur, each once, explained.
    pub fn key(missed: impl IntoIterator<Item = Missed>) -> String {
        let found: Vec<Missed> = missed.into_iter().collect();
        let explained = Missed::ALL.into_iter().filter(|one| found.contains(one));
        explained.map(|one| format!("{} {}", one.letter(), one.words())).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_explains_each_letter_that_occurs_once() {
        let key = Missed::key([Missed::NoRecord, Missed::Refused, Missed::Refused]);
        assert_eq!(key, "R refused, ? no record");
    }
}
