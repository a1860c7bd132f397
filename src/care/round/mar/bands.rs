//! The levels above the cells: from which day to which day what is in force, and where it changes.

use chrono::NaiveDate;

use super::{Cell, MarFacts, Month, Taken};
use crate::care::amount::Amount;
use crate::care::calendar::Slot;
use crate::care::medicine::Medicine;
use crate::care::taper::level::{Course, Stage};
use crate::care::taper::schedule::{DoseKey, DoseLevel};

/// One slot's dose over some days of a month, by one decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// The place of its first day in the month, and how many days it lasts.
    pub from: usize,
    pub days: usize,
    /// None: nothing is in force.
    pub level: Option<DoseLevel>,
    /// What took the dose away, where it is 0 mg by something else than a step.
    pub taken: Option<Taken>,
    /// The dose before it, where it is another.
    pub changed_from: Option<Amount>,
}

/// One stage of a plan over some days of a month, as it stands at the end of each day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span<'a> {
    pub from: usize,
    pub days: usize,
    /// None: nothing of the plan is in force.
    pub stage: Option<&'a Stage>,
}

/// Of each day the dose as its row has it; where none was laid out, as the plan says.
pub fn bands_of(month: Month, (slot, medicine): (Slot, &Medicine), cells: &[Cell], facts: MarFacts) -> Vec<Band> {
    let level = |(on, cell): (NaiveDate, &Cell)| {
        let laid = cell.entries.iter().rev().find_map(|entry| entry.dose.as_ref()).map(|dose| dose.level.clone());
        laid.or_else(|| facts.levels.get(&DoseKey { on, slot, medicine: medicine.clone() }).cloned())
    };
    let mut bands: Vec<Band> = Vec::new();
    for (from, level) in month.days().zip(cells).map(level).enumerate() {
        let amount = |level: &Option<DoseLevel>| level.as_ref().map(|level| (level.amount, level.undecided));
        let none = level.as_ref().filter(|level| level.amount.is_zero());
        let taken = none.and_then(|level| facts.taken.get(&level.authorised_by)).copied();
        match bands.last_mut() {
            Some(band) if amount(&band.level) == amount(&level) && band.taken == taken => band.days += 1,
            last => {
                let before = last.and_then(|band| Some(band.level.as_ref()?.amount));
                let changed_from = before.filter(|before| level.as_ref().is_some_and(|now| now.amount != *before));
                bands.push(Band { from, days: 1, level, taken, changed_from });
            }
        }
    }
    bands
}

/// The stages of a plan over a month, the last one to its end: what is signed stays in effect until somebody decides.
pub fn spans_of(month: Month, course: &Course) -> Vec<Span<'_>> {
    let over = course.finished_on;
    let mut spans: Vec<Span> = Vec::new();
    for (from, on) in month.days().enumerate() {
        let stage = course.stage_on(on).filter(|_| over.is_none_or(|over| on < over));
        match spans.last_mut() {
            Some(span) if span.stage == stage => span.days += 1,
            _ => spans.push(Span { from, days: 1, stage }),
        }
    }
    spans
}
