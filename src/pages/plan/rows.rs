//! The steps of a plan that was approved: planned, in effect, signed by whom and why, and what still waits.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::care::calendar::{Slot, day_text};
use crate::care::taper::daily::Daily;
use crate::care::taper::daily::change_text;
use crate::care::taper::level::{Footing, PlanAct, PlanFact, Stage};
use crate::care::taper::plan::Step;
use crate::care::taper::preview::Preview;
use crate::store::dossiers::Dossier;
use crate::web::links;
use crate::web::parts::Tag;
use crate::web::parts::decisions::signed_by;
use crate::web::parts::waiting::{Waiting, daily};

/// One step of the table, with the holds before it.
pub struct Row {
    pub class: &'static str,
    pub step: String,
    pub daily: String,
    pub change: Option<Change>,
    pub doses: Vec<String>,
    pub planned: String,
    /// When it took effect, or can at the earliest.
    pub effect: String,
    /// `14 days late`
    pub late: String,
    pub tag: Tag,
    pub by: String,
    pub rationale: String,
    pub href: Option<String>,
    pub holds: Vec<String>,
}

pub struct Change {
    pub from: Daily,
    pub percent: String,
    pub flagged: bool,
}

/// Every slot that the plan ever gives a dose at.
pub fn slots(dossier: &Dossier) -> Vec<Slot> {
    let cycles = dossier.found.file.plan.steps.iter().flat_map(|step| &step.cycle);
    let slots: BTreeSet<Slot> = cycles.flat_map(|regimen| regimen.slots()).collect();
    slots.into_iter().collect()
}

pub fn rows(dossier: &Dossier) -> Vec<Row> {
    let found = &dossier.found;
    let flagged: BTreeSet<u32> = Preview::of_plan(&found.file.plan, &dossier.shelves)
        .map(|preview| {
            let flagged = preview.steps.iter().filter(|step| step.flags().next().is_some());
            flagged.map(|step| step.ordinal).collect()
        })
        .unwrap_or_default();
    let outlook: HashMap<u32, NaiveDate> =
        found.case.course.outlook(&found.file.plan, found.case.today).into_iter().collect();
    let reader = Reader { dossier, slots: slots(dossier), flagged, outlook };
    found.file.plan.steps.iter().map(|step| reader.row(step)).collect()
}

struct Reader<'a> {
    dossier: &'a Dossier,
    slots: Vec<Slot>,
    flagged: BTreeSet<u32>,
    outlook: HashMap<u32, NaiveDate>,
}

