//! The steps of a taper before anybody signed one: each with its days, doses, pieces, size, and what wants a reason.

use std::collections::BTreeSet;

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::NaiveDate;

use super::icon::Icon;
use super::pieces::MakeUp;
use super::tags::Tag;
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, day_text, days_after, days_before};
use crate::care::medicine::shelves::Shelves;
use crate::care::medicine::tablets::Pieces;
use crate::care::taper::daily::change_text;
use crate::care::taper::plan::{PlannedDose, Regimen};
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
    daily: String,
    /// One for each time of day, each with the doses of that time.
    cells: Vec<Vec<Cell>>,
}

#[derive(Debug)]
struct Change {
    from: String,
    percent: String,
    flags: Vec<Tag>,
}

#[derive(Debug)]
struct Cell {
    amount: Amount,
    /// Empty where there is only one.
    medicine: String,
    made_of: MakeUp,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for StepsTable {}

impl StepsTable {
    pub fn new(baseline: &Regimen, baseline_on: NaiveDate, preview: &Preview, shelves: &Shelves) -> StepsTable {
        let made = |dose: &PlannedDose| shelves.of(&dose.medicine).pieces(dose.amount).unwrap_or_default();
        let today: Vec<_> = baseline.doses().map(|dose| (dose.clone(), made(&dose))).collect();
        let named = preview.totals.len() > 1;
        let heading = baseline.medicines().into_iter().next().filter(|_| !named);
        let slots: BTreeSet<Slot> = baseline.slots();
        let slots: Vec<Slot> = slots.into_iter().collect();
        let first = preview.steps.first().map_or(baseline_on, |step| step.starts_on);
        let mut rows = vec![Row {
            step: "Now".to_owned(),
            change: None,
            from_on: day_text(baseline_on),
            lasts: lasts(baseline_on, Some(u32::try_from((first - baseline_on).num_days()).unwrap_or(0))),
            daily: baseline.told(heading),
            cells: cells(&today, &slots, named),
        }];
        rows.extend(preview.steps.iter().map(|step| row(step, &slots, named)));
        StepsTable { slots, rows }
    }
}

/// The doses of each time of day; 0 mg where there is none.
fn cells(doses: &[(PlannedDose, Pieces)], slots: &[Slot], named: bool) -> Vec<Vec<Cell>> {
    let cell = |(dose, pieces): &(PlannedDose, Pieces)| Cell {
        amount: dose.amount,
        medicine: if named { dose.medicine.to_string() } else { String::new() },
        made_of: MakeUp::planned(dose.amount, pieces),
    };
    let none = || Cell {
        amount: Amount::ZERO,
        medicine: String::new(),
        made_of: MakeUp::planned(Amount::ZERO, &Pieces::default()),
    };
    let at = |slot: &Slot| {
        let mut found: Vec<Cell> = doses.iter().filter(|(dose, _)| dose.slot == *slot).map(cell).collect();
        if found.is_empty() {
            found.push(none());
        }
        found
    };
    slots.iter().map(at).collect()
}

fn row(step: &StepPreview, slots: &[Slot], named: bool) -> Row {
    let (before, after) = step.averages;
    Row {
        step: step.ordinal.to_string(),
        change: Some(Change {
            from: step.from_told.clone(),
            percent: change_text(before, after).unwrap_or_default(),
            flags: flags(step.flags().map(|check| check.code)),
        }),
        from_on: day_text(step.starts_on),
        lasts: lasts(step.starts_on, step.least_days),
        daily: step.told.clone(),
        cells: cells(&step.doses, slots, named),
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
        "severe_sign" => "Severe sign of late",
        "as_needed_used" => "As-needed use",
        "no_score_in_72_hours" => "No score of the last 72 hours",
        other => other,
    }
}
