//! The cells of a grid: initials and time where it was given, a letter where it was not, a question mark for no record.

use std::collections::BTreeMap;

use super::initials::Initials;
use super::levels::{Strip, order_strips};
use crate::care::absence::Away;
use crate::care::calendar::Zone;
use crate::care::incident::Incident;
use crate::care::medicine::Medicine;
use crate::care::round::due::Urgency;
use crate::care::round::mar::{self, Entry, MarRecord, Stand, Taken};
use crate::store::as_needed::{AsNeededDose, OrderFile};
use crate::store::mar::{MonthFile, MonthOf};

/// One slot of one medicine, or one as-needed order.
#[derive(Debug)]
pub struct Line {
    /// `08:00`, `As needed`
    pub slot: String,
    pub medicine: String,
    pub bands: Vec<Strip>,
    pub cells: Vec<Cell>,
}

#[derive(Debug)]
pub struct Cell {
    pub class: &'static str,
    pub marks: Vec<Mark>,
}

/// One dose in a cell.
#[derive(Debug)]
pub struct Mark {
    /// Initials, stronger than what stands below; or a letter in a box.
    pub shown: String,
    pub boxed: bool,
    /// The time.
    pub below: String,
    /// The initials of whoever saw it given; empty where nobody signed.
    pub witness: String,
    /// What is not to be seen and is said.
    pub said: String,
    pub note: Option<usize>,
}

pub fn cell(file: &MonthFile, cell: &mar::Cell, initials: &Initials) -> Cell {
    let marks: Vec<Mark> = cell.entries.iter().filter_map(|entry| mark(file, entry, initials)).collect();
    match (cell.entries.first(), cell.away) {
        (Some(_), _) => Cell { class: class_of(&cell.entries), marks },
        (None, Some(kind)) => Cell { class: "away", marks: vec![away(file, kind)] },
        (None, None) => Cell { class: "", marks },
    }
}

/// The class of the entry that wants the most attention.
fn class_of(entries: &[Entry]) -> &'static str {
    let classes: Vec<&str> = entries.iter().map(class).collect();
    ["gap", "x", "now", "off", "g late", "g", "none", "fut"].into_iter().find(|one| classes.contains(one)).unwrap_or("")
}

fn class(entry: &Entry) -> &'static str {
    match (entry.stand, entry.standing()) {
        (_, Some(record)) if !record.outcome.whole() => "x",
        (_, Some(_)) if entry.outside => "g late",
        (_, Some(_)) => "g",
        (Stand::NoRecord | Stand::Undecided, _) => "gap",
        (Stand::Open(Urgency::DueNow | Urgency::Overdue), _) => "now",
        (Stand::NoDose, _) => "none",
        (Stand::Taken(_), _) => "off",
        (Stand::Open(Urgency::DueSoon) | Stand::Recorded, _) => "fut",
    }
}

fn mark(file: &MonthFile, entry: &Entry, initials: &Initials) -> Option<Mark> {
    let plain = |shown: &str, said: &str, boxed| Mark {
        shown: shown.to_owned(),
        boxed,
        below: String::new(),
        witness: String::new(),
        said: said.to_owned(),
        note: entry.note,
    };
    match (entry.stand, entry.standing()) {
        (_, Some(record)) => Some(Mark { note: entry.note, ..recorded(file, record, entry, initials) }),
        (Stand::NoRecord, _) => Some(plain("?", "no record", true)),
        (Stand::Undecided, _) => Some(plain("?", "decision needed", true)),
        (Stand::NoDose, _) => Some(plain("0", "planned: no dose", false)),
        (Stand::Taken(Taken::Suspended), _) => Some(plain("Sus", "suspended, urgent order", true)),
        (Stand::Taken(Taken::Stopped), _) => Some(plain("Stp", "stopped, countersigned", true)),
        (Stand::Open(Urgency::Overdue), _) => Some(Mark { below: "late".into(), ..plain("", "overdue", false) }),
        (Stand::Open(Urgency::DueNow), _) => Some(Mark { below: "due".into(), ..plain("", "now", false) }),
        (Stand::Open(Urgency::DueSoon) | Stand::Recorded, _) => None,
    }
}

fn recorded(file: &MonthFile, record: &MarRecord, entry: &Entry, initials: &Initials) -> Mark {
    let by = initials.shown(&record.by).to_owned();
    let witness = record.witness.as_deref().map(|person| initials.shown(person).to_owned()).unwrap_or_default();
    match file.letters.letters(record.outcome, &record.reason) {
        Some(letters) if record.outcome.whole() => {
            let (shown, below) = (format!("{letters} {by}"), clock(file.facility.zone, record.given_at));
            Mark { shown, boxed: false, below, witness, said: record.outcome.text().to_owned(), note: None }
        }
        Some(letters) => {
            let said = format!("{} {by}", record.outcome.text());
            Mark { shown: letters.to_owned(), boxed: true, below: String::new(), witness, said, note: None }
        }
        None => {
            let said = if entry.outside { "given outside the window" } else { "given" };
            let below = clock(file.facility.zone, record.given_at);
            Mark { shown: by, boxed: false, below, witness, said: said.to_owned(), note: None }
        }
    }
}

