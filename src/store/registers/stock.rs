//! What a dose is taken from: the registers of its holder, the pieces that they suggest, and what it writes into them.

use super::writing::{Hand, Writing};
use super::{RegisterFile, registers_held, touch};
use crate::care::amount::Amount;
use crate::care::facility::Facility;
use crate::care::medicine::Medicine;
use crate::care::medicine::product::Products;
use crate::care::medicine::tablets::Shelf;
use crate::care::refusal::Refusal;
use crate::care::register::book::Found;
use crate::care::register::source::{Source, StockAsk, Supply};
use crate::care::register::taking::Taking;
use crate::care::round::administration::Outcome;
use crate::store::db::Conn;
use crate::store::{StoreError, facilities};

/// Whose dose it is.
#[derive(Debug, Clone, Copy)]
pub struct Taker<'a> {
    pub facility: &'a Facility,
    pub resident: &'a str,
    pub unit: &'a str,
    pub medicine: &'a Medicine,
}

/// What a dose is made of, and the registers that it is taken from.
#[derive(Debug, Clone)]
pub struct Stock {
    pub shelf: Shelf,
    /// None: nothing stocked makes the dose.
    pub source: Option<Source>,
    registers: Vec<RegisterFile>,
}

/// Which dose took it.
#[derive(Debug, Clone, Copy)]
pub enum Dose<'a> {
    Administration(&'a str),
    AsNeeded(&'a str),
}

/// The stock of a dose, to be looked at.
pub fn stock_load(conn: &mut Conn, taker: &Taker, amount: Amount) -> Result<Stock, StoreError> {
    let shelf = facilities::shelf_load(conn, &taker.facility.id, taker.medicine)?;
    let registers = held(conn, taker)?;
    let supply = registers.iter().map(|register| (register.product.clone(), register.book.on_hand())).collect();
    Ok(Stock { source: Source::of(&shelf, amount, Supply(supply)), shelf, registers })
}

/// The stock of a dose, held until the act is over: whoever else takes from it waits.
pub fn stock_hold(conn: &mut Conn, taker: &Taker, amount: Amount) -> Result<Stock, StoreError> {
    let ids: Vec<String> = held(conn, taker)?.into_iter().map(|register| register.id).collect();
    touch(conn, &ids)?;
    stock_load(conn, taker, amount)
}

/// The registers of the medicine that this resident's doses are taken from.
fn held(conn: &mut Conn, taker: &Taker) -> Result<Vec<RegisterFile>, StoreError> {
    let holder = taker.facility.register.held_by.holder(taker.resident, taker.unit);
    let mut registers = registers_held(conn, &holder)?;
    let of_medicine = |code: &str| Products::ours().product(code).is_some_and(|one| one.medicine == *taker.medicine);
    registers.retain(|register| of_medicine(&register.product));
    Ok(registers)
}

impl Stock {
    /// What the dose takes, as care decides it; nothing where nothing stocked makes it.
    pub fn take(&self, ask: &StockAsk, outcome: Outcome, given: Amount) -> Result<Vec<Taking>, Refusal> {
        self.source.as_ref().map_or(Ok(Vec::new()), |source| source.take(ask, outcome, given))
    }

    /// What was counted out, in words: the pieces of the whole dose, or those of a part of it.
    pub fn pieces_text(&self, whole: bool, given: Amount) -> String {
        let of_part = || self.shelf.pieces(given);
        let pieces = if whole { self.source.as_ref().map(|source| source.pieces.clone()) } else { of_part() };
        pieces.map(|pieces| pieces.to_string()).unwrap_or_default()
    }

    /// What a dose writes: each line, and a difference where the book lacks what was used.
    pub fn write(self, takings: &[Taking], hand: &Hand, dose: Dose) -> Writing {
        let mut writing = Writing::new(hand);
        for mut register in self.registers {
            let mine = takings.iter().filter(|taking| taking.product == register.product);
            let lines: Vec<_> = mine.flat_map(|taking| taking.lines.iter().copied()).collect();
            for line in &lines {
                let written = register.book.record(*line);
                let entry = writing.line(&mut register, hand, *line, written.after);
                match dose {
                    Dose::Administration(id) => entry.administration = Some(id.to_owned()),
                    Dose::AsNeeded(id) => entry.as_needed_dose = Some(id.to_owned()),
                }
                if let Some(lacking) = written.lacking {
                    writing.open(&register, hand, lacking.0 as i64, Found::Dose);
                }
            }
            if !lines.is_empty() {
                writing.close(register);
            }
        }
        writing
    }
}
