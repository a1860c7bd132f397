//! An incident that was itself written down in error: it is struck, with a reason, and stays readable.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::acts::strike_incident::{StrikeIncident, strike_incident};
use crate::care::facility::Facility;
use crate::care::incident::IncidentFile;
use crate::care::people::{Nurse, Role, Supervisor};
use crate::care::refusal::Refusal;
use crate::care::resident::Allergies;
use crate::care::round::correction::Corrector;
use crate::store::registers::{Taker, stock_struck};
use crate::store::{Conn, StoreError, incidents, people, residents};
use crate::web::parts::severe::moment_text;
use crate::web::parts::stock::StockFields;
use crate::web::parts::{Banner, DoseView, Icon, samples};
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking, see_other,
};

type Reader = Signed<(Nurse, Supervisor)>;

struct Facts {
    now: DateTime<Utc>,
    facility: Facility,
    banner: Banner,
    file: IncidentFile,
    recorded_by: String,
    /// A second person saw some of it wasted, and sees it put back.
    witnessed: bool,
    /// Why this reader cannot strike it.
    refused: Option<Refusal>,
}

pub async fn show(reader: Reader, hall: Data<Hall>, id: Path<String>) -> Answer {
    let (facts, _) = load(&reader, &hall, &id).await?;
    let form = Form::new(reader.csrf(), hall.db.now());
    Page::new(View::new(&facts, shell(&reader, &facts), form)).answer()
}

async fn load(reader: &Reader, hall: &Hall, id: &str) -> Result<(Facts, Corrector), PageError> {
    let asked = id.to_owned();
    let file = looking(&hall.db, move |conn| incidents::incident_load(conn, &asked)).await?;
    let mine: Vec<Facility> = reader.facilities().cloned().collect();
    let facility = mine.into_iter().find(|one| one.id == file.incident.facility).ok_or(PageError::Missing)?;
    let role = [Role::Supervisor, Role::Nurse].into_iter().find(|role| reader.is(*role, &facility.id));
    let by = Corrector { staff: reader.staff(&facility.id), role: role.ok_or(PageError::Missing)? };
    let (who, now) = (by.clone(), reader.now());
    let facts = looking(&hall.db, move |conn| facts(conn, facility, file, &who, now)).await?;
    Ok((facts, by))
}

fn facts(
    conn: &mut Conn,
    facility: Facility,
    file: IncidentFile,
    by: &Corrector,
    now: DateTime<Utc>,
) -> Result<Facts, StoreError> {
    let incident = &file.incident;
    let resident = residents::resident_load(conn, &incident.resident)?;
    let taker =
        Taker { facility: &facility, resident: &resident.id, unit: &incident.unit, medicine: &incident.medicine };
    let watched = stock_struck(conn, &taker, &incident.id)?.watched_again();
    let policy = facility.register.witness_for(&incident.medicine);
    Ok(Facts {
        now,
        banner: Banner::load(conn, &resident, facility.zone.day(now))?,
        recorded_by: people::name_load(conn, &incident.recorded_by)?,
        witnessed: watched.iter().any(|one| policy.asks(*one)),
        refused: incidents::strikable(conn, &facility, &file, now)?.allows(by, now).err(),
        facility,
        file,
    })
}

fn shell(reader: &Reader, facts: &Facts) -> Shell {
    let shell = reader.shell(&facts.facility, Menu::Residents);
    shell.back_to("Given in error", links::incident(&facts.file.incident.id))
}

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    why: String,
    #[serde(flatten)]
    stock: StockFields,
}

pub async fn strike(
    reader: Reader,
    hall: Data<Hall>,
    request: HttpRequest,
    id: Path<String>,
    sent: Protected<Sent>,
) -> Answer {
    let (_, by) = load(&reader, &hall, &id).await?;
    let witness = match hall.witness(&sent.stock, &hall.address(&request)).await? {
        Ok(witness) => witness,
        Err(errors) => return again(&reader, &hall, &id, &sent, errors).await,
    };
    let ask = StrikeIncident { form: sent.id()?, of_incident: id.clone(), why: sent.why.clone(), witness };
    match acting(&hall.db, move |conn, now| strike_incident(conn, &by, &ask, now)).await? {
        Ok(_) => Ok(see_other(links::incident(&id))),
        Err(refusal) => again(&reader, &hall, &id, &sent, refusal.into()).await,
    }
}

async fn again(reader: &Reader, hall: &Hall, id: &str, sent: &Protected<Sent>, errors: Errors) -> Answer {
    let moved = errors.moved();
    let (facts, _) = load(reader, hall, id).await?;
    let form = Form::again(reader.csrf(), hall.db.now(), sent, errors);
    Page::refused(View::new(&facts, shell(reader, &facts), form), moved).answer()
}

#[derive(Template)]
#[template(path = "pages/incident_strike.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    mistake: &'static str,
    medicine: String,
    dose: DoseView,
    given: String,
    recorded: String,
    what: String,
    witnessed: bool,
    refused: Option<String>,
    action: String,
    back: String,
    form: Form,
}

impl View {
    fn new(facts: &Facts, shell: Shell, form: Form) -> View {
        let (incident, zone) = (&facts.file.incident, facts.facility.zone);
        let moment = |at| moment_text(zone, at, zone.day(facts.now));
        View {
            banner: facts.banner.clone(),
            mistake: incident.mistake.title(),
            medicine: incident.medicine.to_string(),
            dose: DoseView::large(incident.given),
            given: moment(incident.given_at),
            recorded: format!("{}, {}", facts.recorded_by, moment(incident.recorded_at)),
            what: incident.what.clone(),
            witnessed: facts.witnessed,
            refused: facts.refused.as_ref().map(Refusal::to_string),
            action: links::strike_incident(&incident.id),
            back: links::incident(&incident.id),
            form,
            shell,
        }
    }

    /// To be struck, also where a second person has to see it; somebody else's; hostile words.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Residents).back_to("Given in error", "/incidents/incident");
        let form = || Form::new("proof", samples::now());
        let facts = |surname: &str, witnessed: bool, refused: Option<Refusal>| {
            let resident = samples::resident("margit", surname, Allergies::NotRecorded);
            Facts {
                now: samples::now(),
                banner: Banner::new(&resident, "Willow", samples::today()),
                facility: samples::facility(),
                file: samples::incident("margit", &[]),
                recorded_by: surname.to_owned(),
                witnessed,
                refused,
            }
        };
        let wrong = form().with("why", samples::HOSTILE).spoiled(Refusal::CorrectionReason.into());
        vec![
            View::new(&facts("Halvorsen", false, None), shell(), form()),
            View::new(&facts(&"W".repeat(30), true, None), shell(), form()),
            View::new(&facts("Halvorsen", false, Some(Refusal::CorrectionNotOwn)), shell(), form()),
            View::new(&facts(samples::HOSTILE, true, None), shell(), wrong),
        ]
    }
}
