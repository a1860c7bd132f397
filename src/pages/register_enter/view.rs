//! The form of an entry as it is drawn.

use askama::Template;

use super::Facts;
use crate::care::register::HeldBy;
use crate::care::register::book::Pack;
use crate::care::register::entering::What;
use crate::store::registers::RegisterFile;
use crate::web::parts::registered::{pack_text, product_of};
use crate::web::{Choice, Form, Shell, links};

#[derive(Template)]
#[template(path = "pages/register_enter.html")]
pub struct View {
    shell: Shell,
    form: Form,
    heading: String,
    about: String,
    action: String,
    back: String,
    /// Where the page lets choose whose supply it is.
    holders: Vec<Choice>,
    products: Vec<Choice>,
    to: Vec<Choice>,
    /// Which lot is moved, where more than one may be there.
    lots: Vec<Choice>,
    receives: bool,
    moves: bool,
    count_hint: &'static str,
    note_label: &'static str,
    note_hint: &'static str,
    button: String,
    /// A second person signs.
    witness: &'static str,
    by: String,
}

impl View {
    pub(super) fn new(facts: &Facts, shell: Shell, form: Form) -> View {
        let verb = verb(facts.what);
        let product = facts.register.as_ref().and_then(|register| product_of(register).ok());
        let named = product.map(|product| format!("{} {}", product.medicine, product.name()));
        let unit = facts.holders.unit(facts.unit()).map_or("", |unit| unit.name.as_str());
        let back = match &facts.register {
            Some(register) => links::register(&register.id),
            None => links::register_of(&facts.unit, &facts.facility.id),
        };
        View {
            heading: named.map_or_else(|| verb.to_owned(), |named| format!("{verb} {named}")),
            about: facts.register.as_ref().map_or_else(|| unit.to_owned(), |one| facts.holders.name(&one.holder)),
            action: facts
                .register
                .as_ref()
                .map_or_else(|| links::receive(&facts.unit), |register| links::enter(&register.id, facts.what.word())),
            back: back.clone(),
            holders: if facts.register.is_none() { holders(facts) } else { Vec::new() },
            products: if facts.register.is_none() { products(facts) } else { Vec::new() },
            to: facts.register.as_ref().map(|register| units(facts, register)).unwrap_or_default(),
            lots: lots(facts),
            receives: facts.what == What::Receive,
            moves: facts.what == What::Move,
            count_hint: match product {
                Some(product) if product.form.is_liquid() => "In mL, for example 118.5",
                Some(_) => "Pieces, for example 28; a half is 0.5",
                None => "Pieces, for example 28; a liquid in mL",
            },
            note_label: note(facts.what).0,
            note_hint: note(facts.what).1,
            button: format!("Enter as {}", facts.what.kind().text().to_lowercase()),
            witness: if asks(facts) { "asked" } else { "" },
            by: shell.me.as_ref().map(|me| me.name.clone()).unwrap_or_default(),
            shell: shell.back_to("Register", back),
            form,
        }
    }
}

/// Where the product is chosen on the page, the witness is asked for if any of those to choose wants one.
fn asks(facts: &Facts) -> bool {
    let register = facts.register.as_ref().and_then(|register| product_of(register).ok());
    let products = register.into_iter().chain(facts.stocked.iter().copied().filter(|_| facts.register.is_none()));
    facts.facility.register.ask_of_any(facts.what.watched(), products.map(|product| &product.medicine))
}

fn lots(facts: &Facts) -> Vec<Choice> {
    if facts.what != What::Move || facts.packs.len() < 2 {
        return Vec::new();
    }
    let choice = |pack: &Pack| Choice::new(&pack.lot, pack_text(pack));
    std::iter::once(Choice::new("", "Choose the lot")).chain(facts.packs.iter().map(choice)).collect()
}

fn verb(what: What) -> &'static str {
    match what {
        What::Receive => "Receive",
        What::Waste => "Waste",
        What::Return => "Return",
        What::Destroy => "Destroy",
        What::Move => "Move",
    }
}

fn note(what: What) -> (&'static str, &'static str) {
    match what {
        What::Receive => ("From whom", "For example: Brook Street Pharmacy, delivery 77410, 3 packs of 28"),
        What::Waste => ("Why", "For example: dropped, unfit to give; destroyed in the kit"),
        What::Return => ("To whom and why", "For example: Brook Street Pharmacy; the dose was lowered"),
        What::Destroy => ("How and why", "For example: out of date, destroyed in the kit"),
        What::Move => ("Why", "For example: the other unit has run out"),
    }
}

fn holders(facts: &Facts) -> Vec<Choice> {
    if facts.facility.register.held_by == HeldBy::Units {
        return Vec::new();
    }
    let mut here: Vec<_> = facts.holders.residents.values().filter(|one| one.unit == facts.unit).collect();
    here.sort_by_key(|one| one.name().to_lowercase());
    let choice = here.into_iter().map(|one| Choice::new(&one.id, format!("{}, room {}", one.name(), one.room)));
    std::iter::once(Choice::new("", "Choose whose supply it is")).chain(choice).collect()
}

fn products(facts: &Facts) -> Vec<Choice> {
    let all = facts.stocked.iter();
    let all = all.map(|product| Choice::new(&product.code, format!("{} {}", product.medicine, product.name())));
    std::iter::once(Choice::new("", "Choose the product")).chain(all).collect()
}

fn units(facts: &Facts, register: &RegisterFile) -> Vec<Choice> {
    let here = facts.holders.unit_of(&register.holder);
    let others = facts.holders.units.iter().filter(|unit| unit.id != here);
    let others = others.map(|unit| Choice::new(&unit.id, &unit.name));
    std::iter::once(Choice::new("", "Choose the unit")).chain(others).collect()
}
