//! How many forms are under way at once: where one more would wait too long, it is told so at once instead.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Whoever is let in waits about so long at most. The unlucky wait several times as long, and even they less than half a second.
const WAIT: Duration = Duration::from_millis(80);
/// So many are let in however slow the house was a moment ago: it may have been one slow form, and few houses have more
/// people who press a button at once.
const LEAST: usize = 32;
/// So many at most, however quick it was.
const MOST: usize = 128;
/// Out of so many forms the last one counts as one.
const MEMORY: u64 = 16;

/// The forms that are under way, and how quickly they go. Clones share it.
#[derive(Clone)]
pub struct Crowd(Arc<Inside>);

struct Inside {
    /// So many at most.
    most: usize,
    forms: AtomicUsize,
    /// How many microseconds each form held up the next one, lately.
    pace: AtomicU64,
}

/// A form that is under way, until it is dropped.
pub struct Place {
    inside: Arc<Inside>,
    /// So many were inside with it.
    company: usize,
    since: Instant,
}

impl Default for Crowd {
    fn default() -> Crowd {
        Crowd::of(MOST)
    }
}

impl Crowd {
    /// So many at most, however quick the house is.
    pub fn of(most: usize) -> Crowd {
        Crowd(Arc::new(Inside { most, forms: AtomicUsize::new(0), pace: AtomicU64::new(0) }))
    }

    /// One more; none where it would wait too long for those before it.
    pub fn enter(&self) -> Option<Place> {
        let inside = Arc::clone(&self.0);
        let company = inside.forms.fetch_add(1, Ordering::Relaxed) + 1;
        if company > room(inside.pace.load(Ordering::Relaxed)).min(inside.most) {
            inside.forms.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        Some(Place { inside, company, since: Instant::now() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.inside.forms.fetch_sub(1, Ordering::Relaxed);
        let took = u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX);
        let pace = self.inside.pace.load(Ordering::Relaxed);
        self.inside.pace.store(after(pace, took, self.company), Ordering::Relaxed);
    }
}

/// How many have room where each holds up the next one for so many microseconds.
fn room(pace: u64) -> usize {
    let within = WAIT.as_micros() as u64 / pace.max(1);
    usize::try_from(within).unwrap_or(MOST).clamp(LEAST, MOST)
}

/// The pace after one more form, which took so long among so many. One that took very long says little of the others.
fn after(pace: u64, took: u64, company: usize) -> u64 {
    let its_own = (took / company.max(1) as u64).min(WAIT.as_micros() as u64);
    (pace * (MEMORY - 1)).saturating_add(its_own) / MEMORY
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(crowd: &Crowd) -> Vec<Place> {
        std::iter::from_fn(|| crowd.enter()).collect()
    }

    #[test]
    fn whoever_comes_after_too_many_is_turned_away_until_somebody_leaves() {
        let crowd = Crowd::default();
        let mut inside = fill(&crowd);
        assert_eq!(inside.len(), MOST);
        assert!(crowd.enter().is_none() && crowd.enter().is_none());
        inside.pop();
        assert!(crowd.enter().is_some());
    }

    /// A house that saves so many a second, always full: nobody waits long in it, whatever it saves.
    #[test]
    fn where_forms_go_slowly_fewer_are_let_in_so_that_nobody_waits_long() {
        for saves in [250, 500, 1_000, 10_000] {
            let each = 1_000_000 / saves;
            let pace = (0..500).fold(0, |pace, _| after(pace, room(pace) as u64 * each, room(pace)));
            let waits = room(pace) as u64 * each;
            // The pace is kept in whole microseconds, and loses a little of each.
            let most = if room(pace) == LEAST { Duration::from_millis(150) } else { WAIT.mul_f64(1.02) };
            assert!(waits <= most.as_micros() as u64, "{saves} a second: {waits}");
            let few = room(pace) as u64 + 1;
            assert!(room(pace) == MOST || few * each > WAIT.as_micros() as u64, "{saves} a second: {few}");
        }
    }

    #[test]
    fn a_small_crowd_stays_small() {
        assert_eq!(fill(&Crowd::of(16)).len(), 16);
    }

    #[test]
    fn one_slow_form_turns_nobody_away_for_long() {
        let slow = after(500, u64::MAX, 1);
        assert_eq!(room(slow), LEAST);
        let soon = (0..80).fold(slow, |pace, _| after(pace, 500, 1));
        assert_eq!(room(soon), MOST);
    }

    #[test]
    fn a_house_that_was_slow_and_is_quick_again_lets_as_many_in_as_before() {
        let crowd = Crowd::default();
        crowd.0.pace.store(1_000_000, Ordering::Relaxed);
        assert_eq!(fill(&crowd).len(), LEAST);
        (0..500).for_each(|_| drop(crowd.enter()));
        assert_eq!(fill(&crowd).len(), MOST);
    }
}
