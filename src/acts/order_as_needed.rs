//! A prescriber orders a medicine as needed (PRN), with its limits and its last day.

use chrono::{DateTime, Utc};

use super::{ActError, standing_check};
use crate::care::people::{Actor, Confirmed, Prescriber};
use crate::care::refusal::Refusal;
use crate::care::round::as_needed::limits::busiest;
use crate::care::round::as_needed::order::{Order, OrderAsk, OrderCase};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::{StoreError, as_needed, facilities, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct OrderAsNeeded {
    /// The id of the order, made when the form was drawn.
    pub form: String,
    pub resident: String,
    pub order: OrderAsk,
}

pub fn order_as_needed(
    conn: &mut Conn,
    by: &Prescriber,
    confirmed: &Confirmed,
    ask: &OrderAsNeeded,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    let resident = residents::resident_load(conn, &ask.resident)?;
    if resident.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    let ordered_at = residents::recorded_at(conn, &resident.id, now)?;
    if fact_exists(conn, &ask.form)? {
        return same_answer(conn, by, ask);
    }
    let facility = facilities::facility_load(conn, &resident.facility)?;
    let wanted = &ask.order;
    let shelf = facilities::shelf_load(conn, &facility.id, &wanted.medicine)?;
    let limit = as_needed::limit_find(conn, &facility.id, &wanted.medicine)?;
    let case = OrderCase {
        today: facility.zone.day(now),
        shelf: &shelf,
        limit: limit.as_ref(),
        scheduled: busiest(&as_needed::ahead_load(conn, &resident.id, &wanted.medicine, now)?),
    };
    let (reason, rationale, ends_on) = case.order(by.staff(), confirmed, wanted)?;
    let order = Order {
        id: ask.form.clone(),
        facility: facility.id,
        resident: resident.id,
        medicine: wanted.medicine.clone(),
        amount: wanted.amount,
        reason,
        least_minutes: wanted.least_minutes,
        most: wanted.most,
        starts_on: wanted.starts_on,
        ends_on,
        rationale,
        ordered_by: by.staff().person.clone(),
        ordered_at,
    };
    as_needed::order_insert(conn, &order)?;
    Ok(note(conn, by, &order)?)
}

/// A repeated post gets the first answer; the same page sent by somebody else, or about another resident, is told so.
fn same_answer(conn: &mut Conn, by: &Prescriber, ask: &OrderAsNeeded) -> Result<(), ActError> {
    let first = as_needed::order_load(conn, &ask.form).map(|file| file.order);
    let same = |order: &Order| order.ordered_by == by.staff().person && order.resident == ask.resident;
    if first.is_ok_and(|order| same(&order)) { Ok(()) } else { Err(Refusal::FormReused.into()) }
}

fn note(conn: &mut Conn, by: &Prescriber, order: &Order) -> Result<(), StoreError> {
    let fact = NewFact {
        id: &order.id,
        kind: "order_as_needed",
        facility: &order.facility,
        resident: Some(&order.resident),
        subject: &order.id,
        done_by: Some(&by.staff().person),
        role: Prescriber::ROLE.word(),
        body: order,
    };
    fact_append(conn, &fact, order.ordered_at)?;
    Ok(())
}
