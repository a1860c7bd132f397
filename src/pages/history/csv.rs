//! The same doses as a file for a spreadsheet, in the words of the page.

use actix_web::HttpResponse;
use chrono::NaiveDateTime;

use super::asked::{After, Search};
use super::names::Names;
use super::view::vomited_text;
use crate::care::round::outcome::reason_text;
use crate::care::round::vomit::Vomited;
use crate::store::StoreError;
use crate::store::audit::{records_page, unrecorded_page};
use crate::store::db::Db;
use crate::store::doses::{Administration, Correction, DoseFile, corrections_of, vomits_of};
use crate::store::moves::units_then;
use crate::web::spreadsheet::{Ended, Rows, cell, download};

/// So many rows are read at once, however long the file gets.
const SOME: usize = 500;

const HEADER: [&str; 21] = [
    "Entry",
    "Resident",
    "Resident no.",
    "Unit",
    "Medicine",
    "Dose (mg)",
    "Given (mg)",
    "Due",
    "Actual",
    "Recorded",
    "Deviation (min)",
    "Outcome",
    "Reason",
    "Note",
    "Vomited after",
    "Given by",
    "Recorded by",
    "Stands",
    "Why not",
    "Witness",
    "Why no witness",
];

/// Doses without a record come first, so that nobody overlooks them; then the records, the newest first.
pub fn file(name: &str, db: Db, names: Names, search: Search) -> HttpResponse {
    download(name, move |rows| {
        rows.row(HEADER);
        unrecorded(rows, &db, &names, &search)?;
        if search.unrecorded { Ok(()) } else { records(rows, &db, &names, &search) }
    })
}

fn unrecorded(rows: &mut Rows, db: &Db, names: &Names, search: &Search) -> Result<(), Ended> {
    let mut after = None;
    loop {
        let (some, due_in) = db.read(|conn| {
            let some = unrecorded_page(conn, &search.ask, search.due_before, after.as_ref(), SOME)?;
            let due_in = units_then(conn, &search.ask.facility, &some)?;
            Ok::<_, StoreError>((some, due_in))
        })?;
        for dose in &some {
            let unit = due_in.get(&dose.id).map_or("", |unit| names.unit(unit));
            rows.row(unrecorded_cells(names, unit, dose));
        }
        rows.send()?;
        match some.last().map(After::of_dose) {
            Some(After::Dose(place)) if some.len() == SOME => after = Some(place),
            _ => return Ok(()),
        }
    }
}

fn records(rows: &mut Rows, db: &Db, names: &Names, search: &Search) -> Result<(), Ended> {
    let mut before = None;
    loop {
        let (some, corrections, vomits) = db.read(|conn| {
            let some = records_page(conn, &search.ask, before, SOME)?;
            let ids: Vec<String> = some.iter().map(|record| record.id.clone()).collect();
            let doses: Vec<String> = some.iter().map(|record| record.dose.clone()).collect();
            Ok::<_, StoreError>((some, corrections_of(conn, &ids)?, vomits_of(conn, &doses)?))
        })?;
        for record in &some {
            let seen = vomits.get(&record.dose).map_or(&[][..], Vec::as_slice);
            rows.row(record_cells(names, record, corrections.get(&record.id), seen));
        }
        rows.send()?;
        match some.last() {
            Some(last) if some.len() == SOME => before = Some(last.n),
            _ => return Ok(()),
        }
    }
}

fn record_cells(
    names: &Names,
    record: &Administration,
    correction: Option<&Correction>,
    seen: &[Vomited],
) -> [String; 21] {
    let [resident, number] = resident_cells(names, &record.resident);
    [
        record.n.to_string(),
        resident,
        number,
        cell(names.unit(&record.unit)),
        cell(&record.medicine.0),
        record.planned.number(),
        record.given.number(),
        moment(names.local(record.due_at)),
        moment(names.local(record.given_at)),
        moment(names.local(record.recorded_at)),
        record.late_minutes().to_string(),
        record.outcome.text().to_owned(),
        cell(reason_text(&record.reason).unwrap_or_default()),
        cell(&record.note),
        cell(&vomited(names, record, correction, seen)),
        cell(names.person(record.giver())),
        cell(names.person(&record.recorded_by)),
        stands(correction).to_owned(),
        cell(correction.map_or("", |correction| &correction.reason)),
        cell(record.witnessed_by.as_ref().map_or("", |witness| names.person(witness))),
        cell(record.unwitnessed.as_deref().unwrap_or_default()),
    ]
}

/// Of the record that stands: what was seen after the dose.
fn vomited(names: &Names, record: &Administration, correction: Option<&Correction>, seen: &[Vomited]) -> String {
    let stands = seen.iter().filter(|_| correction.is_none());
    stands.map(|one| vomited_text(names, one, record)).collect::<Vec<_>>().join("; ").replace('\u{a0}', " ")
}

fn stands(correction: Option<&Correction>) -> &'static str {
    match correction.map(|correction| correction.replacement.is_some()) {
        None => "yes",
        Some(true) => "corrected since",
        Some(false) => "recorded in error",
    }
}

fn unrecorded_cells(names: &Names, unit: &str, dose: &DoseFile) -> [String; 21] {
    let [resident, number] = resident_cells(names, &dose.resident);
    let mut cells: [String; 21] = Default::default();
    cells[1] = resident;
    cells[2] = number;
    cells[3] = cell(unit);
    cells[4] = cell(&dose.key.medicine.0);
    cells[5] = dose.level.amount.number();
    cells[7] = moment(names.local(dose.due_at));
    cells[11] = "no record".to_owned();
    cells
}

/// Name and number.
fn resident_cells(names: &Names, id: &str) -> [String; 2] {
    match names.resident(id) {
        Some(resident) => [cell(&resident.name()), cell(&resident.number)],
        None => Default::default(),
    }
}

/// `2026-11-20 08:06`, on the facility's clock (ISO 8601 as RFC 3339 lets it be written: a spreadsheet reads it as a time).
fn moment(local: NaiveDateTime) -> String {
    local.format("%Y-%m-%d %H:%M").to_string()
}
