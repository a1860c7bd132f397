//! Whether a record of a scheduled dose took its medicine past the maximum of an as-needed dose beside it.

use super::dose::doses_of_medicine;
use super::giving::{elsewhere_load, limit_find, scheduled_but};
use super::order::orders_of_resident;
use crate::care::facility::Facility;
use crate::care::incident::Incident;
use crate::care::round::as_needed::excess::{Bound, Excess};
use crate::care::round::as_needed::giving::least_most;
use crate::care::round::as_needed::limits::{Kind, Taken, WINDOW};
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::doses::Administration;
use crate::store::incidents::{incidents_of_records_since, incidents_since};

/// The excess that a record brings, perhaps in the place of another, with all that stands beside it now, and that nobody is told
/// of.
pub fn excess_find(
    conn: &mut Conn,
    facility: &Facility,
    record: &Administration,
    instead_of: Option<&Administration>,
) -> Result<Option<Excess>, StoreError> {
    excess(conn, facility, record, instead_of, None)
}

/// The excess that a record brings, and that nobody would be told of without this incident.
pub fn excess_without(
    conn: &mut Conn,
    facility: &Facility,
    record: &Administration,
    incident: &Incident,
) -> Result<Option<Excess>, StoreError> {
    excess(conn, facility, record, None, Some(incident))
}

/// Most residents have no as-needed dose near a record: of them nothing else is asked.
fn excess(
    conn: &mut Conn,
    facility: &Facility,
    record: &Administration,
    instead_of: Option<&Administration>,
    but: Option<&Incident>,
) -> Result<Option<Excess>, StoreError> {
    let (resident, medicine) = (record.resident.as_str(), &record.medicine);
    // No window with the record in it reaches further; what fills the others is told with its own record.
    let (from, until) = (record.given_at - WINDOW * 2, record.given_at + WINDOW * 2);
    let mut given = doses_of_medicine(conn, resident, medicine, from)?;
    given.retain(|dose| dose.given_at < until);
    if record.given.is_zero() || given.is_empty() {
        return Ok(None);
    }
    let mut others = scheduled_but(conn, &record.dose, (resident, medicine), (from, until))?;
    others.retain(|one| one.kind == Kind::Scheduled);
    others.extend(given.iter().map(|dose| Taken { at: dose.given_at, amount: dose.given, kind: Kind::AsNeeded }));
    let wrong = incidents_since(conn, resident, from)?.into_iter().filter(|one| one.medicine == *medicine);
    others.extend(wrong.map(|one| Taken { at: one.given_at, amount: one.given, kind: Kind::InError }));
    others.extend(elsewhere_load(conn, (resident, medicine), from)?);
    let mut opened = incidents_of_records_since(conn, resident, from)?;
    opened.retain(|one| one.medicine == *medicine && but.is_none_or(|but| but.id != one.id));
    let limit = limit_find(conn, &facility.id, medicine)?;
    let mut orders = orders_of_resident(conn, resident)?;
    orders.retain(|file| file.order.medicine == *medicine);
    let orders: Vec<_> = orders.into_iter().map(|file| (file.order, file.end.map(|end| end.ended_at))).collect();
    let bounds = given.iter().filter_map(|dose| {
        let (order, _) = orders.iter().find(|(order, _)| order.id == dose.of_order)?;
        let at = (dose.given_at, record.recorded_at);
        let (most, whose) = least_most((order, "the as-needed order"), &orders, limit.as_ref(), facility.zone, at);
        let told = opened.iter().any(|one| (one.given_at - dose.given_at).abs() < WINDOW);
        Some(Bound { at: dose.given_at, most, whose, told })
    });
    let bounds: Vec<Bound> = bounds.collect();
    let taken = |of: &Administration| Taken { at: of.given_at, amount: of.given, kind: Kind::Scheduled };
    Ok(Excess::by(taken(record), instead_of.map(taken), &others, &bounds))
}
