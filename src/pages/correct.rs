//! Where what was recorded of a dose is corrected: the record as it stands, what happened really, and why.

mod facts;
mod samples;
mod view;

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use serde::Deserialize;

use self::facts::Facts;
pub use self::view::View;
use crate::acts::correct_dose::{CorrectDose, correct_dose};
use crate::care::amount::Amount;
use crate::care::facility::Facility;
use crate::care::people::{Nurse, Role, Supervisor};
use crate::care::refusal::Refusal;
use crate::care::round::administration::RecordAsk;
use crate::care::round::correction::{Corrector, Instead};
use crate::care::round::outcome::Outcome;
use crate::web::parts::stock::StockFields;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking, see_other,
};

type Reader = Signed<(Nurse, Supervisor)>;

/// Chosen where nothing stands in the place of the record.
const IN_ERROR: &str = "in_error";

/// The form as it was sent, word for word.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Correct {
    /// The record that the page showed.
    record: String,
    outcome: String,
    reason: String,
    given_at: String,
    sedation: String,
    note: String,
    /// Only for a dose given in part: how much was taken.
    amount: String,
    why: String,
    #[serde(flatten)]
    stock: StockFields,
}

impl Correct {
    fn instead(&self) -> Instead {
        if self.outcome == IN_ERROR {
            return Instead::Nothing;
        }
        Instead::Record(RecordAsk {
            shown: Amount::ZERO,
            revision: 0,
            outcome: Outcome::of_word(&self.outcome),
            part: self.amount.clone(),
            reason: self.reason.clone(),
            note: self.note.clone(),
            given_at: self.given_at.clone(),
            sedation: self.sedation.clone(),
        })
    }
}

pub async fn show(reader: Reader, hall: Data<Hall>, dose: Path<String>) -> Answer {
    let facts = load(&reader, &hall, &dose).await?;
    let form = facts.filled(Form::new(reader.csrf(), reader.now()));
    Page::new(View::new(&facts, shell(&reader, &facts), form, None)).answer()
}

async fn load(reader: &Reader, hall: &Hall, dose: &str) -> Result<Facts, PageError> {
    let mine: Vec<(Facility, Corrector)> =
        reader.facilities().filter_map(|one| Some((one.clone(), corrector(reader, &one.id)?))).collect();
    let (dose, now) = (dose.to_owned(), reader.now());
    looking(&hall.db, move |conn| facts::load(conn, mine, &dose, now)).await
}

/// Who is a supervisor too corrects as one: whoever recorded it, and however long ago.
fn corrector(reader: &Reader, facility: &str) -> Option<Corrector> {
    let supervisor = reader.acting_as::<Supervisor>(facility).map(Corrector::from);
    supervisor.or_else(|| reader.acting_as::<Nurse>(facility).map(Corrector::from))
}

fn shell(reader: &Reader, facts: &Facts) -> Shell {
    match facts.records.all.last() {
        Some(last) if facts.by.role == Role::Supervisor => {
            reader.shell(&facts.facility, Menu::History).back_to("The record", links::fact(last.n))
        }
        _ => reader.shell(&facts.facility, Menu::Round).back_to("The dose", links::dose(&facts.dose.id)),
    }
}

pub async fn correct(
    reader: Reader,
    hall: Data<Hall>,
    request: HttpRequest,
    dose: Path<String>,
    sent: Protected<Correct>,
) -> Answer {
    let facts = load(&reader, &hall, &dose).await?;
    let witness = match hall.witness(&sent.stock, &hall.address(&request)).await? {
        Ok(witness) => witness,
        Err(errors) => return again(&reader, &facts, &sent, errors),
    };
    let ask = CorrectDose {
        form: sent.id()?,
        record: sent.record.clone(),
        instead: sent.instead(),
        stock: sent.stock.ask(),
        why: sent.why.clone(),
        witness,
    };
    let by = facts.by.clone();
    match acting(&hall.db, move |conn, now| correct_dose(conn, &by, &ask, now)).await? {
        Ok(done) if done.replacement.is_none() && facts.by.role == Role::Nurse => Ok(see_other(links::dose(&dose))),
        Ok(done) => Ok(see_other(links::fact(done.n))),
        Err(refusal) if refusal.moved() => moved(&reader, &hall, &dose, &sent, refusal).await,
        Err(refusal) => again(&reader, &facts, &sent, refusal),
    }
}

/// The form again as it was filled in.
fn again(reader: &Reader, facts: &Facts, sent: &Protected<Correct>, errors: impl Into<Errors>) -> Answer {
    let form = Form::again(reader.csrf(), reader.now(), sent, errors);
    Page::refused(View::new(facts, shell(reader, facts), form, None), false).answer()
}

/// The page as it stands now. What was said of a record that somebody else corrected is said of no other; where only the
/// pieces moved, it is still there.
async fn moved(reader: &Reader, hall: &Hall, dose: &str, sent: &Protected<Correct>, refusal: Refusal) -> Answer {
    let facts = load(reader, hall, dose).await?;
    let form = match refusal {
        Refusal::PiecesMoved => Form::again(reader.csrf(), reader.now(), sent, Errors::none()),
        _ => facts.filled(Form::new(reader.csrf(), reader.now())),
    };
    Page::refused(View::new(&facts, shell(reader, &facts), form, Some(refusal.to_string())), true).answer()
}
