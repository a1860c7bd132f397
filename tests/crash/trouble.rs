//! The disk is full, can only be read, or fails: nobody is told that something is saved that is not, everybody can go on
//! looking, and when the trouble is over all is as before.

use crate::ground::{Ground, LOST, folder, ground};
use crate::points::{Sample, by_two_hands};
use crate::posts::{Answer, Word};
use crate::running::{LATER, Running, house, house_at};
use crate::tracer::{self, Aim, Tracer, aloud, counted};

/// So many single failures are tried in an ordinary run.
const USUAL: usize = 40;
const WRITES: &str = "pwrite64,ftruncate";
const SYNCS: &str = "fsync,fdatasync";
/// What goes wrong, at every call of a kind, and how it is called.
const TROUBLES: [(&str, &str, &str); 5] = [
    ("full", WRITES, "ENOSPC"),
    ("over its quota", WRITES, "EDQUOT"),
    ("readable only", WRITES, "EROFS"),
    ("failing at writes", WRITES, "EIO"),
    ("failing at syncs", SYNCS, "EIO"),
];

/// Two nurses' posts: recording a dose, and giving one as needed.
const POSTS: [usize; 2] = [0, 6];

fn shows_the_doses(answer: Option<Answer>, disk: &str) {
    let page = answer.unwrap_or_else(|| panic!("the round is shown on a disk that is {disk}"));
    assert!(page.status == 200 && page.page.contains("class=\"dose\">0.5<"), "a disk that is {disk}: {}", page.status);
}

#[test]
fn a_disk_in_trouble_is_said_honestly_and_the_doses_stay_to_be_seen() {
    if !tracer::here() {
        return;
    }
    let ground = ground();
    let words = by_two_hands(&TROUBLES, |(disk, calls, error)| (*disk, in_trouble(ground, disk, calls, error)));
    for (disk, word) in words {
        let honest = if disk == "full" { Word::NotSaved } else { Word::NotKnown };
        assert!([Word::NotSaved, honest].contains(&word), "on a disk that is {disk} it says {word:?}");
    }
}

/// What a nurse is told who records a dose meanwhile.
fn in_trouble(ground: &Ground, disk: &str, calls: &'static str, error: &'static str) -> Word {
    let (copy, [first, second]) = (ground.copy(), POSTS.map(|post| &ground.posts[post]));
    let mut running = Running::start(&house_at(LATER, copy.path())).expect("the house opens");
    let address = running.address.clone();
    shows_the_doses(first.look(&address, "/round"), "well");
    let tracer = Tracer::attach(running.pid(), &Aim::Fail { calls, error, nth: None });
    // Somebody who was not seen for minutes: that they were cannot be noted.
    shows_the_doses(second.look(&address, "/round"), disk);
    let answer = first.send(&address).expect("an answer");
    let word = answer.word().unwrap_or_else(|| panic!("a disk that is {disk} is no excuse: {answer:?}"));
    assert_eq!((word == Word::Saved, answer.status), (false, 500), "{disk}");
    shows_the_doses(first.look(&address, "/round"), disk);
    let ready = first.look(&address, "/health/live").expect("it is alive");
    assert_eq!(ready.status, 200);
    tracer.let_go();
    for post in [first, second] {
        let answer = post.send(&address).expect("an answer");
        assert_eq!(answer.status, 303, "once the disk is no more {disk}: {}", answer.page);
    }
    running.stop();
    assert!(!running.killed());
    let wrong = ground.wrongs_and_again(copy.path(), &POSTS, &POSTS);
    assert!(wrong.is_empty(), "after a disk that was {disk}: {wrong:#?}");
    word
}

/// One write or sync alone fails, once: whatever is answered is true, now and after the next start.
#[test]
fn one_failure_at_any_write_or_sync_is_answered_truly() {
    if !tracer::here() {
        return;
    }
    let ground = ground();
    let found = by_two_hands(&(0..ground.posts.len()).collect::<Vec<_>>(), |post| (*post, points(ground, *post)));
    let points = found.into_iter().flat_map(|(post, points)| points.into_iter().map(move |point| (post, point)));
    let points: Vec<_> = points.filter(|(_, point)| point.call != "unlink").collect();
    let all =
        ["EIO", "ENOSPC"].iter().flat_map(|error| points.iter().map(move |(post, point)| (*post, *point, *error)));
    let all: Vec<_> = all.collect();
    let sample = Sample::of(all.len(), USUAL);
    let tried: Vec<_> = sample.taken().into_iter().map(|n| all[n]).collect();
    let told = by_two_hands(&tried, |(post, point, error)| {
        let aim = Aim::Fail { calls: point.call, error, nth: Some(point.nth) };
        let (word, wrong) = failed_once(ground, *post, &aim);
        assert!(wrong.is_empty(), "{} at {} {}: {wrong:#?}", ground.posts[*post].name, point.call, point.nth);
        word
    });
    let count = |word| told.iter().filter(|told| **told == Some(word)).count();
    let (saved, not_saved, not_known) = (count(Word::Saved), count(Word::NotSaved), count(Word::NotKnown));
    let (tried, offset) = (tried.len(), sample.offset);
    aloud(&format!(
        "crash: {tried} single failures of {} possible (CRASH_OFFSET={offset}): {saved} times “saved”, \
         {not_saved} “NOT saved”, {not_known} “not known”, all of them true",
        sample.all
    ));
    assert_eq!(saved + not_saved + not_known, tried, "every one is answered");
    assert!(not_saved > 0 && not_known > 0);
}

fn points(ground: &Ground, post: usize) -> Vec<tracer::Point> {
    let (copy, traces) = (ground.copy(), folder());
    let trace = traces.path().join("trace");
    let running = Running::start(&house(copy.path())).expect("the house opens");
    let tracer = Tracer::attach(running.pid(), &Aim::Count(&trace));
    ground.posts[post].send(&running.address).expect("an answer");
    drop((running, tracer));
    counted(&trace)
}

/// What was said of the post, and what is not true of it.
fn failed_once(ground: &Ground, post: usize, aim: &Aim) -> (Option<Word>, Vec<String>) {
    let (copy, other) = (ground.copy(), (post + 1) % ground.posts.len());
    let running = Running::start(&house(copy.path())).expect("the house opens");
    let tracer = Tracer::attach(running.pid(), aim);
    let word = ground.posts[post].send(&running.address).and_then(|answer| answer.word());
    tracer.let_go();
    // What comes next is saved by a writer that has opened the file anew.
    let next = ground.posts[other].send(&running.address).map(|answer| answer.status);
    let mut wrong = Vec::new();
    if next != Some(ground.posts[other].expected()) {
        wrong.push(format!("what came next was answered {next:?}"));
    }
    drop(running);
    let (sent, saved) = match word {
        Some(Word::Saved) => (vec![post, other], vec![post, other]),
        // What was not saved was never sent, as far as anybody can see.
        Some(Word::NotSaved) => (vec![other], vec![other]),
        _ => (vec![post, other], vec![other]),
    };
    let saved: Vec<usize> = saved.into_iter().filter(|post| ground.posts[*post].expected() == 303).collect();
    wrong.extend(ground.wrongs(copy.path(), &sent, &saved));
    wrong.sort_by_key(|wrong| !wrong.starts_with(LOST));
    (word, wrong)
}
