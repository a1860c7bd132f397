//! As-needed orders and their ends.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::care::medicine::Medicine;
use crate::care::people::Role;
use crate::care::round::as_needed::order::Order;
use crate::care::taper::plan::Plan;
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append};
use crate::store::schema::{as_needed_ends, as_needed_orders};
use crate::store::{StoreError, small, ug};

/// An order as it lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFile {
    pub order: Order,
    /// Where it was ended before its last day: by a prescriber, or with the plan of its medicine.
    pub end: Option<Ended>,
    /// Grows with every dose of it, and with its end.
    pub revision: i64,
}

impl OrderFile {
    /// Doses of it may be given on a day, as far as its days say.
    pub fn in_force(&self, on: NaiveDate) -> bool {
        self.end.is_none() && self.order.starts_on <= on && on <= self.order.ends_on
    }
}

/// The end of an order, decided before its last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub id: String,
    pub of_order: String,
    pub reason: String,
    /// The person's id.
    pub ended_by: String,
    pub ended_at: DateTime<Utc>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = as_needed_orders)]
struct OrderRow {
    id: String,
    facility: String,
    resident: String,
    medicine: String,
    amount_ug: i64,
    reason: String,
    least_minutes: i64,
    most_ug: i64,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    rationale: String,
    ordered_by: String,
    ordered_at: NaiveDateTime,
    revision: i64,
}

impl OrderRow {
    fn file(self, end: Option<Ended>) -> Result<OrderFile, StoreError> {
        let revision = self.revision;
        let order = Order {
            amount: ug(self.amount_ug)?,
            least_minutes: small(self.least_minutes)?,
            most: ug(self.most_ug)?,
            id: self.id,
            facility: self.facility,
            resident: self.resident,
            medicine: Medicine(self.medicine),
            reason: self.reason,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            rationale: self.rationale,
            ordered_by: self.ordered_by,
            ordered_at: self.ordered_at.and_utc(),
        };
        Ok(OrderFile { order, end, revision })
    }
}

impl From<&Order> for OrderRow {
    fn from(order: &Order) -> OrderRow {
        OrderRow {
            id: order.id.clone(),
            facility: order.facility.clone(),
            resident: order.resident.clone(),
            medicine: order.medicine.0.clone(),
            amount_ug: order.amount.ug() as i64,
            reason: order.reason.clone(),
            least_minutes: i64::from(order.least_minutes),
            most_ug: order.most.ug() as i64,
            starts_on: order.starts_on,
            ends_on: order.ends_on,
            rationale: order.rationale.clone(),
            ordered_by: order.ordered_by.clone(),
            ordered_at: order.ordered_at.naive_utc(),
            revision: 0,
        }
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = as_needed_ends)]
struct EndRow {
    id: String,
    of_order: String,
    reason: String,
    ended_by: String,
    ended_at: NaiveDateTime,
}

impl From<EndRow> for Ended {
    fn from(row: EndRow) -> Ended {
        let EndRow { id, of_order, reason, ended_by, ended_at } = row;
        Ended { id, of_order, reason, ended_by, ended_at: ended_at.and_utc() }
    }
}

/// A new order.
pub fn order_insert(conn: &mut Conn, order: &Order) -> Result<(), StoreError> {
    diesel::insert_into(as_needed_orders::table).values(OrderRow::from(order)).execute(conn)?;
    Ok(())
}

/// One order; must exist.
pub fn order_load(conn: &mut Conn, id: &str) -> Result<OrderFile, StoreError> {
    let end: Option<EndRow> = as_needed_ends::table.filter(as_needed_ends::of_order.eq(id)).first(conn).optional()?;
    as_needed_orders::table.find(id).first::<OrderRow>(conn)?.file(end.map(Ended::from))
}

/// Every order of a resident, the newest first.
pub fn orders_of_resident(conn: &mut Conn, resident: &str) -> Result<Vec<OrderFile>, StoreError> {
    let theirs = as_needed_orders::table.filter(as_needed_orders::resident.eq(resident));
    let rows: Vec<OrderRow> =
        theirs.order((as_needed_orders::ordered_at.desc(), as_needed_orders::id.desc())).load(conn)?;
    with_ends(conn, rows)
}

