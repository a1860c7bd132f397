//! The sum of a medicine in any 24 hours, and the least interval: exact to the second, in elapsed time.
//!
//! Clocks that change do not move these limits: a day of 23 or 25 hours has 24-hour windows like any other.
//! A window takes its first second in and leaves its last one out, so that a dose exactly 24 hours after another is in
//! no window with it, and one a second earlier is.

use std::ops::Add;

use chrono::{DateTime, TimeDelta, Utc};

use crate::care::amount::Amount;

/// The length of every window.
pub const WINDOW: TimeDelta = TimeDelta::hours(24);

/// Why an amount counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An as-needed dose of any order of the medicine, at the time it was given.
    AsNeeded,
    /// What was taken of a scheduled dose, at the time it was given.
    Scheduled,
    /// What was given in error, at the time it was given.
    InError,
    /// What was last given elsewhere, while the resident was away, at the time it was given.
    Elsewhere,
    /// A scheduled dose that nobody has recorded, at its slot: it is still due, or may have been given.
    StillDue,
}

/// So much of a medicine at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub at: DateTime<Utc>,
    pub amount: Amount,
    pub kind: Kind,
}

/// What falls into one window, by why it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    pub as_needed: Amount,
    pub scheduled: Amount,
    pub in_error: Amount,
    pub elsewhere: Amount,
    pub still_due: Amount,
}

impl Sum {
    pub fn total(self) -> Amount {
        self.as_needed + self.scheduled + self.in_error + self.elsewhere + self.still_due
    }
}

impl Add<&Taken> for Sum {
    type Output = Sum;
    fn add(mut self, taken: &Taken) -> Sum {
        let part = match taken.kind {
            Kind::AsNeeded => &mut self.as_needed,
            Kind::Scheduled => &mut self.scheduled,
            Kind::InError => &mut self.in_error,
            Kind::Elsewhere => &mut self.elsewhere,
            Kind::StillDue => &mut self.still_due,
        };
        *part = *part + taken.amount;
        self
    }
}

/// Of all windows that contain the instant, the one in which most was or will be taken.
///
/// The fullest begins with something taken, or at the instant itself: any other can be moved on to such a beginning
/// without losing anything, and may only gain.
pub fn fullest(at: DateTime<Utc>, taken: &[Taken]) -> Sum {
    let begins = taken.iter().map(|one| one.at).filter(|begin| *begin <= at && at < *begin + WINDOW);
    let sums = begins.chain([at]).map(|begin| window(begin, taken));
    sums.max_by_key(|sum| sum.total()).unwrap_or_default()
}

fn window(begin: DateTime<Utc>, taken: &[Taken]) -> Sum {
    let inside = taken.iter().filter(|one| begin <= one.at && one.at < begin + WINDOW);
    inside.fold(Sum::default(), Sum::add)
}

/// The most that any 24 hours bring of these.
pub fn busiest(taken: &[Taken]) -> Amount {
    taken.iter().map(|one| window(one.at, taken).total()).max().unwrap_or_default()
}

/// The one of these instants that is nearer than the interval, before or after.
pub fn too_near(at: DateTime<Utc>, least: TimeDelta, given: &[DateTime<Utc>]) -> Option<DateTime<Utc>> {
    given.iter().copied().filter(|other| (at - *other).abs() < least).max()
}

/// The first instant from `from` on at which nothing hinders. Something ceases to hinder only when a dose leaves the
/// window or the interval after one is over, so that only those instants are tried.
pub fn first_free(
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    least: TimeDelta,
    taken: &[Taken],
    given: &[DateTime<Utc>],
    free: impl Fn(DateTime<Utc>) -> bool,
) -> Option<DateTime<Utc>> {
    let leaving = taken.iter().map(|one| one.at + WINDOW);
    let over = given.iter().map(|at| *at + least);
    let mut tried: Vec<_> = leaving.chain(over).filter(|at| (from..=until).contains(at)).chain([from]).collect();
    tried.sort_unstable();
    tried.into_iter().find(|at| free(*at))
}
