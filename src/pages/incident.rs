//! An incident: what was given in error, what was done, and what a prescriber and a supervisor answered.

mod samples;
mod view;

use std::collections::{BTreeSet, HashMap};

use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::acts::answer_incident::{AnswerIncident, answer_incident};
use crate::care::facility::Facility;
use crate::care::incident::{IncidentFile, answerer};
use crate::care::people::{Nurse, Pharmacist, Prescriber, Role, Supervisor};
use crate::care::resident::Resident;
use crate::store::{Conn, StoreError, incidents, people, residents};
use crate::web::parts::Banner;
use crate::web::{
    Answer, Form, Hall, Menu, Page, PageError, Permitted, Protected, Shell, Signed, acting, links, looking, see_other,
};

pub use view::View;

struct Facts {
    now: DateTime<Utc>,
    facility: Facility,
    resident: Resident,
    banner: Banner,
    file: IncidentFile,
    names: HashMap<String, String>,
}

impl Facts {
    fn name(&self, person: &str) -> &str {
        self.names.get(person).map_or("", String::as_str)
    }
}

pub async fn show(
    reader: Signed<(Nurse, Pharmacist, Prescriber, Supervisor)>,
    hall: Data<Hall>,
    id: Path<String>,
) -> Answer {
    let facts = load(&reader, &hall, &id).await?;
    let form = wanted(&reader, &facts).map(|role| (role, Form::new(reader.csrf(), hall.db.now())));
    let corrects = [Role::Nurse, Role::Supervisor].into_iter().any(|role| reader.is(role, &facts.facility.id));
    Page::new(View::new(&facts, shell(&reader, &facts), form, None).correctable(corrects)).answer()
}

async fn load<R: Permitted>(reader: &Signed<R>, hall: &Hall, id: &str) -> Result<Facts, PageError> {
    let (id, mine, now) = (id.to_owned(), reader.facilities().cloned().collect::<Vec<_>>(), reader.now());
    looking(&hall.db, move |conn| facts(conn, &mine, &id, now)).await
}

/// Another facility's incident is missing to whoever asks.
fn facts(conn: &mut Conn, mine: &[Facility], id: &str, now: DateTime<Utc>) -> Result<Facts, StoreError> {
    let file = incidents::incident_load(conn, id)?;
    let of = &file.incident.facility;
    let facility = mine.iter().find(|facility| facility.id == *of).ok_or(StoreError::Missing)?.clone();
    let resident = residents::resident_load(conn, &file.incident.resident)?;
    let everybody: BTreeSet<&str> = file.people().collect();
    Ok(Facts {
        now,
        banner: Banner::load(conn, &resident, facility.zone.day(now))?,
        names: people::names_of(conn, &everybody)?,
        facility,
        resident,
        file,
    })
}

fn shell<R: Permitted>(reader: &Signed<R>, facts: &Facts) -> Shell {
    let shell = reader.shell(&facts.facility, Menu::Residents);
    shell.back_to(facts.resident.name(), links::resident(&facts.resident.id))
}

/// For whom this reader can answer: the first role of theirs that nobody has answered for.
fn wanted<R: Permitted>(reader: &Signed<R>, facts: &Facts) -> Option<Role> {
    facts.file.wanting().into_iter().find(|role| reader.is(*role, &facts.facility.id))
}

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    said: String,
    /// For whom it is answered.
    role: String,
}

pub async fn answer(
    reader: Signed<(Prescriber, Supervisor)>,
    hall: Data<Hall>,
    id: Path<String>,
    sent: Protected<Sent>,
) -> Answer {
    let facts = load(&reader, &hall, &id).await?;
    let facility = facts.facility.id.clone();
    let role = Role::of_word(&sent.role).ok_or(PageError::Missing)?;
    let by = answerer(reader.staff(&facility), role, reader.is(role, &facility)).ok_or(PageError::Missing)?;
    let ask = AnswerIncident { form: sent.id()?, of_incident: id.clone(), said: sent.said.clone() };
    match acting(&hall.db, move |conn, now| answer_incident(conn, &by, &ask, now)).await? {
        Ok(_) => Ok(see_other(links::incident(&id))),
        Err(refusal) => {
            let facts = load(&reader, &hall, &id).await?;
            let (moved, told) = (refusal.moved(), refusal.to_string());
            let form = Form::again(reader.csrf(), hall.db.now(), &sent, refusal);
            let view = View::new(&facts, shell(&reader, &facts), Some((role, form)), moved.then_some(told));
            Page::refused(view, moved).answer()
        }
    }
}
