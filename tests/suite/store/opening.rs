//! Opening a database: how a connection is set, how it is migrated, and what is refused.

use std::thread;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use stepdown::clock::Clock;
use stepdown::store::schema::throttles;
use stepdown::store::{Conn, Db, StoreError};

use super::{enter, entered, text};
use crate::house::{House, Kind, beside, on_both, on_postgres};

#[test]
fn every_connection_to_a_file_is_set_as_it_must_be() {
    let house = House::on_sqlite();
    let settings = |conn: &mut Conn| {
        ["journal_mode", "synchronous", "foreign_keys", "busy_timeout"]
            .map(|name| text(conn, &format!("SELECT CAST((SELECT * FROM pragma_{name}) AS TEXT)")))
    };
    let expected = ["wal", "2", "1", "5000"];
    assert_eq!(house.db.read(|conn| Ok(settings(conn))).unwrap(), expected);
    assert_eq!(house.db.write(move |conn, _| Ok::<_, StoreError>(settings(conn))).unwrap(), expected);
}

#[test]
fn every_connection_to_a_server_is_set_as_it_must_be() {
    on_postgres(|house| {
        house.plain_sql("ALTER ROLE CURRENT_USER SET timezone = 'Asia/Tokyo'").unwrap();
        let settings = |conn: &mut Conn| {
            ["TimeZone", "transaction_isolation", "synchronous_commit"]
                .map(|name| text(conn, &format!("SELECT current_setting('{name}')")))
        };
        let shown = house.opened_again().write(move |conn, _| Ok::<_, StoreError>(settings(conn))).unwrap();
        house.plain_sql("ALTER ROLE CURRENT_USER RESET timezone").unwrap();
        assert_eq!(shown, ["UTC", "read committed", "on"]);
    });
}

/// Two rivals that wait for each other are known by the server's words: they are told in one language.
#[test]
fn a_server_tells_of_failures_in_english_where_that_may_be_set() {
    on_postgres(|house| {
        let other = "ALTER DATABASE %I SET lc_messages = ''C.UTF-8''";
        house.plain_sql(&format!("DO $$ BEGIN EXECUTE format('{other}', current_database()); END $$")).unwrap();
        let mut plain = house.plain();
        assert_eq!(text(&mut plain, "SELECT current_setting('lc_messages')"), "C.UTF-8");
        let words = |conn: &mut Conn| text(conn, "SELECT current_setting('lc_messages')");
        assert_eq!(house.opened_again().write(move |conn, _| Ok::<_, StoreError>(words(conn))).unwrap(), "C");
    });
}

#[test]
fn a_server_that_dropped_its_connections_is_asked_again() {
    on_postgres(|house| {
        house.db.write(|conn, now| enter(conn, "before", now)).unwrap();
        let others = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
        house.plain_sql(others).unwrap();
        house.db.write(|conn, now| enter(conn, "after", now)).unwrap();
        assert!(entered(&house.db, "after"));
    });
}

#[test]
fn two_acts_that_lock_each_other_are_both_saved() {
    on_postgres(|house| {
        for subject in ["one", "two"] {
            house.db.write(move |conn, now| enter(conn, subject, now)).unwrap();
        }
        let touch = |conn: &mut Conn, subject: &str| {
            let row = throttles::table.filter(throttles::subject.eq(subject.to_owned()));
            diesel::update(row).set(throttles::failures.eq(throttles::failures + 1)).execute(conn)
        };
        let crossed = |first: &'static str, second: &'static str| {
            house.db.write(move |conn, _| {
                touch(conn, first)?;
                thread::sleep(std::time::Duration::from_millis(100));
                touch(conn, second)?;
                Ok::<_, StoreError>(())
            })
        };
        thread::scope(|scope| {
            let other = scope.spawn(|| crossed("two", "one"));
            crossed("one", "two").unwrap();
            other.join().unwrap().unwrap();
        });
        assert_eq!(house.count("throttles WHERE failures = 3"), 2);
    });
}

#[test]
fn an_address_that_cannot_be_used_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let scribble = folder.path().join("letter.txt");
    std::fs::write(&scribble, "Dear database, ".repeat(500)).unwrap();
    let cases = [
        ("mysql://root:secret@localhost/x".to_owned(), "DATABASE_URL begins with “mysql:”"),
        ("".to_owned(), "DATABASE_URL"),
        (format!("sqlite:{}/none/x.db", folder.path().display()), "No such file or directory"),
        (format!("sqlite:{}", folder.path().display()), "cannot be used"),
        (format!("sqlite:{}", scribble.display()), "file is not a database"),
        ("postgres://nobody:secret@127.0.0.1:1/x".to_owned(), "Connection refused"),
        ("postgres://nobody:secret@no-such-host.invalid/x".to_owned(), "could not translate host name"),
    ];
    for (url, words) in cases {
        let sentence = Db::open(&url, Clock::system()).err().expect(&url).to_string();
        assert!(sentence.contains(words), "{url}: {sentence}");
        assert!(!sentence.contains("secret"), "{sentence}");
    }
}

