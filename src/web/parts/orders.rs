//! Orders that wait for somebody: urgent ones for a pharmacist, telephone orders for their prescriber; and steps back.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::decided;
use super::tags::Tag;
use super::{Icon, span_text};
use crate::care::calendar::{Zone, day_text, days_after};
use crate::care::taper::fact::{PlanAct, PlanFact};
use crate::care::taper::level::Course;
use crate::care::taper::plan::Plan;
use crate::care::taper::telephone::CONFIRM_WITHIN;
use crate::web::links;

/// A step back is shown to pharmacists for so long, or until one has decided about the plan again.
const SHOWN_DAYS: u32 = 14;

/// What an order waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wants {
    /// A pharmacist’s review.
    Review,
    /// The prescriber’s confirmation.
    Confirmation,
    /// That a pharmacist sees it.
    Notice,
}

/// An order that is shown because it waits, or because it is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOrder {
    pub wants: Wants,
    pub href: String,
    /// `Urgent order: suspended`
    pub title: String,
    pub effect: String,
    pub at: DateTime<Utc>,
    /// Who gave it: the person’s id.
    pub prescriber: String,
}

impl OpenOrder {
    /// The orders of a running plan that wait, in the order in which they were given.
    pub fn all(plan: &Plan, course: &Course, facts: &[PlanFact], today: NaiveDate) -> Vec<OpenOrder> {
        let wants = |fact: &PlanFact| {
            let review = course.unreviewed.contains(&fact.id).then_some(Wants::Review);
            let confirmation = course.unconfirmed.contains(&fact.id).then_some(Wants::Confirmation);
            let notice = is_new_step_back(fact, facts, today).then_some(Wants::Notice);
            [review, confirmation, notice].into_iter().flatten().collect::<Vec<_>>()
        };
        let open = |fact: &PlanFact, wants| OpenOrder {
            wants,
            href: links::order(&plan.id, &fact.id),
            title: decided::title(&fact.act),
            effect: decided::effect(&fact.act),
            at: fact.at,
            prescriber: prescriber(fact).to_owned(),
        };
        facts
            .iter()
            .flat_map(|fact| wants(fact).into_iter().map(|wants| open(fact, wants)).collect::<Vec<_>>())
            .collect()
    }

    /// How long it has waited, and whether it is late.
    pub fn tag(&self, now: DateTime<Utc>) -> Tag {
        let age = (now - self.at).max(TimeDelta::zero());
        match self.wants {
            Wants::Confirmation if age >= CONFIRM_WITHIN => Tag::overdue(format!("{} unconfirmed", span_text(age))),
            Wants::Confirmation => Tag::needs_reason(format!("{} left to confirm", span_text(CONFIRM_WITHIN - age))),
            Wants::Review => Tag::needs_reason(format!("{} unreviewed", span_text(age))),
            Wants::Notice => Tag::new("soon", Icon::Step, format!("{} ago", span_text(age))),
        }
    }
}

/// Nobody has decided on the plan’s reductions since, and it is not long ago.
fn is_new_step_back(fact: &PlanFact, facts: &[PlanFact], today: NaiveDate) -> bool {
    let decided =
        |other: &&PlanFact| other.seq > fact.seq && matches!(other.act.kind(), "signed" | "held" | "returned");
    let new = matches!(fact.act, PlanAct::SteppedBack { .. }) && days_after(fact.on, SHOWN_DAYS) >= today;
    new && !facts.iter().any(|other| decided(&other))
}

/// Whoever’s word a decision is: of a telephone order the prescriber who gave it.
pub fn prescriber(fact: &PlanFact) -> &str {
    fact.telephone.as_ref().map_or(&fact.by, |call| &call.prescriber)
}

/// `By Dr Helen Marsh, 20 Nov 2026 08:12`; of a telephone order who gave it, who wrote it down and who heard it.
pub fn signed_words(fact: &PlanFact, names: &HashMap<String, String>, zone: Zone) -> Vec<String> {
    let name = |id: &str| names.get(id).map_or("somebody", String::as_str);
    let moment = |at: DateTime<Utc>| {
        let local = zone.local(at);
        format!("{} {}", day_text(local.date()), local.format("%H:%M"))
    };
    match &fact.telephone {
        None => vec![format!("By {}, {}.", name(&fact.by), moment(fact.at))],
        Some(call) => vec![
            format!("By {}, by telephone, {}.", name(&call.prescriber), moment(call.called_at)),
            format!("Written down and read back by {}, {}.", name(&fact.by), moment(fact.at)),
            format!("Heard by {}.", name(&call.heard_by)),
        ],
    }
}
