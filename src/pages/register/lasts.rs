//! How long what a register holds lasts, as its page says it.

use super::facts::Facts;
use crate::web::links;
use crate::web::parts::outlook::{change_text, cover_text, days_left, lasting, used_text};

/// Enough for so long, and what has to come in when.
pub struct Lasts {
    /// `18 days`
    pub days: String,
    /// The day on which a dose finds no piece of this product, along what is signed.
    pub runs_out: String,
    /// The same along the plan, where it is another day.
    pub runs_out_as_planned: Option<String>,
    pub cover: String,
    pub cover_as_planned: Option<String>,
    pub order_by: Option<String>,
    pub due: bool,
    /// When other pieces are needed, along what is signed and along the plan.
    pub change: Option<String>,
    pub change_as_planned: Option<String>,
    /// What as-needed use is assumed.
    pub used: String,
    pub lead_days: u32,
    /// The list for the pharmacy.
    pub list: String,
}

/// None where no dose takes this product.
pub fn lasts(facts: &Facts) -> Option<Lasts> {
    let outlook = facts.outlook()?;
    let (cover, cover_as_planned) = cover_text(&facts.outlooks, outlook, facts.product)?;
    let one = lasting(&facts.outlooks, Some(outlook), &facts.product.code);
    let (change, planned) = (change_text(&outlook.signed), change_text(&outlook.planned));
    Some(Lasts {
        days: days_left(&outlook.signed, facts.outlooks.today),
        runs_out: one.signed,
        runs_out_as_planned: one.planned,
        cover,
        cover_as_planned,
        order_by: one.order_by,
        due: one.due,
        change_as_planned: planned.filter(|text| change.as_ref() != Some(text)),
        change,
        used: used_text(outlook, facts.product),
        lead_days: facts.outlooks.rules.lead_days,
        list: links::order_list(facts.holders.unit_of(&facts.register.holder)),
    })
}
