//! A nurse records what happened to a dose, and what it takes from the register. Exactly one record stands; whoever is
//! second is told who was first.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, excess_note, second_load, standing_check};
use crate::care::amount::Amount;
use crate::care::calendar::clock_text;
use crate::care::facility::Facility;
use crate::care::people::{Actor, Confirmed, Nurse, Role};
use crate::care::refusal::Refusal;
use crate::care::register::source::StockAsk;
use crate::care::register::taking::{self, Taking};
use crate::care::round::administration::{DoseCase, RecordAsk, Recorded, Stood};
use crate::care::round::identity::IdentityAsk;
use crate::care::round::interval::{Giving, Interval, Word, WordAsk};
use crate::care::round::outcome::Outcome;
use crate::care::witness::Watched;
use crate::care::witness::signature::Seen;
use crate::store::beside::{beside, beside_of_others};
use crate::store::db::Conn;
use crate::store::doses::{self, Administration, AtHand, DoseFile};
use crate::store::history::{NewFact, fact_append};
use crate::store::identity::identifying_load;
use crate::store::lifted::lifted_load;
use crate::store::moves::unit_then;
use crate::store::registers::{Dose, Hand, Stock, Taker, Writing, stock_hold};
use crate::store::{StoreError, people, plans, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct RecordDose {
    /// The id of the administration, made when the form was drawn.
    pub form: String,
    pub dose: String,
    pub record: RecordAsk,
    pub stock: StockAsk,
    pub identity: IdentityAsk,
    /// A second person who gave their password.
    pub witness: Option<Confirmed>,
    /// A prescriber's word, where the dose comes too near to another.
    pub word: WordAsk,
}

/// The administration, and what it wrote into registers.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    administration: &'a Administration,
    #[serde(flatten)]
    writing: &'a Writing,
}

/// What was decided, about to be written down.
struct Deciding<'a> {
    by: &'a Nurse,
    form: &'a str,
    /// The record before it, which was made in error.
    corrects: Option<String>,
    dose: &'a DoseFile,
    unit: String,
    recorded: Recorded,
    identified: String,
    recorded_at: DateTime<Utc>,
    seen: Seen,
    word: Option<Word>,
    stock: Stock,
    takings: Vec<Taking>,
}

pub fn record_dose(
    conn: &mut Conn,
    by: &Nurse,
    ask: &RecordDose,
    now: DateTime<Utc>,
) -> Result<Administration, ActError> {
    let facility = standing_check(conn, by, now)?;
    let (resident, recorded_at) = residents::recorded_of_dose(conn, &ask.dose, now)?;
    if resident.facility != facility.id {
        return Err(StoreError::Missing.into());
    }
    let at_hand = doses::dose_at_hand(conn, (&ask.dose, &ask.form), &facility, now)?;
    if let Some(first) = at_hand.records.all.iter().find(|first| first.id == ask.form) {
        return same_answer(by, first, &ask.record);
    }
    if at_hand.form_used {
        return Err(Refusal::FormReused.into());
    }
    let case = dose_case(conn, &facility, &at_hand, &ask.record, now)?;
    let recorded = case.record(&ask.record, now)?;
    let word = word_load(conn, by, &facility, &at_hand, (&recorded, &ask.word), now)?;
    let AtHand { dose, records, as_needed, .. } = at_hand;
    let unit = unit_then(conn, &resident, recorded.given_at, now)?;
    let taker = Taker { facility: &facility, resident: &dose.resident, unit: &unit, medicine: &dose.key.medicine };
    let stock = stock_hold(conn, &taker, dose.level.amount)?;
    let stock_ask = ask.stock.of_page(taker.holder() == taker.living_in(&resident.unit).holder());
    let takings = stock.take(&stock_ask, recorded.outcome, recorded.given)?;
    let identifying = identifying_load(conn, &facility, &resident)?;
    let identity = identifying.case(&facility, &resident, stock.pieces(), now);
    let identified = identity.confirm(recorded.outcome, &ask.identity)?;
    let second = second_load(conn, ask.witness.as_ref(), &facility.id, now)?;
    let watched = taking::watched(recorded.outcome, &takings);
    let policy = facility.register.witness_for(&dose.key.medicine);
    let seen = policy.seen(by.staff(), &watched, second.as_ref(), &ask.stock.alone)?;
    doses::dose_claim(conn, &dose)?;
    let form = &ask.form;
    // Whatever was recorded before was made in error: nothing stands.
    let corrects = records.all.last().map(|before| before.id.clone());
    let dose = &dose;
    let administration = save(
        conn,
        Deciding { by, form, corrects, dose, unit, recorded, identified, recorded_at, seen, word, stock, takings },
    )?;
    if as_needed {
        excess_note(conn, Nurse::ROLE, &facility, &administration, None)?;
    }
    Ok(administration)
}

