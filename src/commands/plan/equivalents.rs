//! What every equivalence table says of one dose, side by side: they differ, so a person decides.

use clap::Args;
use serde::Serialize;

use super::{Refused, json};
use crate::care::amount::Amount;
use crate::care::catalogue::Catalogue;
use crate::care::exact::Exact;
use crate::care::medicine::Medicine;
use crate::care::medicine::equivalence::{Answer, CAUTIONS, Table};

#[derive(Args)]
pub struct Equivalents {
    /// The medicine taken now: clonazepam.
    #[arg(long)]
    medicine: String,
    /// How much of it: 2mg.
    #[arg(long)]
    amount: String,
    /// The other medicine.
    #[arg(long, default_value = "diazepam")]
    to: String,
    /// As JSON.
    #[arg(long)]
    pub json: bool,
}

/// One table's answer. An amount that had to be rounded to whole micrograms says so.
#[derive(Serialize)]
struct Line {
    table: String,
    version: String,
    amount_ug: Option<u64>,
    rounded: bool,
    least_ug: Option<u64>,
    most_ug: Option<u64>,
    text: String,
    citation: String,
}

#[derive(Serialize)]
struct Lines {
    equivalents: Vec<Line>,
    cautions: &'static [&'static str],
}

impl Equivalents {
    pub fn shown(&self, catalogue: &Catalogue) -> Result<String, Refused> {
        let medicine = |name: &str| Medicine(name.trim().to_lowercase());
        let (amount, from, to) = (Amount::parse(&self.amount)?, medicine(&self.medicine), medicine(&self.to));
        let line = |table: &Table| Line::new(table, &table.convert(amount, &from, &to));
        let lines: Vec<Line> = catalogue.tables().iter().map(line).collect();
        if self.json {
            return Ok(json::text(&Lines { equivalents: lines, cautions: &CAUTIONS }));
        }
        let head = format!("{amount} {from} in {to}, by table:");
        let told = lines
            .iter()
            .map(|line| format!("  {}, version {}: {}\n    {}", line.table, line.version, line.text, line.citation));
        let paragraphs = [vec![head], told.collect(), CAUTIONS.map(str::to_owned).to_vec()].concat();
        Ok(paragraphs.join("\n").replace('\u{a0}', " "))
    }
}

impl Line {
    fn new(table: &Table, answer: &Answer) -> Line {
        let (dose, range) = match answer {
            Answer::Dose(dose, range) => (Some(*dose), *range),
            Answer::Range(least, most) => (None, Some((*least, *most))),
            Answer::Excluded(..) | Answer::Silent(_) => (None, None),
        };
        let ug = |exact: Exact| exact.nearest().ug();
        let exact = |exact: Exact| exact.is_whole();
        Line {
            table: table.id.clone(),
            version: table.version.clone(),
            amount_ug: dose.map(ug),
            rounded: !dose.is_none_or(exact) || !range.is_none_or(|(least, most)| exact(least) && exact(most)),
            least_ug: range.map(|(least, _)| ug(least)),
            most_ug: range.map(|(_, most)| ug(most)),
            text: answer.to_string(),
            citation: table.citation.clone(),
        }
    }
}
