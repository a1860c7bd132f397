//! One psychotropic medicine of one resident: what was noted of it, and what its tapers here come to.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::note::{Class, Note, Noted};
use super::rules::GradualRules;
use super::standing::{Attempt, Case, Contraindication, Counting, Made, Standing};
use super::year::{Quarter, quarter};
use crate::care::amount::Amount;
use crate::care::calendar::{days_after, days_before};
use crate::care::medicine::Medicine;
use crate::care::taper::baseline::since::Since;
use crate::care::taper::level::{Course, Footing};
use crate::care::taper::plan::{Plan, Step};

/// So many days before its day, an attempt is asked for as due soon.
pub const SOON_DAYS: u32 = 30;

/// What is known of one medicine of one resident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Treatment {
    pub resident: String,
    pub medicine: Medicine,
    /// In the order of `seq`.
    pub notes: Vec<Note>,
    /// What the baseline of its taper says about since when it is taken. No note yet: somebody has yet to stand by it.
    pub said_since: Option<Since>,
    /// Reductions signed here that are in force, in the order of their days.
    pub lowered: Vec<Attempt>,
    /// The last day before a taper here came to 0 mg.
    pub emptied_on: Option<NaiveDate>,
    /// A taper here gives some of it.
    pub taken_here: bool,
}

/// The time for which it has been taken, without a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    pub since: NaiveDate,
    pub class: Class,
    /// The last day on which it was taken.
    pub ended_on: Option<NaiveDate>,
}

/// How a medicine stands, and what that rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub spell: Spell,
    pub standing: Standing,
    /// The day it is about.
    pub today: NaiveDate,
    /// Every attempt since the start, and whether it counts.
    pub attempts: Vec<(Attempt, Counting)>,
    pub contraindications: Vec<Contraindication>,
    /// The four of the first year.
    pub quarters: Vec<Quarter>,
}

/// The order in which somebody should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    Late,
    Soon,
    /// Its start is not recorded, so nothing can be said.
    Unknown,
    Later,
    Contraindicated,
    Met,
    Ended,
}

impl Treatment {
    pub fn new(resident: String, medicine: Medicine) -> Treatment {
        Treatment {
            resident,
            medicine,
            notes: Vec::new(),
            said_since: None,
            lowered: Vec::new(),
            emptied_on: None,
            taken_here: false,
        }
    }

    /// The notes that nobody struck out.
    pub fn standing_notes(&self) -> impl Iterator<Item = &Note> {
        let struck = |note: &Note| match &note.noted {
            Noted::Struck { note } => Some(note.clone()),
            _ => None,
        };
        let struck: BTreeSet<String> = self.notes.iter().filter_map(struck).collect();
        let stands = move |note: &&Note| !matches!(note.noted, Noted::Struck { .. }) && !struck.contains(&note.id);
        self.notes.iter().filter(stands)
    }

    /// Since when it is taken, as the notes say; none where no note says so.
    pub fn spell(&self, today: NaiveDate) -> Option<Spell> {
        let mut spell: Option<Spell> = None;
        for note in self.standing_notes() {
            match note.noted {
                Noted::Begun { on, class } => spell = Some(Spell { since: on, class, ended_on: None }),
                Noted::Ended { on } => spell.iter_mut().for_each(|spell| spell.ended_on = Some(on)),
                _ => {}
            }
        }
        let emptied = self.emptied_on.filter(|on| *on <= today && !self.taken_here);
        spell.map(|spell| Spell {
            ended_on: spell.ended_on.or(emptied.filter(|on| days_after(*on, 1) > spell.since)),
            ..spell
        })
    }

    /// How it stands on a day; none where its start is not recorded.
    pub fn report(&self, rules: &GradualRules, today: NaiveDate) -> Option<Report> {
        let spell = self.spell(today)?;
        let (attempts, contraindications) = (self.attempts(&spell, today), self.contraindications(&spell));
        let case =
            Case { since: spell.since, rules, attempts: &attempts, contraindications: &contraindications, today };
        let (counting, standing) = (case.counting(), case.standing());
        Some(Report {
            standing: spell.ended_on.map_or(standing, |on| Standing::Ended { on }),
            attempts: attempts.into_iter().zip(counting).collect(),
            contraindications,
            today,
            quarters: (0..4).map(|nth| quarter(spell.since, nth)).collect(),
            spell,
        })
    }

