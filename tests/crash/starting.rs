//! The program is killed while it lays its first tables: at the next start it lays them as if it had never begun.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::census::words;
use crate::ground::{database, folder, opened};
use crate::points::{Sample, by_two_hands};
use crate::tracer::{self, Aim, Point, aloud};

const USUAL: usize = 20;

/// Runs the first start under strace; whether it came to its end.
fn first_start(folder: &Path, aim: &Aim) -> bool {
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
    let (whole, trace) = (folder(), folder());
    let file = trace.path().join("trace");
    assert!(first_start(whole.path(), &Aim::Count(&file)));
    let (points, expected): (Vec<Point>, _) = (tracer::counted(&file), tables(whole.path()));
    assert!(expected.len() > 100, "{expected:?}");
    let sample = Sample::of(points.len(), USUAL);
    let tried: Vec<Point> = sample.taken().iter().map(|n| points[*n]).collect();
    let ended = by_two_hands(&tried, |point| {
        let left = folder();
        let ended = first_start(left.path(), &Aim::Kill(*point));
        assert!(tables(left.path()) == expected, "killed before {point:?}: {:#?}", tables(left.path()));
        ended
    });
    let killed = ended.iter().filter(|ended| !**ended).count();
    let offset = sample.offset;
    aloud(&format!("crash: {killed} kills of the first start of {} possible (CRASH_OFFSET={offset})", points.len()));
    assert_eq!(killed, tried.len());
}
