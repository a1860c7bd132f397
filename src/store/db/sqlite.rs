//! A SQLite file: how it is opened, what every connection to it must be set to, and who may write.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::SqliteConnection;

use super::log::Log;
use super::pool::Pool;
use super::whole::unusable;
use super::writer::Writer;
use super::{Conn, Retry, mark, whole};
use crate::clock::Clock;
use crate::store::StoreError;

/// So many pages may be looked at beside each other.
const READERS: u32 = 8;
/// An older write-ahead log can lose a committed change and corrupt the file.
const OLDEST: (u32, u32, u32) = (3, 51, 3);
/// What every connection is set to, as SQLite shows it when asked.
const SETTINGS: [(&str, &str); 5] = [
    ("busy_timeout", Log::PATIENCE),
    ("journal_mode", "wal"),
    ("journal_size_limit", Log::LONG_TEXT),
    ("synchronous", "2"),
    ("foreign_keys", "1"),
];

/// A batch of many doses changes more pages than the usual 2 MiB hold, and would write them twice. What its savepoints would take
/// back stays in a file all the same: in memory each statement would walk through all of it.
const WRITERS_CACHE: (&str, &str) = ("cache_size", "-32768");

/// One file, its readers and its one writer.
pub(super) struct File {
    path: PathBuf,
    readers: Pool,
    writer: Writer,
}

impl File {
    /// Opens the file, or creates it for its owner alone: it holds records of care.
    pub(super) fn open(path: String, clock: Clock) -> Result<File, StoreError> {
        let path = PathBuf::from(path);
        create(&path)?;
        whole::fits(&path)?;
        mark::remove_unfinished(&path);
        let (read, written) = (path.clone(), path.clone());
        let writer = Writer::start(move || connect_writer(&written), Log::of(&path), clock)?;
        let readers = Pool::new(READERS, move || connect_reader(&read));
        Ok(File { path, readers, writer })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn read<T>(&self, look: impl FnOnce(&mut Conn) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.readers.read("BEGIN", look)
    }

    pub(super) fn write<T, E>(
        &self,
        act: impl Fn(&mut Conn, DateTime<Utc>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Retry + Send + 'static,
    {
        self.writer.write(act)
    }
}

fn create(path: &Path) -> Result<(), StoreError> {
    opened(path, owners_alone().create(true))
}

/// Makes an empty file that nobody but its owner may read. One that is there already is left alone, and that is an error.
pub(super) fn create_new(path: &Path) -> Result<(), StoreError> {
    opened(path, owners_alone().create_new(true))
}

fn owners_alone() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn opened(path: &Path, options: &OpenOptions) -> Result<(), StoreError> {
    options.open(path).map(drop).map_err(|why| unusable(path, &why.to_string()))
}

/// Opens a connection that may write. A file that has gone away is not made anew: its records would seem never to
/// have been.
pub(super) fn connect(path: &Path) -> Result<SqliteConnection, StoreError> {
    if !path.is_file() {
        return Err(StoreError::Unreachable(format!("the file {} is gone", path.display())));
    }
    let mut conn = whole::plain(path)?;
    version_checked(&mut conn)?;
    for (name, value) in SETTINGS {
        set(&mut conn, name, value).map_err(|why| unusable(path, &why.to_string()))?;
    }
    Ok(conn)
}

/// Copies everything into a file that is not there yet: whole by itself, and its owner's alone.
pub(super) fn copy_into(conn: &mut Conn, copy: &Path) -> Result<(), StoreError> {
    // SQLite copies into an empty file as it finds it.
    create_new(copy)?;
    let quoted = copy.display().to_string().replace('\'', "''");
    Ok(conn.batch_execute(&format!("VACUUM INTO '{quoted}'")).inspect_err(|_| removed(copy))?)
}

/// What cannot be removed stays.
pub(super) fn removed(copy: &Path) {
    let _stays = std::fs::remove_file(copy);
}

/// Opens the connection through which all is written.
fn connect_writer(path: &Path) -> Result<SqliteConnection, StoreError> {
    let mut conn = connect(path)?;
    set(&mut conn, WRITERS_CACHE.0, WRITERS_CACHE.1)?;
    Ok(conn)
}

/// Opens a connection that can only look.
fn connect_reader(path: &Path) -> Result<Conn, StoreError> {
    let mut conn = connect(path)?;
    set(&mut conn, "query_only", "1")?;
    Ok(Conn::Sqlite(conn))
}

/// Sets a pragma and reads it back: SQLite ignores what it cannot do without a word.
fn set(conn: &mut SqliteConnection, name: &str, value: &str) -> Result<(), StoreError> {
    conn.batch_execute(&format!("PRAGMA {name} = {value}"))?;
    let shown = told(conn, &format!("SELECT CAST((SELECT * FROM pragma_{name}) AS TEXT)"))?;
    if shown == value {
        Ok(())
    } else {
        Err(StoreError::Unusable(format!("its setting {name} is {shown} and cannot be made {value}")))
    }
}

fn version_checked(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    let version = told(conn, "SELECT sqlite_version()")?;
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) >= OLDEST {
        Ok(())
    } else {
        let (major, minor, patch) = OLDEST;
        Err(StoreError::Unusable(format!(
            "This program was built with SQLite {version}, whose write-ahead log can corrupt a file. \
             It needs {major}.{minor}.{patch} or newer."
        )))
    }
}

fn told(conn: &mut SqliteConnection, question: &str) -> Result<String, StoreError> {
    Ok(sql::<Text>(question).get_result(conn)?)
}
