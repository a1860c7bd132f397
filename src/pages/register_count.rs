//! The count at the change of a shift: every product of a unit on one page, without what the register says. Where two are
//! to count, the second writes down their own figures without seeing the first ones.

mod samples;
mod view;

use actix_web::HttpRequest;
use actix_web::web::{Data, Query};
use chrono::NaiveDate;
use serde::Deserialize;

pub use self::view::View;
use crate::acts::count_register::{CountRegister, OnShelf, count_register};
use crate::care::facility::{Facility, Unit};
use crate::care::people::{Nurse, Supervisor};
use crate::care::refusal::Refusal;
use crate::care::register::book::Pack;
use crate::care::register::counting::agreed;
use crate::care::register::parts::Parts;
use crate::care::witness::Watched;
use crate::store::registers::{RegisterFile, packs_there, registers_of};
use crate::store::{Conn, StoreError, facilities};
use crate::web::parts::registered::{Holders, holders_load, keeper, product_of};
use crate::web::parts::stock::StockFields;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Signed, deciding, links, looking, see_other,
};

type Reader = Signed<(Nurse, Supervisor)>;

#[derive(Deserialize)]
pub struct Asked {
    unit: String,
}

/// The counts stand in fields of their own, one for each register, and those of the second person in others.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Count {
    whose: String,
    #[serde(flatten)]
    stock: StockFields,
}

/// Whose figures a page takes down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    First,
    /// The first ones go along unseen.
    Second,
}

impl Whose {
    fn word(self) -> &'static str {
        match self {
            Whose::First => "first",
            Whose::Second => "second",
        }
    }

    fn field(self, register: &RegisterFile) -> String {
        let name = match self {
            Whose::First => "count",
            Whose::Second => "second",
        };
        format!("{name}_{}", register.id)
    }
}

/// What is counted.
struct Facts {
    facility: Facility,
    unit: Unit,
    holders: Holders,
    /// By holder.
    registers: Vec<Shelved>,
    /// What may be halved here, by its code.
    halved: Vec<String>,
    today: NaiveDate,
}

/// A register, and the packs that may be on its shelf.
struct Shelved {
    register: RegisterFile,
    packs: Vec<Pack>,
}

pub async fn show(reader: Reader, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let facts = load(&reader, &hall, asked.into_inner().unit).await?;
    let form = Form::new(reader.csrf(), reader.now());
    Page::new(view(&reader, &facts, form, Whose::First)?).answer()
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
    let first = match facts.read(&sent, Whose::First) {
        Ok(first) => first,
        Err(errors) => return again(&reader, &hall, facts, &sent, (Whose::First, errors)).await,
    };
    let two = facts.two_count();
    if two && sent.whose != Whose::Second.word() {
        let form = facts.carried(Form::new(reader.csrf(), reader.now()), &first, |_| true);
        return Page::new(view(&reader, &facts, form, Whose::Second)?).answer();
    }
    let second = if two { facts.read(&sent, Whose::Second).map(Some) } else { Ok(None) };
    let witness = hall.witness(&sent.stock, &hall.address(&request)).await?;
    let (second, witness) = match (second, witness) {
        (Ok(second), Ok(witness)) => (second, witness),
        (Err(errors), Err(more)) => {
            return again(&reader, &hall, facts, &sent, (Whose::Second, errors.and(more))).await;
        }
        (Err(errors), _) | (_, Err(errors)) => {
            return again(&reader, &hall, facts, &sent, (Whose::Second, errors)).await;
        }
    };
    if let Some(form) = facts.counted_differently(&reader, &first, second.as_deref()) {
        return Page::refused(view(&reader, &facts, form, Whose::First)?, false).answer();
    }
    let (form, unit) = (sent.id()?, facts.unit.id.clone());
    let ask = CountRegister { form, unit, counts: facts.on_shelf(&sent, &first, second.as_deref()), witness };
    let act = move |conn: &mut Conn, now| count_register(conn, &by, &ask, now);
    match deciding(&hall.db, Ok(act)).await? {
        Ok(differing) => Ok(see_other(links::counted(&facts.unit.id, &facts.facility.id, differing))),
        Err(errors) => {
            let whose = if two { Whose::Second } else { Whose::First };
            again(&reader, &hall, facts, &sent, (whose, errors)).await
        }
    }
}

/// The form as it was filled in; where a register moved meanwhile, an empty one of how they stand now.
async fn again(
    reader: &Reader,
    hall: &Hall,
    facts: Facts,
    sent: &Protected<Count>,
    (whose, errors): (Whose, Errors),
) -> Answer {
    let moved = errors.moved();
    let (facts, form, whose) = match moved {
        true => {
            let form = Form::new(reader.csrf(), reader.now()).spoiled(errors);
            (load(reader, hall, facts.unit.id).await?, form, Whose::First)
        }
        false => (facts, Form::again(reader.csrf(), reader.now(), sent, errors), whose),
    };
    Page::refused(view(reader, &facts, form, whose)?, moved).answer()
}

