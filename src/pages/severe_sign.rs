//! A severe sign that was recorded: what to do, what is held, who was told, who knows, and the prescriber's release.

mod facts;
mod samples;
mod view;

use actix_web::web::{Data, Path};
use serde::Deserialize;

use crate::acts::acknowledge_sign::{AcknowledgeSign, acknowledge_sign};
use crate::acts::release_reductions::{ReleaseReductions, release_reductions};
use crate::care::people::{Nurse, Pharmacist, Prescriber, Role, Supervisor};
use crate::care::severe_sign::Called;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Permitted, Protected, Shell, Signed, acting, links, looking,
    see_other,
};

use facts::Facts;
use view::Forms;
pub use view::View;

pub async fn show(
    reader: Signed<(Nurse, Pharmacist, Prescriber, Supervisor)>,
    hall: Data<Hall>,
    id: Path<String>,
) -> Answer {
    let facts = load(&reader, &hall, &id).await?;
    let forms = forms(&reader, &hall, &facts, None);
    Page::new(View::new(&facts, shell(&reader, &facts), forms)).answer()
}

async fn load<R: Permitted>(reader: &Signed<R>, hall: &Hall, id: &str) -> Result<Facts, PageError> {
    let (id, mine, now) = (id.to_owned(), reader.facilities().cloned().collect::<Vec<_>>(), reader.now());
    looking(&hall.db, move |conn| facts::load(conn, &mine, &id, now)).await
}

fn shell<R: Permitted>(reader: &Signed<R>, facts: &Facts) -> Shell {
    let shell = reader.shell(&facts.facility, Menu::Residents);
    shell.back_to(facts.resident.name(), links::resident(&facts.resident.id))
}

/// What this reader may still do; `release` is the form as it came back.
fn forms<R: Permitted>(reader: &Signed<R>, hall: &Hall, facts: &Facts, release: Option<Form>) -> Forms {
    let is = |role: Role| reader.is(role, &facts.facility.id);
    let known = facts.file.acknowledged.iter().any(|one| one.acknowledged_by == reader.person());
    let called = Called::of(reader.staff(&facts.facility.id), is).is_some();
    let form = |name| Form::new(reader.csrf(), hall.db.now()).named(name);
    Forms {
        acknowledge: (facts.file.is_open() && called && !known).then(|| form("acknowledge")),
        release: is(Role::Prescriber).then(|| release.unwrap_or_else(|| form("release"))),
        signer: reader.visitor().name.clone(),
    }
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn acknowledge(
    reader: Signed<(Pharmacist, Prescriber, Supervisor)>,
    hall: Data<Hall>,
    id: Path<String>,
    sent: Protected<Nothing>,
) -> Answer {
    let facts = load(&reader, &hall, &id).await?;
    let facility = facts.facility.id.clone();
    let by = Called::of(reader.staff(&facility), |role| reader.is(role, &facility)).ok_or(PageError::Missing)?;
    let ask = AcknowledgeSign { form: sent.id()?, of_sign: id.clone() };
    match acting(&hall.db, move |conn, now| acknowledge_sign(conn, &by, &ask, now)).await? {
        Ok(()) => Ok(see_other(links::severe_sign(&id))),
        Err(refusal) => Err(PageError::BadForm(refusal.to_string())),
    }
}

#[derive(Deserialize)]
pub struct ReleaseSent {
    #[serde(default)]
    rationale: String,
    #[serde(default)]
    password: String,
}

pub async fn release(
    prescriber: Signed<Prescriber>,
    hall: Data<Hall>,
    id: Path<String>,
    sent: Protected<ReleaseSent>,
) -> Answer {
    let facts = load(&prescriber, &hall, &id).await?;
    let by = prescriber.at(&facts.facility.id)?;
    let ask = ReleaseReductions { form: sent.id()?, of_sign: id.clone(), rationale: sent.rationale.clone() };
    let (errors, moved) = match hall.confirmed(prescriber.person(), &sent.password).await? {
        Err(errors) => (errors, false),
        Ok(confirmed) => {
            match acting(&hall.db, move |conn, now| release_reductions(conn, &by, &confirmed, &ask, now)).await? {
                Ok(_) => return Ok(see_other(links::severe_sign(&id))),
                Err(refusal) => (Errors::from(refusal.clone()), refusal.moved()),
            }
        }
    };
    let facts = load(&prescriber, &hall, &id).await?;
    let form = Form::again(prescriber.csrf(), hall.db.now(), &sent, errors).named("release");
    let forms = forms(&prescriber, &hall, &facts, Some(form));
    Page::refused(View::new(&facts, shell(&prescriber, &facts), forms), moved).answer()
}
