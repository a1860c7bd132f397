//! Drafting: from today's doses and a protocol to the steps of a taper, or to the reason why there are none.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::Protocol;
use super::nights::Nights;
use super::occupancy::Occupancy;
use super::parameter::Settings;
use super::percent::{Part, Percentage};
use super::rule::{Round, Rule, Share};
use super::typed::Row;
use super::walk::{Reached, Stall, Walk};
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, days_after};
use crate::care::medicine::Medicine;
use crate::care::medicine::conversion::Conversion;
use crate::care::medicine::tablets::Shelf;
use crate::care::refusal::Refusal;
use crate::care::taper::plan::{Regimen, Step};

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
    /// Nights of a week that are without a dose already; 0 before any are.
    pub free_nights: u32,
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
    /// Of a cross-taper: what was confirmed.
    pub conversion: Option<Conversion>,
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
        let settings = Settings::of(&self.parameters, ask.chosen)?;
        self.rule.is_sound(&settings)?;
        self.accepts(ask)?;
        let tablets = ask.shelf.solve(ask.today.values().copied().sum())?;
        let mut walk = Walk::from(ask.medicine, &ask.today, ask.goal, self.drops_first, &tablets)?;
        walk.follow(&self.rule, &settings, ask)?;
        walk.draft(ask, settings.texts())
    }

    /// What no rule needs to know to say no.
    fn accepts(&self, ask: &Ask) -> Result<(), Refusal> {
        let medicine = ask.medicine.0.clone();
        let daily: Amount = ask.today.values().copied().sum();
        if !self.medicines.is_empty() && !self.medicines.contains(&medicine) {
            let medicines = self.medicines.join(" or ");
            return Err(Refusal::ProtocolMedicine { protocol: self.name.clone(), medicine, medicines });
        }
        if let Some(most) = self.most()?.filter(|most| *most < daily) {
            return Err(Refusal::ProtocolDose { protocol: self.name.clone(), most });
        }
        if self.is_typed() && ask.typed.is_empty() {
            return Err(Refusal::StepsMissing);
        }
        if !self.is_typed() && !ask.typed.is_empty() {
            return Err(Refusal::StepsUnused { protocol: self.name.clone() });
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

impl Walk<'_> {
    fn follow(&mut self, rule: &Rule, settings: &Settings, ask: &Ask) -> Result<(), Refusal> {
        match rule {
            Rule::Bands { bands } => self.follow_bands(bands, settings),
            Rule::OffEachDose { cut, days } => self.follow_off_each_dose(settings.amount(cut)?, settings.days(days)?),
            Rule::Percent { of, percent, days, round, floor } => {
                let of = Share::of(of, settings)?;
                let steady = Percentage::steady(of, settings.percent(percent)?, settings.days(days)?);
                let floor = floor.as_deref().map_or(Ok(Amount::ZERO), |floor| settings.amount(floor))?;
                self.follow_percentage(&Percentage { floor, ..steady }, Round::of(round, settings)?)
            }
            Rule::Phases { of, round, phases } => {
                let phases = phases.iter().map(|phase| Part::of(phase, settings)).collect::<Result<_, _>>()?;
                let rule = Percentage { of: Share::of(of, settings)?, floor: Amount::ZERO, phases };
                self.follow_percentage(&rule, Round::of(round, settings)?)
            }
            Rule::Occupancy { half_at, steps, days, round } => {
                let (half_at, steps) = (settings.amount(half_at)?, settings.count(steps)?);
                let model = Occupancy { half_at, steps, days: settings.days(days)? };
                self.follow_occupancy(&model, Round::of(round, settings)?)
            }
            Rule::Nights { percent, days, round, more, nights_days } => {
                let (percent, days) = (settings.percent(percent)?, settings.days(days)?);
                let (more, days_each) = (settings.count(more)?, settings.days(nights_days)?);
                let nights = Nights { free: ask.free_nights, more, days: days_each };
                let steady = Percentage::steady(Share::Initial, percent, days);
                self.follow_nights(&steady, Round::of(round, settings)?, nights)
            }
            Rule::Typed => self.follow_typed(ask.typed),
        }
    }

    /// The steps with their dates, each starting when the one before has lasted its least days.
    fn draft(self, ask: &Ask, settings: BTreeMap<String, String>) -> Result<Draft, Refusal> {
        let reaches_goal = self.has_arrived();
        let count = self.steps.len() as u32;
        let mut planned_on = ask.first_reduction_on;
        let mut steps = Vec::with_capacity(self.steps.len());
        for (ordinal, Reached { cycle, least_days }) in (1..).zip(self.steps) {
            let is_goal = reaches_goal && ordinal == count;
            let regimen = |doses| Regimen::of(ask.medicine, self.slots.iter().copied().zip(doses));
            let cycle = cycle.into_iter().map(regimen).collect();
            steps.push(Step { ordinal, planned_on, least_days: (!is_goal).then_some(least_days), cycle });
            planned_on = days_after(planned_on, least_days);
        }
        let baseline = Regimen::of(ask.medicine, ask.today.clone());
        if steps.last().is_some_and(|last| last.planned_on.year() > 9999) {
            return Err(Refusal::TooFarAhead);
        }
        Ok(Draft { baseline, steps, stalls: self.stalls, reaches_goal, settings, conversion: None })
    }
}
