//! The frame of the chart: which day and which amount stand where, and the marks along both axes.

use chrono::{Datelike, Months, NaiveDate, Weekday};

use super::{Breadth, ChartFacts};
use crate::care::amount::Amount;
use crate::care::calendar::days_after;
use crate::web::parts::lettering::{Bounds, Label};
use crate::web::parts::pixels::Px;

/// Distances between the marks of the dose axis, micrograms: amounts that are met on a ward.
const DISTANCES: [u64; 21] = [
    1, 2, 5, 10, 25, 50, 125, 250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
    1_000_000, 2_000_000, 5_000_000,
];

/// Where things stand. `floor` is 0 mg, `foot` the bottom line of the last lane.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    pub width: Px,
    pub height: Px,
    pub left: Px,
    pub right: Px,
    pub top: Px,
    pub floor: Px,
    pub foot: Px,
    /// The top and the foot of the score lane, where there is one.
    pub score: Option<(Px, Px)>,
    from_on: NaiveDate,
    until_on: NaiveDate,
    /// The highest amount of the facts, micrograms.
    most: u64,
}

/// So high is the score lane, and so much lies between it and the one above.
const SCORE_HEIGHT: Px = Px::of(64);
const SCORE_APART: Px = Px::of(14);

impl Frame {
    pub fn of(facts: &ChartFacts, lanes: i64) -> Frame {
        let width = match facts.breadth {
            Breadth::Narrow => Px::of(760),
            Breadth::Wide => Px::of(1120),
        };
        let (top, floor) = (Px::of(34), Px::of(218));
        let lanes_foot = if lanes == 0 { floor } else { floor + Px::of(18 + 30 * lanes) };
        let score_top = lanes_foot + SCORE_APART;
        let score = (!facts.scores.totals.is_empty()).then_some((score_top, score_top + SCORE_HEIGHT));
        let foot = score.map_or(lanes_foot, |(_, foot)| foot);
        let most = facts.signed.iter().chain(&facts.planned).map(|level| level.amount.ug()).max().unwrap_or(0);
        Frame {
            width,
            height: foot + Px::of(34),
            left: Px::of(104),
            right: width - Px::of(18),
            top,
            floor,
            foot,
            score,
            from_on: facts.from_on,
            until_on: facts.until_on.max(days_after(facts.from_on, 1)),
            most: if most == 0 { 1_000 } else { most },
        }
    }

    /// Where a day begins; a day outside the frame stands at its edge.
    pub fn x(&self, on: NaiveDate) -> Px {
        let gone = on.clamp(self.from_on, self.until_on) - self.from_on;
        self.left + (self.right - self.left).share(gone.num_days(), self.days())
    }

    /// The axis begins at 0 mg; the highest amount leaves room above for its own words.
    pub fn y(&self, amount: Amount) -> Px {
        self.floor - Px::tenths(1545).share(whole(amount.ug()), whole(self.most))
    }

    pub fn shows(&self, on: NaiveDate) -> bool {
        (self.from_on..=self.until_on).contains(&on)
    }

    /// Whether a level that begins on this day is to be seen.
    pub fn begins_by(&self, on: NaiveDate) -> bool {
        on <= self.until_on
    }

    /// Whether a level that ends on this day ended before the frame.
    pub fn is_past(&self, end_on: NaiveDate) -> bool {
        end_on <= self.from_on
    }

    pub fn lane(&self, nth: i64) -> Px {
        self.floor + Px::of(30 * (nth + 1))
    }

    pub fn sheet(&self) -> Bounds {
        Bounds { left: self.left, right: self.right, top: Px::of(2), bottom: self.foot }
    }

    fn days(&self) -> i64 {
        (self.until_on - self.from_on).num_days()
    }

    /// The marks of the dose axis: 0 mg, and at most five above it.
    pub fn amounts(&self) -> Vec<Amount> {
        let distance = DISTANCES.into_iter().find(|distance| self.most / distance <= 5).unwrap_or(self.most);
        (0..=self.most / distance).map(|nth| Amount::from_ug(nth * distance)).collect()
    }

    /// The marks of the time axis with their words; the year stands at the first mark and wherever a new one begins.
    pub fn days_marked(&self) -> Vec<(NaiveDate, String)> {
        let (marked, pattern) = match self.mondays() {
            Some(mondays) => (mondays, "%d\u{a0}%b"),
            None => (self.months(), "%b"),
        };
        let mut year = None;
        let words = |on: NaiveDate| {
            let new = year.replace(on.year()) != Some(on.year());
            let name = on.format(pattern);
            (on, if new { format!("{name}\u{a0}{}", on.year()) } else { name.to_string() })
        };
        marked.into_iter().map(words).collect()
    }

    /// Every Monday or every second one, where the frame spans a few weeks only.
    fn mondays(&self) -> Option<Vec<NaiveDate>> {
        let room = Label::width("23 Nov 2026") + Px::of(12);
        let distance = [7_u32, 14].into_iter().find(|days| self.days() <= 100 && self.span(*days) >= room)?;
        let first = (0..7).map(|day| days_after(self.from_on, day)).find(|on| on.weekday() == Weekday::Mon)?;
        let mondays = (0..).map(|nth| days_after(first, distance * nth));
        Some(mondays.take_while(|on| *on <= self.until_on).collect())
    }

    /// The firsts of months, as many as have room for their words.
    fn months(&self) -> Vec<NaiveDate> {
        let room = Label::width("Sep 2026") + Px::of(12);
        let distance = [1_u32, 2, 3, 6, 12, 24, 60, 120].into_iter().find(|months| self.span(30 * months) >= room);
        let distance = distance.unwrap_or(1200);
        let aligned = |on: &NaiveDate| (on.year().unsigned_abs() * 12 + on.month0()).is_multiple_of(distance);
        let start = self.from_on.with_day(1).unwrap_or(self.from_on);
        let first = months_after(start, 1).take(2400).find(|on| *on >= self.from_on && aligned(on));
        let marks = first.into_iter().flat_map(|first| months_after(first, distance));
        marks.take_while(|on| *on <= self.until_on).collect()
    }

    fn span(&self, days: u32) -> Px {
        (self.right - self.left).share(i64::from(days), self.days())
    }
}

/// A day and those that follow it every so many months.
fn months_after(first: NaiveDate, distance: u32) -> impl Iterator<Item = NaiveDate> {
    (0..).map_while(move |nth: u32| first.checked_add_months(Months::new(nth.checked_mul(distance)?)))
}

fn whole(ug: u64) -> i64 {
    i64::try_from(ug).unwrap_or(i64::MAX)
}
