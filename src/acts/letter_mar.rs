//! The administrator chooses the letters that stand in the MAR for doses not given.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, standing_check};
use crate::care::people::{Actor, Administrator};
use crate::care::refusal::Refusal;
use crate::care::round::mar::LetterSet;
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::{facilities, mar};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct LetterMar {
    /// The id of the form.
    pub form: String,
    /// The revision of the facility that the page showed.
    pub revision: i64,
    pub letters: LetterSet,
}

#[derive(Serialize)]
struct Change<'a> {
    before: LetterSet,
    after: &'a LetterSet,
}

/// Changes the letters, if nobody changed a setting since the page was drawn.
pub fn letter_mar(conn: &mut Conn, by: &Administrator, ask: &LetterMar, now: DateTime<Utc>) -> Result<(), ActError> {
    let facility = standing_check(conn, by, now)?;
    if fact_exists(conn, &ask.form)? {
        return Ok(());
    }
    if facility.revision != ask.revision {
        return Err(Refusal::SettingsMoved.into());
    }
    let before = mar::letters_load(conn, &facility.id)?;
    mar::letters_replace(conn, &facility.id, &ask.letters)?;
    facilities::facility_change(conn, &facility)?;
    let fact = NewFact {
        id: &ask.form,
        kind: "letter_mar",
        facility: &facility.id,
        resident: None,
        subject: &facility.id,
        done_by: Some(&by.staff().person),
        role: Administrator::ROLE.word(),
        body: &Change { before, after: &ask.letters },
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}
