//! What is written into registers once and for ever: entries, counts, differences and how they ended.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::care::register::book::{Ending, Found, Kind, Pack};
use crate::care::register::parts::Parts;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::schema::{discrepancies, discrepancy_endings, register_counts, register_entries, registers};

/// One line of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub id: String,
    /// The number of its fact in the history, which is where that fact keeps it.
    #[serde(skip)]
    pub n: i64,
    pub register: String,
    /// Its number in the register, without a gap.
    pub seq: i64,
    pub kind: Kind,
    /// What it does to the balance, in parts.
    pub parts: i64,
    pub balance_after: i64,
    pub pack: Option<Pack>,
    /// The dose that took it.
    pub administration: Option<String>,
    pub as_needed_dose: Option<String>,
    /// What was given in error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
    /// The difference that it writes off or on.
    pub discrepancy: Option<String>,
    /// The entry that it puts back.
    pub reverses: Option<String>,
    pub note: String,
    /// The person's id.
    pub entered_by: String,
    pub witnessed_by: Option<String>,
    pub entered_at: DateTime<Utc>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = register_entries, treat_none_as_default_value = false)]
pub(super) struct EntryRow {
    id: String,
    n: i64,
    register: String,
    seq: i64,
    kind: String,
    parts: i64,
    balance_after: i64,
    lot: Option<String>,
    expires_on: Option<NaiveDate>,
    administration: Option<String>,
    as_needed_dose: Option<String>,
    incident: Option<String>,
    discrepancy: Option<String>,
    reverses: Option<String>,
    note: String,
    entered_by: String,
    witnessed_by: Option<String>,
    entered_at: NaiveDateTime,
    of_lot: Option<String>,
    of_expires_on: Option<NaiveDate>,
}

impl EntryRow {
    /// The row of an entry under its fact.
    pub fn new(entry: &Entry, n: i64) -> EntryRow {
        // What is moved takes its pack along; only what is received begins one.
        let pack = |received: bool| entry.pack.as_ref().filter(|_| (entry.kind == Kind::Received) == received);
        EntryRow {
            id: entry.id.clone(),
            n,
            register: entry.register.clone(),
            seq: entry.seq,
            kind: entry.kind.word().to_owned(),
            parts: entry.parts,
            balance_after: entry.balance_after,
            lot: pack(true).map(|pack| pack.lot.clone()),
            expires_on: pack(true).map(|pack| pack.expires_on),
            administration: entry.administration.clone(),
            as_needed_dose: entry.as_needed_dose.clone(),
            incident: entry.incident.clone(),
            discrepancy: entry.discrepancy.clone(),
            reverses: entry.reverses.clone(),
            note: entry.note.clone(),
            entered_by: entry.entered_by.clone(),
            witnessed_by: entry.witnessed_by.clone(),
            entered_at: entry.entered_at.naive_utc(),
            of_lot: pack(false).map(|pack| pack.lot.clone()),
            of_expires_on: pack(false).map(|pack| pack.expires_on),
        }
    }
}

impl TryFrom<EntryRow> for Entry {
    type Error = StoreError;
    fn try_from(row: EntryRow) -> Result<Entry, StoreError> {
        let corrupt = || StoreError::Corrupt(format!("kind of register entry {}", row.id));
        Ok(Entry {
            kind: Kind::of_word(&row.kind).ok_or_else(corrupt)?,
            id: row.id,
            n: row.n,
            register: row.register,
            seq: row.seq,
            parts: row.parts,
            balance_after: row.balance_after,
            pack: row.lot.or(row.of_lot).zip(row.expires_on.or(row.of_expires_on)).map(Pack::from),
            administration: row.administration,
            as_needed_dose: row.as_needed_dose,
            incident: row.incident,
            discrepancy: row.discrepancy,
            reverses: row.reverses,
            note: row.note,
            entered_by: row.entered_by,
            witnessed_by: row.witnessed_by,
            entered_at: row.entered_at.and_utc(),
        })
    }
}

fn read(rows: Vec<EntryRow>) -> Result<Vec<Entry>, StoreError> {
    rows.into_iter().map(Entry::try_from).collect()
}

