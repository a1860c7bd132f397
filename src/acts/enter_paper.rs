//! A nurse types in what stands on paper after the system was down: every line of a page, or none. What is recorded already
//! is never written over.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{ActError, excess_note, second_load, standing_check};
use crate::care::facility::Facility;
use crate::care::people::{Actor, Confirmed, Nurse};
use crate::care::refusal::Refusal;
use crate::care::register::taking;
use crate::care::round::paper::{FromPaper, PaperLine};
use crate::care::witness::Watched;
use crate::care::witness::signature::Second;
use crate::store::db::Conn;
use crate::store::doses::{self, Administration};
use crate::store::history::{NewFact, fact_append};
use crate::store::moves::unit_then;
use crate::store::paper::{Paper, PaperDose, Printed, paper_load, printed_find};
use crate::store::registers::{Dose, Hand, Taker, Writing, stock_hold};
use crate::store::{StoreError, facilities, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct EnterPaper {
    /// The id of the form, which makes the ids of its records.
    pub form: String,
    pub unit: String,
    /// When the system was down.
    pub span: (DateTime<Utc>, DateTime<Utc>),
    /// The last entry that the pack holds; none where nobody knows it.
    pub entry: Option<i64>,
    pub lines: Vec<PaperLine>,
    /// A second person who saw it, and gave their password.
    pub witness: Option<Confirmed>,
    /// Why nobody could see it.
    pub alone: String,
}

/// Whose hand types it in, and whose eyes saw it.
struct Typing<'a> {
    by: &'a Nurse,
    form: &'a str,
    facility: &'a Facility,
    second: Option<&'a Second>,
    alone: &'a str,
}

/// What became of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// So many lines are recorded.
    Saved(usize),
    /// Nothing was saved: what is wrong, with the dose of each line.
    Wrong(Vec<(String, Refusal)>),
}

/// The administration, and what it wrote into registers.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    administration: &'a Administration,
    #[serde(flatten)]
    writing: &'a Writing,
}

pub fn enter_paper(conn: &mut Conn, by: &Nurse, ask: &EnterPaper, now: DateTime<Utc>) -> Result<Entered, ActError> {
    standing_check(conn, by, now)?;
    let unit = facilities::unit_load(conn, &ask.unit)?;
    if unit.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    let facility = facilities::facility_load(conn, &unit.facility)?;
    // From here to the end of the act nobody else records anything of these residents.
    let doses: Vec<&str> = ask.lines.iter().map(|line| line.dose.as_str()).collect();
    residents::residents_hold(conn, &facility.id, &doses)?;
    let printed = printed(conn, &facility, ask.entry)?;
    let paper = paper_load(conn, &facility, &unit, ask.span, printed, now)?;
    let lines = match decide(by, ask, &paper, &facility, now) {
        Ok(lines) => lines,
        Err(wrong) => return Ok(Entered::Wrong(wrong)),
    };
    let second = second_load(conn, ask.witness.as_ref(), &facility.id, now)?;
    let (form, alone) = (ask.form.as_str(), ask.alone.as_str());
    let typing = Typing { by, form, facility: &facility, second: second.as_ref(), alone };
    for (dose, from_paper) in &lines {
        save(conn, &typing, dose, from_paper, now)?;
    }
    Ok(Entered::Saved(ask.lines.len()))
}

/// The pack that was printed, where anybody knows which.
fn printed(conn: &mut Conn, facility: &Facility, entry: Option<i64>) -> Result<Option<Printed>, ActError> {
    let Some(entry) = entry else { return Ok(None) };
    Ok(Some(printed_find(conn, &facility.id, entry)?.ok_or(Refusal::PackEntryUnknown)?))
}

type Decided<'a> = Vec<(&'a PaperDose, FromPaper)>;