    fn attempts(&self, spell: &Spell, today: NaiveDate) -> Vec<Attempt> {
        let noted = self.standing_notes().filter_map(|note| match note.noted {
            Noted::Attempted { on } => Some(Attempt { on, made: Made::Elsewhere { note: note.id.clone() } }),
            _ => None,
        });
        let all = self.lowered.iter().cloned().chain(noted);
        let mut attempts: Vec<Attempt> = all.filter(|one| (spell.since..=today).contains(&one.on)).collect();
        attempts.sort_by_key(|attempt| attempt.on);
        attempts
    }

    fn contraindications(&self, spell: &Spell) -> Vec<Contraindication> {
        let noted = self.standing_notes().filter_map(|note| match note.noted {
            Noted::Contraindicated { on, again_on } => Some(Contraindication { on, again_on }),
            _ => None,
        });
        noted.filter(|one| one.on >= spell.since).collect()
    }

    /// Takes in what a taper here comes to on a day: which of its signed reductions lowered this medicine.
    pub fn take_plan(&mut self, plan: &Plan, course: &Course, running: bool, today: NaiveDate) {
        let begun = |from: NaiveDate| from <= today;
        for pair in course.stages.windows(2).filter(|pair| begun(pair[1].from.on)) {
            let (before, after) = (&pair[0].step, &pair[1].step);
            let (from, to) = (daily_of(before, &self.medicine), daily_of(after, &self.medicine));
            if let (Some(n), true) = (pair[1].n, to < from && !another_rises(before, after, &self.medicine)) {
                let made = Made::Here { plan: plan.id.clone(), n, from, to };
                self.lowered.push(Attempt { on: pair[1].from.on, made });
            }
        }
        self.lowered.sort_by_key(|attempt| attempt.on);
        let said = plan.baseline.as_ref().filter(|_| plan.medicine == self.medicine).and_then(|known| known.since);
        self.said_since = said.or(self.said_since);
        let Some(now) = course.stage_on(today) else { return };
        // What an urgent order suspends, or an absence interrupts, is still the resident's medicine.
        if matches!(now.footing, Footing::Planned | Footing::Stopped) && daily_of(&now.step, &self.medicine).is_zero() {
            self.emptied_on = self.emptied_on.max(Some(days_before(now.from.on, 1)));
        } else {
            self.taken_here |= running;
        }
    }
}

/// The largest amount of one medicine on any day of a step.
fn daily_of(step: &Step, medicine: &Medicine) -> Amount {
    let daily = step.cycle.iter().map(|regimen| {
        regimen.doses().filter(|dose| dose.medicine == *medicine).map(|dose| dose.amount).sum::<Amount>()
    });
    daily.max().unwrap_or(Amount::ZERO)
}

/// A medicine that another takes the place of is swapped, not reduced.
fn another_rises(before: &Step, after: &Step, medicine: &Medicine) -> bool {
    let others = medicines_of(after).into_iter().filter(|other| other != medicine);
    others.into_iter().any(|other| daily_of(after, &other) > daily_of(before, &other))
}

/// Every medicine of a step.
pub fn medicines_of(step: &Step) -> BTreeSet<Medicine> {
    step.cycle.iter().flat_map(|regimen| regimen.doses()).map(|dose| dose.medicine).collect()
}

/// How soon somebody should look, and the day it is about.
pub fn urgency(report: Option<&Report>, today: NaiveDate) -> (Urgency, Option<NaiveDate>) {
    let soon = |by: NaiveDate, otherwise| if by <= days_after(today, SOON_DAYS) { Urgency::Soon } else { otherwise };
    let Some(report) = report else { return (Urgency::Unknown, None) };
    match report.standing {
        Standing::Late { since, .. } => (Urgency::Late, Some(since)),
        Standing::Wanted { by, .. } => (soon(by, Urgency::Later), Some(by)),
        Standing::Contraindicated { again_on } => (soon(again_on, Urgency::Contraindicated), Some(again_on)),
        Standing::Met { next_by } => (Urgency::Met, next_by),
        Standing::Ended { on } => (Urgency::Ended, Some(on)),
    }
}
