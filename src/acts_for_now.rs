//! Why an act did not happen; stands in for `acts.rs` until all acts compile.

use crate::care::refusal::Refusal;
use crate::store::{Retry, StoreError};

/// Why an act did not happen. Nothing of it was saved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Retry for ActError {
    fn again(&self) -> bool {
        matches!(self, ActError::Store(error) if error.again())
    }
}
