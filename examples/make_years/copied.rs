//! A house many times over: further facilities with the same doses under ids of their own, put in by SQL and not by acts.
//! Their facts bear no seal that follows, so that they are good for measuring and for nothing else.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

type Done<T> = Result<T, Box<dyn std::error::Error>>;

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    /// It holds ids of what is copied too, or other text.
    #[diesel(sql_type = Bool)]
    renamed: bool,
    /// It holds numbers of the history.
    #[diesel(sql_type = Bool)]
    numbered: bool,
}

#[derive(QueryableByName)]
struct Most {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// People serve all the facilities; what is delivered or signed in is nobody's dose.
const LEFT_OUT: &str =
    "'people', 'memberships', 'sessions', 'throttles', 'letters', 'bells', '__diesel_schema_migrations'";

/// Puts a copy of everything in so often. The guards are taken off meanwhile; every start sets them anew.
pub fn copy(file: &Path, copies: u32) -> Done<()> {
    let mut conn = SqliteConnection::establish(&file.display().to_string())?;
    conn.batch_execute("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -1000000;")?;
    for Name { name } in named(&mut conn, "type = 'trigger'")? {
        conn.batch_execute(&format!("DROP TRIGGER {name}"))?;
    }
    let tables = named(&mut conn, &format!("type = 'table' AND name NOT IN ({LEFT_OUT}) AND name NOT LIKE 'sqlite%'"))?;
    let most = sql_query("SELECT max(n) AS n FROM history").get_result::<Most>(&mut conn)?.n;
    let mut ours = Vec::new();
    for Name { name } in tables {
        let columns = columns(&mut conn, &name)?;
        conn.batch_execute(&format!("CREATE TEMP TABLE \"ours_{name}\" AS SELECT * FROM \"{name}\""))?;
        ours.push((name, columns));
    }
    for copy in 1..=copies {
        conn.batch_execute("BEGIN")?;
        for (name, columns) in &ours {
            let values: Vec<String> = columns.iter().map(|column| column.of_copy(copy, most)).collect();
            let into: Vec<String> = columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
            let (into, values) = (into.join(", "), values.join(", "));
            conn.batch_execute(&format!("INSERT INTO \"{name}\" ({into}) SELECT {values} FROM \"ours_{name}\""))?;
        }
        conn.batch_execute("COMMIT")?;
        eprint!("\rcopy {copy} of {copies} ");
    }
    eprintln!("done.");
    Ok(())
}

fn named(conn: &mut SqliteConnection, which: &str) -> Done<Vec<Name>> {
    Ok(sql_query(format!("SELECT name FROM sqlite_master WHERE {which} ORDER BY name")).load(conn)?)
}

fn columns(conn: &mut SqliteConnection, table: &str) -> Done<Vec<Column>> {
    let of = |other: &str| {
        format!("name IN (SELECT \"from\" FROM pragma_foreign_key_list('{table}') WHERE \"table\" = '{other}')")
    };
    let (person, fact) = (of("people"), of("history"));
    Ok(sql_query(format!(
        "SELECT name, type NOT IN ('BIGINT', 'BOOLEAN', 'DATE', 'TIMESTAMP') AND NOT {person} AS renamed, \
         {fact} OR name = 'n' AND '{table}' = 'history' AS numbered FROM pragma_table_info('{table}') ORDER BY cid"
    ))
    .load(conn)?)
}

impl Column {
    /// An id is 36 characters long and gets an ending; the numbers of the history go on.
    fn of_copy(&self, copy: u32, most: i64) -> String {
        let name = &self.name;
        match (self.numbered, self.renamed) {
            (true, _) => format!("\"{name}\" + {}", i64::from(copy) * most),
            (_, true) => format!("CASE WHEN length(\"{name}\") = 36 THEN \"{name}\" || '-{copy}' ELSE \"{name}\" END"),
            _ => format!("\"{name}\""),
        }
    }
}
