//! Rules of the schema, asked of both databases themselves: people, amounts, keys, days, and the guards.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use stepdown::on_either;
use stepdown::store::Conn;

use crate::house::{House, Kind, on_both};

/// What must hold of a column, whichever database is asked.
#[derive(Debug, QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    required: bool,
}

/// A foreign key of one column.
#[derive(Debug, QueryableByName, PartialEq, Eq, PartialOrd, Ord)]
struct Reference {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    of: String,
}

#[derive(Debug, QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(Debug, QueryableByName)]
struct Trigger {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    event: String,
}

fn columns(house: &House) -> Vec<Column> {
    let sql = match house.kind {
        Kind::Sqlite => {
            "SELECT m.name AS table_name, c.name, lower(c.type) AS kind, c.\"notnull\" AS required \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
        }
        Kind::Postgres => {
            "SELECT table_name::text, column_name::text AS name, \
             replace(data_type, 'timestamp without time zone', 'timestamp') AS kind, is_nullable = 'NO' AS required \
             FROM information_schema.columns WHERE table_schema = current_schema()"
        }
    };
    let all: Vec<Column> = on_either!(&mut house.plain(), |c| diesel::sql_query(sql).load(c)).unwrap();
    all.into_iter().filter(|column| column.table_name != "__diesel_schema_migrations").collect()
}

fn references(house: &House) -> BTreeSet<Reference> {
    let sql = match house.kind {
        Kind::Sqlite => {
            "SELECT m.name AS table_name, f.\"from\" AS name, f.\"table\" AS of \
             FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
        }
        Kind::Postgres => {
            "SELECT c.conrelid::regclass::text AS table_name, a.attname::text AS name, c.confrelid::regclass::text AS of \
             FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) \
             WHERE c.contype = 'f'"
        }
    };
    let all: Vec<Reference> = on_either!(&mut house.plain(), |c| diesel::sql_query(sql).load(c)).unwrap();
    all.into_iter().collect()
}

/// Whether a CHECK of the table speaks of the column.
fn is_checked(house: &House, column: &Column) -> bool {
    let Column { table_name, name, .. } = column;
    let sql = match house.kind {
        Kind::Sqlite => format!(
            "SELECT count(*) AS n FROM sqlite_master WHERE name = '{table_name}' AND sql LIKE '%CHECK (%{name}%)%'"
        ),
        Kind::Postgres => format!(
            "SELECT count(*) AS n FROM pg_constraint WHERE conrelid = '{table_name}'::regclass AND contype = 'c' \
             AND pg_get_constraintdef(oid) LIKE '%{name}%'"
        ),
    };
    let counted: Count = on_either!(&mut house.plain(), |c| diesel::sql_query(sql).get_result(c)).unwrap();
    counted.n > 0
}

#[test]
fn whoever_did_something_is_one_of_the_people() {
    on_both(|house| {
        let references = references(house);
        for column in columns(house).into_iter().filter(|column| column.name.ends_with("_by")) {
            // A dose is authorised by a fact, not by a person: the fact names the person.
            let of = if column.name == "authorised_by" { "plan_facts" } else { "people" };
            let wanted = Reference { table_name: column.table_name, name: column.name, of: of.to_owned() };
            assert!(references.contains(&wanted), "{wanted:?}");
        }
    });
}

#[test]
fn every_amount_is_a_whole_number_of_micrograms_within_limits() {
    on_both(|house| {
        let amounts: Vec<Column> = columns(house).into_iter().filter(|column| column.name.ends_with("_ug")).collect();
        assert!(amounts.len() >= 5);
        for column in amounts {
            assert_eq!(column.kind, "bigint", "{column:?}");
            assert!(column.required && is_checked(house, &column), "{column:?}");
        }
    });
}

#[test]
fn days_are_dates_and_instants_are_timestamps() {
    on_both(|house| {
        for column in columns(house) {
            let wanted = match column.name.rsplit('_').next() {
                Some("on" | "until") if column.name != "lease_until" => "date",
                Some("at") => "timestamp",
                Some("minutes" | "days" | "ug") => "bigint",
                _ => continue,
            };
            assert_eq!(column.kind, wanted, "{column:?}");
        }
    });
}

