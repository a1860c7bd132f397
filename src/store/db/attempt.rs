//! One run of an act inside a transaction: kept whole, or taken back whole.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, Utc};
use diesel::connection::{AnsiTransactionManager, Connection, SimpleConnection, TransactionManager};

use super::{Conn, Retry};
use crate::on_either;
use crate::store::StoreError;

/// How a run ended.
pub(super) enum Run<T, E> {
    /// The act's own answer; its changes were kept, or taken back without touching what surrounds them.
    Whole(Result<T, E>),
    /// The transaction itself is gone, and the connection is not to be trusted. This is the answer if the act was alone.
    Torn(E),
}

/// Runs the act in the transaction or savepoint just begun, and again (at most `repeats` times, each in a new one) when
/// it lost to a rival whom it can see now.
pub(super) fn run<T, E>(
    conn: &mut Conn,
    repeats: usize,
    now: impl Fn() -> DateTime<Utc>,
    act: &impl Fn(&mut Conn, DateTime<Utc>) -> Result<T, E>,
) -> Run<T, E>
where
    E: From<StoreError> + Retry,
{
    let mut left = repeats;
    loop {
        match once(conn, now(), act) {
            Run::Whole(Err(error)) if left > 0 && error.again() => left -= 1,
            ended => return ended,
        }
        if let Err(error) = begin(conn) {
            return Run::Torn(error.into());
        }
    }
}

fn once<T, E>(conn: &mut Conn, now: DateTime<Utc>, act: &impl Fn(&mut Conn, DateTime<Utc>) -> Result<T, E>) -> Run<T, E>
where
    E: From<StoreError>,
{
    let depth = depth(conn);
    match catch_unwind(AssertUnwindSafe(|| act(conn, now))) {
        Ok(Ok(value)) => keep(conn, value),
        Ok(Err(error)) => take_back(conn, depth, error),
        Err(panic) => take_back(conn, depth, StoreError::Broke(words(panic.as_ref())).into()),
    }
}

fn keep<T, E: From<StoreError>>(conn: &mut Conn, value: T) -> Run<T, E> {
    match commit(conn) {
        Ok(()) => Run::Whole(Ok(value)),
        // PostgreSQL said no at the last moment: nothing was saved, and the connection is as good as before.
        Err(error @ StoreError::Contended) => Run::Whole(Err(error.into())),
        Err(error) => Run::Torn(error.into()),
    }
}

fn take_back<T, E>(conn: &mut Conn, depth: u32, error: E) -> Run<T, E> {
    match rollback_to(conn, depth) {
        Ok(()) => Run::Whole(Err(error)),
        Err(_) => Run::Torn(error),
    }
}

type Manager = <Conn as Connection>::TransactionManager;

/// Begins a transaction, or inside one a savepoint.
pub(super) fn begin(conn: &mut Conn) -> Result<(), StoreError> {
    Ok(Manager::begin_transaction(conn)?)
}

/// Keeps what was done since `begin`. Once the outcome can no longer be told, it says so.
pub(super) fn commit(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(_) => Ok(Manager::commit_transaction(conn)?),
        // PostgreSQL answers COMMIT with success even when it rolls back, because an earlier statement had failed and
        // nobody cared: the SELECT in front fails then. Both go in one round trip.
        Conn::Postgres(conn) => conn.batch_execute("SELECT 1; COMMIT").map_err(|error| told(error.into())),
    }
}

/// After a COMMIT was sent, a lost connection or a failing disk leaves the outcome open.
pub(super) fn told(error: StoreError) -> StoreError {
    match error {
        StoreError::Unreachable(_) | StoreError::Io(_) => StoreError::Unknown,
        other => other,
    }
}

/// Undoes everything since `begin`, with the savepoints that a panic may have left open.
fn rollback_to(conn: &mut Conn, begun: u32) -> Result<(), StoreError> {
    while depth(conn) > begun {
        Manager::rollback_transaction(conn)?;
    }
    Ok(Manager::rollback_transaction(conn)?)
}

/// How many transactions and savepoints are open.
fn depth(conn: &mut Conn) -> u32 {
    let depth = on_either!(conn, |c| AnsiTransactionManager::transaction_manager_status_mut(c).transaction_depth());
    depth.ok().flatten().map_or(0, |depth| depth.get())
}

/// What a panic said.
fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without words".to_owned())
}
