//! A list of residents is taken in, all of them or nobody.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{ActError, standing_check};
use crate::care::people::{Actor, Supervisor};
use crate::care::refusal::Refusal;
use crate::care::resident::Resident;
use crate::care::resident::intake::{self, Known};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
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
    standing_check(conn, by, now)?;
    let facility = facilities::facility_load(conn, &by.staff().facility)?;
    let units = facilities::units_of(conn, &facility.id)?;
    let here = residents::residents_of(conn, std::slice::from_ref(&facility.id))?;
    // The same form again: its first resident stands in the history.
    if fact_exists(conn, &line_id(&ask.form, 0))? {
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
        let resident = Resident { id: line_id(&ask.form, at), ..resident.clone() };
        residents::resident_insert(conn, &resident, now)?;
        note(conn, by, &resident, now)?;
    }
    Ok(read.len())
}

/// The id of a resident, and of the fact about it, by the form and the place in its list.
fn line_id(form: &str, at: usize) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{form} resident {at}").as_bytes()).to_string()
}

fn note(conn: &mut Conn, by: &Supervisor, resident: &Resident, now: DateTime<Utc>) -> Result<(), ActError> {
    let fact = NewFact {
        id: &resident.id,
        kind: "admit_resident",
        facility: &resident.facility,
        resident: Some(&resident.id),
        subject: &resident.id,
        done_by: Some(&by.staff().person),
        role: Supervisor::ROLE.word(),
        body: resident,
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}
