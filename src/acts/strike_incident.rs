//! An incident was itself written down in error: it no longer stands, nobody is asked about it any more, and what it took
//! from registers is put back. What was written stays readable, struck through.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, Opening, excess_open, role_check, second_load};
use crate::care::facility::Facility;
use crate::care::incident::{Incident, Struck};
use crate::care::people::Confirmed;
use crate::care::refusal::Refusal;
use crate::care::round::as_needed::limits::WINDOW;
use crate::care::round::correction::{self, Corrector};
use crate::store::as_needed::{excess_find, excess_without};
use crate::store::db::Conn;
use crate::store::doses::{administration_load, administrations_around, standings_of};
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::registers::{Dose, Hand, Taker, Writing, stock_hold_struck};
use crate::store::{StoreError, facilities, incidents, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct StrikeIncident {
    /// The id of the strike, made when the form was drawn.
    pub form: String,
    pub of_incident: String,
    pub why: String,
    /// A second person who gave their password.
    pub witness: Option<Confirmed>,
}

/// The strike, and what it put back into registers.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    strike: &'a Struck,
    #[serde(flatten)]
    writing: &'a Writing,
}

pub fn strike_incident(
    conn: &mut Conn,
    by: &Corrector,
    ask: &StrikeIncident,
    now: DateTime<Utc>,
) -> Result<Struck, ActError> {
    role_check(conn, &by.staff, by.role, now)?;
    let incident = incidents::incident_load(conn, &ask.of_incident)?.incident;
    if incident.facility != by.staff.facility {
        return Err(StoreError::Missing.into());
    }
    let struck_at = residents::recorded_at(conn, &incident.resident, now)?;
    let file = incidents::incident_load(conn, &ask.of_incident)?;
    if let Some(first) = file.struck.as_ref().filter(|first| first.id == ask.form) {
        let same = first.struck_by == by.staff.person;
        return if same { Ok(first.clone()) } else { Err(Refusal::FormReused.into()) };
    }
    if fact_exists(conn, &ask.form)? {
        return Err(Refusal::FormReused.into());
    }
    let facility = facilities::facility_load(conn, &incident.facility)?;
    incidents::strikable(conn, &facility, &file, now)?.allows(by, now)?;
    still_beyond(conn, &facility, &incident)?;
    let strike = Struck {
        id: ask.form.clone(),
        of_incident: incident.id.clone(),
        reason: correction::reason(&ask.why)?,
        struck_by: by.staff.person.clone(),
        struck_at,
    };
    let Incident { resident, unit, medicine, .. } = &incident;
    let stock = stock_hold_struck(conn, &Taker { facility: &facility, resident, unit, medicine }, &incident.id)?;
    let second = second_load(conn, ask.witness.as_ref(), &facility.id, now)?;
    let witness = facility.register.witness_for(medicine).signed(&by.staff, &stock.watched_again(), second.as_ref())?;
    let hand = Hand { form: &strike.id, by: &strike.struck_by, witness: witness.as_ref(), at: struck_at };
    let writing = stock.write_back(&hand, Dose::Incident(&incident.id), &strike.reason);
    save(conn, by, &incident, &strike, &writing)?;
    excess_again(conn, by, &facility, &incident, &strike)?;
    Ok(strike)
}

/// What a record opened by itself is no error in writing while that record stands and is beyond the maximum.
fn still_beyond(conn: &mut Conn, facility: &Facility, incident: &Incident) -> Result<(), ActError> {
    let Some(of) = &incident.of_record else { return Ok(()) };
    let record = administration_load(conn, of)?;
    let standing = standings_of(conn, std::slice::from_ref(&record.dose))?;
    if standing.get(&record.dose).is_none_or(|standing| standing.id != record.id) {
        return Ok(());
    }
    match excess_without(conn, facility, &record, incident)? {
        Some(excess) => Err(Refusal::StillBeyond { excess: excess.to_string() }.into()),
        None => Ok(()),
    }
}

/// What the incident told of, and still is beyond a maximum by the records that stand, is told of the latest of them.
fn excess_again(
    conn: &mut Conn,
    by: &Corrector,
    facility: &Facility,
    incident: &Incident,
    strike: &Struck,
) -> Result<(), StoreError> {
    let around = (incident.given_at - WINDOW * 2, incident.given_at + WINDOW * 2);
    let records = administrations_around(conn, (&incident.resident, &incident.medicine), around)?;
    for record in records.iter().rev() {
        if let Some(excess) = excess_find(conn, facility, record, None)? {
            let opening = Opening { form: &strike.id, by: &strike.struck_by, role: by.role, at: strike.struck_at };
            excess_open(conn, &opening, facility, record, &excess)?;
        }
    }
    Ok(())
}

fn save(
    conn: &mut Conn,
    by: &Corrector,
    incident: &Incident,
    strike: &Struck,
    writing: &Writing,
) -> Result<(), StoreError> {
    let fact = NewFact {
        id: &strike.id,
        kind: "strike_incident",
        facility: &incident.facility,
        resident: Some(&incident.resident),
        subject: &incident.id,
        done_by: Some(&strike.struck_by),
        role: by.role.word(),
        body: &Body { strike, writing },
    };
    let n = fact_append(conn, &fact, strike.struck_at)?;
    incidents::strike_insert(conn, strike)?;
    writing.save(conn, n)
}
