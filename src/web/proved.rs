//! How far the history is proved to be what was written, and when: walked on a little at every look, anew every day.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::history::{Fault, PAGE, Proof, facts_verify_some};

/// So many pages of facts are walked at one look, so that no look takes long.
const PAGES_A_LOOK: usize = 20;

/// After so long the walk begins again at the first fact: what was changed behind it must not stay hidden.
const ANEW_AFTER: TimeDelta = TimeDelta::hours(24);

/// The walk through the history; clones share it.
#[derive(Clone, Default)]
pub struct Walk(Arc<Mutex<Steps>>);

#[derive(Default)]
struct Steps {
    began_at: Option<DateTime<Utc>>,
    proof: Proof,
}

/// What the last look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub at: DateTime<Utc>,
    /// Every fact up to this number is what was written.
    pub n: i64,
    /// There is nothing after it.
    pub to_the_end: bool,
    pub fault: Option<Fault>,
}

impl Walk {
    /// Walks on from where the last look ended.
    pub fn look(&self, conn: &mut Conn, now: DateTime<Utc>) -> Result<Verified, StoreError> {
        let mut steps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if steps.began_at.is_none_or(|began| now - began > ANEW_AFTER) {
            *steps = Steps { began_at: Some(now), proof: Proof::default() };
        }
        let found = |n, to_the_end, fault| Verified { at: now, n, to_the_end, fault };
        if let Err(fault) = steps.proof.stands(conn)? {
            return Ok(found(steps.proof.n - 1, false, Some(fault)));
        }
        for _ in 0..PAGES_A_LOOK {
            let before = steps.proof.n;
            match facts_verify_some(conn, &steps.proof)? {
                Ok(proof) => steps.proof = proof,
                Err(fault) => return Ok(found(before, false, Some(fault))),
            }
            if steps.proof.n - before < PAGE {
                return Ok(found(steps.proof.n, true, None));
            }
        }
        Ok(found(steps.proof.n, false, None))
    }
}
