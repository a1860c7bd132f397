//! The page of a correction as it is drawn.

use askama::Template;

use super::facts::Facts;
use crate::care::calendar::{clock_text, day_text};
use crate::care::medicine::product::Products;
use crate::care::register::book;
use crate::care::register::parts::Parts;
use crate::care::round::outcome::Outcome;
use crate::store::doses::Administration;
use crate::web::parts::happened::{Kind, Sedation};
use crate::web::parts::stock::StockView;
use crate::web::parts::struck::{Struck, said};
use crate::web::parts::{Banner, Icon, Tag};
use crate::web::{Form, Shell, links};

#[derive(Template)]
#[template(path = "pages/correct.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    heading: String,
    about: String,
    moved: Option<String>,
    /// What stands.
    stands: Option<Stands>,
    struck: Struck,
    state: State,
    back: String,
}

struct Stands {
    tag: Tag,
    said: String,
    witness: String,
    entry: String,
    number: i64,
}

enum State {
    Open(Box<Open>),
    /// It cannot be corrected, or not by whoever reads it.
    Closed {
        text: String,
    },
}

struct Open {
    action: String,
    form: Form,
    record: String,
    sedation: Option<Sedation>,
    outcomes: Vec<Kind>,
    in_error: &'static str,
    window: String,
    /// `0.5 mg tablet: 1 given`
    goes_back: Vec<String>,
    differs: bool,
    stock: StockView,
    witness: String,
    by: String,
}

impl View {
    /// `moved` says what happened while the page was open.
    pub fn new(facts: &Facts, shell: Shell, form: Form, moved: Option<String>) -> View {
        let (zone, now, key) = (facts.facility.zone, facts.now, &facts.dose.key);
        let today = zone.day(now);
        let others = facts.others.iter().map(|(other, unit)| (other, unit.as_str()));
        View {
            banner: Banner::new(&facts.resident, &facts.unit.name, today)
                .alarmed(&facts.signs, zone, today)
                .warning_of(&facts.resident, others)
                .pictured(&facts.resident, facts.photo),
            heading: format!("Correct the record of the {} dose", key.slot),
            about: format!("{}, {}", key.medicine, day_text(key.on)),
            moved,
            stands: facts.records.standing().map(|standing| stands(facts, standing)),
            struck: Struck::new(&facts.records, &facts.names, zone, now),
            state: state(facts, &shell, form),
            back: shell.back.as_ref().map(|back| back.href.clone()).unwrap_or_default(),
            shell,
        }
    }
}

fn stands(facts: &Facts, standing: &Administration) -> Stands {
    let witness = standing.witnessed_by.as_ref().and_then(|person| facts.names.get(person));
    Stands {
        tag: Tag::outcome(standing.outcome, standing.outcome.title()),
        said: said(standing, &facts.names, facts.facility.zone, facts.now),
        witness: witness.cloned().unwrap_or_default(),
        entry: links::fact(standing.n),
        number: standing.n,
    }
}

fn state(facts: &Facts, shell: &Shell, form: Form) -> State {
    let Some(standing) = facts.records.standing() else {
        return State::Closed {
            text: "Nothing stands recorded of this dose, so there is nothing to correct.".to_owned(),
        };
    };
    match &facts.refused {
        Some(refusal) => State::Closed { text: refusal.to_string() },
        None => State::Open(Box::new(open(facts, standing, shell, form))),
    }
}

fn open(facts: &Facts, standing: &Administration, shell: &Shell, form: Form) -> Open {
    let facility = &facts.facility;
    let clock = |at| clock_text(facility.zone, at, facts.now);
    let policy = facility.register.witness_for(&facts.dose.key.medicine);
    let policy = if standing.outcome.takes() { policy.but_giving() } else { policy.clone() };
    let stock = StockView::new(facts.source.as_ref(), &policy);
    Open {
        action: links::correction(&facts.dose.id),
        record: standing.id.clone(),
        sedation: facility.sedation.asked.then(|| Sedation::new(facility.sedation, "")),
        outcomes: Outcome::ALL.iter().map(|outcome| kind(*outcome)).collect(),
        in_error: facts.in_error(),
        window: format!(
            "24-hour clock, the facility’s time. Due {}, window {} to {}.",
            clock(standing.due_at),
            clock(facility.windows.opens_at(standing.due_at)),
            clock(facility.windows.closes_at(standing.due_at))
        ),
        goes_back: facts.back.iter().filter_map(|(product, was, parts)| goes_back(product, *was, *parts)).collect(),
        differs: facts.differs,
        witness: format!("when-only {}", stock.witnessed),
        stock,
        by: shell.me.as_ref().map(|me| me.name.clone()).unwrap_or_default(),
        form,
    }
}

/// Why a dose was given late is asked whatever the time: only where it was, the answer is kept.
fn kind(outcome: Outcome) -> Kind {
    let kind = Kind::new(outcome, true);
    if outcome == Outcome::Given { Kind { question: "If it was late: why?", ..kind } } else { kind }
}

/// `0.5 mg tablet: 1 given`
fn goes_back(product: &str, was: book::Kind, parts: Parts) -> Option<String> {
    let product = Products::ours().product(product)?;
    Some(format!("{}: {} {}", product.name(), parts.text(product), was.text().to_lowercase()))
}
