//! What a database alone can do on the same disk: one row a commit, nothing decided, nothing shown.

use std::path::Path;
use std::process::Command;

use diesel::connection::SimpleConnection;
use diesel::{Connection, RunQueryDsl, SqliteConnection, sql_query};

use crate::measure::Round;

/// About as long as what a nurse writes.
const ROW: &str =
    "INSERT INTO raw_rows (body) VALUES ('a dose of one resident, given at its time by a nurse, nothing to add')";

/// The raw commits that an act is held against.
pub enum Limit {
    Sqlite(Box<SqliteConnection>),
    /// The address of the server's database, and the file with the statement.
    Postgres(String, std::path::PathBuf),
}

impl Limit {
    /// A file beside the house's own, set as the house sets it; or a table of the same server.
    pub fn beside(database_url: &str, folder: &Path) -> Limit {
        if database_url.starts_with("postgres") {
            return Limit::of_server(database_url, folder);
        }
        let file = folder.join("raw.db");
        let mut conn = SqliteConnection::establish(&file.display().to_string()).expect("the folder is ours");
        let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             CREATE TABLE raw_rows (n INTEGER PRIMARY KEY, body TEXT NOT NULL);";
        conn.batch_execute(settings).expect("an empty file takes a table");
        Limit::Sqlite(Box::new(conn))
    }

    fn of_server(database_url: &str, folder: &Path) -> Limit {
        let mut conn = diesel::PgConnection::establish(database_url).expect("the server answers");
        conn.batch_execute("CREATE TABLE IF NOT EXISTS raw_rows (n BIGSERIAL PRIMARY KEY, body TEXT NOT NULL)")
            .expect("the database takes a table");
        let script = folder.join("raw.sql");
        std::fs::write(&script, format!("{ROW};\n")).expect("the folder is ours");
        Limit::Postgres(database_url.to_owned(), script)
    }

    /// So many commits: of SQLite one after the other, of PostgreSQL by so many clients of pgbench.
    pub fn round(&mut self, commits: usize, clients: usize) -> Round {
        match self {
            Limit::Sqlite(conn) => Round::one_by_one(commits, |_| {
                sql_query(ROW).execute(&mut **conn).expect("a row can always be added");
            }),
            Limit::Postgres(url, script) => pgbench(url, script, commits.div_ceil(clients), clients),
        }
    }
}

fn pgbench(url: &str, script: &Path, each: usize, clients: usize) -> Round {
    let ran = Command::new("pgbench")
        .args(["-n", "-M", "prepared", "-j", "2", "-c", &clients.to_string(), "-t", &each.to_string(), "-f"])
        .arg(script)
        .arg(url)
        .output()
        .expect("pgbench is installed with the server");
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    let per_second = tps.unwrap_or_else(|| panic!("pgbench: {said}{}", String::from_utf8_lossy(&ran.stderr)));
    Round { per_second, times: Default::default() }
}
