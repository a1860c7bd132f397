//! One resident: who they are, their plans and levels, the days ahead, and what was recorded last.

mod facts;
mod samples;
mod view;

use actix_web::web::{Data, Path};

use crate::care::people::{Nurse, Pharmacist, Prescriber, Role, Supervisor};
use crate::web::parts::as_needed::Reader;
use crate::web::{Answer, Form, Hall, Menu, Page, PageError, Signed, links, looking};

pub use view::View;

pub async fn show(
    reader: Signed<(Nurse, Pharmacist, Prescriber, Supervisor)>,
    hall: Data<Hall>,
    id: Path<String>,
) -> Answer {
    let (id, mine, now) = (id.into_inner(), reader.facilities().cloned().collect::<Vec<_>>(), reader.now());
    let found = looking(&hall.db, move |conn| facts::load(conn, &mine, &id, now)).await?;
    let facts = found.ok_or(PageError::Missing)?;
    let is = |role| reader.is(role, &facts.facility.id);
    let reads = Reader {
        nurse: is(Role::Nurse),
        prescriber: is(Role::Prescriber),
        corrects: is(Role::Nurse) || is(Role::Supervisor),
    };
    let shell = reader.shell(&facts.facility, Menu::Residents).back_to("Residents", Menu::Residents.href());
    let form = || Form::new(reader.csrf(), now);
    let keeper = is(Role::Supervisor);
    let on_the_ward = keeper || is(Role::Nurse);
    let photo = on_the_ward.then(|| links::photo(&facts.resident.id));
    let labels = on_the_ward.then(|| links::labels(&facts.resident.id));
    let details = keeper.then(|| format!("/residents/{}/edit", facts.resident.id));
    let keeps = [Role::Prescriber, Role::Pharmacist, Role::Supervisor];
    let keeps = keeps.iter().any(|role| is(*role));
    let gradual = keeps.then(|| links::gradual_reduction(&facts.resident.id));
    let reads_registers = [Role::Nurse, Role::Pharmacist, Role::Supervisor].iter().any(|role| is(*role));
    let register = reads_registers.then(|| links::register_of(&facts.resident.unit, &facts.facility.id));
    let view =
        View::new(&facts, shell, reads, form).put_right_at(details).kept_on_the_ward(photo, labels).gradual_at(gradual);
    Page::new(view.register_at(register)).answer()
}
