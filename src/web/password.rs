//! Passwords: Argon2id, at most two at once, never inside a transaction, and the same work for a name nobody has.

use std::sync::Arc;

use actix_web::web::block;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::throttle::Attempt;
use super::{Hall, PageError, looking};
use crate::care::people::Confirmed;
use crate::store::people;

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

/// Whether somebody gave their password.
pub enum Proof {
    Given(Confirmed),
    Wrong,
    /// Too many wrong ones: so many seconds to wait.
    Wait(i64),
}

impl Hall {
    /// The password again, of the person who is signed in: for a signature. Call it before the act.
    pub async fn confirm(&self, person: &str, password: &str) -> Result<Proof, PageError> {
        let asked = person.to_owned();
        let stored = looking(&self.db, move |conn| people::secret_of(conn, &asked)).await?;
        self.prove(Attempt::new(person, "signing"), stored.map(|secret| (person.to_owned(), secret)), password).await
    }

    /// Username and password of somebody at the door, or of a witness.
    pub async fn recognise(&self, username: &str, password: &str, address: &str) -> Result<Proof, PageError> {
        let asked = username.trim().to_lowercase();
        let attempt = Attempt::new(&asked, address);
        let stored = looking(&self.db, move |conn| people::secret_find(conn, &asked)).await?;
        self.prove(attempt, stored, password).await
    }

    async fn prove(
        &self,
        attempt: Attempt,
        stored: Option<(String, String)>,
        password: &str,
    ) -> Result<Proof, PageError> {
        if let Err(seconds) = attempt.begin(self).await? {
            return Ok(Proof::Wait(seconds));
        }
        let (person, secret) = stored.unzip();
        if !self.passwords.fits(password.to_owned(), secret).await? {
            return Ok(Proof::Wrong);
        }
        attempt.succeed(self).await?;
        Ok(person.map_or(Proof::Wrong, |person| Proof::Given(Confirmed { person })))
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
