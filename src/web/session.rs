//! Sessions: a random key in a cookie, its hash in the database, and who stands behind it at this moment.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::error::PageError;
use super::hall::{Hall, acting, looking};
use crate::care::people::Visitor;
use crate::store::sessions;

/// A session ends after a long shift even when it was never idle.
const LONGEST_HOURS: i64 = 13;

/// 32 random bytes that a browser holds. Only their hash is stored, and a form's proof is another hash of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    pub fn fresh() -> Key {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("an operating system without randomness cannot keep secrets either");
        Key(hex(&bytes))
    }

    /// What is stored of it.
    pub fn hash(&self) -> String {
        self.digest("session")
    }

    /// What every form of this session carries, so that no other site can send one.
    pub fn csrf(&self) -> String {
        self.digest("form")
    }

    pub fn proves(&self, proof: &str) -> bool {
        same(self.csrf().as_bytes(), proof.as_bytes())
    }

    fn digest(&self, purpose: &str) -> String {
        hex(&Sha256::new().chain_update(purpose).chain_update([0]).chain_update(&self.0).finalize())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares in a time that does not tell how much was right.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differing, (a, b)| differing | (a ^ b)) == 0
}

/// The two cookies: one for who is signed in, one that only protects the sign-in form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    Inside,
    Outside,
}

impl Door {
    /// Under https the browser itself guards the name: no other host and no plain page can set it.
    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Door::Inside, true) => "__Host-stepdown",
            (Door::Inside, false) => "stepdown",
            (Door::Outside, true) => "__Host-stepdown-door",
            (Door::Outside, false) => "stepdown-door",
        }
    }

    pub fn cookie(self, key: &Key, secure: bool) -> Cookie<'static> {
        Cookie::build(self.name(secure), key.0.clone())
            .path("/")
            .http_only(true)
            .secure(secure)
            .same_site(SameSite::Strict)
            .finish()
    }

    /// Takes the cookie back.
    pub fn removal(self, secure: bool) -> Cookie<'static> {
        let mut cookie = self.cookie(&Key(String::new()), secure);
        cookie.make_removal();
        cookie
    }

    /// The key that a browser brought.
    pub fn key(self, request: &HttpRequest) -> Option<Key> {
        let hall = request.app_data::<Data<Hall>>()?;
        let brought = request.cookie(self.name(hall.secure))?;
        let plausible = brought.value().len() == 64 && brought.value().bytes().all(|byte| byte.is_ascii_hexdigit());
        plausible.then(|| Key(brought.value().to_owned()))
    }
}

/// Every key that a browser brought.
pub fn keys(request: &HttpRequest) -> Vec<Key> {
    [Door::Inside, Door::Outside].iter().filter_map(|door| door.key(request)).collect()
}

/// Who is asking, as the database knows them now; kept with the request.
#[derive(Clone)]
pub struct Visit {
    pub visitor: Visitor,
    pub csrf: String,
    pub now: DateTime<Utc>,
    /// The address asked for, to refresh the page.
    pub here: String,
}

/// Finds out who is asking, once a request. A stranger, somebody disabled and somebody idle too long are sent to sign in.
pub async fn visit(request: &HttpRequest) -> Result<Visit, PageError> {
    if let Some(known) = request.extensions().get::<Visit>() {
        return Ok(known.clone());
    }
    let stranger = || PageError::stranger(request);
    let hall = request.app_data::<Data<Hall>>().ok_or_else(stranger)?;
    let key = Door::Inside.key(request).ok_or_else(stranger)?;
    let (hash, now) = (key.hash(), hall.db.now());
    let asked = hash.clone();
    let visitor =
        looking(&hall.db, move |conn| sessions::visitor_find(conn, &asked, now)).await?.ok_or_else(stranger)?;
    keep_or_end(hall, &visitor, hash, now).await.then_some(()).ok_or_else(stranger)?;
    let here = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let visit = Visit { visitor, csrf: key.csrf(), now, here };
    request.extensions_mut().insert(visit.clone());
    Ok(visit)
}

/// Ends a session that was idle too long, and notes at most once a minute that one is in use. A disk that cannot be told
/// so keeps nobody from a page: there would be no signing in again either.
async fn keep_or_end(hall: &Hall, visitor: &Visitor, hash: String, now: DateTime<Utc>) -> bool {
    let idle = now - hall.unwritten.seen_at(&hash, visitor.seen_at);
    let over = idle > visitor.idle_limit() || now - visitor.began_at > TimeDelta::hours(LONGEST_HOURS);
    let of = hash.clone();
    if over {
        let _ended_here = acting(&hall.db, move |conn, _| Ok(sessions::session_end(conn, &of)?)).await;
        hall.unwritten.forget(&hash);
    } else if idle >= TimeDelta::minutes(1) {
        match acting(&hall.db, move |conn, now| Ok(sessions::session_seen(conn, &of, now)?)).await {
            Ok(_) => hall.unwritten.forget(&hash),
            Err(_) => hall.unwritten.note(hash, now),
        }
    }
    !over
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_its_hash_nor_its_proof() {
        let key = Key::fresh();
        assert_ne!(key.0, key.hash());
        assert_ne!(key.hash(), key.csrf());
        assert!(key.proves(&key.csrf()));
        assert!(!key.proves("") && !key.proves(&Key::fresh().csrf()));
    }
}
