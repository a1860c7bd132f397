//! The staircase itself: treads, and the lines and the ground drawn from them.

use std::fmt::Write;

use chrono::NaiveDate;

use super::frame::Frame;
use super::{ChartFacts, Level};
use crate::care::amount::Amount;
use crate::web::parts::lettering::Bounds;
use crate::web::parts::pixels::Px;

/// One level for as long as it lasts, or is planned to last.
#[derive(Debug, Clone, Copy)]
pub struct Tread {
    pub amount: Amount,
    pub left: Px,
    pub right: Px,
    pub y: Px,
}

/// What is signed, and what is only planned.
#[derive(Debug)]
pub struct Stairs {
    pub signed: Vec<Tread>,
    pub planned: Vec<Tread>,
    /// Where the signed line ends: today, or the day a reduction signed ahead takes effect.
    pub known: Px,
    pub today: Px,
}

impl Stairs {
    pub fn of(facts: &ChartFacts, frame: &Frame) -> Stairs {
        let (signed, planned) = (in_order(&facts.signed), in_order(&facts.planned));
        let known_on = signed.last().map_or(facts.today, |level| facts.today.max(level.on));
        Stairs {
            signed: treads(&signed, known_on, frame),
            planned: treads(&planned, NaiveDate::MAX, frame),
            known: frame.x(known_on),
            today: frame.x(facts.today),
        }
    }

    /// The last signed level.
    pub fn level(&self) -> Option<&Tread> {
        self.signed.last()
    }

    /// The ground under what is signed and in effect.
    pub fn ground(&self, frame: &Frame) -> Option<String> {
        let past: Vec<Tread> = self.signed.iter().filter(|tread| tread.left < self.today).copied().collect();
        let first = past.first()?;
        let mut path = format!("M{} {}", first.left, frame.floor);
        for tread in &past {
            tread_on(&mut path, tread.y, tread.right.min(self.today));
        }
        Some(format!("{path}V{}Z", frame.floor))
    }

    pub fn signed_line(&self) -> Option<String> {
        let first = self.signed.first()?;
        Some(line((first.left, first.y), &self.signed))
    }

    /// Begins on the last signed level, from which the first planned step would lead down.
    pub fn planned_line(&self) -> Option<String> {
        let first = self.planned.first()?;
        let height = self.level().map_or(first.y, |level| level.y);
        Some(line((first.left, height), &self.planned))
    }

    /// Where the dose stays as long as nobody signs.
    pub fn staying_line(&self, frame: &Frame) -> Option<String> {
        let level = self.level()?;
        let begins = self.known + Px::of(5);
        (begins < frame.right).then(|| format!("M{begins} {}H{}", level.y, frame.right))
    }

    /// The ground that every line takes, for words to stay clear of.
    pub fn lines(&self) -> Vec<Bounds> {
        let mut lines = Vec::new();
        for treads in [&self.signed, &self.planned] {
            lines.extend(treads.iter().map(|tread| Bounds::around((tread.left, tread.y), (tread.right, tread.y))));
            let falls = treads.windows(2);
            lines.extend(falls.map(|pair| Bounds::around((pair[1].left, pair[0].y), (pair[1].left, pair[1].y))));
        }
        if let (Some(level), Some(next)) = (self.level(), self.planned.first()) {
            lines.push(Bounds::around((next.left, level.y), (next.left, next.y)));
        }
        lines
    }
}

fn in_order(levels: &[Level]) -> Vec<&Level> {
    let mut levels: Vec<&Level> = levels.iter().collect();
    levels.sort_by_key(|level| level.on);
    levels
}

/// The treads that the frame shows; each lasts until the next begins, the last one until `end_on`.
fn treads(levels: &[&Level], end_on: NaiveDate, frame: &Frame) -> Vec<Tread> {
    let ends = levels.iter().skip(1).map(|level| Some(level.on)).chain([None]);
    let seen = |on: NaiveDate, end: Option<NaiveDate>| frame.begins_by(on) && end.is_none_or(|end| !frame.is_past(end));
    let tread = |(level, end): (&&Level, Option<NaiveDate>)| {
        let (left, right) = (frame.x(level.on), frame.x(end.unwrap_or(end_on)));
        let amount = level.amount;
        seen(level.on, end).then(|| Tread { amount, left, right: right.max(left), y: frame.y(amount) })
    };
    levels.iter().zip(ends).filter_map(tread).collect()
}

fn line(start: (Px, Px), treads: &[Tread]) -> String {
    let mut path = format!("M{} {}", start.0, start.1);
    for tread in treads {
        tread_on(&mut path, tread.y, tread.right);
    }
    path
}

/// To a height, and on along it.
fn tread_on(path: &mut String, y: Px, right: Px) {
    write!(path, "V{y}H{right}").expect("writing to a string cannot fail");
}
