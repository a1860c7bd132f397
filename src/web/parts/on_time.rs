//! Doses given on time, a bar for each day: outlined where the target was missed, its number on every bar.

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::{Datelike, NaiveDate};

use super::pixels::Px;
use crate::care::calendar::{day_text, days_after};

/// What the bars show: whole percent for each day from `from_on`, none for a day without doses.
#[derive(Debug, Clone)]
pub struct OnTimeFacts {
    /// Tells these bars from others on their page; a plain word.
    pub name: String,
    pub unit: String,
    pub from_on: NaiveDate,
    pub percents: Vec<Option<u8>>,
    pub target: u8,
}

#[derive(Debug, Template)]
#[template(path = "parts/on_time.html")]
pub struct OnTime {
    name: String,
    title: String,
    description: String,
    marks: Vec<(Px, u8)>,
    days: Vec<Day>,
    target: Px,
    starts_at: u8,
}

#[derive(Debug)]
struct Day {
    x: Px,
    width: Px,
    day: String,
    month: Option<String>,
    bar: Option<Bar>,
}

#[derive(Debug)]
struct Bar {
    percent: u8,
    y: Px,
    below: bool,
}

const LEFT: Px = Px::of(40);
const TOP: Px = Px::of(18);
const FLOOR: Px = Px::of(160);
const WIDTH: Px = Px::of(520);

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for OnTime {}

impl OnTime {
    pub fn new(facts: &OnTimeFacts) -> OnTime {
        let starts_at = starts_at(&facts.percents);
        let apart = if starts_at == 0 { 25 } else { 10 };
        let marks = (starts_at..=100).step_by(apart).map(|percent| (height(percent, starts_at), percent));
        OnTime {
            name: facts.name.clone(),
            title: format!("{}, percent of doses given on time per day", facts.unit),
            description: description(facts),
            marks: marks.collect(),
            days: (0..).zip(&facts.percents).map(|(nth, percent)| day(nth, *percent, facts, starts_at)).collect(),
            target: height(facts.target, starts_at),
            starts_at,
        }
    }

    /// The percentage at which the scale starts: the page must say so where it is not 0.
    pub fn starts_at(&self) -> u8 {
        self.starts_at
    }

    pub fn samples() -> Vec<(&'static str, OnTime)> {
        OnTimeFacts::samples().into_iter().map(|(name, facts)| (name, OnTime::new(&facts))).collect()
    }
}

/// The scale starts at 70 percent, so that good days can be told apart, and at 0 where a day was bad.
fn starts_at(percents: &[Option<u8>]) -> u8 {
    if percents.iter().flatten().all(|percent| *percent >= 74) { 70 } else { 0 }
}

fn height(percent: u8, starts_at: u8) -> Px {
    let above = i64::from(percent.clamp(starts_at, 100) - starts_at);
    FLOOR - (FLOOR - TOP).share(above, i64::from(100 - starts_at))
}

fn day(nth: u32, percent: Option<u8>, facts: &OnTimeFacts, starts_at: u8) -> Day {
    let days = i64::try_from(facts.percents.len()).unwrap_or(i64::MAX);
    let (left, right) = (WIDTH.share(i64::from(nth), days), WIDTH.share(i64::from(nth) + 1, days));
    let gap = (right - left).share(1, 5);
    let on = days_after(facts.from_on, nth);
    let bar = |percent: u8| Bar { percent, y: height(percent, starts_at), below: percent < facts.target };
    Day {
        x: LEFT + left + gap.half(),
        width: right - left - gap,
        day: on.format("%d").to_string(),
        month: (nth == 0 || on.day() == 1).then(|| on.format("%b").to_string()),
        bar: percent.map(bar),
    }
}

impl Day {
    fn middle(&self) -> Px {
        self.x + self.width.half()
    }
}

/// `Target 95%. Below target: 12 Nov 2026 93%. 06 Nov 2026 97%, …`
fn description(facts: &OnTimeFacts) -> String {
    let days = (0..).zip(&facts.percents);
    let told: Vec<(String, bool)> = days
        .map(|(nth, percent)| {
            let on = day_text(days_after(facts.from_on, nth));
            match percent {
                Some(percent) => (format!("{on} {percent}%"), *percent < facts.target),
                None => (format!("{on} no doses"), false),
            }
        })
        .collect();
    let below: Vec<&str> = told.iter().filter(|(_, below)| *below).map(|(words, _)| words.as_str()).collect();
    let all: Vec<&str> = told.iter().map(|(words, _)| words.as_str()).collect();
    let below = if below.is_empty() { "none".into() } else { below.join(", ") };
    format!("Target {}%. Below target: {below}. All days: {}.", facts.target, all.join(", "))
}

impl OnTimeFacts {
    pub fn samples() -> Vec<(&'static str, OnTimeFacts)> {
        let facts = |name: &str, unit: &str, percents: Vec<Option<u8>>| OnTimeFacts {
            name: name.into(),
            unit: unit.into(),
            from_on: NaiveDate::from_ymd_opt(2026, 11, 6).expect("the day exists"),
            percents,
            target: 95,
        };
        let usual = [97, 96, 98, 100, 95, 97, 93, 96, 98, 97, 99, 96, 88, 97].map(Some);
        let mut bad = usual;
        (bad[3], bad[7]) = (None, Some(0));
        vec![
            ("empty", facts("none", "Rowan", vec![None; 14])),
            ("usual", facts("willow", "Willow", usual.into())),
            ("bad", facts("rowan", "Rowan", bad.into())),
            ("longest", facts("long", &"Willow ".repeat(20), vec![Some(100); 28])),
            ("hostile", facts("hostile", "</title><script>\"'&", vec![])),
        ]
    }
}
