//! A nurse gives an as-needed dose. Its limits are looked at in the transaction that writes it down, with the resident's
//! row held and the order moved on: of two nurses at the last allowed dose exactly one gives it.

use chrono::{DateTime, Utc};

use super::{ActError, standing_check};
use crate::care::people::{Actor, Nurse};
use crate::care::refusal::Refusal;
use crate::care::round::as_needed::giving::{GiveAsk, Given};
use crate::care::round::as_needed::order::Order;
use crate::store::as_needed::{self, AsNeededDose};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::{StoreError, facilities, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct RecordAsNeeded {
    /// The id of the dose, made when the form was drawn.
    pub form: String,
    pub of_order: String,
    pub give: GiveAsk,
}

pub fn record_as_needed(
    conn: &mut Conn,
    by: &Nurse,
    ask: &RecordAsNeeded,
    now: DateTime<Utc>,
) -> Result<AsNeededDose, ActError> {
    standing_check(conn, by, now)?;
    let order = as_needed::order_load(conn, &ask.of_order)?.order;
    if order.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    // From here to the end of the act nobody else records anything of this resident.
    let recorded_at = residents::recorded_at(conn, &order.resident, now)?;
    let file = as_needed::order_load(conn, &ask.of_order)?;
    if let Some(first) = as_needed::dose_find(conn, &ask.form)? {
        return same_answer(by, first, ask);
    }
    if fact_exists(conn, &ask.form)? {
        return Err(Refusal::FormReused.into());
    }
    let facility = facilities::facility_load(conn, &file.order.facility)?;
    let given = as_needed::case_load(conn, &file, &facility, recorded_at)?.give(&ask.give, recorded_at)?;
    as_needed::order_move(conn, &file)?;
    Ok(save(conn, by, &ask.form, &file.order, given, recorded_at)?)
}

/// A repeated post gets the first answer.
fn same_answer(by: &Nurse, first: AsNeededDose, ask: &RecordAsNeeded) -> Result<AsNeededDose, ActError> {
    let same = first.recorded_by == by.staff().person && first.of_order == ask.of_order;
    if same { Ok(first) } else { Err(Refusal::FormReused.into()) }
}

fn save(
    conn: &mut Conn,
    by: &Nurse,
    form: &str,
    order: &Order,
    given: Given,
    recorded_at: DateTime<Utc>,
) -> Result<AsNeededDose, StoreError> {
    let shelf = facilities::shelf_load(conn, &order.facility, &order.medicine)?;
    let mut dose = AsNeededDose {
        id: form.to_owned(),
        n: 0,
        of_order: order.id.clone(),
        facility: order.facility.clone(),
        unit: residents::resident_load(conn, &order.resident)?.unit,
        resident: order.resident.clone(),
        medicine: order.medicine.clone(),
        given: given.amount,
        why: given.why,
        pieces: shelf.pieces(given.amount).map(|pieces| pieces.to_string()).unwrap_or_default(),
        given_at: given.given_at,
        recorded_at,
        recorded_by: by.staff().person.clone(),
    };
    let fact = NewFact {
        id: form,
        kind: "record_as_needed",
        facility: &order.facility,
        resident: Some(&order.resident),
        subject: &order.id,
        done_by: Some(&by.staff().person),
        role: Nurse::ROLE.word(),
        body: &dose,
    };
    let n = fact_append(conn, &fact, recorded_at)?;
    dose.n = n;
    as_needed::dose_insert(conn, &dose)?;
    Ok(dose)
}
