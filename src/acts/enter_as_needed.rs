//! A nurse types in what the paper says was given as needed while the system was down: every row of a page, or none. What
//! an order would not have allowed is kept as given in error, in the same act.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, InError, incident_enter, part_id, second_load, standing_check};
use crate::care::facility::{Facility, Unit};
use crate::care::people::{Actor, Confirmed, Nurse};
use crate::care::refusal::Refusal;
use crate::care::register::source::StockAsk;
use crate::care::register::taking;
use crate::care::resident::Resident;
use crate::care::round::as_needed::giving::paper::{Entered, Outage, PaperRow};
use crate::care::round::as_needed::giving::{GiveCase, Given};
use crate::care::round::outcome::Outcome;
use crate::care::witness::Watched;
use crate::care::witness::signature::Second;
use crate::store::as_needed::{self, AsNeededDose, OrderFile};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_find_by_id};
use crate::store::moves::{residence_load, unit_then};
use crate::store::paper::staff_then;
use crate::store::registers::{Dose, Hand, Taker, Writing, stock_hold};
use crate::store::{StoreError, facilities, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct EnterAsNeeded {
    /// The id of the form, which makes the ids of its records.
    pub form: String,
    pub unit: String,
    /// When the system was down.
    pub span: (DateTime<Utc>, DateTime<Utc>),
    pub rows: Vec<PaperRow>,
    /// A second person who saw it, and gave their password.
    pub witness: Option<Confirmed>,
    /// Why nobody could see it.
    pub alone: String,
}

/// What became of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowsEntered {
    /// So many rows are recorded.
    Saved(usize),
    /// Nothing was saved: what is wrong, with the key of each row.
    Wrong(Vec<(String, Refusal)>),
}

/// The dose, and what it wrote into registers.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    dose: &'a AsNeededDose,
    #[serde(flatten)]
    writing: &'a Writing,
}

/// An order with all that its rows are decided by.
struct Ordered {
    file: OrderFile,
    resident: Resident,
    case: GiveCase,
}

/// Whose hand types it in, and whose eyes saw it.
struct Typing<'a> {
    by: &'a Nurse,
    facility: &'a Facility,
    second: Option<&'a Second>,
    alone: &'a str,
}

pub fn enter_as_needed(
    conn: &mut Conn,
    by: &Nurse,
    ask: &EnterAsNeeded,
    now: DateTime<Utc>,
) -> Result<RowsEntered, ActError> {
    standing_check(conn, by, now)?;
    let unit = facilities::unit_load(conn, &ask.unit)?;
    if unit.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    let facility = facilities::facility_load(conn, &unit.facility)?;
    orders_hold(conn, &ask.rows, &unit, ask.span)?;
    let mut open = Vec::new();
    for row in &ask.rows {
        if !entered_already(conn, by, ask, row)? {
            open.push(row);
        }
    }
    let staff = staff_then(conn, &facility.id, ask.span.0)?;
    let mut orders = orders_load(conn, &open, &facility, now)?;
    let decided = match decide(&open, &mut orders, Outage { staff: &staff, span: ask.span }, now) {
        Ok(decided) => decided,
        Err(wrong) => return Ok(RowsEntered::Wrong(wrong)),
    };
    let second = second_load(conn, ask.witness.as_ref(), &facility.id, now)?;
    let typing = Typing { by, facility: &facility, second: second.as_ref(), alone: &ask.alone };
    for (row, entered) in decided {
        let ordered = orders.get(&row.order).ok_or(StoreError::Missing)?;
        save(conn, &typing, &part_id(&ask.form, &row.key()), ordered, row, entered, now)?;
    }
    orders.values().try_for_each(|ordered| as_needed::order_move(conn, &ordered.file))?;
    Ok(RowsEntered::Saved(ask.rows.len()))
}

/// A repeated post records no row twice.
fn entered_already(conn: &mut Conn, by: &Nurse, ask: &EnterAsNeeded, row: &PaperRow) -> Result<bool, ActError> {
    let first = fact_find_by_id(conn, &part_id(&ask.form, &row.key()))?;
    Ok(first.is_some_and(|fact| fact.done_by.as_deref() == Some(&by.staff().person)))
}

/// From here to the end of the act nobody else records anything of the residents of the rows. They lived in this unit then.
fn orders_hold(
    conn: &mut Conn,
    rows: &[PaperRow],
    unit: &Unit,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), ActError> {
    let mut held = BTreeSet::new();
    for row in rows {
        held.insert(as_needed::order_load(conn, &row.order)?.order.resident);
    }
    for resident in &held {
        let of = residents::resident_load(conn, resident)?;
        if !residence_load(conn, &of, from)?.between(from, until).contains(unit.id.as_str()) {
            return Err(StoreError::Missing.into());
        }
        residents::resident_hold(conn, resident)?;
    }
    Ok(())
}

