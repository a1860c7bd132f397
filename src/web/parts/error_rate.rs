//! The medication error rate in one look: its percent, what it was counted of, and what it is with every late dose.

use askama::Template;
use askama::filters::HtmlSafe;

use super::Icon;
use crate::care::error_rate::{Counted, ErrorRate, FAILS_AT_PERCENT, Part};

#[derive(Debug, Template)]
#[template(path = "parts/error_rate.html")]
pub struct RateView {
    /// None where nothing was given or ordered.
    rate: Option<Figure>,
    /// The same with every dose given after its window; none where there is none.
    with_late: Option<Figure>,
    /// `3 errors of 62 doses: 1 given in error, 2 without a record.`
    sentence: String,
}

#[derive(Debug)]
struct Figure {
    percent: String,
    /// `7 of 62, 4 of them late`
    of: String,
    fails: bool,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for RateView {}

impl RateView {
    pub fn new(counted: &Counted) -> RateView {
        let (rate, late) = (counted.rate(), counted.late());
        let with_late = (late > 0).then(|| counted.rate_with_late());
        RateView {
            rate: figure(rate, format!("{} of {}", rate.errors, rate.of)),
            with_late: with_late
                .and_then(|all| figure(all, format!("{} of {}, {late} of them late", all.errors, all.of))),
            sentence: sentence(counted),
        }
    }
}

fn figure(rate: ErrorRate, of: String) -> Option<Figure> {
    Some(Figure { percent: rate.text()?, of, fails: rate.fails()? })
}

/// Every part of the errors with its number, so that whoever reads can count them again.
fn sentence(counted: &Counted) -> String {
    let rate = counted.rate();
    let doses = if rate.of == 1 { "1 dose".to_owned() } else { format!("{} doses", rate.of) };
    let parts = Part::ALL.into_iter().map(|part| (part, counted.errors(part))).filter(|(_, errors)| *errors > 0);
    let parts: Vec<String> = parts.map(|(part, errors)| format!("{errors} {}", part.of_some())).collect();
    match rate.errors {
        0 if rate.of == 0 => "No dose was given, or ordered and not given: there is no rate.".to_owned(),
        0 => format!("No error of {doses}."),
        1 => format!("1 error of {doses}: {}.", parts.join(", ")),
        many => format!("{many} errors of {doses}: {}.", parts.join(", ")),
    }
}
