//! By which numbers a facility knows the packs of the products that it stocks: what a scanner reads at the bedside.

use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::acts::code_packs::{CodePacks, code_packs};
use crate::care::facility::Facility;
use crate::care::medicine::coded::{Coded, codes_of};
use crate::care::medicine::product::{Product, Products};
use crate::care::people::{Administrator, Role};
use crate::store::db::Conn;
use crate::store::pack_codes::pack_codes_of;
use crate::store::{StoreError, facilities};
use crate::web::parts::samples;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, Typed, deciding, links, looking,
    see_other,
};

#[derive(Deserialize)]
pub struct Asked {
    facility: Option<String>,
}

/// What the form sends beside a field for each product.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Sent {
    facility: String,
    revision: i64,
}

/// The field of a product’s numbers.
fn field(product: &str) -> String {
    format!("code-{product}")
}

pub async fn show(administrator: Signed<Administrator>, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let id = administrator.chosen(asked.facility.as_deref())?.id.clone();
    let form = Form::new(administrator.csrf(), administrator.now());
    Page::new(view(&administrator, &hall, &id, form).await?).answer()
}

pub async fn code(administrator: Signed<Administrator>, hall: Data<Hall>, sent: Protected<Sent>) -> Answer {
    let id = administrator.facility(&sent.facility)?.id.clone();
    let (by, form, revision) = (administrator.at(&id)?, sent.id()?, sent.revision);
    let act = read(&sent.typed).map(|codes| {
        let ask = CodePacks { form, revision, codes };
        move |conn: &mut Conn, now| code_packs(conn, &by, &ask, now)
    });
    let Err(errors) = deciding(&hall.db, act).await? else { return Ok(see_other(links::pack_codes(&id))) };
    let moved = errors.moved();
    let form = Form::again(administrator.csrf(), administrator.now(), &sent, errors);
    Page::refused(view(&administrator, &hall, &id, form).await?, moved).answer()
}

/// The numbers of every product of the page; what is wrong with any is said at once.
fn read(typed: &Typed) -> Result<Vec<Coded>, Errors> {
    let mut errors = Errors::none();
    let mut codes = Vec::new();
    for name in typed.names() {
        let Some(product) = name.strip_prefix("code-") else { continue };
        let numbers = codes_of(product, typed.value(name).unwrap_or_default());
        codes.extend(errors.keep(name, numbers).unwrap_or_default());
    }
    if errors.is_empty() { Ok(codes) } else { Err(errors) }
}

async fn view(
    administrator: &Signed<Administrator>,
    hall: &Hall,
    facility: &str,
    form: Form,
) -> Result<View, PageError> {
    let id = facility.to_owned();
    let (facility, products, known) = looking(&hall.db, move |conn| load(conn, &id)).await?;
    let back = format!("/products?facility={}", facility.id);
    let shell = administrator.shell(&facility, Menu::Products).back_to("Products", back);
    Ok(View::new(shell, &facility, &products, &known, form))
}

/// The products on the shelf, and those that have a number from before.
fn load(conn: &mut Conn, facility: &str) -> Result<(Facility, Vec<&'static Product>, Vec<Coded>), StoreError> {
    let known = pack_codes_of(conn, facility)?;
    let stocked: Vec<String> = facilities::stock_of(conn, facility)?.into_iter().map(|(product, _)| product).collect();
    let shown =
        |product: &&Product| stocked.contains(&product.code) || known.iter().any(|coded| coded.product == product.code);
    Ok((facilities::facility_load(conn, facility)?, Products::ours().products().filter(shown).collect(), known))
}

#[derive(Template)]
#[template(path = "pages/pack_codes.html")]
pub struct View {
    shell: Shell,
    banner: &'static str,
    facility: String,
    form: Form,
    rows: Vec<Row>,
}

struct Row {
    field: String,
    /// `clonazepam 0.5 mg tablet`
    product: String,
    /// Numbers of the house’s own are said to be so.
    in_house: bool,
}

impl View {
    fn new(shell: Shell, facility: &Facility, products: &[&Product], known: &[Coded], form: Form) -> View {
        let of =
            |product: &Product| -> Vec<&Coded> { known.iter().filter(|coded| coded.product == product.code).collect() };
        let texts = |product| of(product).iter().map(|coded| coded.code.to_string()).collect::<Vec<_>>().join(" ");
        let filled = products.iter().fold(form, |form, product| form.with(&field(&product.code), texts(product)));
        let row = |product: &&Product| Row {
            field: field(&product.code),
            product: format!("{} {}", product.medicine, product.name()),
            in_house: of(product).iter().any(|coded| coded.code.is_in_house()),
        };
        View {
            shell,
            banner: "",
            facility: facility.id.clone(),
            rows: products.iter().map(row).collect(),
            form: filled.with("revision", facility.revision.to_string()),
        }
    }

    /// An empty shelf, a usual one, and numbers that cannot be read.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Administrator, Menu::Products).back_to("Products", "/products");
        let form = || Form::new("proof", samples::now());
        let products: Vec<&Product> = Products::ours().products().take(12).collect();
        let known: Vec<Coded> = codes_of(&products[0].code, "04000000000006 6291041500213").unwrap_or_default();
        let mut errors = Errors::none();
        let hostile = codes_of("x", samples::HOSTILE);
        errors.keep(&field(&products[1].code), hostile);
        let facility = samples::facility();
        let hostile = form().with(&field(&products[1].code), samples::HOSTILE).spoiled(errors);
        vec![
            View::new(shell(), &facility, &[], &[], form()),
            View::new(shell(), &facility, &products, &known, form()),
            View::new(shell(), &facility, &products, &known, hostile),
        ]
    }
}
