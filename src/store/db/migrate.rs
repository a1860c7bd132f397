//! Bringing a database up to this program: migrations and guards under one lock, a copy before, no way back.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use diesel::connection::{AnsiTransactionManager, SimpleConnection};
use diesel::dsl::sql;
use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::postgres::Server;
use super::{Conn, attempt, sqlite};
use crate::on_either;
use crate::store::StoreError;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
const SQLITE_GUARDS: &str = include_str!("../guards/sqlite.sql");
const POSTGRES_GUARDS: &str = include_str!("../guards/postgres.sql");

/// What was done to bring the database up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    /// The migrations that were run, by name.
    pub applied: Vec<String>,
    /// Where the file was copied before.
    pub copied_to: Option<PathBuf>,
}

/// The migrations that the database has not seen, by name.
pub(super) fn pending(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let applied = applied(conn)?;
    Ok(known()?.into_iter().filter(|(version, _)| !applied.contains(version)).map(|(_, name)| name).collect())
}

/// Whether there is no table here at all, nobody's.
pub(super) fn is_empty(conn: &mut Conn) -> Result<bool, StoreError> {
    Ok(tables(conn, "")? == 0)
}

/// A database that a newer program has changed may hold what this one does not understand.
pub(super) fn newer_refused(conn: &mut Conn) -> Result<(), StoreError> {
    let known = known()?;
    match applied(conn)?.into_iter().find(|version| known.iter().all(|(ours, _)| ours != version)) {
        None => Ok(()),
        Some(version) => Err(StoreError::Unusable(format!(
            "This database was made by a newer Stepdown (it has seen the migration {version}, which this program does \
             not know). Start the newer program, or restore a backup made before."
        ))),
    }
}

/// Migrates a file, after copying one that holds anything.
pub(super) fn file(path: &Path, now: DateTime<Utc>) -> Result<Migrated, StoreError> {
    let mut conn = Conn::Sqlite(sqlite::connect(path)?);
    let copied_to = copied(&mut conn, path, now)?;
    let applied = uncommitted(&mut conn).inspect_err(|_| {
        // The file is as it was: its copy is of no use, and the next try makes another.
        copied_to.iter().for_each(|copy| sqlite::removed(copy));
    })?;
    attempt::commit(&mut conn)?;
    Ok(Migrated { applied, copied_to })
}

fn uncommitted(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    if let Conn::Sqlite(conn) = conn {
        AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")?;
    }
    brought_up(conn)
}

/// Migrates a server; of two programs that start at once, one waits for the other.
pub(super) fn server(server: &Server) -> Result<Migrated, StoreError> {
    let applied = server.remodel(|conn| {
        conn.batch_execute("SELECT pg_advisory_xact_lock(hashtext('stepdown migrations'))")?;
        brought_up(conn)
    })?;
    Ok(Migrated { applied, copied_to: None })
}

fn brought_up(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    newer_refused(conn)?;
    let names = pending(conn)?;
    on_either!(conn, |c| c.run_pending_migrations(MIGRATIONS).map(drop)).map_err(unmigrated)?;
    conn.batch_execute(match conn {
        Conn::Sqlite(_) => SQLITE_GUARDS,
        Conn::Postgres(_) => POSTGRES_GUARDS,
    })?;
    Ok(names)
}

fn unmigrated(why: Box<dyn std::error::Error + Send + Sync>) -> StoreError {
    StoreError::Unusable(format!("The database could not be migrated, and is as it was: {why}"))
}

/// Copies a file that has data and is about to change; the copy stands beside it, is whole by itself, and like it is its
/// owner's alone.
fn copied(conn: &mut Conn, path: &Path, now: DateTime<Utc>) -> Result<Option<PathBuf>, StoreError> {
    if is_empty(conn)? || pending(conn)?.is_empty() {
        return Ok(None);
    }
    let mut name = path.as_os_str().to_owned();
    name.push(now.format(".before-%Y%m%dT%H%M%SZ").to_string());
    let copy = PathBuf::from(name);
    sqlite::copy_into(conn, &copy)?;
    Ok(Some(copy))
}

/// Every migration of this program: its version and its name.
fn known() -> Result<Vec<(String, String)>, StoreError> {
    let all = MigrationSource::<Sqlite>::migrations(&MIGRATIONS).map_err(unmigrated)?;
    Ok(all.iter().map(|one| (one.name().version().to_string(), one.name().to_string())).collect())
}

/// The versions of the migrations that the database has seen.
fn applied(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    if tables(conn, "AND name = '__diesel_schema_migrations'")? == 0 {
        return Ok(Vec::new());
    }
    let versions = sql::<Text>("SELECT version FROM __diesel_schema_migrations ORDER BY version");
    Ok(on_either!(conn, |c| versions.load(c))?)
}

/// How many tables there are.
fn tables(conn: &mut Conn, which: &str) -> Result<i64, StoreError> {
    let all = match conn {
        Conn::Sqlite(_) => "(SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%')",
        Conn::Postgres(_) => "(SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema())",
    };
    let count = sql::<BigInt>(&format!("SELECT count(*) FROM {all} AS tables WHERE TRUE {which}"));
    Ok(on_either!(conn, |c| count.get_result(c))?)
}
