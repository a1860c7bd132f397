//! The same as a file for a spreadsheet.

use actix_web::HttpResponse;
use chrono::NaiveDateTime;

use super::lines::{Facts, Line, lines};
use crate::web::spreadsheet::{cell, download};

const HEADER: [&str; 15] = [
    "Entry",
    "Resident",
    "Resident no.",
    "Unit",
    "Medicine",
    "Given (mg)",
    "Kind",
    "Actual",
    "Recorded",
    "Why",
    "Effect or answers",
    "Given by",
    "Witness",
    "Stands",
    "Why not",
];

pub fn file(facts: &Facts) -> HttpResponse {
    let rows: Vec<[String; 15]> = lines(facts).iter().map(cells).collect();
    let days = facts.days.map(|(from, to)| format!("{from} {to}")).unwrap_or_default();
    download(&format!("{} as needed and in error {days}", facts.facility.name), move |file| {
        file.row(HEADER);
        rows.iter().for_each(|row| file.row(row));
        Ok(())
    })
}

fn cells(line: &Line) -> [String; 15] {
    [
        line.entry.text.clone(),
        cell(&line.resident),
        cell(&line.number),
        cell(&line.unit),
        cell(&line.medicine),
        line.given.number(),
        line.kind.clone(),
        moment(line.actual),
        moment(line.recorded),
        cell(&line.why),
        cell(&line.then),
        cell(&line.by),
        cell(&line.witness),
        if line.struck.is_none() { "yes" } else { "struck out" }.to_owned(),
        cell(line.struck.as_deref().unwrap_or_default()),
    ]
}

/// `2026-11-20 08:06`, as a spreadsheet reads a time.
fn moment(local: NaiveDateTime) -> String {
    local.format("%Y-%m-%d %H:%M").to_string()
}
