//! A register as a file for a spreadsheet: one line an entry, the newest first.

use actix_web::HttpResponse;

use super::facts::{Facts, PAGE};
use crate::care::resident::Resident;
use crate::store::Db;
use crate::store::people;
use crate::store::registers::{Entry, entries_page, takers_of};
use crate::web::parts::registered::signed_text;
use crate::web::spreadsheet::{cell, download};

const HEADER: [&str; 12] =
    ["No.", "Day", "Time", "Entry", "Resident", "Moves", "Balance", "Lot", "Expires", "Note", "By", "Witness"];

/// Read page by page while it is sent.
pub fn file(db: Db, facts: Facts) -> HttpResponse {
    let holder = facts.holders.name(&facts.register.holder);
    let name = format!("{holder} {} {} register", facts.product.medicine, facts.product.name());
    download(&name, move |rows| {
        rows.row(HEADER);
        let mut before = None;
        loop {
            let id = facts.register.id.clone();
            let (entries, names, takers) = db.read(move |conn| {
                let entries = entries_page(conn, &id, before, PAGE)?;
                let all = entries.iter().flat_map(|one| [Some(&one.entered_by), one.witnessed_by.as_ref()]);
                let names = people::names_of(conn, &all.flatten().map(String::as_str).collect())?;
                let takers = takers_of(conn, &entries)?;
                Ok::<_, crate::store::StoreError>((entries, names, takers))
            })?;
            let name = |person: &str| names.get(person).cloned().unwrap_or_default();
            let taker = |entry: &Entry| facts.holders.residents.get(takers.get(&entry.id)?).map(Resident::name);
            let row = |entry: &Entry| cells(&facts, entry, taker(entry).unwrap_or_default(), &name);
            entries.iter().for_each(|entry| rows.row(row(entry)));
            rows.send()?;
            let Some(last) = entries.last() else { return Ok(()) };
            before = Some(last.seq);
        }
    })
}

fn cells(facts: &Facts, entry: &Entry, taker: String, name: &impl Fn(&str) -> String) -> [String; 12] {
    let at = facts.facility.zone.local(entry.entered_at);
    let pack = entry.pack.as_ref();
    let text = |parts: i64| signed_text(parts, facts.product).replace('\u{2212}', "-").replace('\u{a0}', " ");
    [
        entry.seq.to_string(),
        at.date().to_string(),
        at.format("%H:%M").to_string(),
        entry.kind.text().to_owned(),
        cell(&taker),
        text(entry.parts),
        text(entry.balance_after),
        pack.map(|pack| cell(&pack.lot)).unwrap_or_default(),
        pack.map(|pack| pack.expires_on.to_string()).unwrap_or_default(),
        cell(&entry.note),
        cell(&name(&entry.entered_by)),
        entry.witnessed_by.as_deref().map(|person| cell(&name(person))).unwrap_or_default(),
    ]
}
