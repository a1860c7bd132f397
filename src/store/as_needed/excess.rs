//! Whether a record of a scheduled dose took its medicine past the maximum of an as-needed dose beside it.

use super::dose::doses_of_medicine;
use super::giving::{elsewhere_load, limit_find, scheduled_but};
use super::order::orders_of_resident;
use crate::care::facility::Facility;
use crate::care::round::as_needed::excess::{Bound, Excess};
use crate::care::round::as_needed::giving::least_most;
use crate::care::round::as_needed::limits::{Kind, Taken, WINDOW};
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::doses::Administration;
use crate::store::incidents::incidents_since;

/// The excess that a record brought, with all that stands beside it now. Most residents have no as-needed dose near it: of
/// them nothing else is asked.
pub fn excess_find(
    conn: &mut Conn,
    facility: &Facility,
    record: &Administration,
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
    let limit = limit_find(conn, &facility.id, medicine)?;
    let mut orders = orders_of_resident(conn, resident)?;
    orders.retain(|file| file.order.medicine == *medicine);
    let orders: Vec<_> = orders.into_iter().map(|file| (file.order, file.end.map(|end| end.ended_at))).collect();
    let bounds = given.iter().filter_map(|dose| {
        let (order, _) = orders.iter().find(|(order, _)| order.id == dose.of_order)?;
        let at = (dose.given_at, record.recorded_at);
        let (most, whose) = least_most((order, "the as-needed order"), &orders, limit.as_ref(), facility.zone, at);
        Some(Bound { at: dose.given_at, most, whose })
    });
    let bounds: Vec<Bound> = bounds.collect();
    let taken = Taken { at: record.given_at, amount: record.given, kind: Kind::Scheduled };
    Ok(Excess::by(taken, &others, &bounds))
}
