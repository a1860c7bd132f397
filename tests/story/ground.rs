//! Where the database of a story lies: in a file, or on a PostgreSQL server where that is asked for.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::lent::{EMPTY, Lent, SERVER};

pub enum Ground {
    Folder(tempfile::TempDir),
    Server(Lent),
}

impl Ground {
    pub fn found() -> Ground {
        if std::env::var("STORY_DATABASE").is_ok_and(|database| database == "postgres") {
            let server = std::env::var(SERVER).unwrap_or_else(|_| panic!("{SERVER} names no server"));
            Ground::Server(Lent::like(&server, EMPTY))
        } else {
            Ground::Folder(folder())
        }
    }

    pub fn url(&self) -> String {
        match self {
            Ground::Folder(folder) => format!("sqlite:{}", file_in(folder).display()),
            Ground::Server(lent) => lent.url(),
        }
    }

    /// The file, where it is one.
    pub fn file(&self) -> Option<PathBuf> {
        match self {
            Ground::Folder(folder) => Some(file_in(folder)),
            Ground::Server(_) => None,
        }
    }

    /// A program that died has no connection left; one that is only let go closes them a moment later. Whoever gets the file
    /// for themselves is alone with it.
    pub fn wait_until_free(&self) {
        let Some(file) = self.file() else { return };
        let began = Instant::now();
        loop {
            let mut conn = SqliteConnection::establish(&file.to_string_lossy()).expect("the file is there");
            if conn.batch_execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT").is_ok() {
                return;
            }
            assert!(began.elapsed() < A_MINUTE, "a connection to the database is never closed");
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

const A_MINUTE: Duration = Duration::from_secs(60);

fn file_in(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("stepdown.db")
}

/// In memory, where the machine has such a folder: what disks do is another test's matter.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a folder for the story")
}
