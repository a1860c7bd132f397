//! Somebody notes that the dose of a psychotropic medicine was lowered elsewhere.

use chrono::{DateTime, NaiveDate, Utc};

use super::{ActError, noted_already};
use crate::care::gradual::note::{Keeper, medicine};
use crate::store::db::Conn;
use crate::store::gradual::{note_save, treatment_load};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct NoteAttempt {
    /// The id of the note, made when the form was drawn.
    pub form: String,
    pub resident: String,
    pub medicine: String,
    pub on: NaiveDate,
    /// What was lowered, and how it went.
    pub how: String,
}

pub fn note_attempt(conn: &mut Conn, by: &Keeper, ask: &NoteAttempt, now: DateTime<Utc>) -> Result<(), ActError> {
    if noted_already(conn, by, &ask.form, &ask.resident, now)? {
        return Ok(());
    }
    let found = treatment_load(conn, &by.staff, &ask.resident, medicine(&ask.medicine)?, now)?;
    let written = found.treatment.attempt(ask.on, &ask.how, found.today)?;
    Ok(note_save(conn, &found, by, &ask.form, "note_attempt", written)?)
}
