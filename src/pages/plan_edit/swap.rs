//! The cross-taper in a draft's form: which medicine takes over, what the tables say, and what somebody confirmed.

use std::collections::BTreeMap;

use super::names::{MOST_SLOTS, converted_field, dose_field, slot_field};
use crate::care::amount::Amount;
use crate::care::calendar::Slot;
use crate::care::catalogue::Catalogue;
use crate::care::medicine::Medicine;
use crate::care::medicine::conversion::{Conversion, Converted};
use crate::care::medicine::equivalence::{CAUTIONS, Table};
use crate::care::medicine::product::Products;
use crate::care::refusal::Refusal;
use crate::care::taper::cross::SWAP_DAYS;
use crate::web::parts::conversion::TableLine;
use crate::web::{Errors, Form, Typed};

/// The conversion as it was typed, if the form asks for a cross-taper at all. Whether it was confirmed shows in
/// `confirmed_by`, which is the person's who typed it.
pub fn read(
    typed: &Typed,
    catalogue: &Catalogue,
    from: Option<&Medicine>,
    lines: &BTreeMap<Slot, (usize, Amount)>,
    errors: &mut Errors,
) -> Option<Conversion> {
    let field = |name: &str| typed.value(name).unwrap_or_default().trim();
    if field("to").is_empty() {
        return None;
    }
    let to = errors.keep("to", Products::ours().medicine(field("to")));
    let table = errors.keep("table", chosen_table(catalogue, field("table")));
    let swap_days = errors.keep("swap_days", read_days(field("swap_days")));
    let mut doses = Vec::new();
    for (slot, (line, from)) in lines.iter().filter(|(_, (_, amount))| !amount.is_zero()) {
        let name = converted_field(*line);
        let text = typed.value(&name).unwrap_or_default().trim();
        let missing = || Err(Refusal::ConvertedMissing { slot: *slot });
        let to = if text.is_empty() { missing() } else { Amount::parse(text) };
        let to = to.and_then(|amount| if amount.is_zero() { missing() } else { Ok(amount) });
        doses.extend(errors.keep(&name, to).map(|to| Converted { slot: *slot, from: *from, to }));
    }
    let (from, to) = (from?, to?);
    // Who ticked the box compared other doses, or another medicine, than are sent: nobody has confirmed these.
    let confirmed = field("confirmed") == mark(from, doses.iter().map(|dose| (dose.slot, dose.from)), &to);
    let made = Conversion::new(from, &to, table?, doses);
    let made = made.map_err(|refusal| errors.push(first_line(refusal.field()), refusal.to_string())).ok()?;
    let confirmed_by = if confirmed { "whoever sends this form".to_owned() } else { String::new() };
    Some(Conversion { swap_days: swap_days?, halves: !field("halves").is_empty(), confirmed_by, ..made })
}

/// What was compared, in words: the box that confirms new doses stands for these, and for no others.
fn mark(from: &Medicine, doses: impl Iterator<Item = (Slot, Amount)>, to: &Medicine) -> String {
    let doses: BTreeMap<Slot, Amount> = doses.collect();
    let doses: Vec<String> = doses.iter().map(|(slot, amount)| format!("{slot} {}", amount.number())).collect();
    format!("{from} {} {to}", doses.join(" "))
}

fn first_line(field: &'static str) -> &'static str {
    if field == "converted" { "converted_1" } else { field }
}

fn chosen_table<'a>(catalogue: &'a Catalogue, id: &str) -> Result<&'a Table, Refusal> {
    if id.is_empty() { Err(Refusal::TableMissing) } else { catalogue.table(id) }
}

pub fn read_days(text: &str) -> Result<u32, Refusal> {
    let (least, most) = (*SWAP_DAYS.start(), *SWAP_DAYS.end());
    let days = text.parse().ok().filter(|days| SWAP_DAYS.contains(days));
    days.ok_or(Refusal::SwapDays { least, most })
}

/// The fields of a conversion that was saved. It is confirmed anew whenever it is saved again.
pub fn fill(form: Form, conversion: &Conversion) -> Form {
    let form = form
        .with("to", conversion.to.to_string())
        .with("table", conversion.table.id.clone())
        .with("swap_days", conversion.swap_days.to_string())
        .with("halves", if conversion.halves { "yes" } else { "" });
    (1..)
        .zip(&conversion.doses)
        .fold(form, |form, (line, dose)| form.with(&converted_field(line), format!("{} mg", dose.to.number())))
}

/// What every table makes of today's doses in the other medicine, side by side.
pub struct Comparison {
    pub from: String,
    pub to: String,
    /// The fields of the new doses: the field's name, the time, and today's dose.
    pub doses: Vec<(String, String, String)>,
    pub tables: Vec<TableLine>,
    pub cautions: [&'static str; 3],
    /// What the box that confirms the new doses sends.
    pub mark: String,
}

impl Comparison {
    /// None until both medicines and a dose of today are written.
    pub fn new(form: &Form, catalogue: &Catalogue) -> Option<Comparison> {
        let medicine = |field: &str| Products::ours().medicine(form.value(field)).ok();
        let (from, to) = (medicine("medicine")?, medicine("to")?);
        let dose = |line| {
            let slot: Slot = form.value(&slot_field(line)).parse().ok()?;
            let amount = Amount::parse(form.value(&dose_field(line))).ok().filter(|amount| !amount.is_zero())?;
            Some((line, slot, amount))
        };
        let doses: Vec<(usize, Slot, Amount)> = (1..=MOST_SLOTS).filter_map(dose).collect();
        let amounts: Vec<Amount> = doses.iter().map(|(_, _, amount)| *amount).collect();
        let tables = TableLine::all(&amounts, &from, &to, catalogue);
        let mark = mark(&from, doses.iter().map(|(_, slot, amount)| (*slot, *amount)), &to);
        let doses: Vec<_> = doses
            .iter()
            .map(|(line, slot, amount)| (converted_field(*line), slot.to_string(), amount.to_string()))
            .collect();
        let (from, to) = (from.to_string(), to.to_string());
        (!doses.is_empty()).then_some(Comparison { from, to, doses, tables, cautions: CAUTIONS, mark })
    }
}
