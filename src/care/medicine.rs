//! Medicines: what is prescribed, its products on the shelf, the pieces a dose is made of, and what tables call equal.

pub mod barcode;
pub mod coded;
pub mod conversion;
pub mod equivalence;
pub mod limit;
pub mod product;
pub mod shelves;
pub mod tablets;
pub mod within;

use serde::{Deserialize, Serialize};

/// An ingredient as prescribed, in lower case: `clonazepam`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Medicine(pub String);

impl std::fmt::Display for Medicine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