fn with_ends(conn: &mut Conn, rows: Vec<OrderRow>) -> Result<Vec<OrderFile>, StoreError> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let ends: Vec<EndRow> = as_needed_ends::table.filter(as_needed_ends::of_order.eq_any(ids)).load(conn)?;
    let mut ends: HashMap<String, Ended> = ends.into_iter().map(|row| (row.of_order.clone(), row.into())).collect();
    rows.into_iter()
        .map(|row| {
            let end = ends.remove(&row.id);
            row.file(end)
        })
        .collect()
}

/// The orders of some residents that have a day between two days, the first one first.
pub fn orders_of_days(
    conn: &mut Conn,
    residents: &[String],
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<OrderFile>, StoreError> {
    let theirs = as_needed_orders::table.filter(as_needed_orders::resident.eq_any(residents));
    let meets = as_needed_orders::starts_on.le(until).and(as_needed_orders::ends_on.ge(from));
    let rows = theirs.filter(meets).order((as_needed_orders::ordered_at, as_needed_orders::id)).load(conn)?;
    with_ends(conn, rows)
}

/// The residents of a facility for whom something may be given as needed on a day.
pub fn residents_with_orders(conn: &mut Conn, facility: &str, on: NaiveDate) -> Result<BTreeSet<String>, StoreError> {
    let here = as_needed_orders::table.left_join(as_needed_ends::table);
    let in_force = as_needed_orders::starts_on.le(on).and(as_needed_orders::ends_on.ge(on));
    let residents: Vec<String> = here
        .filter(as_needed_orders::facility.eq(facility).and(in_force).and(as_needed_ends::id.nullable().is_null()))
        .select(as_needed_orders::resident)
        .load(conn)?;
    Ok(residents.into_iter().collect())
}

/// Moves an order on, if nobody did since it was read: of two rivals one looks again.
pub fn order_move(conn: &mut Conn, file: &OrderFile) -> Result<(), StoreError> {
    let unmoved = as_needed_orders::table.find(&file.order.id).filter(as_needed_orders::revision.eq(file.revision));
    let moved = diesel::update(unmoved).set(as_needed_orders::revision.eq(file.revision + 1)).execute(conn)?;
    if moved == 1 { Ok(()) } else { Err(StoreError::Moved) }
}

/// The orders of a plan’s medicines that run from a day on, or will.
pub fn orders_of_plan(conn: &mut Conn, plan: &Plan, on: NaiveDate) -> Result<Vec<OrderFile>, StoreError> {
    let medicines = plan.medicines();
    let mut files = orders_of_resident(conn, &plan.resident)?;
    files.retain(|file| file.end.is_none() && on <= file.order.ends_on && medicines.contains(&file.order.medicine));
    Ok(files)
}

/// Ends an order that nobody moved since it was read, and writes the fact of it.
pub fn order_end(conn: &mut Conn, role: Role, file: &OrderFile, end: &Ended) -> Result<(), StoreError> {
    order_move(conn, file)?;
    end_insert(conn, end)?;
    let fact = NewFact {
        id: &end.id,
        kind: "end_as_needed",
        facility: &file.order.facility,
        resident: Some(&file.order.resident),
        subject: &file.order.id,
        done_by: Some(&end.ended_by),
        role: role.word(),
        body: end,
    };
    fact_append(conn, &fact, end.ended_at)?;
    Ok(())
}

fn end_insert(conn: &mut Conn, end: &Ended) -> Result<(), StoreError> {
    let row = EndRow {
        id: end.id.clone(),
        of_order: end.of_order.clone(),
        reason: end.reason.clone(),
        ended_by: end.ended_by.clone(),
        ended_at: end.ended_at.naive_utc(),
    };
    diesel::insert_into(as_needed_ends::table).values(row).execute(conn)?;
    Ok(())
}
