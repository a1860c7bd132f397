//! When the bell counts as silent, so that pages say that reminders are late; and when its database was put back from a
//! copy, so that reminders wait for a person.

use chrono::{DateTime, TimeDelta, Utc};

use super::people::one_of_several;

/// A bell that rings does so twice as often at least, whatever its mail server does to it.
pub const LONGEST_SILENCE: TimeDelta = TimeDelta::seconds(120);

/// How long the bell has been silent, where that is too long; none while it rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// It never rang.
    Ever,
    Since(TimeDelta),
    /// It last rang later than now: the clock was set back, and it has not rung since.
    BeforeTheClockWentBack,
}

impl Silence {
    pub fn of(rang: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<Silence> {
        let Some(rang) = rang else { return Some(Silence::Ever) };
        let silent = now - rang;
        if silent > LONGEST_SILENCE {
            Some(Silence::Since(silent))
        } else if -silent > LONGEST_SILENCE {
            Some(Silence::BeforeTheClockWentBack)
        } else {
            None
        }
    }
}

one_of_several! {
    /// Whoever says that letters go out again after a copy was put back.
    Postmaster: Supervisor Administrator
}

/// A standby that takes over knows what the bell did until a moment ago; a copy is older.
const TAKEN_OVER: TimeDelta = TimeDelta::minutes(10);

/// What a database says of its bell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LastRing {
    pub rang_at: Option<DateTime<Utc>>,
    /// How often it has rung; 0 where nobody has counted yet.
    pub rings: i64,
    /// Empty where nobody has said.
    pub place: Place,
}

/// What is known outside a database of how often its bell has rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Nothing, and nothing can be said from that.
    Unknown,
    /// There is a place for it beside the database, and it is not there.
    Missing,
    /// It was copied, and belongs to another database or another day.
    Copied,
    /// So often at least.
    Rings(i64),
}

/// Where a database lives on a server. A part that the server does not tell is empty, and then says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The server's own number, the database's, and that of the table of letters: all three are others in a copy.
    pub ids: [String; 3],
    /// Another after the server went back to an earlier time, and after a standby took over.
    pub timeline: String,
}

/// What was looked at, in this order, before the bell rings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// How often the bell had rung by its database.
    pub rings: i64,
    pub mark: Mark,
    pub here: Place,
}

impl Seen {
    /// Whether the database was put back from a copy since its bell rang for the last time. Neither a start, nor a crash,
    /// nor another bell, nor the first ring by a program that counts looks like that.
    pub fn put_back(&self, last: &LastRing, now: DateTime<Utc>) -> bool {
        let behind = match self.mark {
            Mark::Unknown => false,
            // The first ring is counted before its mark is made.
            Mark::Missing => self.rings > 1,
            Mark::Copied => true,
            Mark::Rings(rings) => last.rings < rings,
        };
        let just_now = last.rang_at.is_some_and(|rang| now - rang < TAKEN_OVER);
        behind || last.place.left_for(&self.here, just_now)
    }

    /// The number of the ring that comes now: more than any that is known. Without its mark the first ring stays the
    /// first, because it could not be told from a copy otherwise.
    pub fn next(&self, last: &LastRing) -> i64 {
        match self.mark {
            Mark::Missing if last.rings <= 1 => 1,
            Mark::Rings(rings) => last.rings.max(rings) + 1,
            _ => last.rings + 1,
        }
    }
}

impl Place {
    /// Both told, and not the same.
    fn left_for(&self, here: &Place, just_now: bool) -> bool {
        let other = |before: &String, now: &String| !before.is_empty() && !now.is_empty() && before != now;
        let moved = self.ids.iter().zip(&here.ids).any(|(before, now)| other(before, now));
        moved || other(&self.timeline, &here.timeline) && !just_now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bell_is_silent_after_120_seconds_and_not_before() {
        let rang = DateTime::from_timestamp(1_795_161_600, 0);
        let after = |seconds| Silence::of(rang, rang.expect("a time") + TimeDelta::seconds(seconds));
        assert_eq!((after(0), after(120)), (None, None));
        assert_eq!(after(121), Some(Silence::Since(TimeDelta::seconds(121))));
        assert_eq!(Silence::of(None, rang.expect("a time")), Some(Silence::Ever));
    }

    /// A clock that was ahead by a day would otherwise hide a dead bell for a day.
    #[test]
    fn a_bell_that_rang_in_the_future_has_not_rung() {
        let rang = DateTime::from_timestamp(1_795_161_600, 0);
        let before = |seconds| Silence::of(rang, rang.expect("a time") - TimeDelta::seconds(seconds));
        assert_eq!(before(120), None);
        assert_eq!(before(121), Some(Silence::BeforeTheClockWentBack));
    }

    fn seen(rings: i64, mark: Mark) -> Seen {
        Seen { rings, mark, here: Place::default() }
    }

    fn rung(rings: i64) -> LastRing {
        LastRing { rang_at: DateTime::from_timestamp(1_795_161_600, 0), rings, place: Place::default() }
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_161_600, 0).expect("a time") + TimeDelta::days(3)
    }

    #[test]
    fn a_start_a_crash_a_second_bell_and_a_first_ring_are_no_copy_put_back() {
        for (rings, mark) in [
            (7, Mark::Rings(7)),
            // The program died before it made its mark, or another bell has rung since.
            (8, Mark::Rings(7)),
            (1, Mark::Missing),
            (0, Mark::Missing),
            (7, Mark::Unknown),
        ] {
            assert!(!seen(rings, mark).put_back(&rung(rings), now()), "{rings} {mark:?}");
        }
    }

    #[test]
    fn a_database_behind_its_mark_or_without_it_or_with_a_copied_one_was_put_back() {
        for (rings, mark) in [(6, Mark::Rings(7)), (0, Mark::Rings(1)), (2, Mark::Missing), (9, Mark::Copied)] {
            assert!(seen(rings, mark).put_back(&rung(rings), now()), "{rings} {mark:?}");
            let next = seen(rings, mark).next(&rung(rings));
            let after = LastRing { rings: next, ..rung(0) };
            assert!(!seen(next, Mark::Rings(next)).put_back(&after, now()), "only once");
        }
    }

    #[test]
    fn a_database_on_another_server_or_at_another_number_was_put_back_and_one_whose_standby_took_over_was_not() {
        let place = |ids: [&str; 3], timeline: &str| Place { ids: ids.map(str::to_owned), timeline: timeline.into() };
        let before = LastRing { place: place(["s", "d", "t"], "1"), ..rung(7) };
        let found = |here: Place, later: TimeDelta| {
            let at = before.rang_at.expect("it rang") + later;
            Seen { rings: 7, mark: Mark::Unknown, here }.put_back(&before, at)
        };
        let (soon, late) = (TimeDelta::minutes(2), TimeDelta::hours(2));
        for other in [["x", "d", "t"], ["s", "x", "t"], ["s", "d", "x"]] {
            assert!(found(place(other, "1"), soon) && found(place(other, "1"), late));
        }
        assert!(!found(place(["s", "d", "t"], "1"), late));
        assert!(!found(place(["", "d", ""], ""), late), "what a server does not tell says nothing");
        assert!(!found(place(["s", "d", "t"], "2"), soon), "a standby took over");
        assert!(found(place(["s", "d", "t"], "2"), late), "the server went back to an earlier time");
    }
}
