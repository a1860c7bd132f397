//! What a unit orders from its pharmacy: of every product how many pieces, for whom and until when, to be printed or sent.

mod csv;
mod lines;
mod samples;

use actix_web::web::{Data, Query};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use self::lines::{InAll, Line, in_all, lines};
use crate::care::calendar::day_text;
use crate::care::facility::{Facility, Unit};
use crate::care::people::{Nurse, Pharmacist, Supervisor};
use crate::store::registers::{Outlooks, outlooks_of};
use crate::store::{Conn, StoreError, facilities};
use crate::web::parts::Icon;
use crate::web::parts::outlook::unmade_text;
use crate::web::parts::registered::{Holders, holders_load};
use crate::web::{Answer, Hall, Menu, Page, PageError, Shell, Signed, links, looking};

type Reader = Signed<(Nurse, Pharmacist, Supervisor)>;

#[derive(Deserialize)]
pub struct Asked {
    /// The first of theirs, where it is left out.
    unit: Option<String>,
}

/// What the list is made from.
pub struct Facts {
    facility: Facility,
    unit: Unit,
    holders: Holders,
    outlooks: Outlooks,
}

pub async fn show(reader: Reader, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let facts = load(&reader, &hall, asked.into_inner().unit).await?;
    let shell = reader.shell(reader.facility(&facts.facility.id)?, Menu::Register);
    Page::new(View::new(&facts, shell)).answer()
}

pub async fn download(reader: Reader, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let facts = load(&reader, &hall, asked.into_inner().unit).await?;
    Ok(csv::file(&facts))
}

async fn load(reader: &Reader, hall: &Hall, unit: Option<String>) -> Result<Facts, PageError> {
    let (mine, now): (Vec<Facility>, _) = (reader.facilities().cloned().collect(), reader.now());
    looking(&hall.db, move |conn| found(conn, &mine, unit.as_deref(), now)).await
}

fn found(conn: &mut Conn, mine: &[Facility], unit: Option<&str>, now: DateTime<Utc>) -> Result<Facts, StoreError> {
    let (facility, unit) = facilities::unit_chosen(conn, mine, unit)?;
    let holders = holders_load(conn, &facility)?;
    let mut outlooks = outlooks_of(conn, &facility, now)?;
    outlooks.all.retain(|one| holders.unit_of(&one.holder) == unit.id);
    Ok(Facts { facility, unit, holders, outlooks })
}

#[derive(Template)]
#[template(path = "pages/order_list.html")]
pub struct View {
    shell: Shell,
    unit: String,
    back: String,
    csv: String,
    until: String,
    cover_days: u32,
    lead_days: u32,
    /// What no order helps: nothing stocked makes it.
    unmade: Vec<String>,
    wanted: Vec<Line>,
    in_all: Vec<InAll>,
    enough: Vec<Line>,
}

impl View {
    fn new(facts: &Facts, shell: Shell) -> View {
        let Facts { facility, unit, holders, outlooks } = facts;
        let (wanted, enough): (Vec<Line>, Vec<Line>) = lines(holders, outlooks).into_iter().partition(Line::is_wanted);
        View {
            shell,
            unit: unit.name.clone(),
            back: links::register_of(&unit.id, &facility.id),
            csv: links::order_list_csv(&unit.id),
            until: day_text(outlooks.rules.cover_until(outlooks.today)),
            cover_days: outlooks.rules.cover_days,
            lead_days: outlooks.rules.lead_days,
            unmade: outlooks.all.iter().filter_map(|one| unmade_text(holders, one)).collect(),
            in_all: in_all(&wanted),
            wanted,
            enough,
        }
    }
}
