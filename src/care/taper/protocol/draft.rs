//! Drafting: from today's doses and a protocol to the steps of a taper, or to the reason why there are none.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::parameter::Settings;
use super::split::{evenly, in_dropping_order};
use super::typed::Row;
use super::{Protocol, Rule};
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, days_after};
use crate::care::medicine::tablets::{Nearest, Shelf, Tablets};
use crate::care::refusal::Refusal;
use crate::care::taper::plan::{Medicine, Regimen, Step};

/// More steps than any taper has.
pub const MOST_STEPS: usize = 1_000;

/// What a taper is drafted from.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    pub medicine: &'a Medicine,
    /// Today's dose at each time of day.
    pub today: BTreeMap<Slot, Amount>,
    /// The protocol's parameters as chosen; the rest stay at their defaults.
    pub chosen: &'a BTreeMap<String, String>,
    /// The first day at the first reduced dose.
    pub first_reduction_on: NaiveDate,
    pub shelf: &'a Shelf,
    /// 0: stop. Above 0: stay there.
    pub goal: Amount,
    /// The typed steps, for a protocol that wants them.
    pub typed: &'a [Row],
}

/// A drafted taper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Today's regimen, step 0.
    pub baseline: Regimen,
    /// From ordinal 1; at least one.
    pub steps: Vec<Step>,
    /// Where the products stand in the protocol's way.
    pub stalls: Vec<Stall>,
    /// False: the products bring the taper to a halt for good before its goal. Such a plan cannot be approved.
    pub reaches_goal: bool,
    /// The protocol's parameters, all of them, as a plan keeps them.
    pub settings: BTreeMap<String, String>,
}

/// A place where a reduction was asked for and the products allow none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stall {
    /// `repeated`: the step simply lasts longer. `for_good`: the taper ends here.
    pub code: &'static str,
    pub text: String,
    /// The step that lasts.
    pub ordinal: u32,
}

impl Draft {
    /// All steps of a plan: the baseline, which lasts until the first reduction, and the reductions after it.
    pub fn all_steps(&self, baseline_on: NaiveDate, first_reduction_on: NaiveDate) -> Vec<Step> {
        let least_days = u32::try_from((first_reduction_on - baseline_on).num_days()).ok();
        let baseline = Step { ordinal: 0, planned_on: baseline_on, least_days, cycle: vec![self.baseline.clone()] };
        std::iter::once(baseline).chain(self.steps.iter().cloned()).collect()
    }
}

impl Protocol {
    /// The steps of this protocol from today's doses.
    pub fn draft(&self, ask: &Ask) -> Result<Draft, Refusal> {
        let settings = Settings::of(self, ask.chosen)?;
        self.accepts(ask)?;
        let most = ask.today.values().copied().sum();
        let tablets = ask.shelf.solve(most)?;
        let mut walk = Walk::new(self, ask, &tablets)?;
        match &self.rule {
            Rule::Bands { bands } => walk.follow_bands(bands, &settings)?,
            Rule::OffEachDose { cut, days } => walk.follow_off_each_dose(cut, days, &settings)?,
            Rule::Percent { of, percent, days, round } => {
                let days = settings.days(days).unwrap_or_default();
                let percent = settings.percent(percent).unwrap_or_default();
                match settings.word(round) {
                    Some("nearest") => walk.follow_series(*of, percent, days)?,
                    _ => walk.follow_percent(*of, percent, days)?,
                }
            }
            Rule::Typed => walk.follow_typed(ask.typed)?,
        }
        Ok(walk.draft(ask, settings.texts()))
    }

