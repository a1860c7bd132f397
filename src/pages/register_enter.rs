//! Where something is entered into a register: what came in, and what left without being given.

mod samples;
mod view;

use actix_web::HttpRequest;
use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use crate::acts::enter_register::{EnterRegister, enter_register};
use crate::care::facility::Facility;
use crate::care::medicine::product::{Product, Products};
use crate::care::people::{Nurse, Supervisor};
use crate::care::refusal::Refusal;
use crate::care::register::book::Pack;
use crate::care::register::entering::{EnterAsk, What};
use crate::care::register::{HeldBy, Holder};
use crate::store::registers::{RegisterFile, packs_there, register_load};
use crate::store::{Conn, StoreError, facilities};
use crate::web::parts::registered::{Holders, holders_load, keeper};
use crate::web::parts::stock::StockFields;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, deciding, links, looking, see_other,
};

pub use self::view::View;

type Reader = Signed<(Nurse, Supervisor)>;

/// What the form is about.
pub struct Facts {
    facility: Facility,
    holders: Holders,
    /// None: it is chosen on the page, and begins if there is none yet.
    register: Option<RegisterFile>,
    /// The packs that may be on the shelf.
    packs: Vec<Pack>,
    /// Where the page was asked for.
    unit: String,
    /// What may be received.
    stocked: Vec<&'static Product>,
    what: What,
}

/// The form as it was sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Enter {
    /// Whose supply, where the page lets choose: a resident's id, or the unit's.
    holder: String,
    product: String,
    count: String,
    lot: String,
    expires_on: String,
    note: String,
    to: String,
    #[serde(flatten)]
    stock: StockFields,
}

#[derive(Deserialize)]
pub struct Asked {
    unit: String,
}

pub async fn show(reader: Reader, hall: Data<Hall>, path: Path<(String, String)>) -> Answer {
    let facts = of_register(&reader, &hall, path.into_inner()).await?;
    Page::new(view(&reader, &facts, Form::new(reader.csrf(), reader.now()))?).answer()
}

pub async fn enter(
    reader: Reader,
    hall: Data<Hall>,
    request: HttpRequest,
    path: Path<(String, String)>,
    sent: Protected<Enter>,
) -> Answer {
    let facts = of_register(&reader, &hall, path.into_inner()).await?;
    entered(&reader, &hall, &request, &facts, &sent).await
}

/// Receives a product, whether there is a register of it yet or not.
pub async fn show_receive(reader: Reader, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let facts = of_unit(&reader, &hall, asked.into_inner().unit).await?;
    Page::new(view(&reader, &facts, Form::new(reader.csrf(), reader.now()))?).answer()
}

pub async fn receive(
    reader: Reader,
    hall: Data<Hall>,
    request: HttpRequest,
    asked: Query<Asked>,
    sent: Protected<Enter>,
) -> Answer {
    let facts = of_unit(&reader, &hall, asked.into_inner().unit).await?;
    entered(&reader, &hall, &request, &facts, &sent).await
}

async fn of_register(reader: &Reader, hall: &Hall, (id, what): (String, String)) -> Result<Facts, PageError> {
    let what = What::of_word(&what).ok_or(PageError::Missing)?;
    let mine: Vec<Facility> = reader.facilities().cloned().collect();
    let load = move |conn: &mut Conn| {
        let register = register_load(conn, &id)?;
        let facility = mine.into_iter().find(|one| one.id == register.facility).ok_or(StoreError::Missing)?;
        facts(conn, facility, String::new(), Some(register), what)
    };
    looking(&hall.db, load).await
}

async fn of_unit(reader: &Reader, hall: &Hall, unit: String) -> Result<Facts, PageError> {
    let mine: Vec<Facility> = reader.facilities().cloned().collect();
    let load = move |conn: &mut Conn| {
        let of = facilities::unit_load(conn, &unit)?.facility;
        let facility = mine.into_iter().find(|one| one.id == of).ok_or(StoreError::Missing)?;
        facts(conn, facility, unit, None, What::Receive)
    };
    looking(&hall.db, load).await
}

