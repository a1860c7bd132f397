//! What was taken, told as few numbers: a rate, a middle, a worst of a hundred, and how far the rounds lay apart.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long each of many took, in order of length.
#[derive(Debug, Clone, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    pub fn of(mut each: Vec<Duration>) -> Times {
        each.sort_unstable();
        Times(each)
    }

    /// So that this share of them took no longer.
    pub fn within(&self, share: f64) -> Duration {
        let last = self.0.len().saturating_sub(1);
        let at = (self.0.len() as f64 * share).ceil() as usize;
        self.0.get(at.saturating_sub(1).min(last)).copied().unwrap_or_default()
    }

    pub fn middle(&self) -> Duration {
        self.within(0.5)
    }

    pub fn p99(&self) -> Duration {
        self.within(0.99)
    }

    pub fn and(self, other: &Times) -> Times {
        Times::of([self.0, other.0.clone()].concat())
    }
}

/// One round of something: how many a second, and how long each took.
#[derive(Debug, Clone)]
pub struct Round {
    pub per_second: f64,
    pub times: Times,
}

impl Round {
    pub fn of(each: Vec<Duration>, took: Duration) -> Round {
        Round { per_second: each.len() as f64 / took.as_secs_f64(), times: Times::of(each) }
    }

    /// So many done in one go.
    pub fn whole(many: usize, took: Duration) -> Round {
        Round { per_second: many as f64 / took.as_secs_f64(), times: Times::default() }
    }

    /// Does the same thing so often, one after the other.
    pub fn one_by_one(often: usize, mut act: impl FnMut(usize)) -> Round {
        let began = Instant::now();
        let each = (0..often).map(|n| timed(|| act(n))).collect();
        Round::of(each, began.elapsed())
    }

    /// Lets all hands at the same work, each taking the next piece as soon as it is free.
    pub fn at_once<H: Send>(hands: &mut [H], pieces: usize, act: impl Fn(&mut H, usize) + Sync) -> Round {
        let (next, act) = (&AtomicUsize::new(0), &act);
        let began = Instant::now();
        let each = std::thread::scope(|scope| {
            let work = |hand: &mut H| {
                let piece = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|piece| *piece < pieces);
                std::iter::from_fn(piece).map(|piece| timed(|| act(hand, piece))).collect::<Vec<_>>()
            };
            let running: Vec<_> = hands.iter_mut().map(|hand| scope.spawn(move || work(hand))).collect();
            running.into_iter().flat_map(|hand| hand.join().expect("no hand fails")).collect()
        });
        Round::of(each, began.elapsed())
    }
}

fn timed(act: impl FnOnce()) -> Duration {
    let began = Instant::now();
    act();
    began.elapsed()
}

/// How much of the processors a process has used since it began: what others do meanwhile does not count. In hundredths
/// of a second, as Linux tells it.
pub fn processor_time(process: u32) -> Duration {
    let told = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // Its name stands in brackets and may hold anything; eleven fields after it comes its own time, then the kernel's.
    let fields: Vec<&str> = told.rsplit_once(')').map_or(Vec::new(), |(_, rest)| rest.split_whitespace().collect());
    let hundredths = fields.iter().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum::<u64>();
    Duration::from_millis(hundredths * 10)
}

/// Several rounds of the same thing, interleaved with others.
#[derive(Debug, Clone, Default)]
pub struct Rounds(Vec<Round>);

impl Rounds {
    pub fn push(&mut self, round: Round) {
        self.0.push(round);
    }

    /// Each round's rate over that of its partner.
    pub fn over(&self, limit: &Rounds) -> Spread {
        Spread::of(self.0.iter().zip(&limit.0).map(|(ours, theirs)| ours.per_second / theirs.per_second))
    }

    pub fn rate(&self) -> Spread {
        Spread::of(self.0.iter().map(|round| round.per_second))
    }

    pub fn times(&self) -> Times {
        self.0.iter().fold(Times::default(), |all, round| all.and(&round.times))
    }
}

/// The middle of some figures, and how far they lie apart.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    pub least: f64,
    pub middle: f64,
    pub most: f64,
}

impl Spread {
    pub fn of(figures: impl Iterator<Item = f64>) -> Spread {
        let mut all: Vec<f64> = figures.collect();
        all.sort_by(f64::total_cmp);
        let at = |at: usize| all.get(at).copied().unwrap_or(f64::NAN);
        Spread { least: at(0), middle: at(all.len() / 2), most: at(all.len().saturating_sub(1)) }
    }

    /// `1,234 (1,100 to 1,300)`
    pub fn whole(&self) -> String {
        format!("{} ({} to {})", whole(self.middle), whole(self.least), whole(self.most))
    }

    /// `1.23 (1.10 to 1.30)`
    pub fn ratio(&self) -> String {
        format!("{:.2} ({:.2} to {:.2})", self.middle, self.least, self.most)
    }
}

/// Whole, with a comma between thousands.
pub fn whole(figure: f64) -> String {
    let digits = format!("{figure:.0}");
    let places = digits.len();
    let place = |(at, digit)| match (places - at) % 3 == 0 && at > 0 {
        true => format!(",{digit}"),
        false => format!("{digit}"),
    };
    digits.chars().enumerate().map(place).collect()
}

/// `1.2 ms`
pub fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// `42 µs`
pub fn us(time: Duration) -> String {
    format!("{} µs", whole(time.as_secs_f64() * 1_000_000.0))
}

/// How many times longer one time is than another: `4.95`, or `-` where the other was not taken.
pub fn times_of(time: Duration, limit: Duration) -> String {
    if limit.is_zero() { "-".to_owned() } else { format!("{:.3}", time.as_secs_f64() / limit.as_secs_f64()) }
}
