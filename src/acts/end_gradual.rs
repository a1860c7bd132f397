//! Somebody notes that a psychotropic medicine is no longer taken.

use chrono::{DateTime, NaiveDate, Utc};

use super::{ActError, noted_already};
use crate::care::gradual::note::{Keeper, medicine};
use crate::store::db::Conn;
use crate::store::gradual::{note_save, treatment_load};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct EndGradual {
    /// The id of the note, made when the form was drawn.
    pub form: String,
    pub resident: String,
    pub medicine: String,
    /// The last day on which it was taken.
    pub on: NaiveDate,
    pub why: String,
}

pub fn end_gradual(conn: &mut Conn, by: &Keeper, ask: &EndGradual, now: DateTime<Utc>) -> Result<(), ActError> {
    if noted_already(conn, by, &ask.form, &ask.resident, now)? {
        return Ok(());
    }
    let found = treatment_load(conn, &by.staff, &ask.resident, medicine(&ask.medicine)?, now)?;
    let written = found.treatment.end(ask.on, &ask.why, found.today)?;
    Ok(note_save(conn, &found, by, &ask.form, "end_gradual", written)?)
}
