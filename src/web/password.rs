//! Passwords: Argon2id, at most two at once, never inside a transaction, and the same work for a name nobody has.

use std::sync::Arc;

use actix_web::web::block;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::error::PageError;

/// How much work one password costs. OWASP's least for Argon2id is 19 MiB, two passes, one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    Full,
    /// For tests and for the invented people of the demo.
    Cheap,
}

impl Cost {
    fn hasher(self) -> Argon2<'static> {
        let (kibibytes, passes) = match self {
            Cost::Full => (19 * 1024, 2),
            Cost::Cheap => (8, 1),
        };
        let params = Params::new(kibibytes, passes, 1, None).expect("both are within what Argon2 allows");
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
    }
}

/// Hashes a new password. Blocks for as long as the cost says.
pub fn password_hash(password: &str, cost: Cost) -> String {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).expect("an operating system without randomness cannot keep secrets either");
    let hash = cost.hasher().hash_password_with_salt(password.as_bytes(), &salt);
    hash.expect("a salt of 16 bytes and any password can be hashed").to_string()
}

/// Checks passwords, two at a time: more would take the memory and the processor from the round.
#[derive(Clone)]
pub struct Passwords {
    cost: Cost,
    seats: Arc<Semaphore>,
    /// Verified in place of a name that nobody has, so that the answer takes as long.
    decoy: Arc<str>,
}

impl Passwords {
    pub fn new(cost: Cost) -> Passwords {
        Passwords { cost, seats: Arc::new(Semaphore::new(2)), decoy: password_hash("nobody", cost).into() }
    }

    /// Whether the password fits the stored hash; without a hash it never does, and takes as long to say so.
    pub async fn fits(&self, password: String, stored: Option<String>) -> Result<bool, PageError> {
        let _seat = self.seats.acquire().await.map_err(|_| PageError::Unknown)?;
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.to_string());
        Ok(block(move || verify(&password, &stored)).await? && known)
    }

    /// Hashes a new password beside the server's own threads.
    pub async fn hash(&self, password: String) -> Result<String, PageError> {
        let _seat = self.seats.acquire().await.map_err(|_| PageError::Unknown)?;
        let cost = self.cost;
        Ok(block(move || password_hash(&password, cost)).await?)
    }
}

/// A hash carries its own cost, so people keep their passwords when the cost is raised.
fn verify(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_fits_its_password_and_no_other() {
        let stored = password_hash("willow-tree-4", Cost::Cheap);
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("willow-tree-4", &stored));
        assert!(!verify("willow-tree-5", &stored) && !verify("", &stored));
        assert_ne!(stored, password_hash("willow-tree-4", Cost::Cheap), "the salt differs");
        assert!(!verify("anything", "not a hash"));
    }
}
