//! Months to be rendered by the test of every page.

use std::collections::HashMap;

use chrono::TimeDelta;

use crate::care::absence::Away;
use crate::care::amount::Amount;
use crate::care::calendar::{days_after, days_before};
use crate::care::resident::Allergies;
use crate::care::round::mar::{LetterSet, MarAbsence, MarCorrection, MarDose, MarRecord, Month};
use crate::care::round::outcome::Outcome;
use crate::care::taper::plan::Medicine;
use crate::store::doses::DoseFile;
use crate::store::mar::{MonthFile, MonthOf};
use crate::web::parts::samples::{self, HOSTILE, now, today};

/// A month with some residents.
pub fn month(residents: Vec<MonthOf>) -> MonthFile {
    MonthFile {
        month: Month::of(today()),
        facility: samples::facility(),
        residents,
        effects: HashMap::new(),
        strikes: HashMap::new(),
        letters: LetterSet::of([("A1".to_owned(), "H".to_owned())]),
        shelves: samples::shelves(),
        names: samples::names("Amara Diallo RN"),
        now: now(),
    }
}

/// Nothing is planned.
pub fn empty() -> MonthOf {
    MonthOf {
        resident: samples::resident("margit", "Halvorsen", Allergies::NoneKnown),
        plans: Vec::new(),
        doses: Vec::new(),
        records: Vec::new(),
        absences: Vec::new(),
        orders: Vec::new(),
        as_needed: Vec::new(),
        incidents: Vec::new(),
        scores: Vec::new(),
    }
}

/// Two slots since a fortnight, with every outcome, an as-needed dose and a score.
pub fn usual(surname: &str, note: &str) -> MonthOf {
    let as_needed = samples::as_needed::orders(if note.is_empty() { "panic" } else { note });
    let mut of = MonthOf {
        resident: samples::resident("margit", surname, Allergies::Known { list: "penicillin (rash)".to_owned() }),
        plans: vec![samples::plan(false)],
        orders: as_needed.orders.into_iter().map(|ordered| ordered.file).collect(),
        as_needed: as_needed.given.into_iter().map(|given| given.dose).collect(),
        scores: vec![samples::scores::assessment(14), samples::scores::incomplete("fell asleep")],
        ..empty()
    };
    let slots = ["08:00", "20:00"];
    for day in 0..28 {
        let on = days_after(days_before(today(), 14), day);
        slots.iter().for_each(|at| lay(&mut of, samples::dose("margit", on, at, 750, "approval"), note));
    }
    of
}

/// Two medicines at six times of every day, an absence, a question, and letters of two kinds.
pub fn longest() -> MonthOf {
    let mut of = usual(HOSTILE, HOSTILE);
    let month = Month::of(today());
    for on in month.days().filter(|on| *on != days_before(today(), 3)) {
        for at in ["06:00", "08:00", "12:00", "14:00", "18:00", "22:00"] {
            let mut dose = samples::dose("margit", on, at, 12_125, "approval");
            dose.key.medicine = Medicine("chlordiazepoxide".to_owned());
            dose.id = format!("c {on} {at}");
            dose.level.undecided = on > days_after(today(), 4);
            dose.level.amount = if on < days_before(today(), 15) { Amount::ZERO } else { dose.level.amount };
            lay(&mut of, dose, HOSTILE);
        }
    }
    let left_at = now() - TimeDelta::days(19);
    of.absences = vec![MarAbsence { kind: Away::Hospital, left_at, back_at: Some(left_at + TimeDelta::days(3)) }];
    of
}

/// Lays a dose out, and records it where its time has come, but not every one.
fn lay(of: &mut MonthOf, dose: DoseFile, note: &str) {
    let n = of.doses.len();
    if dose.due_at < now() && n % 7 != 5 && !dose.level.amount.is_zero() {
        let outcome = if n.is_multiple_of(3) { Outcome::ALL[(n / 3) % Outcome::ALL.len()] } else { Outcome::Given };
        let told = if outcome == Outcome::Given { "" } else { note };
        let record = record(&dose, outcome, told, n);
        if n.is_multiple_of(11) {
            let corrected = MarCorrection {
                by: "nurse".to_owned(),
                at: dose.due_at + TimeDelta::hours(2),
                reason: note.to_owned(),
            };
            let (id, outcome) = (format!("first {n}"), Outcome::Given);
            let first = MarRecord { id, n: record.n - 1, outcome, corrected: Some(corrected), ..record.clone() };
            of.records.push(first);
        }
        of.records.push(record);
    }
    of.doses.push(MarDose { id: dose.id, key: dose.key, due_at: dose.due_at, level: dose.level });
}

fn record(dose: &DoseFile, outcome: Outcome, note: &str, n: usize) -> MarRecord {
    let made = samples::administration(dose, outcome, note);
    let late = TimeDelta::minutes(if n % 10 == 4 { 84 } else { 5 });
    MarRecord {
        id: format!("record {n}"),
        n: 48_000 + 2 * i64::try_from(n).unwrap_or_default(),
        dose: made.dose,
        corrects: None,
        in_error: false,
        corrected: None,
        key: dose.key.clone(),
        due_at: dose.due_at,
        outcome,
        reason: made.reason,
        note: made.note,
        planned: made.planned,
        given: made.given,
        given_at: made.given_at + late,
        by: made.recorded_by,
        witness: (n % 4 == 1).then(|| "pharmacist".to_owned()),
        vomited: Vec::new(),
    }
}
