//! The steps of a taper before anybody signed one: each with its days, doses, pieces, size, and what wants a reason.

use std::collections::BTreeSet;

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::NaiveDate;

use super::icon::Icon;
use super::pieces::MakeUp;
use super::step_pair::change_text;
use super::tags::Tag;
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, day_text, days_after, days_before};
use crate::care::medicine::tablets::{Pieces, Shelf};
use crate::care::taper::plan::Regimen;
use crate::care::taper::preview::{Preview, StepPreview};

/// The table of a draft's steps; the current dose stands above them.
#[derive(Debug, Template)]
#[template(path = "parts/steps.html")]
pub struct StepsTable {
    slots: Vec<Slot>,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    step: String,
    /// None: the current dose.
    change: Option<Change>,
    from_on: String,
    /// `until 20 Dec 2026, 14 days`
    lasts: String,
    daily: Amount,
    cells: Vec<Cell>,
}

#[derive(Debug)]
struct Change {
    from: Amount,
    percent: String,
    flags: Vec<Tag>,
}

#[derive(Debug)]
struct Cell {
    amount: Amount,
    made_of: MakeUp,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for StepsTable {}

impl StepsTable {
    pub fn new(baseline: &Regimen, baseline_on: NaiveDate, preview: &Preview, shelf: &Shelf) -> StepsTable {
        let slots: BTreeSet<Slot> = baseline.slots();
        let slots: Vec<Slot> = slots.into_iter().collect();
        let first = preview.steps.first().map_or(baseline_on, |step| step.starts_on);
        let mut rows = vec![Row {
            step: "Now".to_owned(),
            change: None,
            from_on: day_text(baseline_on),
            lasts: lasts(baseline_on, Some(u32::try_from((first - baseline_on).num_days()).unwrap_or(0))),
            daily: baseline.daily(),
            cells: slots.iter().map(|slot| current(baseline, *slot, shelf)).collect(),
        }];
        rows.extend(preview.steps.iter().map(|step| row(step, &slots)));
        StepsTable { slots, rows }
    }
}

fn current(baseline: &Regimen, slot: Slot, shelf: &Shelf) -> Cell {
    let amount = baseline.doses().filter(|dose| dose.slot == slot).map(|dose| dose.amount).sum();
    Cell { amount, made_of: MakeUp::planned(amount, &shelf.pieces(amount).unwrap_or_default()) }
}

fn row(step: &StepPreview, slots: &[Slot]) -> Row {
    let cell = |slot: &Slot| {
        let dose = step.doses.iter().find(|(dose, _)| dose.slot == *slot);
        let none = (Amount::ZERO, Pieces::default());
        let (amount, pieces) = dose.map_or(none, |(dose, pieces)| (dose.amount, pieces.clone()));
        Cell { amount, made_of: MakeUp::planned(amount, &pieces) }
    };
    Row {
        step: step.ordinal.to_string(),
        change: Some(Change {
            from: step.from,
            percent: change_text(step.from, step.daily).unwrap_or_default(),
            flags: flags(step.flags().map(|check| check.code)),
        }),
        from_on: day_text(step.starts_on),
        lasts: lasts(step.starts_on, step.least_days),
        daily: step.daily,
        cells: slots.iter().map(cell).collect(),
    }
}

fn lasts(from_on: NaiveDate, days: Option<u32>) -> String {
    match days {
        Some(days) => format!("until {}, {days} days", day_text(days_before(days_after(from_on, days), 1))),
        None => "and from then on".to_owned(),
    }
}

/// A tag for each check that wants a reason, in a few words; of two limits the larger tells enough.
pub fn flags<'a>(codes: impl IntoIterator<Item = &'a str>) -> Vec<Tag> {
    let codes: Vec<&str> = codes.into_iter().collect();
    let told = codes.iter().filter(|code| **code != "over_10_percent" || !codes.contains(&"over_25_percent"));
    told.map(|code| Tag::flag(in_a_few_words(code))).collect()
}

fn in_a_few_words(code: &str) -> &str {
    match code {
        "over_10_percent" => "Over 10%",
        "over_25_percent" => "Over 25%",
        "over_25_percent_in_14_days" => "Over 25% in 14 days",
        "last_step" => "Not from the smallest dose",
        "under_14_days" => "Under 14 days",
        "over_6_months" => "Past 6 months",
        "not_makeable" => "Cannot be made",
        "doses_not_given" => "Doses not given",
        "no_score_in_72_hours" => "No score of the last 72 hours",
        other => other,
    }
}
