//! The count at the change of a shift: every product of a unit on one page, without what the register says.

use actix_web::HttpRequest;
use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::acts::count_register::{CountRegister, OnShelf, count_register};
use crate::care::facility::{Facility, Unit};
use crate::care::people::{Nurse, Role, Supervisor};
use crate::care::refusal::Refusal;
use crate::care::register::Holder;
use crate::care::register::parts::Parts;
use crate::care::resident::Allergies;
use crate::care::witness::Watched;
use crate::store::registers::{RegisterFile, registers_of};
use crate::store::{Conn, StoreError, facilities};
use crate::web::parts::registered::{Holders, holders_load, keeper, product_of};
use crate::web::parts::samples::{self, HOSTILE, now};
use crate::web::parts::stock::StockFields;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, deciding, links, looking, see_other,
};

type Reader = Signed<(Nurse, Supervisor)>;

#[derive(Deserialize)]
pub struct Asked {
    unit: String,
}

/// The counts stand in fields of their own, one for each register.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Count {
    #[serde(flatten)]
    stock: StockFields,
}

/// What is counted.
struct Facts {
    facility: Facility,
    unit: Unit,
    holders: Holders,
    registers: Vec<RegisterFile>,
    /// What may be halved here, by its code.
    halved: Vec<String>,
}

pub async fn show(reader: Reader, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let facts = load(&reader, &hall, asked.into_inner().unit).await?;
    Page::new(view(&reader, &facts, Form::new(reader.csrf(), reader.now()))?).answer()
}

pub async fn count(
    reader: Reader,
    hall: Data<Hall>,
    request: HttpRequest,
    asked: Query<Asked>,
    sent: Protected<Count>,
) -> Answer {
    let facts = load(&reader, &hall, asked.into_inner().unit).await?;
    let by = keeper(&reader, &facts.facility.id).ok_or(PageError::Missing)?;
    let (form, unit) = (sent.id()?, facts.unit.id.clone());
    let witness = hall.witness(&sent.stock, &hall.address(&request)).await?;
    let act = match (facts.read(&sent), witness) {
        (Ok(counts), Ok(witness)) => {
            let ask = CountRegister { form, unit, counts, witness };
            Ok(move |conn: &mut Conn, now| count_register(conn, &by, &ask, now))
        }
        (Err(errors), Err(more)) => Err(errors.and(more)),
        (Err(errors), _) | (_, Err(errors)) => Err(errors),
    };
    match deciding(&hall.db, act).await? {
        Ok(differing) => Ok(see_other(links::counted(&facts.unit.id, &facts.facility.id, differing))),
        Err(errors) => again(&reader, &hall, facts, &sent, errors).await,
    }
}

/// The form as it was filled in; where a register moved meanwhile, an empty one of how they stand now.
async fn again(reader: &Reader, hall: &Hall, facts: Facts, sent: &Protected<Count>, errors: Errors) -> Answer {
    let moved = errors.moved();
    let (facts, form) = match moved {
        true => (load(reader, hall, facts.unit.id).await?, Form::new(reader.csrf(), reader.now()).spoiled(errors)),
        false => (facts, Form::again(reader.csrf(), reader.now(), sent, errors)),
    };
    Page::refused(view(reader, &facts, form)?, moved).answer()
}

async fn load(reader: &Reader, hall: &Hall, unit: String) -> Result<Facts, PageError> {
    let mine: Vec<Facility> = reader.facilities().cloned().collect();
    let load = move |conn: &mut Conn| {
        let unit = facilities::unit_load(conn, &unit)?;
        let facility = mine.into_iter().find(|one| one.id == unit.facility).ok_or(StoreError::Missing)?;
        let holders = holders_load(conn, &facility)?;
        let mut registers = registers_of(conn, &facility.id)?;
        registers.retain(|register| holders.unit_of(&register.holder) == unit.id);
        registers.sort_by_key(|one| (holders.name(&one.holder).to_lowercase(), one.product.clone()));
        let halved = facilities::stock_of(conn, &facility.id)?;
        let halved = halved.into_iter().filter(|(_, halved)| *halved).map(|(code, _)| code).collect();
        Ok(Facts { facility, unit, holders, registers, halved })
    };
    looking(&hall.db, load).await
}

fn count_field(register: &RegisterFile) -> String {
    format!("count_{}", register.id)
}

