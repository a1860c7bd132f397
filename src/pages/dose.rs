//! One dose: what to give, and what happened to it. The first control records it as given now.

mod conflict;
mod facts;
mod samples;
mod sheet;
mod view;

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::acts::record_dose::{RecordDose, record_dose};
use crate::care::amount::Amount;
use crate::care::facility::{Facility, Unit};
use crate::care::people::Nurse;
use crate::care::refusal::Refusal;
use crate::care::round::administration::RecordAsk;
use crate::care::round::due::opened_round;
use crate::care::round::interval::WordAsk;
use crate::care::round::outcome::Outcome;
use crate::store::doses::{self, Administration};
use crate::store::residents::resident_load;
use crate::web::parts::scan::{Scanned, identity_ask, one_more};
use crate::web::parts::stock::StockFields;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking, see_other,
};

pub use conflict::Conflict;
use facts::Facts;
pub use view::View;

pub async fn show(nurse: Signed<Nurse>, hall: Data<Hall>, id: Path<String>) -> Answer {
    let facts = load(&nurse, &hall, &id).await?;
    let form = Form::new(nurse.csrf(), hall.db.now());
    Page::new(View::new(&facts, shell(&nurse, &facts)?, form, None)).answer()
}

async fn load(nurse: &Signed<Nurse>, hall: &Hall, id: &str) -> Result<Facts, PageError> {
    let (id, mine, now) = (id.to_owned(), nurse.facilities().cloned().collect::<Vec<_>>(), nurse.now());
    looking(&hall.db, move |conn| facts::load(conn, &mine, &id, now)).await?.ok_or(PageError::Missing)
}

fn shell(nurse: &Signed<Nurse>, facts: &Facts) -> Result<Shell, PageError> {
    let shell = nurse.shell(nurse.facility(&facts.facility.id)?, Menu::Round);
    let back = round(&facts.facility, &facts.unit, &facts.resident.id, nurse.now());
    Ok(shell.back_to(format!("{} round", facts.unit.name), back))
}

/// The round of this hour in a unit, at a resident.
fn round(facility: &Facility, unit: &Unit, resident: &str, now: DateTime<Utc>) -> String {
    let round = opened_round(&unit.rounds, facility.zone, facility.windows, now);
    format!("{}#resident-{resident}", links::round(&unit.id, round.on, round.slot))
}

/// Somebody scanned a label or a pack: nothing is saved, and the page is shown with what fits.
pub async fn identify(nurse: Signed<Nurse>, hall: Data<Hall>, id: Path<String>, sent: Protected<Scanned>) -> Answer {
    let facts = load(&nurse, &hall, &id).await?;
    let (form, refused) = one_more(&facts.identity(), &sent.typed, Form::new(nurse.csrf(), hall.db.now()));
    let wrong = refused.is_some();
    let view = View::new(&facts, shell(&nurse, &facts)?, form, None).scanned(refused);
    if wrong { Page::refused(view, false).answer() } else { Page::new(view).answer() }
}

/// The form as it was sent, word for word.
#[derive(Deserialize)]
pub struct Record {
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    given_at: String,
    /// How awake the resident is, where the facility asks.
    #[serde(default)]
    sedation: String,
    #[serde(default)]
    note: String,
    /// Only for a dose given in part: how much was taken.
    #[serde(default)]
    amount: String,
    /// A prescriber's word, where the dose comes too near to another.
    #[serde(default)]
    prescriber: String,
    #[serde(default)]
    called_at: String,
    #[serde(default)]
    read_back: String,
    /// Which state of the dose the page showed.
    #[serde(default)]
    revision: String,
    #[serde(default)]
    shown: String,
    /// The outcome that the button named; it has to be the one that was chosen.
    confirm: Option<String>,
    #[serde(flatten)]
    stock: StockFields,
}

impl Record {
    fn ask(&self) -> Result<RecordAsk, PageError> {
        let lost = || PageError::BadForm("The form lost on the way which dose it showed.".into());
        Ok(RecordAsk {
            shown: Amount::parse(&self.shown).map_err(|_| lost())?,
            revision: self.revision.parse().map_err(|_| lost())?,
            outcome: Outcome::of_word(&self.outcome),
            part: self.amount.clone(),
            reason: self.reason.clone(),
            note: self.note.clone(),
            given_at: self.given_at.clone(),
            sedation: self.sedation.clone(),
        })
    }

