//! A note about a psychotropic medicine was wrong: it is struck out, and stays readable.

use chrono::{DateTime, Utc};

use super::{ActError, noted_already};
use crate::care::gradual::note::Keeper;
use crate::care::refusal::Refusal;
use crate::store::db::Conn;
use crate::store::gradual::{note_find, note_save, treatment_load};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct StrikeGradual {
    /// The id of the note, made when the form was drawn.
    pub form: String,
    pub resident: String,
    /// The id of the note that was wrong.
    pub note: String,
    pub why: String,
}

pub fn strike_gradual(conn: &mut Conn, by: &Keeper, ask: &StrikeGradual, now: DateTime<Utc>) -> Result<(), ActError> {
    if noted_already(conn, by, &ask.form, &ask.resident, now)? {
        return Ok(());
    }
    let wrong = note_find(conn, &ask.note)?.ok_or(Refusal::GradualNote)?;
    let found = treatment_load(conn, &by.staff, &ask.resident, wrong.medicine, now)?;
    let written = found.treatment.strike(by.role, &ask.note, &ask.why)?;
    Ok(note_save(conn, &found, by, &ask.form, "strike_gradual", written)?)
}
