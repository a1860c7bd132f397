//! The one writer of a SQLite file: it takes every act that waits, saves them in one durable commit, and then answers.

use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::thread::{self, JoinHandle};

use chrono::{DateTime, Utc};
use diesel::connection::AnsiTransactionManager;
use diesel::sqlite::SqliteConnection;

use super::attempt::{self, Run, told};
use super::log::Log;
use super::{Conn, Retry};
use crate::clock::Clock;
use crate::store::StoreError;

/// So many acts may wait; the next one is told that the house is busy.
const QUEUE: usize = 4096;
/// So many acts share a commit at most.
const BATCH: usize = 256;

/// Where acts are handed in.
pub(super) struct Writer {
    /// Open as long as the writer is wanted.
    door: Option<SyncSender<Box<dyn Waiting>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread, with a way to open the file anew when a connection breaks.
    pub(super) fn start(
        open: impl Fn() -> Result<SqliteConnection, StoreError> + Send + 'static,
        log: Log,
        clock: Clock,
    ) -> Result<Writer, StoreError> {
        let conn = Some(Conn::Sqlite(open()?));
        let desk = Desk { open: Box::new(open), conn, log, clock };
        let (door, queue) = sync_channel(QUEUE);
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || desk.serve(&queue))
            .map_err(|why| StoreError::Unusable(format!("The writer of the database could not be started: {why}.")))?;
        Ok(Writer { door: Some(door), thread: Some(thread) })
    }

    /// Hands in an act and waits until its batch is on the disk.
    pub(super) fn write<T, E>(
        &self,
        act: impl Fn(&mut Conn, DateTime<Utc>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Retry + Send + 'static,
    {
        let (reply, answer) = channel();
        let door = self.door.as_ref().expect("it is closed only when the writer is dropped");
        match door.try_send(Box::new(Job { act, outcome: None, reply })) {
            Ok(()) => answer.recv().unwrap_or_else(|_| Err(StoreError::Unknown.into())),
            Err(TrySendError::Full(_)) => Err(StoreError::Busy.into()),
            Err(TrySendError::Disconnected(_)) => {
                Err(StoreError::Unreachable("its writer has stopped".to_owned()).into())
            }
        }
    }
}

/// Waits until the last acts are saved and the file is closed, which folds its write-ahead log into it.
impl Drop for Writer {
    fn drop(&mut self) {
        self.door = None;
        // An act may hold the last clone of the database: the writer cannot wait for itself.
        if let Some(thread) = self.thread.take().filter(|thread| thread.thread().id() != thread::current().id()) {
            let _panicked = thread.join();
        }
    }
}

/// An act in the queue, whatever it yields.
trait Waiting: Send {
    /// Runs the act under its own savepoint; false when it took the whole transaction with it.
    fn run(&mut self, conn: &mut Conn, clock: &Clock) -> bool;
    /// Its changes were not saved after all, or nobody knows.
    fn unsaved(&mut self, why: &StoreError);
    /// Tells the person who waits.
    fn answer(self: Box<Self>);
}

struct Job<T, E, A> {
    act: A,
    outcome: Option<Result<T, E>>,
    reply: Sender<Result<T, E>>,
}

impl<T, E, A> Waiting for Job<T, E, A>
where
    T: Send,
    E: From<StoreError> + Retry + Send,
    A: Fn(&mut Conn, DateTime<Utc>) -> Result<T, E> + Send,
{
    fn run(&mut self, conn: &mut Conn, clock: &Clock) -> bool {
        let run = match attempt::begin(conn) {
            Ok(()) => attempt::run(conn, 1, || clock.now(), &self.act),
            Err(error) => Run::Torn(error.into()),
        };
        let (outcome, whole) = match run {
            Run::Whole(outcome) => (outcome, true),
            Run::Torn(error) => (Err(error), false),
        };
        self.outcome = Some(outcome);
        whole
    }

    fn unsaved(&mut self, why: &StoreError) {
        let failed_by_itself = matches!(self.outcome, Some(Err(_)));
        if !failed_by_itself || *why == StoreError::Unknown {
            self.outcome = Some(Err(why.clone().into()));
        }
    }

    fn answer(self: Box<Self>) {
        let outcome = self.outcome.unwrap_or_else(|| Err(StoreError::Unknown.into()));
        // Whoever asked may have gone; what was saved stays saved.
        let _gone = self.reply.send(outcome);
    }
}

/// Why a batch is not on the disk.
enum Unsaved {
    /// No act was run.
    NotBegun(StoreError),
    /// SQLite took everything back.
    TakenBack(StoreError),
    /// The disk failed while it was being told to keep it.
    Unknown,
}

struct Desk {
    open: Box<dyn Fn() -> Result<SqliteConnection, StoreError> + Send>,
    conn: Option<Conn>,
    log: Log,
    clock: Clock,
}

impl Desk {
    /// Serves until the last clone of the database is dropped.
    fn serve(mut self, queue: &Receiver<Box<dyn Waiting>>) {
        while let Ok(first) = queue.recv() {
            let mut batch = vec![first];
            batch.extend(queue.try_iter().take(BATCH - 1));
            self.save(&mut batch);
            batch.into_iter().for_each(Waiting::answer);
            self.fold_if_long();
        }
    }

    /// After everybody was answered. A connection that is not as it was is opened anew.
    fn fold_if_long(&mut self) {
        if let Some(Conn::Sqlite(conn)) = &mut self.conn
            && self.log.fold_if_long(conn).is_err()
        {
            self.conn = None;
        }
    }

    /// Saves the batch together; one that was taken back is saved act by act, so that each gets its own answer.
    fn save(&mut self, batch: &mut [Box<dyn Waiting>]) {
        let Err(unsaved) = self.commit(batch) else { return };
        self.conn = None;
        let why = match unsaved {
            Unsaved::TakenBack(_) if batch.len() > 1 => return batch.chunks_mut(1).for_each(|alone| self.save(alone)),
            Unsaved::TakenBack(why) | Unsaved::NotBegun(why) => why,
            Unsaved::Unknown => StoreError::Unknown,
        };
        batch.iter_mut().for_each(|job| job.unsaved(&why));
    }

    /// One transaction: every act under its own savepoint, then one commit.
    fn commit(&mut self, batch: &mut [Box<dyn Waiting>]) -> Result<(), Unsaved> {
        let clock = self.clock.clone();
        let conn = self.begun().map_err(Unsaved::NotBegun)?;
        for job in batch {
            if !job.run(conn, &clock) {
                return Err(Unsaved::TakenBack(StoreError::Database("the transaction was lost".to_owned())));
            }
        }
        attempt::commit(conn).map_err(|error| match told(error) {
            StoreError::Unknown => Unsaved::Unknown,
            why => Unsaved::TakenBack(why),
        })
    }

    /// The connection, opened anew from the disk if the last one broke, with the write lock taken. A reader that turns
    /// writer fails at once in SQLite, so the lock is asked for first.
    fn begun(&mut self) -> Result<&mut Conn, StoreError> {
        if self.conn.is_none() {
            self.conn = Some(Conn::Sqlite((self.open)()?));
        }
        let conn = self.conn.as_mut().expect("it was opened just now");
        if let Conn::Sqlite(sqlite) = conn {
            AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")?;
        }
        Ok(conn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_finds_the_queue_full_is_told_at_once_that_nothing_was_saved() {
        let (door, _queue) = sync_channel(0);
        let answer: Result<(), StoreError> = Writer { door: Some(door), thread: None }.write(|_, _| Ok(()));
        assert_eq!(answer, Err(StoreError::Busy));
        assert!(StoreError::Busy.to_string().contains("NOT saved, busy"));
    }

    #[test]
    fn a_writer_that_has_stopped_saves_nothing_and_says_so() {
        let (door, queue) = sync_channel(1);
        drop(queue);
        let answer: Result<(), StoreError> = Writer { door: Some(door), thread: None }.write(|_, _| Ok(()));
        assert!(matches!(answer, Err(StoreError::Unreachable(_))));
    }
}
