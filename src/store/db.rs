//! One database behind one door: reads beside each other, writes in order, answers only after the durable commit.

mod address;
mod attempt;
mod backup;
mod log;
mod mark;
mod migrate;
mod pool;
mod postgres;
mod restore;
mod sqlite;
mod whole;
mod writer;

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;

use super::StoreError;
use crate::care::leap::Reading;
use crate::care::ringing::Mark;
use crate::clock::Clock;
use address::Address;
pub use backup::{Held, back_up};
pub use migrate::Migrated;
use postgres::Server;
pub use restore::{Restored, restore};
use sqlite::File;

/// A connection to either database: one body of queries for both.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Checks one query against each real connection, for what the shared one cannot do: several rows in one insert,
/// `on_conflict`, `union`; and to know a query again by its type, which is asked with every dose, without writing its text
/// anew. There is still one body of code.
#[macro_export]
macro_rules! on_either {
    ($conn:expr, |$c:ident| $query:expr) => {
        match $conn {
            $crate::store::Conn::Sqlite($c) => $query,
            $crate::store::Conn::Postgres($c) => $query,
        }
    };
}

/// Whether an act that failed deserves a second run, now that it can see who was first.
pub trait Retry {
    /// True of a taken key or a lost compare-and-set: rolled back, and run once more.
    fn again(&self) -> bool;
}

/// The database. Clones share its connections.
#[derive(Clone)]
pub struct Db {
    clock: Clock,
    engine: Engine,
}

#[derive(Clone)]
enum Engine {
    Sqlite(Arc<File>),
    Postgres(Arc<Server>),
}

impl Db {
    /// Opens `sqlite://path`, `sqlite:path` or `postgres://…`, and refuses what this program cannot work with.
    pub fn open(url: &str, clock: Clock) -> Result<Db, StoreError> {
        let engine = match Address::parse(url)? {
            Address::Sqlite(path) => Engine::Sqlite(Arc::new(File::open(path, clock.clone())?)),
            Address::Postgres(url) => Engine::Postgres(Arc::new(Server::open(url)?)),
        };
        let db = Db { clock, engine };
        db.read(migrate::newer_refused)?;
        Ok(db)
    }

    /// Opens a database that should be there already: a mistyped path makes no new file.
    pub fn open_there(url: &str, clock: Clock) -> Result<Db, StoreError> {
        match Address::parse(url)? {
            Address::Sqlite(path) if !Path::new(&path).exists() => {
                Err(StoreError::Unusable(format!("There is no database at {path}. Check DATABASE_URL.")))
            }
            _ => Db::open(url, clock),
        }
    }

    /// The time, from the one clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The time, beside what nobody can set.
    pub fn reading(&self) -> Reading {
        self.clock.reading()
    }

    /// Looks at one moment of the database: every query of `look` sees the same. Writing is refused. Blocks.
    pub fn read<T>(&self, look: impl FnOnce(&mut Conn) -> Result<T, StoreError>) -> Result<T, StoreError> {
        match &self.engine {
            Engine::Sqlite(file) => file.read(look),
            Engine::Postgres(server) => server.read(look),
        }
    }

    /// Runs an act in a transaction of its own and answers, a refusal too, only after the durable commit. Blocks.
    pub fn write<T, E>(&self, act: impl Fn(&mut Conn, DateTime<Utc>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Retry + Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(file) => file.write(act),
            Engine::Postgres(server) => server.write(&self.clock, act),
        }
    }

    /// What is known outside the database of how often its bell has rung: in a file beside a file; of a server, what this
    /// program has seen.
    pub fn mark(&self) -> Mark {
        match &self.engine {
            Engine::Sqlite(file) => mark::read(file.path()),
            Engine::Postgres(server) => server.mark(),
        }
    }

    /// Its bell has rung so often.
    pub fn keep_mark(&self, rings: i64) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(file) => mark::keep(file.path(), rings).map_err(|why| StoreError::Io(why.to_string())),
            Engine::Postgres(server) => {
                server.keep_mark(rings);
                Ok(())
            }
        }
    }

    /// The migrations this program has and the database has not, by name.
    pub fn pending(&self) -> Result<Vec<String>, StoreError> {
        self.read(migrate::pending)
    }

    /// Whether nothing was ever made in it.
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        self.read(migrate::is_empty)
    }

    /// Whether the program may migrate without being told to: an empty database, or a file that it copies first.
    pub fn migrates_by_itself(&self) -> Result<bool, StoreError> {
        match &self.engine {
            Engine::Sqlite(_) => Ok(true),
            Engine::Postgres(_) => self.read(migrate::is_empty),
        }
    }

    /// Runs what is pending and sets the guards anew, both under one lock; a SQLite file with data is copied first.
    pub fn migrate(&self) -> Result<Migrated, StoreError> {
        match &self.engine {
            Engine::Sqlite(file) => migrate::file(file.path(), self.now()),
            Engine::Postgres(server) => migrate::server(server),
        }
    }
}
