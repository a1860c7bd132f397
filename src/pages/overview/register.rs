//! What the registers want: differences that nobody has resolved, doses given without a witness or a register, supplies to
//! be ordered.

use chrono::NaiveDate;

use super::Found;
use crate::care::calendar::day_text;
use crate::care::register::ordering::Outlook;
use crate::store::registers::{GivenUnseen, Outlooks, Unbooked};
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
    let to_order = register.outlooks.iter().flat_map(|all| all.due().into_iter().map(|one| order(found, all, one)));
    let unseen = register.unseen.iter().map(|one| given_unseen(found, one));
    differences.chain(unseen).chain(to_order).chain(register.unbooked.iter().map(|one| unbooked(found, one))).collect()
}

/// A supply that has to be ordered now, so that no dose lacks anything.
fn order(found: &Found, outlooks: &Outlooks, one: &Outlook) -> RegisterLine {
    let holders = &found.register.holders;
    let day = |day: Option<NaiveDate>| day.map(day_text).unwrap_or_default();
    RegisterLine {
        title: format!("{}: to be ordered", one.medicine),
        told: format!(
            "{}, lasts until {}; order by {}",
            holders.name(&one.holder),
            day(one.lacks_on()),
            day(one.order_by(outlooks.rules))
        ),
        href: links::order_list(holders.unit_of(&one.holder)),
    }
}

/// Nobody saw it given: a supervisor looks through the day.
fn given_unseen(found: &Found, one: &GivenUnseen) -> RegisterLine {
    let at = found.facility.zone.local(one.recorded_at);
    let resident = found.resident(&one.resident).map(|one| one.name()).unwrap_or_default();
    let when = format!("{} {}", day_text(one.on), at.format("%H:%M"));
    RegisterLine {
        title: format!("{}: given without a witness", one.medicine),
        told: format!("{resident}, {when}, by {}: “{}”", found.person(&one.recorded_by), one.why),
        href: links::register_day(&one.unit, one.on),
    }
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
