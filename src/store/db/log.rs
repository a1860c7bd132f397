//! The write-ahead log beside a SQLite file: kept short on purpose, for SQLite alone would let it grow.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::result::QueryResult;
use diesel::sqlite::SqliteConnection;

/// A log of so many bytes is folded into the file on purpose.
const LONG: u64 = 16 << 20;
/// Where somebody stays who reads what is older than the log, it is tried again after so long.
const PAUSE: Duration = Duration::from_secs(2);

/// SQLite folds its log by itself, but begins it anew only at a moment at which nobody reads: where somebody always does, it
/// would grow for ever.
pub(super) struct Log {
    path: PathBuf,
    /// When it was tried in vain.
    tried: Option<Instant>,
}

impl Log {
    /// So many milliseconds a connection waits for a rival.
    pub(super) const PATIENCE: &str = "5000";

    pub(super) fn of(file: &Path) -> Log {
        let mut path = file.as_os_str().to_owned();
        path.push("-wal");
        Log { path: path.into(), tried: None }
    }

    /// Waits a moment for those who read, as long as a slow page takes, and empties the log.
    pub(super) fn fold_if_long(&mut self, conn: &mut SqliteConnection) -> QueryResult<()> {
        let lately = self.tried.is_some_and(|tried| tried.elapsed() < PAUSE);
        if lately || self.length() <= LONG {
            return Ok(());
        }
        conn.batch_execute("PRAGMA busy_timeout = 100")?;
        let _somebody_stayed = conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)");
        self.tried = (self.length() > LONG).then(Instant::now);
        conn.batch_execute(&format!("PRAGMA busy_timeout = {}", Log::PATIENCE))
    }

    fn length(&self) -> u64 {
        self.path.metadata().map_or(0, |log| log.len())
    }
}
