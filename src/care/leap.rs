//! A clock that leaps: what it shows, held against what has run meanwhile; and one that was set back, against what was shown
//! before.

use chrono::{DateTime, TimeDelta, Utc};

use super::calendar::{Zone, moment_text};

/// Less is a clock that was put right. A leap of so much could have letters leave in the wrong hour.
const NOTICED: TimeDelta = TimeDelta::minutes(15);

/// What the clock shows, and for how long something has been running that nobody sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    pub shows: DateTime<Utc>,
    pub ran: TimeDelta,
}

/// What is found when somebody looks at the clock again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It leapt, from what it should have shown to what it shows.
    Ahead { from: DateTime<Utc>, to: DateTime<Utc> },
    /// It had leapt, and shows again what it should.
    Right,
    /// It was set back, and nobody watched when it leapt.
    Back,
}

/// Somebody who looks at the clock again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watch {
    /// The last time at which nobody doubted it; none where it was in doubt before anybody watched.
    trusted: Option<Reading>,
    last: Reading,
    /// The last time at which nobody doubted it before it was set back: it may be set right again.
    before_back: Option<Reading>,
}

impl Watch {
    /// The first look believes what it sees.
    pub fn new(now: Reading) -> Watch {
        Watch { trusted: Some(now), last: now, before_back: None }
    }

    /// It was in doubt before this first look.
    pub fn in_doubt(self) -> Watch {
        Watch { trusted: None, ..self }
    }

    pub fn look(&mut self, now: Reading) -> Option<Found> {
        let leapt = now.leapt_since(self.last);
        self.last = now;
        if leapt > NOTICED && now.goes_on_from(self.before_back) {
            self.before_back = None;
            Some(Found::Right)
        } else if leapt > NOTICED {
            Some(Found::Ahead { from: now.shows - leapt, to: now.shows })
        } else if -leapt > NOTICED {
            self.set_back(now)
        } else {
            None
        }
    }

    fn set_back(&mut self, now: Reading) -> Option<Found> {
        match self.trusted {
            None => Some(Found::Back),
            trusted if now.goes_on_from(trusted) => Some(Found::Right),
            trusted => {
                self.before_back = self.before_back.or(trusted);
                None
            }
        }
    }

    /// It was set back, and nobody has said that it is right so.
    pub fn is_back(&self) -> bool {
        self.before_back.is_some()
    }

    /// Somebody has said that it was rightly set back.
    pub fn forget_back(&mut self) {
        self.before_back = None;
    }

    /// Nobody doubts what was seen last.
    pub fn trust(&mut self) {
        self.trusted = Some(self.last);
    }
}

impl Reading {
    fn leapt_since(self, before: Reading) -> TimeDelta {
        (self.shows - before.shows) - (self.ran - before.ran)
    }

    /// It shows what it should, had nobody touched it since.
    fn goes_on_from(self, before: Option<Reading>) -> bool {
        before.is_some_and(|before| self.leapt_since(before).abs() <= NOTICED)
    }
}

/// A clock that went ahead of what had run. Until somebody has said that the time is right nothing counts as missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WentAhead {
    /// What it should have shown.
    pub from: DateTime<Utc>,
    /// What it showed when that was found.
    pub to: DateTime<Utc>,
}

impl WentAhead {
    /// What every page says of it.
    pub fn told(&self, zone: Zone, now: DateTime<Utc>) -> String {
        let [from, to, now] = [self.from, self.to, now].map(|at| moment_text(zone, at));
        format!("This system’s clock went ahead from {from} to {to}, and shows {now} now.")
    }
}

/// A clock that was set back. What was recorded before lies ahead of it, until it has come there again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetBack {
    /// The latest that it had shown.
    pub from: DateTime<Utc>,
    /// What it showed when that was found.
    pub to: DateTime<Utc>,
}

impl SetBack {
    /// `rang` is when the bell last rang, by the same clock: it rings every minute, so nothing was recorded much later.
    pub fn found(rang: DateTime<Utc>, now: DateTime<Utc>) -> Option<SetBack> {
        (rang - now > NOTICED).then_some(SetBack { from: rang, to: now })
    }

