//! The bell: when it last rang, how often, and where; and around what a clock was set back. Pages say so when it falls
//! silent, when its database was put back, and while its clock is behind.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::StoreError;
use super::db::Conn;
use super::schema::bells;
use crate::care::leap::SetBack;
use crate::care::ringing::{LastRing, Place};
use crate::on_either;

/// There is one bell, however many programs ring it.
const BELL: &str = "bell";

/// Its latest ring before the clock was set back, and its first one after that.
const AROUND: [&str; 2] = ["before", "after"];

/// The facilities whose letters could not be worked out when the bell of this program last tried, and why: it rings, and sends
/// them nothing. Clones share it.
#[derive(Clone, Default)]
pub struct Unreckoned(Arc<Mutex<BTreeMap<String, String>>>);

impl Unreckoned {
    /// `why` is none where they were.
    pub fn note(&self, facility: &str, why: Option<String>) {
        let mut all = self.all();
        match why {
            Some(why) => all.insert(facility.to_owned(), why),
            None => all.remove(facility),
        };
    }

    pub fn why(&self, facility: &str) -> Option<String> {
        self.all().get(facility).cloned()
    }

    pub fn is_empty(&self) -> bool {
        self.all().is_empty()
    }

    /// Whoever panicked while holding it left whole entries.
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// It rang, for the so-manieth time; of two that ring at once, the higher number stays.
pub fn bell_rang(conn: &mut Conn, ring: i64, place: &Place, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = (bells::rang_at.eq(now.naive_utc()), bells::rings.eq(ring), bells::place.eq(written(place)));
    let known = bells::table.find(BELL).filter(bells::rings.le(ring));
    if diesel::update(known).set(row.clone()).execute(conn)? == 0 {
        let first = (bells::id.eq(BELL), row);
        on_either!(conn, |c| diesel::insert_into(bells::table).values(first).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}

/// When it last rang; none before it ever did.
pub fn bell_find(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
    Ok(ring_last(conn)?.rang_at)
}

/// What the database says of its bell.
pub fn ring_last(conn: &mut Conn) -> Result<LastRing, StoreError> {
    let row: Option<(NaiveDateTime, i64, String)> =
        bells::table.find(BELL).select((bells::rang_at, bells::rings, bells::place)).first(conn).optional()?;
    Ok(row.map_or_else(LastRing::default, |(rang_at, rings, place)| LastRing {
        rang_at: Some(rang_at.and_utc()),
        rings,
        place: read(&place),
    }))
}

/// That the clock was set back, in the place of any earlier time.
pub fn set_back_begin(conn: &mut Conn, found: &SetBack) -> Result<(), StoreError> {
    set_back_end(conn)?;
    for (id, at) in AROUND.into_iter().zip([found.from, found.to]) {
        let row = (bells::id.eq(id), bells::rang_at.eq(at.naive_utc()));
        on_either!(conn, |c| diesel::insert_into(bells::table).values(row).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}

/// The last time at which the clock was set back, unless somebody has said since that it is right.
pub fn set_back_last(conn: &mut Conn) -> Result<Option<SetBack>, StoreError> {
    let rows: Vec<(String, NaiveDateTime)> =
        bells::table.filter(bells::id.eq_any(AROUND)).select((bells::id, bells::rang_at)).load(conn)?;
    let rang = |id: &str| rows.iter().find(|(of, _)| of == id).map(|(_, at)| at.and_utc());
    let [from, to] = AROUND.map(rang);
    Ok(from.zip(to).map(|(from, to)| SetBack { from, to }))
}

/// The clock was set back, and has not come again to where it was.
pub fn set_back_find(conn: &mut Conn, now: DateTime<Utc>) -> Result<Option<SetBack>, StoreError> {
    Ok(set_back_last(conn)?.filter(|found| !found.is_over(now)))
}

pub fn set_back_end(conn: &mut Conn) -> Result<(), StoreError> {
    diesel::delete(bells::table.filter(bells::id.eq_any(AROUND))).execute(conn)?;
    Ok(())
}

/// What it rang at by a clock that people were told to doubt says nothing, once the clock shows less.
pub fn bell_back_to(conn: &mut Conn, now: DateTime<Utc>) -> Result<(), StoreError> {
    let later = bells::table.find(BELL).filter(bells::rang_at.gt(now.naive_utc()));
    diesel::update(later).set(bells::rang_at.eq(now.naive_utc())).execute(conn)?;
    Ok(())
}

fn written(place: &Place) -> String {
    if *place == Place::default() { String::new() } else { format!("{}/{}", place.ids.join("/"), place.timeline) }
}

fn read(text: &str) -> Place {
    let mut parts = text.split('/').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    Place { ids: [next(), next(), next()], timeline: next() }
}

/// What a server is asked about itself; a file lives where its mark lies.
const QUESTIONS: [&str; 4] = [
    "SELECT CAST(system_identifier AS TEXT) FROM pg_control_system()",
    "SELECT CAST(oid AS TEXT) FROM pg_database WHERE datname = current_database()",
    "SELECT CAST(CAST('letters' AS regclass)::oid AS TEXT)",
    "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)",
];

/// Where the database lives. Not every server tells everything to everybody.
pub fn place_here(conn: &mut Conn) -> Place {
    let Conn::Postgres(server) = conn else { return Place::default() };
    let [cluster, database, table, timeline] = QUESTIONS.map(|question| {
        let told = server.transaction(|server| sql::<Text>(question).get_result::<String>(server));
        told.unwrap_or_default()
    });
    Place { ids: [cluster, database, table], timeline }
}
