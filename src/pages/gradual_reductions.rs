//! The gradual dose reductions of a facility: every psychotropic medicine, the most urgent first, on screen, on paper and as a file.

mod csv;
mod facts;
mod samples;
mod view;

use actix_web::web::{Data, Query};
use serde::Deserialize;

use crate::care::people::{Pharmacist, Prescriber, Supervisor};
use crate::web::{Answer, Hall, Menu, Page, Signed, looking};

pub use view::View;

/// Who may read it.
type Readers = (Supervisor, Pharmacist, Prescriber);

/// Of which facility, and which of them are asked for: `late`, `soon`, `unknown`, `later`, `contraindicated`, `met` or `ended`.
#[derive(Deserialize)]
pub struct Asked {
    facility: Option<String>,
    #[serde(default)]
    only: String,
}

pub async fn show(reader: Signed<Readers>, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let facility = reader.chosen(asked.facility.as_deref())?.clone();
    let (shell, now) = (reader.shell(&facility, Menu::Gradual), reader.now());
    let facts = looking(&hall.db, move |conn| facts::load(conn, &facility.id, now)).await?;
    let others = reader.facilities().filter(|other| other.id != facts.facility.id);
    Page::new(View::new(&facts, shell, others, &asked.only)).answer()
}

pub async fn download(reader: Signed<Readers>, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let (id, now) = (reader.chosen(asked.facility.as_deref())?.id.clone(), reader.now());
    let facts = looking(&hall.db, move |conn| facts::load(conn, &id, now)).await?;
    Ok(csv::file(facts))
}
