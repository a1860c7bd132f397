//! A plan's course as the chart and the strip draw it: what is signed, what is planned, and what became of the doses.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::chart::{Breadth, Chart, ChartFacts, Equivalents, Level, ScoreFacts};
use super::missed::Missed;
use super::strip::{Line, Square, Strip, StripFacts};
use crate::care::calendar::{Slot, days_after, days_before};
use crate::care::facility::Facility;
use crate::care::taper::level::{Course, Footing, PlanFact};
use crate::care::taper::plan::{Medicine, Plan, Step};
use crate::care::taper::schedule::DoseKey;
use crate::store::as_needed::AsNeededDose;
use crate::store::assessments::Assessment;
use crate::store::doses::Fate;

/// The strip, and the chart beside a form, look back so far.
const STRIP_DAYS: u32 = 14;
const NARROW_DAYS: u32 = 91;
const NARROW_DAYS_AHEAD: u32 = 63;

/// Everything the drawings are made from.
#[derive(Debug, Clone, Copy)]
pub struct Drawn<'a> {
    pub plan: &'a Plan,
    pub course: &'a Course,
    pub facts: &'a [PlanFact],
    pub fates: &'a [Fate],
    /// What the resident was given as needed, of any medicine.
    pub as_needed: &'a [AsNeededDose],
    /// On the facility's scale, the first one first.
    pub scores: &'a [Assessment],
    pub facility: &'a Facility,
    /// `HALVORSEN, Margit`
    pub resident: &'a str,
    pub now: DateTime<Utc>,
}

