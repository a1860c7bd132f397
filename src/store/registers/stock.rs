//! What a dose is taken from: the registers of its holder, the pieces that they suggest, and what it writes into them.

use super::entry::Entry;
use super::writing::{Hand, Writing};
use super::{RegisterFile, registers_held, registers_hold};
use crate::care::amount::Amount;
use crate::care::facility::Facility;
use crate::care::medicine::Medicine;
use crate::care::medicine::product::Products;
use crate::care::medicine::tablets::{Pieces, Shelf};
use crate::care::refusal::Refusal;
use crate::care::register::Holder;
use crate::care::register::book::{Found, Kind, Line};
use crate::care::register::parts::Parts;
use crate::care::register::retaking::{Before, part_of};
use crate::care::register::source::{Source, StockAsk, Supply};
use crate::care::register::taking::Taking;
use crate::care::round::outcome::Outcome;
use crate::care::witness::Watched;
use crate::store::db::Conn;
use crate::store::{StoreError, facilities};

/// Whose dose it is. The unit is that in which they lived when it was given.
#[derive(Debug, Clone, Copy)]
pub struct Taker<'a> {
    pub facility: &'a Facility,
    pub resident: &'a str,
    pub unit: &'a str,
    pub medicine: &'a Medicine,
}

impl<'a> Taker<'a> {
    /// Whose supply it is taken from.
    pub fn holder(&self) -> Holder {
        self.facility.register.held_by.holder(self.resident, self.unit)
    }

