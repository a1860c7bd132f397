//! What a record took that is corrected or struck, and what is there once it is put back.

use super::entry::{Entry, entries_taken_by};
use super::opened::{one_is_open, unseen_of};
use super::stock::{Stock, Taker, held, supply, taken_parts};
use super::{RegisterFile, registers_by_id, touch};
use crate::care::medicine::product::Products;
use crate::care::register::Holder;
use crate::care::register::book::Kind;
use crate::care::register::parts::Parts;
use crate::care::register::retaking::{Before, Took};
use crate::care::register::source::{Source, Supply};
use crate::store::db::Conn;
use crate::store::doses::{Administration, dose_records};
use crate::store::{StoreError, facilities};

/// Of one register, what nobody saw wasted.
type Unseen = (String, Parts);

/// The stock of a dose whose record is corrected, to be looked at: as it is once what that record took is put back.
pub fn stock_put_back(conn: &mut Conn, taker: &Taker, was: &Administration) -> Result<Stock, StoreError> {
    let back = entries_taken_by(conn, &was.id)?;
    let facts = dose_records(conn, &was.dose)?.facts_behind(was);
    let unseen = unseen_of(conn, &facts)?;
    let mut apart = registers_by_id(conn, &registers_of(&back, &unseen))?;
    let (holder, same) = holder_now(taker, was, apart.first());
    let registers = held(conn, &holder, taker.medicine)?;
    // What was given before a register counted it is not taken out of that register later.
    let unbooked = same && apart.is_empty() && !was.given.is_zero();
    apart.retain(|register| registers.iter().all(|held| held.id != register.id));
    let supply = if unbooked { Supply::default() } else { supply(&registers, &back) };
    let shelf = facilities::shelf_load(conn, &taker.facility.id, taker.medicine)?;
    let before = same.then(|| before(was, &registers, &back, &unseen));
    let source = match &before {
        Some(before) => before.source(&shelf, supply),
        None => Source::of(&shelf, was.planned, supply),
    };
    let differs = one_is_open(conn, &facts)?;
    Ok(Stock { before, back, apart, differs, ..Stock::of(shelf, source, registers) })
}

/// The stock of a dose whose record is corrected, held until the act is over.
pub fn stock_hold_put_back(conn: &mut Conn, taker: &Taker, was: &Administration) -> Result<Stock, StoreError> {
    let Stock { registers, apart, .. } = stock_put_back(conn, taker, was)?;
    touch(conn, &registers.into_iter().chain(apart).map(|register| register.id).collect::<Vec<_>>())?;
    stock_put_back(conn, taker, was)
}

/// What an as-needed dose or an incident took, to be looked at: nothing is taken in its place.
pub fn stock_struck(conn: &mut Conn, taker: &Taker, record: &str) -> Result<Stock, StoreError> {
    let back = entries_taken_by(conn, record)?;
    let apart = registers_by_id(conn, &registers_of(&back, &[]))?;
    let shelf = facilities::shelf_load(conn, &taker.facility.id, taker.medicine)?;
    Ok(Stock { apart, back, ..Stock::of(shelf, None, Vec::new()) })
}

/// The same, held until the act is over.
pub fn stock_hold_struck(conn: &mut Conn, taker: &Taker, record: &str) -> Result<Stock, StoreError> {
    let ids = registers_of(&entries_taken_by(conn, record)?, &[]);
    touch(conn, &ids)?;
    stock_struck(conn, taker, record)
}

fn registers_of(entries: &[Entry], unseen: &[Unseen]) -> Vec<String> {
    let entries = entries.iter().map(|entry| &entry.register);
    entries.chain(unseen.iter().map(|(register, _)| register)).cloned().collect()
}

/// Whose supply it leaves as it is told now, and whether that is the one that it left: whoever holds supplies by now, it
/// left the one that its register was of, unless it is told of another unit's box.
fn holder_now(taker: &Taker, was: &Administration, left: Option<&RegisterFile>) -> (Holder, bool) {
    match left.map(|register| &register.holder) {
        None => (taker.holder(), taker.holder() == taker.living_in(&was.unit).holder()),
        Some(Holder::Unit(_)) if was.unit != taker.unit => (Holder::Unit(taker.unit.to_owned()), false),
        Some(holder) => (holder.clone(), true),
    }
}

fn before(was: &Administration, registers: &[RegisterFile], back: &[Entry], unseen: &[Unseen]) -> Before {
    let took = registers.iter().filter_map(|register| took(register, back, unseen)).collect();
    Before { planned: was.planned, given: was.given, outcome: was.outcome, pieces: was.pieces.clone(), took }
}

/// What a record took from a register; none where it took nothing.
fn took(register: &RegisterFile, back: &[Entry], unseen: &[Unseen]) -> Option<Took> {
    let mine = || back.iter().filter(|entry| entry.register == register.id);
    let of = |kind: Kind| mine().filter(|entry| entry.kind == kind).map(taken_parts).sum::<Parts>();
    let unseen = unseen.iter().filter(|(of, _)| *of == register.id).map(|(_, parts)| *parts).sum::<Parts>();
    let (given, wasted) = (of(Kind::Given), of(Kind::Wasted));
    let product = Products::ours().product(&register.product)?;
    let even = |entry: &Entry| (entry.balance_after - entry.parts) % 2 == 0;
    let took = Took { product, given, wasted, unseen, fresh: mine().next().is_none_or(even) };
    (!(given + wasted + unseen).is_zero()).then_some(took)
}
