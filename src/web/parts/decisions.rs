//! What was decided about a plan, the newest first: who, when, what it means for the dose, and why.

use std::collections::HashMap;

use askama::Template;
use askama::filters::HtmlSafe;

use super::decided;
use super::waiting::daily;
use crate::care::calendar::{Zone, day_text};
use crate::care::taper::level::{Course, PlanAct, PlanFact, Standing};
use crate::care::taper::plan::Plan;
use crate::web::links;

#[derive(Debug, Clone, Template)]
#[template(path = "parts/decisions.html")]
pub struct Decisions {
    events: Vec<Event>,
}

#[derive(Debug, Clone)]
struct Event {
    title: String,
    /// `20 Nov 2026 08:12, Priya Venkatesan`
    by: String,
    words: String,
    rationale: String,
    href: Option<String>,
    /// It changed no dose, or does no longer.
    faint: bool,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for Decisions {}

impl Decisions {
    /// `names` are the printed names of people by their ids.
    pub fn new<'a>(
        plan: &Plan,
        course: &Course,
        facts: impl DoubleEndedIterator<Item = &'a PlanFact>,
        names: &HashMap<String, String>,
        zone: Zone,
    ) -> Decisions {
        let event = |fact: &PlanFact| Event {
            title: decided::title(&fact.act),
            by: signed_by(fact, names, zone),
            words: words(plan, course, fact),
            rationale: fact.rationale.clone(),
            href: fact.act.n().map(|n| links::reduction(&plan.id, i64::from(n))),
            faint: !matches!(fact.act, PlanAct::Approved { .. } | PlanAct::Signed { .. }) || is_void(course, fact),
        };
        Decisions { events: facts.rev().map(event).collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }
}

/// `20 Nov 2026 08:12, Priya Venkatesan`; of a telephone order whose it is, and who wrote it down.
pub fn signed_by(fact: &PlanFact, names: &HashMap<String, String>, zone: Zone) -> String {
    let at = zone.local(fact.at);
    let name = |id: &str| names.get(id).map_or("somebody", String::as_str);
    let called = fact.telephone.as_ref().map(|call| format!(", by telephone from {}", name(&call.prescriber)));
    let when = format!("{} {}", day_text(at.date()), at.format("%H:%M"));
    format!("{when}, {}{}", name(&fact.by), called.unwrap_or_default())
}

fn is_void(course: &Course, fact: &PlanFact) -> bool {
    let standing = fact.act.n().and_then(|n| course.reduction(n)).map(|reduction| &reduction.standing);
    matches!((&fact.act, standing), (PlanAct::Signed { .. }, Some(Standing::Void { .. })))
}

/// What the decision means for the dose.
fn words(plan: &Plan, course: &Course, fact: &PlanFact) -> String {
    match fact.act {
        PlanAct::Approved { version: 1 } => {
            format!("The baseline, {} daily, from {}.", daily(plan, 0), day_text(plan.baseline_on))
        }
        PlanAct::Signed { n, effective_on, .. } => {
            let Some(reduction) = course.reduction(n) else { return decided::effect(&fact.act) };
            let (from, to) = (plan.daily(&reduction.from), plan.daily(&reduction.to));
            let void = if is_void(course, fact) { " Void: it did not stay in effect." } else { "" };
            format!("From {from} to {to} daily, from {}.{void}", day_text(effective_on))
        }
        _ => decided::effect(&fact.act),
    }
}
