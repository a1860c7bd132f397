//! Which moments are tried: all of them, or an even sample that begins elsewhere at every run.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Which of `all` are tried; where the sample begins can be set (`CRASH_OFFSET`), to see the same ones again.
pub struct Sample {
    pub all: usize,
    stride: usize,
    pub offset: usize,
}

impl Sample {
    /// So many as usual, where nobody says otherwise by `CRASH_POINTS=all` or a number.
    pub fn of(all: usize, usual: usize) -> Sample {
        let many = match std::env::var("CRASH_POINTS").as_deref() {
            Ok("all") => all,
            Ok(number) => number.parse().expect("CRASH_POINTS is “all” or a number"),
            Err(_) => usual,
        };
        let stride = all.div_ceil(many.max(1)).max(1);
        Sample { all, stride, offset: asked("CRASH_OFFSET").unwrap_or_else(any_number) % stride }
    }

    pub fn taken(&self) -> Vec<usize> {
        (self.offset..self.all).step_by(self.stride).collect()
    }
}

/// A number that somebody set.
pub fn asked(name: &str) -> Option<usize> {
    std::env::var(name).ok().map(|number| number.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// Another one at every run.
pub fn any_number() -> usize {
    std::process::id() as usize
}

/// Does every piece of work, two at a time, and yields what came of each.
pub fn by_two_hands<W: Sync, T: Send>(work: &[W], hand: impl Fn(&W) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let one_hand = || {
        let mut done = Vec::new();
        while let Some(piece) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.push(hand(piece));
        }
        done
    };
    std::thread::scope(|scope| {
        let hands = [scope.spawn(one_hand), scope.spawn(one_hand)];
        hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
    })
}
