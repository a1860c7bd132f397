//! A nurse gives an as-needed dose. Its limits are looked at in the transaction that writes it down, with the resident's
//! row held and the order moved on: of two nurses at the last allowed dose exactly one gives it. It takes its pieces from
//! the register in the same act.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, second_load, standing_check};
use crate::care::people::{Actor, Confirmed, Nurse};
use crate::care::refusal::Refusal;
use crate::care::register::source::StockAsk;
use crate::care::register::taking::{self, Taking};
use crate::care::round::as_needed::giving::{GiveAsk, Given};
use crate::care::round::as_needed::order::Order;
use crate::care::round::identity::IdentityAsk;
use crate::care::round::outcome::Outcome;
use crate::care::witness::Watched;
use crate::care::witness::signature::Seen;
use crate::store::as_needed::{self, AsNeededDose};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::identity::identifying_load;
use crate::store::moves::unit_then;
use crate::store::registers::{Dose, Hand, Stock, Taker, Writing, stock_hold};
use crate::store::{StoreError, facilities, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct RecordAsNeeded {
    /// The id of the dose, made when the form was drawn.
    pub form: String,
    pub of_order: String,
    pub give: GiveAsk,
    pub stock: StockAsk,
    pub identity: IdentityAsk,
    /// A second person who gave their password.
    pub witness: Option<Confirmed>,
}

/// The dose, and what it wrote into registers.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    dose: &'a AsNeededDose,
    #[serde(flatten)]
    writing: &'a Writing,
}

/// What was decided, about to be written down.
struct Deciding<'a> {
    by: &'a Nurse,
    form: &'a str,
    order: &'a Order,
    unit: String,
    given: Given,
    identified: String,
    recorded_at: DateTime<Utc>,
    seen: Seen,
    stock: Stock,
    takings: Vec<Taking>,
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
    let given = as_needed::case_load(conn, &file, &facility, now)?.give(&ask.give, now)?;
    let order = &file.order;
    let resident = residents::resident_load(conn, &order.resident)?;
    let unit = unit_then(conn, &resident, given.given_at, now)?;
    let taker = Taker { facility: &facility, resident: &order.resident, unit: &unit, medicine: &order.medicine };
    let stock = stock_hold(conn, &taker, given.amount)?;
    let stock_ask = ask.stock.of_page(taker.holder() == taker.living_in(&resident.unit).holder());
    let takings = stock.take(&stock_ask, Outcome::Given, given.amount)?;
    let identifying = identifying_load(conn, &facility, &resident)?;
    let identity = identifying.case(&facility, &resident, stock.pieces(), now);
    let identified = identity.confirm(Outcome::Given, &ask.identity)?;
    let second = second_load(conn, ask.witness.as_ref(), &facility.id, now)?;
    let watched = taking::watched(Outcome::Given, &takings);
    let policy = facility.register.witness_for(&order.medicine);
    let seen = policy.seen(by.staff(), &watched, second.as_ref(), &ask.stock.alone)?;
    as_needed::order_move(conn, &file)?;
    let form = &ask.form;
    Ok(save(conn, Deciding { by, form, order, unit, given, identified, recorded_at, seen, stock, takings })?)
}

/// A repeated post gets the first answer.
fn same_answer(by: &Nurse, first: AsNeededDose, ask: &RecordAsNeeded) -> Result<AsNeededDose, ActError> {
    let same = first.recorded_by == by.staff().person && first.of_order == ask.of_order;
    if same { Ok(first) } else { Err(Refusal::FormReused.into()) }
}

fn save(conn: &mut Conn, deciding: Deciding) -> Result<AsNeededDose, StoreError> {
    let Deciding { by, form, order, unit, given, identified, recorded_at, seen, stock, takings } = deciding;
    let mut dose = AsNeededDose {
        id: form.to_owned(),
        n: 0,
        of_order: order.id.clone(),
        facility: order.facility.clone(),
        unit,
        resident: order.resident.clone(),
        medicine: order.medicine.clone(),
        given: given.amount,
        why: given.why,
        pieces: stock.pieces_text(Outcome::Given),
        given_at: given.given_at,
        recorded_at,
        recorded_by: by.staff().person.clone(),
        witnessed_by: seen.witness.as_ref().map(|witness| witness.person.clone()),
        identified,
        given_by: None,
        unwitnessed: seen.unseen(Watched::Give).map(str::to_owned),
    };
    let hand = Hand { form, by: &by.staff().person, witness: seen.witness.as_ref(), at: recorded_at };
    let writing = stock.write_alone(&takings, &hand, Dose::AsNeeded(form), seen.unseen(Watched::Waste));
    let fact = NewFact {
        id: form,
        kind: "record_as_needed",
        facility: &order.facility,
        resident: Some(&order.resident),
        subject: &order.id,
        done_by: Some(&by.staff().person),
        role: Nurse::ROLE.word(),
        body: &Body { dose: &dose, writing: &writing },
    };
    dose.n = fact_append(conn, &fact, recorded_at)?;
    as_needed::dose_insert(conn, &dose)?;
    writing.save(conn, dose.n)?;
    Ok(dose)
}