    /// The same resident in another unit.
    pub fn living_in(self, unit: &'a str) -> Taker<'a> {
        Taker { unit, ..self }
    }
}

/// What a dose is made of, and the registers that it is taken from.
#[derive(Debug, Clone)]
pub struct Stock {
    pub shelf: Shelf,
    /// None: nothing stocked makes the dose.
    pub source: Option<Source>,
    /// The record that is corrected, where the dose still leaves the supply that it left.
    pub(super) before: Option<Before>,
    pub(super) registers: Vec<RegisterFile>,
    /// What a corrected record took, and the registers of it that the dose is not taken from any more.
    pub(super) back: Vec<Entry>,
    pub(super) apart: Vec<RegisterFile>,
    /// A difference that a corrected record opened waits for a supervisor.
    pub differs: bool,
}

/// Which dose took it.
#[derive(Debug, Clone, Copy)]
pub enum Dose<'a> {
    Administration(&'a str),
    AsNeeded(&'a str),
    /// What was given in error.
    Incident(&'a str),
}

/// The stock of a dose, to be looked at.
pub fn stock_load(conn: &mut Conn, taker: &Taker, amount: Amount) -> Result<Stock, StoreError> {
    let registers = held(conn, &taker.holder(), taker.medicine)?;
    stock_of(conn, taker, amount, registers)
}

fn stock_of(conn: &mut Conn, taker: &Taker, amount: Amount, registers: Vec<RegisterFile>) -> Result<Stock, StoreError> {
    let shelf = facilities::shelf_load(conn, &taker.facility.id, taker.medicine)?;
    let source = Source::of(&shelf, amount, supply(&registers, &[]));
    Ok(Stock::of(shelf, source, registers))
}

/// The stock of a dose, held until the act is over: whoever else takes from it waits.
pub fn stock_hold(conn: &mut Conn, taker: &Taker, amount: Amount) -> Result<Stock, StoreError> {
    let holder = taker.holder();
    let products: Vec<&str> = Products::ours().of(taker.medicine).map(|product| product.code.as_str()).collect();
    let registers = registers_hold(conn, &holder, &products)?;
    stock_of(conn, taker, amount, registers)
}

/// What some registers hold, once some entries are put back.
pub(super) fn supply(registers: &[RegisterFile], back: &[Entry]) -> Supply {
    let held = |register: &RegisterFile| {
        let mine = back.iter().filter(|entry| entry.register == register.id);
        mine.fold(register.book, |book, entry| book.put_back(taken_parts(entry))).on_hand()
    };
    Supply(registers.iter().map(|register| (register.product.clone(), held(register))).collect())
}

pub(super) fn taken_parts(entry: &Entry) -> Parts {
    Parts(entry.parts.unsigned_abs())
}

/// The registers of a medicine that one holder's doses are taken from.
pub(super) fn held(conn: &mut Conn, holder: &Holder, medicine: &Medicine) -> Result<Vec<RegisterFile>, StoreError> {
    let mut registers = registers_held(conn, holder)?;
    let of_medicine = |code: &str| Products::ours().product(code).is_some_and(|one| one.medicine == *medicine);
    registers.retain(|register| of_medicine(&register.product));
    Ok(registers)
}

impl Stock {
    pub(super) fn of(shelf: Shelf, mut source: Option<Source>, registers: Vec<RegisterFile>) -> Stock {
        if let Some(source) = &mut source {
            source.held_by = registers.first().map(|register| register.holder.clone());
        }
        Stock { shelf, source, before: None, registers, back: Vec::new(), apart: Vec::new(), differs: false }
    }

    /// What the dose takes, as care decides it; nothing where nothing stocked makes it.
    pub fn take(&self, ask: &StockAsk, outcome: Outcome, given: Amount) -> Result<Vec<Taking>, Refusal> {
        match (&self.before, &self.source) {
            (Some(before), source) => before.take(source.as_ref(), ask, outcome, given),
            (None, Some(source)) => source.take(ask, outcome, given),
            (None, None) => Ok(Vec::new()),
        }
    }

    /// What was said of the pieces of a corrected record.
    pub fn told(&self) -> StockAsk {
        self.before.as_ref().map(Before::told).unwrap_or_default()
    }

    /// What the dose is made of; none where nothing stocked makes it.
    pub fn pieces(&self) -> Option<&Pieces> {
        self.source.as_ref().map(|source| &source.pieces)
    }

    /// What was counted out, in words. Of a dose given in part it is what the register took it from: which of the pieces
    /// were swallowed nobody said.
    pub fn pieces_text(&self, outcome: Outcome) -> String {
        if let Some(as_it_was) = self.before.as_ref().and_then(|before| before.words(outcome)) {
            return as_it_was;
        }
        match self.pieces() {
            _ if !outcome.takes() => Pieces::default().to_string(),
            None => String::new(),
            Some(pieces) if outcome.whole() => pieces.to_string(),
            Some(pieces) => part_of(&pieces.to_string()),
        }
    }

    /// What is put back where a record is corrected: of which product, what it had been, and how much.
    pub fn goes_back(&self) -> Vec<(String, Kind, Parts)> {
        let registers = || self.registers.iter().chain(&self.apart);
        let told = |entry: &Entry| {
            let register = registers().find(|register| register.id == entry.register)?;
            Some((register.product.clone(), entry.kind, taken_parts(entry)))
        };
        self.back.iter().filter_map(told).collect()
    }

    /// A witness saw some of it wasted, and it is put back: a second person sees that too.
    pub fn puts_back_what_was_seen(&self) -> bool {
        self.back.iter().any(|entry| entry.kind == Kind::Wasted && entry.witnessed_by.is_some())
    }

    /// What a second person sees where the record is struck: only what was wasted before one goes back before one.
    pub fn watched_again(&self) -> Vec<Watched> {
        self.puts_back_what_was_seen().then_some(Watched::Waste).into_iter().collect()
    }

    /// What a strike writes: everything is put back, with the reason.
    pub fn write_back(self, hand: &Hand, dose: Dose, reason: &str) -> Writing {
        let mut writing = self.write(&[], hand, dose);
        for entry in &mut writing.entries {
            reason.clone_into(&mut entry.note);
        }
        writing
    }

    /// What a dose writes: what is put back, then each line, and a difference where the book lacks what was used.
    pub fn write(self, takings: &[Taking], hand: &Hand, dose: Dose) -> Writing {
        self.write_alone(takings, hand, dose, None)
    }

    /// The same; what is wasted is an open difference where nobody else could see it, with the reason.
    pub fn write_alone(self, takings: &[Taking], hand: &Hand, dose: Dose, alone: Option<&str>) -> Writing {
        let mut writing = Writing::new(hand);
        for mut register in self.apart {
            if written_back(&mut writing, &mut register, hand, &self.back) {
                writing.close(register);
            }
        }
        for mut register in self.registers {
            let back = written_back(&mut writing, &mut register, hand, &self.back);
            let mine = takings.iter().filter(|taking| taking.product == register.product);
            let lines: Vec<Line> = mine.flat_map(|taking| taking.lines.iter().copied()).collect();
            for line in &lines {
                match alone.filter(|_| line.kind == Kind::Wasted) {
                    Some(why) => unseen(&mut writing, &mut register, hand, line.parts, why),
                    None => written(&mut writing, &mut register, hand, *line, dose),
                }
            }
            if back || !lines.is_empty() {
                writing.close(register);
            }
        }
        writing
    }
}

fn written(writing: &mut Writing, register: &mut RegisterFile, hand: &Hand, line: Line, dose: Dose) {
    let written = register.book.record(line);
    let entry = writing.line(register, hand, line, written.after);
    match dose {
        Dose::Administration(id) => entry.administration = Some(id.to_owned()),
        Dose::AsNeeded(id) => entry.as_needed_dose = Some(id.to_owned()),
        Dose::Incident(id) => entry.incident = Some(id.to_owned()),
    }
    if let Some(lacking) = written.lacking {
        writing.open(register, hand, lacking.0 as i64, Found::Dose);
    }
}

fn unseen(writing: &mut Writing, register: &mut RegisterFile, hand: &Hand, parts: Parts, why: &str) {
    if let Some(difference) = register.book.unseen(parts) {
        register.book = register.book.differing(difference);
        writing.open(register, hand, difference, Found::Dose).unwitnessed = Some(why.to_owned());
    }
}

/// Puts back what a corrected record took from a register; whether it took anything.
fn written_back(writing: &mut Writing, register: &mut RegisterFile, hand: &Hand, back: &[Entry]) -> bool {
    let mine: Vec<&Entry> = back.iter().filter(|entry| entry.register == register.id).collect();
    for taken in &mine {
        let parts = taken_parts(taken);
        let after = register.book.put_back(parts);
        let entry = writing.line(register, hand, Line { kind: Kind::PutBack, parts }, after);
        entry.administration.clone_from(&taken.administration);
        entry.as_needed_dose.clone_from(&taken.as_needed_dose);
        entry.incident.clone_from(&taken.incident);
        entry.reverses = Some(taken.id.clone());
    }
    !mine.is_empty()
}
