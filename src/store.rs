//! The door to the database: the tables, the queries, and what can go wrong with them.

pub mod absences;
pub mod alert_marks;
pub mod as_needed;
pub mod assessments;
pub mod audit;
pub mod bells;
pub mod beside;
pub mod cases;
pub mod db;
pub mod doses;
pub mod dossiers;
pub mod downtime;
pub mod evidence;
pub mod facilities;
pub mod gradual;
pub mod history;
pub mod identity;
pub mod incidents;
pub mod letters;
pub mod lifted;
pub mod mar;
pub mod moves;
pub mod pack_codes;
pub mod paper;
pub mod people;
pub mod photos;
pub mod plans;
pub mod registers;
pub mod residents;
pub mod schema;
pub mod sessions;
pub mod severe_signs;
pub mod snapshots;
pub mod taper_alerts;

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};

use crate::care::amount::Amount;
pub use db::{Conn, Db, Retry};

/// What the guards say, on SQLite, of an insert over a row that may not be replaced: the same as a taken key.
const REPLACED: &str = "write-once: a row with this key exists";

/// Why the database did not do what was asked. Each sentence can be shown as it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("There is nothing here by that name.")]
    Missing,
    #[error("Somebody else changed this while it was open. NOT saved: look at it as it stands now.")]
    Moved,
    #[error("Somebody else has just entered the same. NOT saved: look at what was entered.")]
    Unique,
    #[error("Two entries met at the same rows. NOT saved: please try again.")]
    Contended,
    #[error("The database holds a row that cannot be read: {0}")]
    Corrupt(String),
    #[error("The database refused this. NOT saved. ({0})")]
    Database(String),
    #[error("Something in the program broke while saving. NOT saved. ({0})")]
    Broke(String),
    #[error("The database cannot be reached. NOT saved. ({0})")]
    Unreachable(String),
    #[error("Too many entries are waiting for the database. NOT saved, busy: please try again in a moment.")]
    Busy,
    #[error("The disk of the database is full. NOT saved: tell whoever looks after this system.")]
    Full,
    #[error("The database can only be read. NOT saved: tell whoever looks after this system.")]
    ReadOnly,
    #[error("The database file could not be read or written. NOT saved: tell whoever looks after this system. ({0})")]
    Io(String),
    #[error(
        "It is not known whether this was saved, because the disk failed at the last moment. Look at the list before entering it again."
    )]
    Unknown,
    /// A database address, version or setting that this program cannot work with; said at start-up.
    #[error("{0}")]
    Unusable(String),
}

impl Retry for StoreError {
    fn again(&self) -> bool {
        matches!(self, StoreError::Unique | StoreError::Moved | StoreError::Contended)
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> StoreError {
        match error {
            Error::NotFound => StoreError::Missing,
            Error::DatabaseError(kind, told) => from_database(&kind, told.as_ref()),
            Error::DeserializationError(why) => StoreError::Corrupt(why.to_string()),
            Error::RollbackErrorOnCommit { commit_error, .. } => StoreError::from(*commit_error),
            Error::BrokenTransactionManager => StoreError::Unreachable("the connection was lost".to_owned()),
            other => StoreError::Database(other.to_string()),
        }
    }
}

fn from_database(kind: &DatabaseErrorKind, told: &dyn DatabaseErrorInformation) -> StoreError {
    match kind {
        DatabaseErrorKind::UniqueViolation => StoreError::Unique,
        DatabaseErrorKind::SerializationFailure => StoreError::Contended,
        DatabaseErrorKind::ReadOnlyTransaction => StoreError::ReadOnly,
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
            StoreError::Unreachable(told.message().trim().to_owned())
        }
        _ => from_message(told.message().trim()),
    }
}

/// Diesel keeps no code of these failures, only the words; SQLite's are the same in every language.
fn from_message(message: &str) -> StoreError {
    let says = |words: &str| message.starts_with(words);
    if says(REPLACED) {
        StoreError::Unique
    } else if says("deadlock detected") {
        StoreError::Contended
    } else if says("database is locked") || says("canceling statement due to lock timeout") {
        StoreError::Busy
    } else if says("database or disk is full") || message.contains("No space left on device") {
        StoreError::Full
    } else if says("attempt to write a readonly database") {
        StoreError::ReadOnly
    } else if says("disk I/O error") || says("unable to open database file") {
        StoreError::Io(message.to_owned())
    } else if says("database disk image is malformed") || says("file is not a database") {
        StoreError::Corrupt(message.to_owned())
    } else if connection_lost(message) {
        StoreError::Unreachable(message.to_owned())
    } else {
        StoreError::Database(message.to_owned())
    }
}

/// A PostgreSQL server that goes away says so in several voices.
fn connection_lost(message: &str) -> bool {
    [
        "server closed the connection",
        "terminating connection",
        "no connection to the server",
        "SSL connection has been closed",
    ]
    .iter()
    .any(|words| message.contains(words))
}

/// A count or ordinal as rows hold it.
fn small(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::Corrupt(format!("number {number}")))
}

/// A point of a scale as rows hold it.
fn point(number: i64) -> Result<i32, StoreError> {
    i32::try_from(number).map_err(|_| StoreError::Corrupt(format!("point {number}")))
}

/// An amount as rows hold it.
fn ug(number: i64) -> Result<Amount, StoreError> {
    let ug = u64::try_from(number).map_err(|_| StoreError::Corrupt(format!("amount {number}")))?;
    Ok(Amount::from_ug(ug))
}
