//! A nurse or a supervisor enters into the register what came in, or what left without being given.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, answered_already, role_check, second_load};
use crate::care::calendar::Zone;
use crate::care::medicine::product::{Product, Products};
use crate::care::people::Confirmed;
use crate::care::refusal::Refusal;
use crate::care::register::Holder;
use crate::care::register::book::{Kind, Line};
use crate::care::register::entering::{EnterAsk, EnterCase, Entered, Keeper};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append};
use crate::store::registers::{Hand, RegisterFile, Writing, packs_there, register_hold};
use crate::store::{StoreError, facilities, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct EnterRegister {
    /// The id of the form.
    pub form: String,
    pub holder: Holder,
    /// The product's code.
    pub product: String,
    pub enter: EnterAsk,
    /// A second person who gave their password.
    pub witness: Option<Confirmed>,
}

/// What was entered, and all that was written.
#[derive(Serialize)]
struct Body<'a> {
    holder: &'a Holder,
    product: &'a str,
    to: Option<&'a Holder>,
    #[serde(flatten)]
    writing: &'a Writing,
}

/// Yields the id of the register that was written into.
pub fn enter_register(
    conn: &mut Conn,
    by: &Keeper,
    ask: &EnterRegister,
    now: DateTime<Utc>,
) -> Result<String, ActError> {
    let facility = facilities::facility_load(conn, &by.staff.facility)?;
    role_check(conn, &by.staff, by.role, now)?;
    let id = ask.holder.register(&facility.id, &ask.product);
    let resident = holder_check(conn, &facility.id, &ask.holder)?;
    let to = ask.enter.moves_to();
    to.map_or(Ok(None), |to| holder_check(conn, &facility.id, to))?;
    let mut registers = vec![register_hold(conn, &facility.id, &ask.holder, &ask.product)?];
    // The second of two posts at once sees what the first one wrote.
    if answered_already(conn, &ask.form, &id, &by.staff)? {
        return Ok(id);
    }
    let entered = decide(conn, ask, &registers[0], facility.zone, now)?;
    let second = second_load(conn, ask.witness.as_ref(), &facility.id, now)?;
    let medicine = Products::ours().product(&ask.product).map(|product| &product.medicine);
    let policy = medicine.map_or(&facility.register.witness, |medicine| facility.register.witness_for(medicine));
    let witness = policy.signed(&by.staff, &[ask.enter.what.watched()], second.as_ref())?;
    if let Some(to) = to {
        registers.push(register_hold(conn, &facility.id, to, &ask.product)?);
    }
    let hand = Hand { form: &ask.form, by: &by.staff.person, witness: witness.as_ref(), at: now };
    let writing = written(registers, &entered, &hand)?;
    save(conn, by, ask, resident.as_deref(), &writing, now)?;
    Ok(id)
}

/// The holder is of this facility. Yields the resident, if it is one.
fn holder_check(conn: &mut Conn, facility: &str, holder: &Holder) -> Result<Option<String>, ActError> {
    let (theirs, resident) = match holder {
        Holder::Resident(id) => (residents::resident_load(conn, id)?.facility, Some(id.clone())),
        Holder::Unit(id) => (facilities::unit_load(conn, id)?.facility, None),
    };
    if theirs == facility { Ok(resident) } else { Err(StoreError::Missing.into()) }
}

/// A product that is stocked here, or of which there is a register still.
fn product_load(conn: &mut Conn, register: &RegisterFile) -> Result<(&'static Product, bool), ActError> {
    let stocked = facilities::stock_of(conn, &register.facility)?;
    let halved = stocked.iter().find(|(code, _)| *code == register.product).map(|(_, halved)| *halved);
    let product = Products::ours().product(&register.product).ok_or(Refusal::ProductNotStocked)?;
    match halved {
        Some(halved) => Ok((product, halved)),
        None if register.revision.is_some() => Ok((product, product.may_be_halved())),
        None => Err(Refusal::ProductNotStocked.into()),
    }
}

fn decide(
    conn: &mut Conn,
    ask: &EnterRegister,
    register: &RegisterFile,
    zone: Zone,
    now: DateTime<Utc>,
) -> Result<Entered, ActError> {
    let (product, halved) = product_load(conn, register)?;
    let packs = packs_there(conn, register)?;
    let case = EnterCase { product, halved, holder: &ask.holder, book: register.book, packs, today: zone.day(now) };
    Ok(case.enter(&ask.enter)?)
}

/// One entry; of what is moved a second one, in the register that it comes into.
fn written(registers: Vec<RegisterFile>, entered: &Entered, hand: &Hand) -> Result<Writing, Refusal> {
    let mut writing = Writing::new(hand);
    for (nth, mut register) in registers.into_iter().enumerate() {
        let kind = if nth == 0 { entered.line.kind } else { Kind::MovedIn };
        let line = Line { kind, ..entered.line };
        let after = register.book.enter(line)?;
        let entry = writing.line(&mut register, hand, line, after);
        entry.note.clone_from(&entered.note);
        entry.pack.clone_from(&entered.pack);
        writing.close(register);
    }
    Ok(writing)
}

fn save(
    conn: &mut Conn,
    by: &Keeper,
    ask: &EnterRegister,
    resident: Option<&str>,
    writing: &Writing,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let fact = NewFact {
        id: &ask.form,
        kind: "enter_register",
        facility: &by.staff.facility,
        resident,
        subject: &ask.holder.register(&by.staff.facility, &ask.product),
        done_by: Some(&by.staff.person),
        role: by.role.word(),
        body: &Body { holder: &ask.holder, product: &ask.product, to: ask.enter.moves_to(), writing },
    };
    let n = fact_append(conn, &fact, now)?;
    writing.save(conn, n)
}
