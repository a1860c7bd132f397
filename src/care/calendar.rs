//! Civil days and clock times of a facility, and the instants they stand for.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{
    DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// A wall-clock time of day at which doses are given, to the minute: `08:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slot(NaiveTime);

impl Slot {
    pub const MIDNIGHT: Slot = Slot(NaiveTime::MIN);
    /// The last minute of a day.
    pub const LAST: Slot = match NaiveTime::from_hms_opt(23, 59, 0) {
        Some(time) => Slot(time),
        None => Slot::MIDNIGHT,
    };

    /// The slot a wall-clock time falls on; seconds are dropped.
    pub fn of(time: NaiveTime) -> Slot {
        Slot(time.with_second(0).unwrap_or(time).with_nanosecond(0).unwrap_or(time))
    }

    pub fn time(self) -> NaiveTime {
        self.0
    }

    /// Minutes since midnight, for distances between slots.
    pub fn minute(self) -> i64 {
        i64::from(self.0.num_seconds_from_midnight() / 60)
    }
}

impl FromStr for Slot {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Slot, Refusal> {
        let text = text.trim();
        let unreadable = || Refusal::SlotUnreadable { text: text.chars().take(20).collect() };
        let two_by_two = text.len() == 5
            && text.bytes().enumerate().all(|(i, b)| if i == 2 { b == b':' } else { b.is_ascii_digit() });
        if !two_by_two {
            return Err(unreadable());
        }
        NaiveTime::parse_from_str(text, "%H:%M").map(Slot).map_err(|_| unreadable())
    }
}

impl TryFrom<String> for Slot {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Slot, Refusal> {
        text.parse()
    }
}

impl From<Slot> for String {
    fn from(slot: Slot) -> String {
        slot.to_string()
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%H:%M"))
    }
}

/// The time zone of a facility.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(Tz);

impl Zone {
    pub const UTC: Zone = Zone(Tz::UTC);

    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The civil day and wall-clock time there.
    pub fn local(self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.0).naive_local()
    }

    /// The civil day there.
    pub fn day(self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date()
    }

    /// The one instant of a wall-clock time: in an overlap the first, in a gap the first valid instant after it.
    pub fn instant(self, local: NaiveDateTime) -> DateTime<Utc> {
        match self.0.from_local_datetime(&local) {
            LocalResult::Single(at) => at.to_utc(),
            LocalResult::Ambiguous(first, second) => first.min(second).to_utc(),
            LocalResult::None => self.after_gap(local),
        }
    }

    /// The last instant of a wall-clock time: in an overlap the second, otherwise its only one.
    pub fn last_instant(self, local: NaiveDateTime) -> DateTime<Utc> {
        match self.0.from_local_datetime(&local) {
            LocalResult::Ambiguous(first, second) => first.max(second).to_utc(),
            _ => self.instant(local),
        }
    }

    /// When somebody says that something was that has passed: in an overlap the later, so that no next dose is counted from
    /// too early, unless that is yet to come.
    pub fn passed(self, local: NaiveDateTime, now: DateTime<Utc>) -> DateTime<Utc> {
        let last = self.last_instant(local);
        if last <= now { last } else { self.instant(local) }
    }

    /// When somebody says that something was: the first instant of a wall-clock time, but the second of an overlap where only
    /// that one can have been.
    pub fn possible(self, local: NaiveDateTime, can_have_been: impl Fn(DateTime<Utc>) -> bool) -> DateTime<Utc> {
        let [first, last] = [self.instant(local), self.last_instant(local)];
        if !can_have_been(first) && can_have_been(last) { last } else { first }
    }

    /// The instant at which the clocks jumped over `local`. Gaps are at most a day long (a date line moved).
    fn after_gap(self, local: NaiveDateTime) -> DateTime<Utc> {
        let utc = local.and_utc();
        let (mut before, mut after) = (utc - TimeDelta::days(2), utc + TimeDelta::days(2));
        // Wall-clock time at `before` is earlier than `local`, at `after` later; the jump is where that turns.
        while after - before > TimeDelta::seconds(1) {
            let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
            if self.local(middle) < local { before = middle } else { after = middle }
        }
        after
    }

    /// A moment that has passed, as somebody says it: `08:10` is the last time it was so; with its day `2026-11-20T08:10`.
    pub fn said(self, text: &str, now: DateTime<Utc>) -> Option<NaiveDateTime> {
        let Ok(slot) = text.parse::<Slot>() else {
            return parse_moment(text).ok();
        };
        let today = self.day(now).and_time(slot.time());
        Some(if self.instant(today) <= now { today } else { today - TimeDelta::days(1) })
    }

    /// The instant of a slot on a civil day.
    pub fn at(self, on: NaiveDate, slot: Slot) -> DateTime<Utc> {
        self.instant(on.and_time(slot.time()))
    }
}

