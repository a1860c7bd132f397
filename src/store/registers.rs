//! The registers of controlled drugs: each a book that only entries move.

mod compared;
mod day;
mod entry;
mod findings;
mod looked;
mod opened;
mod ordering;
mod outlooks;
mod packs;
mod put_back;
mod stock;
mod unseen;
mod writing;

use diesel::prelude::*;

pub use compared::{Unbooked, takers_of, unbooked_since};
pub use day::{DayDose, DayFile, Told, day_load};
pub use entry::{
    Counted, Discrepancy, DiscrepancyFile, Ended, Entry, counts_between, discrepancies_of, discrepancies_open,
    discrepancy_load, entries_page, last_match_find,
};
pub use findings::{Finding, findings_between};
pub use looked::{Looked, looked_insert, looked_of};
pub use opened::differences_opened_by;
pub use ordering::{order_rules_load, order_rules_replace};
pub use outlooks::{Outlooks, outlooks_held, outlooks_of};
pub use packs::packs_there;
pub use put_back::{stock_hold_put_back, stock_hold_struck, stock_put_back, stock_struck};
pub use stock::{Dose, Stock, Taker, stock_hold, stock_load};
pub use unseen::{GivenUnseen, given_unseen_since};
pub use writing::{Hand, Named, Writing};

use super::StoreError;
use super::db::Conn;
use super::schema::registers;
use crate::care::register::Holder;
use crate::care::register::book::Book;

/// A register as it lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterFile {
    pub id: String,
    pub facility: String,
    pub holder: Holder,
    /// The product's code.
    pub product: String,
    pub book: Book,
    /// The number of its last entry.
    pub last_seq: i64,
    /// Grows with everything that moves it; none before its first entry.
    pub revision: Option<i64>,
}

#[derive(Queryable)]
struct RegisterRow {
    id: String,
    facility: String,
    resident: Option<String>,
    unit: Option<String>,
    product: String,
    balance: i64,
    open_difference: i64,
    last_seq: i64,
    revision: i64,
}

impl TryFrom<RegisterRow> for RegisterFile {
    type Error = StoreError;
    fn try_from(row: RegisterRow) -> Result<RegisterFile, StoreError> {
        let holder = match (row.resident, row.unit) {
            (Some(resident), None) => Holder::Resident(resident),
            (None, Some(unit)) => Holder::Unit(unit),
            _ => return Err(StoreError::Corrupt(format!("holder of register {}", row.id))),
        };
        Ok(RegisterFile {
            id: row.id,
            facility: row.facility,
            holder,
            product: row.product,
            book: Book { balance: row.balance, open: row.open_difference },
            last_seq: row.last_seq,
            revision: Some(row.revision),
        })
    }
}

impl RegisterFile {
    /// A register that begins with the entry that is written now.
    pub fn new(facility: &str, holder: Holder, product: &str) -> RegisterFile {
        RegisterFile {
            id: holder.register(facility, product),
            facility: facility.to_owned(),
            holder,
            product: product.to_owned(),
            book: Book::default(),
            last_seq: 0,
            revision: None,
        }
    }
}

fn read(rows: Vec<RegisterRow>) -> Result<Vec<RegisterFile>, StoreError> {
    rows.into_iter().map(RegisterFile::try_from).collect()
}

/// One register; must exist.
pub fn register_load(conn: &mut Conn, id: &str) -> Result<RegisterFile, StoreError> {
    registers::table.find(id).first::<RegisterRow>(conn)?.try_into()
}

/// The registers of some products of one holder, held until the act is over: whoever else writes into them waits. SQLite
/// has one writer already.
fn registers_hold(conn: &mut Conn, holder: &Holder, products: &[&str]) -> Result<Vec<RegisterFile>, StoreError> {
    let (resident, unit) = match holder {
        Holder::Resident(id) => (Some(id), None),
        Holder::Unit(id) => (None, Some(id)),
    };
    let theirs = registers::table.filter(registers::resident.eq(resident).or(registers::unit.eq(unit)));
    let mut found = read(match conn {
        Conn::Sqlite(conn) => theirs.order(registers::id).load(conn)?,
        Conn::Postgres(conn) => {
            theirs.filter(registers::product.eq_any(products)).order(registers::id).for_no_key_update().load(conn)?
        }
    })?;
    found.retain(|register| products.contains(&register.product.as_str()));
    Ok(found)
}

/// The register of a product of a holder, held until the act is over: whoever else writes into it waits. A new one where
/// nothing was entered yet.
pub fn register_hold(
    conn: &mut Conn,
    facility: &str,
    holder: &Holder,
    product: &str,
) -> Result<RegisterFile, StoreError> {
    let new = RegisterFile::new(facility, holder.clone(), product);
    touch(conn, std::slice::from_ref(&new.id))?;
    let row: Option<RegisterRow> = registers::table.find(&new.id).first(conn).optional()?;
    row.map_or(Ok(new), RegisterFile::try_from)
}

/// Every register of a facility.
pub fn registers_of(conn: &mut Conn, facility: &str) -> Result<Vec<RegisterFile>, StoreError> {
    read(registers::table.filter(registers::facility.eq(facility)).order(registers::id).load(conn)?)
}

/// The registers of one holder.
pub fn registers_held(conn: &mut Conn, holder: &Holder) -> Result<Vec<RegisterFile>, StoreError> {
    let all = registers::table.order(registers::id);
    read(match holder {
        Holder::Resident(resident) => all.filter(registers::resident.eq(resident)).load(conn)?,
        Holder::Unit(unit) => all.filter(registers::unit.eq(unit)).load(conn)?,
    })
}

fn registers_by_id(conn: &mut Conn, ids: &[String]) -> Result<Vec<RegisterFile>, StoreError> {
    read(registers::table.filter(registers::id.eq_any(ids)).order(registers::id).load(conn)?)
}

/// Touching the rows makes rivals at one register wait for each other.
fn touch(conn: &mut Conn, ids: &[String]) -> Result<(), StoreError> {
    let rows = registers::table.filter(registers::id.eq_any(ids));
    diesel::update(rows).set(registers::revision.eq(registers::revision)).execute(conn)?;
    Ok(())
}

/// Moves a register on with what was written into it, if nobody else did since it was read.
fn register_move(conn: &mut Conn, register: &RegisterFile) -> Result<(), StoreError> {
    let Book { balance, open } = register.book;
    let Some(revision) = register.revision else { return register_insert(conn, register) };
    let unmoved = registers::table.find(&register.id).filter(registers::revision.eq(revision));
    let moved = diesel::update(unmoved)
        .set((
            registers::balance.eq(balance),
            registers::open_difference.eq(open),
            registers::last_seq.eq(register.last_seq),
            registers::revision.eq(revision + 1),
        ))
        .execute(conn)?;
    if moved == 1 { Ok(()) } else { Err(StoreError::Moved) }
}

fn register_insert(conn: &mut Conn, register: &RegisterFile) -> Result<(), StoreError> {
    let (resident, unit) = match &register.holder {
        Holder::Resident(id) => (Some(id), None),
        Holder::Unit(id) => (None, Some(id)),
    };
    diesel::insert_into(registers::table)
        .values((
            registers::id.eq(&register.id),
            registers::facility.eq(&register.facility),
            registers::resident.eq(resident),
            registers::unit.eq(unit),
            registers::product.eq(&register.product),
            registers::balance.eq(register.book.balance),
            registers::open_difference.eq(register.book.open),
            registers::last_seq.eq(register.last_seq),
            registers::revision.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}