fn revision_field(register: &RegisterFile) -> String {
    format!("revision_{}", register.id)
}

impl Facts {
    /// Every register has a count that can be read, or the form says of which that is not so.
    fn read(&self, sent: &Protected<Count>) -> Result<Vec<OnShelf>, Errors> {
        let (mut errors, mut counts) = (Errors::none(), Vec::new());
        for register in &self.registers {
            let typed = sent.typed.value(&count_field(register)).unwrap_or_default();
            let parts = errors.keep(&count_field(register), self.parts(register, typed));
            // A register that began while the page was open is not on it: the count is made again.
            let revision = sent.typed.value(&revision_field(register)).and_then(|text| text.parse().ok()).unwrap_or(-1);
            counts.extend(parts.map(|parts| OnShelf { register: register.id.clone(), revision, parts }));
        }
        if errors.is_empty() { Ok(counts) } else { Err(errors) }
    }

    fn parts(&self, register: &RegisterFile, typed: &str) -> Result<Parts, Refusal> {
        let product = product_of(register).map_err(|_| Refusal::ProductNotStocked)?;
        // A half may be left of what was halved before, also where nobody halves it any more.
        let halved = self.halved.contains(&register.product) || product.may_be_halved();
        Parts::parse(typed, product, halved)
    }
}

fn view(reader: &Reader, facts: &Facts, form: Form) -> Result<View, PageError> {
    let shell = reader.shell(reader.facility(&facts.facility.id)?, Menu::Register);
    Ok(View::new(facts, shell, form))
}

#[derive(Template)]
#[template(path = "pages/register_count.html")]
pub struct View {
    shell: Shell,
    form: Form,
    unit: String,
    action: String,
    back: String,
    lines: Vec<Line>,
    witness: &'static str,
    by: String,
}

/// One product on the shelf. What should be there is not said.
struct Line {
    count: String,
    revision_field: String,
    revision: i64,
    label: String,
    hint: &'static str,
}

impl View {
    fn new(facts: &Facts, shell: Shell, form: Form) -> View {
        let back = links::register_of(&facts.unit.id, &facts.facility.id);
        View {
            unit: facts.unit.name.clone(),
            action: links::count(&facts.unit.id),
            lines: facts.registers.iter().filter_map(|register| line(facts, register)).collect(),
            witness: if facts.facility.register.witness.asks(Watched::Count) { "asked" } else { "" },
            by: shell.me.as_ref().map(|me| me.name.clone()).unwrap_or_default(),
            shell: shell.back_to("Register", back.clone()),
            back,
            form,
        }
    }

    /// Nothing to count; the usual; a count that was refused, of hostile words.
    pub fn samples() -> Vec<View> {
        let unit = samples::unit("Willow");
        let resident = |surname: &str| {
            let one = samples::resident("margit", surname, Allergies::NoneKnown);
            crate::care::resident::Resident { unit: unit.id.clone(), ..one }
        };
        let register = |product: &str| RegisterFile::new("alder", Holder::Resident("margit".into()), product);
        let facts = |surname: &str, products: &[&str]| Facts {
            facility: samples::facility(),
            unit: unit.clone(),
            holders: Holders { units: vec![unit.clone()], residents: [("margit".into(), resident(surname))].into() },
            registers: products.iter().map(|product| register(product)).collect(),
            halved: vec!["197527".into()],
        };
        let shell = || Shell::sample(Role::Nurse, Menu::Register);
        let form = || Form::new("proof", now());
        let mut errors = Errors::none();
        let field = count_field(&register("197527"));
        errors.push(&field, Refusal::CountUnreadable { text: HOSTILE.into() }.to_string());
        vec![
            View::new(&facts("Halvorsen", &[]), shell(), form()),
            View::new(&facts("Halvorsen", &["197527", "309843"]), shell(), form()),
            View::new(&facts(HOSTILE, &["197527"]), shell(), form().with(&field, HOSTILE).spoiled(errors)),
        ]
    }
}

fn line(facts: &Facts, register: &RegisterFile) -> Option<Line> {
    let product = product_of(register).ok()?;
    Some(Line {
        count: count_field(register),
        revision_field: revision_field(register),
        revision: register.revision.unwrap_or_default(),
        label: format!("{} {}, {}", product.medicine, product.name(), facts.holders.name(&register.holder)),
        hint: if product.form.is_liquid() { "In mL" } else { "" },
    })
}
