//! A day as a file for a spreadsheet: one line a dose, with what it wrote into registers.

use actix_web::HttpResponse;

use super::Facts;
use super::rows::{Row, rows};
use crate::web::spreadsheet::{cell, download};

const HEADER: [&str; 10] =
    ["Day", "Recorded", "Resident", "Medicine", "Outcome", "Given", "Register", "Agrees", "By", "Entry"];

pub fn file(facts: &Facts) -> HttpResponse {
    let on = facts.on.to_string();
    let lines: Vec<[String; 10]> = rows(facts).iter().map(|row| cells(&on, row)).collect();
    download(&format!("register {} {on}", facts.unit.name), move |file| {
        file.row(HEADER);
        lines.iter().for_each(|line| file.row(line));
        Ok(())
    })
}

fn cells(on: &str, row: &Row) -> [String; 10] {
    let plain = |text: &str| text.replace('\u{a0}', " ");
    [
        on.to_owned(),
        row.at.clone(),
        cell(&row.resident),
        cell(&row.medicine),
        row.outcome.to_owned(),
        plain(&row.given),
        plain(&row.wrote.join("; ")),
        plain(&row.verdict),
        cell(&row.by),
        row.n.to_string(),
    ]
}
