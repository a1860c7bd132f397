//! A nurse writes down what was given in error. No limit is asked and no witness of the giving: it has happened. It takes its
//! pieces from the register like any dose, and whatever the book lacks becomes an open difference.

use chrono::{DateTime, Utc};

use super::{ActError, InError, incident_enter, second_load, standing_check};
use crate::care::facility::Facility;
use crate::care::incident::{Happened, Incident, IncidentAsk, Known};
use crate::care::people::{Actor, Confirmed, Nurse};
use crate::care::refusal::Refusal;
use crate::care::register::HeldBy;
use crate::care::register::source::StockAsk;
use crate::care::resident::Resident;
use crate::store::db::Conn;
use crate::store::history::fact_exists;
use crate::store::paper::nurses_lately;
use crate::store::{StoreError, facilities, incidents, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct RecordIncident {
    /// The id of the incident, made when the form was drawn.
    pub form: String,
    pub resident: String,
    pub incident: IncidentAsk,
    /// Whose supply it came from, where residents have their own; empty: theirs to whom it was given.
    pub supply: String,
    /// What became of a broken piece.
    pub stock: StockAsk,
    /// A second person who saw that wasted, and gave their password.
    pub witness: Option<Confirmed>,
}

pub fn record_incident(
    conn: &mut Conn,
    by: &Nurse,
    ask: &RecordIncident,
    now: DateTime<Utc>,
) -> Result<Incident, ActError> {
    standing_check(conn, by, now)?;
    // From here to the end of the act nobody else records anything of this resident, or moves them.
    let recorded_at = residents::recorded_at(conn, &ask.resident, now)?;
    let resident = residents::resident_load(conn, &ask.resident)?;
    if resident.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    let facility = facilities::facility_load(conn, &resident.facility)?;
    let medicines = facilities::medicines_known(conn, &facility.id)?;
    let nurses = nurses_lately(conn, &facility.id, now)?;
    let known = Known { medicines: &medicines, nurses: &nurses };
    let happened = ask.incident.read(known, facility.zone, now)?;
    if let Some(first) = incidents::incident_find(conn, &ask.form)? {
        return same_answer(by, first.incident, &resident.id, &happened);
    }
    if fact_exists(conn, &ask.form)? {
        return Err(Refusal::FormReused.into());
    }
    let supply = supply_of(conn, &facility, &resident, &ask.supply)?;
    let second = second_load(conn, ask.witness.as_ref(), &facility.id, now)?;
    let in_error = InError { form: &ask.form, facility: &facility, resident: &resident, supply: &supply, happened };
    incident_enter(conn, by, in_error, &ask.stock, second.as_ref(), recorded_at)
}

/// The resident of whose supply it was: it may be another’s that was given.
fn supply_of(conn: &mut Conn, facility: &Facility, given_to: &Resident, asked: &str) -> Result<String, ActError> {
    if asked.is_empty() || asked == given_to.id || facility.register.held_by == HeldBy::Units {
        return Ok(given_to.id.clone());
    }
    let here = residents::residents_of(conn, std::slice::from_ref(&facility.id))?;
    let theirs = here.into_iter().find(|one| one.id == asked).ok_or(Refusal::IncidentSupply)?;
    Ok(theirs.id)
}

/// A repeated post gets the first answer; the same page sent again with something else is told so.
fn same_answer(by: &Nurse, first: Incident, resident: &str, happened: &Happened) -> Result<Incident, ActError> {
    let again = (&first.medicine, first.given, first.mistake) == (&happened.medicine, happened.given, happened.mistake);
    let same = again
        && first.given_by == happened.given_by
        && first.recorded_by == by.staff().person
        && first.resident == resident;
    if same { Ok(first) } else { Err(Refusal::FormReused.into()) }
}
