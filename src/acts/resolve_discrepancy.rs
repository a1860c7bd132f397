//! A supervisor resolves a difference of a register: the book follows what was found, or a missing entry was made since.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, answered_already, standing_check};
use crate::care::calendar::clock_text;
use crate::care::people::{Actor, Supervisor};
use crate::care::refusal::Refusal;
use crate::care::register::book::Ending;
use crate::care::register::entering::difference_reason;
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append};
use crate::store::registers::{
    DiscrepancyFile, Ended, Hand, RegisterFile, Writing, discrepancy_load, register_hold, register_load,
};
use crate::store::{StoreError, facilities, people};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ResolveDiscrepancy {
    /// The id of the ending, made when the form was drawn.
    pub form: String,
    pub discrepancy: String,
    pub ending: Option<Ending>,
    pub reason: String,
}

#[derive(Serialize)]
struct Body<'a> {
    difference: i64,
    #[serde(flatten)]
    writing: &'a Writing,
}

/// Yields the id of the register.
pub fn resolve_discrepancy(
    conn: &mut Conn,
    by: &Supervisor,
    ask: &ResolveDiscrepancy,
    now: DateTime<Utc>,
) -> Result<String, ActError> {
    standing_check(conn, by, now)?;
    let found = discrepancy_load(conn, &ask.discrepancy)?;
    let register = register_load(conn, &found.opened.register)?;
    if register.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    // From here to the end of the act nobody else writes into this register.
    let register = register_hold(conn, &register.facility, &register.holder, &register.product)?;
    if answered_already(conn, &ask.form, &ask.discrepancy, by.staff())? {
        return Ok(register.id);
    }
    let found = discrepancy_load(conn, &found.opened.id)?;
    still_open(conn, &found, &register.facility, now)?;
    let ending = ask.ending.ok_or(Refusal::EndingMissing)?;
    let reason = difference_reason(&ask.reason)?;
    let ended = Ended {
        id: ask.form.clone(),
        discrepancy: found.opened.id.clone(),
        ending,
        reason,
        ended_by: by.staff().person.clone(),
        ended_at: now,
    };
    let (id, difference) = (register.id.clone(), found.opened.difference);
    let writing = written(register, difference, ended)?;
    save(conn, by, ask, &Body { difference, writing: &writing }, now)?;
    Ok(id)
}

fn still_open(conn: &mut Conn, found: &DiscrepancyFile, facility: &str, now: DateTime<Utc>) -> Result<(), ActError> {
    let Some(ended) = &found.ended else { return Ok(()) };
    let zone = facilities::facility_load(conn, facility)?.zone;
    let (by, at) = (people::name_load(conn, &ended.ended_by)?, clock_text(zone, ended.ended_at, now));
    Err(Refusal::DifferenceEnded { by, at }.into())
}

fn written(mut register: RegisterFile, difference: i64, ended: Ended) -> Result<Writing, Refusal> {
    let (after, line) = register.book.resolve(difference, ended.ending)?;
    let hand = Hand { form: &ended.id, by: &ended.ended_by, witness: None, at: ended.ended_at };
    let mut writing = Writing::new(&hand);
    if let Some(line) = line {
        let entry = writing.line(&mut register, &hand, line, after);
        entry.discrepancy = Some(ended.discrepancy.clone());
        entry.note.clone_from(&ended.reason);
    }
    register.book = after;
    writing.close(register);
    writing.ended = Some(ended);
    Ok(writing)
}

fn save(
    conn: &mut Conn,
    by: &Supervisor,
    ask: &ResolveDiscrepancy,
    body: &Body,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let fact = NewFact {
        id: &ask.form,
        kind: "resolve_discrepancy",
        facility: &by.staff().facility,
        resident: None,
        subject: &ask.discrepancy,
        done_by: Some(&by.staff().person),
        role: Supervisor::ROLE.word(),
        body,
    };
    let n = fact_append(conn, &fact, now)?;
    body.writing.save(conn, n)
}
