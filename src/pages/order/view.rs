//! The page of an order: what it means for the dose, the call, and the form of whoever it waits for.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{May, Sight};
use crate::care::calendar::day_text;
use crate::care::taper::fact::{PlanAct, PlanFact};
use crate::web::parts::decided;
use crate::web::parts::orders::signed_words;
use crate::web::parts::{Banner, Icon, Tag};
use crate::web::{Form, Shell, links};

/// The forms of the page.
pub struct Forms {
    pub review: Form,
    pub confirm: Form,
}

impl Forms {
    pub fn fresh(csrf: &str, now: DateTime<Utc>) -> Forms {
        Forms { review: Form::new(csrf, now), confirm: Form::new(csrf, now) }
    }

    /// Only the form that can be sent stands on the page.
    fn shown(self, may: &May) -> Forms {
        let there = |form: Form, prefix, there: bool| {
            form.named(prefix).showing(if there { &["rationale", "password"] } else { &[] })
        };
        Forms { review: there(self.review, "review", may.review), confirm: there(self.confirm, "confirm", may.confirm) }
    }

    pub fn wrong(&self) -> Option<&Form> {
        [&self.review, &self.confirm].into_iter().find(|form| form.wrong())
    }
}

#[derive(Template)]
#[template(path = "pages/order.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    href: String,
    decide_href: String,
    plan_href: String,
    medicine: String,
    title: String,
    effect: String,
    rationale: String,
    by: Vec<String>,
    tags: Vec<Tag>,
    /// What others did about it: the review, the confirmation.
    answers: Vec<Answered>,
    /// The prescriber who called and has left, as long as nobody has confirmed their order.
    gone: Option<String>,
    level: String,
    may: May,
    name: String,
    forms: Forms,
}

/// A review or a confirmation.
struct Answered {
    title: String,
    by: String,
    text: String,
}

impl View {
    pub(super) fn new(shell: Shell, sight: &Sight, may: May, name: &str, forms: Forms) -> View {
        let found = &sight.dossier.found;
        let (plan, order) = (&found.file.plan, &sight.order);
        let level = found.case.course.level_at(found.case.next).map(|level| match level.undecided() {
            true => "none, until somebody has decided the dose".to_owned(),
            false => format!("{} daily", plan.daily_of(level.regimen)),
        });
        View {
            href: links::order(&plan.id, &order.id),
            decide_href: links::decide(&plan.id),
            plan_href: links::plan(&plan.id),
            medicine: plan.named(),
            title: decided::title(&order.act),
            effect: decided::effect(&order.act),
            rationale: order.rationale.clone(),
            by: signed_words(order, &sight.dossier.names, found.facility.zone),
            tags: tags(sight),
            answers: found.file.facts.iter().filter_map(|fact| answered(sight, fact)).collect(),
            gone: gone(sight),
            level: level.unwrap_or_else(|| "no doses are due here".to_owned()),
            name: name.to_owned(),
            forms: forms.shown(&may),
            may,
            banner: sight.banner.clone(),
            shell,
        }
    }
}

fn gone(sight: &Sight) -> Option<String> {
    let waits = sight.dossier.found.case.course.unconfirmed.contains(&sight.order.id);
    (waits && !sight.caller_is_here).then(|| named(sight, sight.order.decided_by()))
}

fn named(sight: &Sight, person: &str) -> String {
    sight.dossier.names.get(person).map_or("somebody", String::as_str).to_owned()
}

fn tags(sight: &Sight) -> Vec<Tag> {
    let (course, order) = (&sight.dossier.found.case.course, &sight.order);
    let urgent = matches!(order.act, PlanAct::Ordered { .. });
    let review = match course.unreviewed.contains(&order.id) {
        true => Tag::needs_reason("Not reviewed"),
        false => Tag::verified("Reviewed"),
    };
    let call = match course.unconfirmed.contains(&order.id) {
        true => Tag::needs_reason("By telephone, not confirmed"),
        false => Tag::verified("By telephone, confirmed"),
    };
    [urgent.then_some(review), order.telephone.is_some().then_some(call)].into_iter().flatten().collect()
}

fn answered(sight: &Sight, fact: &PlanFact) -> Option<Answered> {
    let of = match &fact.act {
        PlanAct::Reviewed { of } | PlanAct::Affirmed { of } => of,
        _ => return None,
    };
    let at = sight.dossier.found.facility.zone.local(fact.at);
    let (name, caller) = (named(sight, &fact.by), sight.order.decided_by());
    let for_another = matches!(fact.act, PlanAct::Affirmed { .. }) && fact.by != caller;
    let place = if for_another { format!(" in the place of {}", named(sight, caller)) } else { String::new() };
    (*of == sight.order.id).then(|| Answered {
        title: format!("{}{place}", decided::title(&fact.act)),
        by: format!("{name}, {} {}", day_text(at.date()), at.format("%H:%M")),
        text: fact.rationale.clone(),
    })
}
