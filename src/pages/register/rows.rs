//! The lines of a register: entries and counts in one order, the newest first.

use super::facts::Facts;
use crate::care::calendar::day_text;
use crate::care::register::parts::Parts;
use crate::store::registers::{Counted, Entry};
use crate::web::links;
use crate::web::parts::registered::signed_text;

/// One line.
pub struct Row {
    /// Its number; a count has none.
    pub seq: String,
    pub at: String,
    pub what: &'static str,
    pub told: String,
    pub came: String,
    pub left: String,
    pub balance: String,
    /// A count that found something else.
    pub differs: bool,
    pub by: String,
    pub witness: String,
    /// The fact of the history.
    pub fact: String,
    pub n: i64,
}

pub fn rows(facts: &Facts) -> Vec<Row> {
    let entries = facts.entries.iter().map(|one| (one.n, one.seq, entry_row(facts, one)));
    // A count has no number: it stands above what was entered before it.
    let counts = facts.counts.iter().map(|one| (one.n, i64::MAX, count_row(facts, one)));
    let mut all: Vec<(i64, i64, Row)> = entries.chain(counts).collect();
    all.sort_by_key(|(n, seq, _)| std::cmp::Reverse((*n, *seq)));
    all.into_iter().map(|(.., row)| row).collect()
}

fn entry_row(facts: &Facts, entry: &Entry) -> Row {
    let parts = Parts(entry.parts.unsigned_abs()).text(facts.product);
    let (came, left) = if entry.parts > 0 { (parts, String::new()) } else { (String::new(), parts) };
    let witness = entry.witnessed_by.as_deref().map_or("", |person| facts.name(person));
    Row {
        seq: entry.seq.to_string(),
        at: facts.moment(entry.entered_at),
        what: entry.kind.text(),
        told: told(facts, entry),
        came,
        left,
        balance: balance(facts, entry.n, entry.balance_after),
        differs: false,
        by: facts.name(&entry.entered_by).to_owned(),
        witness: witness.to_owned(),
        fact: links::fact(entry.n),
        n: entry.n,
    }
}

/// Whose dose it was, or where it came from, with the pack.
fn told(facts: &Facts, entry: &Entry) -> String {
    let pack = entry.pack.as_ref();
    let pack = pack.map(|pack| format!("lot {}, expires {}", pack.lot, day_text(pack.expires_on)));
    let taker = facts.takers.get(&entry.id).and_then(|id| facts.holders.residents.get(id)).map(|one| one.name());
    let note = Some(entry.note.clone()).filter(|note| !note.is_empty());
    [taker, note, pack].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// What the book says; since a difference was opened, also what would be there if that is right.
fn balance(facts: &Facts, n: i64, after: i64) -> String {
    let open: i64 = facts.open().filter(|file| file.opened.n <= n).map(|file| file.opened.difference).sum();
    let said = |parts: i64| signed_text(parts, facts.product);
    if open == 0 { said(after) } else { format!("{} or {}", said(after), said(after + open)) }
}

fn count_row(facts: &Facts, count: &Counted) -> Row {
    let text = |parts: Parts| parts.text(facts.product);
    let differs = count.counted != count.expected;
    let same = if differs { "" } else { ": the same" };
    Row {
        seq: String::new(),
        at: facts.moment(count.counted_at),
        what: "Count",
        told: format!("Counted {}, expected {}{same}", text(count.counted), text(count.expected)),
        came: String::new(),
        left: String::new(),
        balance: text(count.counted),
        differs,
        by: facts.name(&count.counted_by).to_owned(),
        witness: count.witnessed_by.as_deref().map_or("", |person| facts.name(person)).to_owned(),
        fact: links::fact(count.n),
        n: count.n,
    }
}
