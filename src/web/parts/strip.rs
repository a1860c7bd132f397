//! The adherence strip: a row for each time slot and medicine, a column for each day; filled is given, a letter is not.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::NaiveDate;

use super::lettering::Label;
use super::missed::Missed;
use super::pixels::Px;
use crate::care::calendar::{Slot, day_text, days_after};

/// What became of one slot of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Square {
    Given,
    Missed(Missed),
    ToCome,
    /// Nothing was due.
    NoDose,
}

/// What a strip shows: every row has a square for each day from `from_on`.
#[derive(Debug, Clone)]
pub struct StripFacts {
    pub from_on: NaiveDate,
    pub lines: Vec<Line>,
}

/// What became of one time of day, or of one of its two medicines.
#[derive(Debug, Clone)]
pub struct Line {
    pub slot: Slot,
    /// Empty where there is only one.
    pub medicine: String,
    pub squares: Vec<Square>,
}

/// `20:00`, `20:00 diazepam`
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.slot, if self.medicine.is_empty() { "" } else { " " }, self.medicine)
    }
}

#[derive(Debug, Template)]
#[template(path = "parts/strip.html")]
pub struct Strip {
    words: String,
    width: Px,
    height: Px,
    rows: Vec<Row>,
    days: Vec<(Px, String)>,
    column: Px,
}

#[derive(Debug)]
struct Row {
    y: Px,
    name: String,
    squares: Vec<Cell>,
}

#[derive(Debug)]
struct Cell {
    x: Px,
    square: Square,
}

/// Room for the slot's time at the left, at the least.
const MARGIN: Px = Px::of(40);
const ROW: i64 = 24;

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for Strip {}

impl Strip {
    pub fn new(facts: &StripFacts) -> Strip {
        let days = facts.lines.iter().map(|line| line.squares.len()).max().unwrap_or(0);
        let days = i64::try_from(days).expect("a strip is shorter than a life");
        let column = column(days);
        let margin = margin(&facts.lines);
        let rows: Vec<Row> = (0..).zip(&facts.lines).map(|(nth, line)| Row::new(nth, line, margin, column)).collect();
        let height = Px::of(18 + ROW * i64::try_from(rows.len()).expect("a day has fewer slots than minutes"));
        Strip {
            words: words(facts),
            width: margin + column.share(days, 1) + Px::of(4),
            height,
            rows,
            days: day_names(facts.from_on, days, margin, column),
            column,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// The middle of a square from its left edge.
    fn middle(&self) -> Px {
        (self.column - Px::of(6)).half()
    }

    pub fn samples() -> Vec<(&'static str, Strip)> {
        StripFacts::samples().into_iter().map(|(name, facts)| (name, Strip::new(&facts))).collect()
    }
}

impl Row {
    fn new(nth: i64, line: &Line, margin: Px, column: Px) -> Row {
        let cell = |(day, square): (i64, &Square)| Cell { x: margin + column.share(day, 1), square: *square };
        Row { y: Px::of(2 + ROW * nth), name: line.to_string(), squares: (0..).zip(&line.squares).map(cell).collect() }
    }
}

/// As wide as the longest name of a row.
fn margin(lines: &[Line]) -> Px {
    let named = lines.iter().filter(|line| !line.medicine.is_empty());
    named.map(|line| Label::width(&line.to_string())).max().map_or(MARGIN, |width| MARGIN.max(width))
}

/// Two weeks fill the strip; more days are narrower, but never too narrow for a letter.
fn column(days: i64) -> Px {
    Px::of(392).share(1, days.max(14)).max(Px::of(19))
}

/// The day of the month under every second column and under the last.
fn day_names(from_on: NaiveDate, days: i64, margin: Px, column: Px) -> Vec<(Px, String)> {
    let named = (0..days).filter(|day| day % 2 == 0 && *day != days - 2 || *day == days - 1);
    let name = |day: i64| {
        let on = days_after(from_on, u32::try_from(day).unwrap_or(u32::MAX));
        (margin + column.share(day, 1) + (column - Px::of(6)).half(), on.format("%d").to_string())
    };
    named.map(name).collect()
}

/// `Doses 06 Nov 2026 to 19 Nov 2026: 26 of 28 given. 10 Nov 2026 20:00 refused.`
fn words(facts: &StripFacts) -> String {
    let all = || {
        facts
            .lines
            .iter()
            .flat_map(|line| (0_u32..).zip(&line.squares).map(move |(day, square)| (day, line.to_string(), square)))
    };
    let given = all().filter(|(.., square)| **square == Square::Given).count();
    let due = all().filter(|(.., square)| matches!(square, Square::Given | Square::Missed(_))).count();
    let Some(last) = all().map(|(day, ..)| day).max() else { return "No doses.".into() };
    let mut missed: Vec<_> = all()
        .filter_map(|(day, line, square)| match square {
            Square::Missed(missed) => Some((day, line, missed)),
            _ => None,
        })
        .collect();
    missed.sort();
    let missed = missed
        .into_iter()
        .map(|(day, line, missed)| format!(" {} {line} {}.", day_text(days_after(facts.from_on, day)), missed.words()));
    let (from, until) = (day_text(facts.from_on), day_text(days_after(facts.from_on, last)));
    format!("Doses {from} to {until}: {given} of {due} given.{}", missed.collect::<String>())
}

impl StripFacts {
    pub fn samples() -> Vec<(&'static str, StripFacts)> {
        let from_on = NaiveDate::from_ymd_opt(2026, 11, 6).expect("the day exists");
        let mut morning = vec![Square::Given; 14];
        let mut evening = morning.clone();
        (morning[8], evening[4]) = (Square::Missed(Missed::Withheld), Square::Missed(Missed::Refused));
        evening[13] = Square::ToCome;
        let every_kind = Missed::ALL.into_iter().map(Square::Missed).chain([Square::NoDose, Square::Given]);
        let long: Vec<Square> = every_kind.cycle().take(42).collect();
        let line = |at: &str, medicine: &str, squares: &[Square]| {
            let slot = at.parse::<Slot>().expect("the slot is well written");
            Line { slot, medicine: medicine.to_owned(), squares: squares.to_vec() }
        };
        let hours = (0..12).map(|hour| line(&format!("{:02}:00", hour * 2), "chlordiazepoxide", &long));
        let both = vec![line("08:00", "clonazepam", &morning), line("20:00", "diazepam", &evening)];
        vec![
            ("empty", StripFacts { from_on, lines: vec![] }),
            ("usual", StripFacts { from_on, lines: vec![line("08:00", "", &morning), line("20:00", "", &evening)] }),
            ("two medicines", StripFacts { from_on, lines: both }),
            ("longest", StripFacts { from_on, lines: hours.collect() }),
        ]
    }
}
