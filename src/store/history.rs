//! The history: one sealed fact for every act, numbered without a gap, never changed and never removed.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::schema::{history, people};
use super::{Conn, StoreError};
use crate::on_either;

/// So many facts are read at once when the chain is walked.
pub const PAGE: i64 = 1000;

/// What an act established, as the act tells it.
#[derive(Debug, Clone, Copy)]
pub struct NewFact<'a, B> {
    /// The id of the form that asked: a repeated post finds its first answer by it.
    pub id: &'a str,
    /// The name of the act.
    pub kind: &'a str,
    pub facility: &'a str,
    pub resident: Option<&'a str>,
    /// The row the fact is about.
    pub subject: &'a str,
    /// Nobody: the bell, or the program at its first start.
    pub done_by: Option<&'a str>,
    pub role: &'a str,
    /// All that the clinical rows hold, before and after.
    pub body: &'a B,
}

/// A fact as it stands in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub n: i64,
    pub id: String,
    pub kind: String,
    pub facility: String,
    pub resident: Option<String>,
    pub subject: String,
    pub done_by: Option<String>,
    /// The name that person has today.
    pub done_by_name: Option<String>,
    pub role: String,
    pub done_at: DateTime<Utc>,
    /// JSON.
    pub body: String,
    pub seal: String,
}

/// Which facts are looked for, the newest first.
#[derive(Debug, Clone, Default)]
pub struct FactsAsk {
    pub facility: String,
    pub resident: Option<String>,
    pub subject: Option<String>,
    pub done_by: Option<String>,
    pub kinds: Vec<String>,
    /// Only facts numbered below this: the next page.
    pub before: Option<i64>,
    pub limit: i64,
}

/// The history is whole up to and with number `n`, whose seal this is. The default stands before the first fact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proof {
    pub n: i64,
    pub seal: String,
}

impl Proof {
    /// Whether the fact it ends with still bears this seal: kept elsewhere, it shows what was cut off or written anew.
    pub fn stands(&self, conn: &mut Conn) -> Result<Result<(), Fault>, StoreError> {
        let found = history::table.find(self.n).select(history::seal).first::<String>(conn).optional()?;
        Ok(match found {
            Some(seal) if seal == self.seal => Ok(()),
            Some(_) => Err(Fault::Changed { n: self.n }),
            None if self.n == 0 => Ok(()),
            None => Err(Fault::Missing { n: self.n }),
        })
    }
}

/// Where the history is no longer what was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("Fact {n} is missing from the history.")]
    Missing { n: i64 },
    #[error("Fact {n} of the history, or its seal, is not what was written.")]
    Changed { n: i64 },
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = history, treat_none_as_default_value = false)]
struct Row {
    n: i64,
    id: String,
    kind: String,
    facility: String,
    resident: Option<String>,
    subject: String,
    done_by: Option<String>,
    role: String,
    done_at: NaiveDateTime,
    body: String,
    seal: String,
}

