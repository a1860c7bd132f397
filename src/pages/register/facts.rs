//! Everything the page of a register shows, read at one moment of the database.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::care::facility::Facility;
use crate::care::medicine::product::Product;
use crate::care::register::book::Pack;
use crate::care::register::ordering::Outlook;
use crate::store::db::Conn;
use crate::store::registers::{
    Counted, DiscrepancyFile, Entry, Outlooks, RegisterFile, counts_between, discrepancies_of, entries_page,
    last_match_find, outlooks_held, packs_there, register_load, takers_of,
};
use crate::store::{StoreError, people};
use crate::web::parts::registered::{Holders, holders_load, product_of};

/// So many entries stand on a page.
pub const PAGE: i64 = 50;

/// What the page of a register is made from.
pub struct Facts {
    pub now: DateTime<Utc>,
    pub facility: Facility,
    pub register: RegisterFile,
    pub product: &'static Product,
    pub holders: Holders,
    /// The newest first.
    pub entries: Vec<Entry>,
    pub counts: Vec<Counted>,
    pub differences: Vec<DiscrepancyFile>,
    pub matched: Option<Counted>,
    pub outlooks: Outlooks,
    /// That may be on the shelf, the newest first.
    pub packs: Vec<Pack>,
    /// Whose dose an entry was, by the entry.
    pub takers: HashMap<String, String>,
    /// The printed names of everybody who appears.
    pub names: HashMap<String, String>,
    pub newest: bool,
    /// The page that follows begins below this.
    pub older: Option<i64>,
}

/// The facts of a register; none where it belongs to no facility of theirs.
pub fn load(
    conn: &mut Conn,
    mine: &[Facility],
    id: &str,
    before: Option<i64>,
    now: DateTime<Utc>,
) -> Result<Option<Facts>, StoreError> {
    let register = register_load(conn, id)?;
    let Some(facility) = mine.iter().find(|one| one.id == register.facility).cloned() else { return Ok(None) };
    let mut entries = entries_page(conn, id, before, PAGE + 1)?;
    let more = entries.len() as i64 > PAGE;
    entries.truncate(PAGE as usize);
    let from = if more { entries.last().map_or(0, |entry| entry.n) } else { 0 };
    let until = if before.is_some() { entries.first().map_or(i64::MAX, |entry| entry.n) } else { i64::MAX };
    let counts = counts_between(conn, id, from, until)?;
    let differences = discrepancies_of(conn, id)?;
    Ok(Some(Facts {
        now,
        product: product_of(&register)?,
        holders: holders_load(conn, &facility)?,
        matched: last_match_find(conn, id)?,
        packs: packs_there(conn, &register)?,
        outlooks: outlooks_held(conn, &facility, &register.holder, now)?,
        takers: takers_of(conn, &entries)?,
        names: people::names_of(conn, &everybody(&entries, &counts, &differences))?,
        newest: before.is_none(),
        older: entries.last().filter(|_| more).map(|entry| entry.seq),
        facility,
        register,
        entries,
        counts,
        differences,
    }))
}

fn everybody<'a>(entries: &'a [Entry], counts: &'a [Counted], differences: &'a [DiscrepancyFile]) -> BTreeSet<&'a str> {
    let entered = entries.iter().flat_map(|one| [Some(&one.entered_by), one.witnessed_by.as_ref()]);
    let counted = counts.iter().flat_map(|one| [Some(&one.counted_by), one.witnessed_by.as_ref()]);
    let found = differences.iter();
    let found = found.flat_map(|one| [Some(&one.opened.opened_by), one.ended.as_ref().map(|ended| &ended.ended_by)]);
    entered.chain(counted).chain(found).flatten().map(String::as_str).collect()
}

impl Facts {
    pub fn name(&self, person: &str) -> &str {
        self.names.get(person).map_or("", String::as_str)
    }

    /// How long what the holder has of this medicine lasts.
    pub fn outlook(&self) -> Option<&Outlook> {
        self.outlooks.of(&self.register.holder, &self.product.medicine)
    }

    pub fn open(&self) -> impl Iterator<Item = &DiscrepancyFile> {
        self.differences.iter().filter(|file| file.ended.is_none())
    }

    /// `20 Nov 2026 07:05`, on the facility's clock.
    pub fn moment(&self, at: DateTime<Utc>) -> String {
        let local = self.facility.zone.local(at);
        format!("{} {}", crate::care::calendar::day_text(local.date()), local.format("%H:%M"))
    }
}