    /// Nothing that was recorded is ahead of now any more.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        now >= self.from
    }

    /// Set back once more before it had come to where it was.
    pub fn after(self, earlier: Option<SetBack>) -> SetBack {
        SetBack { from: earlier.map_or(self.from, |earlier| earlier.from.max(self.from)), ..self }
    }

    /// One mark for what a page told, so that nobody answers for another.
    pub fn mark(&self) -> String {
        format!("{}-{}", self.from.timestamp(), self.to.timestamp())
    }

    /// What every page says of it.
    pub fn told(&self, zone: Zone, now: DateTime<Utc>) -> String {
        let [from, to, now] = [self.from, self.to, now].map(|at| moment_text(zone, at));
        format!("This system’s clock was set back from {from} to {to}, and shows {now} now.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Minutes that it shows, and minutes that have run.
    fn reading(shows: i64, ran: i64) -> Reading {
        Reading { shows: DateTime::UNIX_EPOCH + TimeDelta::minutes(shows), ran: TimeDelta::minutes(ran) }
    }

    fn ahead(from: i64, to: i64) -> Option<Found> {
        Some(Found::Ahead { from: reading(from, 0).shows, to: reading(to, 0).shows })
    }

    #[test]
    fn a_clock_that_runs_or_is_put_right_by_a_quarter_of_an_hour_does_not_leap() {
        for (shows, ran) in [(1_000, 0), (1_001, 1), (9_000, 8_000), (1_016, 1), (986, 1), (9_015, 8_000)] {
            assert_eq!(Watch::new(reading(1_000, 0)).look(reading(shows, ran)), None, "{shows} after {ran}");
        }
    }

    #[test]
    fn a_leap_is_found_once_and_that_it_is_right_again_however_long_that_took() {
        let mut watch = Watch::new(reading(1_000, 5));
        assert_eq!(watch.look(reading(2_441, 6)), ahead(1_001, 2_441));
        assert_eq!(watch.look(reading(2_442, 7)), None);
        assert_eq!(watch.look(reading(1_500, 8)), None, "set back, and not to what it should show");
        assert_eq!(watch.look(reading(5_501, 4_009)), None);
        assert_eq!(watch.look(reading(5_006, 4_010)), Some(Found::Right));
    }

    /// What it should show nobody knows; that it was set back is seen.
    #[test]
    fn what_was_in_doubt_before_anybody_watched_is_set_back_by_any_leap_back() {
        let mut watch = Watch::new(reading(2_441, 0)).in_doubt();
        assert_eq!(watch.look(reading(2_442, 1)), None);
        assert_eq!(watch.look(reading(2_430, 2)), None, "put right by a few minutes");
        assert_eq!(watch.look(reading(1_500, 3)), Some(Found::Back));
        watch.trust();
        assert_eq!(watch.look(reading(1_000, 4)), None);
    }

    #[test]
    fn what_somebody_has_said_is_right_is_believed_and_setting_it_back_finds_nothing() {
        let mut watch = Watch::new(reading(1_000, 0));
        assert_eq!(watch.look(reading(2_000, 1)), ahead(1_001, 2_000));
        watch.trust();
        assert_eq!(watch.look(reading(1_002, 2)), None);
        watch.forget_back();
        assert_eq!(watch.look(reading(2_002, 3)), ahead(1_003, 2_002));
    }

    #[test]
    fn a_clock_that_was_set_back_and_is_set_right_again_has_not_gone_ahead() {
        let mut watch = Watch::new(reading(1_000, 0));
        assert_eq!(watch.look(reading(900, 1)), None);
        watch.trust();
        assert_eq!(watch.look(reading(960, 61)), None);
        watch.trust();
        assert_eq!(watch.look(reading(1_062, 62)), Some(Found::Right));
        watch.trust();
        assert_eq!(watch.look(reading(963, 63)), None);
        watch.trust();
        assert_eq!(watch.look(reading(2_000, 64)), ahead(964, 2_000), "not to what it should show");
    }

    #[test]
    fn a_clock_that_was_rightly_set_back_and_leaps_again_has_gone_ahead() {
        let mut watch = Watch::new(reading(1_000, 0));
        watch.look(reading(900, 1));
        watch.trust();
        assert!(watch.is_back());
        watch.forget_back();
        assert_eq!(watch.look(reading(1_002, 2)), ahead(901, 1_002));
    }

    #[test]
    fn a_clock_more_than_a_quarter_of_an_hour_before_its_last_ring_was_set_back_until_it_is_there_again() {
        let at = |minutes| reading(minutes, 0).shows;
        assert_eq!(SetBack::found(at(1_000), at(985)), None);
        let found = SetBack::found(at(1_000), at(984)).expect("set back");
        assert_eq!(found, SetBack { from: at(1_000), to: at(984) });
        assert!(!found.is_over(at(999)) && found.is_over(at(1_000)));
        let again = SetBack::found(at(990), at(900)).expect("set back");
        assert_eq!(again.after(Some(found)), SetBack { from: at(1_000), to: at(900) });
    }
}