fn facts(
    conn: &mut Conn,
    facility: Facility,
    unit: String,
    register: Option<RegisterFile>,
    what: What,
) -> Result<Facts, StoreError> {
    let stocked = facilities::stock_of(conn, &facility.id)?;
    let mut stocked: Vec<_> = stocked.iter().filter_map(|(code, _)| Products::ours().product(code)).collect();
    stocked.sort_by_key(|product| (product.medicine.to_string(), product.strength, product.form));
    let packs = register.as_ref().map(|register| packs_there(conn, register)).transpose()?.unwrap_or_default();
    Ok(Facts { holders: holders_load(conn, &facility)?, facility, register, packs, unit, stocked, what })
}

impl Facts {
    /// The holder and the product that the form is about.
    fn subject(&self, sent: &Enter) -> Result<(Holder, String), Errors> {
        if let Some(register) = &self.register {
            return Ok((register.holder.clone(), register.product.clone()));
        }
        let mut errors = Errors::none();
        let holder = errors.keep("holder", self.holder(&sent.holder).ok_or(Refusal::HolderMissing));
        let stocked = self.stocked.iter().any(|product| product.code == sent.product);
        let product = errors.keep("product", if stocked { Ok(()) } else { Err(Refusal::ProductNotStocked) });
        holder.zip(product).map(|(holder, ())| (holder, sent.product.clone())).ok_or(errors)
    }

    fn holder(&self, chosen: &str) -> Option<Holder> {
        match self.facility.register.held_by {
            HeldBy::Units => Some(Holder::Unit(self.unit.clone())),
            HeldBy::Residents => {
                let resident = self.holders.residents.get(chosen).filter(|one| one.unit == self.unit)?;
                Some(Holder::Resident(resident.id.clone()))
            }
        }
    }

    /// The unit in whose list it stands.
    fn unit(&self) -> &str {
        self.register.as_ref().map_or(&self.unit, |register| self.holders.unit_of(&register.holder))
    }
}

fn ask(what: What, sent: &Enter) -> EnterAsk {
    let to = (what == What::Move && !sent.to.is_empty()).then(|| Holder::Unit(sent.to.clone()));
    EnterAsk {
        what,
        count: sent.count.clone(),
        lot: sent.lot.clone(),
        expires_on: sent.expires_on.clone(),
        note: sent.note.clone(),
        to,
    }
}

async fn entered(
    reader: &Reader,
    hall: &Data<Hall>,
    request: &HttpRequest,
    facts: &Facts,
    sent: &Protected<Enter>,
) -> Answer {
    let by = keeper(reader, &facts.facility.id).ok_or(PageError::Missing)?;
    let (form, enter) = (sent.id()?, ask(facts.what, sent));
    let witness = hall.witness(&sent.stock, &hall.address(request)).await?;
    let act = match (facts.subject(sent), witness) {
        (Ok((holder, product)), Ok(witness)) => {
            let ask = EnterRegister { form, holder, product, enter, witness };
            Ok(move |conn: &mut Conn, now| enter_register(conn, &by, &ask, now))
        }
        (Err(errors), Err(more)) => Err(errors.and(more)),
        (Err(errors), _) | (_, Err(errors)) => Err(errors),
    };
    match deciding(&hall.db, act).await? {
        Ok(register) => Ok(see_other(links::register(&register))),
        Err(errors) => {
            let moved = errors.moved();
            let form = Form::again(reader.csrf(), reader.now(), sent, errors);
            Page::refused(view(reader, facts, form)?, moved).answer()
        }
    }
}

fn view(reader: &Reader, facts: &Facts, form: Form) -> Result<View, PageError> {
    let shell: Shell = reader.shell(reader.facility(&facts.facility.id)?, Menu::Register);
    Ok(View::new(facts, shell, form))
}
