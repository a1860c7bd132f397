//! A copy of a SQLite file put back in its place: while nobody has the database open, after the copy was read through, and
//! with what was there kept beside it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::sqlite::SqliteConnection;
use rustix::fs::{FlockOperation, fcntl_lock};

use super::backup::{Held, durable, durable_folder, file_of, held};
use super::mark::{beside, keep_copied};
use super::{sqlite, whole};
use crate::store::StoreError;

const ON_A_SERVER: &str = "This database is on PostgreSQL, whose own tool puts the copy back, into a new and empty database: \
                           pg_restore --no-owner --exit-on-error --single-transaction --dbname=\"$DATABASE_URL\" FILE";

/// What belongs to a database: the file, its log, the index of its log, and the mark of its bell.
const PARTS: [&str; 4] = ["", "-wal", "-shm", "-heard"];

/// What was put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub held: Held,
    /// Where the database lies that was here before.
    pub aside: Option<PathBuf>,
}

/// Puts a copy in the place of the database. At any moment a whole database lies there: the one before, or the copy.
pub fn restore(url: &str, from: &Path, now: DateTime<Utc>) -> Result<Restored, StoreError> {
    let database = file_of(url, ON_A_SERVER)?;
    let same = fs::canonicalize(from).ok().is_some_and(|from| fs::canonicalize(&database).is_ok_and(|to| to == from));
    if same {
        return Err(StoreError::Unusable(format!("{} is the database itself, and no copy of it.", from.display())));
    }
    let coming = beside(&database, ".coming");
    let _left_by_one_that_was_stopped = take_away(&coming);
    let restored = arrived(from, &coming).and_then(|held| {
        drop(locked(&database)?);
        folded(&database);
        let _lock = locked(&database)?;
        let aside = exchanged(&database, &coming, now).map_err(|why| undone(&database, &why))?;
        durable(&database)?;
        Ok(Restored { held, aside })
    });
    restored.inspect_err(|_| take_away(&coming).unwrap_or_default())
}

/// Brings a copy of the copy, which stays as it is, with the log that may lie beside it; what it holds.
fn arrived(from: &Path, coming: &Path) -> Result<Held, StoreError> {
    let unreadable = |why: io::Error| StoreError::Unusable(format!("{} cannot be copied: {why}.", from.display()));
    for part in ["", "-wal"] {
        let (from, to) = (beside(from, part), beside(coming, part));
        if part.is_empty() || from.exists() {
            let mut read = File::open(&from).map_err(unreadable)?;
            sqlite::create_new(&to)?;
            let mut written = OpenOptions::new().write(true).open(&to).map_err(unreadable)?;
            io::copy(&mut read, &mut written).map_err(unreadable)?;
        }
    }
    let held = held(coming).map_err(|why| StoreError::Unusable(named(&why.to_string(), coming, from)))?;
    // From here on it is one file again.
    whole::plain(coming)?.batch_execute("PRAGMA journal_mode = DELETE")?;
    like_its_folder(coming, coming);
    durable(coming)?;
    Ok(held)
}

/// Where an administrator of the machine puts the copy back, it belongs to whoever runs Stepdown all the same. Nobody else
/// can give a file away, and need not.
fn like_its_folder(database: &Path, file: &Path) {
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let owner = folder.metadata().map(|folder| (folder.uid(), folder.gid()));
    let _kept = owner.and_then(|(person, group)| chown(file, Some(person), Some(group)));
}

/// In words that name the file that was given.
fn named(why: &str, coming: &Path, from: &Path) -> String {
    why.replace(&coming.display().to_string(), &from.display().to_string())
}

/// Every program that has a SQLite file open holds a lock on some of it: where all of it can be locked, nobody has. The
/// lock lasts as long as the file is held.
fn locked(database: &Path) -> Result<Option<File>, StoreError> {
    if !database.exists() {
        return Ok(None);
    }
    let cannot = |why: &dyn std::fmt::Display| {
        StoreError::Unusable(format!("{} cannot be put aside: {why}. Nothing was changed.", database.display()))
    };
    let file = OpenOptions::new().read(true).write(true).open(database).map_err(|why| cannot(&why))?;
    match fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(rustix::io::Errno::AGAIN | rustix::io::Errno::ACCESS) => Err(StoreError::Unusable(format!(
            "{} is open in another program: stop Stepdown, and whatever else has it open, and try again. Nothing was \
             changed.",
            database.display()
        ))),
        Err(why) => Err(cannot(&why)),
    }
}

