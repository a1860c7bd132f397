//! The program is killed while its log is folded into the file and begun anew, over and over on a long day.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::day::{self, Keeping};
use crate::ground::{LOST, folder};
use crate::points::{Sample, by_two_hands};
use crate::recording::SAID;
use crate::tracer::{self, Aim, Point, aloud, counted};

/// So many moments are tried in an ordinary run.
const USUAL: usize = 40;

/// Lives a day under strace: how often something was said to be saved, and whether the day came to its end.
fn lived(folder: &Path, aim: &Aim) -> (usize, bool) {
    day::begin(folder);
    let words = aim.over(&day::command(folder, Keeping::Store));
    let lived = Command::new(&words[0]).args(&words[1..]).stderr(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&lived.stdout).matches(SAID).count();
    (said, lived.status.success())
}

#[test]
fn killed_while_its_log_is_folded_nothing_answered_is_lost() {
    if !tracer::here() {
        return;
    }
    let (whole, traces) = (folder(), folder());
    let trace = traces.path().join("trace");
    assert_eq!(lived(whole.path(), &Aim::Count(&trace)), (day::ACTS, true));
    let points: Vec<Point> = counted(&trace);
    let sample = Sample::of(points.len(), USUAL);
    let tried: Vec<Point> = sample.taken().iter().map(|n| points[*n]).collect();
    let told = by_two_hands(&tried, |point| {
        let left = folder();
        let (said, ended) = lived(left.path(), &Aim::Kill(*point));
        (*point, said, ended, day::wrongs(left.path(), said))
    });
    let killed = told.iter().filter(|(_, _, ended, _)| !ended).count();
    let saved: usize = told.iter().map(|(_, said, _, _)| said).sum();
    let lost = told.iter().flat_map(|(.., wrong)| wrong).filter(|wrong| wrong.starts_with(LOST)).count();
    let (of, offset) = (sample.all, sample.offset);
    aloud(&format!(
        "crash: {killed} kills of {of} possible on a long day (CRASH_OFFSET={offset}); \
         {saved} acts answered as saved, {lost} lost"
    ));
    told.iter().for_each(|(point, .., wrong)| assert!(wrong.is_empty(), "killed before {point:?}: {wrong:#?}"));
    assert_eq!(killed, tried.len());
}
