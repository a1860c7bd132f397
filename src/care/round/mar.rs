//! The medication administration record of a month: every dose in the one cell of its slot and day, and what was recorded.

mod bands;
mod letters;
mod month;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};

pub use bands::{Band, Span, bands_of, spans_of};
pub use letters::{LETTERED, LetterSet, LettersAsk};
pub use month::Month;

use super::due::{Urgency, Windows};
use super::outcome::Outcome;
use super::vomit::Vomited;
use crate::care::absence::Away;
use crate::care::amount::Amount;
use crate::care::calendar::Slot;
use crate::care::facility::Facility;
use crate::care::medicine::Medicine;
use crate::care::taper::fact::{PlanAct, PlanFact};
use crate::care::taper::schedule::{DoseKey, DoseLevel};

/// A dose of the month. Void ones are no part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarDose {
    pub id: String,
    pub key: DoseKey,
    pub due_at: DateTime<Utc>,
    pub level: DoseLevel,
}

/// What was written down about a dose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarRecord {
    pub id: String,
    /// Its number in the history.
    pub n: i64,
    pub dose: String,
    /// The record that it replaces.
    pub corrects: Option<String>,
    /// It was made in error, and nothing took its place.
    pub in_error: bool,
    /// Who put it right, or struck it out, when and why; none: it stands.
    pub corrected: Option<MarCorrection>,
    pub key: DoseKey,
    pub due_at: DateTime<Utc>,
    pub outcome: Outcome,
    pub reason: String,
    pub note: String,
    pub planned: Amount,
    pub given: Amount,
    pub given_at: DateTime<Utc>,
    /// The person's id, and of the witness where one signed.
    pub by: String,
    pub witness: Option<String>,
    /// What was seen after it, where somebody vomited.
    pub vomited: Vec<Vomited>,
}

/// Why a record no longer stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarCorrection {
    /// The person's id.
    pub by: String,
    pub at: DateTime<Utc>,
    pub reason: String,
}

impl MarRecord {
    /// It was given, and outside the windows of the facility.
    pub fn is_outside(&self, windows: Windows) -> bool {
        let window = windows.opens_at(self.due_at)..=windows.closes_at(self.due_at);
        !self.given.is_zero() && !window.contains(&self.given_at)
    }
}

/// Days on which the resident is not here, from one instant to another; none: not back yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarAbsence {
    pub kind: Away,
    pub left_at: DateTime<Utc>,
    pub back_at: Option<DateTime<Utc>>,
}

/// How a dose of the grid stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    Recorded,
    /// Nobody recorded it in time: shown until a person resolves it.
    NoRecord,
    /// Nobody has decided the level since the resident came back.
    Undecided,
    /// 0 mg: planned, no dose.
    NoDose,
    /// 0 mg by something else than a step of the plan.
    Taken(Taken),
    /// It may still be recorded in time.
    Open(Urgency),
}

/// What took a dose away that the plan would give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Taken {
    /// An urgent order, until a prescriber decides the level.
    Suspended,
    /// The plan was stopped above 0 mg, countersigned.
    Stopped,
}

impl Taken {
    /// What the fact that authorises a dose of 0 mg says of it; none where 0 mg is a step of the plan.
    pub fn by(fact: &PlanFact) -> Option<Taken> {
        match fact.act {
            PlanAct::Ordered { .. } => Some(Taken::Suspended),
            PlanAct::Stopped { .. } => Some(Taken::Stopped),
            _ => None,
        }
    }
}

/// One dose in its cell, with everything that was ever recorded of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub key: DoseKey,
    pub due_at: DateTime<Utc>,
    /// None: only the record is left of it.
    pub dose: Option<MarDose>,
    /// In the order of the history; the last one stands, the others were corrected.
    pub records: Vec<MarRecord>,
    pub stand: Stand,
    /// What stands was given, and outside the windows of the facility.
    pub outside: bool,
    /// The number of its note under the grid, from 1.
    pub note: Option<usize>,
}

