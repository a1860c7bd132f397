//! Orders that wait for somebody: urgent ones for a pharmacist, telephone orders for their prescriber; and steps back.

use std::collections::HashMap;

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::decided;
use super::tags::Tag;
use super::{Icon, span_text};
use crate::care::calendar::{Zone, day_text, next_working_day};
use crate::care::facility::Facility;
use crate::care::resident::Resident;
use crate::care::taper::fact::{PlanAct, PlanFact};
use crate::care::taper::level::Course;
use crate::care::taper::plan::Plan;
use crate::care::taper::telephone::CONFIRM_WITHIN;
use crate::store::plans::{PlanFile, PlanState};
use crate::web::links;

/// A step back is shown to pharmacists for so long, or until one has decided about the plan again.
const SHOWN_DAYS: i64 = 14;

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
    /// The civil day of it in the facility.
    pub on: NaiveDate,
    /// Who gave it: the person’s id.
    pub prescriber: String,
}

impl OpenOrder {
    /// The orders of a plan that wait, in the order in which they were given. An end of the plan answers none.
    pub fn all(plan: &Plan, course: &Course, facts: &[PlanFact], now: DateTime<Utc>) -> Vec<OpenOrder> {
        let wants = |fact: &PlanFact| {
            let review = course.unreviewed.contains(&fact.id).then_some(Wants::Review);
            let confirmation = course.unconfirmed.contains(&fact.id).then_some(Wants::Confirmation);
            let notice = (!course.ended && is_new_step_back(fact, facts, now)).then_some(Wants::Notice);
            [review, confirmation, notice].into_iter().flatten().collect::<Vec<_>>()
        };
        let open = |fact: &PlanFact, wants| OpenOrder {
            wants,
            href: links::order(&plan.id, &fact.id),
            title: decided::title(&fact.act),
            effect: decided::effect(&fact.act),
            at: fact.at,
            on: fact.on,
            prescriber: prescriber(fact).to_owned(),
        };
        facts
            .iter()
            .flat_map(|fact| wants(fact).into_iter().map(|wants| open(fact, wants)).collect::<Vec<_>>())
            .collect()
    }

    /// How long it has waited, and whether it is late: a review once the next working day has passed.
    pub fn tag(&self, now: DateTime<Utc>, today: NaiveDate) -> Tag {
        let age = (now - self.at).max(TimeDelta::zero());
        match self.wants {
            Wants::Confirmation if age >= CONFIRM_WITHIN => Tag::overdue(format!("{} unconfirmed", span_text(age))),
            Wants::Confirmation => Tag::needs_reason(format!("{} left to confirm", span_text(CONFIRM_WITHIN - age))),
            Wants::Review if today > next_working_day(self.on) => {
                Tag::overdue(format!("{} unreviewed", span_text(age)))
            }
            Wants::Review => Tag::needs_reason(format!("{} unreviewed", span_text(age))),
            Wants::Notice => Tag::new("soon", Icon::Step, format!("{} ago", span_text(age))),
        }
    }
}

/// An order in a list.
#[derive(Debug, Clone)]
struct Line {
    surname: String,
    forename: String,
    medicine: String,
    order: OpenOrder,
    by: String,
    tag: Tag,
    /// What is asked of whoever opens it.
    verb: &'static str,
}

/// The orders that wait, the oldest first. A page writes `{{ orders }}` and no more.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/orders.html")]
pub struct Orders {
    lines: Vec<Line>,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for Orders {}

impl Orders {
    /// Of some plans those that want one of these. `name` tells the printed name of a person, `today` the day in a facility.
    pub fn new<'a, N: AsRef<str>>(
        files: impl IntoIterator<Item = &'a PlanFile>,
        resident: impl Fn(&str) -> Option<&'a Resident>,
        name: impl Fn(&str) -> N,
        wants: &[Wants],
        now: DateTime<Utc>,
        today: impl Fn(&str) -> NaiveDate,
    ) -> Orders {
        let mut lines = Vec::new();
        for file in files.into_iter().filter(|file| file.state != PlanState::Draft) {
            let Some(resident) = resident(&file.plan.resident) else { continue };
            let open = OpenOrder::all(&file.plan, &file.course(), &file.facts, now);
            let wanted = open.into_iter().filter(|order| wants.contains(&order.wants));
            let line = |order: OpenOrder| {
                let by = name(&order.prescriber);
                let tag = order.tag(now, today(&file.plan.facility));
                Line::new(order, file, resident, by.as_ref(), tag)
            };
            lines.extend(wanted.map(line));
        }
        lines.sort_by(|one, other| (one.order.at, &one.surname).cmp(&(other.order.at, &other.surname)));
        Orders { lines }
    }

    /// For whoever may neither review nor confirm.
    pub fn only_to_see(mut self) -> Orders {
        self.lines.iter_mut().for_each(|line| line.verb = "See");
        self
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }
}

impl Line {
    fn new(order: OpenOrder, file: &PlanFile, resident: &Resident, by: &str, tag: Tag) -> Line {
        Line {
            surname: resident.surname.to_uppercase(),
            forename: resident.forename.clone(),
            medicine: file.plan.named(),
            by: by.to_owned(),
            tag,
            verb: match order.wants {
                Wants::Review => "Review",
                Wants::Confirmation => "Confirm",
                Wants::Notice => "See",
            },
            order,
        }
    }
}

/// The civil day now in one of somebody’s facilities.
pub fn today_of(mine: &[Facility], id: &str, now: DateTime<Utc>) -> NaiveDate {
    mine.iter().find(|facility| facility.id == id).map_or(now.date_naive(), |facility| facility.zone.day(now))
}

/// Nobody has decided on the plan’s reductions since, and it is not long ago.
fn is_new_step_back(fact: &PlanFact, facts: &[PlanFact], now: DateTime<Utc>) -> bool {
    let decided =
        |other: &&PlanFact| other.seq > fact.seq && matches!(other.act.kind(), "signed" | "held" | "returned");
    let new = matches!(fact.act, PlanAct::SteppedBack { .. }) && now - fact.at < TimeDelta::days(SHOWN_DAYS);
    new && !facts.iter().any(|other| decided(&other))
}

/// Whoever’s word a decision is: of a telephone order the prescriber who gave it.
pub fn prescriber(fact: &PlanFact) -> &str {
    fact.decided_by()
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