/// The orders of the rows, of residents who are held.
fn orders_load(
    conn: &mut Conn,
    rows: &[&PaperRow],
    facility: &Facility,
    now: DateTime<Utc>,
) -> Result<BTreeMap<String, Ordered>, ActError> {
    let mut orders = BTreeMap::new();
    for row in rows {
        let file = as_needed::order_load(conn, &row.order)?;
        let resident = residents::resident_load(conn, &file.order.resident)?;
        let case = as_needed::case_load(conn, &file, facility, now)?;
        orders.insert(file.order.id.clone(), Ordered { file, resident, case });
    }
    Ok(orders)
}

type Decided<'a> = Vec<(&'a PaperRow, Entered)>;

fn decide<'a>(
    rows: &[&'a PaperRow],
    orders: &mut BTreeMap<String, Ordered>,
    outage: Outage,
    now: DateTime<Utc>,
) -> Result<Decided<'a>, Vec<(String, Refusal)>> {
    let (mut decided, mut wrong) = (Vec::new(), Vec::new());
    for row in rows {
        let Some(ordered) = orders.get(&row.order) else { continue };
        match ordered.case.enter(row, outage, now) {
            Ok(entered) => {
                let (resident, medicine) = (ordered.resident.id.clone(), ordered.file.order.medicine.clone());
                let same = |one: &&mut Ordered| one.resident.id == resident && one.file.order.medicine == medicine;
                orders.values_mut().filter(same).for_each(|one| one.case.count(&entered));
                decided.push((*row, entered));
            }
            Err(refusal) => wrong.push((row.key(), refusal)),
        }
    }
    if wrong.is_empty() { Ok(decided) } else { Err(wrong) }
}

fn save(
    conn: &mut Conn,
    typing: &Typing,
    id: &str,
    ordered: &Ordered,
    row: &PaperRow,
    entered: Entered,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let at = residents::recorded_at(conn, &ordered.resident.id, now)?;
    match entered {
        Entered::Given(given) => dose_save(conn, typing, id, ordered, row, given, at),
        Entered::InError(happened) => {
            let Typing { by, facility, second, alone } = *typing;
            let in_error =
                InError { form: id, facility, resident: &ordered.resident, supply: &ordered.resident.id, happened };
            let stock = StockAsk { alone: alone.to_owned(), ..row.stock.clone() };
            incident_enter(conn, by, in_error, &stock, second, at)?;
            Ok(())
        }
    }
}

fn dose_save(
    conn: &mut Conn,
    typing: &Typing,
    id: &str,
    Ordered { file, resident, .. }: &Ordered,
    row: &PaperRow,
    given: Given,
    at: DateTime<Utc>,
) -> Result<(), ActError> {
    let (order, by) = (&file.order, typing.by.staff());
    let unit = unit_then(conn, resident, given.given_at, at)?;
    let taker = Taker { facility: typing.facility, resident: &resident.id, unit: &unit, medicine: &order.medicine };
    let stock = stock_hold(conn, &taker, given.amount)?;
    let takings = stock.take(&row.stock, Outcome::Given, given.amount)?;
    let policy = typing.facility.register.witness_for(&order.medicine);
    let watched = taking::watched(Outcome::Given, &takings);
    let seen = policy.seen(by, &watched, typing.second, typing.alone)?.beside(&row.given_by)?;
    let dose = AsNeededDose {
        id: id.to_owned(),
        n: 0,
        of_order: order.id.clone(),
        facility: order.facility.clone(),
        unit,
        resident: resident.id.clone(),
        medicine: order.medicine.clone(),
        given: given.amount,
        why: given.why,
        pieces: stock.pieces_text(Outcome::Given),
        given_at: given.given_at,
        recorded_at: at,
        recorded_by: by.person.clone(),
        witnessed_by: seen.witness.as_ref().map(|witness| witness.person.clone()),
        identified: String::new(),
        given_by: Some(row.given_by.clone()),
        unwitnessed: seen.unseen(Watched::Give).map(str::to_owned),
    };
    let hand = Hand { form: id, by: &by.person, witness: seen.witness.as_ref(), at };
    let writing = stock.write_alone(&takings, &hand, Dose::AsNeeded(id), seen.unseen(Watched::Waste));
    let fact = NewFact {
        id,
        kind: "enter_as_needed",
        facility: &order.facility,
        resident: Some(&order.resident),
        subject: &order.id,
        done_by: Some(&by.person),
        role: Nurse::ROLE.word(),
        body: &Body { dose: &dose, writing: &writing },
    };
    let n = fact_append(conn, &fact, at)?;
    as_needed::dose_insert(conn, &AsNeededDose { n, ..dose })?;
    Ok(writing.save(conn, n)?)
}
