//! The last assessments side by side, item by item, as they were answered.

use askama::Template;
use askama::filters::HtmlSafe;

use super::spark::Spark;
use crate::care::calendar::{Zone, day_text};
use crate::care::scale::kept::ScoreKept;
use crate::web::links;

/// So many stand side by side.
const COLUMNS: usize = 3;

#[derive(Debug, Clone, Template)]
#[template(path = "parts/scores.html")]
pub struct Scores {
    name: String,
    /// The oldest first, as time runs.
    columns: Vec<Column>,
    rows: Vec<Row>,
    spark: Option<Spark>,
}

#[derive(Debug, Clone)]
struct Column {
    day: String,
    time: String,
    by: String,
    total: String,
    band: String,
    reason: String,
    beside: String,
    note: String,
    href: String,
}

#[derive(Debug, Clone)]
struct Row {
    label: String,
    answers: Vec<String>,
    /// The newest is worse than the one before.
    rose: bool,
    scored: bool,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for Scores {}

impl Scores {
    /// Of assessments on one scale, the newest first; none where there are none.
    pub fn new(newest_first: &[ScoreKept], zone: Zone) -> Option<Scores> {
        let newest = newest_first.first()?;
        let mut shown: Vec<&ScoreKept> = newest_first.iter().take(COLUMNS).collect();
        shown.reverse();
        let mut totals: Vec<i32> = newest_first.iter().filter_map(|a| a.total).collect();
        totals.reverse();
        Some(Scores {
            name: newest.scale_name.clone(),
            columns: shown.iter().map(|assessment| column(assessment, zone)).collect(),
            rows: newest.items.iter().map(|item| row(&shown, &item.item, &item.label, item.scored)).collect(),
            spark: Spark::new(&totals, (0, newest.most)),
        })
    }
}

fn column(assessment: &ScoreKept, zone: Zone) -> Column {
    let at = zone.local(assessment.assessed_at);
    let pulse = assessment.pulse.map(|pulse| format!("pulse {pulse}"));
    let pressure = assessment.pressure.map(|p| format!("{}/{} mm Hg", p.systolic, p.diastolic));
    Column {
        day: day_text(at.date()),
        time: at.format("%H:%M").to_string(),
        by: assessment.by.clone(),
        total: assessment.total_text(),
        band: assessment.band.clone().unwrap_or_default(),
        reason: assessment.incomplete_reason.clone(),
        beside: [pulse, pressure].into_iter().flatten().collect::<Vec<_>>().join(", "),
        note: assessment.note.clone(),
        href: links::assessment(&assessment.id),
    }
}

fn row(shown: &[&ScoreKept], item: &str, label: &str, scored: bool) -> Row {
    let answers: Vec<Option<i32>> = shown.iter().map(|assessment| assessment.answer(item)).collect();
    let rose = matches!(answers.as_slice(), [.., Some(before), Some(now)] if scored && now > before);
    let text = |answer: &Option<i32>| answer.map_or("not answered".to_owned(), |answer| answer.to_string());
    Row { label: label.to_owned(), answers: answers.iter().map(text).collect(), rose, scored }
}
