//! Two people count what is on the shelf, without being told what should be there. A difference stays open until a
//! supervisor has resolved it, and bars no dose.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, answered_already, role_check, second_load};
use crate::care::medicine::product::{Product, Products};
use crate::care::people::Confirmed;
use crate::care::refusal::Refusal;
use crate::care::register::RegisterRules;
use crate::care::register::book;
use crate::care::register::counting::agreed;
use crate::care::register::entering::Keeper;
use crate::care::register::parts::Parts;
use crate::care::witness::{Watched, WitnessPolicy};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append};
use crate::store::registers::{Hand, RegisterFile, Writing, differences_opened_by, register_hold, register_load};
use crate::store::{StoreError, facilities};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct CountRegister {
    /// The id of the form.
    pub form: String,
    /// The unit whose registers are counted.
    pub unit: String,
    pub counts: Vec<OnShelf>,
    /// A second person who gave their password.
    pub witness: Option<Confirmed>,
}

/// What was found of one register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnShelf {
    pub register: String,
    /// Of the register when the page was drawn: whatever was entered meanwhile is not in the count.
    pub revision: i64,
    pub parts: Parts,
    /// What the second person counted themselves.
    pub second: Option<Parts>,
}

#[derive(Serialize)]
struct Body<'a> {
    unit: &'a str,
    #[serde(flatten)]
    writing: &'a Writing,
}

/// Yields how many registers differ from what was found.
pub fn count_register(
    conn: &mut Conn,
    by: &Keeper,
    ask: &CountRegister,
    now: DateTime<Utc>,
) -> Result<usize, ActError> {
    role_check(conn, &by.staff, by.role, now)?;
    let facility = facilities::facility_load(conn, &by.staff.facility)?;
    if facilities::unit_load(conn, &ask.unit)?.facility != facility.id {
        return Err(StoreError::Missing.into());
    }
    if answered_already(conn, &ask.form, &ask.unit, &by.staff)? {
        return Ok(differences_opened_by(conn, &ask.form)?);
    }
    let second = second_load(conn, ask.witness.as_ref(), &facility.id, now)?;
    let registers = match registers_of_counts(conn, ask, &facility.id) {
        // The registers are held now: the second of two posts at once sees that the first one moved them.
        Err(ActError::Refused(Refusal::CountMoved)) if answered_already(conn, &ask.form, &ask.unit, &by.staff)? => {
            return Ok(0);
        }
        found => found?,
    };
    let witness = policy(&facility.register, &registers).signed(&by.staff, &[Watched::Count], second.as_ref())?;
    if witness.is_some() {
        both_agree(&registers)?;
    }
    let hand = Hand { form: &ask.form, by: &by.staff.person, witness: witness.as_ref(), at: now };
    let mut writing = Writing::new(&hand);
    for (register, count) in registers {
        count_one(register, count, &hand, &mut writing);
    }
    save(conn, by, ask, &writing, now)?;
    Ok(writing.discrepancies.len())
}

/// The register as it was when the page was drawn, held until the act is over.
fn register_of(conn: &mut Conn, count: &OnShelf, facility: &str) -> Result<RegisterFile, ActError> {
    let found = register_load(conn, &count.register)?;
    if found.facility != facility {
        return Err(StoreError::Missing.into());
    }
    let register = register_hold(conn, facility, &found.holder, &found.product)?;
    if register.revision == Some(count.revision) { Ok(register) } else { Err(Refusal::CountMoved.into()) }
}

type Found<'a> = (RegisterFile, &'a OnShelf);

fn registers_of_counts<'a>(
    conn: &mut Conn,
    ask: &'a CountRegister,
    facility: &str,
) -> Result<Vec<Found<'a>>, ActError> {
    ask.counts.iter().map(|count| Ok((register_of(conn, count, facility)?, count))).collect()
}

fn product(register: &RegisterFile) -> Option<&'static Product> {
    Products::ours().product(&register.product)
}

/// Where one of the medicines counted wants two people, two count.
fn policy<'a>(rules: &'a RegisterRules, registers: &[Found]) -> &'a WitnessPolicy {
    let mut all = registers.iter().filter_map(|(register, _)| Some(rules.witness_for(&product(register)?.medicine)));
    all.find(|policy| policy.asks(Watched::Count)).unwrap_or(&rules.witness)
}

fn both_agree(registers: &[Found]) -> Result<(), Refusal> {
    let mut known = registers.iter().filter_map(|(register, count)| Some((product(register)?, count)));
    known.try_for_each(|(product, count)| agreed(count.parts, count.second, product))
}

fn count_one(mut register: RegisterFile, count: &OnShelf, hand: &Hand, writing: &mut Writing) {
    writing.count(&register, hand, count.parts);
    if let Some(difference) = register.book.count(count.parts) {
        register.book = register.book.differing(difference);
        writing.open(&register, hand, difference, book::Found::Count);
        writing.close(register);
    }
}

fn save(
    conn: &mut Conn,
    by: &Keeper,
    ask: &CountRegister,
    writing: &Writing,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let fact = NewFact {
        id: &ask.form,
        kind: "count_register",
        facility: &by.staff.facility,
        resident: None,
        subject: &ask.unit,
        done_by: Some(&by.staff.person),
        role: by.role.word(),
        body: &Body { unit: &ask.unit, writing },
    };
    let n = fact_append(conn, &fact, now)?;
    writing.save(conn, n)
}