    /// What no rule needs to know to say no.
    fn accepts(&self, ask: &Ask) -> Result<(), Refusal> {
        let medicine = ask.medicine.0.clone();
        let daily: Amount = ask.today.values().copied().sum();
        if !self.medicines.is_empty() && !self.medicines.contains(&medicine) {
            let medicines = self.medicines.join(" or ");
            return Err(Refusal::ProtocolMedicine { protocol: self.name.clone(), medicine, medicines });
        }
        if let Some(most) = self.most().filter(|most| *most < daily) {
            return Err(Refusal::ProtocolDose { protocol: self.name.clone(), most });
        }
        if self.is_typed() == ask.typed.is_empty() {
            let unused = Refusal::StepsUnused { protocol: self.name.clone() };
            return Err(if self.is_typed() { Refusal::StepsMissing } else { unused });
        }
        if daily.is_zero() {
            return Err(Refusal::NoDose);
        }
        if ask.goal >= daily {
            return Err(Refusal::GoalTooHigh { goal: ask.goal, daily });
        }
        if ask.shelf.is_empty() { Err(Refusal::ShelfEmpty { medicine }) } else { Ok(()) }
    }
}

/// A taper under way: the dose reached so far, and the steps that led to it.
pub(super) struct Walk<'a> {
    medicine: &'a Medicine,
    tablets: &'a Tablets<'a>,
    /// Every amount of one dose that can be made, 0 first.
    made: Vec<Amount>,
    goal: Amount,
    /// The slots in the order in which they give way.
    slots: Vec<Slot>,
    /// The dose of each slot now.
    now: Vec<Amount>,
    /// The doses of each step, and its least days.
    steps: Vec<(Vec<Amount>, u32)>,
    stalls: Vec<Stall>,
}

