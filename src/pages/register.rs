//! One register: its balance, every entry with the balance after it, its counts, and the differences that are open.

mod csv;
mod facts;
mod lasts;
mod rows;
mod samples;
mod view;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use crate::acts::resolve_discrepancy::{ResolveDiscrepancy, resolve_discrepancy};
use crate::care::people::{Nurse, Pharmacist, Supervisor};
use crate::care::register::book::Ending;
use crate::store::registers::discrepancy_load;
use crate::web::{
    Answer, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking, see_other,
};

use self::facts::Facts;
use self::view::Forms;
pub use self::view::View;

type Reader = Signed<(Nurse, Pharmacist, Supervisor)>;

#[derive(Deserialize)]
pub struct Asked {
    /// Only entries numbered below this: the next page.
    before: Option<i64>,
}

pub async fn show(reader: Reader, hall: Data<Hall>, id: Path<String>, asked: Query<Asked>) -> Answer {
    let facts = load(&reader, &hall, &id, asked.before).await?;
    let forms = Forms { csrf: reader.csrf().to_owned(), answered: None };
    Page::new(View::new(&facts, shell(&reader, &facts)?, rights(&reader, &facts), &forms)).answer()
}

pub async fn download(reader: Reader, hall: Data<Hall>, id: Path<String>) -> Answer {
    let facts = load(&reader, &hall, &id, None).await?;
    Ok(csv::file(hall.db.clone(), facts))
}

async fn load(reader: &Reader, hall: &Hall, id: &str, before: Option<i64>) -> Result<Facts, PageError> {
    let (id, mine, now) = (id.to_owned(), reader.facilities().cloned().collect::<Vec<_>>(), reader.now());
    looking(&hall.db, move |conn| facts::load(conn, &mine, &id, before, now)).await?.ok_or(PageError::Missing)
}

fn shell(reader: &Reader, facts: &Facts) -> Result<Shell, PageError> {
    Ok(reader.shell(reader.facility(&facts.facility.id)?, Menu::Register))
}

/// What the reader may do with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Rights {
    enters: bool,
    resolves: bool,
}

fn rights(reader: &Reader, facts: &Facts) -> Rights {
    let facility = &facts.facility.id;
    let resolves = reader.acting_as::<Supervisor>(facility).is_some();
    Rights { enters: resolves || reader.acting_as::<Nurse>(facility).is_some(), resolves }
}

/// How a difference ends, as it was sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Resolve {
    ending: String,
    reason: String,
}

pub async fn resolve(
    reader: Reader,
    supervisor: Signed<Supervisor>,
    hall: Data<Hall>,
    id: Path<String>,
    sent: Protected<Resolve>,
) -> Answer {
    let asked = id.clone();
    let opened = looking(&hall.db, move |conn| discrepancy_load(conn, &asked)).await?.opened;
    let register = opened.register;
    let facts = load(&reader, &hall, &register, None).await?;
    let by = supervisor.at(&facts.facility.id)?;
    let ask = ResolveDiscrepancy {
        form: sent.id()?,
        discrepancy: id.into_inner(),
        ending: Ending::of_word(&sent.ending),
        reason: sent.reason.clone(),
    };
    let discrepancy = ask.discrepancy.clone();
    let Err(refusal) = acting(&hall.db, move |conn, now| resolve_discrepancy(conn, &by, &ask, now)).await? else {
        return Ok(see_other(links::register(&register)));
    };
    let moved = refusal.moved();
    let facts = load(&reader, &hall, &register, None).await?;
    let form = Form::again(reader.csrf(), reader.now(), &sent, refusal);
    let forms = Forms { csrf: reader.csrf().to_owned(), answered: Some((discrepancy, form)) };
    Page::refused(View::new(&facts, shell(&reader, &facts)?, rights(&reader, &facts), &forms), moved).answer()
}
