//! A fresh house for every test: an empty database with the tables laid, on each of the two kinds of database.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Once, OnceLock};

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection};
use stepdown::clock::Clock;
use stepdown::on_either;
use stepdown::store::{Conn, Db, StoreError};

use crate::lent::{EMPTY, Lent, SERVER, database, told};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// One database of its own, and a clock that stands at a Friday morning until the test moves it.
pub struct House {
    pub kind: Kind,
    pub url: String,
    pub clock: Clock,
    pub db: Db,
    // Dropped last: the folder of a file, the database on a server.
    _ground: Ground,
}

enum Ground {
    Folder(#[allow(dead_code, reason = "it removes itself")] tempfile::TempDir),
    Database(#[allow(dead_code, reason = "it removes itself")] Lent),
}

/// Runs the law in a house on SQLite, and in another on PostgreSQL where there is a server.
pub fn on_both(law: impl Fn(&House)) {
    named(Kind::Sqlite, || law(&House::on_sqlite()));
    on_postgres(law);
}

/// Runs the law on PostgreSQL alone, where there is a server.
pub fn on_postgres(law: impl Fn(&House)) {
    if let Some(house) = House::on_postgres() {
        named(Kind::Postgres, || law(&house));
    }
}

/// A failure says on which database it happened.
fn named(kind: Kind, law: impl FnOnce()) {
    if let Err(failure) = catch_unwind(AssertUnwindSafe(law)) {
        eprintln!("… on {kind:?}");
        resume_unwind(failure);
    }
}

impl House {
    pub fn on_sqlite() -> House {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("stepdown.db").display());
        let house = House::opened(Kind::Sqlite, url, Ground::Folder(folder));
        house.db.migrate().unwrap();
        house
    }

    pub fn on_postgres() -> Option<House> {
        let Ok(server) = std::env::var(SERVER) else {
            say_once(&format!(
                "NOT RUN on PostgreSQL: set {SERVER}, or use script/test, which starts a server itself."
            ));
            return None;
        };
        let database = Lent::like(&server, template(&server));
        Some(House::opened(Kind::Postgres, database.url(), Ground::Database(database)))
    }

    fn opened(kind: Kind, url: String, ground: Ground) -> House {
        let clock = Clock::fixed("2026-11-20T08:12:00Z".parse().unwrap());
        let db = Db::open(&url, clock.clone()).unwrap();
        House { kind, url, clock, db, _ground: ground }
    }

    /// The same database, opened by another program.
    pub fn opened_again(&self) -> Db {
        Db::open(&self.url, self.clock.clone()).unwrap()
    }

    /// A copy of the database as it stands, as a backup would be put back: a house of its own, at the same time.
    pub fn copied(&self) -> House {
        let copy = match self.kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("stepdown.db");
                self.plain_sql(&format!("VACUUM INTO '{}'", file.display())).unwrap();
                House::opened(Kind::Sqlite, format!("sqlite:{}", file.display()), Ground::Folder(folder))
            }
            Kind::Postgres => {
                let server = std::env::var(SERVER).unwrap();
                let original = self.url.split('?').next().unwrap().rsplit('/').next().unwrap();
                told(
                    &server,
                    &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{original}'"),
                );
                let copy = Lent::like(&server, original);
                House::opened(Kind::Postgres, copy.url(), Ground::Database(copy))
            }
        };
        copy.clock.set(self.clock.now());
        copy
    }

    /// A connection of nobody's, as somebody with a database tool would have.
    pub fn plain(&self) -> Conn {
        match self.kind {
            Kind::Sqlite => {
                let mut conn = SqliteConnection::establish(self.url.trim_start_matches("sqlite:")).unwrap();
                conn.batch_execute("PRAGMA busy_timeout = 10000").unwrap();
                Conn::Sqlite(conn)
            }
            Kind::Postgres => Conn::Postgres(PgConnection::establish(&self.url).unwrap()),
        }
    }

    /// Runs plain SQL past the program.
    pub fn plain_sql(&self, sql: &str) -> Result<usize, StoreError> {
        let mut conn = self.plain();
        Ok(on_either!(&mut conn, |c| diesel::sql_query(sql).execute(c))?)
    }

    /// Counts rows: `count("history WHERE n > 3")`.
    pub fn count(&self, what: &str) -> i64 {
        let sql = diesel::dsl::sql::<diesel::sql_types::BigInt>(&format!("SELECT count(*) FROM {what}"));
        on_either!(&mut self.plain(), |c| sql.get_result(c)).unwrap()
    }

    /// A facility with a unit, a resident, and one person of each role; their ids are plain words.
    pub fn furnish(&self) -> &House {
        self.plain().batch_execute(FURNITURE).unwrap();
        self
    }
}

pub const FACILITY: &str = "alder";
pub const RESIDENT: &str = "resident-1";

const FURNITURE: &str = "
INSERT INTO facilities (id, name, zone, early_minutes, late_minutes, no_record_minutes, horizon_days, sign_ahead_days,
    idle_minutes, mail_from)
VALUES ('alder', 'Alder House', 'Europe/London', 60, 60, 120, 14, 7, 15, 'stepdown@alder.example');
INSERT INTO units (id, facility, name, mailbox, rounds)
VALUES ('east', 'alder', 'East', 'east@alder.example', '08:00 12:00 20:00');
INSERT INTO people (id, username, name, registration, email, password_hash) VALUES
    ('prescriber', 'prescriber', 'Pat Prescriber', 'P-1', 'p@alder.example', '-'),
    ('pharmacist', 'pharmacist', 'Phil Pharmacist', 'P-2', 'f@alder.example', '-'),
    ('nurse', 'nurse', 'Nora Nurse', 'P-3', 'n@alder.example', '-');
INSERT INTO memberships (id, person, facility, role) VALUES
    ('m-1', 'prescriber', 'alder', 'prescriber'),
    ('m-2', 'pharmacist', 'alder', 'pharmacist'),
    ('m-3', 'nurse', 'alder', 'nurse');
INSERT INTO residents (id, facility, unit, number, surname, forename, born_on, room, allergy_state, allergies,
    last_recorded_at)
VALUES ('resident-1', 'alder', 'east', '1', 'Ash', 'Ada', '1941-02-03', '12', 'none', '', '2026-11-01 00:00:00');
";

/// A migrated database that the others are copied from, made once a run.
fn template(server: &str) -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let name = format!("stepdown_template_{}", std::process::id());
        told(server, &format!("CREATE DATABASE {name} TEMPLATE {EMPTY}"));
        let db = Db::open(&database(server, &name), Clock::system()).unwrap();
        db.migrate().unwrap();
        name
    })
}

/// Past the runner, which keeps the words of tests that pass.
fn say_once(words: &str) {
    static SAID: Once = Once::new();
    let aloud = format!("\n{words}\n\n");
    SAID.call_once(|| std::io::stderr().write_all(aloud.as_bytes()).unwrap());
}

/// Does the same thing in so many threads at once, and yields what each got, in order.
pub fn beside<T: Send>(threads: usize, act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let act = &act;
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|n| scope.spawn(move || act(n))).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// An instant, as tests write it.
pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}
