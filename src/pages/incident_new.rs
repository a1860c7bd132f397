//! What was given in error: see to the resident first. Then it is written down as it was.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::acts::record_incident::{RecordIncident, record_incident};
use crate::care::facility::Facility;
use crate::care::incident::{IncidentAsk, Mistake, NOT_KNOWN};
use crate::care::medicine::Medicine;
use crate::care::people::{Nurse, Role};
use crate::care::refusal::Refusal;
use crate::care::register::HeldBy;
use crate::care::resident::{Allergies, Resident};
use crate::care::witness::Watched;
use crate::store::paper::nurses_lately;
use crate::store::{Conn, StoreError, facilities, residents};
use crate::web::parts::stock::{StockFields, StockView};
use crate::web::parts::{Banner, Icon, samples};
use crate::web::{
    Answer, Choice, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking,
    see_other,
};

struct Facts {
    facility: Facility,
    resident: Resident,
    banner: Banner,
    medicines: Vec<Medicine>,
    nurses: Vec<(String, String)>,
    /// Everybody else in the facility, where residents have supplies of their own.
    others: Vec<Resident>,
}

pub async fn show(nurse: Signed<Nurse>, hall: Data<Hall>, id: Path<String>) -> Answer {
    let facts = load(&nurse, &hall, &id).await?;
    let form = Form::new(nurse.csrf(), hall.db.now());
    Page::new(View::new(facts, |facility| nurse.shell(facility, Menu::Residents), form)).answer()
}

async fn load(nurse: &Signed<Nurse>, hall: &Hall, id: &str) -> Result<Facts, PageError> {
    let (id, mine, now) = (id.to_owned(), nurse.facilities().cloned().collect::<Vec<_>>(), nurse.now());
    looking(&hall.db, move |conn| facts(conn, &mine, &id, now)).await
}

fn facts(conn: &mut Conn, mine: &[Facility], id: &str, now: DateTime<Utc>) -> Result<Facts, StoreError> {
    let resident = residents::resident_load(conn, id)?;
    let facility = mine.iter().find(|facility| facility.id == resident.facility).ok_or(StoreError::Missing)?.clone();
    let banner = Banner::load(conn, &resident, facility.zone.day(now))?;
    let medicines = facilities::medicines_known(conn, &facility.id)?;
    let nurses = nurses_lately(conn, &facility.id, now)?;
    let others = others(conn, &facility, &resident)?;
    Ok(Facts { facility, resident, banner, medicines, nurses, others })
}

fn others(conn: &mut Conn, facility: &Facility, resident: &Resident) -> Result<Vec<Resident>, StoreError> {
    if facility.register.held_by == HeldBy::Units {
        return Ok(Vec::new());
    }
    let mut others = residents::residents_of(conn, std::slice::from_ref(&facility.id))?;
    others.retain(|other| other.id != resident.id);
    Ok(others)
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Sent {
    mistake: String,
    medicine: String,
    amount: String,
    given_at: String,
    given_by: String,
    what: String,
    done: String,
    supply: String,
    #[serde(flatten)]
    stock: StockFields,
}

impl Sent {
    fn ask(&self) -> IncidentAsk {
        IncidentAsk {
            mistake: Mistake::of_word(&self.mistake),
            medicine: self.medicine.clone(),
            amount: self.amount.clone(),
            given_at: self.given_at.clone(),
            given_by: self.given_by.clone(),
            what: self.what.clone(),
            done: self.done.clone(),
        }
    }
}

pub async fn record(
    nurse: Signed<Nurse>,
    hall: Data<Hall>,
    request: HttpRequest,
    id: Path<String>,
    sent: Protected<Sent>,
) -> Answer {
    let facts = load(&nurse, &hall, &id).await?;
    let by = nurse.at(&facts.facility.id)?;
    let witness = match hall.witness(&sent.stock, &hall.address(&request)).await? {
        Ok(witness) => witness,
        Err(errors) => return again(&nurse, facts, &sent, errors),
    };
    let (form, resident, stock) = (sent.id()?, facts.resident.id.clone(), sent.stock.ask());
    let ask = RecordIncident { form, resident, incident: sent.ask(), supply: sent.supply.clone(), stock, witness };
    match acting(&hall.db, move |conn, now| record_incident(conn, &by, &ask, now)).await? {
        Ok(incident) => Ok(see_other(links::incident(&incident.id))),
        Err(refusal) => again(&nurse, facts, &sent, refusal.into()),
    }
}

fn again(nurse: &Signed<Nurse>, facts: Facts, sent: &Protected<Sent>, errors: Errors) -> Answer {
    let moved = errors.moved();
    let form = Form::again(nurse.csrf(), nurse.now(), sent, errors);
    Page::refused(View::new(facts, |facility| nurse.shell(facility, Menu::Residents), form), moved).answer()
}

#[derive(Template)]
#[template(path = "pages/incident_new.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    action: String,
    form: Form,
    mistakes: [Mistake; 6],
    medicines: Vec<Medicine>,
    /// Who can have given it; that it is not known, too.
    givers: Vec<Choice>,
    /// From whose supply it can have come; empty where units hold them.
    supplies: Vec<Choice>,
    /// What a second person sees of these medicines, where some of it is wasted.
    stock: StockView,
    severe: String,
    back: String,
}