impl Row {
    /// SHA-256 over the seal before and everything this fact says; each part is quoted, so that nothing can move from
    /// one into the next.
    fn sealed(&self, before: &str) -> String {
        let said = (
            (self.n, &self.id, &self.kind, &self.facility, &self.resident, &self.subject),
            (&self.done_by, &self.role, self.done_at.format("%FT%TZ").to_string(), &self.body),
        );
        let text = serde_json::to_string(&said).expect("numbers and text are always JSON");
        let digest = Sha256::new().chain_update(before).chain_update("\n").chain_update(text).finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn named(self, done_by_name: Option<String>) -> Fact {
        Fact {
            n: self.n,
            id: self.id,
            kind: self.kind,
            facility: self.facility,
            resident: self.resident,
            subject: self.subject,
            done_by: self.done_by,
            done_by_name,
            role: self.role,
            done_at: self.done_at.and_utc(),
            body: self.body,
            seal: self.seal,
        }
    }
}

/// Appends the fact of an act and yields its number. The number is taken late in the act and held until its commit, so
/// that no number is ever missing: acts queue here, and only here.
pub fn fact_append<B: Serialize>(conn: &mut Conn, fact: &NewFact<B>, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let last = last_awaited(conn)?;
    let body = serde_json::to_string(fact.body).map_err(|why| StoreError::Corrupt(why.to_string()))?;
    let mut row = Row {
        n: last.n + 1,
        id: fact.id.to_owned(),
        kind: fact.kind.to_owned(),
        facility: fact.facility.to_owned(),
        resident: fact.resident.map(str::to_owned),
        subject: fact.subject.to_owned(),
        done_by: fact.done_by.map(str::to_owned),
        role: fact.role.to_owned(),
        done_at: now.naive_utc(),
        body,
        seal: String::new(),
    };
    row.seal = row.sealed(&last.seal);
    on_either!(conn, |c| diesel::insert_into(history::table).values(&row).execute(c))?;
    Ok(row.n)
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// Waits for whoever is appending, and yields the last number and its seal: stands beside the guards of PostgreSQL.
    fn history_end() -> Record<(BigInt, Text)>;
}

/// The last fact there is, once nobody else is appending. SQLite has one writer already.
fn last_awaited(conn: &mut Conn) -> Result<Proof, StoreError> {
    let last = history::table.order(history::n.desc()).select((history::n, history::seal));
    let (n, seal) = match conn {
        Conn::Sqlite(conn) => last.first(conn).optional()?.unwrap_or_default(),
        Conn::Postgres(conn) => diesel::select(history_end()).get_result(conn)?,
    };
    Ok(Proof { n, seal })
}

/// The fact with that number.
pub fn fact_load(conn: &mut Conn, n: i64) -> Result<Fact, StoreError> {
    let found = history::table
        .left_join(people::table)
        .filter(history::n.eq(n))
        .select((Row::as_select(), people::name.nullable()))
        .first::<(Row, Option<String>)>(conn)?;
    Ok(found.0.named(found.1))
}

/// The fact that the form with that id established.
pub fn fact_find_by_id(conn: &mut Conn, id: &str) -> Result<Option<Fact>, StoreError> {
    let n = history::table.filter(history::id.eq(id)).select(history::n).first(conn).optional()?;
    n.map(|n| fact_load(conn, n)).transpose()
}

/// What the fact keeps that the form with that id established.
pub fn body_find<B: DeserializeOwned>(conn: &mut Conn, id: &str) -> Result<Option<B>, StoreError> {
    let body: Option<String> =
        history::table.filter(history::id.eq(id)).select(history::body).first(conn).optional()?;
    let read =
        |text: String| serde_json::from_str(&text).map_err(|why| StoreError::Corrupt(format!("fact {id}: {why}")));
    body.map(read).transpose()
}

/// Whether the form with that id has been answered before.
pub fn fact_exists(conn: &mut Conn, id: &str) -> Result<bool, StoreError> {
    Ok(diesel::select(diesel::dsl::exists(history::table.filter(history::id.eq(id)))).get_result(conn)?)
}

/// A page of facts, the newest first. Found by key, so that the last page is as fast as the first.
pub fn facts_page(conn: &mut Conn, ask: &FactsAsk) -> Result<Vec<Fact>, StoreError> {
    let mut query = history::table.left_join(people::table).filter(history::facility.eq(&ask.facility)).into_boxed();
    if let Some(resident) = &ask.resident {
        query = query.filter(history::resident.eq(resident));
    }
    if let Some(subject) = &ask.subject {
        query = query.filter(history::subject.eq(subject));
    }
    if let Some(done_by) = &ask.done_by {
        query = query.filter(history::done_by.eq(done_by));
    }
    if !ask.kinds.is_empty() {
        query = query.filter(history::kind.eq_any(&ask.kinds));
    }
    if let Some(before) = ask.before {
        query = query.filter(history::n.lt(before));
    }
    let found = query
        .order(history::n.desc())
        .limit(ask.limit)
        .select((Row::as_select(), people::name.nullable()))
        .load::<(Row, Option<String>)>(conn)?;
    Ok(found.into_iter().map(|(row, name)| row.named(name)).collect())
}

/// Walks the chain on from what is proved already, and yields how far it is whole. What was cut off the end shows when
/// the last number is lower than one that was seen before.
pub fn facts_verify(conn: &mut Conn, since: &Proof) -> Result<Result<Proof, Fault>, StoreError> {
    let mut proved = since.clone();
    loop {
        let before = proved.n;
        match facts_verify_some(conn, &proved)? {
            Ok(next) => proved = next,
            fault => return Ok(fault),
        }
        if proved.n == before {
            return Ok(Ok(proved));
        }
    }
}

/// Walks one page of the chain on. The number stays where there is nothing more.
pub fn facts_verify_some(conn: &mut Conn, since: &Proof) -> Result<Result<Proof, Fault>, StoreError> {
    let rows: Vec<Row> = history::table
        .filter(history::n.gt(since.n))
        .order(history::n)
        .limit(PAGE)
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().try_fold(since.clone(), |proved, row| follows(&proved, row)))
}

/// Whether one fact, and the one after it, follow from the seal before. Yields that seal; it is empty before the first.
pub fn link_verify(conn: &mut Conn, n: i64) -> Result<Result<String, Fault>, StoreError> {
    let rows: Vec<Row> = history::table
        .filter(history::n.between(n - 1, n + 1))
        .order(history::n)
        .select(Row::as_select())
        .load(conn)?;
    let (before, links): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.n < n);
    let start = match before.into_iter().next() {
        Some(row) => Proof { n: row.n, seal: row.seal },
        None if n <= 1 => Proof::default(),
        None => return Ok(Err(Fault::Missing { n: n - 1 })),
    };
    let whole = links.into_iter().try_fold(start.clone(), |proved, row| follows(&proved, row));
    Ok(whole.map(|_| start.seal))
}

fn follows(proved: &Proof, row: Row) -> Result<Proof, Fault> {
    if row.n != proved.n + 1 {
        Err(Fault::Missing { n: proved.n + 1 })
    } else if row.sealed(&proved.seal) != row.seal {
        Err(Fault::Changed { n: row.n })
    } else {
        Ok(Proof { n: row.n, seal: row.seal })
    }
}