impl Drawn<'_> {
    fn day(&self, dose: &AsNeededDose) -> NaiveDate {
        self.facility.zone.day(dose.given_at)
    }

    fn today(&self) -> NaiveDate {
        self.facility.zone.day(self.now)
    }

    /// The whole plan, across the page.
    pub fn whole(&self) -> Chart {
        let last =
            self.planned().last().map(|level| level.on).max(self.course.stages.last().map(|stage| stage.from.on));
        let until_on = last.unwrap_or(self.today()).max(self.today());
        Chart::new(&ChartFacts { until_on: days_after(until_on, 14), ..self.facts(Breadth::Wide) })
    }

    /// The last months and the next, beside a form, which may ask for the first planned step.
    pub fn beside_a_form(&self, asks: bool) -> Chart {
        let facts = ChartFacts { asks, ..self.facts(Breadth::Narrow) };
        let from_on = facts.from_on.max(days_before(facts.today, NARROW_DAYS));
        let until_on = days_after(facts.today, NARROW_DAYS_AHEAD);
        Chart::new(&ChartFacts { from_on, until_on, ..facts })
    }

    fn facts(&self, breadth: Breadth) -> ChartFacts {
        let waits = self.course.waiting().is_some() && !self.course.stages.is_empty();
        ChartFacts {
            name: "taper",
            medicine: self.plan.medicine.clone(),
            equivalents: Equivalents::of(self.plan),
            resident: self.resident.to_owned(),
            from_on: self.plan.baseline_on,
            until_on: self.today(),
            today: self.today(),
            signed: self.signed(),
            planned: self.planned(),
            waits,
            asks: false,
            holds: self.holds(),
            away: self.away(),
            as_needed: self.as_needed.iter().map(|dose| (self.day(dose), dose.medicine.clone())).collect(),
            not_given: self.not_given().map(|(fate, missed)| (fate.dose.key.on, missed)).collect(),
            scores: self.scores(),
            breadth,
        }
    }

    /// The complete ones; of several on one day the last.
    fn scores(&self) -> ScoreFacts {
        let day = |score: &Assessment| Some((self.facility.zone.day(score.assessed_at), score.total?));
        let totals: BTreeMap<NaiveDate, i32> = self.scores.iter().filter_map(day).collect();
        let most = self.scores.last().map_or(0, |score| score.most);
        ScoreFacts { most, totals: totals.into_iter().collect() }
    }

    /// What was in force, in its order; an absence is drawn by its own band.
    fn signed(&self) -> Vec<Level> {
        let here = self.course.stages.iter().filter(|stage| stage.footing != Footing::Away);
        here.map(|stage| Level::of(self.plan, &stage.step, stage.from.on)).collect()
    }

    /// Nothing of a draft is in force: all its steps are planned.
    fn planned(&self) -> Vec<Level> {
        let level = |step: &Step, on| Level::of(self.plan, step, on);
        if self.course.stages.is_empty() {
            return self.plan.steps.iter().map(|step| level(step, step.planned_on)).collect();
        }
        let outlook = self.course.outlook(self.plan, self.today());
        outlook.into_iter().filter_map(|(step, on)| Some(level(self.plan.step(step)?, on))).collect()
    }

    /// A hold ends where it said, where somebody ended it, or where the next step began.
    fn holds(&self) -> Vec<(NaiveDate, NaiveDate)> {
        let hold = |fact: &PlanFact| fact.held_until(self.facts).map(|until| (fact.on, until));
        let next = |on| self.course.stages.iter().map(|stage| stage.from.on).find(|from| *from > on);
        let holds = self.facts.iter().filter_map(hold);
        holds.map(|(on, until)| (on, next(on).map_or(until, |next| until.min(next)))).collect()
    }

    /// An absence lasts until whatever came into force after it.
    fn away(&self) -> Vec<(NaiveDate, Option<NaiveDate>)> {
        let stages = &self.course.stages;
        let away = stages.iter().enumerate().filter(|(_, stage)| stage.footing == Footing::Away);
        away.map(|(at, stage)| (stage.from.on, stages.get(at + 1).map(|next| next.from.on))).collect()
    }

    fn not_given(&self) -> impl Iterator<Item = (&Fate, Missed)> {
        self.fates.iter().filter_map(|fate| self.missed(fate).map(|missed| (fate, missed)))
    }

    /// Not given as ordered; a dose without a record counts once its time to be recorded has passed.
    fn missed(&self, fate: &Fate) -> Option<Missed> {
        let Some(standing) = &fate.standing else {
            let no_record = fate.dose.due_at < self.facility.no_record_before(self.now);
            return no_record.then_some(Missed::NoRecord);
        };
        Missed::of(standing.outcome).or_else(|| fate.may_be_lost().map(|_| Missed::Vomited))
    }

    /// The last two weeks, slot by slot.
    pub fn strip(&self) -> Strip {
        let first = self.strip_from();
        let days = u32::try_from((self.today() - first).num_days()).unwrap_or(0) + 1;
        let fates: BTreeMap<&DoseKey, &Fate> = self.fates.iter().map(|fate| (&fate.dose.key, fate)).collect();
        let seen = fates.keys().filter(|key| key.on >= first);
        let lines: BTreeSet<(Slot, &Medicine)> = seen.map(|key| (key.slot, &key.medicine)).collect();
        let named = self.plan.medicines().len() > 1;
        let square = |key: &DoseKey| fates.get(key).map_or(Square::NoDose, |fate| self.square(fate));
        let line = |(slot, medicine): (Slot, &Medicine)| {
            let key = |day| DoseKey { on: days_after(first, day), slot, medicine: medicine.clone() };
            let squares = (0..days).map(|day| square(&key(day))).collect();
            Line { slot, medicine: if named { medicine.to_string() } else { String::new() }, squares }
        };
        Strip::new(&StripFacts { from_on: first, lines: lines.into_iter().map(line).collect() })
    }

    fn strip_from(&self) -> NaiveDate {
        days_before(self.today(), STRIP_DAYS - 1).max(self.plan.baseline_on.min(self.today()))
    }

    fn square(&self, fate: &Fate) -> Square {
        match (self.missed(fate), &fate.standing) {
            (Some(missed), _) => Square::Missed(missed),
            (None, Some(_)) => Square::Given,
            (None, None) => Square::ToCome,
        }
    }

    /// `R 10 Nov 20:00 refused`: what was not given in the days of the strip.
    pub fn missed_in_strip(&self) -> Vec<String> {
        let first = self.strip_from();
        let named = self.plan.medicines().len() > 1;
        let told = |(fate, missed): (&Fate, Missed)| {
            let key = &fate.dose.key;
            let day = key.on.format("%d\u{a0}%b");
            let medicine = if named { format!("{}, ", key.medicine) } else { String::new() };
            format!("{} {day} {} {medicine}{}", missed.letter(), key.slot, missed.words())
        };
        self.not_given().filter(|(fate, _)| fate.dose.key.on >= first).map(told).collect()
    }

    /// How many doses of the strip's days were given, of those that could be by now.
    pub fn given_in_strip(&self) -> (usize, usize) {
        let first = self.strip_from();
        let due = || self.fates.iter().filter(|fate| fate.dose.key.on >= first && self.square(fate) != Square::ToCome);
        (due().filter(|fate| self.square(fate) == Square::Given).count(), due().count())
    }
}
