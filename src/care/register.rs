//! The register: what one holder has of one product, moved only by entries.

pub mod book;
pub mod parts;
pub mod taking;

use serde::{Deserialize, Serialize};

/// Whose stock a register counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// A resident's named supply.
    Resident(String),
    /// A unit's box.
    Unit(String),
}
