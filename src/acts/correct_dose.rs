//! What was recorded of a dose is corrected: the record no longer stands, what it took from registers is put back, and what
//! happened really takes its place, or nothing does and the dose is open again. The record itself stays as it was written.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, excess_note, role_check, second_load};
use crate::care::facility::Facility;
use crate::care::people::{Confirmed, Staff};
use crate::care::refusal::Refusal;
use crate::care::register::source::StockAsk;
use crate::care::register::taking::{self, Taking};
use crate::care::round::administration::{DoseCase, Recorded};
use crate::care::round::correction::{self, Correctable, Corrector, Instead};
use crate::care::witness::Watched;
use crate::care::witness::signature::{Witness, beside};
use crate::store::db::Conn;
use crate::store::doses::{self, Administration, Correction};
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::moves::unit_then;
use crate::store::registers::{Dose, Hand, Stock, Taker, Writing, stock_hold_put_back};
use crate::store::{StoreError, cases, facilities, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct CorrectDose {
    /// The id of the correction, and of the record that takes the place of the other; made when the form was drawn.
    pub form: String,
    /// The record that the page showed.
    pub record: String,
    pub instead: Instead,
    pub stock: StockAsk,
    /// Why the record is corrected.
    pub why: String,
    /// A second person who gave their password.
    pub witness: Option<Confirmed>,
}

/// The correction, the record that stands now, and what both wrote into registers.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    administration: Option<&'a Administration>,
    correction: &'a Correction,
    #[serde(flatten)]
    writing: &'a Writing,
}

/// What was decided, about to be written down.
struct Deciding<'a> {
    by: &'a Corrector,
    facility: &'a Facility,
    was: &'a Administration,
    correction: Correction,
    instead: Option<Recorded>,
    unit: String,
    witness: Option<Witness>,
    stock: Stock,
    takings: Vec<Taking>,
}

pub fn correct_dose(
    conn: &mut Conn,
    by: &Corrector,
    ask: &CorrectDose,
    now: DateTime<Utc>,
) -> Result<Correction, ActError> {
    role_check(conn, &by.staff, by.role, now)?;
    let was = doses::administration_load(conn, &ask.record)?;
    if was.facility != by.staff.facility {
        return Err(StoreError::Missing.into());
    }
    let corrected_at = residents::recorded_at(conn, &was.resident, now)?;
    let records = doses::dose_records(conn, &was.dose)?;
    if let Some(first) = records.corrections.get(&was.id).filter(|first| first.id == ask.form) {
        return same_answer(by, first);
    }
    if fact_exists(conn, &ask.form)? {
        return Err(Refusal::FormReused.into());
    }
    let facility = facilities::facility_load(conn, &was.facility)?;
    let case = doses::correctable(conn, &facility, &records, &was, now)?;
    case.allows(by, now)?;
    let reason = correction::reason(&ask.why)?;
    let instead = retold(&case, &facility, &was, &ask.instead, now)?;
    let unit = unit_told(conn, &was, instead.as_ref(), now)?;
    let taker = Taker { facility: &facility, resident: &was.resident, unit: &unit, medicine: &was.medicine };
    let stock = stock_hold_put_back(conn, &taker, &was)?;
    let stock_ask = ask.stock.of_page(taker.holder() == taker.living_in(&was.unit).holder());
    let takings = taken(&stock, instead.as_ref(), &stock_ask)?;
    let second = second_load(conn, ask.witness.as_ref(), &facility.id, now)?;
    let mut watched = instead.as_ref().map(|recorded| taking::watched(recorded.outcome, &takings)).unwrap_or_default();
    // Who saw it given, or why nobody did, is kept: nobody who comes later can have seen it.
    watched.retain(|one| *one != Watched::Give || !was.outcome.takes());
    // What was wasted before a witness is not put back without one: a correction can wait for a second person.
    watched.extend(stock.puts_back_what_was_seen().then_some(Watched::Waste));
    watched.dedup();
    let witness = facility.register.witness_for(&was.medicine).signed(&by.staff, &watched, second.as_ref())?;
    // Whoever gave it did not watch themselves, whoever corrects what was written of it.
    beside(witness.as_ref(), Some(was.giver()))?;
    let correction = Correction {
        id: ask.form.clone(),
        n: 0,
        administration: was.id.clone(),
        replacement: instead.as_ref().map(|_| ask.form.clone()),
        reason,
        corrected_by: by.staff.person.clone(),
        corrected_at,
    };
    let (facility, was) = (&facility, &was);
    Ok(save(conn, Deciding { by, facility, was, correction, instead, unit, witness, stock, takings })?)
}

