//! A nurse writes down what was given in error. No limit is asked and no witness: it has happened. It takes its pieces from
//! the register like any dose, and whatever the book lacks becomes an open difference.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, standing_check};
use crate::care::incident::{Happened, Incident, IncidentAsk};
use crate::care::people::{Actor, Nurse};
use crate::care::refusal::Refusal;
use crate::care::register::source::StockAsk;
use crate::care::register::taking::Taking;
use crate::care::round::administration::Outcome;
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::registers::{Dose, Hand, Stock, Taker, Writing, stock_hold};
use crate::store::{StoreError, facilities, incidents, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct RecordIncident {
    /// The id of the incident, made when the form was drawn.
    pub form: String,
    pub resident: String,
    pub incident: IncidentAsk,
}

/// The incident, and what it wrote into registers.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    incident: &'a Incident,
    #[serde(flatten)]
    writing: &'a Writing,
}

/// What was decided, about to be written down.
struct Deciding {
    incident: Incident,
    stock: Stock,
    takings: Vec<Taking>,
}

pub fn record_incident(
    conn: &mut Conn,
    by: &Nurse,
    ask: &RecordIncident,
    now: DateTime<Utc>,
) -> Result<Incident, ActError> {
    standing_check(conn, by, now)?;
    let resident = residents::resident_load(conn, &ask.resident)?;
    if resident.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    // From here to the end of the act nobody else records anything of this resident.
    let recorded_at = residents::recorded_at(conn, &resident.id, now)?;
    if let Some(first) = incidents::incident_find(conn, &ask.form)? {
        return same_answer(by, first.incident, &resident.id);
    }
    if fact_exists(conn, &ask.form)? {
        return Err(Refusal::FormReused.into());
    }
    let facility = facilities::facility_load(conn, &resident.facility)?;
    let known = facilities::medicines_of(conn, &facility.id)?;
    let Happened { mistake, medicine, given, given_at, what, done } =
        ask.incident.read(&known, facility.zone, recorded_at)?;
    let taker = Taker { facility: &facility, resident: &resident.id, unit: &resident.unit, medicine: &medicine };
    let stock = stock_hold(conn, &taker, given)?;
    let takings = stock.take(&StockAsk::default(), Outcome::Given, given)?;
    let incident = Incident {
        id: ask.form.clone(),
        n: 0,
        pieces: stock.pieces_text(true, given),
        facility: facility.id,
        unit: resident.unit,
        resident: resident.id,
        medicine,
        given,
        mistake,
        what,
        done,
        given_at,
        recorded_at,
        recorded_by: by.staff().person.clone(),
    };
    Ok(save(conn, Deciding { incident, stock, takings })?)
}

/// A repeated post gets the first answer.
fn same_answer(by: &Nurse, first: Incident, resident: &str) -> Result<Incident, ActError> {
    let same = first.recorded_by == by.staff().person && first.resident == resident;
    if same { Ok(first) } else { Err(Refusal::FormReused.into()) }
}

fn save(conn: &mut Conn, deciding: Deciding) -> Result<Incident, StoreError> {
    let Deciding { mut incident, stock, takings } = deciding;
    let hand = Hand { form: &incident.id, by: &incident.recorded_by, witness: None, at: incident.recorded_at };
    let writing = stock.write(&takings, &hand, Dose::Incident(&incident.id));
    let fact = NewFact {
        id: &incident.id,
        kind: "record_incident",
        facility: &incident.facility,
        resident: Some(&incident.resident),
        subject: &incident.id,
        done_by: Some(&incident.recorded_by),
        role: Nurse::ROLE.word(),
        body: &Body { incident: &incident, writing: &writing },
    };
    incident.n = fact_append(conn, &fact, incident.recorded_at)?;
    incidents::incident_insert(conn, &incident)?;
    writing.save(conn, incident.n)?;
    Ok(incident)
}
