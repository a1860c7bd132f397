//! The program is killed while it lays its first tables, or newer tables under a house that is lived in: at the next start
//! it lays them as if it had never begun, and nothing of the house is gone.

use std::path::Path;
use std::process::{Command, Stdio};

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use tempfile::TempDir;

use crate::census::{Census, words};
use crate::ground::{database, folder, ground, opened, torn};
use crate::points::{Sample, by_two_hands};
use crate::tracer::{self, Aim, Point, aloud};

const USUAL: usize = 20;

/// Lays tables under strace; whether it came to its end.
fn migrates(folder: &Path, aim: &Aim) -> bool {
    let program = ["migrate".to_owned(), "--database-url".to_owned(), database(folder)];
    let program: Vec<String> = std::iter::once(env!("CARGO_BIN_EXE_stepdown").to_owned()).chain(program).collect();
    let words = aim.over(&program);
    let started = Command::new(&words[0]).args(&words[1..]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    started.unwrap().success()
}

/// Every table, index and guard, as the database itself tells them, and whether the file is whole.
fn tables(folder: &Path) -> Vec<String> {
    let all = "SELECT integrity_check FROM pragma_integrity_check
        UNION ALL SELECT sql FROM (SELECT coalesce(sql, name) AS sql FROM sqlite_master ORDER BY name)";
    opened(folder).and_then(|db| db.read(|conn| words(conn, all))).unwrap_or_else(|why| vec![why.to_string()])
}

#[test]
fn killed_at_any_write_of_its_first_start_it_starts_again() {
    if !tracer::here() {
        return;
    }
    killed_wherever("the first start", folder, |left| {
        let found = tables(left);
        assert!(found.len() > 100, "{found:?}");
        found
    });
}

#[test]
fn killed_at_any_write_of_a_newer_version_s_start_everything_is_still_there() {
    if !tracer::here() {
        return;
    }
    killed_wherever("a newer version's start over data", lived_in, |left| {
        let db = opened(left).unwrap();
        assert_eq!(torn(&db).unwrap(), Vec::<String>::new());
        let rows = Census::taken(&db).unwrap();
        assert_eq!(
            rows.differs(&Census::taken(&opened(ground().copy().path()).unwrap()).unwrap()),
            Vec::<String>::new()
        );
        tables(left)
    });
}

/// The house as an earlier version left it, that could not end a role for good, read whole registers, trusted any clock and
/// any password, did not ask who gave something in error, held no record against as-needed maxima, and found no dose by who gave it.
fn lived_in() -> TempDir {
    let folder = ground().copy();
    let file = folder.path().join("stepdown.db");
    let mut conn = SqliteConnection::establish(&file.to_string_lossy()).unwrap();
    let earlier = "ALTER TABLE memberships DROP COLUMN ended_at;
        ALTER TABLE plan_facts DROP COLUMN ahead_on;
        ALTER TABLE plan_facts DROP COLUMN ahead_slot;
        DROP INDEX letter_waits_open;
        ALTER TABLE letter_waits DROP COLUMN why;
        CREATE UNIQUE INDEX letter_waits_open ON letter_waits (facility) WHERE ended_at IS NULL;
        DROP INDEX register_entries_came;
        DROP INDEX administrations_nothing_given_to;
        DROP INDEX plans_resident;
        DROP INDEX letters_state;
        DROP INDEX vomits_lately;
        DROP INDEX administrations_giver;
        ALTER TABLE people DROP COLUMN own_password;
        ALTER TABLE incidents DROP COLUMN given_by;
        ALTER TABLE incidents DROP COLUMN of_record;
        DELETE FROM __diesel_schema_migrations WHERE version >= '20261122000501';";
    conn.batch_execute(earlier).unwrap();
    folder
}

/// Kills it before many of its writes. What is left always looks as if nobody had been killed.
fn killed_wherever(what: &str, before: fn() -> TempDir, looked: impl Fn(&Path) -> Vec<String> + Sync) {
    let (whole, trace) = (before(), folder());
    let file = trace.path().join("trace");
    assert!(migrates(whole.path(), &Aim::Count(&file)));
    let (points, expected): (Vec<Point>, _) = (tracer::counted(&file), looked(whole.path()));
    let sample = Sample::of(points.len(), USUAL);
    let tried: Vec<Point> = sample.taken().iter().map(|n| points[*n]).collect();
    let ended = by_two_hands(&tried, |point| {
        let left = before();
        let ended = migrates(left.path(), &Aim::Kill(*point));
        let found = looked(left.path());
        assert!(found == expected, "killed before {point:?}: {found:#?}");
        ended
    });
    let killed = ended.iter().filter(|ended| !**ended).count();
    let offset = sample.offset;
    aloud(&format!("crash: {killed} kills of {what} of {} possible (CRASH_OFFSET={offset})", points.len()));
    assert_eq!(killed, tried.len());
}
