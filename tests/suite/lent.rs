//! A database of its own on a PostgreSQL server that tests may use, gone when its test is over.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// Where a PostgreSQL server may be used for tests: any database of it, by a role that may create databases.
pub const SERVER: &str = "STEPDOWN_TEST_POSTGRES";

/// A database without anything in it, that sorts text as we do.
pub const EMPTY: &str = "template0 ENCODING 'UTF8' LOCALE 'C'";

pub struct Lent {
    server: String,
    name: String,
}

impl Lent {
    /// A copy of another database of the server.
    pub fn like(server: &str, template: &str) -> Lent {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("stepdown_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        told(server, &format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Lent { server: server.to_owned(), name }
    }

    pub fn url(&self) -> String {
        database(&self.server, &self.name)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        told(&self.server, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

/// The server's address with another database at the end of its path.
pub fn database(server: &str, name: &str) -> String {
    let (address, options) = server.split_once('?').unwrap_or((server, ""));
    let host = address.rfind('/').filter(|at| *at > "postgres://".len()).map_or(address, |at| &address[..at]);
    format!("{host}/{name}?{options}").trim_end_matches('?').to_owned()
}

pub fn told(server: &str, sql: &str) {
    let mut conn = PgConnection::establish(server).expect("the server is there");
    conn.batch_execute(sql).unwrap_or_else(|why| panic!("{sql}: {why}"));
}