/// Of a late dose that comes too near to another, or of any that comes too near to one given elsewhere, the word of somebody
/// who prescribes here at this moment.
fn word_load(
    conn: &mut Conn,
    by: &Nurse,
    facility: &Facility,
    AtHand { dose, others_lately, .. }: &AtHand,
    (recorded, ask): (&Recorded, &WordAsk),
    now: DateTime<Utc>,
) -> Result<Option<Word>, ActError> {
    let late = recorded.given_at > facility.windows.closes_at(dose.due_at);
    let beside = match late {
        _ if recorded.given.is_zero() => return Ok(None),
        true => beside(conn, dose)?,
        false if *others_lately => beside_of_others(conn, dose)?,
        false => return Ok(None),
    };
    let least_hours = plans::late_rule_load(conn, &dose.plan)?.least_hours;
    let interval = Interval { least_hours, beside };
    let giving = Giving { by: by.staff(), given_at: recorded.given_at, zone: facility.zone, now };
    let word = interval.word(ask, &giving)?;
    if let Some(word) = &word
        && !people::standing_find(conn, &word.by, &facility.id, Role::Prescriber, now)?
    {
        return Err(Refusal::CallPrescriber.into());
    }
    Ok(word)
}

/// A repeated post gets the first answer; the same page sent again with something else is told so.
fn same_answer(by: &Nurse, first: &Administration, ask: &RecordAsk) -> Result<Administration, ActError> {
    let part = first.outcome != Outcome::GivenInPart || Amount::parse(&ask.part) == Ok(first.given);
    let same = first.recorded_by == by.staff().person && ask.outcome == Some(first.outcome) && part;
    if same { Ok(first.clone()) } else { Err(Refusal::FormReused.into()) }
}

fn dose_case(
    conn: &mut Conn,
    facility: &Facility,
    AtHand { dose, records, withheld, ordered, left, away, .. }: &AtHand,
    ask: &RecordAsk,
    now: DateTime<Utc>,
) -> Result<DoseCase, StoreError> {
    // What is given now is held against what bars it now.
    let lifted = match ask.given_at.trim() {
        "" => Vec::new(),
        _ => lifted_load(conn, (&dose.resident, &dose.key.medicine), facility.zone, now)?,
    };
    let stood = |a: &Administration| {
        let by = people::name_load(conn, &a.recorded_by)?;
        let at = clock_text(facility.zone, a.recorded_at, now);
        Ok::<Stood, StoreError>(Stood { outcome: a.outcome, by, at })
    };
    Ok(DoseCase {
        amount: dose.level.amount,
        due_at: dose.due_at,
        revision: dose.revision,
        void: dose.void,
        windows: facility.windows,
        zone: facility.zone,
        sedation: facility.sedation,
        to_be_given: true,
        undecided: dose.level.undecided,
        withheld: *withheld,
        ordered: *ordered,
        left: *left,
        away: *away,
        lifted,
        standing: records.standing().map(stood).transpose()?,
    })
}

fn save(conn: &mut Conn, deciding: Deciding) -> Result<Administration, StoreError> {
    let mut administration = administration(&deciding);
    let Deciding { by, form, dose, recorded_at, seen, stock, takings, .. } = deciding;
    let hand = Hand { form, by: &by.staff().person, witness: seen.witness.as_ref(), at: recorded_at };
    let writing = stock.write_alone(&takings, &hand, Dose::Administration(form), seen.unseen(Watched::Waste));
    administration.n = fact_append(
        conn,
        &NewFact {
            id: form,
            kind: "record_dose",
            facility: &dose.facility,
            resident: Some(&dose.resident),
            subject: &dose.id,
            done_by: Some(&by.staff().person),
            role: Nurse::ROLE.word(),
            body: &Body { administration: &administration, writing: &writing },
        },
        recorded_at,
    )?;
    doses::administration_insert(conn, &administration)?;
    writing.save(conn, administration.n)?;
    Ok(administration)
}

fn administration(
    Deciding { by, form, corrects, dose, unit, recorded, identified, recorded_at, seen, word, stock, .. }: &Deciding,
) -> Administration {
    Administration {
        id: (*form).to_owned(),
        n: 0,
        dose: dose.id.clone(),
        corrects: corrects.clone(),
        facility: dose.facility.clone(),
        unit: unit.clone(),
        resident: dose.resident.clone(),
        medicine: dose.key.medicine.clone(),
        on: dose.key.on,
        due_at: dose.due_at,
        planned: recorded.planned,
        given: recorded.given,
        authorised_by: dose.level.authorised_by.clone(),
        outcome: recorded.outcome,
        reason: recorded.reason.clone(),
        note: recorded.note.clone(),
        pieces: stock.pieces_text(recorded.outcome),
        given_at: recorded.given_at,
        recorded_at: *recorded_at,
        recorded_by: by.staff().person.clone(),
        sedation: recorded.sedation,
        witnessed_by: seen.witness.as_ref().map(|witness| witness.person.clone()),
        identified: identified.clone(),
        given_by: None,
        word: word.clone(),
        unwitnessed: seen.unseen(Watched::Give).map(str::to_owned),
    }
}
