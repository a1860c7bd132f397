//! Residents' photos: one each at most, put in place of the one before, and removed with all its bytes.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::StoreError;
use super::db::Conn;
use super::schema::{photos, residents};
use crate::care::resident::photo::Photo;

pub fn photo_find(conn: &mut Conn, resident: &str) -> Result<Option<Photo>, StoreError> {
    let row: Option<(Vec<u8>, String)> =
        photos::table.find(resident).select((photos::jpeg, photos::digest)).first(conn).optional()?;
    Ok(row.map(|(jpeg, digest)| Photo { jpeg, digest }))
}

/// Which photo it is, without its bytes; none where there is none.
pub fn digest_find(conn: &mut Conn, resident: &str) -> Result<Option<String>, StoreError> {
    Ok(photos::table.find(resident).select(photos::digest).first(conn).optional()?)
}

/// The residents of a facility who have a photo.
pub fn photographed(conn: &mut Conn, facility: &str) -> Result<HashSet<String>, StoreError> {
    let here = photos::table.inner_join(residents::table).filter(residents::facility.eq(facility));
    let found: Vec<String> = here.select(photos::resident).load(conn)?;
    Ok(found.into_iter().collect())
}

/// Puts a photo in place of the one before.
pub fn photo_replace(
    conn: &mut Conn,
    resident: &str,
    photo: &Photo,
    by: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    photo_remove(conn, resident)?;
    let row = (
        photos::resident.eq(resident),
        photos::jpeg.eq(&photo.jpeg),
        photos::digest.eq(&photo.digest),
        photos::put_by.eq(by),
        photos::put_at.eq(at.naive_utc()),
    );
    diesel::insert_into(photos::table).values(row).execute(conn)?;
    Ok(())
}

pub fn photo_remove(conn: &mut Conn, resident: &str) -> Result<(), StoreError> {
    diesel::delete(photos::table.find(resident)).execute(conn)?;
    Ok(())
}
