//! What was given in error, in one line; and the incidents that still want an answer, at the top of pages about many.

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::{DateTime, NaiveDate, Utc};

use super::Icon;
use super::severe::moment_text;
use crate::care::calendar::Zone;
use crate::care::facility::Facility;
use crate::care::incident::{Incident, IncidentFile};
use crate::store::{Conn, StoreError, incidents, residents};
use crate::web::links;

/// An incident as lists name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentLine {
    /// `0.5 mg clonazepam at 14:10: given twice`
    pub what: String,
    /// `Wants an answer of a prescriber and of a supervisor`; empty once both have answered.
    pub wants: String,
    /// Why it was struck out; empty where it stands.
    pub struck: String,
    pub href: String,
}

impl IncidentLine {
    pub fn of(file: &IncidentFile, zone: Zone, today: NaiveDate) -> IncidentLine {
        IncidentLine {
            what: what(&file.incident, zone, today),
            wants: wants(file),
            struck: file.struck.as_ref().map(|struck| struck.reason.clone()).unwrap_or_default(),
            href: links::incident(&file.incident.id),
        }
    }
}

fn what(incident: &Incident, zone: Zone, today: NaiveDate) -> String {
    let Incident { given, medicine, mistake, given_at, .. } = incident;
    let at = moment_text(zone, *given_at, today);
    format!("{given} {medicine} at {at}: {}", mistake.title().to_lowercase())
}

/// Who has still to answer, in words.
pub fn wants(file: &IncidentFile) -> String {
    let wanting: Vec<String> = file.wanting().iter().map(|role| format!("of a {}", role.word())).collect();
    if wanting.is_empty() { String::new() } else { format!("Wants an answer {}", wanting.join(" and ")) }
}

/// The open incidents of several residents. A page writes `{{ incidents }}`; nothing is drawn where there is none.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/incidents.html")]
pub struct OpenIncidents {
    lines: Vec<(String, IncidentLine)>,
}

impl HtmlSafe for OpenIncidents {}

impl OpenIncidents {
    /// Those of some facilities.
    pub fn load(conn: &mut Conn, mine: &[Facility], now: DateTime<Utc>) -> Result<OpenIncidents, StoreError> {
        let ids: Vec<String> = mine.iter().map(|facility| facility.id.clone()).collect();
        let mut lines = Vec::new();
        for file in incidents::incidents_open(conn, &ids)? {
            let Some(facility) = mine.iter().find(|one| one.id == file.incident.facility) else { continue };
            let resident = residents::resident_load(conn, &file.incident.resident)?;
            lines.push((resident.name(), IncidentLine::of(&file, facility.zone, facility.zone.day(now))));
        }
        Ok(OpenIncidents { lines })
    }

    /// As the samples of pages show it.
    pub fn sample(name: &str, file: &IncidentFile, zone: Zone, today: NaiveDate) -> OpenIncidents {
        OpenIncidents { lines: vec![(name.to_owned(), IncidentLine::of(file, zone, today))] }
    }
}
