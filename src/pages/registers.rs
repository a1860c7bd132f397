//! The registers of a unit: what is held of what, by whom, what differs, and what was given without a register.

mod samples;

use actix_web::web::{Data, Query};
use askama::Template;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;

use crate::care::calendar::day_text;
use crate::care::facility::{Facility, Unit};
use crate::care::people::{Nurse, Pharmacist, Supervisor};
use crate::store::registers::{
    Discrepancy, Outlooks, RegisterFile, Unbooked, discrepancies_open, outlooks_of, registers_of, unbooked_since,
};
use crate::store::{Conn, StoreError};
use crate::web::parts::Icon;
use crate::web::parts::outlook::{Lasting, lasting};
use crate::web::parts::registered::{Holders, balance_text, difference_title, holders_load, keeper, product_of};
use crate::web::{Answer, Hall, Link, Menu, Page, PageError, Shell, Signed, links, looking};

/// So far back doses are compared with the register.
const COMPARED: TimeDelta = TimeDelta::days(7);

#[derive(Deserialize)]
pub struct Asked {
    facility: Option<String>,
    unit: Option<String>,
    /// How many registers differ from a count that was just saved.
    counted: Option<usize>,
}

pub async fn show(reader: Signed<(Nurse, Pharmacist, Supervisor)>, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let facility = reader.chosen(asked.facility.as_deref())?.clone();
    let (now, of) = (reader.now(), facility.clone());
    let facts = looking(&hall.db, move |conn| load(conn, of, now)).await?;
    let unit = match &asked.unit {
        Some(id) => Some(facts.holders.unit(id).ok_or(PageError::Missing)?.id.clone()),
        None => facts.holders.units.first().map(|unit| unit.id.clone()),
    };
    let others = reader.facilities().filter(|other| other.id != facility.id);
    let others = others.map(|other| Link::new(&other.name, links::registers_of(&other.id))).collect();
    let shell = reader.shell(&facility, Menu::Register);
    let keeps = keeper(&reader, &facility.id).is_some();
    Page::new(View { others, keeps, ..View::new(&facts, shell, unit.as_deref(), asked.counted) }).answer()
}

/// What the page is made from.
pub struct Facts {
    facility: Facility,
    holders: Holders,
    registers: Vec<RegisterFile>,
    open: Vec<Discrepancy>,
    unbooked: Vec<Unbooked>,
    outlooks: Outlooks,
}

fn load(conn: &mut Conn, facility: Facility, now: DateTime<Utc>) -> Result<Facts, StoreError> {
    Ok(Facts {
        holders: holders_load(conn, &facility)?,
        registers: registers_of(conn, &facility.id)?,
        open: discrepancies_open(conn, &facility.id)?,
        unbooked: unbooked_since(conn, &facility.id, now - COMPARED)?,
        outlooks: outlooks_of(conn, &facility, now)?,
        facility,
    })
}

#[derive(Template)]
#[template(path = "pages/registers.html")]
pub struct View {
    shell: Shell,
    unit: String,
    units: Vec<Chip>,
    others: Vec<Link>,
    /// May receive and count.
    keeps: bool,
    receive: String,
    count: String,
    order: String,
    today: String,
    counted: Option<String>,
    open: Vec<Difference>,
    rows: Vec<Row>,
    unbooked: Vec<String>,
}

struct Chip {
    name: String,
    href: String,
    current: bool,
}

struct Difference {
    title: String,
    told: String,
    href: String,
}

struct Row {
    medicine: String,
    product: String,
    holder: String,
    balance: String,
    differs: bool,
    lasting: Lasting,
    href: String,
}

