//! How long a supply lasts, in words: two lines told apart, along what is signed and along the plan.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::registered::Holders;
use crate::care::calendar::day_text;
use crate::care::medicine::product::{Product, Products};
use crate::care::register::forecast::Forecast;
use crate::care::register::needs::USED_DAYS;
use crate::care::register::ordering::{FORESEEN_DAYS, Outlook};
use crate::care::register::parts::Parts;
use crate::store::registers::Outlooks;

/// Of one register.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lasting {
    /// `9 Dec 2026`, `more than 120 days`; `not used` where no dose takes it.
    pub signed: String,
    /// Where it is another day.
    pub planned: Option<String>,
    /// `5 Dec 2026`; none where what is there lasts.
    pub order_by: Option<String>,
    /// That day has come.
    pub due: bool,
}

/// How long what a register holds lasts, and when to order.
pub fn lasting(outlooks: &Outlooks, outlook: Option<&Outlook>, product: &str) -> Lasting {
    let Some(outlook) = outlook else { return Lasting { signed: NOT_USED.to_owned(), ..Lasting::default() } };
    let (signed, planned) = (runs_out(&outlook.signed, product), runs_out(&outlook.planned, product));
    let by = outlook.order_by_of(product, outlooks.rules);
    Lasting {
        planned: (planned != signed).then_some(planned),
        signed,
        order_by: by.map(day_text),
        due: by.is_some_and(|by| by <= outlooks.today),
    }
}

const NOT_USED: &str = "not used";

fn runs_out(forecast: &Forecast, product: &str) -> String {
    match forecast.gone_on.get(product) {
        Some(on) => day_text(*on),
        None if forecast.uses.contains(product) => format!("more than {FORESEEN_DAYS} days"),
        None => NOT_USED.to_owned(),
    }
}

/// So many days are left on a day; none where it lasts longer than anybody looks.
pub fn days_left(forecast: &Forecast, today: NaiveDate) -> String {
    match forecast.lacks_on.map(|on| (on - today).num_days()) {
        None => format!("{FORESEEN_DAYS} days or more"),
        Some(1) => "1 day".to_owned(),
        Some(days) => format!("{days} days"),
    }
}

/// `From 3 Dec 2026 the doses need another product too: 0.25 mg ODT.`
pub fn change_text(forecast: &Forecast) -> Option<String> {
    let (on, products) = forecast.changes_on.as_ref()?;
    Some(format!("From {} other pieces are needed: {}.", day_text(*on), names(products)))
}

fn names(products: &BTreeSet<String>) -> String {
    let known = products.iter().filter_map(|code| Products::ours().product(code));
    known.map(Product::name).collect::<Vec<_>>().join(", ")
}

/// What one register is to cover, and what has to come in for it.
pub fn cover_text(
    outlooks: &Outlooks,
    outlook: &Outlook,
    product: &'static Product,
) -> Option<(String, Option<String>)> {
    let line = outlook.lines().iter().find(|line| line.product == product.code)?;
    let until = day_text(outlooks.rules.cover_until(outlooks.today));
    let said = |needed: Parts, order: Parts| {
        let come = if order.is_zero() { "nothing has".to_owned() } else { format!("{} have", order.text(product)) };
        format!("{} needed up to {until}; {come} to come in.", needed.text(product))
    };
    let (signed, planned) = (said(line.needed, line.order), said(line.needed_as_planned, line.order_as_planned));
    Some((signed.clone(), (planned != signed).then_some(planned)))
}

/// `As needed: 3 in the last 14 days. As many again are foreseen every 14 days; that is an assumption.`
pub fn used_text(outlook: &Outlook, product: &Product) -> String {
    let used = outlook.used.parts.get(&product.code).copied().unwrap_or_default();
    match used.is_zero() {
        true => format!("As needed: none in the last {USED_DAYS} days, and none is foreseen; that is an assumption."),
        false => format!(
            "As needed: {} in the last {USED_DAYS} days. As many again are foreseen every {USED_DAYS} days; that is an \
             assumption.",
            used.text(product)
        ),
    }
}

/// Doses that nothing stocked makes, of one holder.
pub fn unmade_text(holders: &Holders, outlook: &Outlook) -> Option<String> {
    let all: BTreeSet<_> = outlook.signed.unmade.union(&outlook.planned.unmade).collect();
    let amounts = all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let (whose, medicine) = (holders.name(&outlook.holder), &outlook.medicine);
    (!all.is_empty()).then(|| format!("{whose}: {amounts} of {medicine} cannot be made from what is stocked here."))
}

/// Outlooks to be drawn by the samples of pages.
pub mod samples {
    use std::collections::HashMap;

    use super::{Holders, Outlook, Outlooks, Parts};
    use crate::care::amount::Amount;
    use crate::care::calendar::days_after;
    use crate::care::facility::Unit;
    use crate::care::register::Holder;
    use crate::care::register::needs::Need;
    use crate::care::register::ordering::{Needs, OrderRules};
    use crate::care::register::source::Supply;
    use crate::care::resident::Resident;
    use crate::care::taper::schedule::DoseKey;
    use crate::web::parts::samples::{medicine, shelf, slot, today};

    /// One resident of one unit.
    pub fn holders(unit: &Unit, resident: Resident) -> Holders {
        let resident = Resident { unit: unit.id.clone(), ..resident };
        Holders { units: vec![unit.clone()], residents: HashMap::from([(resident.id.clone(), resident)]) }
    }

    /// Of a resident who has so many half-pieces of some products, and a dose each evening of so many micrograms; half of
    /// each if the plan is signed.
    pub fn outlooks(held: &[(&str, u64)], ug: &[u64]) -> Outlooks {
        let key = |n: usize| DoseKey { on: days_after(today(), n as u32), slot: slot("20:00"), medicine: medicine() };
        let need = |of: u64| move |(n, ug): (usize, &u64)| Need { key: key(n), amount: Amount::from_ug(ug / of) };
        let needs = |of: u64| ug.iter().enumerate().map(need(of)).collect::<Vec<_>>();
        let supply = Supply(held.iter().map(|(code, halves)| ((*code).to_owned(), Parts(*halves))).collect());
        let (rules, whose) = (OrderRules::default(), (Holder::Resident("margit".into()), medicine()));
        let until = rules.cover_until(today());
        let one = Outlook::new(
            whose,
            &shelf(),
            supply,
            Needs { today: &[], signed: &needs(1), planned: &needs(2), used: &[] },
            until,
        );
        Outlooks { rules, today: today(), all: vec![one] }
    }
}
