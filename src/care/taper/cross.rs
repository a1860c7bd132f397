//! Cross-tapers: the doses of one medicine swapped for another's, night first, and then the new medicine reduced.

use super::plan::{Regimen, Step};
use super::protocol::Protocol;
use super::protocol::draft::{Ask, Draft};
use super::protocol::split::through_the_day;
use crate::care::amount::Amount;
use crate::care::calendar::days_after;
use crate::care::medicine::conversion::{Conversion, Converted};
use crate::care::medicine::shelves::Shelves;
use crate::care::medicine::tablets::Shelf;
use crate::care::refusal::Refusal;

/// Swaps last from a few days to four weeks each (ASAM 2025, Table 7: a conversion over one to two weeks is tolerated
/// better than one over one to two days).
pub const SWAP_DAYS: std::ops::RangeInclusive<u32> = 3..=28;

/// A cross-taper's beginning; the reductions of the new medicine are asked for as those of any taper.
#[derive(Debug, Clone)]
pub struct CrossAsk<'a> {
    pub conversion: &'a Conversion,
    /// What doses of the old medicine are made of.
    pub shelf: &'a Shelf,
    /// The new medicine, from the converted doses on; `first_reduction_on` is the day of the first swap.
    pub then: Ask<'a>,
}

impl<'a> CrossAsk<'a> {
    /// As any taper is asked for, with the medicine and the doses that take over.
    pub fn new(conversion: &'a Conversion, ask: Ask<'a>, shelves: &'a Shelves) -> CrossAsk<'a> {
        let today = conversion.doses.iter().map(|dose| (dose.slot, dose.to)).collect();
        let then = Ask { medicine: &conversion.to, today, shelf: shelves.of(&conversion.to), ..ask };
        CrossAsk { conversion, shelf: shelves.of(&conversion.from), then }
    }
}

/// The swaps, then the protocol's reductions of the new medicine.
pub fn draft(protocol: &Protocol, ask: &CrossAsk) -> Result<Draft, Refusal> {
    let conversion = ask.conversion;
    if !SWAP_DAYS.contains(&conversion.swap_days) {
        return Err(Refusal::SwapDays { least: *SWAP_DAYS.start(), most: *SWAP_DAYS.end() });
    }
    let baseline = Regimen::of(&conversion.from, conversion.doses.iter().map(|dose| (dose.slot, dose.from)));
    made(ask.shelf, conversion.doses.iter().map(|dose| (dose, dose.from)), &conversion.from.0)?;
    let mut steps = swaps(ask)?;
    let mut day = ask.then.first_reduction_on;
    for (ordinal, step) in (1..).zip(&mut steps) {
        (step.ordinal, step.planned_on) = (ordinal, day);
        day = days_after(day, conversion.swap_days);
    }
    let then = protocol.draft(&Ask { first_reduction_on: day, ..ask.then.clone() })?;
    let swapped = steps.len() as u32;
    steps.extend(then.steps.into_iter().map(|step| Step { ordinal: step.ordinal + swapped, ..step }));
    let stalls = then.stalls.into_iter().map(|stall| stall.later_by(swapped)).collect();
    Ok(Draft { baseline, steps, stalls, conversion: Some(conversion.clone()), ..then })
}

/// One step for each dose, or two where it goes by halves: the latest of the day first.
fn swaps(ask: &CrossAsk) -> Result<Vec<Step>, Refusal> {
    let Conversion { doses, from, to, swap_days, halves, .. } = ask.conversion;
    let mut latest_first = doses.clone();
    latest_first.sort_by_key(|dose| std::cmp::Reverse(through_the_day(dose.slot)));
    let mut steps = Vec::new();
    // How much of each dose has been swapped, in halves.
    let mut swapped = vec![0; latest_first.len()];
    for at in 0..latest_first.len() {
        for part in if *halves { 1..=2 } else { 2..=2 } {
            swapped[at] = part;
            let mut regimen: Vec<_> = Vec::new();
            for (dose, part) in latest_first.iter().zip(&swapped) {
                regimen.push(((dose.slot, from.clone()), half_of(ask.shelf, dose, dose.from, 2 - part, &from.0)?));
                if *part > 0 {
                    regimen.push(((dose.slot, to.clone()), half_of(ask.then.shelf, dose, dose.to, *part, &to.0)?));
                }
            }
            let cycle = vec![regimen.into_iter().collect()];
            steps.push(Step {
                ordinal: 0,
                planned_on: ask.then.first_reduction_on,
                least_days: Some(*swap_days),
                cycle,
            });
        }
    }
    Ok(steps)
}

/// So many halves of a dose, which must be makeable.
fn half_of(shelf: &Shelf, of: &Converted, whole: Amount, halves: u64, medicine: &str) -> Result<Amount, Refusal> {
    let amount = Amount::from_ug(whole.ug() * halves / 2);
    let exact = (whole.ug() * halves).is_multiple_of(2);
    if halves == 1 && (!exact || shelf.pieces(amount).is_none()) {
        let (slot, medicine, nearest) = (of.slot, medicine.to_owned(), shelf.nearest(amount).to_string());
        return Err(Refusal::HalfUnmakeable { slot, whole, medicine, nearest });
    }
    Ok(amount)
}

fn made<'a>(
    shelf: &Shelf,
    doses: impl Iterator<Item = (&'a Converted, Amount)>,
    medicine: &str,
) -> Result<(), Refusal> {
    for (dose, amount) in doses {
        if shelf.pieces(amount).is_none() {
            let (slot, medicine, nearest) = (dose.slot, medicine.to_owned(), shelf.nearest(amount).to_string());
            return Err(Refusal::DoseUnmakeable { slot, amount, medicine, nearest });
        }
    }
    Ok(())
}
