//! A taper under way: the doses reached so far, the ways down from them, and where the products stand in the way.

use std::collections::BTreeMap;

use serde::Serialize;

use super::DropsFirst;
use super::split::{evenly, in_dropping_order};
use crate::care::amount::Amount;
use crate::care::calendar::Slot;
use crate::care::medicine::Medicine;
use crate::care::medicine::tablets::{Nearest, Tablets};
use crate::care::refusal::Refusal;

/// More steps than any taper has.
pub const MOST_STEPS: usize = 1_000;

/// A place where a reduction was asked for and the products allow none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stall {
    /// `repeated`: the step simply lasts longer. `for_good`: the taper ends here.
    pub code: &'static str,
    pub text: String,
    /// The step that lasts.
    pub ordinal: u32,
}

impl Stall {
    /// The same after so many more steps.
    pub fn later_by(self, steps: u32) -> Stall {
        Stall { ordinal: self.ordinal + steps, ..self }
    }
}

/// One step of the way.
pub(super) struct Reached {
    /// The doses of each day, in the order of the slots; one day, or a week with nights without.
    pub cycle: Vec<Vec<Amount>>,
    pub least_days: u32,
}

/// The doses reached so far, and the steps that led to them.
pub(super) struct Walk<'a> {
    medicine: &'a Medicine,
    tablets: &'a Tablets<'a>,
    /// Every amount of one dose that can be made, 0 first.
    made: Vec<Amount>,
    pub(super) goal: Amount,
    /// In the order in which they give way.
    pub(super) slots: Vec<Slot>,
    /// The dose of each slot now.
    pub(super) now: Vec<Amount>,
    pub(super) steps: Vec<Reached>,
    pub(super) stalls: Vec<Stall>,
}

