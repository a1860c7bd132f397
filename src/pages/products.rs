//! Which products a facility stocks, and which of them it halves: what every dose must be made of.

use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::acts::stock_products::{StockProducts, short_load, stock_load, stock_products};
use crate::care::facility::Facility;
use crate::care::medicine::product::{Product, Products};
use crate::care::people::Administrator;
use crate::care::refusal::Refusal;
use crate::care::resident::Resident;
use crate::care::taper::stock::{Short, Stocked};
use crate::store::db::Conn;
use crate::store::{StoreError, facilities, residents};
use crate::web::links::{self, Menu};
use crate::web::parts::Icon;
use crate::web::{Answer, Form, Hall, Link, Page, Protected, Shell, Signed, Typed, acting, looking, see_other};

#[derive(Deserialize)]
pub struct Asked {
    facility: Option<String>,
}

/// What the form sends beside its two lists of codes, `product` and `halved`.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Sent {
    facility: String,
    revision: i64,
    despite: String,
}

/// What the page is made of.
struct Found {
    facility: Facility,
    stock: Vec<Stocked>,
    /// What the shelf shown does not make.
    short: Vec<Short>,
    residents: Vec<Resident>,
}

pub async fn show(hall: Data<Hall>, administrator: Signed<Administrator>, asked: Query<Asked>) -> Answer {
    let facility = administrator.chosen(asked.facility.as_deref().filter(|id| !id.is_empty()))?.clone();
    let found = load(&hall, &administrator, facility, None).await?;
    let form = Form::new(administrator.csrf(), administrator.now());
    Page::new(view(&administrator, &found, form)).answer()
}

pub async fn stock(hall: Data<Hall>, administrator: Signed<Administrator>, sent: Protected<Sent>) -> Answer {
    let by = administrator.at(&sent.facility)?;
    let facility = administrator.facility(&sent.facility)?.clone();
    let stock = stock_asked(&sent.typed);
    let ask = StockProducts {
        form: sent.id()?,
        revision: sent.revision,
        stock: stock.clone(),
        despite: sent.despite == "yes",
    };
    let done = acting(&hall.db, move |conn, now| stock_products(conn, &by, &ask, now)).await?;
    let Err(refusal) = done else { return Ok(see_other(address(&facility))) };
    // Whoever is told that the stock moved looks at it as it is now; any other form comes back as it was filled in.
    let shown = if refusal == Refusal::SettingsMoved { None } else { Some(stock) };
    let found = load(&hall, &administrator, facility, shown).await?;
    let moved = refusal.moved();
    let form = Form::again(administrator.csrf(), administrator.now(), &sent, refusal);
    Page::refused(view(&administrator, &found, form), moved).answer()
}

fn address(facility: &Facility) -> String {
    format!("/products?facility={}", facility.id)
}

/// Ticked products, each halved where that is ticked too.
fn stock_asked(typed: &Typed) -> Vec<Stocked> {
    let halved = |code: &str| typed.all("halved").any(|one| one == code);
    typed.all("product").map(|code| Stocked { product: code.to_owned(), halved: halved(code) }).collect()
}

async fn load(
    hall: &Hall,
    administrator: &Signed<Administrator>,
    facility: Facility,
    shown: Option<Vec<Stocked>>,
) -> Result<Found, crate::web::PageError> {
    let today = facility.zone.day(administrator.now());
    looking(&hall.db, move |conn| find(conn, &facility.id, shown, today)).await
}

fn find(
    conn: &mut Conn,
    facility: &str,
    shown: Option<Vec<Stocked>>,
    today: chrono::NaiveDate,
) -> Result<Found, StoreError> {
    let stock = shown.map_or_else(|| stock_load(conn, facility), Ok)?;
    Ok(Found {
        facility: facilities::facility_load(conn, facility)?,
        short: short_load(conn, facility, today, &stock)?,
        residents: residents::residents_of(conn, &[facility.to_owned()])?,
        stock,
    })
}

