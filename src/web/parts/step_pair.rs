//! The step-down pair: the dose that is signed, solid, and the one that is not, dashed and set lower.

use askama::Template;
use askama::filters::HtmlSafe;

use super::dose::DoseView;
use super::icon::Icon;
use crate::care::amount::Amount;
use crate::care::exact::Exact;
use crate::care::taper::daily::{Daily, change_text, percent_text};

#[derive(Debug, Clone, Template)]
#[template(path = "parts/step_pair.html")]
pub struct StepPair {
    now: Side,
    proposed: Side,
    change: Option<String>,
    /// `−33.3%, to 50% of the first dose`, where that is known: it stands in place of the change.
    percent: Option<String>,
    measures: (Exact, Exact),
    /// The proposed dose is signed too, though it may lie ahead.
    signed: bool,
}

#[derive(Debug, Clone)]
struct Side {
    heading: String,
    dose: DoseView,
    note: String,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for StepPair {}

impl StepPair {
    /// The last signed daily dose, and the one somebody is asked to sign.
    pub fn new(now: impl Into<Daily>, proposed: impl Into<Daily>) -> StepPair {
        let (now, proposed) = (now.into(), proposed.into());
        let side = |heading: &str, daily: &Daily| Side {
            heading: heading.into(),
            dose: DoseView::daily(daily),
            note: "daily".into(),
        };
        StepPair {
            now: side("Now, signed", &now),
            proposed: side("Proposed, not signed", &proposed),
            change: change_text(&now, &proposed),
            percent: None,
            measures: (Exact::from(&now), Exact::from(&proposed)),
            signed: false,
        }
    }

    /// Both doses are signed: the second is drawn solid, and still set lower.
    pub fn both_signed(self) -> StepPair {
        StepPair { signed: true, ..self }
    }

    /// Both beside the dose with which the taper began.
    pub fn beside_first(self, first: impl Into<Exact>) -> StepPair {
        let (now, proposed) = self.measures;
        StepPair { percent: Some(percent_text(now, proposed, first)), ..self }
    }

    /// Other words above the two doses: "In effect, signed" and "Next, not signed".
    pub fn headed(mut self, now: &str, proposed: &str) -> StepPair {
        (self.now.heading, self.proposed.heading) = (now.into(), proposed.into());
        self
    }

    /// Other words under the two doses: "daily since 02 Nov 2026" and "from 23 Nov 2026".
    pub fn noted(mut self, now: &str, proposed: &str) -> StepPair {
        (self.now.note, self.proposed.note) = (now.into(), proposed.into());
        self
    }

    pub fn samples() -> Vec<(&'static str, StepPair)> {
        let ug = Amount::from_ug;
        let hostile = "<b onclick=\"alert('x')\">&";
        vec![
            ("empty", StepPair::new(Amount::ZERO, Amount::ZERO)),
            ("usual", StepPair::new(ug(1_500), ug(1_375))),
            ("last", StepPair::new(ug(125), Amount::ZERO).headed("In effect, signed", "Next, not signed")),
            ("signed", StepPair::new(ug(1_500), ug(1_375)).both_signed()),
            ("longest", StepPair::new(ug(99_999_999), ug(1))),
            ("beside the first", StepPair::new(ug(1_500), ug(1_375)).beside_first(ug(2_000))),
            ("hostile", StepPair::new(ug(1_500), ug(1_625)).headed(hostile, hostile).noted(hostile, hostile)),
        ]
    }
}