/// What a slot of a day holds; usually one dose or none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    pub entries: Vec<Entry>,
    /// The resident is not here at that time.
    pub away: Option<Away>,
}

/// One slot of one medicine: a cell for each day of the month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub slot: Slot,
    pub medicine: Medicine,
    pub bands: Vec<Band>,
    pub cells: Vec<Cell>,
}

/// The grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mar {
    pub month: Month,
    /// In order of slot, then medicine.
    pub rows: Vec<Row>,
}

/// What a grid is made from; whatever lies outside the month is left out.
#[derive(Debug, Clone, Copy)]
pub struct MarFacts<'a> {
    pub facility: &'a Facility,
    pub doses: &'a [MarDose],
    pub records: &'a [MarRecord],
    pub absences: &'a [MarAbsence],
    /// What is in force by the plans on each day of the month, further than doses are laid out.
    pub levels: &'a BTreeMap<DoseKey, DoseLevel>,
    /// The facts by which doses were taken away.
    pub taken: &'a BTreeMap<String, Taken>,
    pub now: DateTime<Utc>,
}

impl Entry {
    pub fn standing(&self) -> Option<&MarRecord> {
        self.records.last().filter(|record| !record.in_error)
    }

    /// What was corrected, the first one first.
    pub fn corrected(&self) -> &[MarRecord] {
        let standing = usize::from(self.standing().is_some());
        &self.records[..self.records.len() - standing]
    }

    /// The fact that took the dose away.
    pub fn taken_by(&self) -> Option<&str> {
        let taken = self.dose.as_ref().filter(|_| matches!(self.stand, Stand::Taken(_)));
        taken.map(|dose| dose.level.authorised_by.as_str())
    }

    /// What was to be given: as the level says, or as it was when it was recorded.
    pub fn planned(&self) -> Amount {
        let recorded = self.standing().map(|record| record.planned);
        recorded.or(self.dose.as_ref().map(|dose| dose.level.amount)).unwrap_or_default()
    }

    /// Something is to be said that has no room in a cell.
    fn wants_a_note(&self) -> bool {
        let told = |record: &MarRecord| {
            record.outcome != Outcome::Given || !record.note.is_empty() || !record.vomited.is_empty()
        };
        let unrecorded = matches!(self.stand, Stand::NoRecord | Stand::Undecided);
        unrecorded || self.outside || !self.corrected().is_empty() || self.standing().is_some_and(told)
    }
}

impl Mar {
    pub fn new(month: Month, facts: MarFacts) -> Mar {
        let mut entries: BTreeMap<(Slot, Medicine), Vec<Entry>> = BTreeMap::new();
        for entry in entries_of(month, facts) {
            entries.entry((entry.key.slot, entry.key.medicine.clone())).or_default().push(entry);
        }
        let of_levels = facts.levels.keys().filter(|key| month.has(key.on));
        let lines: BTreeSet<(Slot, Medicine)> =
            of_levels.map(|key| (key.slot, key.medicine.clone())).chain(entries.keys().cloned()).collect();
        let row = |line: (Slot, Medicine)| {
            let found = entries.remove(&line).unwrap_or_default();
            row(month, line, found, facts)
        };
        let mut mar = Mar { month, rows: lines.into_iter().map(row).collect() };
        mar.number_notes();
        mar
    }