#[test]
fn migrating_again_changes_nothing_and_sets_the_guards_anew() {
    on_both(|house| {
        assert_eq!(house.db.pending(), Ok(vec![]));
        let guard = match house.kind {
            Kind::Sqlite => "DROP TRIGGER history_unchanged",
            Kind::Postgres => "DROP TRIGGER history_unchanged ON history",
        };
        house.plain_sql(guard).unwrap();
        let migrated = house.db.migrate().unwrap();
        assert_eq!((migrated.applied, migrated.copied_to), (vec![], None));
        assert_eq!(house.plain_sql(guard), Ok(0));
    });
}

#[test]
fn two_programs_that_start_at_once_migrate_one_after_the_other() {
    on_both(|house| {
        let outcomes = beside(4, |_| house.opened_again().migrate().is_ok());
        assert_eq!(outcomes, [true; 4]);
    });
}

#[test]
fn a_database_of_a_newer_program_is_refused() {
    on_both(|house| {
        house.plain_sql("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')").unwrap();
        let refused = Db::open(&house.url, house.clock.clone()).err().expect("refused").to_string();
        assert!(refused.contains("newer Stepdown"), "{refused}");
    });
}

#[test]
fn a_file_that_holds_anything_is_copied_before_it_is_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("it's old.db").display().to_string();
    let mut old = SqliteConnection::establish(&path).unwrap();
    old.batch_execute("CREATE TABLE keepsake (n BIGINT); INSERT INTO keepsake VALUES (42)").unwrap();
    let db = Db::open(&format!("sqlite:{path}"), Clock::system()).unwrap();
    assert!(!db.pending().unwrap().is_empty());
    let copy = db.migrate().unwrap().copied_to.expect("a copy").display().to_string();
    let mut conn = SqliteConnection::establish(&copy).unwrap();
    let kept: i64 = diesel::dsl::sql::<BigInt>("SELECT n FROM keepsake").get_result(&mut conn).unwrap();
    let laid: i64 = diesel::dsl::sql::<BigInt>("SELECT count(*) FROM sqlite_master WHERE name = 'history'")
        .get_result(&mut conn)
        .unwrap();
    assert_eq!((kept, laid), (42, 0));
    #[cfg(unix)]
    assert_eq!(mode(&copy), 0o600, "it holds what the file holds");
}

/// A service that is started again and again must not fill the disk with copies.
#[test]
fn a_migration_that_fails_leaves_the_file_as_it_was_and_no_copy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stepdown.db").display().to_string();
    let mut old = SqliteConnection::establish(&path).unwrap();
    old.batch_execute("CREATE TABLE history (mine BIGINT); INSERT INTO history VALUES (42)").unwrap();
    let db = Db::open(&format!("sqlite:{path}"), Clock::system()).unwrap();
    for _ in 0..2 {
        let refused = db.migrate().unwrap_err().to_string();
        assert!(refused.contains("is as it was"), "{refused}");
    }
    let kept: i64 = diesel::dsl::sql::<BigInt>("SELECT mine FROM history").get_result(&mut old).unwrap();
    assert_eq!(kept, 42);
    let names =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.contains(".before-")).count(), 0);
}

/// Whoever copies the file of a program that was stopped has everything.
#[test]
fn a_closed_database_is_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stepdown.db").display().to_string();
    let db = Db::open(&format!("sqlite:{path}"), Clock::system()).unwrap();
    db.migrate().unwrap();
    db.write(|conn, now| enter(conn, "kept", now)).unwrap();
    assert!(entered(&db, "kept"));
    drop(db);
    assert!(!std::path::Path::new(&format!("{path}-wal")).exists());
    let again = Db::open(&format!("sqlite:{path}"), Clock::system()).unwrap();
    assert!(entered(&again, "kept"));
}

#[cfg(unix)]
fn mode(file: &str) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[test]
fn a_new_file_can_be_read_by_its_owner_alone() {
    let house = House::on_sqlite();
    let path = house.url.trim_start_matches("sqlite:");
    for file in [path.to_owned(), format!("{path}-wal")] {
        assert_eq!(mode(&file), 0o600, "{file}");
    }
}
