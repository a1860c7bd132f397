//! The page to amend a plan: what stays, the form for what comes after, and both versions side by side.

use askama::Template;
use chrono::NaiveDate;

use super::super::fields::is_filled;
use super::super::names::MOST_STEPS;
use super::super::view::{ProtocolView, StepLine, products, protocol, step_line};
use super::entered::{Begun, Entered};
use crate::acts::amend_plan::Amended;
use crate::care::calendar::day_text;
use crate::care::catalogue::Catalogue;
use crate::care::medicine::shelves::Shelves;
use crate::care::taper::daily::Daily;
use crate::care::taper::level::{Footing, Stage};
use crate::care::taper::plan::{Plan, Step};
use crate::store::dossiers::Dossier;
use crate::web::parts::side_by_side::{SideBySide, doses_text};
use crate::web::parts::{Banner, Icon, Tag};
use crate::web::{Form, Link, Shell, links};

/// Lines for steps that stand open beyond those filled in.
const MORE_LINES: usize = 3;

#[derive(Template)]
#[template(path = "pages/plan_amend.html")]
pub struct View {
    pub shell: Shell,
    pub banner: Banner,
    pub form: Form,
    pub action: String,
    /// Where the level is decided by a step back.
    pub decide: String,
    pub medicine: String,
    pub version: u32,
    pub next: u32,
    pub level: Daily,
    /// Where the plan stays if no step follows: at the level, or after the last swap.
    pub stays: Daily,
    /// Why nothing can be amended now.
    pub hindrance: Option<String>,
    /// Why a pharmacist sent the plan back, where one did.
    pub sent_back: Option<String>,
    pub settled: Vec<Settled>,
    /// The day’s dose of an urgent order that other steps would go on from.
    pub ordered: Option<Daily>,
    /// How many swaps are still to come: `2 swaps`; none outside a cross-taper.
    pub swaps: Option<String>,
    /// What the typed steps reduce.
    pub reduced: String,
    pub earliest: String,
    pub protocols: Vec<ProtocolView>,
    pub heads: Vec<String>,
    pub steps: Vec<StepLine>,
    pub preview: Option<PreviewView>,
    /// The plan as it stands now, where something was decided meanwhile.
    pub moved: Option<Link>,
}

/// A step that stays as it was signed.
pub struct Settled {
    pub step: String,
    pub daily: Daily,
    pub doses: String,
    pub since: String,
    /// A prescriber ordered it: no step was signed.
    pub ordered: bool,
    pub now: bool,
}

/// Both versions, and what the later one wants to be known.
pub struct PreviewView {
    pub versions: SideBySide,
    pub protocol: String,
    pub citation: String,
    pub warnings: Vec<String>,
    pub products: String,
    /// A cycle with nights without cannot be written in lines.
    pub by_hand: bool,
}

impl PreviewView {
    pub fn new(
        entered: &Entered,
        amended: &Amended,
        warnings: Vec<String>,
        plan: &Plan,
        (settled, next): (usize, u32),
        shelves: &Shelves,
    ) -> PreviewView {
        let proposed = amended.of(plan, next);
        let before = format!("Version {}, in force", plan.version);
        let after = format!("Version {next}, not submitted");
        PreviewView {
            versions: SideBySide::new(plan, &proposed, settled, shelves).headed(&before, &after),
            protocol: entered.protocol.name.clone(),
            citation: entered.protocol.citation.clone(),
            products: products(plan.medicines(), shelves),
            by_hand: amended.steps.iter().skip(settled).all(|step| step.cycle.len() == 1),
            warnings,
        }
    }
}

impl View {
    pub fn new(shell: Shell, banner: Banner, dossier: &Dossier, form: Form, catalogue: &Catalogue) -> View {
        let (found, case) = (&dossier.found, &dossier.found.case);
        let begun = Begun::of(case);
        let returned = found.file.facts.iter().rev().find(|fact| fact.act.kind() == "returned");
        View {
            action: links::amend(&case.plan.id),
            decide: links::decide(&case.plan.id),
            medicine: case.plan.named(),
            version: case.plan.version,
            next: found.file.next_version(),
            level: case.daily_now().unwrap_or_default(),
            stays: begun
                .swaps
                .last()
                .map_or_else(|| case.daily_now(), |step| Some(case.plan.daily(step)))
                .unwrap_or_default(),
            hindrance: case.may_amend().err().map(|refusal| refusal.to_string()),
            sent_back: returned.filter(|_| case.course.sent_back).map(|fact| fact.rationale.clone()),
            settled: settled(dossier),
            ordered: case.ordered_step().map(|step| case.plan.daily(&step)),
            swaps: swaps(begun.swaps.len()),
            reduced: begun.medicine.to_string(),
            earliest: day_text(case.amended_from()),
            protocols: catalogue.protocols().iter().map(protocol).collect(),
            heads: begun.today.keys().map(|slot| slot.to_string()).collect(),
            steps: lines(&form, &begun),
            preview: None,
            moved: None,
            shell,
            banner,
            form,
        }
    }
}

fn swaps(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("One swap is".to_owned()),
        many => Some(format!("{many} swaps are")),
    }
}

fn settled(dossier: &Dossier) -> Vec<Settled> {
    let case = &dossier.found.case;
    let steps = case.settled_steps();
    let ordered = case.ordered_step();
    let began = |step: &Step| -> Option<NaiveDate> {
        if ordered.as_ref() == Some(step) {
            return Some(step.planned_on);
        }
        let of_plan = |stage: &&Stage| stage.footing == Footing::Planned && stage.step.ordinal == step.ordinal;
        let stage = case.course.stages.iter().rev().find(of_plan);
        stage.map(|stage| stage.from.on)
    };
    let row = |step: &Step| Settled {
        step: if step.ordinal == 0 { "Start".to_owned() } else { step.ordinal.to_string() },
        daily: case.plan.daily(step),
        doses: doses_text(step, case.plan.heading()),
        since: began(step).map(day_text).unwrap_or_default(),
        ordered: ordered.as_ref() == Some(step),
        now: step.ordinal as usize + 1 == steps.len(),
    };
    steps.iter().map(row).collect()
}

/// A few lines more than were filled in, numbered on from the step in force.
fn lines(form: &Form, begun: &Begun) -> Vec<StepLine> {
    let first = begun.step as usize + 1;
    let filled = (first..first + MOST_STEPS).filter(|step| is_filled(form.typed(), *step)).max();
    let last = (filled.unwrap_or(first) + MORE_LINES).min(first + MOST_STEPS - 1);
    (first..=last).map(|step| step_line(step, begun.today.len())).collect()
}
