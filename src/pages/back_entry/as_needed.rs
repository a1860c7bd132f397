//! What the paper says was given as needed while the system was down, typed in beside what is recorded of it.

mod rows;
mod samples;
mod view;

use actix_web::HttpRequest;
use actix_web::web::{Data, Path, Query};
use chrono::{DateTime, Utc};
use serde::Deserialize;

pub use self::view::View;
use super::{Asked, Outage};
use crate::acts::enter_as_needed::{EnterAsNeeded, RowsEntered, enter_as_needed};
use crate::care::facility::{Facility, Unit};
use crate::care::people::Nurse;
use crate::care::refusal::Refusal;
use crate::store::paper::as_needed::{AsNeededPaper, as_needed_paper_load};
use crate::store::{Conn, StoreError, facilities};
use crate::web::parts::stock::StockFields;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking, see_other,
};

struct Facts {
    facility: Facility,
    unit: Unit,
    asked: Asked,
    outage: Outage,
    paper: AsNeededPaper,
    now: DateTime<Utc>,
}

pub async fn show(nurse: Signed<Nurse>, hall: Data<Hall>, id: Path<String>, asked: Query<Asked>) -> Answer {
    let asked = asked.into_inner();
    let back = asked.address(&id, 0, 0);
    // What cannot be looked for is put right where it is asked.
    let Some(facts) = load(&nurse, &hall, &id, asked).await? else { return Ok(see_other(back)) };
    Page::new(View::new(&facts, shell(&nurse, &facts)?, Form::new(nurse.csrf(), nurse.now()))).answer()
}

fn shell(nurse: &Signed<Nurse>, facts: &Facts) -> Result<Shell, PageError> {
    let shell = nurse.shell(nurse.facility(&facts.facility.id)?, Menu::Round);
    Ok(shell.back_to("From paper", facts.asked.address(&facts.unit.id, 0, 0)))
}

async fn load(nurse: &Signed<Nurse>, hall: &Hall, unit: &str, asked: Asked) -> Result<Option<Facts>, PageError> {
    let mine: Vec<Facility> = nurse.facilities().cloned().collect();
    let (unit, now) = (unit.to_owned(), nurse.now());
    looking(&hall.db, move |conn| find(conn, &mine, &unit, asked, now)).await
}

fn find(
    conn: &mut Conn,
    mine: &[Facility],
    unit: &str,
    asked: Asked,
    now: DateTime<Utc>,
) -> Result<Option<Facts>, StoreError> {
    let unit = facilities::unit_load(conn, unit)?;
    let facility = mine.iter().find(|one| one.id == unit.facility).cloned().ok_or(StoreError::Missing)?;
    let Some(outage) = asked.outage(&facility, now, &mut Errors::none()) else { return Ok(None) };
    let paper = as_needed_paper_load(conn, &facility, &unit, outage.span)?;
    Ok(Some(Facts { facility, unit, asked, outage, paper, now }))
}

impl Asked {
    pub(super) fn as_needed_address(&self, unit: &str, saved: usize) -> String {
        let query = self.address(unit, 0, saved);
        let query = query.split_once('?').map_or("", |(_, query)| query);
        format!("{}?{query}", links::paper_as_needed(unit))
    }
}

/// The form says again which paper it belongs to; its rows stand in fields of their own.
#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    entry: String,
    #[serde(flatten)]
    stock: StockFields,
}

pub async fn enter(
    nurse: Signed<Nurse>,
    hall: Data<Hall>,
    request: HttpRequest,
    id: Path<String>,
    sent: Protected<Sent>,
) -> Answer {
    let Sent { from, until, entry, stock } = &*sent;
    let asked = Asked { from: from.clone(), until: until.clone(), entry: entry.clone(), ..Asked::default() };
    let back = asked.address(&id, 0, 0);
    let Some(facts) = load(&nurse, &hall, &id, asked.clone()).await? else { return Ok(see_other(back)) };
    let by = nurse.at(&facts.facility.id)?;
    let rows = rows::filled(&sent.typed);
    if rows.is_empty() {
        return again(&nurse, &facts, &sent, Refusal::NoLineFilled.into(), false);
    }
    let witness = match hall.witness(stock, &hall.address(&request)).await? {
        Ok(witness) => witness,
        Err(errors) => return again(&nurse, &facts, &sent, errors, false),
    };
    let (form, unit, span) = (sent.id()?, facts.unit.id.clone(), facts.outage.span);
    let ask = EnterAsNeeded { form, unit, span, rows, witness, alone: stock.alone.clone() };
    let wrong = match acting(&hall.db, move |conn, now| enter_as_needed(conn, &by, &ask, now)).await? {
        Ok(RowsEntered::Saved(rows)) => return Ok(see_other(asked.as_needed_address(&id, rows))),
        Ok(RowsEntered::Wrong(wrong)) => rows::errors(&wrong),
        Err(refusal) => Errors::from(refusal),
    };
    let Some(facts) = load(&nurse, &hall, &id, asked).await? else { return Ok(see_other(back)) };
    let moved = wrong.moved();
    again(&nurse, &facts, &sent, wrong, moved)
}

/// The page again with all that was typed, and what is wrong, beside what somebody recorded meanwhile.
fn again(nurse: &Signed<Nurse>, facts: &Facts, sent: &Protected<Sent>, errors: Errors, moved: bool) -> Answer {
    let form = Form::again(nurse.csrf(), nurse.now(), sent, errors);
    Page::refused(View::new(facts, shell(nurse, facts)?, form), moved).answer()
}
