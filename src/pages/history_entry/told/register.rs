//! What an act wrote into registers, told in sentences.

use serde::Deserialize;

use crate::care::calendar::day_text;
use crate::care::medicine::product::{Product, Products};
use crate::care::register::book::Ending;
use crate::care::witness::signature::Witness;
use crate::store::history::Fact;
use crate::store::registers::{Counted, Discrepancy, Ended, Entry, Named};
use crate::web::parts::registered::signed_text;

/// The part of a fact that is about registers; nothing where it wrote into none.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wrote {
    registers: Vec<Named>,
    entries: Vec<Entry>,
    counts: Vec<Counted>,
    discrepancies: Vec<Discrepancy>,
    ended: Option<Ended>,
    witness: Option<Witness>,
}

/// What such a fact says; empty for a fact that is about no register.
pub fn sentences(fact: &Fact) -> Vec<String> {
    let wrote: Wrote = serde_json::from_str(&fact.body).unwrap_or_default();
    let entries = wrote.entries.iter().filter_map(|entry| entered(&wrote, entry));
    let counts = wrote.counts.iter().filter_map(|count| counted(&wrote, count));
    let opened = wrote.discrepancies.iter().filter_map(|opened| differs(&wrote, opened));
    let ended = wrote.ended.iter().map(|ended| {
        let how = if ended.ending == Ending::Adjusted { "Register adjusted" } else { "Explained" };
        format!("{how}: “{}”", ended.reason)
    });
    let witness = wrote.witness.iter().map(|witness| format!("Witness: {}, {}.", witness.name, witness.meaning));
    entries.chain(counts).chain(opened).chain(ended).chain(witness).collect()
}

fn product(wrote: &Wrote, register: &str) -> Option<&'static Product> {
    let named = wrote.registers.iter().find(|one| one.id == register)?;
    Products::ours().product(&named.product)
}

fn entered(wrote: &Wrote, entry: &Entry) -> Option<String> {
    let product = product(wrote, &entry.register)?;
    let text = |parts| signed_text(parts, product);
    let pack = entry.pack.as_ref();
    let pack = pack.map(|pack| format!(", lot {}, expires {}", pack.lot, day_text(pack.expires_on)));
    let note = if entry.note.is_empty() { String::new() } else { format!(" “{}”", entry.note) };
    Some(format!(
        "Register of {} {}: {} {}{}, balance after it {}.{note}",
        product.medicine,
        product.name(),
        entry.kind.text().to_lowercase(),
        text(entry.parts.abs()),
        pack.unwrap_or_default(),
        text(entry.balance_after),
    ))
}

fn counted(wrote: &Wrote, count: &Counted) -> Option<String> {
    let product = product(wrote, &count.register)?;
    Some(format!(
        "{} {}: counted {}, expected {}.",
        product.medicine,
        product.name(),
        count.counted.text(product),
        count.expected.text(product)
    ))
}

fn differs(wrote: &Wrote, opened: &Discrepancy) -> Option<String> {
    let product = product(wrote, &opened.register)?;
    let difference = signed_text(opened.difference, product);
    if let Some(why) = &opened.unwitnessed {
        let amount = signed_text(opened.difference.abs(), product);
        return Some(format!(
            "{} {}: {amount} wasted without a witness, “{why}”. A difference was opened.",
            product.medicine,
            product.name()
        ));
    }
    Some(format!("{} {}: a difference of {difference} was opened.", product.medicine, product.name()))
}
