//! The program is killed at the nth write or sync of every way in which something is saved, and opened again.

use std::path::Path;

use tempfile::TempDir;

use crate::ground::{Ground, LOST, ground};
use crate::points::{Sample, by_two_hands};
use crate::running::{Running, house};
use crate::tracer::{self, Aim, Point, Tracer, aloud};

/// So many moments are tried in an ordinary run.
const USUAL: usize = 90;

/// A way in which something is saved: what is sent before, in peace, and what is under way when the program dies.
struct Way {
    name: String,
    before: Vec<usize>,
    under_way: Vec<usize>,
    manner: Manner,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    InTurn,
    /// By as many people in one moment: they share a commit.
    AtOnce,
    /// Nothing is under way; the program was told to stop, and folds its log into the file.
    Stopping,
}

impl Way {
    /// Every act by itself after one that was answered, all in turn with each of them the first, all at once, and the end
    /// of the day.
    fn all(ground: &Ground) -> Vec<Way> {
        let posts = || 0..ground.posts.len();
        let alone = posts().map(|post| Way {
            name: ground.posts[post].name.to_owned(),
            before: vec![(post + 1) % ground.posts.len()],
            under_way: vec![post],
            manner: Manner::InTurn,
        });
        let way = |name: &str, before, under_way, manner| Way { name: name.to_owned(), before, under_way, manner };
        let turns = posts().map(|first| {
            let mut order: Vec<usize> = posts().collect();
            order.rotate_left(first);
            way(&format!("all in turn from {}", ground.posts[first].name), vec![], order, Manner::InTurn)
        });
        let together = [
            way("all at once", vec![], posts().collect(), Manner::AtOnce),
            way("stopping", posts().collect(), vec![], Manner::Stopping),
        ];
        alone.chain(turns).chain(together).collect()
    }
}

/// What was done until the program died, or everything was answered.
struct Ran {
    folder: TempDir,
    sent: Vec<usize>,
    saved: Vec<usize>,
    unanswered: usize,
    killed: bool,
    /// Answers that nobody should have got.
    odd: Vec<String>,
}

impl Ran {
    fn take(ground: &Ground, way: &Way, aim: &Aim) -> Ran {
        let folder = ground.copy();
        let mut running = Running::start(&house(folder.path())).expect("the house opens");
        let mut ran = Ran { folder, sent: vec![], saved: vec![], unanswered: 0, killed: false, odd: vec![] };
        way.before.iter().for_each(|post| ran.told(ground, *post, &running.address));
        let tracer = Tracer::attach(running.pid(), aim);
        match way.manner {
            Manner::InTurn => way.under_way.iter().for_each(|post| ran.told(ground, *post, &running.address)),
            Manner::AtOnce => ran.told_at_once(ground, &way.under_way, &running.address),
            Manner::Stopping => running.stop(),
        }
        // Whoever gets no answer had to do with a program that is no more.
        ran.killed = (ran.unanswered > 0 || way.manner == Manner::Stopping) && running.killed();
        drop(running);
        drop(tracer);
        ran
    }

    fn told(&mut self, ground: &Ground, post: usize, address: &str) {
        let answer = ground.posts[post].send(address).map(|answer| (answer.status, answer.page));
        self.note(ground, post, answer);
    }

    fn told_at_once(&mut self, ground: &Ground, posts: &[usize], address: &str) {
        let answers = crate::house::beside(posts.len(), |n| {
            ground.posts[posts[n]].send(address).map(|answer| (answer.status, answer.page))
        });
        posts.iter().zip(answers).for_each(|(post, answer)| self.note(ground, *post, answer));
    }

    fn note(&mut self, ground: &Ground, post: usize, answer: Option<(u16, String)>) {
        let drawn = &ground.posts[post];
        self.sent.push(post);
        match answer {
            Some((303, _)) if drawn.expected() == 303 => self.saved.push(post),
            Some((status, page)) if status != drawn.expected() => {
                self.odd.push(format!("{} was answered {status}: {page}", drawn.name));
            }
            Some(_) => {}
            None => self.unanswered += 1,
        }
    }
}

/// The moments at which a program on this way can die.
fn points(ground: &Ground, way: &Way) -> Vec<Point> {
    let file = crate::ground::folder();
    let trace = file.path().join("trace");
    let ran = Ran::take(ground, way, &Aim::Count(&trace));
    let wrong = wrongs(ground, &ran);
    assert!(wrong.is_empty(), "{}, with nobody killed: {wrong:#?}", way.name);
    tracer::counted(&trace)
}

fn wrongs(ground: &Ground, ran: &Ran) -> Vec<String> {
    let left: &Path = ran.folder.path();
    ran.odd.iter().cloned().chain(ground.wrongs_and_again(left, &ran.sent, &ran.saved)).collect()
}

#[test]
fn killed_at_any_write_nothing_answered_is_lost_and_nothing_is_torn() {
    if !tracer::here() {
        return;
    }
    let ground = ground();
    let ways = Way::all(ground);
    let found = by_two_hands(&(0..ways.len()).collect::<Vec<_>>(), |way| (*way, points(ground, &ways[*way])));
    let all: Vec<(usize, Point)> =
        found.into_iter().flat_map(|(way, points)| points.into_iter().map(move |point| (way, point))).collect();
    let sample = Sample::of(all.len(), USUAL);
    let tried: Vec<(usize, Point)> = sample.taken().into_iter().map(|n| all[n]).collect();
    let told = by_two_hands(&tried, |(way, point)| {
        let ran = Ran::take(ground, &ways[*way], &Aim::Kill(*point));
        let wrong = wrongs(ground, &ran);
        (format!("{} before {} {}", ways[*way].name, point.call, point.nth), ran, wrong)
    });
    let killed = told.iter().filter(|(_, ran, _)| ran.killed).count();
    let saved: usize = told.iter().map(|(_, ran, _)| ran.saved.len()).sum();
    let lost = told.iter().flat_map(|(_, _, wrong)| wrong).filter(|wrong| wrong.starts_with(LOST)).count();
    let (of, offset) = (sample.all, sample.offset);
    aloud(&format!(
        "crash: {killed} kills of {of} possible (CRASH_OFFSET={offset}); {saved} posts answered as saved, {lost} lost"
    ));
    for (moment, _, wrong) in &told {
        assert!(wrong.is_empty(), "killed in {moment}: {wrong:#?}");
    }
    assert!(killed * 10 >= tried.len() * 9, "{killed} of {} kills hit", tried.len());
}