impl View {
    fn new(facts: &Facts, shell: Shell, unit: Option<&str>, counted: Option<usize>) -> View {
        let mut here: Vec<&RegisterFile> = facts.registers.iter().filter(|one| is_in(facts, one, unit)).collect();
        here.sort_by_cached_key(|one| urgency(facts, one));
        let chip = |one: &Unit| Chip {
            name: one.name.clone(),
            href: links::register_of(&one.id, &facts.facility.id),
            current: unit == Some(one.id.as_str()),
        };
        let id = unit.unwrap_or_default();
        let mine = |one: &&Unbooked| facts.holders.residents.get(&one.resident).is_some_and(|r| r.unit == id);
        View {
            shell,
            unit: facts.holders.unit(id).map(|unit| unit.name.clone()).unwrap_or_default(),
            units: facts.holders.units.iter().map(chip).collect(),
            others: Vec::new(),
            keeps: false,
            receive: links::receive(id),
            count: links::count(id),
            order: links::order_list(id),
            today: links::register_day(id, facts.outlooks.today),
            counted: counted.map(counted_text),
            open: facts.open.iter().filter_map(|one| difference(facts, one, unit)).collect(),
            rows: here.iter().filter_map(|one| row(facts, one)).collect(),
            unbooked: facts.unbooked.iter().filter(mine).map(|one| unbooked_text(facts, one)).collect(),
        }
    }
}

fn is_in(facts: &Facts, register: &RegisterFile, unit: Option<&str>) -> bool {
    unit.is_some_and(|unit| facts.holders.unit_of(&register.holder) == unit)
}

fn counted_text(differing: usize) -> String {
    match differing {
        0 => "The count is saved. Everything is there as the registers say.".to_owned(),
        1 => "The count is saved. One register differs from it: a supervisor looks into it.".to_owned(),
        many => format!("The count is saved. {many} registers differ from it: a supervisor looks into them."),
    }
}

fn difference(facts: &Facts, opened: &Discrepancy, unit: Option<&str>) -> Option<Difference> {
    let register = facts.registers.iter().find(|one| one.id == opened.register)?;
    let product = product_of(register).ok().filter(|_| is_in(facts, register, unit))?;
    let at = facts.facility.zone.local(opened.opened_at);
    Some(Difference {
        title: difference_title(opened, product),
        told: format!(
            "{} {}, {}. Open since {} {}.",
            product.medicine,
            product.name(),
            facts.holders.name(&register.holder),
            day_text(at.date()),
            at.format("%H:%M")
        ),
        href: links::register(&register.id),
    })
}

fn row(facts: &Facts, register: &RegisterFile) -> Option<Row> {
    let product = product_of(register).ok()?;
    Some(Row {
        medicine: product.medicine.to_string(),
        product: product.name(),
        holder: facts.holders.name(&register.holder),
        balance: balance_text(register.book, product),
        differs: register.book.open != 0,
        lasting: lasting_of(facts, register),
        href: links::register(&register.id),
    })
}

/// What has to be ordered first stands first.
fn urgency(facts: &Facts, register: &RegisterFile) -> (bool, Option<NaiveDate>, String, String) {
    let (of, holder) = (product_of(register).ok(), facts.holders.name(&register.holder).to_lowercase());
    let outlook = of.and_then(|product| facts.outlooks.of(&register.holder, &product.medicine));
    let by = outlook.and_then(|one| one.order_by_of(&register.product, facts.outlooks.rules));
    (by.is_none(), by, holder, register.product.clone())
}

fn lasting_of(facts: &Facts, register: &RegisterFile) -> Lasting {
    let product = product_of(register).ok();
    let outlook = product.and_then(|product| facts.outlooks.of(&register.holder, &product.medicine));
    lasting(&facts.outlooks, outlook, &register.product)
}

fn unbooked_text(facts: &Facts, unbooked: &Unbooked) -> String {
    let name = facts.holders.residents.get(&unbooked.resident).map(|one| one.name()).unwrap_or_default();
    let doses = if unbooked.doses == 1 { "1 dose".to_owned() } else { format!("{} doses", unbooked.doses) };
    format!("{name}: {doses} of {}", unbooked.medicine)
}
