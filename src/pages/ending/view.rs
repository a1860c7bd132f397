//! How the end of a plan is shown: what stands, what it would mean, and the form of whoever may decide next.

use askama::Template;

use crate::care::calendar::{Day, Moment, day_text};
use crate::care::round::as_needed::order::Order;
use crate::care::taper::daily::Daily;
use crate::care::taper::schedule::follow_up_until;
use crate::store::dossiers::Dossier;
use crate::store::plans::PlanState;
use crate::web::parts::decisions::signed_by;
use crate::web::parts::{Banner, Icon, Tag};
use crate::web::{Form, Shell, links};

/// What is decided on this page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Ask,
    Countersign,
    Decline,
    Finish,
}

/// The forms of the page, and who reads it.
pub struct Asking {
    person: String,
    prescriber: bool,
    pharmacist: bool,
    pub ask: Form,
    pub countersign: Form,
    pub decline: Form,
    pub finish: Form,
}

impl Asking {
    pub fn fresh(person: &str, prescriber: bool, pharmacist: bool, form: impl Fn() -> Form) -> Asking {
        Asking {
            person: person.to_owned(),
            prescriber,
            pharmacist,
            ask: form().named("ask"),
            countersign: form().named("countersign"),
            decline: form().named("decline"),
            finish: form().named("finish"),
        }
    }

    /// One of the forms came back.
    pub fn answered(mut self, kind: Kind, form: Form) -> Asking {
        match kind {
            Kind::Ask => self.ask = form.named("ask"),
            Kind::Countersign => self.countersign = form.named("countersign"),
            Kind::Decline => self.decline = form.named("decline"),
            Kind::Finish => self.finish = form.named("finish"),
        }
        self
    }

    fn all(&self) -> [&Form; 4] {
        [&self.ask, &self.countersign, &self.decline, &self.finish]
    }
}

#[derive(Template)]
#[template(path = "pages/ending.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    href: String,
    amend: String,
    medicine: String,
    level: Daily,
    /// What a stop means, and the as-needed orders that end with it, in words.
    means: String,
    ends_too: String,
    /// What the page shows, for whoever countersigns it.
    decisions: usize,
    next: String,
    tag: Tag,
    /// What can be done here, as things stand.
    stands: Stands,
    asking: Asking,
}

/// How the plan stands towards its end.
pub enum Stands {
    /// A stop can be asked for. `goes_on`: why the plan is not simply finished.
    Above { goes_on: String },
    /// A stop waits for a pharmacist.
    Asked { fact: String, by: String, why: String, own: bool },
    /// At 0 mg, which can be finished; written out until a day.
    AtNothing { until: String },
    /// Nothing can be ended.
    Not { why: String },
}

impl View {
    pub fn new(shell: Shell, banner: Banner, (dossier, as_needed): (&Dossier, &[Order]), asking: Asking) -> View {
        let case = &dossier.found.case;
        let stands = stands(dossier, &asking.person);
        View {
            href: links::plan(&case.plan.id),
            amend: links::amend(&case.plan.id),
            medicine: case.plan.named(),
            level: case.daily_at_next().unwrap_or_default(),
            means: case.stop_means().meaning,
            ends_too: as_needed.iter().map(ends_too).collect::<Vec<_>>().join("; "),
            decisions: dossier.found.file.facts.len(),
            next: case.next_dose().map(Moment::typed).unwrap_or_default(),
            tag: stands.tag(),
            asking: shown(asking, &stands),
            stands,
            shell,
            banner,
        }
    }

    /// `Error: ` before the title where a form came back.
    fn title(&self) -> &'static str {
        self.asking.all().into_iter().map(Form::title).find(|title| !title.is_empty()).unwrap_or_default()
    }
}

fn stands(dossier: &Dossier, person: &str) -> Stands {
    let (file, case) = (&dossier.found.file, &dossier.found.case);
    if file.state != PlanState::Running {
        return Stands::Not { why: "This plan is not running.".to_owned() };
    }
    if let Some(asked) = file.stop_asked() {
        let by = signed_by(asked, &dossier.names, dossier.found.facility.zone);
        return Stands::Asked { fact: asked.id.clone(), by, why: asked.rationale.clone(), own: asked.by == person };
    }
    match (case.may_finish(), case.may_ask_stop()) {
        (Ok(()), _) => Stands::AtNothing { until: follow_up_until(&case.course).map(day_text).unwrap_or_default() },
        (Err(refusal), Ok(())) => Stands::Above { goes_on: refusal.to_string() },
        (Err(_), Err(refusal)) => Stands::Not { why: refusal.to_string() },
    }
}

/// `clonazepam 0.5 mg for anxiety, until 4 Dec 2026`
fn ends_too(order: &Order) -> String {
    format!("{} {} for {}, until {}", order.medicine, order.amount, order.reason, Day(order.ends_on))
}

impl Stands {
    fn tag(&self) -> Tag {
        match self {
            Stands::Above { .. } => Tag::signed("Running"),
            Stands::Asked { .. } => Tag::unsigned("Stop, not countersigned"),
            Stands::AtNothing { .. } => Tag::signed("At 0\u{a0}mg"),
            Stands::Not { .. } => Tag::new("soon", Icon::Flat, "Nothing to end"),
        }
    }
}

/// A form that does not stand on the page says what is wrong with it of the whole page.
fn shown(asking: Asking, stands: &Stands) -> Asking {
    let asks = matches!(stands, Stands::Above { .. }) && asking.prescriber;
    let waits = matches!(stands, Stands::Asked { .. });
    let signs = waits && asking.pharmacist && !matches!(stands, Stands::Asked { own: true, .. });
    let closes = matches!(stands, Stands::AtNothing { .. }) && (asking.prescriber || asking.pharmacist);
    let both = |there: bool| if there { &["rationale", "password"][..] } else { &[] };
    Asking {
        ask: asking.ask.showing(both(asks)),
        countersign: asking.countersign.showing(both(signs)),
        decline: asking.decline.showing(both(waits && (asking.prescriber || asking.pharmacist))),
        finish: asking.finish.showing(if closes { &["rationale"] } else { &[] }),
        ..asking
    }
}