/// The log of what is here goes into its file, as far as the two belong together: from then on one name stands for all that was
/// saved, and one step puts another file in its place. What cannot be folded is put aside as it is: it was no whole database.
fn folded(database: &Path) {
    if !beside(database, "-wal").exists() || whole::fits(database).is_err() {
        return;
    }
    let fold = |mut conn: SqliteConnection| conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").map_err(Into::into);
    let _as_it_is: Result<(), StoreError> = whole::plain(database).and_then(fold);
}

/// First everything that is here gets a second name, then the copy takes its place; where the database that was here is kept.
/// The bell will know the copy for what it is by its mark, whatever it counted before.
fn exchanged(database: &Path, coming: &Path, now: DateTime<Utc>) -> io::Result<Option<PathBuf>> {
    let aside = beside(database, &now.format(".aside-%Y%m%dT%H%M%SZ").to_string());
    for part in PARTS.map(|part| (beside(database, part), beside(&aside, part))) {
        if part.0.exists() {
            // Not every disk gives a file two names.
            fs::hard_link(&part.0, &part.1).or_else(|_| fs::copy(&part.0, &part.1).map(drop))?;
        }
    }
    keep_copied(database)?;
    like_its_folder(database, &beside(database, "-heard"));
    for part in ["-wal", "-shm"].map(|part| beside(database, part)).iter().filter(|part| part.exists()) {
        fs::remove_file(part)?;
    }
    let before = database.exists();
    // What was put aside and taken away is so on the disk, before the copy is.
    durable_folder(database)?;
    fs::rename(coming, database)?;
    Ok(before.then_some(aside))
}

fn undone(database: &Path, why: &io::Error) -> StoreError {
    StoreError::Unusable(format!(
        "The copy could not be put in place of {}: {why}. What was there is there still, or beside it under a name with \
         “.aside-”: run the same command again when that is put right.",
        database.display()
    ))
}

fn take_away(coming: &Path) -> io::Result<()> {
    for part in ["", "-wal", "-shm", "-journal"].map(|part| beside(coming, part)).iter().filter(|part| part.exists()) {
        fs::remove_file(part)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::dsl::sql;
    use diesel::prelude::*;
    use diesel::sql_types::BigInt;

    /// A database that lost its power: five rows, of which some are in its log alone.
    fn left_by_a_crash(folder: &Path) -> PathBuf {
        let (running, left) = (folder.join("running.db"), folder.join("left.db"));
        let mut conn = whole::plain(&running).expect("a database");
        let three = "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
            CREATE TABLE doses (id INTEGER PRIMARY KEY); INSERT INTO doses VALUES (1), (2), (3);
            PRAGMA wal_checkpoint(TRUNCATE); INSERT INTO doses VALUES (4), (5);";
        conn.batch_execute(three).expect("rows");
        for part in ["", "-wal"] {
            fs::copy(beside(&running, part), beside(&left, part)).expect("a copy");
        }
        left
    }

    fn rows(database: &Path) -> i64 {
        let mut conn = whole::plain(database).expect("a database");
        sql::<BigInt>("SELECT count(*) FROM doses").get_result(&mut conn).expect("rows")
    }

    fn alone(database: &Path, name: &str) -> PathBuf {
        let alone = database.with_file_name(name);
        fs::copy(database, &alone).expect("a copy");
        alone
    }

    /// As the power may go once the log is taken away, and before the copy has come.
    #[test]
    fn what_was_here_is_whole_without_its_log_before_anything_is_taken_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = left_by_a_crash(folder.path());
        assert_eq!(rows(&alone(&database, "before.db")), 3, "two rows are in the log alone");
        folded(&database);
        assert_eq!(rows(&alone(&database, "after.db")), 5);
        assert_eq!(rows(&database), 5);
    }

    /// The copy does not come: what was here is here still, and is whole.
    #[test]
    fn a_copy_that_cannot_take_its_place_leaves_a_whole_database_there_and_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = left_by_a_crash(folder.path());
        folded(&database);
        assert!(exchanged(&database, &folder.path().join("none.coming"), DateTime::UNIX_EPOCH).is_err());
        assert_eq!(rows(&database), 5);
        assert_eq!(rows(&folder.path().join("left.db.aside-19700101T000000Z")), 5);
    }
}
