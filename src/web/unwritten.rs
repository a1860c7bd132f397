//! Sessions in use that the database could not be told of: a full disk signs nobody out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

/// When sessions were used that the database could not be told of. Clones share it.
#[derive(Clone, Default)]
pub struct Unwritten(Arc<Mutex<BTreeMap<String, DateTime<Utc>>>>);

impl Unwritten {
    pub fn seen_at(&self, hash: &str, written: DateTime<Utc>) -> DateTime<Utc> {
        self.all().get(hash).map_or(written, |seen| written.max(*seen))
    }

    pub fn note(&self, hash: String, now: DateTime<Utc>) {
        self.all().insert(hash, now);
    }

    pub fn forget(&self, hash: &str) {
        self.all().remove(hash);
    }

    /// Whoever panicked while holding it left whole entries.
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, DateTime<Utc>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