async fn load(reader: &Reader, hall: &Hall, unit: String) -> Result<Facts, PageError> {
    let (mine, now): (Vec<Facility>, _) = (reader.facilities().cloned().collect(), reader.now());
    let load = move |conn: &mut Conn| {
        let unit = facilities::unit_load(conn, &unit)?;
        let facility = mine.into_iter().find(|one| one.id == unit.facility).ok_or(StoreError::Missing)?;
        let holders = holders_load(conn, &facility)?;
        let mut registers = registers_of(conn, &facility.id)?;
        registers.retain(|register| holders.unit_of(&register.holder) == unit.id);
        registers.sort_by_cached_key(|one| (holders.name(&one.holder).to_lowercase(), one.product.clone()));
        let shelved = |register: RegisterFile| Ok(Shelved { packs: packs_there(conn, &register)?, register });
        let registers = registers.into_iter().map(shelved).collect::<Result<_, StoreError>>()?;
        let halved = facilities::stock_of(conn, &facility.id)?;
        let halved = halved.into_iter().filter(|(_, halved)| *halved).map(|(code, _)| code).collect();
        Ok(Facts { today: facility.zone.day(now), facility, unit, holders, registers, halved })
    };
    looking(&hall.db, load).await
}

fn revision_field(register: &RegisterFile) -> String {
    format!("revision_{}", register.id)
}

impl Facts {
    fn all(&self) -> impl Iterator<Item = &RegisterFile> {
        self.registers.iter().map(|one| &one.register)
    }

    /// Of some medicine counted here, two people count.
    fn two_count(&self) -> bool {
        let medicines = self.all().filter_map(|register| Some(&product_of(register).ok()?.medicine));
        self.facility.register.ask_of_any(Watched::Count, medicines)
    }

    /// Every register has a count that can be read, or the form says of which that is not so.
    fn read(&self, sent: &Protected<Count>, whose: Whose) -> Result<Vec<Parts>, Errors> {
        let mut errors = Errors::none();
        let typed = |register: &RegisterFile| sent.typed.value(&whose.field(register)).unwrap_or_default().to_owned();
        let read = |register| errors.keep(&whose.field(register), self.parts(register, &typed(register)));
        let counts: Vec<Option<Parts>> = self.all().map(read).collect();
        counts.into_iter().collect::<Option<_>>().ok_or(errors)
    }

    fn parts(&self, register: &RegisterFile, typed: &str) -> Result<Parts, Refusal> {
        let product = product_of(register).map_err(|_| Refusal::ProductNotStocked)?;
        // A half may be left of what was halved before, also where nobody halves it any more.
        let halved = self.halved.contains(&register.product) || product.may_be_halved();
        Parts::parse(typed, product, halved)
    }

    /// A form that carries some of the first figures along.
    fn carried(&self, form: Form, first: &[Parts], keep: impl Fn(usize) -> bool) -> Form {
        let known = self.all().zip(first).enumerate().filter(|(nth, _)| keep(*nth));
        known.fold(form, |form, (_, (register, parts))| match product_of(register) {
            Ok(product) => form.with(&Whose::First.field(register), parts.text(product).replace('\u{a0}', " ")),
            Err(_) => form,
        })
    }

    /// Two who found something else count those again, both of them; nothing is saved until they agree.
    fn counted_differently(&self, reader: &Reader, first: &[Parts], second: Option<&[Parts]>) -> Option<Form> {
        let (mut errors, mut agreeing) = (Errors::none(), Vec::new());
        for ((register, first), second) in self.all().zip(first).zip(second?) {
            let both = product_of(register).map(|product| agreed(*first, Some(*second), product));
            agreeing.push(both.map_or(Some(()), |both| errors.keep(&Whose::First.field(register), both)).is_some());
        }
        let form = self.carried(Form::new(reader.csrf(), reader.now()), first, |nth| agreeing[nth]);
        (!errors.is_empty()).then(|| form.spoiled(errors))
    }

    fn on_shelf(&self, sent: &Protected<Count>, first: &[Parts], second: Option<&[Parts]>) -> Vec<OnShelf> {
        let shelf = |(nth, register): (usize, &RegisterFile)| OnShelf {
            register: register.id.clone(),
            // A register that began while the page was open is not on it: the count is made again.
            revision: sent.typed.value(&revision_field(register)).and_then(|text| text.parse().ok()).unwrap_or(-1),
            parts: first[nth],
            second: second.map(|second| second[nth]),
        };
        self.all().enumerate().map(shelf).collect()
    }
}

fn view(reader: &Reader, facts: &Facts, form: Form, whose: Whose) -> Result<View, PageError> {
    let shell = reader.shell(reader.facility(&facts.facility.id)?, Menu::Register);
    Ok(View::new(facts, shell, form, whose))
}
