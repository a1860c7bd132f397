//! The step-down pair: the dose that is signed, solid, and the one that is not, dashed and set lower.

use askama::Template;
use askama::filters::HtmlSafe;

use super::dose::DoseView;
use super::icon::Icon;
use crate::care::amount::Amount;
use crate::care::exact::Exact;
use crate::care::taper::daily::Daily;

#[derive(Debug, Clone, Template)]
#[template(path = "parts/step_pair.html")]
pub struct StepPair {
    now: Side,
    proposed: Side,
    change: Option<String>,
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
            signed: false,
        }
    }

    /// Both doses are signed: the second is drawn solid, and still set lower.
    pub fn both_signed(self) -> StepPair {
        StepPair { signed: true, ..self }
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
            ("hostile", StepPair::new(ug(1_500), ug(1_625)).headed(hostile, hostile).noted(hostile, hostile)),
        ]
    }
}

/// `−8.3%`: of the dose now, to a tenth of a percent, halves away from zero; nothing where there is no dose now.
pub fn change_text(now: impl Into<Exact>, proposed: impl Into<Exact>) -> Option<String> {
    let (now, proposed) = (now.into(), proposed.into());
    if now.is_zero() || now == proposed {
        return None;
    }
    let tenths = now.change_to(proposed, 1_000);
    // Only nothing at all is a change of the whole.
    let tenths = if !proposed.is_zero() && proposed < now { tenths.min(999) } else { tenths };
    let sign = if proposed < now { "\u{2212}" } else { "+" };
    Some(match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{sign}{whole}%"),
        (whole, tenth) => format!("{sign}{whole}.{tenth}%"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(now: u64, proposed: u64) -> Option<String> {
        change_text(Amount::from_ug(now), Amount::from_ug(proposed))
    }

    #[test]
    fn a_change_is_told_in_percent_of_the_dose_now() {
        assert_eq!(change(1_500, 1_375).as_deref(), Some("−8.3%"));
        assert_eq!(change(2_000, 1_875).as_deref(), Some("−6.3%"));
        assert_eq!(change(1_250, 1_125).as_deref(), Some("−10%"));
        assert_eq!(change(10_000, 1).as_deref(), Some("−99.9%"));
        assert_eq!(change(125, 0).as_deref(), Some("−100%"));
        assert_eq!(change(1_000, 1_250).as_deref(), Some("+25%"));
        assert_eq!(change(0, 125), None);
        assert_eq!(change(500, 500), None);
    }
}
