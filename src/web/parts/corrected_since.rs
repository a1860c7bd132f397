//! Records that were corrected after a signature had rested on them: said beside what was kept, which stays as it was.

use askama::Template;
use askama::filters::HtmlSafe;

use super::Icon;
use crate::care::calendar::{Zone, day_text};
use crate::store::doses::{Administration, Correction};
use crate::web::links;

/// Nothing where nothing was corrected. A page writes `{{ corrected }}` and no more.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/corrected_since.html")]
pub struct CorrectedSince {
    lines: Vec<Line>,
}

impl HtmlSafe for CorrectedSince {}

#[derive(Debug, Clone)]
struct Line {
    /// `21 Nov 2026 08:00, clonazepam 0.5 mg: given`
    dose: String,
    /// `corrected 21 Nov 2026 09:10`
    corrected: String,
    why: String,
    entry: String,
    number: i64,
}

impl CorrectedSince {
    pub fn new(corrected: &[(Administration, Correction)], zone: Zone) -> CorrectedSince {
        CorrectedSince { lines: corrected.iter().map(|(record, correction)| line(record, correction, zone)).collect() }
    }

    /// Nothing, one, and one in hostile words.
    pub fn samples() -> Vec<(&'static str, CorrectedSince)> {
        let line = |why: &str| Line {
            dose: "21 Nov 2026 08:00, clonazepam 0.5\u{a0}mg: given".to_owned(),
            corrected: "corrected 21 Nov 2026 09:10".to_owned(),
            why: why.to_owned(),
            entry: "/history/48212".to_owned(),
            number: 48_212,
        };
        let since = |lines| CorrectedSince { lines };
        vec![
            ("empty", CorrectedSince::default()),
            ("usual", since(vec![line("The wrong tile was touched.")])),
            ("longest", since(vec![line(&"W".repeat(500)); 3])),
            ("hostile", since(vec![line("<script>alert(1)</script>")])),
        ]
    }
}

fn line(record: &Administration, correction: &Correction, zone: Zone) -> Line {
    let due = zone.local(record.due_at).format("%H:%M");
    let at = zone.local(correction.corrected_at);
    let word = if correction.replacement.is_some() { "corrected" } else { "recorded in error, struck out" };
    Line {
        dose: format!(
            "{} {due}, {} {}: {}",
            day_text(record.on),
            record.medicine,
            record.planned,
            record.outcome.text()
        ),
        corrected: format!("{word} {} {}", day_text(at.date()), at.format("%H:%M")),
        why: correction.reason.clone(),
        entry: links::fact(correction.n),
        number: correction.n,
    }
}
