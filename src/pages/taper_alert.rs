//! A plan's taper alert: which doses were not given, who is told, and what people say they did about it.

mod facts;
mod samples;
mod view;

use actix_web::web::{Data, Path};
use serde::Deserialize;

use crate::acts::acknowledge_alert::{AcknowledgeAlert, acknowledge_alert};
use crate::care::people::{Nurse, Pharmacist, Prescriber, Supervisor};
use crate::care::severe_sign::Called;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Permitted, Protected, Shell, Signed, acting, links, looking,
    see_other,
};

use facts::Facts;
pub use view::View;

pub async fn show(
    reader: Signed<(Nurse, Pharmacist, Prescriber, Supervisor)>,
    hall: Data<Hall>,
    plan: Path<String>,
) -> Answer {
    let facts = load(&reader, &hall, &plan).await?;
    let form = called(&reader, &facts).map(|_| Form::new(reader.csrf(), hall.db.now()));
    Page::new(View::new(&facts, shell(&reader, &facts), form)).answer()
}

async fn load<R: Permitted>(reader: &Signed<R>, hall: &Hall, plan: &str) -> Result<Facts, PageError> {
    let (plan, mine, now) = (plan.to_owned(), reader.facilities().cloned().collect::<Vec<_>>(), reader.now());
    looking(&hall.db, move |conn| facts::load(conn, &mine, &plan, now)).await
}

fn shell<R: Permitted>(reader: &Signed<R>, facts: &Facts) -> Shell {
    let shell = reader.shell(&facts.facility, Menu::Residents);
    shell.back_to(facts.resident.name(), links::resident(&facts.resident.id))
}

/// Whoever may say what was done.
fn called<R: Permitted>(reader: &Signed<R>, facts: &Facts) -> Option<Called> {
    let facility = &facts.facility.id;
    Called::of(reader.staff(facility), |role| reader.is(role, facility))
}

#[derive(Deserialize)]
pub struct Answered {
    #[serde(default)]
    done: String,
    /// The doses that the page showed, by their ids.
    #[serde(default)]
    doses: String,
}

pub async fn acknowledge(
    reader: Signed<(Pharmacist, Prescriber, Supervisor)>,
    hall: Data<Hall>,
    plan: Path<String>,
    sent: Protected<Answered>,
) -> Answer {
    let facts = load(&reader, &hall, &plan).await?;
    let by = called(&reader, &facts).ok_or(PageError::Missing)?;
    let doses = sent.doses.split_whitespace().map(str::to_owned).collect();
    let ask = AcknowledgeAlert { form: sent.id()?, plan: plan.clone(), doses, done: sent.done.clone() };
    let refusal = match acting(&hall.db, move |conn, now| acknowledge_alert(conn, &by, &ask, now)).await? {
        Ok(()) => return Ok(see_other(links::taper_alert(&plan))),
        Err(refusal) => refusal,
    };
    let facts = load(&reader, &hall, &plan).await?;
    let form = Form::again(reader.csrf(), hall.db.now(), &sent, Errors::from(refusal.clone()));
    Page::refused(View::new(&facts, shell(&reader, &facts), Some(form)), refusal.moved()).answer()
}