impl Reader<'_> {
    fn row(&self, step: &Step) -> Row {
        let (plan, course) = (&self.dossier.found.file.plan, &self.dossier.found.case.course);
        let amount = |slot: &Slot| step.regimen().told_at(*slot, plan.heading());
        let row = Row {
            class: "tr-plan",
            step: if step.ordinal == 0 { "Start".to_owned() } else { step.ordinal.to_string() },
            daily: plan.daily(step).to_string(),
            change: step.ordinal.checked_sub(1).map(|before| self.change(daily(plan, before), step)),
            doses: self.slots.iter().map(amount).collect(),
            planned: day_text(step.planned_on),
            effect: "–".to_owned(),
            late: String::new(),
            tag: Tag::unsigned("Planned"),
            by: String::new(),
            rationale: String::new(),
            href: None,
            holds: self.holds(step.ordinal),
        };
        let planned = || course.stages.iter().rev().filter(|stage| stage.footing == Footing::Planned);
        // After a step back every later step is signed anew.
        let reached = planned().next().is_some_and(|last| step.ordinal <= last.step.ordinal);
        let of_step = || planned().filter(|stage| reached && stage.step.ordinal == step.ordinal);
        // A return takes a level up again; whoever records it has not decided it.
        match of_step().find(|stage| self.decided(stage)).or_else(|| of_step().next()) {
            Some(stage) => self.signed(row, step, stage),
            None => self.to_come(row, step),
        }
    }

    fn fact(&self, id: &str) -> Option<&PlanFact> {
        self.dossier.found.file.facts.iter().find(|fact| fact.id == id)
    }

    /// By an approval, a signature or an order, not by a return.
    fn decided(&self, stage: &Stage) -> bool {
        self.fact(&stage.authorised_by).is_some_and(|fact| !matches!(fact.act, PlanAct::CameBack { .. }))
    }

    /// The decision that a step rests on: of one that began with a return, the baseline or what goes on from an order, it is
    /// the approval.
    fn decision(&self, stage: &Stage) -> Option<&PlanFact> {
        let began = self.fact(&stage.authorised_by)?;
        let approved = |fact: &&PlanFact| matches!(fact.act, PlanAct::Approved { .. }) && fact.seq < began.seq;
        let mut approvals = self.dossier.found.file.facts.iter().filter(approved);
        match self.decided(stage) {
            true => Some(began),
            false if stage.step.ordinal == 0 => approvals.next(),
            false => approvals.next_back(),
        }
    }

    /// Without a signature: what an order gave already.
    fn is_taken_up(&self, stage: &Stage) -> bool {
        let approved = |fact: &PlanFact| matches!(fact.act, PlanAct::Approved { .. });
        stage.n.is_none() && stage.step.ordinal > 0 && self.decision(stage).is_some_and(approved)
    }

    fn change(&self, from: Daily, step: &Step) -> Change {
        let plan = &self.dossier.found.file.plan;
        let percent = change_text(&from, &plan.daily(step)).unwrap_or_default();
        Change { from, percent, flagged: self.flagged.contains(&step.ordinal) }
    }

    fn signed(&self, row: Row, step: &Step, stage: &Stage) -> Row {
        let found = &self.dossier.found;
        let (plan, today) = (&found.file.plan, found.case.today);
        let now = found.case.course.stage_on(today).filter(|now| now.footing == Footing::Planned);
        let in_effect = now.is_some_and(|now| now.step.ordinal == step.ordinal);
        let fact = self.decision(stage);
        let word = match fact.map(|fact| &fact.act) {
            Some(PlanAct::SteppedBack { .. }) => "Ordered",
            _ if stage.n.is_none() => "Approved",
            _ => "Signed",
        };
        let state = match (in_effect, stage.from.on > today) {
            (true, _) => format!("{word}, in effect"),
            (_, true) => format!("{word}, not yet"),
            _ => word.to_owned(),
        };
        // Its doses were given since the order: nothing of it came late.
        let from = if self.is_taken_up(stage) { step.planned_on } else { stage.from.on };
        Row {
            class: if in_effect { "tr-now" } else { "" },
            effect: day_text(from),
            late: late(from, step.planned_on),
            tag: Tag::signed(state),
            by: fact.map(|fact| self.by(fact)).unwrap_or_default(),
            rationale: fact.map(|fact| fact.rationale.clone()).unwrap_or_default(),
            href: stage.n.map(|n| links::reduction(&plan.id, i64::from(n))),
            ..row
        }
    }

    fn to_come(&self, row: Row, step: &Step) -> Row {
        let (found, today) = (&self.dossier.found, self.dossier.found.case.today);
        let (plan, course) = (&found.file.plan, &found.case.course);
        let shifted = self.outlook.get(&step.ordinal).filter(|on| **on > step.planned_on);
        let row = match shifted {
            Some(on) => Row { effect: String::new(), late: format!("not before {}", day_text(*on)), ..row },
            None => row,
        };
        let Some(open) = course.waiting().filter(|open| open.to.ordinal == step.ordinal) else {
            return row;
        };
        let waiting = Waiting::of(course, &found.file.facts, found.facility.sign_ahead_days, today);
        let tag = match waiting {
            Waiting::Pharmacist { held: None, .. } => Tag::unsigned("Waiting for signature"),
            Waiting::Prescriber { .. } => Tag::unsigned("Sent back"),
            _ => Tag::unsigned("Next"),
        };
        let words = match waiting {
            Waiting::Pharmacist { since, held: None, .. } => {
                format!("In the pharmacist’s queue since {}.", day_text(since))
            }
            _ => waiting.words(&plan.daily(&open.from), today),
        };
        Row {
            class: "tr-next",
            tag,
            rationale: words,
            href: Some(links::reduction(&plan.id, i64::from(open.n))),
            ..row
        }
    }

    fn by(&self, fact: &PlanFact) -> String {
        signed_by(fact, &self.dossier.names, self.dossier.found.facility.zone)
    }

    /// The holds that kept a step from coming.
    fn holds(&self, step: u32) -> Vec<String> {
        let (facts, course) = (&self.dossier.found.file.facts, &self.dossier.found.case.course);
        let of_step = |fact: &&PlanFact| {
            let n = fact.act.n().and_then(|n| course.reduction(n));
            n.is_some_and(|one| one.to.ordinal == step)
        };
        let hold = |fact: &PlanFact| {
            let (from, until) = (day_text(fact.on), day_text(fact.held_until(facts)?));
            Some(format!("Hold from {from} to {until}. Signed {}. {}", self.by(fact), fact.rationale))
        };
        facts.iter().filter(of_step).filter_map(hold).collect()
    }
}

fn late(on: NaiveDate, planned_on: NaiveDate) -> String {
    match (on - planned_on).num_days() {
        1 => "1 day late".to_owned(),
        late if late > 1 => format!("{late} days late"),
        _ => String::new(),
    }
}
