//! Open severe signs: a line in the banner of the resident, and a list at the top of pages about many.

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::{DateTime, NaiveDate, Utc};

use super::Icon;
use crate::care::calendar::{Zone, day_text};
use crate::care::facility::{Emergency, Facility};
use crate::care::resident::Resident;
use crate::care::severe_sign::{SevereSign, SignFile};
use crate::store::{Conn, StoreError, facilities, residents, severe_signs};
use crate::web::links;

/// A sign that no prescriber has released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSign {
    /// `Seizure, seen 08:10`
    pub what: String,
    pub withholds: bool,
    pub href: String,
}

impl OpenSign {
    pub fn of(sign: &SevereSign, zone: Zone, today: NaiveDate) -> OpenSign {
        OpenSign {
            what: format!("{}, seen {}", sign.sign.title(), moment_text(zone, sign.seen_at, today)),
            withholds: sign.sign.withholds(),
            href: links::severe_sign(&sign.id),
        }
    }
}

/// `08:10`, on another day with its day.
pub fn moment_text(zone: Zone, at: DateTime<Utc>, today: NaiveDate) -> String {
    let local = zone.local(at);
    let time = local.format("%H:%M");
    if local.date() == today { time.to_string() } else { format!("{} {time}", day_text(local.date())) }
}

/// Whom to call: the first thing on every page about a severe sign.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/call.html")]
pub struct Call {
    /// `Call 911`
    first: String,
    contact: String,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for Call {}

impl Call {
    pub fn new(emergency: &Emergency) -> Call {
        Call { first: emergency.call(), contact: emergency.contact.clone() }
    }
}

/// The open signs of several residents. A page writes `{{ signs }}` and no more; nothing is drawn where there is none.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/severe.html")]
pub struct OpenSigns {
    lines: Vec<Line>,
}

impl HtmlSafe for OpenSigns {}

#[derive(Debug, Clone)]
struct Line {
    surname: String,
    forename: String,
    place: String,
    sign: OpenSign,
    acknowledged: bool,
}

impl OpenSigns {
    /// `unit` names a unit by its id. A sign of nobody among the residents is left out.
    pub fn new<'a>(
        open: impl IntoIterator<Item = &'a SignFile>,
        residents: &[Resident],
        unit: impl Fn(&str) -> String,
        zone: Zone,
        today: NaiveDate,
    ) -> OpenSigns {
        let line = |file: &SignFile| {
            let resident = residents.iter().find(|resident| resident.id == file.sign.resident)?;
            Some(Line {
                surname: resident.surname.to_uppercase(),
                forename: resident.forename.clone(),
                place: format!("{} {}", unit(&resident.unit), resident.room),
                sign: OpenSign::of(&file.sign, zone, today),
                acknowledged: !file.acknowledged.is_empty(),
            })
        };
        OpenSigns { lines: open.into_iter().filter_map(line).collect() }
    }

    /// Those of some facilities.
    pub fn load(conn: &mut Conn, mine: &[Facility], now: DateTime<Utc>) -> Result<OpenSigns, StoreError> {
        let mut lines = Vec::new();
        for facility in mine {
            let id = std::slice::from_ref(&facility.id);
            let open = severe_signs::signs_open_in(conn, id)?;
            if open.is_empty() {
                continue;
            }
            let (residents, units) = (residents::residents_of(conn, id)?, facilities::units_of(conn, &facility.id)?);
            let unit = |id: &str| units.iter().find(|unit| unit.id == id).map(|u| u.name.clone()).unwrap_or_default();
            lines.extend(OpenSigns::new(&open, &residents, unit, facility.zone, facility.zone.day(now)).lines);
        }
        Ok(OpenSigns { lines })
    }
}
