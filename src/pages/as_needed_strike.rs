//! An as-needed dose that was recorded in error: it is struck, with a reason, and stays readable.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::acts::strike_as_needed::{StrikeAsNeeded, strike_as_needed};
use crate::care::facility::Facility;
use crate::care::people::{Nurse, Role, Supervisor};
use crate::care::refusal::Refusal;
use crate::care::resident::Resident;
use crate::care::round::correction::Corrector;
use crate::store::as_needed::{self, AsNeededDose};
use crate::store::registers::{Taker, stock_struck};
use crate::store::{Conn, StoreError, people, residents};
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
    resident: Resident,
    banner: Banner,
    dose: AsNeededDose,
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
    let dose = looking(&hall.db, move |conn| as_needed::dose_find(conn, &asked)).await?.ok_or(PageError::Missing)?;
    let mine: Vec<Facility> = reader.facilities().cloned().collect();
    let facility = mine.into_iter().find(|one| one.id == dose.facility).ok_or(PageError::Missing)?;
    let role = [Role::Supervisor, Role::Nurse].into_iter().find(|role| reader.is(*role, &facility.id));
    let by = Corrector { staff: reader.staff(&facility.id), role: role.ok_or(PageError::Missing)? };
    let (who, now) = (by.clone(), reader.now());
    let facts = looking(&hall.db, move |conn| facts(conn, facility, dose, &who, now)).await?;
    Ok((facts, by))
}

fn facts(
    conn: &mut Conn,
    facility: Facility,
    dose: AsNeededDose,
    by: &Corrector,
    now: DateTime<Utc>,
) -> Result<Facts, StoreError> {
    let resident = residents::resident_load(conn, &dose.resident)?;
    let taker = Taker { facility: &facility, resident: &resident.id, unit: &dose.unit, medicine: &dose.medicine };
    let watched = stock_struck(conn, &taker, &dose.id)?.watched_again();
    let policy = facility.register.witness_for(&dose.medicine);
    Ok(Facts {
        witnessed: watched.iter().any(|one| policy.asks(*one)),
        now,
        banner: Banner::load(conn, &resident, facility.zone.day(now))?,
        recorded_by: people::name_load(conn, &dose.recorded_by)?,
        refused: as_needed::strikable(conn, &facility, &dose, now)?.allows(by, now).err(),
        facility,
        resident,
        dose,
    })
}

fn shell(reader: &Reader, facts: &Facts) -> Shell {
    let shell = reader.shell(&facts.facility, Menu::Residents);
    shell.back_to(facts.resident.name(), links::resident(&facts.resident.id))
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
    let (facts, by) = load(&reader, &hall, &id).await?;
    let witness = match hall.witness(&sent.stock, &hall.address(&request)).await? {
        Ok(witness) => witness,
        Err(errors) => return again(&reader, &hall, &id, &sent, errors).await,
    };
    let ask = StrikeAsNeeded { form: sent.id()?, of_dose: id.clone(), why: sent.why.clone(), witness };
    match acting(&hall.db, move |conn, now| strike_as_needed(conn, &by, &ask, now)).await? {
        Ok(_) => Ok(see_other(format!("{}#as-needed", links::resident(&facts.resident.id)))),
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
#[template(path = "pages/as_needed_strike.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    medicine: String,
    dose: DoseView,
    given: String,
    recorded: String,
    why: String,
    witnessed: bool,
    refused: Option<String>,
    action: String,
    give: String,
    back: String,
    form: Form,
}

impl View {
    fn new(facts: &Facts, shell: Shell, form: Form) -> View {
        let (dose, zone) = (&facts.dose, facts.facility.zone);
        let moment = |at| moment_text(zone, at, zone.day(facts.now));
        View {
            banner: facts.banner.clone(),
            medicine: dose.medicine.to_string(),
            dose: DoseView::large(dose.given),
            given: moment(dose.given_at),
            recorded: format!("{}, {}", facts.recorded_by, moment(dose.recorded_at)),
            why: dose.why.clone(),
            witnessed: facts.witnessed,
            refused: facts.refused.as_ref().map(Refusal::to_string),
            action: links::strike_as_needed(&dose.id),
            give: links::give_as_needed(&dose.of_order),
            back: links::resident(&facts.resident.id),
            form,
            shell,
        }
    }

    /// To be struck; somebody else's; hostile words, where a second person has to see it.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Residents).back_to("HALVORSEN, Margit", "/residents/margit");
        let form = || Form::new("proof", samples::now());
        let facts = |words: &str, refused: Option<Refusal>| {
            let place = samples::as_needed::place(words, 4);
            Facts {
                now: samples::now(),
                banner: place.banner.clone(),
                dose: samples::as_needed::dose(words),
                recorded_by: "Tom Fielding RN".to_owned(),
                witnessed: words != "panic",
                refused,
                facility: place.facility,
                resident: place.resident,
            }
        };
        let wrong = form().with("why", samples::HOSTILE).spoiled(Refusal::CorrectionReason.into());
        vec![
            View::new(&facts("panic", None), shell(), form()),
            View::new(&facts("panic", Some(Refusal::CorrectionNotOwn)), shell(), form()),
            View::new(&facts(samples::HOSTILE, None), shell(), wrong),
        ]
    }
}
