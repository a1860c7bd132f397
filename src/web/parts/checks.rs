//! The guideline checks of one reduction: each passed or wanting a reason, with where it comes from.

use askama::Template;
use askama::filters::HtmlSafe;

use super::tags::Tag;
use crate::care::taper::statement::CheckKept;

#[derive(Debug, Clone, Template)]
#[template(path = "parts/checks.html")]
pub struct Checks {
    lines: Vec<Line>,
    /// Each source once, in the order of its first check.
    sources: Vec<String>,
}

#[derive(Debug, Clone)]
struct Line {
    title: String,
    found: String,
    /// The place of its source, from 1.
    source: usize,
    tag: Tag,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for Checks {}

impl Checks {
    /// As they are now, or as they were when somebody signed.
    pub fn new(checks: &[CheckKept], wanting: &str) -> Checks {
        let mut sources: Vec<String> = Vec::new();
        let mut place = |source: &String| match sources.iter().position(|known| known == source) {
            Some(at) => at + 1,
            None => {
                sources.push(source.clone());
                sources.len()
            }
        };
        let lines = checks
            .iter()
            .map(|check| Line {
                title: check.title.clone(),
                found: check.found.clone(),
                source: place(&check.source),
                tag: if check.passed { Tag::given("Passed") } else { Tag::needs_reason(wanting) },
            })
            .collect();
        Checks { lines, sources }
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}
