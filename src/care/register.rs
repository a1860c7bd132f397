//! The register: what one holder has of one product, moved only by entries.

pub mod book;
pub mod counting;
pub mod entering;
pub mod forecast;
pub mod lots;
pub mod needs;
pub mod ordering;
pub mod parts;
pub mod reconcile;
pub mod retaking;
pub mod source;
pub mod taking;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::medicine::Medicine;
use super::witness::{Watched, WitnessPolicy};

/// Whose stock a register counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// A resident's named supply.
    Resident(String),
    /// A unit's box.
    Unit(String),
}

impl Holder {
    /// The resident's id, or the unit's.
    pub fn id(&self) -> &str {
        match self {
            Holder::Resident(id) | Holder::Unit(id) => id,
        }
    }

    /// The id of the register of a product of this holder: there is one, whoever begins it.
    pub fn register(&self, facility: &str, product: &str) -> String {
        let (kind, id) = match self {
            Holder::Resident(id) => ("resident", id),
            Holder::Unit(id) => ("unit", id),
        };
        Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{facility} {kind} {id} {product}").as_bytes()).to_string()
    }
}

/// Whose supply a facility gives its doses from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldBy {
    /// Each resident has a supply of their own.
    #[default]
    Residents,
    /// Each unit has one box.
    Units,
}

impl HeldBy {
    /// The word as stored and as posted.
    pub fn word(self) -> &'static str {
        match self {
            HeldBy::Residents => "resident",
            HeldBy::Units => "unit",
        }
    }

    pub fn of_word(word: &str) -> Option<HeldBy> {
        [HeldBy::Residents, HeldBy::Units].into_iter().find(|one| one.word() == word)
    }

    /// Whose supply a dose of a resident of a unit is taken from.
    pub fn holder(self, resident: &str, unit: &str) -> Holder {
        match self {
            HeldBy::Residents => Holder::Resident(resident.to_owned()),
            HeldBy::Units => Holder::Unit(unit.to_owned()),
        }
    }
}

/// How a facility keeps its registers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RegisterRules {
    pub held_by: HeldBy,
    /// What a second person sees of every medicine.
    pub witness: WitnessPolicy,
    /// What they see of these instead.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub witness_of: BTreeMap<Medicine, WitnessPolicy>,
}

impl RegisterRules {
    /// What a second person sees of a medicine: what its own rule says, or that of every medicine.
    pub fn witness_for(&self, medicine: &Medicine) -> &WitnessPolicy {
        self.witness_of.get(medicine).unwrap_or(&self.witness)
    }

    /// Of some of these medicines a second person has to see it.
    pub fn ask_of_any<'a>(&self, watched: Watched, mut of: impl Iterator<Item = &'a Medicine>) -> bool {
        of.any(|medicine| self.witness_for(medicine).asks(watched))
    }
}
