//! The medication administration record of one resident's month, on screen and on one sheet of paper in landscape.

pub mod asked;
mod cells;
mod initials;
mod levels;
mod notes;
pub mod samples;

use std::collections::BTreeMap;

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::{Datelike, NaiveDate};

use self::cells::{Line, cell};
use self::initials::Initials;
use self::levels::PlanLines;
use self::notes::{Note, Notes};
use crate::care::round::mar::{LetterSet, Mar, MarFacts, Month, Row, Taken};
use crate::care::taper::level::Course;
use crate::care::taper::schedule::{DoseKey, DoseLevel, doses_between};
use crate::store::assessments::Assessment;
use crate::store::mar::{MonthFile, MonthOf};
use crate::store::plans::PlanFile;

/// More lines than this and the sheet is set closer, so that it stays one sheet.
const ROOMY: usize = 4;

#[derive(Debug, Template)]
#[template(path = "parts/mar.html")]
pub struct MarView {
    /// `November 2026, HALVORSEN, Margit`
    label: String,
    month: String,
    days: Vec<Day>,
    plans: Vec<PlanLines>,
    rows: Vec<Line>,
    scores: Vec<ScoreRow>,
    letters: Vec<(String, String)>,
    notes: Vec<Note>,
    initials: Vec<(String, String)>,
    dense: bool,
    /// Of the headings under the grid.
    depth: u8,
    /// Minutes around a slot.
    window: u32,
}

/// It renders as escaped markup.
impl HtmlSafe for MarView {}

#[derive(Debug)]
struct Day {
    weekday: String,
    number: String,
    today: bool,
}

/// The scores on one scale.
#[derive(Debug)]
struct ScoreRow {
    name: String,
    most: i32,
    days: Vec<Vec<String>>,
}

/// A plan with what follows from its facts.
struct Taper<'a> {
    file: &'a PlanFile,
    course: Course,
}

impl MarView {
    pub fn new(file: &MonthFile, of: &MonthOf) -> MarView {
        let tapers: Vec<Taper> = of.plans.iter().map(|file| Taper { file, course: file.course() }).collect();
        let levels = levels_of(file.month, &tapers);
        let taken = taken_of(of);
        let facts = MarFacts {
            facility: &file.facility,
            doses: &of.doses,
            records: &of.records,
            absences: &of.absences,
            levels: &levels,
            taken: &taken,
            now: file.now,
        };
        let mar = Mar::new(file.month, facts);
        let initials = Initials::of(&mar, of, &file.names);
        let notes = Notes { file, of, mar: &mar };
        let as_needed = cells::as_needed_lines(file, of, &initials, mar.notes().len());
        let mut rows: Vec<Line> = mar.rows.iter().map(|row| line(file, row, &initials)).collect();
        rows.extend(as_needed);
        rows.extend(cells::in_error_lines(file, of, &initials, mar.notes().len() + of.as_needed.len()));
        let today = file.facility.zone.day(file.now);
        MarView {
            label: format!("{}, {}", file.month.title(), of.resident.name()),
            month: file.month.short(),
            days: file.month.days().map(|on| day(on, today)).collect(),
            plans: tapers.iter().map(|taper| levels::plan_lines(file, taper, tapers.len() > 1)).collect(),
            scores: scores(file, &of.scores),
            letters: letters(&file.letters),
            notes: notes.all(),
            initials: initials.listed(),
            dense: rows.len() > ROOMY,
            depth: 2,
            window: file.facility.windows.late_minutes,
            rows,
        }
    }

    /// Under a heading of the resident's own.
    pub fn deeper(self) -> MarView {
        MarView { depth: 3, ..self }
    }

    /// Nothing was planned, recorded or scored.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.scores.is_empty()
    }
}

/// What is in force on each day of the month; where two plans speak of one dose, the later one.
fn levels_of(month: Month, tapers: &[Taper]) -> BTreeMap<DoseKey, DoseLevel> {
    tapers.iter().flat_map(|taper| doses_between(&taper.course, month.first(), month.last())).collect()
}

/// By which facts doses were taken away.
fn taken_of(of: &MonthOf) -> BTreeMap<String, Taken> {
    let facts = of.plans.iter().flat_map(|file| &file.facts);
    facts.filter_map(|fact| Some((fact.id.clone(), Taken::by(fact)?))).collect()
}

fn line(file: &MonthFile, row: &Row, initials: &Initials) -> Line {
    Line {
        slot: row.slot.to_string(),
        medicine: row.medicine.to_string(),
        bands: levels::bands(&row.bands, file.shelves.of(&row.medicine), file),
        cells: row.cells.iter().map(|one| cell(file, one, initials)).collect(),
    }
}

fn day(on: NaiveDate, today: NaiveDate) -> Day {
    let weekday = on.format("%a").to_string().chars().take(2).collect();
    Day { weekday, number: format!("{:02}", on.day()), today: on == today }
}

/// A row for each scale on which something was scored.
fn scores(file: &MonthFile, scores: &[Assessment]) -> Vec<ScoreRow> {
    let mut rows: BTreeMap<&str, ScoreRow> = BTreeMap::new();
    let days = file.month.days().count();
    for score in scores {
        let row = rows.entry(&score.scale).or_insert_with(|| ScoreRow {
            name: score.scale_name.clone(),
            most: score.most,
            days: vec![Vec::new(); days],
        });
        let on = file.facility.zone.day(score.assessed_at);
        let total = score.total.map_or_else(|| "–".to_owned(), |total| total.to_string());
        row.days[file.month.place(on)].push(total);
    }
    rows.into_values().collect()
}

/// What the letters in boxes mean here.
fn letters(letters: &LetterSet) -> Vec<(String, String)> {
    letters.legend().into_iter().map(|(letters, meaning)| (letters.to_owned(), meaning)).collect()
}
