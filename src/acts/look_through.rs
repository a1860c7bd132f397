//! A nurse or a supervisor has looked through the doses of a day beside the registers. It is kept with what did not agree.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::{ActError, answered_already, role_check};
use crate::care::calendar::Day;
use crate::care::refusal::Refusal;
use crate::care::register::entering::Keeper;
use crate::care::round::administration::note;
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append};
use crate::store::registers::{Looked, day_load, looked_insert};
use crate::store::{StoreError, facilities};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct LookThrough {
    /// The id of what is kept, made when the form was drawn.
    pub form: String,
    pub unit: String,
    pub on: NaiveDate,
    pub note: String,
}

#[derive(Serialize)]
struct Body<'a> {
    looked: &'a Looked,
}

pub fn look_through(conn: &mut Conn, by: &Keeper, ask: &LookThrough, now: DateTime<Utc>) -> Result<(), ActError> {
    role_check(conn, &by.staff, by.role, now)?;
    let facility = facilities::facility_load(conn, &by.staff.facility)?;
    if facilities::unit_load(conn, &ask.unit)?.facility != facility.id {
        return Err(StoreError::Missing.into());
    }
    if answered_already(conn, &ask.form, &ask.unit, &by.staff)? {
        return Ok(());
    }
    let today = facility.zone.day(now);
    if ask.on > today {
        return Err(Refusal::NothingToLookThrough { today: Day(today) }.into());
    }
    let looked = Looked {
        id: ask.form.clone(),
        unit: ask.unit.clone(),
        on: ask.on,
        disagreeing: day_load(conn, &facility, &ask.unit, ask.on)?.disagreeing() as u32,
        note: note(&ask.note)?,
        looked_by: by.staff.person.clone(),
        looked_at: now,
    };
    let fact = NewFact {
        id: &ask.form,
        kind: "look_through",
        facility: &facility.id,
        resident: None,
        subject: &ask.unit,
        done_by: Some(&by.staff.person),
        role: by.role.word(),
        body: &Body { looked: &looked },
    };
    let n = fact_append(conn, &fact, now)?;
    Ok(looked_insert(conn, &looked, n)?)
}
