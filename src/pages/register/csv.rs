//! A register as a file for a spreadsheet, the newest first: one line an entry, a count, a difference that opened, and one
//! that was resolved.

use std::collections::{BTreeSet, HashMap};

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};

use super::facts::{Facts, PAGE};
use crate::care::register::book::{Ending, Found};
use crate::care::resident::Resident;
use crate::store::registers::{Counted, Discrepancy, Ended, Entry, Finding, entries_page, findings_between, takers_of};
use crate::store::{Conn, Db, StoreError, people};
use crate::web::parts::registered::signed_text;
use crate::web::spreadsheet::{cell, download};

const HEADER: [&str; 16] = [
    "No.",
    "Day",
    "Time",
    "Entry",
    "Resident",
    "Moves",
    "Balance",
    "Lot",
    "Expires",
    "Note",
    "By",
    "Witness",
    "Expected",
    "Counted",
    "Difference",
    "Resolution",
];

type Line = [String; 16];

/// A part of the register, and the printed names of everybody in it.
struct Part {
    entries: Vec<Entry>,
    /// What was found out meanwhile, each with the number of its fact.
    findings: Vec<(i64, Finding)>,
    takers: HashMap<String, String>,
    names: HashMap<String, String>,
}

/// Read page by page while it is sent.
pub fn file(db: Db, facts: Facts) -> HttpResponse {
    let holder = facts.holders.name(&facts.register.holder);
    let name = format!("{holder} {} {} register", facts.product.medicine, facts.product.name());
    download(&name, move |rows| {
        rows.row(HEADER);
        // Everything numbered from here on has been sent.
        let (mut before, mut told) = (None, i64::MAX);
        loop {
            let id = facts.register.id.clone();
            let part = db.read(move |conn| part(conn, &id, before, told))?;
            part.lines(&facts).into_iter().for_each(|line| rows.row(line));
            rows.send()?;
            let Some(last) = part.entries.last() else { return Ok(()) };
            (before, told) = (Some(last.seq), last.n);
        }
    })
}

/// A page of entries, and what was found out since the first of them; what is older than all of them, where none is left.
fn part(conn: &mut Conn, register: &str, before: Option<i64>, told: i64) -> Result<Part, StoreError> {
    let entries = entries_page(conn, register, before, PAGE)?;
    let from = entries.last().map_or(0, |entry| entry.n);
    let findings = findings_between(conn, register, from, told - 1)?;
    let takers = takers_of(conn, &entries)?;
    let entered = entries.iter().flat_map(|one| [Some(&one.entered_by), one.witnessed_by.as_ref()]);
    let found = findings.iter().flat_map(|(_, one)| match one {
        Finding::Counted(count) => [Some(&count.counted_by), count.witnessed_by.as_ref()],
        Finding::Opened(opened) => [Some(&opened.opened_by), None],
        Finding::Ended(_, ended) => [Some(&ended.ended_by), None],
    });
    let people: BTreeSet<&str> = entered.chain(found).flatten().map(String::as_str).collect();
    let names = people::names_of(conn, &people)?;
    Ok(Part { entries, findings, takers, names })
}

impl Part {
    /// In the order of the history, the newest first; what a fact found out stands above what it entered.
    fn lines(&self, facts: &Facts) -> Vec<Line> {
        let entries = self.entries.iter().map(|one| (one.n, false, self.entry(facts, one)));
        let findings = self.findings.iter().map(|(n, one)| (*n, true, self.finding(facts, one)));
        let mut all: Vec<(i64, bool, Line)> = findings.chain(entries).collect();
        all.sort_by_key(|(n, found, _)| std::cmp::Reverse((*n, *found)));
        all.into_iter().map(|(.., line)| line).collect()
    }

    fn name(&self, person: &str) -> String {
        self.names.get(person).map(|name| cell(name)).unwrap_or_default()
    }

    fn entry(&self, facts: &Facts, entry: &Entry) -> Line {
        let taker = self.takers.get(&entry.id).and_then(|id| facts.holders.residents.get(id));
        let pack = entry.pack.as_ref();
        let mut line = line(facts, entry.entered_at, entry.kind.text());
        line[0] = entry.seq.to_string();
        line[4] = taker.map(|one| cell(&Resident::name(one))).unwrap_or_default();
        line[5] = text(facts, entry.parts);
        line[6] = text(facts, entry.balance_after);
        line[7] = pack.map(|pack| cell(&pack.lot)).unwrap_or_default();
        line[8] = pack.map(|pack| pack.expires_on.to_string()).unwrap_or_default();
        line[9] = cell(&entry.note);
        line[10] = self.name(&entry.entered_by);
        line[11] = entry.witnessed_by.as_deref().map(|person| self.name(person)).unwrap_or_default();
        line
    }

    fn finding(&self, facts: &Facts, finding: &Finding) -> Line {
        match finding {
            Finding::Counted(count) => self.count(facts, count),
            Finding::Opened(opened) => self.opened(facts, opened),
            Finding::Ended(opened, ended) => self.ended(facts, opened, ended),
        }
    }

    fn count(&self, facts: &Facts, count: &Counted) -> Line {
        let (expected, counted) = (count.expected.0 as i64, count.counted.0 as i64);
        let mut line = line(facts, count.counted_at, "Count");
        line[10] = self.name(&count.counted_by);
        line[11] = count.witnessed_by.as_deref().map(|person| self.name(person)).unwrap_or_default();
        line[12] = text(facts, expected);
        line[13] = text(facts, counted);
        line[14] = text(facts, counted - expected);
        line
    }

    fn opened(&self, facts: &Facts, opened: &Discrepancy) -> Line {
        let mut line = line(facts, opened.opened_at, "Difference opened");
        line[9] = match (&opened.unwitnessed, opened.found) {
            (Some(why), _) => cell(&format!("Wasted without a witness: {why}")),
            (None, Found::Count) => "Found by a count".to_owned(),
            (None, Found::Dose) => "A dose took what the register did not have".to_owned(),
        };
        line[10] = self.name(&opened.opened_by);
        line[14] = text(facts, opened.difference);
        line
    }

    fn ended(&self, facts: &Facts, opened: &Discrepancy, ended: &Ended) -> Line {
        let how = match ended.ending {
            Ending::Adjusted => "Register adjusted",
            Ending::Explained => "Explained",
        };
        let since = facts.facility.zone.local(opened.opened_at).format("%Y-%m-%d %H:%M");
        let mut line = line(facts, ended.ended_at, "Difference resolved");
        line[9] = cell(&ended.reason);
        line[10] = self.name(&ended.ended_by);
        line[14] = text(facts, opened.difference);
        line[15] = format!("{how}; opened {since}");
        line
    }
}

/// A line that says when, and of what kind it is.
fn line(facts: &Facts, at: DateTime<Utc>, what: &str) -> Line {
    let at = facts.facility.zone.local(at);
    let mut line = Line::default();
    line[1] = at.date().to_string();
    line[2] = at.format("%H:%M").to_string();
    line[3] = what.to_owned();
    line
}

fn text(facts: &Facts, parts: i64) -> String {
    signed_text(parts, facts.product).replace('\u{2212}', "-").replace('\u{a0}', " ")
}