/// SQLite lets a key be empty unless it is told not to.
#[test]
fn no_key_is_ever_empty() {
    let house = House::on_sqlite();
    let sql = "SELECT count(*) AS n FROM sqlite_master m JOIN pragma_table_info(m.name) c \
               WHERE m.type = 'table' AND c.pk > 0 AND c.\"notnull\" = 0";
    let Conn::Sqlite(mut conn) = house.plain() else { unreachable!("a house on SQLite") };
    let keys: Count = diesel::sql_query(sql).get_result(&mut conn).unwrap();
    // Those of several columns are written at the end of their table, each column of them NOT NULL.
    assert_eq!(keys.n, 0);
}

/// Both databases were made by one tree of migrations, and the program's own words for them say the same.
#[test]
fn the_tables_are_as_the_program_describes_them() {
    on_both(|house| {
        let shown: BTreeSet<(String, String, String)> =
            columns(house).into_iter().map(|c| (c.table_name, c.name, described(&c.kind, c.required))).collect();
        let described = described_columns();
        assert_eq!(shown.difference(&described).collect::<Vec<_>>(), Vec::<&_>::new(), "only in the database");
        assert_eq!(described.difference(&shown).collect::<Vec<_>>(), Vec::<&_>::new(), "only in the program");
    });
}

fn described(kind: &str, required: bool) -> String {
    let word = match kind {
        "text" => "Text",
        "bigint" => "BigInt",
        "date" => "Date",
        "timestamp" => "Timestamp",
        "boolean" => "Bool",
        "bytea" => "Binary",
        other => other,
    };
    if required { word.to_owned() } else { format!("Nullable<{word}>") }
}

/// The columns of `src/store/schema`.
fn described_columns() -> BTreeSet<(String, String, String)> {
    let text = concat!(
        include_str!("../../src/store/schema/house.rs"),
        include_str!("../../src/store/schema/tapers.rs"),
        include_str!("../../src/store/schema/bedside.rs"),
        include_str!("../../src/store/schema/register.rs"),
    );
    let mut found = BTreeSet::new();
    let mut table = "";
    for line in text.lines().map(str::trim) {
        if let Some((name, _)) = line.strip_suffix('{').and_then(|line| line.split_once(" (")) {
            table = name;
        } else if let Some((name, kind)) = line.trim_end_matches(',').split_once(" -> ")
            && !line.contains("joinable")
        {
            found.insert((table.to_owned(), name.to_owned(), kind.to_owned()));
        }
    }
    found
}

/// What each table refuses, and the trigger events by which it does on SQLite and on PostgreSQL.
const GUARDED: &[(&str, &[&str])] = &[
    ("history", &["UPDATE", "DELETE", "INSERT"]),
    ("plan_facts", &["UPDATE", "DELETE", "INSERT"]),
    ("administrations", &["UPDATE", "DELETE", "INSERT"]),
    ("corrections", &["UPDATE", "DELETE", "INSERT"]),
    ("assessments", &["UPDATE", "DELETE", "INSERT"]),
    ("plan_versions", &["UPDATE", "DELETE", "INSERT"]),
    ("plan_authors", &["UPDATE", "DELETE", "INSERT"]),
    ("steps", &["UPDATE", "DELETE", "INSERT"]),
    ("step_doses", &["UPDATE", "DELETE", "INSERT"]),
    ("doses", &["UPDATE", "DELETE"]),
    ("absences", &["UPDATE", "DELETE", "INSERT"]),
    ("absence_ends", &["UPDATE", "DELETE", "INSERT"]),
    ("gradual_notes", &["UPDATE", "DELETE", "INSERT"]),
    ("as_needed_orders", &["UPDATE", "DELETE", "INSERT"]),
    ("as_needed_ends", &["UPDATE", "DELETE", "INSERT"]),
    ("as_needed_doses", &["UPDATE", "DELETE", "INSERT"]),
    ("as_needed_effects", &["UPDATE", "DELETE", "INSERT"]),
    ("as_needed_strikes", &["UPDATE", "DELETE", "INSERT"]),
    ("incidents", &["UPDATE", "DELETE", "INSERT"]),
    ("incident_answers", &["UPDATE", "DELETE", "INSERT"]),
    ("incident_strikes", &["UPDATE", "DELETE", "INSERT"]),
    ("severe_signs", &["UPDATE", "DELETE", "INSERT"]),
    ("severe_sign_acknowledgements", &["UPDATE", "DELETE", "INSERT"]),
    ("severe_sign_releases", &["UPDATE", "DELETE", "INSERT"]),
    ("vomits", &["UPDATE", "DELETE", "INSERT"]),
    ("taper_alert_acknowledgements", &["UPDATE", "DELETE", "INSERT"]),
    ("taper_alert_doses", &["UPDATE", "DELETE", "INSERT"]),
    ("registers", &["UPDATE", "DELETE", "INSERT"]),
    ("register_entries", &["UPDATE", "DELETE", "INSERT"]),
    ("register_counts", &["UPDATE", "DELETE", "INSERT"]),
    ("discrepancies", &["UPDATE", "DELETE", "INSERT"]),
    ("discrepancy_endings", &["UPDATE", "DELETE", "INSERT"]),
    ("days_looked_through", &["UPDATE", "DELETE", "INSERT"]),
];