/// Every line that this form has not recorded already.
fn decide<'a>(
    by: &Nurse,
    ask: &EnterPaper,
    paper: &'a Paper,
    facility: &Facility,
    now: DateTime<Utc>,
) -> Result<Decided<'a>, Vec<(String, Refusal)>> {
    let staff: Vec<String> = paper.staff.iter().map(|(id, _)| id.clone()).collect();
    let (mut decided, mut wrong) = (Vec::new(), Vec::new());
    for line in &ask.lines {
        let Some(dose) = paper.doses.iter().find(|one| one.dose.id == line.dose) else {
            wrong.push((line.dose.clone(), Refusal::PaperMoved));
            continue;
        };
        let mine = record_id(&ask.form, &line.dose);
        if let Some(first) = dose.standing.as_ref().filter(|first| first.id == mine) {
            if first.recorded_by != by.staff().person || Some(first.outcome) != line.outcome {
                wrong.push((line.dose.clone(), Refusal::FormReused));
            }
            continue;
        }
        match dose.case.enter(line, &staff, facility, now) {
            Ok(from_paper) => decided.push((dose, from_paper)),
            Err(refusal) => wrong.push((line.dose.clone(), refusal)),
        }
    }
    if wrong.is_empty() { Ok(decided) } else { Err(wrong) }
}

/// The id of what a form records of a dose: the same form, the same record.
fn record_id(form: &str, dose: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{form} {dose}").as_bytes()).to_string()
}

fn save(
    conn: &mut Conn,
    typing: &Typing,
    of: &PaperDose,
    from_paper: &FromPaper,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let Typing { by, form, facility, second, alone } = *typing;
    let (dose, recorded) = (&of.dose, &from_paper.recorded);
    let id = record_id(form, &dose.id);
    let at = residents::recorded_at(conn, &dose.resident, now)?;
    let unit = unit_then(conn, &of.resident, recorded.given_at, at)?;
    let taker = Taker { facility, resident: &dose.resident, unit: &unit, medicine: &dose.key.medicine };
    let stock = stock_hold(conn, &taker, recorded.planned)?;
    let takings = stock.take(&from_paper.stock, recorded.outcome, recorded.given)?;
    let policy = facility.register.witness_for(&dose.key.medicine);
    let watched = taking::watched(recorded.outcome, &takings);
    let seen = policy.seen(by.staff(), &watched, second, alone)?.beside(&from_paper.given_by)?;
    let records = doses::dose_records(conn, &dose.id)?;
    let pieces = stock.pieces_text(recorded.outcome);
    doses::dose_claim(conn, dose)?;
    let hand = Hand { form: &id, by: &by.staff().person, witness: seen.witness.as_ref(), at };
    let writing = stock.write_alone(&takings, &hand, Dose::Administration(&id), seen.unseen(Watched::Waste));
    let administration = Administration {
        corrects: records.all.last().map(|before| before.id.clone()),
        pieces,
        witnessed_by: seen.witness.as_ref().map(|witness| witness.person.clone()),
        unwitnessed: seen.unseen(Watched::Give).map(str::to_owned),
        unit,
        ..administration(by, &id, of, from_paper, at)
    };
    let fact = NewFact {
        id: &id,
        kind: "enter_paper",
        facility: &facility.id,
        resident: Some(&dose.resident),
        subject: &dose.id,
        done_by: Some(&by.staff().person),
        role: Nurse::ROLE.word(),
        body: &Body { administration: &administration, writing: &writing },
    };
    let n = fact_append(conn, &fact, at)?;
    let administration = Administration { n, ..administration };
    doses::administration_insert(conn, &administration)?;
    writing.save(conn, n)?;
    Ok(excess_note(conn, Nurse::ROLE, facility, &administration, None)?)
}

fn administration(
    by: &Nurse,
    id: &str,
    PaperDose { dose, .. }: &PaperDose,
    FromPaper { recorded, authorised_by, given_by, .. }: &FromPaper,
    at: DateTime<Utc>,
) -> Administration {
    Administration {
        id: id.to_owned(),
        n: 0,
        dose: dose.id.clone(),
        corrects: None,
        facility: dose.facility.clone(),
        unit: String::new(),
        resident: dose.resident.clone(),
        medicine: dose.key.medicine.clone(),
        on: dose.key.on,
        due_at: dose.due_at,
        planned: recorded.planned,
        given: recorded.given,
        authorised_by: authorised_by.clone(),
        outcome: recorded.outcome,
        reason: recorded.reason.clone(),
        note: recorded.note.clone(),
        pieces: String::new(),
        given_at: recorded.given_at,
        recorded_at: at,
        recorded_by: by.staff().person.clone(),
        sedation: recorded.sedation,
        witnessed_by: None,
        identified: String::new(),
        given_by: Some(given_by.clone()),
        word: None,
        unwitnessed: None,
    }
}
