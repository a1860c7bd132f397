//! An as-needed dose was recorded in error: it no longer stands, and what it took from registers is put back. What was given
//! really is recorded like any other dose; the record that was wrong stays as it was written.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, role_check, second_load};
use crate::care::people::Confirmed;
use crate::care::refusal::Refusal;
use crate::care::round::correction::{self, Corrector};
use crate::store::as_needed::{self, AsNeededDose, Strike};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::registers::{Dose, Hand, Taker, Writing, stock_hold_struck};
use crate::store::{StoreError, facilities, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct StrikeAsNeeded {
    /// The id of the strike, made when the form was drawn.
    pub form: String,
    pub of_dose: String,
    pub why: String,
    /// A second person who gave their password.
    pub witness: Option<Confirmed>,
}

/// The strike, and what it put back into registers.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    strike: &'a Strike,
    #[serde(flatten)]
    writing: &'a Writing,
}

pub fn strike_as_needed(
    conn: &mut Conn,
    by: &Corrector,
    ask: &StrikeAsNeeded,
    now: DateTime<Utc>,
) -> Result<Strike, ActError> {
    role_check(conn, &by.staff, by.role, now)?;
    let dose = as_needed::dose_find(conn, &ask.of_dose)?.ok_or(StoreError::Missing)?;
    if dose.facility != by.staff.facility {
        return Err(StoreError::Missing.into());
    }
    let struck_at = residents::recorded_at(conn, &dose.resident, now)?;
    let strikes = as_needed::strikes_of(conn, std::slice::from_ref(&dose.id))?;
    if let Some(first) = strikes.get(&dose.id).filter(|first| first.id == ask.form) {
        let same = first.struck_by == by.staff.person;
        return if same { Ok(first.clone()) } else { Err(Refusal::FormReused.into()) };
    }
    if fact_exists(conn, &ask.form)? {
        return Err(Refusal::FormReused.into());
    }
    let facility = facilities::facility_load(conn, &dose.facility)?;
    as_needed::strikable(conn, &facility, &dose, now)?.allows(by, now)?;
    let strike = Strike {
        id: ask.form.clone(),
        of_dose: dose.id.clone(),
        reason: correction::reason(&ask.why)?,
        struck_by: by.staff.person.clone(),
        struck_at,
    };
    // Whoever gives a dose of the order meanwhile looks again: the sum of the day is another one.
    let order = as_needed::order_load(conn, &dose.of_order)?;
    as_needed::order_move(conn, &order)?;
    let taker = Taker { facility: &facility, resident: &dose.resident, unit: &dose.unit, medicine: &dose.medicine };
    let stock = stock_hold_struck(conn, &taker, &dose.id)?;
    let second = second_load(conn, ask.witness.as_ref(), &facility.id, now)?;
    let policy = facility.register.witness_for(&dose.medicine);
    let witness = policy.signed(&by.staff, &stock.watched_again(), second.as_ref())?;
    let hand = Hand { form: &strike.id, by: &strike.struck_by, witness: witness.as_ref(), at: struck_at };
    let writing = stock.write_back(&hand, Dose::AsNeeded(&dose.id), &strike.reason);
    save(conn, by, &dose, &strike, &writing)?;
    Ok(strike)
}

fn save(
    conn: &mut Conn,
    by: &Corrector,
    dose: &AsNeededDose,
    strike: &Strike,
    writing: &Writing,
) -> Result<(), StoreError> {
    let fact = NewFact {
        id: &strike.id,
        kind: "strike_as_needed",
        facility: &dose.facility,
        resident: Some(&dose.resident),
        subject: &dose.of_order,
        done_by: Some(&strike.struck_by),
        role: by.role.word(),
        body: &Body { strike, writing },
    };
    let n = fact_append(conn, &fact, strike.struck_at)?;
    as_needed::strike_insert(conn, strike)?;
    writing.save(conn, n)
}
