//! A copy of a SQLite file, made while the program runs: whole, in one file, its owner's alone, and read back before
//! anybody relies on it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;

use super::address::Address;
use super::{Conn, migrate, sqlite, whole};
use crate::on_either;
use crate::store::StoreError;
use crate::store::schema::history;

const ON_A_SERVER: &str = "This database is on PostgreSQL, whose own tool makes the copy: \
                           pg_dump --format=custom --file=FILE \"$DATABASE_URL\"";

/// What a copy holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Entries of the history.
    pub entries: i64,
    pub last_at: Option<DateTime<Utc>>,
}

/// Copies the database into a file that is not there yet. What lies in its write-ahead log is in the copy.
pub fn back_up(url: &str, to: &Path) -> Result<Held, StoreError> {
    let from = file_of(url, ON_A_SERVER)?;
    if !from.is_file() {
        return Err(StoreError::Unusable(format!("There is no database at {}. Check DATABASE_URL.", from.display())));
    }
    if to.exists() {
        return Err(StoreError::Unusable(format!("{} is there already: give another name.", to.display())));
    }
    whole::fits(&from)?;
    let mut conn = Conn::Sqlite(sqlite::connect(&from)?);
    sqlite::copy_into(&mut conn, to)?;
    let held = held(to).and_then(|held| durable(to).map(|()| held));
    held.inspect_err(|_| sqlite::removed(to))
}

/// The file that an address means.
pub(super) fn file_of(url: &str, on_a_server: &str) -> Result<PathBuf, StoreError> {
    match Address::parse(url)? {
        Address::Sqlite(path) => Ok(PathBuf::from(path)),
        Address::Postgres(_) => Err(StoreError::Unusable(on_a_server.to_owned())),
    }
}

/// Reads a copy through: what it holds, if it is whole and this program can work with it.
pub(super) fn held(copy: &Path) -> Result<Held, StoreError> {
    let not = |why: String| StoreError::Unusable(format!("{} is no copy to rely on: {why}.", copy.display()));
    let mut conn = whole::plain(copy)?;
    whole::looked_through(&mut conn).map_err(not)?;
    let mut conn = Conn::Sqlite(conn);
    migrate::newer_refused(&mut conn)?;
    let (entries, last_at): (i64, Option<NaiveDateTime>) =
        on_either!(&mut conn, |c| history::table.select((count_star(), max(history::done_at))).first(c))
            .map_err(|why| not(format!("it holds no records of Stepdown ({why})")))?;
    Ok(Held { entries, last_at: last_at.map(|at| at.and_utc()) })
}

/// A file and its name are on the disk.
pub(super) fn durable(file: &Path) -> Result<(), StoreError> {
    let synced = fs::File::open(file).and_then(|file| file.sync_all()).and_then(|()| durable_folder(file));
    synced.map_err(|why| StoreError::Io(format!("{}: {why}", file.display())))
}

/// The names in the folder of a file are on the disk.
pub(super) fn durable_folder(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()
}
