//! The administrator says which products a facility stocks, and which of them it halves.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::{ActError, standing_check};
use crate::care::people::{Actor, Administrator};
use crate::care::taper::stock::{Short, StockCase, Stocked, short_of};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::plans::{PlanState, plan_ids, plans_load};
use crate::store::{StoreError, facilities};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct StockProducts {
    /// The id of the form.
    pub form: String,
    /// The revision of the facility that the page showed.
    pub revision: i64,
    /// The whole list, in place of what it was.
    pub stock: Vec<Stocked>,
    /// What could no longer be made was on the page, and is wanted all the same.
    pub despite: bool,
}

/// All that the rows held before and hold after, and the doses that cannot be made.
#[derive(Serialize)]
struct Body<'a> {
    before: Vec<Stocked>,
    after: &'a [Stocked],
    short: &'a [Short],
}

pub fn stock_products(
    conn: &mut Conn,
    by: &Administrator,
    ask: &StockProducts,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    // Whoever approves steps meanwhile waits: either they see this shelf, or their plan is looked at here.
    facilities::facility_hold(conn, &by.staff().facility)?;
    let facility = standing_check(conn, by, now)?;
    if fact_exists(conn, &ask.form)? {
        return Ok(());
    }
    let before = stock_load(conn, &facility.id)?;
    let short = short_load(conn, &facility.id, facility.zone.day(now), &ask.stock)?;
    let unmoved = facility.revision == ask.revision;
    StockCase { asked: &ask.stock, short: &short, unmoved, despite: ask.despite }.stock()?;
    let after: Vec<(String, bool)> = ask.stock.iter().map(|one| (one.product.clone(), one.halved)).collect();
    facilities::stock_replace(conn, &facility.id, &after)?;
    facilities::facility_change(conn, &facility)?;
    note(conn, by, ask, &Body { before, after: &ask.stock, short: &short }, now)
}

/// What a facility stocks now.
pub fn stock_load(conn: &mut Conn, facility: &str) -> Result<Vec<Stocked>, StoreError> {
    let stock = facilities::stock_of(conn, facility)?;
    Ok(stock.into_iter().map(|(product, halved)| Stocked { product, halved }).collect())
}

/// The doses of a facility's running plans that these products do not make.
pub fn short_load(
    conn: &mut Conn,
    facility: &str,
    today: NaiveDate,
    stock: &[Stocked],
) -> Result<Vec<Short>, StoreError> {
    let running = plan_ids(conn, &[facility.to_owned()], PlanState::Running)?;
    let files = plans_load(conn, &running)?;
    Ok(files.iter().flat_map(|file| short_of(&file.plan, &file.course(), today, stock)).collect())
}

fn note(
    conn: &mut Conn,
    by: &Administrator,
    ask: &StockProducts,
    body: &Body,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let facility = &by.staff().facility;
    let fact = NewFact {
        id: &ask.form,
        kind: "stock_products",
        facility,
        resident: None,
        subject: facility,
        done_by: Some(&by.staff().person),
        role: Administrator::ROLE.word(),
        body,
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}
