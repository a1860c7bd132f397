//! The program is killed while its bell rings: the next bell lays out what is missing and sends what was not sent, and
//! every letter is there.

use std::path::Path;
use std::time::Duration;

use stepdown::clock::Clock;
use stepdown::config::Post;
use stepdown::mail::eml_find;
use stepdown::store::{Db, StoreError};

use crate::census::{Census, words};
use crate::ground::{database, folder, ground, opened, torn};
use crate::house::at;
use crate::points::{Sample, by_two_hands};
use crate::running::{Running, house};
use crate::tracer::{self, Aim, Point, aloud, counted};
use crate::ward::Ringer;

const USUAL: usize = 20;
/// After so long nobody waits any more for the bell that died with a letter in its hand.
const LATER: &str = "2026-11-21T08:15:00Z";

/// Runs the house under strace until its bell has rung, or it was killed; whether it was.
fn rung(folder: &Path, aim: &Aim, letters: usize) -> bool {
    std::fs::write(folder.join("stepdown.db"), &ground().eager).unwrap();
    let Some(mut running) = Running::start(&aim.over(&house(folder))) else { return true };
    for _ in 0..400 {
        let killed = running.gone();
        if killed || written(folder) == letters {
            // The last letter is noted as sent a moment after it was written.
            std::thread::sleep(Duration::from_millis(200));
            return killed || running.gone();
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("the bell does not ring");
}

/// How many letters lie in the folder of the house.
fn written(folder: &Path) -> usize {
    let Ok(letters) = std::fs::read_dir(folder.join("letters")) else { return 0 };
    letters.filter(|letter| letter.as_ref().unwrap().path().extension().is_some_and(|ending| ending == "eml")).count()
}

/// Rings the next bell, and tells what is there then: what was laid out, and which letters were wanted and what became
/// of them.
fn after_the_next(folder: &Path) -> Result<(Vec<String>, Census, Vec<String>), StoreError> {
    let mut wrong = torn(&opened(folder)?)?;
    let db = Db::open(&database(folder), Clock::fixed(at(LATER)))?;
    Ringer::new(&db, &Post::Folder(folder.join("letters"))).ring();
    let sent = db.read(|conn| words(conn, "SELECT id FROM letters WHERE state = 'sent'"))?;
    let missing = sent.iter().filter(|letter| eml_find(&folder.join("letters"), letter).is_none());
    wrong.extend(missing.map(|letter| format!("letter {letter} is sent and was never written")));
    let letters = "SELECT kind || ' ' || recipient || ' ' || subject || ' ' || state FROM letters ORDER BY 1";
    Ok((wrong, Census::taken(&db)?, db.read(|conn| words(conn, letters))?))
}

#[test]
fn killed_while_its_bell_rings_no_letter_and_no_dose_is_missing_after_the_next() {
    if !tracer::here() {
        return;
    }
    let (whole, traces) = (folder(), folder());
    let trace = traces.path().join("trace");
    assert!(!rung(whole.path(), &Aim::Count(&trace), ground().letters));
    let expected = after_the_next(whole.path()).unwrap();
    assert_eq!(expected.0, Vec::<String>::new());
    let points: Vec<Point> = counted(&trace);
    let sample = Sample::of(points.len(), USUAL);
    let tried: Vec<Point> = sample.taken().iter().map(|n| points[*n]).collect();
    let told = by_two_hands(&tried, |point| {
        let left = folder();
        let killed = rung(left.path(), &Aim::Kill(*point), ground().letters);
        assert_eq!(after_the_next(left.path()).as_ref(), Ok(&expected), "killed before {point:?}");
        killed
    });
    let killed = told.iter().filter(|killed| **killed).count();
    let (of, offset, letters) = (sample.all, sample.offset, expected.2.len());
    aloud(&format!(
        "crash: {killed} kills of the bell of {of} possible (CRASH_OFFSET={offset}); {letters} letters each time, 0 lost"
    ));
    assert!(killed * 10 >= tried.len() * 8, "{killed} of {} kills hit", tried.len());
}