impl<'a> Walk<'a> {
    fn new(protocol: &Protocol, ask: &Ask<'a>, tablets: &'a Tablets<'a>) -> Result<Walk<'a>, Refusal> {
        let medicine = ask.medicine;
        if let Some((slot, amount)) = ask.today.iter().find(|(_, amount)| !tablets.makes(**amount)) {
            let nearest = ask.shelf.nearest(*amount).to_string();
            return Err(Refusal::DoseUnmakeable {
                slot: *slot,
                amount: *amount,
                medicine: medicine.to_string(),
                nearest,
            });
        }
        let slots = in_dropping_order(ask.today.keys().copied(), protocol.drops_first);
        let now = slots.iter().map(|slot| ask.today[slot]).collect();
        let made = tablets.amounts().collect();
        let walk = Walk { medicine, tablets, made, goal: ask.goal, slots, now, steps: vec![], stalls: vec![] };
        if walk.split(ask.goal).is_none() {
            let nearest = walk.nearest(ask.goal).to_string();
            return Err(Refusal::GoalUnmakeable { goal: ask.goal, medicine: medicine.to_string(), nearest });
        }
        Ok(walk)
    }

    pub(super) fn goal(&self) -> Amount {
        self.goal
    }

    pub(super) fn daily(&self) -> Amount {
        self.now.iter().copied().sum()
    }

    pub(super) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The dose of each slot now, in the order of `slots`.
    pub(super) fn doses(&self) -> &[Amount] {
        &self.now
    }

    pub(super) fn has_arrived(&self) -> bool {
        self.daily() <= self.goal
    }

    /// The ordinal of the step that comes next.
    pub(super) fn ordinal(&self) -> u32 {
        self.steps.len() as u32 + 1
    }

    /// A day's amount over the slots, if it can be made without raising any of them.
    fn split(&self, daily: Amount) -> Option<Vec<Amount>> {
        evenly(daily, &self.now, &self.made)
    }

    /// The smallest daily amount at or above `least` that can be made; today's at the most.
    pub(super) fn at_or_above(&self, least: Amount) -> Amount {
        let unit = self.tablets.unit().ug();
        let mut days = (least.ug().div_ceil(unit)..).map(|units| Amount::from_ug(units * unit));
        days.find(|daily| *daily >= self.daily() || self.split(*daily).is_some()).unwrap_or(self.daily())
    }

    /// The largest daily amount at or below `most` that can be made; 0 always can.
    pub(super) fn at_or_below(&self, most: Amount) -> Amount {
        let unit = self.tablets.unit().ug();
        let mut days = (0..=most.ug() / unit).rev().map(|units| Amount::from_ug(units * unit));
        days.find(|daily| self.split(*daily).is_some()).unwrap_or_default()
    }

    fn nearest(&self, daily: Amount) -> Nearest {
        let below = (!daily.is_zero()).then(|| self.at_or_below(daily.less(Amount::from_ug(1))));
        Nearest { below, above: Some(self.at_or_above(daily + Amount::from_ug(1))) }
    }

    /// One step down to a daily amount, divided evenly.
    pub(super) fn lower_to(&mut self, daily: Amount, days: u32) -> Result<(), Refusal> {
        let doses = self.split(daily).ok_or_else(|| self.unmakeable(daily))?;
        self.step_to(doses, days)
    }

    /// One step to these very doses, each of which must be makeable.
    pub(super) fn step_to(&mut self, doses: Vec<Amount>, days: u32) -> Result<(), Refusal> {
        if let Some(dose) = doses.iter().find(|dose| self.made.binary_search(dose).is_err()) {
            return Err(self.dose_unmakeable(*dose));
        }
        if self.steps.len() == MOST_STEPS {
            return Err(Refusal::TooManySteps { most: MOST_STEPS });
        }
        self.now.clone_from(&doses);
        self.steps.push((doses, days));
        Ok(())
    }

    /// The step before lasts so much longer. Nothing where there is no step yet.
    pub(super) fn linger(&mut self, days: u32, text: impl FnOnce(Amount, u32) -> String) {
        let (ordinal, daily) = (self.steps.len() as u32, self.daily());
        let Some((_, least_days)) = self.steps.last_mut() else { return };
        *least_days += days;
        self.stalls.retain(|stall| stall.ordinal != ordinal);
        self.stalls.push(Stall { code: "repeated", text: text(daily, *least_days), ordinal });
    }

    /// The taper ends here: the next reduction, `asked`, is less than the products can take away.
    pub(super) fn halt(&mut self, asked: &str) -> Result<(), Refusal> {
        let daily = self.daily();
        let nearest = self.at_or_below(daily.less(Amount::from_ug(1)));
        if self.steps.is_empty() {
            return Err(Refusal::NoReductionMakeable { asked: asked.to_owned(), daily, nearest: nearest.to_string() });
        }
        let text = format!(
            "The taper comes to a halt at {daily} a day: a reduction of {asked} cannot be made, the nearest lower daily dose \
             that can is {nearest}."
        );
        self.stalls.push(Stall { code: "for_good", text, ordinal: self.steps.len() as u32 });
        Ok(())
    }

    fn unmakeable(&self, daily: Amount) -> Refusal {
        self.unmakeable_among(daily, self.nearest(daily))
    }

    fn dose_unmakeable(&self, dose: Amount) -> Refusal {
        let place = self.made.partition_point(|made| *made < dose);
        let nearest =
            Nearest { below: place.checked_sub(1).map(|at| self.made[at]), above: self.made.get(place).copied() };
        self.unmakeable_among(dose, nearest)
    }

    fn unmakeable_among(&self, amount: Amount, nearest: Nearest) -> Refusal {
        let (step, medicine) = (self.ordinal(), self.medicine.to_string());
        match nearest {
            Nearest { below: Some(Amount::ZERO), above: Some(smallest) } => {
                Refusal::NothingSmaller { step, amount, smallest, medicine }
            }
            _ => Refusal::StepUnmakeable { step, amount, medicine, nearest: nearest.to_string() },
        }
    }

    fn draft(self, ask: &Ask, settings: BTreeMap<String, String>) -> Draft {
        let reaches_goal = self.has_arrived();
        let regimen =
            |doses: &[Amount]| Regimen::of(self.medicine, self.slots.iter().copied().zip(doses.iter().copied()));
        let count = self.steps.len();
        let mut starts_on = ask.first_reduction_on;
        let mut steps = Vec::with_capacity(count);
        for (ordinal, (doses, days)) in (1..).zip(&self.steps) {
            let last = reaches_goal && ordinal as usize == count;
            let least_days = (!last).then_some(*days);
            steps.push(Step { ordinal, planned_on: starts_on, least_days, cycle: vec![regimen(doses)] });
            starts_on = days_after(starts_on, *days);
        }
        let baseline = Regimen::of(self.medicine, ask.today.iter().map(|(slot, amount)| (*slot, *amount)));
        Draft { baseline, steps, stalls: self.stalls, reaches_goal, settings }
    }
}