/// A page of a register, the newest entry first: those numbered below `before`. Found by key.
pub fn entries_page(
    conn: &mut Conn,
    register: &str,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    let all = register_entries::table.filter(register_entries::register.eq(register));
    let older = all.filter(register_entries::seq.lt(before.unwrap_or(i64::MAX)));
    read(older.order(register_entries::seq.desc()).limit(limit).load(conn)?)
}

/// What a dose took, by the id of its record, in the order in which it was written.
pub fn entries_taken_by(conn: &mut Conn, record: &str) -> Result<Vec<Entry>, StoreError> {
    let of_dose = register_entries::administration.eq(record).or(register_entries::as_needed_dose.eq(record));
    let of_record = of_dose.or(register_entries::incident.eq(record));
    let taken = register_entries::table.filter(of_record);
    let by_dose = register_entries::kind.eq_any([Kind::Given.word(), Kind::Wasted.word()]);
    read(taken.filter(by_dose).order((register_entries::register, register_entries::seq)).load(conn)?)
}

/// Something was found that the book does not say, or the other way round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discrepancy {
    pub id: String,
    #[serde(skip)]
    pub n: i64,
    pub register: String,
    /// What was found or used, less what the book said, in parts.
    pub difference: i64,
    pub found: Found,
    /// The person's id.
    pub opened_by: String,
    pub opened_at: DateTime<Utc>,
    /// Why nobody saw it, where a witness was wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unwitnessed: Option<String>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = discrepancies, treat_none_as_default_value = false)]
pub(super) struct DiscrepancyRow {
    id: String,
    n: i64,
    register: String,
    difference: i64,
    found: String,
    opened_by: String,
    opened_at: NaiveDateTime,
    unwitnessed: Option<String>,
}

impl DiscrepancyRow {
    pub fn new(opened: &Discrepancy, n: i64) -> DiscrepancyRow {
        DiscrepancyRow {
            id: opened.id.clone(),
            n,
            register: opened.register.clone(),
            difference: opened.difference,
            found: opened.found.word().to_owned(),
            opened_by: opened.opened_by.clone(),
            opened_at: opened.opened_at.naive_utc(),
            unwitnessed: opened.unwitnessed.clone(),
        }
    }
}

impl TryFrom<DiscrepancyRow> for Discrepancy {
    type Error = StoreError;
    fn try_from(row: DiscrepancyRow) -> Result<Discrepancy, StoreError> {
        let corrupt = || StoreError::Corrupt(format!("discrepancy {}", row.id));
        Ok(Discrepancy {
            found: Found::of_word(&row.found).ok_or_else(corrupt)?,
            id: row.id,
            n: row.n,
            register: row.register,
            difference: row.difference,
            opened_by: row.opened_by,
            opened_at: row.opened_at.and_utc(),
            unwitnessed: row.unwitnessed,
        })
    }
}

/// How a difference ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub id: String,
    pub discrepancy: String,
    pub ending: Ending,
    pub reason: String,
    /// The person's id.
    pub ended_by: String,
    pub ended_at: DateTime<Utc>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = discrepancy_endings)]
pub(super) struct EndedRow {
    id: String,
    discrepancy: String,
    ending: String,
    reason: String,
    ended_by: String,
    ended_at: NaiveDateTime,
}

impl From<&Ended> for EndedRow {
    fn from(ended: &Ended) -> EndedRow {
        EndedRow {
            id: ended.id.clone(),
            discrepancy: ended.discrepancy.clone(),
            ending: ended.ending.word().to_owned(),
            reason: ended.reason.clone(),
            ended_by: ended.ended_by.clone(),
            ended_at: ended.ended_at.naive_utc(),
        }
    }
}

impl TryFrom<EndedRow> for Ended {
    type Error = StoreError;
    fn try_from(row: EndedRow) -> Result<Ended, StoreError> {
        let corrupt = || StoreError::Corrupt(format!("ending of discrepancy {}", row.discrepancy));
        Ok(Ended {
            ending: Ending::of_word(&row.ending).ok_or_else(corrupt)?,
            id: row.id,
            discrepancy: row.discrepancy,
            reason: row.reason,
            ended_by: row.ended_by,
            ended_at: row.ended_at.and_utc(),
        })
    }
}

/// A difference, and how it ended if it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscrepancyFile {
    pub opened: Discrepancy,
    pub ended: Option<Ended>,
}