    /// The entries that have a note, in the order of their numbers.
    pub fn notes(&self) -> Vec<&Entry> {
        let mut noted: Vec<&Entry> = self.entries().filter(|entry| entry.note.is_some()).collect();
        noted.sort_by_key(|entry| entry.note);
        noted
    }

    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.rows.iter().flat_map(|row| &row.cells).flat_map(|cell| &cell.entries)
    }

    /// In the order of the days, then of the slots.
    fn number_notes(&mut self) {
        let all = self.rows.iter_mut().flat_map(|row| &mut row.cells).flat_map(|cell| &mut cell.entries);
        let mut all: Vec<&mut Entry> = all.collect();
        all.sort_by(|one, other| (&one.key, one.due_at).cmp(&(&other.key, other.due_at)));
        let mut told = BTreeSet::new();
        // Who took doses away is told beside the first of them, not beside each.
        let mut first = |entry: &Entry| entry.taken_by().is_some_and(|fact| told.insert(fact.to_owned()));
        let noted = all.into_iter().filter(|entry| first(entry) || entry.wants_a_note());
        (1..).zip(noted).for_each(|(n, entry)| entry.note = Some(n));
    }
}

/// Every dose of the month with its records; a record whose dose is not among them is an entry of its own.
fn entries_of(month: Month, facts: MarFacts) -> Vec<Entry> {
    let mut records: HashMap<&str, Vec<MarRecord>> = HashMap::new();
    for record in facts.records.iter().filter(|record| month.has(record.key.on)) {
        records.entry(&record.dose).or_default().push(record.clone());
    }
    let doses = facts.doses.iter().filter(|dose| month.has(dose.key.on));
    let mut entries: Vec<Entry> = doses
        .map(|dose| entry(facts, dose.key.clone(), dose.due_at, Some(dose.clone()), records.remove(dose.id.as_str())))
        .collect();
    let left = records.into_values().filter_map(|of_dose| Some((of_dose.first()?.clone(), of_dose)));
    entries.extend(left.map(|(first, of_dose)| entry(facts, first.key, first.due_at, None, Some(of_dose))));
    entries.sort_by(|one, other| (&one.key, one.due_at, one.id()).cmp(&(&other.key, other.due_at, other.id())));
    entries
}

impl Entry {
    fn id(&self) -> &str {
        self.dose.as_ref().map_or("", |dose| &dose.id)
    }
}

fn entry(
    facts: MarFacts,
    key: DoseKey,
    due_at: DateTime<Utc>,
    dose: Option<MarDose>,
    records: Option<Vec<MarRecord>>,
) -> Entry {
    let mut records = records.unwrap_or_default();
    records.sort_by_key(|record| record.n);
    let standing = records.last().filter(|record| !record.in_error);
    let stand = match (&dose, standing) {
        (_, Some(_)) => Stand::Recorded,
        (Some(dose), None) => stand(facts, dose),
        (None, None) => Stand::NoDose,
    };
    let outside = standing.is_some_and(|record| record.is_outside(facts.facility.windows));
    Entry { key, due_at, dose, records, stand, outside, note: None }
}

/// How a dose stands that nobody recorded.
fn stand(facts: MarFacts, dose: &MarDose) -> Stand {
    if dose.level.undecided {
        Stand::Undecided
    } else if dose.level.amount.is_zero() {
        facts.taken.get(&dose.level.authorised_by).map_or(Stand::NoDose, |taken| Stand::Taken(*taken))
    } else if dose.due_at < facts.facility.no_record_before(facts.now) {
        Stand::NoRecord
    } else {
        Stand::Open(facts.facility.windows.urgency(dose.due_at, facts.now))
    }
}

fn row(month: Month, (slot, medicine): (Slot, Medicine), entries: Vec<Entry>, facts: MarFacts) -> Row {
    let away = |on| {
        let at = facts.facility.zone.at(on, slot);
        let here = |absence: &&MarAbsence| absence.left_at <= at && absence.back_at.is_none_or(|back| at < back);
        facts.absences.iter().find(here).map(|absence| absence.kind)
    };
    let mut cells: Vec<Cell> = month.days().map(|on| Cell { entries: Vec::new(), away: away(on) }).collect();
    for entry in entries {
        cells[month.place(entry.key.on)].entries.push(entry);
    }
    let bands = bands_of(month, (slot, &medicine), &cells, facts);
    Row { slot, medicine, bands, cells }
}
