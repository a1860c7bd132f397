//! Taking a resident in, and putting their details right: for supervisors.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use serde::Deserialize;

use crate::acts::admit_resident::{AdmitResident, admit_resident};
use crate::acts::change_resident::{ChangeResident, change_resident};
use crate::care::facility::{Facility, Unit};
use crate::care::people::{Role, Supervisor};
use crate::care::refusal::Refusal;
use crate::care::resident::admission::AdmissionAsk;
use crate::care::resident::{Allergies, Resident};
use crate::store::{facilities, residents};
use crate::web::{Answer, Choice, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed};
use crate::web::{acting, looking, see_other};

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Details {
    facility: String,
    revision: i64,
    surname: String,
    forename: String,
    born_on: String,
    number: String,
    unit: String,
    room: String,
    allergy_state: String,
    allergies: String,
}

impl From<&Details> for AdmissionAsk {
    fn from(sent: &Details) -> AdmissionAsk {
        AdmissionAsk {
            surname: sent.surname.clone(),
            forename: sent.forename.clone(),
            born_on: sent.born_on.clone(),
            number: sent.number.clone(),
            unit: sent.unit.clone(),
            room: sent.room.clone(),
            allergy_state: sent.allergy_state.clone(),
            allergies: sent.allergies.clone(),
        }
    }
}

#[derive(Deserialize)]
pub struct Where {
    facility: Option<String>,
}

pub async fn new(hall: Data<Hall>, keeper: Signed<Supervisor>, asked: Query<Where>) -> Answer {
    let facility = keeper.chosen(asked.facility.as_deref())?.clone();
    let form = Form::new(keeper.csrf(), keeper.now());
    Page::new(view(&hall, &keeper, &facility, None, form).await?).answer()
}

pub async fn admit(hall: Data<Hall>, keeper: Signed<Supervisor>, sent: Protected<Details>) -> Answer {
    let facility = keeper.facility(&sent.facility)?.clone();
    let ask = AdmitResident { form: sent.id()?, admission: (&*sent).into() };
    let resident = ask.form.clone();
    let by = keeper.at(&facility.id)?;
    let done = acting(&hall.db, move |conn, now| admit_resident(conn, &by, &ask, now)).await?;
    answer(&hall, &keeper, &facility, None, &sent, done, &resident).await
}

pub async fn edit(hall: Data<Hall>, keeper: Signed<Supervisor>, id: Path<String>) -> Answer {
    let (resident, revision) = load(&hall, &keeper, &id).await?;
    let facility = keeper.facility(&resident.facility)?.clone();
    let form = filled(Form::new(keeper.csrf(), keeper.now()), &resident, revision);
    Page::new(view(&hall, &keeper, &facility, Some(resident), form).await?).answer()
}

pub async fn change(
    hall: Data<Hall>,
    keeper: Signed<Supervisor>,
    id: Path<String>,
    sent: Protected<Details>,
) -> Answer {
    let (resident, _) = load(&hall, &keeper, &id).await?;
    let facility = keeper.facility(&resident.facility)?.clone();
    let admission = (&*sent).into();
    let ask = ChangeResident { form: sent.id()?, resident: resident.id.clone(), revision: sent.revision, admission };
    let by = keeper.at(&facility.id)?;
    let done = acting(&hall.db, move |conn, now| change_resident(conn, &by, &ask, now)).await?;
    let id = resident.id.clone();
    answer(&hall, &keeper, &facility, Some(resident), &sent, done, &id).await
}

async fn load(hall: &Hall, keeper: &Signed<Supervisor>, id: &str) -> Result<(Resident, i64), PageError> {
    let id = id.to_owned();
    let found =
        looking(&hall.db, move |conn| Ok((residents::resident_load(conn, &id)?, residents::revision_load(conn, &id)?)));
    let (resident, revision) = found.await?;
    keeper.facility(&resident.facility)?;
    Ok((resident, revision))
}

async fn answer(
    hall: &Hall,
    keeper: &Signed<Supervisor>,
    facility: &Facility,
    resident: Option<Resident>,
    sent: &Protected<Details>,
    done: Result<(), Refusal>,
    id: &str,
) -> Result<HttpResponse, PageError> {
    let Err(refusal) = done else { return Ok(see_other(format!("/residents/{id}"))) };
    let moved = refusal.moved();
    let form = Form::again(keeper.csrf(), keeper.now(), sent, refusal);
    Page::refused(view(hall, keeper, facility, resident, form).await?, moved).answer()
}

