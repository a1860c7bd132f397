//! What a baseline gives to think about: dependence by the published table, and each risk with what was written of it.

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::NaiveDate;

use super::icon::Icon;
use super::tags::Tag;
use crate::care::resident::Resident;
use crate::care::taper::baseline::Baseline;
use crate::care::taper::baseline::concerns::{About, Concern, Weight};
use crate::care::taper::dependence::{Dependence, Risk};
use crate::care::taper::plan::Plan;

#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/risks.html")]
pub struct Risks {
    lines: Vec<Line>,
    /// Where the table of dependence is published.
    source: Option<&'static str>,
}

#[derive(Debug, Clone)]
struct Line {
    title: String,
    words: String,
    tag: Tag,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for Risks {}

impl Risks {
    /// As they are on a day; none where no baseline was kept.
    pub fn new(plan: &Plan, resident: &Resident, today: NaiveDate) -> Risks {
        let Some(known) = &plan.baseline else { return Risks::default() };
        let about = About { age: resident.age_on(today), ends_on: plan.ends_on() };
        let dependence = known.dependence(plan.daily_before(), &plan.medicine, today);
        let first = dependence.as_ref().map(|found| dependence_line(plan, known, found));
        let concerns = known.concerns(about);
        Risks {
            source: dependence.map(|found| found.source),
            lines: first.into_iter().chain(concerns.into_iter().map(line)).collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

fn dependence_line(plan: &Plan, known: &Baseline, found: &Dependence) -> Line {
    let since = known.since.map(|since| format!(" since {since}")).unwrap_or_default();
    let often = known.days_a_week.map(often).unwrap_or_default();
    let words = format!(
        "{} {}. {} By the table: {}. {}",
        plan.daily_before(),
        format_args!("{often}{since}"),
        found.risk.sentence(),
        found.row,
        found.band
    );
    Line { title: "Physical dependence".to_owned(), words, tag: dependence_tag(found.risk) }
}

/// `on 7 days a week`
fn often(days_a_week: u8) -> String {
    match days_a_week {
        1 => "on 1 day a week at most".to_owned(),
        7 => "every day".to_owned(),
        days => format!("on {days} days a week"),
    }
}

fn dependence_tag(risk: Risk) -> Tag {
    match risk {
        Risk::Rare => Tag::new("soon", Icon::Info, "Rare"),
        Risk::Possible => Tag::flag("Possible"),
        Risk::Rising => Tag::flag("Rising"),
        Risk::Unknown => Tag::new("warn", Icon::NoRecord, "Not known"),
    }
}

fn line(concern: Concern) -> Line {
    let tag = match concern.weight {
        Weight::Present => Tag::flag("Risk"),
        Weight::Unknown => Tag::new("warn", Icon::NoRecord, "Not known"),
        Weight::RunsOut => Tag::new("warn", Icon::Soon, "Runs out"),
    };
    Line { title: concern.title, words: concern.words, tag }
}