/// One difference; must exist.
pub fn discrepancy_load(conn: &mut Conn, id: &str) -> Result<DiscrepancyFile, StoreError> {
    let opened: DiscrepancyRow = discrepancies::table.find(id).first(conn)?;
    let ended: Option<EndedRow> =
        discrepancy_endings::table.filter(discrepancy_endings::discrepancy.eq(id)).first(conn).optional()?;
    Ok(DiscrepancyFile { opened: opened.try_into()?, ended: ended.map(Ended::try_from).transpose()? })
}

/// The differences of a register, the newest first.
pub fn discrepancies_of(conn: &mut Conn, register: &str) -> Result<Vec<DiscrepancyFile>, StoreError> {
    let rows: Vec<(DiscrepancyRow, Option<EndedRow>)> = discrepancies::table
        .left_join(discrepancy_endings::table)
        .filter(discrepancies::register.eq(register))
        .order(discrepancies::n.desc())
        .load(conn)?;
    let file = |(opened, ended): (DiscrepancyRow, Option<EndedRow>)| {
        Ok(DiscrepancyFile { opened: opened.try_into()?, ended: ended.map(Ended::try_from).transpose()? })
    };
    rows.into_iter().map(file).collect()
}

/// The differences of a facility that nobody has resolved, the oldest first.
pub fn discrepancies_open(conn: &mut Conn, facility: &str) -> Result<Vec<Discrepancy>, StoreError> {
    let rows: Vec<DiscrepancyRow> = discrepancies::table
        .inner_join(registers::table)
        .left_join(discrepancy_endings::table)
        .filter(registers::facility.eq(facility).and(discrepancy_endings::id.is_null()))
        .order((discrepancies::n, discrepancies::id))
        .select(discrepancies::all_columns)
        .load(conn)?;
    rows.into_iter().map(Discrepancy::try_from).collect()
}

/// A blind count of one register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub id: String,
    #[serde(skip)]
    pub n: i64,
    pub register: String,
    pub expected: Parts,
    pub counted: Parts,
    /// The person's id.
    pub counted_by: String,
    pub witnessed_by: Option<String>,
    pub counted_at: DateTime<Utc>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = register_counts, treat_none_as_default_value = false)]
pub(super) struct CountedRow {
    id: String,
    n: i64,
    register: String,
    expected: i64,
    counted: i64,
    counted_by: String,
    witnessed_by: Option<String>,
    counted_at: NaiveDateTime,
}

impl CountedRow {
    pub fn new(count: &Counted, n: i64) -> CountedRow {
        CountedRow {
            id: count.id.clone(),
            n,
            register: count.register.clone(),
            expected: count.expected.0 as i64,
            counted: count.counted.0 as i64,
            counted_by: count.counted_by.clone(),
            witnessed_by: count.witnessed_by.clone(),
            counted_at: count.counted_at.naive_utc(),
        }
    }
}

impl TryFrom<CountedRow> for Counted {
    type Error = StoreError;
    fn try_from(row: CountedRow) -> Result<Counted, StoreError> {
        let parts = |number: i64| {
            u64::try_from(number).map(Parts).map_err(|_| StoreError::Corrupt(format!("count {}", row.id)))
        };
        Ok(Counted {
            expected: parts(row.expected)?,
            counted: parts(row.counted)?,
            id: row.id,
            n: row.n,
            register: row.register,
            counted_by: row.counted_by,
            witnessed_by: row.witnessed_by,
            counted_at: row.counted_at.and_utc(),
        })
    }
}

/// The counts of a register under facts from one number up to another, the newest first.
pub fn counts_between(conn: &mut Conn, register: &str, from: i64, until: i64) -> Result<Vec<Counted>, StoreError> {
    let rows: Vec<CountedRow> = register_counts::table
        .filter(register_counts::register.eq(register))
        .filter(register_counts::n.between(from, until))
        .order(register_counts::n.desc())
        .load(conn)?;
    rows.into_iter().map(Counted::try_from).collect()
}

/// The last count of a register that found what was expected.
pub fn last_match_find(conn: &mut Conn, register: &str) -> Result<Option<Counted>, StoreError> {
    let row: Option<CountedRow> = register_counts::table
        .filter(register_counts::register.eq(register))
        .filter(register_counts::counted.eq(register_counts::expected))
        .order(register_counts::n.desc())
        .first(conn)
        .optional()?;
    row.map(Counted::try_from).transpose()
}
