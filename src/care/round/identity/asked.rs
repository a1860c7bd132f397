//! How much a facility wants checked before a dose is given.

use serde::{Deserialize, Serialize};

/// What a facility wants checked before a dose is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identify {
    #[default]
    Nothing,
    /// The resident’s own number, or the date of birth.
    Resident,
    /// That, and the barcode of each pack.
    ResidentAndProduct,
}

impl Identify {
    pub const ALL: [Identify; 3] = [Identify::Nothing, Identify::Resident, Identify::ResidentAndProduct];

    /// The word as stored and as posted.
    pub fn word(self) -> &'static str {
        match self {
            Identify::Nothing => "nothing",
            Identify::Resident => "resident",
            Identify::ResidentAndProduct => "resident_and_product",
        }
    }

    pub fn of_word(word: &str) -> Option<Identify> {
        Identify::ALL.into_iter().find(|one| one.word() == word)
    }
}
