//! A taper and the protocols as JSON, for programs. Amounts are whole micrograms.

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use crate::care::calendar::Slot;
use crate::care::catalogue::Catalogue;
use crate::care::medicine::tablets::Piece;
use crate::care::taper::guideline::{Check, CutPercent};
use crate::care::taper::preview::{Preview, StepPreview};
use crate::care::taper::protocol::{self, parameter::Parameter};

pub fn text(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("plain values have a JSON form")
}

/// `{"refused": {"code": …, "text": …}}`
#[derive(Serialize)]
pub struct Refused {
    refused: Flag,
}

impl Refused {
    pub fn new(code: &str, text: &str) -> Refused {
        Refused { refused: Flag { code: code.to_owned(), text: text.to_owned() } }
    }
}

#[derive(Serialize)]
struct Flag {
    code: String,
    text: String,
}

#[derive(Serialize)]
pub struct Taper {
    steps: Vec<Step>,
    ends_on: Option<NaiveDate>,
    total_ug: u64,
    administrations: u64,
    stalls: Vec<protocol::walk::Stall>,
}

#[derive(Serialize)]
struct Step {
    ordinal: u32,
    starts_on: NaiveDate,
    least_days: Option<u32>,
    /// Of a day that has its doses.
    daily_ug: u64,
    /// 1, or the days of a cycle; and the days of it, from 1, without a dose.
    cycle_days: u32,
    free_days: Vec<u32>,
    doses: Vec<Dose>,
    #[serde(serialize_with = "two_decimals")]
    cut_percent: CutPercent,
    #[serde(serialize_with = "two_decimals")]
    cut_percent_14_days: CutPercent,
    flags: Vec<Flag>,
}

#[derive(Serialize)]
struct Dose {
    slot: Slot,
    medicine: String,
    amount_ug: u64,
    pieces: Vec<OfProduct>,
}

#[derive(Serialize)]
struct OfProduct {
    product: String,
    name: String,
    count: u64,
    halves: bool,
    amount_ug: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    volume_ul: Option<u64>,
}

impl Taper {
    pub fn new(preview: &Preview) -> Taper {
        Taper {
            steps: preview.steps.iter().map(Step::new).collect(),
            ends_on: preview.ends_on,
            total_ug: preview.totals.iter().map(|(_, amount)| amount.ug()).sum(),
            administrations: preview.administrations,
            stalls: preview.stalls.clone(),
        }
    }
}

impl Step {
    fn new(step: &StepPreview) -> Step {
        let doses = step.doses.iter().map(|(dose, pieces)| Dose {
            slot: dose.slot,
            medicine: dose.medicine.to_string(),
            amount_ug: dose.amount.ug(),
            pieces: pieces.0.iter().map(OfProduct::new).collect(),
        });
        Step {
            ordinal: step.ordinal,
            starts_on: step.starts_on,
            least_days: step.least_days,
            daily_ug: step.daily.ug(),
            cycle_days: step.cycle_days,
            free_days: step.free_days.clone(),
            doses: doses.collect(),
            cut_percent: step.cut,
            cut_percent_14_days: step.cut_in_14_days,
            flags: step.flags().map(Flag::of).collect(),
        }
    }
}

impl Flag {
    fn of(check: &Check) -> Flag {
        Flag { code: check.code.to_owned(), text: format!("Not met: {} ({}).", check.title, check.found) }
    }
}

impl OfProduct {
    fn new(piece: &Piece) -> OfProduct {
        OfProduct {
            product: piece.product.clone(),
            name: piece.name.clone(),
            count: piece.count,
            halves: piece.halves,
            amount_ug: piece.amount.ug(),
            volume_ul: piece.volume_ul,
        }
    }
}

/// 3333 hundredths are written 33.33, by way of digits.
fn two_decimals<S: Serializer>(percent: &CutPercent, serializer: S) -> Result<S::Ok, S::Error> {
    let digits = format!("{}.{:02}", percent.hundredths() / 100, percent.hundredths() % 100);
    let number: serde_json::Number = digits.parse().map_err(serde::ser::Error::custom)?;
    number.serialize(serializer)
}

#[derive(Serialize)]
pub struct Protocols<'a> {
    protocols: Vec<Protocol<'a>>,
}

#[derive(Serialize)]
struct Protocol<'a> {
    id: &'a str,
    name: &'a str,
    citation: &'a str,
    version: &'a str,
    /// Empty: any.
    medicines: &'a [String],
    drops_first: &'static str,
    /// Its steps are typed.
    typed: bool,
    parameters: &'a [Parameter],
}

impl Protocols<'_> {
    pub fn of(catalogue: &Catalogue) -> Protocols<'_> {
        Protocols { protocols: catalogue.protocols().iter().map(Protocol::new).collect() }
    }
}

impl<'a> Protocol<'a> {
    fn new(protocol: &'a protocol::Protocol) -> Protocol<'a> {
        Protocol {
            id: &protocol.id,
            name: &protocol.name,
            citation: &protocol.citation,
            version: &protocol.version,
            medicines: &protocol.medicines,
            drops_first: protocol.drops_first.word(),
            typed: protocol.is_typed(),
            parameters: &protocol.parameters,
        }
    }
}
