//! The medication error rate of some days: every part that was counted, with its number and the way to its doses.

mod samples;
mod view;

use actix_web::web::{Data, Query};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

pub use self::view::View;
use crate::care::calendar::{days_after, days_before, parse_day};
use crate::care::error_rate::Counted;
use crate::care::facility::{Facility, Unit};
use crate::care::people::Supervisor;
use crate::store::audit::doses_counted;
use crate::store::{Conn, StoreError, facilities};
use crate::web::{Answer, Errors, Hall, Menu, Page, Signed, looking};

/// So many days are counted where nobody asks for others, today among them.
const USUAL_DAYS: u32 = 30;

/// The address's own words; an empty one asks for nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    facility: String,
    unit: String,
    from: String,
    to: String,
}

/// What is asked for, understood.
#[derive(Debug, Clone)]
struct Search {
    unit: Option<String>,
    /// The first and the last day.
    days: (NaiveDate, NaiveDate),
}

/// What the page is made of, all of one moment of the database.
struct Facts {
    facility: Facility,
    units: Vec<Unit>,
    /// None where the question could not be read.
    found: Option<(Search, Counted)>,
}

pub async fn show(hall: Data<Hall>, supervisor: Signed<Supervisor>, asked: Query<Asked>) -> Answer {
    let facility = supervisor.chosen(some(&asked.facility))?.clone();
    let overview = format!("/overview?facility={}", facility.id);
    let shell = supervisor.shell(&facility, Menu::Overview).back_to("Overview", overview);
    let others: Vec<Facility> = supervisor.facilities().cloned().collect();
    let now = supervisor.now();
    let (search, errors) = match asked.search(&facility, now) {
        Ok(search) => (Some(search), Errors::none()),
        Err(errors) => (None, errors),
    };
    let wrong = search.is_none();
    let facts = looking(&hall.db, move |conn| load(conn, facility, search, now)).await?;
    let view = View::new(shell, &asked, &facts, &others, errors);
    if wrong { Page::refused(view, false).answer() } else { Page::new(view).answer() }
}

fn load(conn: &mut Conn, facility: Facility, search: Option<Search>, now: DateTime<Utc>) -> Result<Facts, StoreError> {
    let found = match search {
        None => None,
        Some(search) => {
            let counted = doses_counted(conn, &facility, search.unit.as_deref(), search.days, now)?;
            Some((search, counted))
        }
    };
    Ok(Facts { units: facilities::units_of(conn, &facility.id)?, found, facility })
}

impl Asked {
    /// Where no day is said, the last thirty; where one is, thirty from it or up to it.
    fn search(&self, facility: &Facility, now: DateTime<Utc>) -> Result<Search, Errors> {
        let mut errors = Errors::none();
        let day = |text: &str| some(text).map(parse_day).transpose();
        let from = errors.keep("from", day(&self.from)).flatten();
        let to = errors.keep("to", day(&self.to)).flatten();
        let days = match (from, to) {
            (Some(from), Some(to)) => (from, to),
            (Some(from), None) => (from, days_after(from, USUAL_DAYS - 1)),
            (None, to) => {
                let to = to.unwrap_or_else(|| facility.zone.day(now));
                (days_before(to, USUAL_DAYS - 1), to)
            }
        };
        if days.0 > days.1 {
            errors.push("to", "The last day is before the first one.");
        }
        if errors.is_empty() { Ok(Search { unit: some(&self.unit).map(str::to_owned), days }) } else { Err(errors) }
    }
}

fn some(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}