    fn word(&self) -> WordAsk {
        WordAsk {
            prescriber: self.prescriber.clone(),
            called_at: self.called_at.trim().to_owned(),
            read_back: self.read_back == "yes",
        }
    }

    /// In a browser that shows every button at once, the one pressed may not be the one of the outcome chosen.
    fn contradicts_itself(&self) -> bool {
        self.confirm.as_ref().is_some_and(|confirm| !self.outcome.is_empty() && *confirm != self.outcome)
    }
}

pub async fn record(
    nurse: Signed<Nurse>,
    hall: Data<Hall>,
    request: HttpRequest,
    id: Path<String>,
    sent: Protected<Record>,
) -> Answer {
    let by = nurse_of(&nurse, &hall, &id).await?;
    if sent.contradicts_itself() {
        let mut errors = Errors::none();
        errors.push("outcome", "The button and the choice do not say the same. Choose again what happened.");
        return again(&nurse, &hall, &id, &sent, errors).await;
    }
    let witness = match hall.witness(&sent.stock, &hall.address(&request)).await? {
        Ok(witness) => witness,
        Err(errors) => return again(&nurse, &hall, &id, &sent, errors).await,
    };
    let identity = identity_ask(&sent.typed);
    let (form, record, stock) = (sent.id()?, sent.ask()?, sent.stock.ask());
    let ask = RecordDose { form, dose: id.clone(), record, stock, identity, witness, word: sent.word() };
    match acting(&hall.db, move |conn, now| record_dose(conn, &by, &ask, now)).await? {
        Ok(recorded) => {
            let unit = lives_in(&hall, &recorded).await?;
            Ok(see_other(links::round_after(&unit, &id, &recorded.resident)))
        }
        Err(refusal) => refused(&nurse, &hall, &id, &sent, refusal).await,
    }
}

/// The unit in whose round the resident is. What is recorded as given now was given there.
async fn lives_in(hall: &Hall, recorded: &Administration) -> Result<String, PageError> {
    if recorded.given_at == recorded.recorded_at {
        return Ok(recorded.unit.clone());
    }
    let of = recorded.resident.clone();
    Ok(looking(&hall.db, move |conn| resident_load(conn, &of)).await?.unit)
}

/// The nurse in the dose's facility. Who serves one facility has nothing to look up: another's dose is missing to the act.
async fn nurse_of(nurse: &Signed<Nurse>, hall: &Hall, dose: &str) -> Result<Nurse, PageError> {
    if nurse.facilities().count() == 1 {
        return nurse.only();
    }
    let dose = dose.to_owned();
    let found = looking(&hall.db, move |conn| doses::dose_load(conn, &dose)).await?;
    nurse.at(&found.facility)
}

/// The form again as it was filled in.
async fn again(
    nurse: &Signed<Nurse>,
    hall: &Hall,
    id: &str,
    sent: &Protected<Record>,
    errors: impl Into<Errors>,
) -> Answer {
    let facts = load(nurse, hall, id).await?;
    let form = Form::again(nurse.csrf(), hall.db.now(), sent, errors);
    Page::refused(View::new(&facts, shell(nurse, &facts)?, form, None), false).answer()
}

async fn refused(nurse: &Signed<Nurse>, hall: &Hall, id: &str, sent: &Protected<Record>, refusal: Refusal) -> Answer {
    if !refusal.moved() {
        return again(nurse, hall, id, sent, refusal).await;
    }
    let facts = load(nurse, hall, id).await?;
    let shell = shell(nurse, &facts)?;
    match &facts.standing {
        // Somebody was first, perhaps this very person with another outcome: both sides are shown.
        Some(_) => {
            Page::refused(Conflict::new(&facts, shell, nurse.person(), &nurse.visitor().name, sent), true).answer()
        }
        // The plan moved: what was chosen for another dose is not chosen for this one.
        None => {
            let form = Form::new(nurse.csrf(), hall.db.now());
            Page::refused(View::new(&facts, shell, form, Some(refusal.to_string())), true).answer()
        }
    }
}
