//! The power fails: every write and sync is recorded, and the files are made anew as they may be found afterwards.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::day::{self, ACTS, Keeping};
use crate::ground::{Ground, LOST, folder, ground};
use crate::platter::{Chance, Event, Platter};
use crate::points::{any_number, asked, by_two_hands};
use crate::recording;
use crate::running::{Running, house};
use crate::tracer::{self, Aim, aloud};

/// So many images are tried in an ordinary run, where `CRASH_IMAGES` does not say otherwise.
const USUAL: usize = 80;

/// What was done to the disk from a known beginning on.
struct Recording {
    began: Vec<u8>,
    events: Vec<Event>,
}

/// One loss of power in a recording.
struct Loss {
    /// So many events had happened.
    after: usize,
    seed: u64,
}

/// The losses that are tried: half of them anywhere, half right after somebody was told that something is saved.
fn losses(events: &[Event], seed: u64) -> Vec<Loss> {
    let told: Vec<usize> = (0..events.len()).filter(|n| matches!(events[*n], Event::Told)).collect();
    let mut chance = Chance(seed);
    let images = asked("CRASH_IMAGES").unwrap_or(USUAL);
    let after = |n: usize, chance: &mut Chance| match n % 2 {
        0 => chance.below(events.len() + 1),
        _ => told[chance.below(told.len())] + 1,
    };
    (0..images).map(|n| Loss { after: after(n, &mut chance), seed: chance.below(usize::MAX) as u64 }).collect()
}

/// Lives through a recording up to each loss, and looks at what is found there.
fn found(recording: &Recording, look: impl Fn(&Path, usize) -> Vec<String> + Sync) -> Vec<Vec<String>> {
    let seed = asked("CRASH_SEED").unwrap_or_else(any_number) as u64;
    let mut losses = losses(&recording.events, seed);
    losses.sort_by_key(|loss| loss.after);
    let halves: Vec<&[Loss]> = losses.chunks(losses.len().div_ceil(2)).collect();
    let found = by_two_hands(&halves, |half| {
        let mut platter = Platter::with("stepdown.db", recording.began.clone());
        let mut lived = 0;
        let mut all = Vec::new();
        for loss in *half {
            recording.events[lived..loss.after].iter().zip(lived..).for_each(|(event, n)| platter.live(n, event));
            lived = loss.after;
            let left = folder();
            for (name, content) in platter.image(&mut Chance(loss.seed)) {
                std::fs::write(left.path().join(name), content).unwrap();
            }
            let wrong = look(left.path(), platter.told);
            let loss = format!("CRASH_SEED={seed}, after event {}", loss.after);
            all.push(wrong.into_iter().map(|wrong| format!("{wrong} ({loss})")).collect());
        }
        all
    });
    found.into_iter().flatten().collect()
}

fn lost(found: &[Vec<String>]) -> usize {
    found.iter().filter(|wrong| wrong.iter().any(|wrong| wrong.starts_with(LOST))).count()
}

fn told(name: &str, recording: &Recording, found: &[Vec<String>]) {
    let told = recording.events.iter().filter(|event| matches!(event, Event::Told)).count();
    aloud(&format!(
        "crash: {} losses of power in {} events of {name} ({told} answered as saved), {} lost an answer",
        found.len(),
        recording.events.len(),
        lost(found)
    ));
}

/// Every post in its turn, with the house closed and opened once between.
fn posts_recorded(ground: &Ground) -> Recording {
    let (folder, traces) = (ground.copy(), folder());
    let mut events = Vec::new();
    for (n, half) in ground.posts.chunks(ground.posts.len().div_ceil(2)).enumerate() {
        let trace = traces.path().join(n.to_string());
        let mut running = Running::start(&Aim::Record(&trace).over(&house(folder.path()))).expect("the house opens");
        for post in half {
            let answer = post.send(&running.address).expect("nobody is killed");
            assert_eq!(answer.status, post.expected(), "{}: {}", post.name, answer.page);
        }
        running.stop_inside();
        recording::read_on(&mut events, &trace, folder.path());
    }
    Recording { began: ground.file.clone(), events }
}

#[test]
fn whatever_the_disk_loses_with_its_power_no_answer_is_lost() {
    if !tracer::here() {
        return;
    }
    let ground = ground();
    let recording = posts_recorded(ground);
    let saved: Vec<usize> = (0..ground.posts.len()).filter(|post| ground.posts[*post].expected() == 303).collect();
    let told_of = recording.events.iter().filter(|event| matches!(event, Event::Told)).count();
    assert_eq!(told_of, saved.len(), "every answer is in the recording");
    assert!(recording::files(&recording.events).contains("stepdown.db-wal"));
    let found = found(&recording, |left, told| {
        let sent: Vec<usize> = saved.iter().copied().take(told + 1).collect();
        ground.wrongs(left, &sent, &saved[..told])
    });
    told("posts", &recording, &found);
    found.iter().for_each(|wrong| assert!(wrong.is_empty(), "{wrong:#?}"));
}

fn day_recorded(keeping: Keeping) -> Recording {
    let (folder, traces) = (folder(), folder());
    day::begin(folder.path());
    let trace = traces.path().join("trace");
    let words = Aim::Record(&trace).over(&day::command(folder.path(), keeping));
    let lived = Command::new(&words[0]).args(&words[1..]).stdout(Stdio::null()).status().unwrap();
    assert!(lived.success(), "{keeping:?}");
    let mut events = Vec::new();
    recording::read_on(&mut events, &trace, folder.path());
    let told = events.iter().filter(|event| matches!(event, Event::Told)).count();
    assert_eq!(told, ACTS, "every word is in the recording");
    let folded = events.iter().filter(|event| matches!(event, Event::Synced { file, .. } if file == "stepdown.db"));
    assert!(folded.count() > 2, "the log was folded into the file, and begun anew");
    Recording { began: day::morning().clone(), events }
}

#[test]
fn whatever_the_disk_loses_in_a_long_day_no_act_is_lost() {
    if !tracer::here() {
        return;
    }
    for (keeping, name) in [(Keeping::Store, "a long day"), (Keeping::Full, "a long day past the store")] {
        let recording = day_recorded(keeping);
        let found = found(&recording, day::wrongs);
        told(name, &recording, &found);
        found.iter().for_each(|wrong| assert!(wrong.is_empty(), "{name}: {wrong:#?}"));
    }
}

/// The control: the same day on a connection that does not wait for the disk. If nothing were lost here, the tests above
/// would see no loss either.
#[test]
fn a_day_that_does_not_wait_for_the_disk_is_seen_to_lose_what_was_answered() {
    if !tracer::here() {
        return;
    }
    let recording = day_recorded(Keeping::Normal);
    let found = found(&recording, day::wrongs);
    told("a long day with synchronous=NORMAL, the control", &recording, &found);
    assert!(lost(&found) > 0, "nothing was lost where something must be");
    let other = found.iter().flatten().find(|wrong| !wrong.starts_with(LOST));
    assert_eq!(other, None, "what is there is whole even so");
}