fn triggers(house: &House) -> BTreeSet<(String, String)> {
    let sql = match house.kind {
        Kind::Sqlite => {
            "SELECT t.tbl_name AS table_name, e.event FROM sqlite_master t \
             JOIN (SELECT 'UPDATE' AS event UNION SELECT 'DELETE' UNION SELECT 'INSERT') e \
             ON t.sql LIKE '% BEFORE ' || e.event || ' ON %RAISE(ABORT%' WHERE t.type = 'trigger'"
        }
        Kind::Postgres => {
            "SELECT t.tgrelid::regclass::text AS table_name, e.event FROM pg_trigger t \
             JOIN (VALUES (16, 'UPDATE'), (8, 'DELETE'), (4, 'INSERT'), (32, 'TRUNCATE')) e (bit, event) \
             ON t.tgtype & e.bit > 0 WHERE NOT t.tgisinternal AND t.tgenabled = 'O'"
        }
    };
    let all: Vec<Trigger> = on_either!(&mut house.plain(), |c| diesel::sql_query(sql).load(c)).unwrap();
    all.into_iter().map(|trigger| (trigger.table_name, trigger.event)).collect()
}

#[test]
fn every_write_once_table_has_its_guards() {
    on_both(|house| {
        let triggers = triggers(house);
        for (table, events) in GUARDED {
            // PostgreSQL has no REPLACE to watch for, but a TRUNCATE.
            let watched =
                |event: &&&str| house.kind == Kind::Sqlite || **event != "INSERT" || table.starts_with("step");
            let more: &[&str] = if house.kind == Kind::Postgres { &["TRUNCATE"] } else { &[] };
            for event in events.iter().filter(watched).chain(more) {
                assert!(triggers.contains(&((*table).to_owned(), (*event).to_owned())), "{table} lets {event} through");
            }
        }
    });
}

/// SQLite leaves them aside unless every connection asks.
#[test]
fn foreign_keys_are_enforced() {
    on_both(|house| {
        let orphan =
            "INSERT INTO units (id, facility, name, mailbox, rounds) VALUES ('x', 'nowhere', 'X', '', '08:00')";
        let refused: Result<usize, stepdown::store::StoreError> =
            house.db.write(move |conn, _| Ok(on_either!(conn, |c| diesel::sql_query(orphan).execute(c))?));
        assert!(refused.is_err());
    });
}

/// How SQLite is built: it plans a query once, each connection keeps its own pages, and nothing is locked that belongs to one
/// thread.
#[test]
fn sqlite_is_built_as_it_is_meant() {
    let house = House::on_sqlite();
    for (option, used) in
        [("ENABLE_QPSG", 1), ("THREADSAFE=2", 1), ("DEFAULT_MEMSTATUS=0", 1), ("ENABLE_MEMORY_MANAGEMENT", 0)]
    {
        let asked = diesel::sql_query(format!("SELECT sqlite_compileoption_used('{option}') AS n"));
        let found: Count = house.db.read(|conn| Ok(on_either!(conn, |c| asked.get_result(c))?)).unwrap();
        assert_eq!(found.n, used, "LIBSQLITE3_FLAGS of .cargo/config.toml did not reach SQLite: {option}");
    }
}
