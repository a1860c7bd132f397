//! The order as a file for a spreadsheet: one line a product and holder, the most urgent first.

use actix_web::HttpResponse;

use super::Facts;
use super::lines::{Line, lines};
use crate::web::spreadsheet::{cell, download};

const HEADER: [&str; 12] = [
    "Medicine",
    "Product",
    "Strength",
    "Form",
    "Code",
    "For",
    "On hand",
    "Needed until",
    "Needed",
    "To order",
    "To order if signed as planned",
    "Order by",
];

pub fn file(facts: &Facts) -> HttpResponse {
    let until = facts.outlooks.rules.cover_until(facts.outlooks.today).to_string();
    let rows: Vec<[String; 12]> =
        lines(&facts.holders, &facts.outlooks).iter().map(|line| cells(line, &until)).collect();
    download(&format!("order {} {}", facts.unit.name, facts.outlooks.today), move |file| {
        file.row(HEADER);
        rows.iter().for_each(|row| file.row(row));
        Ok(())
    })
}

fn cells(line: &Line, until: &str) -> [String; 12] {
    let plain = |text: String| text.replace('\u{a0}', " ");
    let product = line.product;
    [
        cell(&product.medicine.to_string()),
        cell(&product.full_name),
        plain(product.strength.to_string()),
        product.form.to_string(),
        product.code.clone(),
        cell(&line.holder),
        plain(line.on_hand.clone().unwrap_or_else(|| "no register".to_owned())),
        until.to_owned(),
        plain(line.needed.clone()),
        plain(line.order_text()),
        plain(line.order_as_planned.text(product)),
        line.order_by.map(|by| by.to_string()).unwrap_or_default(),
    ]
}
