//! The dose history: every dose with its time due, given and recorded, found by whatever an auditor asks.

mod asked;
mod csv;
mod names;
mod samples;
mod view;

use std::collections::HashMap;

use actix_web::web::{Data, Query};

use self::asked::{After, Asked, Search};
use self::names::Names;
pub use self::view::View;
use crate::care::facility::Facility;
use crate::care::people::{Pharmacist, Prescriber, Supervisor};
use crate::care::round::vomit::Vomited;
use crate::store::StoreError;
use crate::store::audit;
use crate::store::db::Conn;
use crate::store::doses::{Administration, Correction, DoseFile, corrections_of, vomits_of};
use crate::store::moves::units_then;
use crate::web::links::Menu;
use crate::web::{Answer, Errors, Hall, Page, Signed, looking};

/// Who may read the history of a facility.
type Reader = (Supervisor, Pharmacist, Prescriber);

/// So many records stand on a page.
const PAGE: usize = 50;

/// The rows of a page: what was recorded, or what nobody recorded.
enum Rows {
    Records(Vec<Administration>),
    Unrecorded(Vec<DoseFile>),
}

/// What a page is made of, all of one moment of the database.
struct Found {
    names: Names,
    rows: Rows,
    /// Why some of the records no longer stand, by the record.
    corrections: HashMap<String, Correction>,
    /// What was seen after some of the doses, by the dose.
    vomits: HashMap<String, Vec<Vomited>>,
    /// The units in which doses without a record were due, by the dose.
    due_in: HashMap<String, String>,
    more: bool,
    /// How many match, counted no further than is needed.
    count: usize,
    /// How many doses have no record; none where the rows are those doses.
    unrecorded: usize,
}

pub async fn show(hall: Data<Hall>, reader: Signed<Reader>, asked: Query<Asked>) -> Answer {
    let facility = reader.chosen(asked.facility())?.clone();
    let shell = reader.shell(&facility, Menu::History);
    let (search, errors) = match asked.search(&facility, reader.now()) {
        Ok(search) => (Some(search), Errors::none()),
        Err(errors) => (None, errors),
    };
    let wrong = search.is_none();
    let found = looking(&hall.db, move |conn| find(conn, &facility, search)).await?;
    let others = reader.facilities().cloned().collect::<Vec<_>>();
    let view = View::new(shell, &asked, &found, &others, errors);
    if wrong { Page::refused(view, false).answer() } else { Page::new(view).answer() }
}

pub async fn download(hall: Data<Hall>, reader: Signed<Reader>, asked: Query<Asked>) -> Answer {
    let facility = reader.chosen(asked.facility())?.clone();
    let Ok(search) = asked.search(&facility, reader.now()) else {
        return show(hall, reader, asked).await;
    };
    let day = facility.zone.day(reader.now());
    let name = format!("{} dose history {day}", facility.name);
    let names = looking(&hall.db, move |conn| names::names_load(conn, facility)).await?;
    Ok(csv::file(&name, hall.db.clone(), names, search))
}

fn find(conn: &mut Conn, facility: &Facility, search: Option<Search>) -> Result<Found, StoreError> {
    let names = names::names_load(conn, facility.clone())?;
    let Some(search) = search else {
        return Ok(Found {
            names,
            rows: Rows::Records(Vec::new()),
            corrections: HashMap::new(),
            vomits: HashMap::new(),
            due_in: HashMap::new(),
            more: false,
            count: 0,
            unrecorded: 0,
        });
    };
    let unrecorded = audit::unrecorded_count(conn, &search.ask, search.due_before)?;
    if search.unrecorded {
        let place = if let Some(After::Dose(place)) = &search.after { Some(place) } else { None };
        let mut doses = audit::unrecorded_page(conn, &search.ask, search.due_before, place, PAGE + 1)?;
        let more = doses.len() > PAGE;
        doses.truncate(PAGE);
        return Ok(Found {
            names,
            due_in: units_then(conn, &facility.id, &doses)?,
            rows: Rows::Unrecorded(doses),
            corrections: HashMap::new(),
            vomits: HashMap::new(),
            more,
            count: unrecorded,
            unrecorded: 0,
        });
    }
    let before = if let Some(After::Record(n)) = search.after { Some(n) } else { None };
    let mut records = audit::records_page(conn, &search.ask, before, PAGE + 1)?;
    let more = records.len() > PAGE;
    records.truncate(PAGE);
    let ids: Vec<String> = records.iter().map(|record| record.id.clone()).collect();
    let corrections = corrections_of(conn, &ids)?;
    Ok(Found {
        names,
        vomits: vomits_of(conn, &records.iter().map(|record| record.dose.clone()).collect::<Vec<_>>())?,
        corrections,
        due_in: HashMap::new(),
        more,
        count: audit::records_count(conn, &search.ask)?,
        rows: Rows::Records(records),
        unrecorded,
    })
}
