//! The conversion of a cross-taper: what a person confirmed, and beside it what every table says.

use std::collections::HashMap;

use askama::Template;
use askama::filters::HtmlSafe;

use super::samples::{HOSTILE, slot};
use crate::care::amount::Amount;
use crate::care::catalogue::Catalogue;
use crate::care::medicine::Medicine;
use crate::care::medicine::conversion::{Conversion, Converted};
use crate::care::medicine::equivalence::{CAUTIONS, Table, TableName};

#[derive(Debug, Clone, Template)]
#[template(path = "parts/conversion.html")]
pub struct ConversionView {
    from: String,
    to: String,
    /// `Ashton 2002, version 1`
    table: String,
    citation: String,
    confirmed_by: String,
    doses: Vec<Converted>,
    tables: Vec<TableLine>,
    cautions: [&'static str; 3],
}

/// What one table makes of some doses.
#[derive(Debug, Clone)]
pub struct TableLine {
    pub id: String,
    pub name: String,
    pub version: String,
    pub citation: String,
    /// One for each dose.
    pub answers: Vec<String>,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for ConversionView {}

impl TableLine {
    /// Every table on the same doses, side by side.
    pub fn all(amounts: &[Amount], from: &Medicine, to: &Medicine, catalogue: &Catalogue) -> Vec<TableLine> {
        let line = |table: &Table| TableLine {
            id: table.id.clone(),
            name: table.name.clone(),
            version: table.version.clone(),
            citation: table.citation.clone(),
            answers: amounts.iter().map(|amount| table.convert(*amount, from, to).to_string()).collect(),
        };
        catalogue.tables().iter().map(line).collect()
    }
}

impl ConversionView {
    /// `names` has whoever confirmed it.
    pub fn new(conversion: &Conversion, catalogue: &Catalogue, names: &HashMap<String, String>) -> ConversionView {
        let Conversion { from, to, table, doses, confirmed_by, .. } = conversion;
        let amounts: Vec<Amount> = doses.iter().map(|dose| dose.from).collect();
        let (name, citation) = named(table, catalogue);
        ConversionView {
            from: from.to_string(),
            to: to.to_string(),
            table: name,
            citation,
            confirmed_by: names.get(confirmed_by).cloned().unwrap_or_default(),
            doses: doses.clone(),
            tables: TableLine::all(&amounts, from, to, catalogue),
            cautions: CAUTIONS,
        }
    }

    pub fn samples() -> Vec<(&'static str, ConversionView)> {
        let (from, to) = (Medicine("clonazepam".into()), Medicine("diazepam".into()));
        let [usual, longest] = [2, 12].map(|count| {
            let dose = |hour| Converted {
                slot: slot(&format!("{:02}:00", hour * 2)),
                from: Amount::from_ug(500),
                to: Amount::from_ug(10_000),
            };
            let doses = (0..count).map(dose).collect();
            let made = Conversion::new(&from, &to, &Table::ours()[0], doses).expect("the table names both");
            Conversion { confirmed_by: "marsh".into(), ..made }
        });
        let view = |conversion: &Conversion, name: &str| {
            ConversionView::new(conversion, Catalogue::ours(), &[("marsh".to_owned(), name.to_owned())].into())
        };
        let (usual, longest, hostile) =
            (view(&usual, "Dr Helen Marsh"), view(&longest, &"Wilhelmina ".repeat(12)), view(&usual, HOSTILE));
        vec![("usual", usual), ("longest", longest), ("hostile", ConversionView { table: HOSTILE.into(), ..hostile })]
    }
}

/// The name and the source of a table; of one that is not here any more, what the plan says of it.
fn named(table: &TableName, catalogue: &Catalogue) -> (String, String) {
    match catalogue.table(&table.id) {
        Ok(found) if found.version == table.version => {
            (format!("{}, version {}", found.name, found.version), found.citation.clone())
        }
        _ => (table.to_string(), String::new()),
    }
}