impl FromStr for Zone {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Zone, Refusal> {
        let text = text.trim();
        text.parse().map(Zone).map_err(|_| Refusal::ZoneUnknown { text: text.chars().take(40).collect() })
    }
}

impl TryFrom<String> for Zone {
    type Error = Refusal;
    fn try_from(name: String) -> Result<Zone, Refusal> {
        name.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> String {
        zone.name().to_owned()
    }
}

/// A civil day and a slot of it: where a level begins. A repeated hour has one such moment, a skipped one too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment {
    pub on: NaiveDate,
    pub slot: Slot,
}

impl Moment {
    /// Before every dose of a day.
    pub fn start_of(on: NaiveDate) -> Moment {
        Moment { on, slot: Slot::MIDNIGHT }
    }

    /// After every dose of a day that is due before the last minute.
    pub fn end_of(on: NaiveDate) -> Moment {
        Moment { on, slot: Slot::LAST }
    }

    /// The wall-clock minute of an instant.
    pub fn of(local: NaiveDateTime) -> Moment {
        Moment { on: local.date(), slot: Slot::of(local.time()) }
    }
}

impl Moment {
    /// `2026-11-23T20:00`, as a form carries it.
    pub fn typed(self) -> String {
        format!("{}T{}", self.on, self.slot)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.slot, Day(self.on))
    }
}

/// Reads a civil day written `2026-11-23`.
pub fn parse_day(text: &str) -> Result<NaiveDate, Refusal> {
    let text = text.trim();
    let unreadable = || Refusal::DateUnreadable { text: text.chars().take(20).collect() };
    let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    if !plain {
        return Err(unreadable());
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| unreadable())
}

/// What happens in a house happens in these years: further away no day lies before or after every other.
const YEARS: RangeInclusive<i32> = 1900..=3000;

/// Reads a wall-clock moment written `2026-11-23T08:00`.
pub fn parse_moment(text: &str) -> Result<NaiveDateTime, Refusal> {
    let text = text.trim();
    let unreadable = || Refusal::MomentUnreadable { text: text.chars().take(20).collect() };
    let read = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok();
    read.filter(|moment| YEARS.contains(&moment.year())).ok_or_else(unreadable)
}

/// The civil day `days` later; the last day there is where no such day exists.
pub fn days_after(on: NaiveDate, days: u32) -> NaiveDate {
    on.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}

/// The civil day `days` earlier; the first day there is where no such day exists.
pub fn days_before(on: NaiveDate, days: u32) -> NaiveDate {
    on.checked_sub_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MIN)
}

/// From Monday to Friday. Public holidays are not known here: to be asked a day too early is no harm.
pub fn is_working_day(on: NaiveDate) -> bool {
    on.weekday().number_from_monday() <= 5
}

/// The first working day after a day.
pub fn next_working_day(on: NaiveDate) -> NaiveDate {
    (1..=3).map(|days| days_after(on, days)).find(|day| is_working_day(*day)).unwrap_or(on)
}

/// `20 Nov 2026`, with spaces that do not break.
pub fn day_text(on: NaiveDate) -> String {
    on.format("%d\u{a0}%b\u{a0}%Y").to_string()
}

/// `08:13`; on another day than today `08:13 on 19 Nov 2026`.
pub fn clock_text(zone: Zone, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let local = zone.local(at);
    let time = local.format("%H:%M");
    if local.date() == zone.day(now) { time.to_string() } else { format!("{time} on {}", day_text(local.date())) }
}

/// A civil day inside a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(pub NaiveDate);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&day_text(self.0))
    }
}

/// Whole seconds: what the store keeps.
pub fn whole_seconds(at: DateTime<Utc>) -> DateTime<Utc> {
    at.with_nanosecond(0).unwrap_or(at)
}

/// `20 Nov 2026 08:12` on the ward's clock.
pub fn moment_text(zone: Zone, at: DateTime<Utc>) -> String {
    let local = zone.local(at);
    format!("{} {}", Day(local.date()), local.format("%H:%M"))
}
