//! A PostgreSQL server: a pool of connections, and a transaction of its own for every act.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};

use super::attempt::{self, Run};
use super::pool::Pool;
use super::{Conn, Retry};
use crate::care::ringing::Mark;
use crate::clock::Clock;
use crate::store::StoreError;

/// So many connections, for looking and for acting; a server allows a hundred in all unless told otherwise.
const LINES: u32 = 8;
/// Rivals that meet at the same rows are run again so often.
const REPEATS: usize = 4;
/// Server versions are numbers such as 150004.
const OLDEST: i32 = 15_0000;
/// Set on every connection, whatever the server or the role says.
const SETTINGS: &str = "SET TIME ZONE 'UTC'; SET client_encoding = 'UTF8'; SET synchronous_commit = 'on'; \
     SET default_transaction_isolation = 'read committed'; SET default_transaction_read_only = off; \
     SET idle_in_transaction_session_timeout = '60s'; SET lock_timeout = '15s'";
/// What fails is known by its words, and those are told in English where this may be set.
const ENGLISH: &str =
    "SELECT set_config('lc_messages', 'C', false) WHERE has_parameter_privilege('lc_messages', 'SET')";
/// Looking sees one moment and cannot write.
const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// One server.
pub(super) struct Server {
    pool: Pool,
    /// How often the bell had rung when this program last looked; 0 before.
    rings: AtomicI64,
}

impl Server {
    /// Connects once, so that what is wrong is said at start-up and in the server's own words.
    pub(super) fn open(url: String) -> Result<Server, StoreError> {
        let url = with_timeout(url);
        let mut conn = connect(&url).map_err(|why| match why {
            StoreError::Unreachable(why) => {
                StoreError::Unusable(format!("The PostgreSQL database cannot be used: {why}"))
            }
            other => other,
        })?;
        checked(&mut conn)?;
        let pool = Pool::new(LINES, move || connect(&url).map(Conn::Postgres));
        Ok(Server { pool, rings: AtomicI64::new(0) })
    }

    pub(super) fn mark(&self) -> Mark {
        match self.rings.load(Ordering::SeqCst) {
            0 => Mark::Unknown,
            rings => Mark::Rings(rings),
        }
    }

    pub(super) fn keep_mark(&self, rings: i64) {
        self.rings.store(rings, Ordering::SeqCst);
    }

    pub(super) fn read<T>(&self, look: impl FnOnce(&mut Conn) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.pool.read(SNAPSHOT, look)
    }

    /// Runs the act on a connection of its own; rivals run beside each other and the constraints decide.
    pub(super) fn write<T, E>(
        &self,
        clock: &Clock,
        act: impl Fn(&mut Conn, DateTime<Utc>) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<StoreError> + Retry,
    {
        let mut line = self.pool.begun("BEGIN")?;
        match attempt::run(&mut line.conn, REPEATS, || clock.now(), &act) {
            Run::Whole(answer) => answer,
            Run::Torn(error) => {
                line.lost = true;
                Err(error)
            }
        }
    }

    /// Changes the tables themselves, with as much patience for the locks as it takes.
    pub(super) fn remodel<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut line = self.pool.begun("BEGIN; SET LOCAL lock_timeout = 0")?;
        // Until it is committed the connection is not fit for anything else.
        line.lost = true;
        let done = work(&mut line.conn)?;
        attempt::commit(&mut line.conn)?;
        line.lost = false;
        Ok(done)
    }
}

fn connect(url: &str) -> Result<PgConnection, StoreError> {
    let mut conn = PgConnection::establish(url).map_err(|why| StoreError::Unreachable(told(&why.to_string())))?;
    conn.batch_execute(SETTINGS)?;
    // An older server does not know the question, and is refused for its age.
    if version(&mut conn)? >= OLDEST {
        conn.batch_execute(ENGLISH)?;
    }
    Ok(conn)
}

fn version(conn: &mut PgConnection) -> Result<i32, StoreError> {
    Ok(sql::<Integer>("SELECT current_setting('server_version_num')::int").get_result(conn)?)
}

/// The server's own words, or libpq's: but not where it quotes an address that it cannot read, for the password is part of it.
fn told(why: &str) -> String {
    let quotes =
        ["percent-encoded", "unexpected spaces", "invalid integer value", "unexpected character", "invalid port"];
    match quotes.iter().any(|words| why.contains(words)) {
        true => "its address cannot be read. Characters of the password that mean something in an address, like % / : @ # ?, \
                 are written percent-encoded: % as %25, / as %2F."
            .to_owned(),
        false => why.trim().to_owned(),
    }
}

/// libpq waits without end for a host that does not answer, unless it is told not to.
fn with_timeout(url: String) -> String {
    match (url.contains("connect_timeout="), url.contains('?')) {
        (true, _) => url,
        (false, true) => url + "&connect_timeout=5",
        (false, false) => url + "?connect_timeout=5",
    }
}

fn checked(conn: &mut PgConnection) -> Result<(), StoreError> {
    let version = version(conn)?;
    if version < OLDEST {
        return Err(StoreError::Unusable(format!(
            "This PostgreSQL server is version {}; Stepdown needs 15 or newer.",
            version / 10_000
        )));
    }
    let encoding: String = sql::<Text>("SELECT current_setting('server_encoding')").get_result(conn)?;
    if encoding != "UTF8" {
        return Err(StoreError::Unusable(format!(
            "This PostgreSQL database keeps text as {encoding}; create one with ENCODING 'UTF8'."
        )));
    }
    let words: String = sql::<Text>("SELECT current_setting('lc_messages')").get_result(conn)?;
    if !english(&words) && !fails_in_english(conn) {
        let role: String = sql::<Text>("SELECT quote_ident(current_user)").get_result(conn)?;
        return Err(StoreError::Unusable(format!(
            "This PostgreSQL server tells of failures in another language ({words}), in which Stepdown would not know two \
             rivals that wait for each other. Let a superuser run: ALTER ROLE {role} SET lc_messages = 'C'; and start again."
        )));
    }
    Ok(())
}

/// Whether messages of that locale are English for certain.
fn english(locale: &str) -> bool {
    ["C", "POSIX"].contains(&locale) || ["C.", "en", "English"].iter().any(|begins| locale.starts_with(begins))
}

/// A server may have no other words than English whatever it is set to: it is asked for a failure that is always the same.
fn fails_in_english(conn: &mut PgConnection) -> bool {
    match conn.batch_execute("SELECT 1/0") {
        Err(diesel::result::Error::DatabaseError(_, told)) => told.message().trim() == "division by zero",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_english_is_taken_for_english_without_a_look() {
        for locale in ["C", "POSIX", "C.UTF-8", "en_GB.UTF-8", "English_United States.1252"] {
            assert!(english(locale), "{locale}");
        }
        for locale in ["", "de_DE.UTF-8", "cs_CZ.UTF-8", "Czech_Czechia.1250", "es_ES"] {
            assert!(!english(locale), "{locale}");
        }
    }
}