/// A repeated post gets the first answer.
fn same_answer(by: &Corrector, first: &Correction) -> Result<Correction, ActError> {
    if first.corrected_by == by.staff.person { Ok(first.clone()) } else { Err(Refusal::FormReused.into()) }
}

fn retold(
    case: &Correctable,
    facility: &Facility,
    was: &Administration,
    instead: &Instead,
    now: DateTime<Utc>,
) -> Result<Option<Recorded>, Refusal> {
    let Instead::Record(ask) = instead else { return Ok(None) };
    let dose = DoseCase::past(was.planned, was.due_at, facility);
    case.retold(&dose, ask, was.given_at, now).map(Some)
}

/// Where the resident lived when it happened: as it was recorded, unless it is told of another time.
fn unit_told(
    conn: &mut Conn,
    was: &Administration,
    instead: Option<&Recorded>,
    now: DateTime<Utc>,
) -> Result<String, StoreError> {
    match instead.filter(|told| correction::another_time(was.given_at, told.given_at)) {
        None => Ok(was.unit.clone()),
        Some(told) => {
            let resident = residents::resident_load(conn, &was.resident)?;
            unit_then(conn, &resident, told.given_at, now)
        }
    }
}

/// What the dose takes from registers as it is told now.
fn taken(stock: &Stock, instead: Option<&Recorded>, ask: &StockAsk) -> Result<Vec<Taking>, Refusal> {
    instead.map_or(Ok(Vec::new()), |recorded| stock.take(ask, recorded.outcome, recorded.given))
}

fn save(conn: &mut Conn, deciding: Deciding) -> Result<Correction, StoreError> {
    let administration = deciding.instead.as_ref().map(|recorded| administration(&deciding, recorded));
    let Deciding { by, facility, was, mut correction, witness, stock, takings, .. } = deciding;
    let hand =
        Hand { form: &correction.id, by: &by.staff.person, witness: witness.as_ref(), at: correction.corrected_at };
    let mut writing = stock.write(&takings, &hand, Dose::Administration(&correction.id));
    for entry in writing.entries.iter_mut().filter(|entry| entry.reverses.is_some()) {
        entry.note.clone_from(&correction.reason);
    }
    let fact = NewFact {
        id: &correction.id,
        kind: "correct_dose",
        facility: &was.facility,
        resident: Some(&was.resident),
        subject: &was.dose,
        done_by: Some(&by.staff.person),
        role: by.role.word(),
        body: &Body { administration: administration.as_ref(), correction: &correction, writing: &writing },
    };
    correction.n = fact_append(conn, &fact, correction.corrected_at)?;
    match administration {
        Some(administration) => {
            let administration = Administration { n: correction.n, ..administration };
            doses::administration_insert(conn, &administration)?;
            doses::correction_insert(conn, &correction)?;
            excess_note(conn, by.role, facility, &administration, Some(was))?;
        }
        None => {
            doses::dose_reopen(conn, &was.dose)?;
            cases::dose_follows(conn, &was.dose, facility)?;
            doses::correction_insert(conn, &correction)?;
        }
    }
    writing.save(conn, correction.n)?;
    Ok(correction)
}

/// What happened really, of the dose as it was recorded.
fn administration(deciding: &Deciding, recorded: &Recorded) -> Administration {
    let Deciding { by, was, correction, unit, stock, witness, .. } = deciding;
    let (witnessed_by, unwitnessed) = match was.outcome.takes() && recorded.outcome.takes() {
        true => who_saw_it(was, &by.staff),
        false => (witness.as_ref().map(|witness| witness.person.clone()), None),
    };
    Administration {
        id: correction.id.clone(),
        n: 0,
        corrects: Some(was.id.clone()),
        unit: unit.clone(),
        given: recorded.given,
        outcome: recorded.outcome,
        reason: recorded.reason.clone(),
        note: recorded.note.clone(),
        pieces: stock.pieces_text(recorded.outcome),
        given_at: recorded.given_at,
        recorded_at: correction.corrected_at,
        recorded_by: by.staff.person.clone(),
        sedation: recorded.sedation,
        // Whoever corrects what was written of it did not give it.
        given_by: (was.giver() != by.staff.person).then(|| was.giver().to_owned()),
        witnessed_by,
        unwitnessed,
        ..(*was).clone()
    }
}

/// Of a dose that stays taken: who saw it given, or why nobody did. Whoever saw it and writes of it now is no witness of their
/// own words: that is said, and a supervisor looks at it.
fn who_saw_it(was: &Administration, by: &Staff) -> (Option<String>, Option<String>) {
    match &was.witnessed_by {
        Some(witness) if *witness == by.person => {
            (None, Some(format!("{} saw it, and corrected its record.", by.name)))
        }
        witness => (witness.clone(), was.unwitnessed.clone()),
    }
}
