//! The gradual dose reductions of one resident: each psychotropic medicine, how it stands, what that rests on, and what may be noted.

mod facts;
mod note;
mod samples;
mod view;

use actix_web::web::{Data, Path};

use self::view::Kind;
use crate::care::people::{Pharmacist, Prescriber, Supervisor};
use crate::web::{Answer, Form, Hall, Menu, Page, PageError, Shell, Signed, looking};

pub use note::note;
pub use view::View;

/// Who keeps the record.
type Keepers = (Prescriber, Pharmacist, Supervisor);

pub async fn show(reader: Signed<Keepers>, hall: Data<Hall>, id: Path<String>) -> Answer {
    let facts = load(&hall, &reader, &id).await?;
    let form = |_: Kind| Form::new(reader.csrf(), reader.now());
    Page::new(View::new(&facts, shell(&reader, &facts), form)).answer()
}

async fn load(hall: &Hall, reader: &Signed<Keepers>, id: &str) -> Result<facts::Facts, PageError> {
    let (id, mine, now) = (id.to_owned(), reader.facilities().cloned().collect::<Vec<_>>(), reader.now());
    let prescribes = mine.iter().filter(|one| reader.acting_as::<Prescriber>(&one.id).is_some());
    let prescribes: Vec<String> = prescribes.map(|facility| facility.id.clone()).collect();
    let found = looking(&hall.db, move |conn| facts::load(conn, &mine, &prescribes, &id, now)).await?;
    found.ok_or(PageError::Missing)
}

fn shell(reader: &Signed<Keepers>, facts: &facts::Facts) -> Shell {
    let back = crate::web::links::resident(&facts.resident.id);
    reader.shell(&facts.facility, Menu::Gradual).back_to(facts.resident.name(), back)
}
