//! The hands: one file for each thing a person, or the bell, does. Each loads, decides, and saves.

pub mod acknowledge_alert;
pub mod acknowledge_sign;
pub mod admit_resident;
pub mod amend_plan;
pub mod answer_incident;
pub mod answer_return;
pub mod approve_amendment;
pub mod approve_plan;
pub mod ask_stop;
pub mod begin_gradual;
pub mod change_password;
pub mod change_resident;
pub mod claim_letters;
pub mod code_packs;
pub mod confirm_order;
pub mod correct_dose;
pub mod count_register;
pub mod decline_stop;
pub mod discard_draft;
pub mod doubt_clock;
pub mod draft_plan;
pub mod drop_amendment;
pub mod end_as_needed;
pub mod end_gradual;
pub mod end_hold;
pub mod enter_as_needed;
pub mod enter_paper;
pub mod enter_register;
pub mod finish_plan;
pub mod hold_plan;
pub mod hold_reduction;
pub mod lay_out_doses;
pub mod let_in_nurse;
pub mod letter_mar;
pub mod limit_medicine;
pub mod look_through;
pub mod manage_facility;
pub mod manage_people;
pub mod mark_alerts;
pub mod note_attempt;
pub mod note_contraindication;
pub mod note_effect;
pub mod note_letters;
pub mod note_vomit;
pub mod order_as_needed;
pub mod order_urgently;
pub mod pause_reduction;
pub mod plan_ordering;
pub mod put_photo;
pub mod record_absence;
pub mod record_as_needed;
pub mod record_assessment;
pub mod record_baseline;
pub mod record_dose;
pub mod record_incident;
pub mod record_return;
pub mod record_severe_sign;
pub mod release_reductions;
pub mod resolve_discrepancy;
pub mod return_reduction;
pub mod review_order;
pub mod ring_bell;
pub mod send_letters;
pub mod sign_reduction;
pub mod step_back;
pub mod stock_products;
pub mod stop_plan;
pub mod strike_as_needed;
pub mod strike_gradual;
pub mod strike_incident;
pub mod take_in_residents;
pub mod take_in_staff;
pub mod transfer_resident;
pub mod trust_clock;
pub mod want_letters;
pub mod withdraw_signature;
pub mod witness_medicine;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::care::calendar::clock_text;
use crate::care::facility::Facility;
use crate::care::gradual::note::Keeper;
use crate::care::incident::{Happened, Incident, Mistake};
use crate::care::people::{Actor, Confirmed, Nurse, Role, Staff, Supervisor};
use crate::care::refusal::Refusal;
use crate::care::register::source::StockAsk;
use crate::care::register::taking;
use crate::care::resident::Resident;
use crate::care::round::as_needed::excess::Excess;
use crate::care::round::outcome::Outcome;
use crate::care::taper::fact::{PlanFact, Telephone};
use crate::care::taper::telephone::Orderer;
use crate::care::witness::Watched;
use crate::care::witness::signature::{NEW_HOURS, Second, WITNESSES, beside};
use crate::store::cases::case_hold;
use crate::store::db::Conn;
use crate::store::doses::Administration;
use crate::store::history::{NewFact, fact_append, fact_find_by_id};
use crate::store::moves::unit_then;
use crate::store::plans::plan_fact_find;
use crate::store::registers::{Dose, Hand, Taker, Writing, stock_hold};
use crate::store::{Retry, StoreError, as_needed, gradual, incidents, people, residents};

/// Why an act did not happen. Nothing of it was saved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    /// The rules of care say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A rival was first: the act runs once more, so that care can refuse with the winner's name.
impl Retry for ActError {
    fn again(&self) -> bool {
        matches!(self, ActError::Store(error) if error.again())
    }
}

/// A repeated post gets the first answer: the same form, the same plan, the same person. The plan is held from here on,
/// so that the second of two posts at once sees what the first one wrote.
fn first_answer(conn: &mut Conn, form: &str, plan: &str, by: &Staff) -> Result<Option<PlanFact>, ActError> {
    case_hold(conn, plan)?;
    match plan_fact_find(conn, form)? {
        None => Ok(None),
        Some((of, fact)) if of == plan && fact.by == by.person => Ok(Some(fact)),
        Some(_) => Err(Refusal::FormReused.into()),
    }
}

/// The id of one part of what a form asks for, where it asks for several things: of a plan, or of a line in a list. The
/// same form never does one of them twice.
fn part_id(form: &str, part: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{form} {part}").as_bytes()).to_string()
}

