//! What every handler finds in the hall, and how it reaches the database without holding up the server's own threads.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use actix_web::HttpRequest;
use actix_web::web::block;
use chrono::{DateTime, Utc};

use super::arrival::Arrivals;
use super::crowd::Crowd;
use super::error::PageError;
use super::password::Passwords;
use super::proved::Walk;
use super::unwritten::Unwritten;
use crate::acts::ActError;
use crate::care::catalogue::Catalogue;
use crate::care::refusal::Refusal;
use crate::paper::Folder;
use crate::store::StoreError;
use crate::store::bells::Unreckoned;
use crate::store::db::{Conn, Db};

/// So many forms of strangers are under way at once: they sign in two at a time, and take no place of those who work here.
const STRANGERS: usize = 16;

/// What every handler finds in the hall. Handlers take it as `Data<Hall>`.
#[derive(Clone)]
pub struct Hall {
    pub db: Db,
    pub passwords: Passwords,
    /// What tapers are planned by, a facility's own files included.
    pub catalogue: Arc<Catalogue>,
    /// People reach us over https: cookies are marked so, and browsers are told to insist.
    pub secure: bool,
    /// The address that people type, which a browser names as the origin of our forms where a proxy hides it; none where they
    /// type what is served.
    pub public_url: Option<String>,
    /// A proxy of ours stands in front and names the true address.
    pub behind_proxy: bool,
    /// Sessions in use that the database could not be told of.
    pub unwritten: Unwritten,
    /// The forms that are still to arrive.
    pub arrivals: Arrivals,
    /// The forms that are under way.
    pub crowd: Crowd,
    /// Those of people who are not signed in.
    pub strangers: Crowd,
    /// How far the history is proved.
    pub walk: Walk,
    /// Where letters are written as files; none where a mail server takes them.
    pub folder: Option<PathBuf>,
    /// Where the bell lays the downtime packs.
    pub downtime: Vec<Folder>,
    /// Whose letters the bell cannot work out.
    pub unreckoned: Unreckoned,
    /// The server was told to stop: answers ask their clients to close.
    pub stopping: Arc<AtomicBool>,
}

impl Hall {
    pub fn new(db: Db, passwords: Passwords, secure: bool, behind_proxy: bool) -> Hall {
        let (walk, stopping) = (Walk::default(), Arc::default());
        let catalogue = Arc::new(Catalogue::ours().clone());
        let (arrivals, crowd, unwritten) = (Arrivals::default(), Crowd::default(), Unwritten::default());
        let strangers = Crowd::of(STRANGERS);
        let (folder, downtime, public_url) = (None, Vec::new(), None);
        Hall {
            db,
            passwords,
            catalogue,
            secure,
            public_url,
            behind_proxy,
            unwritten,
            arrivals,
            crowd,
            strangers,
            walk,
            folder,
            downtime,
            unreckoned: Unreckoned::default(),
            stopping,
        }
    }

    /// Where a request came from. Only a proxy of ours may name another address than its own, and it writes last: what
    /// stands before it, in its line or in one above, is the visitor's own text.
    pub fn address(&self, request: &HttpRequest) -> String {
        let named = request.headers().get_all("X-Forwarded-For").last().and_then(|value| value.to_str().ok());
        let nearest = named.and_then(|list| list.rsplit(',').next()).map(str::trim);
        match nearest {
            Some(address) if self.behind_proxy => address.to_owned(),
            _ => request.peer_addr().map(|peer| peer.ip().to_string()).unwrap_or_default(),
        }
    }
}

/// What a page answers: a page, a way on, or an error that becomes a page.
pub type Answer = Result<actix_web::HttpResponse, PageError>;

/// Reads beside the server's own threads.
pub async fn looking<T: Send + 'static>(
    db: &Db,
    look: impl FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, PageError> {
    let db = db.clone();
    Ok(block(move || db.read(look)).await??)
}

/// Runs an act beside the server's own threads. What the rules refuse is an answer, so that the page can show its form again.
pub async fn acting<T: Send + 'static>(
    db: &Db,
    act: impl Fn(&mut Conn, DateTime<Utc>) -> Result<T, ActError> + Send + 'static,
) -> Result<Result<T, Refusal>, PageError> {
    let db = db.clone();
    match block(move || db.write(act)).await? {
        Ok(done) => Ok(Ok(done)),
        Err(ActError::Refused(refusal)) => Ok(Err(refusal)),
        Err(ActError::Store(trouble)) => Err(trouble.into()),
    }
}
