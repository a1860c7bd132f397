//! Somebody on the ward, or in the office, puts a photo of a resident in place of the one before, or takes it away.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, answered_already, role_check};
use crate::care::people::{Role, Staff};
use crate::care::refusal::Refusal;
use crate::care::resident::photo::Photo;
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append};
use crate::store::{StoreError, photos, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct PutPhoto {
    pub form: String,
    pub resident: String,
    /// The digest of the photo that the page showed; none where there was none.
    pub seen: Option<String>,
    /// None: it is taken away.
    pub photo: Option<Photo>,
}

/// Which photo was there, and which is; their bytes are not kept.
#[derive(Serialize)]
struct Body<'a> {
    before: Option<&'a str>,
    after: Option<&'a str>,
}

pub fn put_photo(
    conn: &mut Conn,
    (by, role): (&Staff, Role),
    ask: &PutPhoto,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    role_check(conn, by, role, now)?;
    let resident = residents::resident_load(conn, &ask.resident)?;
    if resident.facility != by.facility {
        return Err(StoreError::Missing.into());
    }
    if answered_already(conn, &ask.form, &resident.id, by)? {
        return Ok(());
    }
    residents::resident_hold(conn, &resident.id)?;
    if photos::digest_find(conn, &resident.id)? != ask.seen {
        return Err(Refusal::PhotoMoved.into());
    }
    match &ask.photo {
        Some(photo) => photos::photo_replace(conn, &resident.id, photo, &by.person, now)?,
        None => photos::photo_remove(conn, &resident.id)?,
    }
    let fact = NewFact {
        id: &ask.form,
        kind: if ask.photo.is_some() { "put_photo" } else { "remove_photo" },
        facility: &resident.facility,
        resident: Some(&resident.id),
        subject: &resident.id,
        done_by: Some(&by.person),
        role: role.word(),
        body: &Body { before: ask.seen.as_deref(), after: ask.photo.as_ref().map(|photo| photo.digest.as_str()) },
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}