/// A resident is taken in: the row, and the fact of the same id.
fn resident_enter(conn: &mut Conn, by: &Supervisor, resident: &Resident, now: DateTime<Utc>) -> Result<(), ActError> {
    residents::resident_insert(conn, resident, now)?;
    let fact = NewFact {
        id: &resident.id,
        kind: "admit_resident",
        facility: &resident.facility,
        resident: Some(&resident.id),
        subject: &resident.id,
        done_by: Some(&by.staff().person),
        role: Supervisor::ROLE.word(),
        body: resident,
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}

/// Whoever acts still has the role here, at this moment: checked inside the act's own transaction. Yields the facility as
/// it is set now.
fn standing_check<A: Actor>(conn: &mut Conn, by: &A, now: DateTime<Utc>) -> Result<Facility, ActError> {
    role_check(conn, by.staff(), A::ROLE, now)
}

fn role_check(conn: &mut Conn, by: &Staff, role: Role, now: DateTime<Utc>) -> Result<Facility, ActError> {
    let Staff { person, facility, .. } = by;
    people::standing_load(conn, person, facility, role, now)?.ok_or_else(|| Refusal::NotAllowed.into())
}

/// Whether this form was answered already: by the same person, about the same thing. What stands is then the answer.
fn answered_already(conn: &mut Conn, form: &str, subject: &str, by: &Staff) -> Result<bool, ActError> {
    match fact_find_by_id(conn, form)? {
        None => Ok(false),
        Some(fact) if fact.subject == subject && fact.done_by.as_deref() == Some(&by.person) => Ok(true),
        Some(_) => Err(Refusal::FormReused.into()),
    }
}

/// A second person who gave their password, and whether they may be a witness here at this moment.
fn second_load(
    conn: &mut Conn,
    who: Option<&Confirmed>,
    facility: &str,
    now: DateTime<Utc>,
) -> Result<Option<Second>, ActError> {
    let Some(who) = who else { return Ok(None) };
    let may_witness = people::holds_any(conn, &who.person, facility, &WITNESSES, now)?;
    let let_in_by = people::let_in_by(conn, &who.person, now - TimeDelta::hours(NEW_HOURS))?;
    Ok(Some(Second { who: who.clone(), name: people::name_load(conn, &who.person)?, may_witness, let_in_by }))
}

/// What a telephone order rests on, none where the prescriber is at a screen. Whoever orders may, at this moment: a
/// prescriber, or a nurse; and the prescriber who called and whoever heard it work here.
fn ordering_check(conn: &mut Conn, by: &Orderer, now: DateTime<Utc>) -> Result<Option<Telephone>, ActError> {
    let Facility { id: facility, zone, .. } = &role_check(conn, by.staff(), by.role(), now)?;
    let call = by.word(*zone, now)?;
    if let Some(call) = &call {
        if !people::standing_find(conn, &call.prescriber, facility, Role::Prescriber, now)? {
            return Err(Refusal::CallPrescriber.into());
        }
        if !people::works_here(conn, &call.heard_by, facility, now)? {
            return Err(Refusal::HeardByStranger.into());
        }
    }
    Ok(call)
}

/// Whether this form's note of a gradual dose reduction is written already, by the same person about the same resident.
/// Whoever keeps the record has the role to, at this moment.
fn noted_already(
    conn: &mut Conn,
    by: &Keeper,
    form: &str,
    resident: &str,
    now: DateTime<Utc>,
) -> Result<bool, ActError> {
    role_check(conn, &by.staff, by.role, now)?;
    match gradual::note_find(conn, form)? {
        None => Ok(false),
        Some(note) if note.resident == resident && note.by == by.staff.person => Ok(true),
        Some(_) => Err(Refusal::FormReused.into()),
    }
}

/// What was given in error, about to be written down.
struct InError<'a> {
    /// The id of the incident.
    form: &'a str,
    facility: &'a Facility,
    resident: &'a Resident,
    /// The resident of whose supply it was.
    supply: &'a str,
    happened: Happened,
}

