//! Backups: made while the house is lived in, put back while it is not, and never ruined by what lies beside them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use stepdown::acts::record_dose::record_dose;
use stepdown::care::people::Nurse;
use stepdown::clock::Clock;
use stepdown::store::Db;
use tempfile::TempDir;

use crate::house::{House, at};
use crate::smtp;
use crate::ward::{self, Ringer, saturday};

fn stepdown(database: &Path, words: &[&str], file: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stepdown"));
    command.env("DATABASE_URL", format!("sqlite:{}", database.display())).stdin(Stdio::null());
    command.args(words).arg(file).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(if output.status.success() { &output.stdout } else { &output.stderr }).into_owned()
}

/// Refused in one line, and by no panic.
fn refusal(output: &Output) -> String {
    assert_eq!((output.status.code(), said(output).lines().count()), (Some(2), 1), "{}", said(output));
    said(output)
}

fn file_of(house: &House) -> PathBuf {
    PathBuf::from(house.url.trim_start_matches("sqlite:"))
}

/// How many entries a file holds, read by SQLite alone; and whether it is whole.
fn entries(file: &Path) -> (i64, String) {
    let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    let count = sql::<BigInt>("SELECT count(*) FROM history").get_result(&mut conn).unwrap();
    (count, sql::<Text>("PRAGMA integrity_check").get_result(&mut conn).unwrap())
}

fn put_back(file: &Path, time: &str) -> bool {
    let db = Db::open(&format!("sqlite:{}", file.display()), Clock::fixed(at(time))).unwrap();
    Ringer::new(&db, &smtp::nobody()).ring().put_back
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    names.collect()
}

/// A closed house in a folder of its own, whose bell has rung, and a backup of it; since then a dose was given.
fn lost_a_dose() -> (TempDir, PathBuf, PathBuf) {
    let (house, folder) = (House::on_sqlite(), tempfile::tempdir().unwrap());
    let plan = saturday(&house, "08:00:00");
    let (database, copy) = (folder.path().join("stepdown.db"), folder.path().join("copy.db"));
    house.plain_sql(&format!("VACUUM INTO '{}'", database.display())).unwrap();
    for _ in 0..2 {
        assert!(!put_back(&database, "2026-11-21T08:00:00Z"));
    }
    assert!(stepdown(&database, &["backup"], &copy).status.success());
    let later = Db::open(&format!("sqlite:{}", database.display()), Clock::fixed(at("2026-11-21T08:05:00Z"))).unwrap();
    let given = ward::giving(&house, &plan, "2026-11-21", "08:00");
    later.write(move |conn, now| record_dose(conn, &Nurse(ward::staff("nurse")), &given, now)).unwrap();
    (folder, database, copy)
}

#[test]
fn a_backup_of_a_house_that_is_lived_in_holds_what_lies_in_its_log_and_goes_over_no_file() {
    let (house, folder) = (House::on_sqlite(), tempfile::tempdir().unwrap());
    let plan = saturday(&house, "08:00:00");
    ward::give(&house, &plan, "2026-11-21", "08:00");
    let (database, copy) = (file_of(&house), folder.path().join("it's a copy.db"));
    assert!(fs::metadata(format!("{}-wal", database.display())).unwrap().len() > 0, "the dose is in the log alone");
    let made = stepdown(&database, &["backup"], &copy);
    let (all, whole) = entries(&copy);
    let expected =
        format!("holds {all} entries of the history, the last of 21 Nov 2026 08:00 UTC. It was read through");
    assert!(said(&made).contains(&expected), "{}", said(&made));
    assert_eq!((all, whole.as_str()), (house.count("history"), "ok"));
    assert_eq!(names(folder.path()), ["it's a copy.db"], "one file");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&copy).unwrap().permissions()) & 0o777, 0o600);
    assert!(refusal(&stepdown(&database, &["backup"], &copy)).contains("is there already"));
    let nowhere = stepdown(&folder.path().join("none.db"), &["backup"], &folder.path().join("x.db"));
    assert!(refusal(&nowhere).contains("There is no database at"));
    assert_eq!(names(folder.path()).len(), 1);
}

#[test]
fn on_a_server_both_commands_name_the_tool_of_the_server_and_show_no_password() {
    for (word, line) in [("backup", "pg_dump --format=custom"), ("restore", "pg_restore --no-owner")] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stepdown"));
        let told = command.env("DATABASE_URL", "postgres://u:secret@h/d").args([word, "copy"]).output().unwrap();
        let told = refusal(&told);
        assert!(told.contains(line) && told.contains("\"$DATABASE_URL\"") && !told.contains("secret"), "{told}");
    }
}

#[test]
fn a_copy_is_put_back_only_while_nobody_has_the_database_open_and_what_was_there_is_kept() {
    let (folder, database, copy) = lost_a_dose();
    let before = entries(&database);
    let open = Db::open(&format!("sqlite:{}", database.display()), Clock::system()).unwrap();
    assert!(refusal(&stepdown(&database, &["restore"], &copy)).contains("is open in another program: stop Stepdown"));
    drop(open);
    assert_eq!((entries(&database), names(folder.path()).len()), (before.clone(), 3), "nothing was changed");

    let restored = stepdown(&database, &["restore"], &copy);
    let (held, _) = entries(&copy);
    assert!(said(&restored).contains(&format!("Put back: {held} entries of the history")), "{}", said(&restored));
    assert!(before.0 > held, "the dose is not in the copy");
    assert_eq!(entries(&database), (held, "ok".to_owned()));
    let aside: Vec<String> = names(folder.path()).into_iter().filter(|name| name.contains(".aside-")).collect();
    assert_eq!(aside.len(), 2, "the database and the mark of its bell: {aside:?}");
    let kept = aside.iter().find(|name| name.ends_with('Z')).unwrap();
    assert!(said(&restored).contains(kept.as_str()), "{}", said(&restored));
    assert_eq!(entries(&folder.path().join(kept)), before);
    // The bell had rung as often in the copy as the mark beside the database knew.
    assert!(put_back(&database, "2026-11-21T08:10:00Z"), "the bell sees it all the same");
    assert!(!put_back(&database, "2026-11-21T08:11:00Z"), "once");
}

