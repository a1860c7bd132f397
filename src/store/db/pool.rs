//! Connections kept open, handed out one to a caller.

use std::time::Duration;

use diesel::connection::{Connection, TransactionManager};
use r2d2::{ManageConnection, PooledConnection};

use super::Conn;
use crate::on_either;
use crate::store::StoreError;

/// So long a caller waits for a connection before being told that the house is busy, or the server gone.
const PATIENCE: Duration = Duration::from_secs(5);

/// A pool of connections to one database.
pub(super) struct Pool {
    lines: r2d2::Pool<Opening>,
}

/// A connection, and whether it has broken: then it is closed instead of being handed out again.
pub(super) struct Line {
    pub(super) conn: Conn,
    pub(super) lost: bool,
}

/// How one more connection is opened.
pub(super) struct Opening(Box<dyn Fn() -> Result<Conn, StoreError> + Send + Sync>);

impl ManageConnection for Opening {
    type Connection = Line;
    type Error = StoreError;

    fn connect(&self) -> Result<Line, StoreError> {
        Ok(Line { conn: (self.0)()?, lost: false })
    }

    /// Not asked: beginning a transaction is the test, and costs no round trip of its own.
    fn is_valid(&self, _line: &mut Line) -> Result<(), StoreError> {
        Ok(())
    }

    fn has_broken(&self, line: &mut Line) -> bool {
        line.lost || std::thread::panicking()
    }
}

impl Pool {
    /// Opens connections when they are wanted, `most` at once.
    pub(super) fn new(most: u32, open: impl Fn() -> Result<Conn, StoreError> + Send + Sync + 'static) -> Pool {
        let lines = r2d2::Pool::builder()
            .max_size(most)
            .min_idle(Some(0))
            .test_on_check_out(false)
            .connection_timeout(PATIENCE)
            .error_handler(Box::new(r2d2::NopErrorHandler));
        Pool { lines: lines.build_unchecked(Opening(Box::new(open))) }
    }

    /// A connection in a transaction begun with `sql`. One that died in the pool is closed, and the next one tried.
    pub(super) fn begun(&self, sql: &str) -> Result<PooledConnection<Opening>, StoreError> {
        let mut tries = self.lines.max_size();
        loop {
            let mut line = self.line()?;
            match line.begin(sql) {
                Ok(()) => return Ok(line),
                Err(error) if tries == 0 => return Err(error),
                Err(_) => tries -= 1,
            }
        }
    }

    /// A machine that stood still for longer than anybody waits has let time pass, and may have a connection ready all the same.
    fn line(&self) -> Result<PooledConnection<Opening>, StoreError> {
        self.lines.get().or_else(|error| self.lines.try_get().ok_or_else(|| self.no_line(&error)))
    }

    fn no_line(&self, error: &r2d2::Error) -> StoreError {
        if self.lines.state().connections == 0 { StoreError::Unreachable(error.to_string()) } else { StoreError::Busy }
    }

    /// Looks at one moment of the database: a transaction begun with `snapshot`, and taken back.
    pub(super) fn read<T>(
        &self,
        snapshot: &str,
        look: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut line = self.begun(snapshot)?;
        let found = look(&mut line.conn);
        line.lost = <Conn as Connection>::TransactionManager::rollback_transaction(&mut line.conn).is_err();
        found
    }
}

impl Line {
    fn begin(&mut self, sql: &str) -> Result<(), StoreError> {
        let begun = on_either!(&mut self.conn, |c| {
            diesel::connection::AnsiTransactionManager::begin_transaction_sql(c, sql)
        });
        self.lost = begun.is_err();
        Ok(begun?)
    }
}