/// Writes down what was given in error: apart from every dose, out of the register, with its fact. That it was given wants
/// no witness any more, for it has happened; that some of it is wasted does.
fn incident_enter(
    conn: &mut Conn,
    by: &Nurse,
    InError { form, facility, resident, supply, happened }: InError,
    ask: &StockAsk,
    second: Option<&Second>,
    at: DateTime<Utc>,
) -> Result<Incident, ActError> {
    let Happened { mistake, medicine, given, given_at, given_by, what, done } = happened;
    let unit = unit_then(conn, resident, given_at, at)?;
    let taker = Taker { facility, resident: supply, unit: &unit, medicine: &medicine };
    let stock = stock_hold(conn, &taker, given)?;
    let takings = stock.take(ask, Outcome::Given, given)?;
    let mut watched = taking::watched(Outcome::Given, &takings);
    watched.retain(|one| *one == Watched::Waste);
    let second = second.filter(|_| !watched.is_empty());
    let seen = facility.register.witness_for(&medicine).seen(by.staff(), &watched, second, &ask.alone)?;
    // Whoever gave it does not witness their own waste.
    beside(seen.witness.as_ref(), given_by.as_deref())?;
    let mut incident = Incident {
        id: form.to_owned(),
        n: 0,
        pieces: stock.pieces_text(Outcome::Given),
        facility: facility.id.clone(),
        unit,
        resident: resident.id.clone(),
        medicine,
        given,
        mistake,
        what,
        done,
        given_at,
        recorded_at: at,
        recorded_by: by.staff().person.clone(),
        given_by,
        of_record: None,
    };
    let hand = Hand { form, by: &incident.recorded_by, witness: seen.witness.as_ref(), at };
    let writing = stock.write_alone(&takings, &hand, Dose::Incident(form), seen.unseen(Watched::Waste));
    let fact = NewFact {
        id: form,
        kind: "record_incident",
        facility: &incident.facility,
        resident: Some(&incident.resident),
        subject: form,
        done_by: Some(&incident.recorded_by),
        role: Nurse::ROLE.word(),
        body: &IncidentBody {
            incident: &incident,
            supply: Some(supply).filter(|of| *of != resident.id),
            writing: &writing,
        },
    };
    incident.n = fact_append(conn, &fact, at)?;
    incidents::incident_insert(conn, &incident)?;
    writing.save(conn, incident.n)?;
    Ok(incident)
}

/// A record of a scheduled dose that took its medicine past an as-needed maximum stands as an incident of its own, by whoever
/// wrote it down; so does one that was put in the place of another and makes it more. Its amount, and what it took from a register,
/// are the record's.
fn excess_note(
    conn: &mut Conn,
    role: Role,
    facility: &Facility,
    record: &Administration,
    instead_of: Option<&Administration>,
) -> Result<(), StoreError> {
    let Some(excess) = as_needed::excess_find(conn, facility, record, instead_of)? else { return Ok(()) };
    let by = Opening { form: &record.id, by: &record.recorded_by, role, at: record.recorded_at };
    excess_open(conn, &by, facility, record, &excess)
}

/// The act that opens an incident, who acts, and when.
struct Opening<'a> {
    form: &'a str,
    by: &'a str,
    role: Role,
    at: DateTime<Utc>,
}

fn excess_open(
    conn: &mut Conn,
    opening: &Opening,
    facility: &Facility,
    record: &Administration,
    excess: &Excess,
) -> Result<(), StoreError> {
    let at = clock_text(facility.zone, record.due_at, opening.at);
    let mut incident = Incident {
        id: part_id(opening.form, &format!("excess {}", record.id)),
        n: 0,
        facility: facility.id.clone(),
        unit: record.unit.clone(),
        resident: record.resident.clone(),
        medicine: record.medicine.clone(),
        given: record.given,
        mistake: Mistake::OverLimit,
        what: format!("With the dose of {at}, as it is recorded, {} comes to {excess}.", record.medicine),
        done: "Nothing is written down yet: the record opened this by itself.".to_owned(),
        pieces: String::new(),
        given_at: record.given_at,
        recorded_at: opening.at,
        recorded_by: opening.by.to_owned(),
        given_by: Some(record.giver().to_owned()),
        of_record: Some(record.id.clone()),
    };
    let (form, writing) = (incident.id.clone(), Writing::default());
    let fact = NewFact {
        id: &form,
        kind: "record_incident",
        facility: &facility.id,
        resident: Some(&record.resident),
        subject: &form,
        done_by: Some(opening.by),
        role: opening.role.word(),
        body: &IncidentBody { incident: &incident, supply: None, writing: &writing },
    };
    incident.n = fact_append(conn, &fact, opening.at)?;
    incidents::incident_insert(conn, &incident)
}

/// The incident, and what it wrote into registers.
#[derive(Serialize)]
struct IncidentBody<'a> {
    #[serde(flatten)]
    incident: &'a Incident,
    /// Whose supply it was, where it was another resident's.
    #[serde(skip_serializing_if = "Option::is_none")]
    supply: Option<&'a str>,
    #[serde(flatten)]
    writing: &'a Writing,
}
