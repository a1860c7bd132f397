//! A list of residents is taken in, all of them or nobody.

use chrono::{DateTime, Utc};

use super::{ActError, answered_already, part_id, resident_enter, standing_check};
use crate::care::people::{Actor, Supervisor};
use crate::care::refusal::Refusal;
use crate::care::resident::Resident;
use crate::care::resident::intake::{self, Known};
use crate::store::db::Conn;
use crate::store::{facilities, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct TakeIn {
    pub form: String,
    /// As it was pasted.
    pub list: String,
}

/// How many were taken in.
pub fn take_in_residents(
    conn: &mut Conn,
    by: &Supervisor,
    ask: &TakeIn,
    now: DateTime<Utc>,
) -> Result<usize, ActError> {
    let facility = standing_check(conn, by, now)?;
    let units = facilities::units_of(conn, &facility.id)?;
    let here = residents::residents_of(conn, std::slice::from_ref(&facility.id))?;
    // The same form again: its first resident stands in the history.
    let first = id_of(&ask.form, 0);
    if answered_already(conn, &first, &first, by.staff())? {
        return Ok(0);
    }
    let known = Known { facility: &facility.id, units: &units, residents: &here, today: facility.zone.day(now) };
    let lines = intake::read(&ask.list, &known)?;
    let wrong = lines.iter().filter(|line| line.read.is_err()).count();
    if wrong > 0 {
        return Err(Refusal::ListWrong { lines: wrong }.into());
    }
    let read: Vec<Resident> = lines.into_iter().filter_map(|line| line.read.ok()).collect();
    for (at, resident) in read.iter().enumerate() {
        resident_enter(conn, by, &Resident { id: id_of(&ask.form, at), ..resident.clone() }, now)?;
    }
    Ok(read.len())
}

/// The id of the resident in one place of the list.
fn id_of(form: &str, at: usize) -> String {
    part_id(form, &format!("resident {at}"))
}
