//! How many forms are under way at once: where too many are, the next one is told so at once instead of waiting long.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many forms wait for the writer at most: the last of them for an eighth of a second where it saves a thousand a second.
const MOST: usize = 128;

/// The forms that are under way. Clones share it.
#[derive(Clone, Default)]
pub struct Crowd(Arc<AtomicUsize>);

/// A form that is under way, until it is dropped.
pub struct Place(Arc<AtomicUsize>);

impl Crowd {
    /// One more; none where there are too many.
    pub fn enter(&self) -> Option<Place> {
        let place = Place(Arc::clone(&self.0));
        let before = self.0.fetch_add(1, Ordering::Relaxed);
        (before < MOST).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_comes_after_too_many_is_turned_away_until_somebody_leaves() {
        let crowd = Crowd::default();
        let mut inside: Vec<Place> = (0..MOST).filter_map(|_| crowd.enter()).collect();
        assert_eq!(inside.len(), MOST);
        assert!(crowd.enter().is_none() && crowd.enter().is_none());
        inside.pop();
        assert!(crowd.enter().is_some());
    }
}
