//! A prescriber ends an as-needed order before its last day. From that moment no dose of it is given.

use chrono::{DateTime, Utc};

use super::{ActError, standing_check};
use crate::care::calendar::{Day, clock_text};
use crate::care::people::{Actor, Confirmed, Prescriber};
use crate::care::refusal::Refusal;
use crate::care::taper::rationale;
use crate::store::as_needed::{self, Ended, OrderFile};
use crate::store::db::Conn;
use crate::store::history::fact_exists;
use crate::store::{StoreError, facilities, people, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct EndAsNeeded {
    /// The id of the end, made when the form was drawn.
    pub form: String,
    pub of_order: String,
    pub reason: String,
}

pub fn end_as_needed(
    conn: &mut Conn,
    by: &Prescriber,
    confirmed: &Confirmed,
    ask: &EndAsNeeded,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    let order = as_needed::order_load(conn, &ask.of_order)?.order;
    if order.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    let ended_at = residents::recorded_at(conn, &order.resident, now)?;
    let file = as_needed::order_load(conn, &ask.of_order)?;
    match &file.end {
        Some(end) if end.id == ask.form && end.ended_by == by.staff().person => return Ok(()),
        _ if fact_exists(conn, &ask.form)? => return Err(Refusal::FormReused.into()),
        _ => still_runs(conn, &file, now)?,
    }
    if confirmed.person != by.staff().person {
        return Err(Refusal::WrongPassword.into());
    }
    let end = Ended {
        id: ask.form.clone(),
        of_order: file.order.id.clone(),
        reason: rationale::reason(&ask.reason)?,
        ended_by: by.staff().person.clone(),
        ended_at,
    };
    Ok(as_needed::order_end(conn, Prescriber::ROLE, &file, &end)?)
}

fn still_runs(conn: &mut Conn, file: &OrderFile, now: DateTime<Utc>) -> Result<(), ActError> {
    let zone = facilities::facility_load(conn, &file.order.facility)?.zone;
    if let Some(end) = &file.end {
        let by = people::name_load(conn, &end.ended_by)?;
        return Err(Refusal::AsNeededEndedAlready { by, at: clock_text(zone, end.ended_at, now) }.into());
    }
    let last = file.order.ends_on;
    if zone.day(now) > last { Err(Refusal::AsNeededOver { last: Day(last) }.into()) } else { Ok(()) }
}