fn filled(form: Form, resident: &Resident, revision: i64) -> Form {
    let (state, list) = match &resident.allergies {
        Allergies::Known { list } => ("known", list.as_str()),
        Allergies::NoneKnown => ("none", ""),
        Allergies::NotRecorded => ("not_recorded", ""),
        Allergies::Unavailable => ("unavailable", ""),
    };
    form.with("revision", revision.to_string())
        .with("surname", &resident.surname)
        .with("forename", &resident.forename)
        .with("born_on", resident.born_on.to_string())
        .with("number", &resident.number)
        .with("unit", &resident.unit)
        .with("room", &resident.room)
        .with("allergy_state", state)
        .with("allergies", list)
}

async fn view(
    hall: &Hall,
    keeper: &Signed<Supervisor>,
    facility: &Facility,
    resident: Option<Resident>,
    form: Form,
) -> Result<View, PageError> {
    let id = facility.id.clone();
    let units = looking(&hall.db, move |conn| facilities::units_of(conn, &id)).await?;
    let back = resident.as_ref().map_or(("Residents", "/residents".to_owned()), |resident| {
        ("Back to the resident", format!("/residents/{}", resident.id))
    });
    let shell = keeper.shell(facility, Menu::Residents).back_to(back.0, back.1);
    Ok(View::new(shell, &facility.id, resident.as_ref(), &units, form))
}

#[derive(Template)]
#[template(path = "pages/resident_edit.html")]
pub struct View {
    shell: Shell,
    form: Form,
    facility: String,
    title: String,
    action: String,
    button: String,
    units: Vec<Choice>,
    allergy_states: Vec<Choice>,
    /// The action page's place for a banner: here the resident is what is being written.
    banner: &'static str,
}

impl View {
    fn new(shell: Shell, facility: &str, resident: Option<&Resident>, units: &[Unit], form: Form) -> View {
        let (title, action, button) = match resident {
            Some(resident) => (
                format!("Details of {}", resident.name()),
                format!("/residents/{}/edit", resident.id),
                "Save these details".to_owned(),
            ),
            None => ("New resident".to_owned(), "/residents/new".to_owned(), "Take the resident in".to_owned()),
        };
        let form = form.with("revision", "0");
        let units = units.iter().map(|unit| Choice::new(&unit.id, &unit.name)).collect();
        let allergy_states = [
            ("known", "Known allergies, listed below"),
            ("none", "No known allergies: somebody asked"),
            ("not_recorded", "Not recorded yet"),
            ("unavailable", "Unavailable: nobody can be asked"),
        ];
        View {
            shell,
            form,
            facility: facility.to_owned(),
            title,
            action,
            button,
            units,
            allergy_states: allergy_states.into_iter().map(|(value, text)| Choice::new(value, text)).collect(),
            banner: "",
        }
    }

    /// Pages to be rendered by the test of every page.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Supervisor, Menu::Residents).back_to("Residents", "/residents");
        let unit = |name: &str| Unit {
            id: name.to_lowercase(),
            facility: "alder".to_owned(),
            name: name.to_owned(),
            mailbox: String::new(),
            rounds: Vec::new(),
            revision: 0,
        };
        let units = [unit("Willow"), unit("<b>Rowan</b> & the longest name of a unit there is")];
        let resident = Resident {
            id: "r".to_owned(),
            facility: "alder".to_owned(),
            unit: "willow".to_owned(),
            number: "AH-0417".to_owned(),
            surname: "Halvorsen-<script>alert(1)</script>".to_owned(),
            forename: "Margit".to_owned(),
            born_on: chrono::NaiveDate::default(),
            room: "4".to_owned(),
            allergies: Allergies::Known { list: "penicillin (rash)".to_owned() },
        };
        let empty = View::new(shell(), "alder", None, &[], Form::default());
        let usual = View::new(shell(), "alder", None, &units, Form::default());
        let hostile = View::new(shell(), "alder", Some(&resident), &units, filled(Form::default(), &resident, 3));
        vec![empty, usual, hostile]
    }
}
