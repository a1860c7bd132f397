//! How far a round is: one segment for each dose, in the order given, not given, overdue, to come.

use askama::Template;
use askama::filters::HtmlSafe;

use super::pixels::Px;

/// The doses of a round by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub given: usize,
    pub not_given: usize,
    pub overdue: usize,
    pub to_come: usize,
}

impl Counts {
    pub fn all(self) -> usize {
        self.recorded() + self.overdue + self.to_come
    }

    pub fn recorded(self) -> usize {
        self.given + self.not_given
    }
}

#[derive(Debug, Template)]
#[template(path = "parts/progress.html")]
pub struct Progress {
    words: String,
    segments: Vec<Segment>,
}

#[derive(Debug)]
struct Segment {
    class: &'static str,
    x: Px,
    width: Px,
}

/// More segments than this would be thinner than the gaps between them, so that each kind is one.
const SEPARATE: usize = 60;

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for Progress {}

impl Progress {
    pub fn new(counts: Counts) -> Progress {
        let kinds = [
            ("p-given", counts.given),
            ("p-not", counts.not_given),
            ("p-over", counts.overdue),
            ("p-left", counts.to_come),
        ];
        Progress { words: words(counts), segments: segments(&kinds, counts.all()) }
    }

    pub fn samples() -> Vec<(&'static str, Progress)> {
        let counts = |given, not_given, overdue, to_come| Counts { given, not_given, overdue, to_come };
        let sample = |name, counts| (name, Progress::new(counts));
        vec![
            sample("empty", Counts::default()),
            sample("usual", counts(3, 1, 2, 7)),
            sample("longest", counts(1_000, 20, 300, 4)),
        ]
    }
}

fn segments(kinds: &[(&'static str, usize)], all: usize) -> Vec<Segment> {
    let together = all > SEPARATE;
    let mut begun = 0;
    let mut segments = Vec::new();
    for (class, count) in kinds {
        let (times, each) = if together { (usize::from(*count > 0), *count) } else { (*count, 1) };
        for _ in 0..times {
            segments.push(segment(class, begun, begun + each, all));
            begun += each;
        }
    }
    segments
}

/// A segment reaches to the next, less a gap; the last one reaches to the end.
fn segment(class: &'static str, begun: usize, ended: usize, all: usize) -> Segment {
    let at = |count: usize| {
        Px::of(100).share(i64::try_from(count).unwrap_or(i64::MAX), i64::try_from(all).unwrap_or(i64::MAX))
    };
    let gap = if ended == all { Px::of(0) } else { Px::tenths(5) };
    Segment { class, x: at(begun), width: (at(ended) - at(begun) - gap).max(Px::tenths(1)) }
}

/// `4 of 13 recorded: 3 given, 1 not given, 2 overdue, 7 to come`.
fn words(counts: Counts) -> String {
    if counts.all() == 0 {
        return "No doses".into();
    }
    let kinds = [
        (counts.given, "given"),
        (counts.not_given, "not given"),
        (counts.overdue, "overdue"),
        (counts.to_come, "to come"),
    ];
    let told = kinds.iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{count} {kind}"));
    format!("{} of {} recorded: {}", counts.recorded(), counts.all(), told.collect::<Vec<_>>().join(", "))
}
