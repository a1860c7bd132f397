//! What one act writes into registers, held together until it is saved: the rows, and the same in the act's fact.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entry::{Counted, CountedRow, Discrepancy, DiscrepancyRow, Ended, EndedRow, Entry, EntryRow};
use super::{RegisterFile, register_move};
use crate::care::register::Holder;
use crate::care::register::book::{Book, Found, Line};
use crate::care::register::parts::Parts;
use crate::care::witness::signature::Witness;
use crate::on_either;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::schema::{discrepancies, discrepancy_endings, register_counts, register_entries};

/// Whose hand writes, and when.
#[derive(Debug, Clone, Copy)]
pub struct Hand<'a> {
    /// The id of the form, which makes the ids of what it writes.
    pub form: &'a str,
    pub by: &'a str,
    pub witness: Option<&'a Witness>,
    pub at: DateTime<Utc>,
}

/// A register that was written into: whose, and of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub id: String,
    pub holder: Holder,
    pub product: String,
}

/// All that an act writes into registers. It belongs into the act's fact as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Writing {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub registers: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Entry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<Counted>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub discrepancies: Vec<Discrepancy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// Who saw it, and what their name means here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witness: Option<Witness>,
    #[serde(skip)]
    moved: Vec<RegisterFile>,
}

impl Writing {
    pub fn new(hand: &Hand) -> Writing {
        Writing { witness: hand.witness.cloned(), ..Writing::default() }
    }

    /// Writes a line; the register stands as it is after it. What else the entry says is filled in by the caller.
    pub fn line(&mut self, register: &mut RegisterFile, hand: &Hand, line: Line, after: Book) -> &mut Entry {
        self.name(register);
        register.book = after;
        register.last_seq += 1;
        self.entries.push(Entry {
            id: derived(&format!("{} {}", register.id, register.last_seq)),
            n: 0,
            register: register.id.clone(),
            seq: register.last_seq,
            kind: line.kind,
            parts: line.kind.signed(line.parts),
            balance_after: after.balance,
            pack: None,
            administration: None,
            as_needed_dose: None,
            incident: None,
            discrepancy: None,
            reverses: None,
            note: String::new(),
            entered_by: hand.by.to_owned(),
            witnessed_by: hand.witness.map(|witness| witness.person.clone()),
            entered_at: hand.at,
        });
        self.entries.last_mut().expect("an entry was just pushed")
    }

    /// Writes a count down.
    pub fn count(&mut self, register: &RegisterFile, hand: &Hand, counted: Parts) {
        self.name(register);
        self.counts.push(Counted {
            id: derived(&format!("{} {} counted", hand.form, register.id)),
            n: 0,
            register: register.id.clone(),
            expected: register.book.on_hand(),
            counted,
            counted_by: hand.by.to_owned(),
            witnessed_by: hand.witness.map(|witness| witness.person.clone()),
            counted_at: hand.at,
        });
    }

    /// Opens a difference; the register's book holds it already.
    pub fn open(&mut self, register: &RegisterFile, hand: &Hand, difference: i64, found: Found) -> &mut Discrepancy {
        self.name(register);
        let nth = self.discrepancies.len();
        self.discrepancies.push(Discrepancy {
            id: derived(&format!("{} {} difference {nth}", hand.form, register.id)),
            n: 0,
            register: register.id.clone(),
            difference,
            found,
            opened_by: hand.by.to_owned(),
            opened_at: hand.at,
            unwitnessed: None,
        });
        self.discrepancies.last_mut().expect("a difference was just pushed")
    }

    /// Nothing more is written into this register.
    pub fn close(&mut self, register: RegisterFile) {
        self.name(&register);
        self.moved.push(register);
    }

    /// The fact says once whose register it is, and of what.
    fn name(&mut self, register: &RegisterFile) {
        if self.registers.iter().all(|named| named.id != register.id) {
            let (holder, product) = (register.holder.clone(), register.product.clone());
            self.registers.push(Named { id: register.id.clone(), holder, product });
        }
    }

    /// Saves it under the number of its fact.
    pub fn save(&self, conn: &mut Conn, n: i64) -> Result<(), StoreError> {
        for register in &self.moved {
            register_move(conn, register)?;
        }
        for opened in &self.discrepancies {
            let row = DiscrepancyRow::new(opened, n);
            on_either!(conn, |c| diesel::insert_into(discrepancies::table).values(&row).execute(c))?;
        }
        for entry in &self.entries {
            let row = EntryRow::new(entry, n);
            on_either!(conn, |c| diesel::insert_into(register_entries::table).values(&row).execute(c))?;
        }
        for count in &self.counts {
            let row = CountedRow::new(count, n);
            on_either!(conn, |c| diesel::insert_into(register_counts::table).values(&row).execute(c))?;
        }
        if let Some(ended) = &self.ended {
            diesel::insert_into(discrepancy_endings::table).values(EndedRow::from(ended)).execute(conn)?;
        }
        Ok(())
    }
}

fn derived(from: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, from.as_bytes()).to_string()
}