/// Otherwise Stepdown could not open it at its next start.
#[cfg(unix)]
#[test]
fn what_is_put_back_by_root_belongs_to_whoever_the_folder_belongs_to() {
    use std::os::unix::fs::{MetadataExt, chown};
    let (folder, database, copy) = lost_a_dose();
    let owner = if chown(folder.path(), Some(4_711), Some(4_711)).is_ok() {
        4_711
    } else {
        folder.path().metadata().unwrap().uid()
    };
    assert!(stepdown(&database, &["restore"], &copy).status.success());
    for file in ["stepdown.db", "stepdown.db-heard"] {
        assert_eq!(folder.path().join(file).metadata().unwrap().uid(), owner, "{file}");
    }
}

#[test]
fn what_is_no_whole_copy_is_never_put_back() {
    let (folder, database, copy) = lost_a_dose();
    let before = (entries(&database), names(folder.path()).len());
    let bad = folder.path().join("bad");
    let mut torn = fs::read(&copy).unwrap();
    let middle = torn.len() / 2;
    torn[middle..].fill(7);
    for (what, words) in [
        (torn, "is no copy to rely on"),
        (b"Dear database, ".repeat(500), "is no copy to rely on"),
        (Vec::new(), "holds no records of Stepdown"),
    ] {
        fs::write(&bad, what).unwrap();
        let told = refusal(&stepdown(&database, &["restore"], &bad));
        assert!(told.contains(words) && told.contains(&bad.display().to_string()), "{told}");
    }
    fs::remove_file(&bad).unwrap();
    assert!(refusal(&stepdown(&database, &["restore"], &bad)).contains("cannot be copied"));
    assert!(refusal(&stepdown(&database, &["restore"], &database)).contains("is the database itself"));
    assert_eq!((entries(&database), names(folder.path()).len()), before);
}

/// As the power leaves it: the file, and a log beside it with what was saved last.
fn left_by_a_crash(house: &House, folder: &Path) -> PathBuf {
    for ending in ["", "-wal"] {
        fs::copy(format!("{}{ending}", file_of(house).display()), folder.join(format!("stepdown.db{ending}"))).unwrap();
    }
    folder.join("stepdown.db")
}

/// Makes a file younger than its log.
fn touched(file: &Path) {
    let log = fs::metadata(format!("{}-wal", file.display())).unwrap().modified().unwrap();
    fs::File::options().append(true).open(file).unwrap().set_modified(log + Duration::from_secs(1)).unwrap();
}

#[test]
fn a_copy_laid_over_a_database_by_hand_is_not_mixed_with_the_log_that_lies_there() {
    let (house, folder) = (House::on_sqlite(), tempfile::tempdir().unwrap());
    let plan = saturday(&house, "08:00:00");
    let copy = folder.path().join("copy.db");
    assert!(stepdown(&file_of(&house), &["backup"], &copy).status.success());
    house.plain().batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    ward::give(&house, &plan, "2026-11-21", "08:00");
    let (database, log) = (left_by_a_crash(&house, folder.path()), folder.path().join("stepdown.db-wal"));
    fs::copy(&copy, &database).unwrap();
    touched(&database);
    let before = (fs::read(&database).unwrap(), fs::read(&log).unwrap());
    for words in [&["verify"][..], &["migrate"], &["migrate", "--dry-run"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stepdown"));
        let told = command.env("DATABASE_URL", format!("sqlite:{}", database.display())).args(words).output().unwrap();
        let told = refusal(&told);
        assert!(told.contains("do not belong together") && told.contains("`stepdown restore FILE`"), "{told}");
    }
    assert!(refusal(&stepdown(&database, &["backup"], &folder.path().join("x"))).contains("do not belong together"));
    assert_eq!((fs::read(&database).unwrap(), fs::read(&log).unwrap()), before, "nothing was changed");
    let restored = stepdown(&database, &["restore"], &copy);
    assert!(restored.status.success(), "{}", said(&restored));
    assert!(!log.exists());
    assert_eq!(entries(&database), entries(&copy));
}

/// A program that dies after it folded its log leaves a younger file too.
#[test]
fn a_database_that_is_younger_than_its_own_log_opens_with_all_that_was_saved() {
    let (house, folder) = (House::on_sqlite(), tempfile::tempdir().unwrap());
    let plan = saturday(&house, "08:00:00");
    house.plain().batch_execute("PRAGMA wal_checkpoint(PASSIVE)").unwrap();
    ward::give(&house, &plan, "2026-11-21", "08:00");
    let database = left_by_a_crash(&house, folder.path());
    touched(&database);
    drop(Db::open(&format!("sqlite:{}", database.display()), Clock::system()).unwrap());
    assert_eq!(entries(&database), (house.count("history"), "ok".to_owned()));
}
