//! A prescriber notes, with their password, that reducing a psychotropic medicine is clinically contraindicated.

use chrono::{DateTime, NaiveDate, Utc};

use super::{ActError, noted_already};
use crate::care::gradual::note::{Keeper, medicine};
use crate::care::people::{Confirmed, Prescriber};
use crate::store::db::Conn;
use crate::store::gradual::{note_save, treatment_load};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct NoteContraindication {
    /// The id of the note, made when the form was drawn.
    pub form: String,
    pub resident: String,
    pub medicine: String,
    pub on: NaiveDate,
    /// The day on which a prescriber looks again.
    pub again_on: NaiveDate,
    pub rationale: String,
}

pub fn note_contraindication(
    conn: &mut Conn,
    by: &Prescriber,
    confirmed: &Confirmed,
    ask: &NoteContraindication,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let keeper = Keeper::from(by.clone());
    if noted_already(conn, &keeper, &ask.form, &ask.resident, now)? {
        return Ok(());
    }
    let found = treatment_load(conn, &keeper.staff, &ask.resident, medicine(&ask.medicine)?, now)?;
    let rules = &found.facility.gradual;
    let days = (ask.on, ask.again_on);
    let written = found.treatment.contraindicate((by, confirmed), days, &ask.rationale, rules, found.today)?;
    Ok(note_save(conn, &found, &keeper, &ask.form, "note_contraindication", written)?)
}
