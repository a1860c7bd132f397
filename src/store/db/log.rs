//! The write-ahead log beside a SQLite file: kept short on purpose, for SQLite alone would let it grow.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::result::QueryResult;
use diesel::sqlite::SqliteConnection;

/// A log of so many bytes is folded into the file on purpose.
const LONG: u64 = 16 << 20;
/// Where somebody stays who reads what is older than the log, it is tried again when it has grown by so much: each time
/// whoever writes waits a moment.
const MORE: u64 = 8 << 20;

/// SQLite folds its log by itself, but begins it anew only at a moment at which nobody reads: where somebody always does, it
/// would grow for ever.
pub(super) struct Log {
    path: PathBuf,
    /// From so many bytes on it is folded.
    long: u64,
}

impl Log {
    /// `LONG`, as SQLite is told it: a log that it begins anew by itself gives the rest back.
    pub(super) const LONG_TEXT: &str = "16777216";

    /// So many milliseconds a connection waits for a rival.
    pub(super) const PATIENCE: &str = "5000";

    pub(super) fn of(file: &Path) -> Log {
        let mut path = file.as_os_str().to_owned();
        path.push("-wal");
        Log { path: path.into(), long: LONG }
    }

    /// Waits a moment for those who read, and empties the log.
    pub(super) fn fold_if_long(&mut self, conn: &mut SqliteConnection) -> QueryResult<()> {
        let length = self.length();
        if length <= self.long {
            return Ok(());
        }
        conn.batch_execute(&format!("PRAGMA busy_timeout = {}", moment(length)))?;
        let _somebody_stayed = conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)");
        let left = self.length();
        self.long = if left > LONG { left + MORE } else { LONG };
        conn.batch_execute(&format!("PRAGMA busy_timeout = {}", Log::PATIENCE))
    }

    fn length(&self) -> u64 {
        self.path.metadata().map_or(0, |log| log.len())
    }
}

/// For how many milliseconds those who read are waited for: as long as a slow page takes at first; where several of them
/// were too slow already, those who write wait longer, rather than find a log that has grown without end.
fn moment(length: u64) -> u64 {
    let times = length / LONG;
    100 * times.clamp(1, 3).pow(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_the_log_the_longer_is_waited_for_those_who_read_and_nobody_waits_for_a_second() {
        let mib = |n: u64| moment(n << 20);
        assert_eq!([17, 24, 32, 47, 48, 64, 4_000].map(mib), [100, 100, 400, 400, 900, 900, 900]);
    }

    #[test]
    fn sqlite_is_told_the_length_that_we_fold_at() {
        assert_eq!(Log::LONG_TEXT, LONG.to_string());
    }
}