#[derive(Template)]
#[template(path = "pages/products.html")]
pub struct View {
    shell: Shell,
    form: Form,
    facility: String,
    facilities: Vec<Link>,
    revision: i64,
    medicines: Vec<MedicineProducts>,
    /// What cannot be made from the shelf as shown.
    short: Vec<ShortLine>,
    /// The shelf as shown was asked for, and refused because of them.
    asked: bool,
}

pub struct MedicineProducts {
    medicine: String,
    products: Vec<Line>,
}

pub struct Line {
    code: String,
    name: String,
    full_name: String,
    stocked: bool,
    halved: bool,
    may_be_halved: bool,
    /// A source says that it may be halved.
    scored: bool,
}

pub struct ShortLine {
    resident: String,
    href: String,
    /// `clonazepam 0.125 mg (from step 3)`
    dose: String,
    nearest: String,
}

fn view(administrator: &Signed<Administrator>, found: &Found, form: Form) -> View {
    let shell = administrator.shell(&found.facility, Menu::Products);
    let others = administrator.facilities().filter(|one| one.id != found.facility.id);
    let others = others.map(|one| Link::new(&one.name, address(one))).collect();
    View::new(shell, others, found, form)
}

impl View {
    fn new(shell: Shell, facilities: Vec<Link>, found: &Found, form: Form) -> View {
        View {
            shell,
            facilities,
            facility: found.facility.id.clone(),
            revision: found.facility.revision,
            medicines: medicines(&found.stock),
            short: found.short.iter().map(|short| short_line(found, short)).collect(),
            asked: form.wrong(),
            form,
        }
    }
}

impl View {
    /// An empty shelf, a usual one, and one that was refused.
    pub fn samples() -> Vec<View> {
        let now = chrono::DateTime::UNIX_EPOCH;
        let stocked = |halved| vec![Stocked { product: "197527".into(), halved }];
        let short = || Short {
            resident: "r".into(),
            plan: "p".into(),
            medicine: Products::ours().medicines().into_iter().next().cloned().expect("there are products"),
            step: 2,
            amount: crate::care::amount::Amount::from_ug(125),
            nearest: "0 mg or 0.25 mg".into(),
        };
        let found = |stock, short| Found {
            facility: Facility::new("alder".into(), "Alder House".into(), crate::care::calendar::Zone::UTC),
            stock,
            short,
            residents: Vec::new(),
        };
        let view = |found: &Found, form| {
            let shell = Shell::sample(crate::care::people::Role::Administrator, Menu::Products);
            View::new(shell, vec![Link::new("Birch <Court>", "/products?facility=birch")], found, form)
        };
        let form = || Form::new("proof", now);
        let refused = form().spoiled(crate::web::Errors::from(Refusal::StockShort { plans: 1 }));
        vec![
            view(&found(Vec::new(), Vec::new()), form()),
            view(&found(stocked(true), Vec::new()), form()),
            view(&found(stocked(false), vec![short()]), refused),
        ]
    }
}

/// In the order of the alphabet, those in stock first.
fn medicines(stock: &[Stocked]) -> Vec<MedicineProducts> {
    let products = Products::ours();
    let of = |medicine| products.of(medicine).map(|product| line(product, stock)).collect();
    let all = products.medicines().into_iter();
    let mut all: Vec<MedicineProducts> =
        all.map(|medicine| MedicineProducts { medicine: medicine.to_string(), products: of(medicine) }).collect();
    all.sort_by_key(|one| one.products.iter().all(|product| !product.stocked));
    all
}

fn line(product: &Product, stock: &[Stocked]) -> Line {
    let stocked = stock.iter().find(|one| one.product == product.code);
    Line {
        code: product.code.clone(),
        name: product.name(),
        full_name: product.full_name.clone(),
        stocked: stocked.is_some(),
        halved: stocked.is_some_and(|one| one.halved),
        may_be_halved: product.may_be_halved(),
        scored: product.halved,
    }
}

fn short_line(found: &Found, short: &Short) -> ShortLine {
    let resident = found.residents.iter().find(|one| one.id == short.resident);
    ShortLine {
        resident: resident.map_or_else(|| "a resident".to_owned(), Resident::name),
        href: links::resident(&short.resident),
        dose: format!("{} {}, from step {}", short.medicine, short.amount, short.step),
        nearest: short.nearest.clone(),
    }
}