fn away(file: &MonthFile, kind: Away) -> Mark {
    let shown = file.letters.away(kind).unwrap_or_default().to_owned();
    Mark {
        shown,
        boxed: false,
        below: String::new(),
        witness: String::new(),
        said: kind.title().to_lowercase(),
        note: None,
    }
}

fn clock(zone: Zone, at: chrono::DateTime<chrono::Utc>) -> String {
    zone.local(at).format("%H:%M").to_string()
}

/// A line for each order that has a day in the month, and for each that has a dose in it.
pub fn as_needed_lines(file: &MonthFile, of: &MonthOf, initials: &Initials, notes: usize) -> Vec<Line> {
    of.orders.iter().map(|order| as_needed_line(file, of, order, initials, notes)).collect()
}

fn as_needed_line(file: &MonthFile, of: &MonthOf, order: &OrderFile, initials: &Initials, notes: usize) -> Line {
    let stands = |dose: &AsNeededDose| dose.of_order == order.order.id && !file.strikes.contains_key(&dose.id);
    let numbered = (notes + 1..).zip(&of.as_needed).filter(|(_, dose)| stands(dose));
    let marks: Vec<(usize, Mark)> = numbered.map(|(n, dose)| given(file, dose, n, initials)).collect();
    let mut cells: Vec<Cell> = file.month.days().map(|_| Cell { class: "", marks: Vec::new() }).collect();
    for (place, mark) in marks {
        cells[place].class = "g";
        cells[place].marks.push(mark);
    }
    Line {
        slot: "As needed".to_owned(),
        medicine: order.order.medicine.to_string(),
        bands: order_bands(file, order),
        cells,
    }
}

fn given(file: &MonthFile, dose: &AsNeededDose, n: usize, initials: &Initials) -> (usize, Mark) {
    let zone = file.facility.zone;
    let mark = Mark {
        shown: initials.shown(dose.giver()).to_owned(),
        boxed: false,
        below: clock(zone, dose.given_at),
        witness: dose.witnessed_by.as_deref().map(|one| initials.shown(one).to_owned()).unwrap_or_default(),
        said: "given as needed".to_owned(),
        note: Some(n),
    };
    (file.month.place(zone.day(dose.given_at)), mark)
}

/// A line for each medicine of which something was given in error.
pub fn in_error_lines(file: &MonthFile, of: &MonthOf, initials: &Initials, notes: usize) -> Vec<Line> {
    let mut lines = BTreeMap::<&Medicine, Line>::new();
    let days = file.month.days().count();
    let numbered = (notes + 1..).zip(&of.incidents).filter(|(_, file)| file.struck.is_none());
    for (n, incident) in numbered.map(|(n, file)| (n, &file.incident)) {
        let line = lines.entry(&incident.medicine).or_insert_with(|| Line {
            slot: "In error".to_owned(),
            medicine: incident.medicine.to_string(),
            bands: vec![Strip::empty(days)],
            cells: file.month.days().map(|_| Cell { class: "", marks: Vec::new() }).collect(),
        });
        let cell = &mut line.cells[file.month.place(file.facility.zone.day(incident.given_at))];
        cell.class = "x";
        cell.marks.push(wrong(file, incident, n, initials));
    }
    lines.into_values().collect()
}

fn wrong(file: &MonthFile, incident: &Incident, n: usize, initials: &Initials) -> Mark {
    Mark {
        shown: incident.given_by.as_deref().map_or("?", |person| initials.shown(person)).to_owned(),
        boxed: false,
        below: clock(file.facility.zone, incident.given_at),
        witness: String::new(),
        said: "given in error".to_owned(),
        note: Some(n),
    }
}

/// `0.5 mg for panic, at most 1 mg in 24 hours`
fn order_bands(file: &MonthFile, file_of: &OrderFile) -> Vec<Strip> {
    let (order, month) = (&file_of.order, file.month);
    let ended = file_of.end.as_ref().map(|end| file.facility.zone.day(end.ended_at));
    let ends_on = ended.map_or(order.ends_on, |ended| ended.min(order.ends_on)).min(month.last());
    let starts_on = order.starts_on.max(month.first());
    let days = month.days().count();
    if ends_on < starts_on {
        return order_strips(days, 0, 0, String::new(), order.amount);
    }
    let (from, until) = (month.place(starts_on), month.place(ends_on));
    let full = format!("{} for {}, at most {} in 24 hours", order.amount, order.reason, order.most);
    order_strips(days, from, until - from + 1, full, order.amount)
}
