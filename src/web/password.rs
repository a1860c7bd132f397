//! Passwords: Argon2id, at most two at once, never inside a transaction, and the same work for a name nobody has.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web::block;
use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::{Algorithm, Argon2, Block, Params, Version};
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

/// The memory that passwords are checked in, some 19 MiB each, used again: taken anew each time, every thread of the server
/// that once checked one would go on holding it.
#[derive(Clone, Default)]
struct Rooms(Arc<Mutex<Vec<Vec<Block>>>>);

impl Rooms {
    fn enter<T>(&self, work: impl FnOnce(&mut Vec<Block>) -> T) -> T {
        let free = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut room = free().pop().unwrap_or_default();
        let done = work(&mut room);
        free().push(room);
        done
    }
}

/// Checks passwords, two at a time: more would take the memory and the processor from the round.
#[derive(Clone)]
pub struct Passwords {
    cost: Cost,
    seats: Arc<Semaphore>,
    rooms: Rooms,
    /// Verified in place of a name that nobody has, so that the answer takes as long.
    decoy: Arc<str>,
}

impl Passwords {
    pub fn new(cost: Cost) -> Passwords {
        let (seats, rooms) = (Arc::new(Semaphore::new(2)), Rooms::default());
        Passwords { cost, seats, rooms, decoy: password_hash("nobody", cost).into() }
    }

    /// Whether the password fits the stored hash; without a hash it never does, and takes as long to say so.
    pub async fn fits(&self, password: String, stored: Option<String>) -> Result<bool, PageError> {
        // Kept until the work is done, though whoever asked may be gone before.
        let seat = Arc::clone(&self.seats).acquire_owned().await.map_err(|_| PageError::Unknown)?;
        // Nor does it tell who was never given a password.
        let stored = stored.filter(|stored| PasswordHash::new(stored).is_ok());
        let known = stored.is_some();
        let (rooms, stored) = (self.rooms.clone(), stored.unwrap_or_else(|| self.decoy.to_string()));
        let fits = move || {
            let _seat = seat;
            rooms.enter(|room| verify(&password, &stored, room))
        };
        Ok(block(fits).await? && known)
    }

    /// Hashes a new password beside the server's own threads.
    pub async fn hash(&self, password: String) -> Result<String, PageError> {
        let _seat = self.seats.acquire().await.map_err(|_| PageError::Unknown)?;
        let cost = self.cost;
        Ok(block(move || password_hash(&password, cost)).await?)
    }
}

/// A hash carries its own cost, so people keep their passwords when the cost is raised.
fn verify(password: &str, stored: &str, room: &mut Vec<Block>) -> bool {
    let Ok(stored) = PasswordHash::new(stored) else { return false };
    let known = hashed(password, &stored, room);
    // Outputs are compared in a time that does not tell how much was right.
    known.is_some() && known == stored.hash
}

/// What a password comes to by the cost and the salt of a stored hash; none where that is no hash of ours.
fn hashed(password: &str, stored: &PasswordHash, room: &mut Vec<Block>) -> Option<Output> {
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).ok()?;
    let version = Version::try_from(stored.version?).ok()?;
    let params = Params::try_from(stored).ok()?;
    let (blocks, long) = (params.block_count(), stored.hash.as_ref()?.len());
    room.resize(blocks.max(room.len()), Block::new());
    let mut out = [0; Output::MAX_LENGTH];
    let (out, salt) = (out.get_mut(..long)?, stored.salt.as_ref()?);
    let argon2 = Argon2::new(algorithm, version, params);
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, &mut room[..blocks]).ok()?;
    Output::new(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_fits_its_password_and_no_other() {
        let verify = |password: &str, stored: &str| Rooms::default().enter(|room| verify(password, stored, room));
        let stored = password_hash("willow-tree-4", Cost::Cheap);
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("willow-tree-4", &stored));
        assert!(!verify("willow-tree-5", &stored) && !verify("", &stored));
        assert_ne!(stored, password_hash("willow-tree-4", Cost::Cheap), "the salt differs");
        assert!(!verify("anything", "not a hash"));
    }

    #[test]
    fn a_room_that_was_used_before_tells_nothing_else() {
        let (rooms, mut known) = (Rooms::default(), Vec::new());
        for cost in [Cost::Full, Cost::Cheap, Cost::Full] {
            let stored = password_hash("willow-tree-4", cost);
            known.push(rooms.enter(|room| verify("willow-tree-4", &stored, room)));
            known.push(!rooms.enter(|room| verify("willow-tree-5", &stored, room)));
        }
        assert_eq!(known, [true; 6]);
    }

    #[actix_web::test]
    async fn two_passwords_are_checked_at_once_and_the_others_wait() {
        let passwords = Passwords::new(Cost::Full);
        let guess = |n| {
            let passwords = passwords.clone();
            actix_web::rt::spawn(async move { passwords.fits(format!("guess-{n}"), None).await })
        };
        for fits in (0..8).map(guess).collect::<Vec<_>>() {
            assert!(!fits.await.unwrap().unwrap());
        }
        let rooms = passwords.rooms.0.lock().unwrap().len();
        assert!((1..=2).contains(&rooms), "{rooms} rooms of 19 MiB were wanted at once");
    }
}
