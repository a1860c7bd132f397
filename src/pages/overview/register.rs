//! What the registers do not explain: differences that nobody has resolved, and doses given without a register.

use super::Found;
use crate::care::calendar::day_text;
use crate::store::registers::Unbooked;
use crate::web::links;
use crate::web::parts::registered::{difference_title, product_of};

/// One line, which leads to its register where there is one.
pub struct RegisterLine {
    pub title: String,
    pub told: String,
    pub href: String,
}

/// The differences first, the oldest first.
pub fn lines(found: &Found) -> Vec<RegisterLine> {
    let register = &found.register;
    let differences = register.open.iter().filter_map(|opened| {
        let book = register.registers.iter().find(|one| one.id == opened.register)?;
        let product = product_of(book).ok()?;
        let at = found.facility.zone.local(opened.opened_at);
        let title = difference_title(opened, product);
        Some(RegisterLine {
            title: format!("{} {}: {title}", product.medicine, product.name()),
            told: format!(
                "{}, open since {} {}",
                register.holders.name(&book.holder),
                day_text(at.date()),
                at.format("%H:%M")
            ),
            href: links::register(&book.id),
        })
    });
    differences.chain(register.unbooked.iter().map(|one| unbooked(found, one))).collect()
}

fn unbooked(found: &Found, one: &Unbooked) -> RegisterLine {
    let resident = found.resident(&one.resident);
    let doses = if one.doses == 1 { "1 dose".to_owned() } else { format!("{} doses", one.doses) };
    RegisterLine {
        title: format!("{}: given without a register", one.medicine),
        told: format!("{}, {doses} in 7 days", resident.map(|one| one.name()).unwrap_or_default()),
        href: links::register_of(resident.map_or("", |one| &one.unit), &found.facility.id),
    }
}
