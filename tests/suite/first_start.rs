//! The first start: the first administrator at the command line, wrong settings told at once, and a server that stops when told.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;

use crate::browser_like::Visitor;

fn stepdown(folder: &tempfile::TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stepdown"));
    command.env("DATABASE_URL", format!("sqlite:{}", folder.path().join("house.db").display()));
    command.env("RUST_LOG", "error").stdin(Stdio::null());
    command
}

const FIRST: [&str; 10] = [
    "person",
    "add",
    "--username",
    "Ada.Minton",
    "--name",
    "Ada Minton",
    "--facility",
    "Alder House",
    "--zone",
    "Europe/London",
];

fn add(folder: &tempfile::TempDir, more: &[&str], password: &str) -> Output {
    stepdown(folder).args(FIRST).args(more).env("STEPDOWN_PASSWORD", password).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_first_administrator_is_added_and_signs_in_to_a_house_that_stops_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let added = add(&folder, &[], "willow tree four");
    assert!(added.status.success(), "{}", told(&added));
    let said = String::from_utf8(added.stdout).unwrap();
    assert_eq!(said, "Ada Minton may sign in as ada.minton, administrator of Alder House.\n");
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut serving = stepdown(&folder)
        .args(["serve", "--listen", &free, "--letters"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(serving.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit(' ').next().unwrap();
    let visitor = Visitor::of(address);
    let door = visitor.get("/sign-in");
    assert_eq!(door.all("h1"), ["Sign in to Alder House"]);
    let inside = visitor.fill(&door, "/sign-in", &[("username", "ada.minton"), ("password", "willow tree four")]);
    assert_eq!(inside.status, 303, "{}", inside.text());
    assert_eq!(visitor.get("/").location(), "/people");
    let began = Instant::now();
    Command::new("kill").args(["-TERM", &serving.id().to_string()]).status().unwrap();
    assert!(serving.wait().unwrap().success());
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn what_is_wrong_with_a_person_is_one_sentence_and_nobody_is_added() {
    let folder = tempfile::tempdir().unwrap();
    for (more, password, sentence) in [
        (vec!["--role", "king"], "willow tree four", "the role is prescriber"),
        (vec!["--email", "nobody"], "willow tree four", "Enter one e-mail address"),
        (vec![], "short", "Enter a password of 10 to 200 characters."),
        (vec![], "my ada.minton pass", "easy to guess"),
    ] {
        let refused = add(&folder, &more, password);
        assert_eq!(refused.status.code(), Some(2), "{}", told(&refused));
        assert!(told(&refused).contains(sentence), "{}", told(&refused));
        assert_eq!(told(&refused).lines().count(), 1);
    }
    assert!(add(&folder, &[], "willow tree four").status.success());
    let again = add(&folder, &[], "willow tree four");
    assert!(told(&again).contains("Somebody has this username already."), "{}", told(&again));
}

#[test]
fn every_wrong_setting_is_told_at_one_start() {
    let folder = tempfile::tempdir().unwrap();
    let refused = stepdown(&folder)
        .args([
            "serve",
            "--listen",
            "here",
            "--smtp-host",
            "mail.example",
            "--smtp-port",
            "many",
            "--tls-key",
            "/nowhere",
        ])
        .env("DATABASE_URL", "mysql://x")
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let told = told(&refused);
    for wrong in ["DATABASE_URL", "“here”", "SMTP_PORT is “many”", "--tls-cert and --tls-key"] {
        assert!(told.contains(wrong), "{wrong}: {told}");
    }
    assert_eq!(told.lines().count(), 4, "{told}");
}

/// The password of the demo's accounts can be read by everybody.
#[test]
fn the_demo_and_a_house_of_real_people_are_kept_apart() {
    let folder = tempfile::tempdir().unwrap();
    assert!(add(&folder, &[], "willow tree four").status.success());
    std::fs::rename(folder.path().join("house.db"), folder.path().join("stepdown.db")).unwrap();
    let demo = stepdown(&folder).args(["demo", "--data"]).arg(folder.path()).output().unwrap();
    assert!(!demo.status.success() && told(&demo).contains("The demo leaves it alone"), "{}", told(&demo));
    let file = folder.path().join("stepdown.db").display().to_string();
    let mut plain = SqliteConnection::establish(&file).unwrap();
    sql_query("PRAGMA foreign_keys = OFF").execute(&mut plain).unwrap();
    sql_query("UPDATE facilities SET id = 'alder-house'").execute(&mut plain).unwrap();
    let db = format!("sqlite:{file}");
    let serve = stepdown(&folder).arg("serve").env("DATABASE_URL", &db).output().unwrap();
    assert!(!serve.status.success() && told(&serve).contains("is the demo’s"), "{}", told(&serve));
}

/// Whoever tries a copy out says so in this way.
#[test]
fn an_empty_folder_for_packs_is_no_wrong_setting() {
    let folder = tempfile::tempdir().unwrap();
    let told =
        told(&stepdown(&folder).args(["serve", "--listen", "here"]).env("STEPDOWN_DOWNTIME", "").output().unwrap());
    assert!(told.contains("“here”") && told.lines().count() == 1, "{told}");
}

#[test]
fn a_mistyped_path_is_no_new_database_to_whoever_only_looks() {
    let folder = tempfile::tempdir().unwrap();
    for words in [&["verify"][..], &["migrate", "--dry-run"]] {
        let looked = stepdown(&folder).args(words).output().unwrap();
        assert_eq!(looked.status.code(), Some(2), "{words:?}");
        assert!(told(&looked).contains("There is no database at"), "{words:?}: {}", told(&looked));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
