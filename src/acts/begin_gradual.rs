//! Somebody notes since when a psychotropic medicine is taken, or puts that right.

use chrono::{DateTime, NaiveDate, Utc};

use super::{ActError, noted_already};
use crate::care::gradual::note::{Class, Keeper, medicine};
use crate::store::db::Conn;
use crate::store::gradual::{note_save, treatment_load};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct BeginGradual {
    /// The id of the note, made when the form was drawn.
    pub form: String,
    pub resident: String,
    pub medicine: String,
    pub on: NaiveDate,
    pub class: Class,
    /// How it is known.
    pub known_from: String,
}

pub fn begin_gradual(conn: &mut Conn, by: &Keeper, ask: &BeginGradual, now: DateTime<Utc>) -> Result<(), ActError> {
    if noted_already(conn, by, &ask.form, &ask.resident, now)? {
        return Ok(());
    }
    let found = treatment_load(conn, &by.staff, &ask.resident, medicine(&ask.medicine)?, now)?;
    let written = found.treatment.begin(ask.on, ask.class, &ask.known_from, found.today)?;
    Ok(note_save(conn, &found, by, &ask.form, "begin_gradual", written)?)
}