impl View {
    fn new(facts: Facts, shell: impl Fn(&Facility) -> Shell, form: Form) -> View {
        let back = links::resident(&facts.resident.id);
        let wasted = facts.facility.register.ask_of_any(Watched::Waste, facts.medicines.iter());
        View {
            stock: StockView::of_a_page(false, wasted),
            shell: shell(&facts.facility).back_to(facts.resident.name(), &back),
            banner: facts.banner,
            action: links::given_in_error(&facts.resident.id),
            form,
            mistakes: Mistake::ALL,
            medicines: facts.medicines,
            givers: givers(facts.nurses),
            supplies: supplies(&facts.resident, &facts.others),
            severe: links::record_severe_sign(&facts.resident.id),
            back,
        }
    }

    /// Nothing said yet; a house that stocks nothing; an amount that cannot be read; hostile words.
    pub fn samples() -> Vec<View> {
        let facts = |surname: &str, medicines: &[&str]| {
            let resident = samples::resident("margit", surname, Allergies::NotRecorded);
            Facts {
                banner: Banner::new(&resident, "Willow", samples::today()),
                facility: samples::facility(),
                resident,
                medicines: medicines.iter().map(|one| Medicine((*one).to_owned())).collect(),
                nurses: vec![("nurse".to_owned(), surname.to_owned())],
                others: vec![samples::resident("mary", surname, Allergies::NoneKnown)],
            }
        };
        let form = || Form::new("proof", samples::now());
        let shell = |_: &Facility| Shell::sample(Role::Nurse, Menu::Residents);
        let wrong = Refusal::AmountUnreadable { text: samples::HOSTILE.to_owned() };
        let both = ["clonazepam", "lorazepam"];
        vec![
            View::new(facts("Halvorsen", &both), shell, form()),
            View::new(facts("Halvorsen", &[]), shell, form()),
            View::new(
                facts("Halvorsen", &both),
                shell,
                form()
                    .with("mistake", "given_twice")
                    .with("medicine", "lorazepam")
                    .spoiled(Refusal::IncidentWhat.into()),
            ),
            View::new(
                facts(samples::HOSTILE, &[samples::HOSTILE]),
                shell,
                form().with("what", samples::HOSTILE).with("amount", samples::HOSTILE).spoiled(wrong.into()),
            ),
        ]
    }
}

/// Their own, unless something else is said.
fn supplies(resident: &Resident, others: &[Resident]) -> Vec<Choice> {
    if others.is_empty() {
        return Vec::new();
    }
    let own = Choice::new("", format!("Their own: {}", resident.name()));
    let others =
        others.iter().map(|other| Choice::new(other.id.clone(), format!("{}, {}", other.name(), other.number)));
    [own].into_iter().chain(others).collect()
}

fn givers(nurses: Vec<(String, String)>) -> Vec<Choice> {
    let known = nurses.into_iter().map(|(id, name)| Choice::new(id, name));
    let unsaid = Choice::new("", "Choose");
    [unsaid].into_iter().chain(known).chain([Choice::new(NOT_KNOWN, "Not known, or none of these")]).collect()
}
