//! What a facility wants to be seen by a second person.

pub mod signature;

use serde::{Deserialize, Serialize};

/// What a facility may want to be seen by a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Watched {
    Give,
    /// Whatever leaves the register without being given: wasted, returned, destroyed.
    Waste,
    Count,
    /// Whatever comes into a register: received, moved in.
    Receive,
}

impl Watched {
    pub const ALL: [Watched; 4] = [Watched::Give, Watched::Waste, Watched::Count, Watched::Receive];

    /// The word as stored and as posted.
    pub fn word(self) -> &'static str {
        match self {
            Watched::Give => "give",
            Watched::Waste => "waste",
            Watched::Count => "count",
            Watched::Receive => "receive",
        }
    }

    pub fn of_word(word: &str) -> Option<Watched> {
        Watched::ALL.into_iter().find(|one| one.word() == word)
    }

    /// What the settings call it.
    pub fn text(self) -> &'static str {
        match self {
            Watched::Give => "Giving a dose",
            Watched::Waste => "Wasting, returning, destroying",
            Watched::Count => "Counting",
            Watched::Receive => "Receiving, and moving between units",
        }
    }

    /// What a witness puts their name to.
    pub fn meaning(self) -> &'static str {
        match self {
            Watched::Give => "saw it given",
            Watched::Waste => "saw it wasted, returned or destroyed",
            Watched::Count => "counted too",
            Watched::Receive => "checked what came in",
        }
    }
}

/// What a facility wants a witness for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WitnessPolicy(pub Vec<Watched>);

/// Waste and counts are seen by two people in most houses, and giving by one (`clinical.md` 5.4: the witness of a care
/// home is good practice, not law).
impl Default for WitnessPolicy {
    fn default() -> WitnessPolicy {
        WitnessPolicy(vec![Watched::Waste, Watched::Count, Watched::Receive])
    }
}

impl WitnessPolicy {
    /// Of a dose that was given long before: who saw that is written down already.
    pub fn but_giving(&self) -> WitnessPolicy {
        WitnessPolicy(self.0.iter().copied().filter(|one| *one != Watched::Give).collect())
    }

    pub fn asks(&self, watched: Watched) -> bool {
        self.0.contains(&watched)
    }
}
