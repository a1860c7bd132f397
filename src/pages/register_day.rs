//! A day of a unit looked through: every dose that was recorded beside the entries that it wrote into registers.

mod csv;
mod rows;
mod samples;
mod view;

use std::collections::{BTreeSet, HashMap};

use actix_web::web::{Data, Query};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

pub use self::view::View;
use crate::acts::look_through::{LookThrough, look_through};
use crate::care::calendar::parse_day;
use crate::care::facility::{Facility, Unit};
use crate::care::people::{Nurse, Pharmacist, Supervisor};
use crate::care::register::entering::Keeper;
use crate::store::registers::{DayFile, Looked, day_load, looked_of};
use crate::store::{Conn, StoreError, facilities, people};
use crate::web::parts::registered::{Holders, holders_load, keeper};
use crate::web::{Answer, Form, Hall, Menu, Page, PageError, Protected, Signed, acting, links, looking, see_other};

type Reader = Signed<(Nurse, Pharmacist, Supervisor)>;

#[derive(Deserialize, Clone)]
pub struct Asked {
    /// The first of theirs, where it is left out.
    unit: Option<String>,
    /// Today, where it is left out.
    on: Option<String>,
}

/// That somebody has looked, as it was sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Look {
    note: String,
}

/// What the page is made from.
pub struct Facts {
    facility: Facility,
    unit: Unit,
    on: NaiveDate,
    today: NaiveDate,
    holders: Holders,
    day: DayFile,
    looked: Vec<Looked>,
    /// The printed names of everybody who appears.
    names: HashMap<String, String>,
}

pub async fn show(reader: Reader, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let facts = load(&reader, &hall, asked.into_inner()).await?;
    let form = Form::new(reader.csrf(), reader.now());
    Page::new(view(&reader, &facts, form)?).answer()
}

pub async fn download(reader: Reader, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let facts = load(&reader, &hall, asked.into_inner()).await?;
    Ok(csv::file(&facts))
}

pub async fn look(reader: Reader, hall: Data<Hall>, asked: Query<Asked>, sent: Protected<Look>) -> Answer {
    // What somebody has looked through is never guessed.
    asked.unit.as_ref().and(asked.on.as_ref()).ok_or(PageError::Missing)?;
    let facts = load(&reader, &hall, asked.into_inner()).await?;
    // What was given unseen waits for a supervisor: who is both looks as that.
    let facility = &facts.facility.id;
    let by = reader.acting_as::<Supervisor>(facility).map(Keeper::from).or_else(|| keeper(&reader, facility));
    let by = by.ok_or(PageError::Missing)?;
    let ask = LookThrough { form: sent.id()?, unit: facts.unit.id.clone(), on: facts.on, note: sent.note.clone() };
    match acting(&hall.db, move |conn, now| look_through(conn, &by, &ask, now)).await? {
        Ok(()) => Ok(see_other(links::register_day(&facts.unit.id, facts.on))),
        Err(refusal) => {
            let form = Form::again(reader.csrf(), reader.now(), &sent, refusal);
            Page::refused(view(&reader, &facts, form)?, false).answer()
        }
    }
}

async fn load(reader: &Reader, hall: &Hall, asked: Asked) -> Result<Facts, PageError> {
    let (mine, now): (Vec<Facility>, _) = (reader.facilities().cloned().collect(), reader.now());
    looking(&hall.db, move |conn| found(conn, &mine, &asked, now)).await
}

fn found(conn: &mut Conn, mine: &[Facility], asked: &Asked, now: DateTime<Utc>) -> Result<Facts, StoreError> {
    let (facility, unit) = facilities::unit_chosen(conn, mine, asked.unit.as_deref())?;
    let today = facility.zone.day(now);
    let on = asked.on.as_deref().and_then(|on| parse_day(on).ok()).unwrap_or(today);
    let day = day_load(conn, &facility, &unit.id, on)?;
    let looked = looked_of(conn, &unit.id, on)?;
    let everybody = day.doses.iter().map(|dose| &dose.recorded_by).chain(looked.iter().map(|one| &one.looked_by));
    let everybody: BTreeSet<&str> = everybody.map(String::as_str).collect();
    let names = people::names_of(conn, &everybody)?;
    Ok(Facts { holders: holders_load(conn, &facility)?, facility, unit, on, today, day, looked, names })
}

fn view(reader: &Reader, facts: &Facts, form: Form) -> Result<View, PageError> {
    let shell = reader.shell(reader.facility(&facts.facility.id)?, Menu::Register);
    let looks = keeper(reader, &facts.facility.id).is_some() && facts.on <= facts.today;
    Ok(View::new(facts, shell, looks.then_some(form)))
}

impl Facts {
    fn name(&self, person: &str) -> String {
        self.names.get(person).cloned().unwrap_or_default()
    }

    fn clock(&self, at: DateTime<Utc>) -> String {
        self.facility.zone.local(at).format("%H:%M").to_string()
    }
}