impl<'a> Walk<'a> {
    /// Sets out from today's doses, every one of which must be makeable, as must the goal.
    pub(super) fn from(
        medicine: &'a Medicine,
        today: &BTreeMap<Slot, Amount>,
        goal: Amount,
        first: DropsFirst,
        tablets: &'a Tablets<'a>,
    ) -> Result<Walk<'a>, Refusal> {
        let slots = in_dropping_order(today.keys().copied(), first);
        let now = slots.iter().map(|slot| today[slot]).collect();
        let made = tablets.amounts().collect();
        let walk = Walk { medicine, tablets, made, goal, slots, now, steps: Vec::new(), stalls: Vec::new() };
        if let Some((slot, amount)) = today.iter().find(|(_, amount)| !tablets.makes(**amount)) {
            let nearest = tablets.shelf().nearest(*amount).to_string();
            let (slot, amount, medicine) = (*slot, *amount, medicine.to_string());
            return Err(Refusal::DoseUnmakeable { slot, amount, medicine, nearest });
        }
        if walk.divided(goal).is_none() {
            let nearest = walk.nearest(goal).to_string();
            return Err(Refusal::GoalUnmakeable { goal, medicine: medicine.to_string(), nearest });
        }
        Ok(walk)
    }

    pub(super) fn daily(&self) -> Amount {
        self.now.iter().copied().sum()
    }

    pub(super) fn has_arrived(&self) -> bool {
        self.daily() <= self.goal
    }

    /// The ordinal of the step that comes next.
    pub(super) fn ordinal(&self) -> u32 {
        self.steps.len() as u32 + 1
    }

    /// The smallest daily amount at or above `least` that can be made; today's at the most.
    pub(super) fn at_or_above(&self, least: Amount) -> Amount {
        let unit = self.tablets.unit().ug();
        let mut days = (least.ug().div_ceil(unit)..).map(|units| Amount::from_ug(units * unit));
        days.find(|daily| *daily >= self.daily() || self.divided(*daily).is_some()).unwrap_or(self.daily())
    }

    /// The largest daily amount at or below `most` that can be made; 0 always can.
    pub(super) fn at_or_below(&self, most: Amount) -> Amount {
        let unit = self.tablets.unit().ug();
        let mut days = (0..=most.ug() / unit).rev().map(|units| Amount::from_ug(units * unit));
        days.find(|daily| self.divided(*daily).is_some()).unwrap_or_default()
    }

    /// The daily amount nearest to an exact one, so many micrograms over so many; the goal at the least, and of two as near
    /// the higher.
    pub(super) fn nearest_to(&self, over: u128, under: u128) -> Amount {
        let over = over.max(u128::from(self.goal.ug()) * under);
        let (below, above) = (Amount::from_ug((over / under) as u64), Amount::from_ug(over.div_ceil(under) as u64));
        let (below, above) = (self.at_or_below(below), self.at_or_above(above));
        let times = |amount: Amount| u128::from(amount.ug()) * under;
        let higher = below < self.goal || times(above) - over <= over - times(below);
        if higher { above } else { below }
    }

    /// One step down to a daily amount, divided evenly.
    pub(super) fn lower_to(&mut self, daily: Amount, days: u32) -> Result<(), Refusal> {
        let doses = self.divided(daily).ok_or_else(|| self.unmakeable(daily, self.nearest(daily)))?;
        self.step_to(doses, days)
    }

    /// One step to these very doses, each of which must be makeable.
    pub(super) fn step_to(&mut self, doses: Vec<Amount>, days: u32) -> Result<(), Refusal> {
        if let Some(dose) = doses.iter().find(|dose| !self.tablets.makes(**dose)) {
            return Err(self.unmakeable(*dose, self.tablets.shelf().nearest(*dose)));
        }
        self.now.clone_from(&doses);
        self.push(vec![doses], days)
    }

    /// One step at the doses as they are, with some days of its cycle free.
    pub(super) fn rest(&mut self, free: Vec<bool>, days: u32) -> Result<(), Refusal> {
        let none = vec![Amount::ZERO; self.now.len()];
        let cycle = free.into_iter().map(|free| if free { none.clone() } else { self.now.clone() }).collect();
        self.push(cycle, days)
    }

    fn push(&mut self, cycle: Vec<Vec<Amount>>, least_days: u32) -> Result<(), Refusal> {
        if self.steps.len() == MOST_STEPS {
            return Err(Refusal::TooManySteps { most: MOST_STEPS });
        }
        self.steps.push(Reached { cycle, least_days });
        Ok(())
    }

    /// The step before lasts so much longer: what comes next rounds to the same dose.
    pub(super) fn linger(&mut self, days: u32) {
        let (ordinal, daily) = (self.steps.len() as u32, self.daily());
        let Some(Reached { least_days, .. }) = self.steps.last_mut() else { return };
        *least_days += days;
        let text = format!("{daily} a day lasts {least_days} days: the next of the series rounds to the same dose.");
        self.stalls.retain(|stall| stall.ordinal != ordinal);
        self.stalls.push(Stall { code: "repeated", text, ordinal });
    }

    /// The taper ends here: the next reduction, `asked`, is less than the products can take away.
    pub(super) fn halt(&mut self, asked: &str) -> Result<(), Refusal> {
        let daily = self.daily();
        let nearest = self.at_or_below(daily.less(Amount::from_ug(1)));
        if self.steps.is_empty() {
            return Err(Refusal::NoReductionMakeable { asked: asked.to_owned(), daily, nearest: nearest.to_string() });
        }
        let text = format!(
            "The taper comes to a halt at {daily} a day: a reduction of {asked} cannot be made, and the nearest lower daily \
             dose that can is {nearest}."
        );
        self.stalls.push(Stall { code: "for_good", text, ordinal: self.steps.len() as u32 });
        Ok(())
    }

    /// A day's amount over the slots, if it can be made without raising any of them.
    pub(super) fn divided(&self, daily: Amount) -> Option<Vec<Amount>> {
        evenly(daily, &self.now, &self.made)
    }

    /// The nearest daily amounts below and above one that cannot be made.
    fn nearest(&self, daily: Amount) -> Nearest {
        let below = (!daily.is_zero()).then(|| self.at_or_below(daily.less(Amount::from_ug(1))));
        Nearest { below, above: Some(self.at_or_above(daily + Amount::from_ug(1))) }
    }

    fn unmakeable(&self, amount: Amount, nearest: Nearest) -> Refusal {
        let (step, medicine) = (self.ordinal(), self.medicine.to_string());
        match nearest {
            Nearest { below: Some(Amount::ZERO), above: Some(smallest) } => {
                Refusal::NothingSmaller { step, amount, smallest, medicine }
            }
            _ => Refusal::StepUnmakeable { step, amount, medicine, nearest: nearest.to_string() },
        }
    }
}
