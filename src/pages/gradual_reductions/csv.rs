//! The report as a file for a spreadsheet: one line a medicine, days as a spreadsheet reads them.

use actix_web::HttpResponse;
use chrono::NaiveDate;

use super::facts::{Fact, Facts};
use crate::care::gradual::note::Noted;
use crate::care::gradual::standing::Counting;
use crate::web::spreadsheet::{cell, download};

const HEADER: [&str; 15] = [
    "Resident",
    "Resident no.",
    "Unit",
    "Medicine",
    "Kind",
    "Taken since",
    "First year ends",
    "Standing",
    "Day of it",
    "In words",
    "Attempts that count",
    "Other attempts",
    "Contraindicated on",
    "Look again by",
    "Prescriber and rationale",
];

pub fn file(facts: Facts) -> HttpResponse {
    let name = format!("{} gradual dose reductions {}", facts.facility.name, facts.today);
    download(&name, move |rows| {
        rows.row(HEADER);
        for fact in &facts.rows {
            rows.row(cells(&facts, fact));
        }
        Ok(())
    })
}

fn cells(facts: &Facts, fact: &Fact) -> [String; 15] {
    let resident = &fact.resident;
    let mut cells: [String; 15] = Default::default();
    cells[0] = cell(&resident.name());
    cells[1] = cell(&resident.number);
    cells[2] = cell(&fact.unit);
    cells[3] = cell(&fact.treatment.medicine.0);
    cells[7] = "start not recorded".to_owned();
    let Some(report) = &fact.report else { return cells };
    cells[4] = report.spell.class.text().to_owned();
    cells[5] = report.spell.since.to_string();
    cells[6] = report.quarters.last().map(|quarter| quarter.last.to_string()).unwrap_or_default();
    cells[7] = report.standing.word().to_owned();
    cells[8] = fact.on.map(|on| on.to_string()).unwrap_or_default();
    cells[9] = cell(&report.sentence(&facts.facility.gradual));
    cells[10] = attempts(fact, true);
    cells[11] = attempts(fact, false);
    if let Some(note) = fact.contraindication()
        && let Noted::Contraindicated { on, again_on } = note.noted
    {
        cells[12] = on.to_string();
        cells[13] = again_on.to_string();
        let name = facts.names.get(&note.by).map_or("", String::as_str);
        cells[14] = cell(&format!("{name}: {}", note.rationale));
    }
    cells
}

/// Several days in one cell, with a word before them, so that no spreadsheet takes them for one.
fn attempts(fact: &Fact, counted: bool) -> String {
    let all = fact.report.iter().flat_map(|report| &report.attempts);
    let days = all.filter(|(_, counting)| (*counting == Counting::Counts) == counted).map(|(attempt, _)| attempt.on);
    let days: Vec<String> = days.map(|on: NaiveDate| on.to_string()).collect();
    if days.is_empty() { String::new() } else { format!("{}: {}", days.len(), days.join("; ")) }
}
