//! Taper alerts: a panel beside whatever is done to the resident, and a list on pages about many.

use askama::Template;
use askama::filters::HtmlSafe;

use super::Icon;
use crate::care::resident::Resident;
use crate::care::round::taper_alert::because_text;
use crate::store::taper_alerts::StandingAlert;
use crate::web::links;

/// An alert that stands, in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertLine {
    /// `two doses in a row were not given`
    pub because: String,
    /// `clonazepam`
    pub medicines: String,
    pub href: String,
}

impl From<&StandingAlert> for AlertLine {
    fn from(one: &StandingAlert) -> AlertLine {
        let medicines: Vec<&str> = one.medicines().into_iter().map(|medicine| medicine.0.as_str()).collect();
        AlertLine {
            because: because_text(&one.alert.because),
            medicines: medicines.join(" and "),
            href: links::taper_alert(&one.plan),
        }
    }
}

/// The alerts of one resident, in panels of their own. Nothing is drawn where there is none.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/alert.html")]
pub struct AlertPanels {
    lines: Vec<AlertLine>,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for AlertPanels {}

impl AlertPanels {
    pub fn new(alerts: &[StandingAlert]) -> AlertPanels {
        AlertPanels { lines: alerts.iter().map(AlertLine::from).collect() }
    }
}

/// The alerts of several residents. A page writes `{{ alerts }}` and no more; nothing is drawn where there is none.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/alerts.html")]
pub struct Alerts {
    lines: Vec<Line>,
}

impl HtmlSafe for Alerts {}

#[derive(Debug, Clone)]
struct Line {
    surname: String,
    forename: String,
    place: String,
    alert: AlertLine,
}

impl Alerts {
    /// `unit` names a unit by its id. An alert of nobody among the residents is left out.
    pub fn new<'a>(
        alerts: &[StandingAlert],
        resident: impl Fn(&str) -> Option<&'a Resident>,
        unit: impl Fn(&str) -> String,
    ) -> Alerts {
        let line = |one: &StandingAlert| {
            let resident = resident(&one.resident)?;
            Some(Line {
                surname: resident.surname.to_uppercase(),
                forename: resident.forename.clone(),
                place: format!("{} {}", unit(&resident.unit), resident.room),
                alert: one.into(),
            })
        };
        Alerts { lines: alerts.iter().filter_map(line).collect() }
    }
}
