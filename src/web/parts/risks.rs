//! What a baseline gives to think about: dependence by the published table, and each risk with what was written of it.

use super::icon::Icon;
use super::tags::Tag;
use crate::care::taper;
use crate::care::taper::baseline::concerns::{Concern, Weight};
use crate::care::taper::dependence::Risk;
use crate::care::taper::risks::Dependent;
use askama::Template;
use askama::filters::HtmlSafe;

#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/risks.html")]
pub struct Risks {
    lines: Vec<Line>,
    /// Where the table of dependence is published.
    source: Option<String>,
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
    /// As they are, or as they were when somebody signed.
    pub fn new(known: &taper::risks::Risks) -> Risks {
        let first = known.dependence.as_ref().map(dependence_line);
        Risks {
            source: known.dependence.as_ref().map(|found| found.source.clone()),
            lines: first.into_iter().chain(known.concerns.iter().map(line)).collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

fn dependence_line(found: &Dependent) -> Line {
    let title = "Physical dependence".to_owned();
    Line { title, words: found.words.clone(), tag: dependence_tag(found.risk) }
}

fn dependence_tag(risk: Risk) -> Tag {
    match risk {
        Risk::Rare => Tag::new("soon", Icon::Info, "Rare"),
        Risk::Possible => Tag::flag("Possible"),
        Risk::Rising => Tag::flag("Rising"),
        Risk::Unknown => Tag::new("warn", Icon::NoRecord, "Not known"),
    }
}

fn line(concern: &Concern) -> Line {
    let tag = match concern.weight {
        Weight::Present => Tag::flag("Risk"),
        Weight::Unknown => Tag::new("warn", Icon::NoRecord, "Not known"),
        Weight::RunsOut => Tag::new("warn", Icon::Soon, "Runs out"),
    };
    Line { title: concern.title.clone(), words: concern.words.clone(), tag }
}
