//! The as-needed part of the paper as it is drawn: each order with what is recorded of it, and rows for what the paper says.

use askama::Template;

use super::Facts;
use super::rows::{ROWS, field};
use crate::care::calendar::{clock_text, day_text};
use crate::care::incident::Incident;
use crate::care::round::as_needed::giving::span;
use crate::care::witness::Watched;
use crate::store::as_needed::AsNeededDose;
use crate::store::paper::as_needed::PaperOrder;
use crate::web::parts::Icon;
use crate::web::parts::stock::StockView;
use crate::web::{Choice, Form, Link, Shell, links};

#[derive(Template)]
#[template(path = "pages/back_entry_as_needed.html")]
pub struct View {
    shell: Shell,
    banner: &'static str,
    unit: String,
    action: String,
    form: Form,
    from: String,
    until: String,
    entry: String,
    /// `05 Dec 2026 06:00 to 21:00`
    outage: String,
    saved: usize,
    orders: Vec<Order>,
    staff: Vec<Choice>,
    /// What a second person sees of these medicines here.
    stock: StockView,
}

struct Order {
    id: String,
    revision: i64,
    who: String,
    place: String,
    medicine: String,
    amount: String,
    make_up: String,
    reason: String,
    /// `At most one in 4 h, 2 mg in 24 hours.`
    limits: String,
    /// What is recorded near that time, with its entry in the history.
    known: Vec<(String, Link)>,
    breaks: bool,
    keys: Vec<String>,
}

impl View {
    pub(super) fn new(facts: &Facts, shell: Shell, form: Form) -> View {
        let local = |at| facts.facility.zone.local(at);
        let (from, until) = (local(facts.outage.span.0), local(facts.outage.span.1));
        let until_text = match from.date() == until.date() {
            true => until.format("%H:%M").to_string(),
            false => format!("{} {}", day_text(until.date()), until.format("%H:%M")),
        };
        View {
            shell,
            banner: "",
            unit: facts.unit.name.clone(),
            action: links::paper_as_needed(&facts.unit.id),
            form,
            from: facts.asked.from.clone(),
            until: facts.asked.until.clone(),
            entry: facts.asked.entry.clone(),
            outage: format!("{} {} to {until_text}", day_text(from.date()), from.format("%H:%M")),
            saved: facts.asked.saved,
            orders: facts.paper.orders.iter().map(|one| order(facts, one)).collect(),
            staff: staff(facts),
            stock: watched(facts),
        }
    }
}

impl Order {
    fn field(&self, name: &str, key: &str) -> String {
        field(name, key)
    }
}

/// What the rows of the page may want a witness for.
fn watched(facts: &Facts) -> StockView {
    let medicines = || facts.paper.orders.iter().map(|one| &one.file.order.medicine);
    let asks = |watched| facts.facility.register.ask_of_any(watched, medicines());
    let breaks = facts.paper.orders.iter().any(|one| one.source.as_ref().is_some_and(|source| source.breaks));
    StockView::of_a_page(asks(Watched::Give), breaks && asks(Watched::Waste))
}

fn order(facts: &Facts, one: &PaperOrder) -> Order {
    let order = &one.file.order;
    let source = one.source.as_ref();
    let given = one.given.iter().map(|dose| (dose.given_at, given(facts, dose)));
    let wrong = one.in_error.iter().map(|incident| (incident.given_at, in_error(facts, incident)));
    let mut known: Vec<_> = given.chain(wrong).collect();
    known.sort_by_key(|(at, _)| *at);
    Order {
        id: order.id.clone(),
        revision: one.file.revision,
        who: one.resident.name(),
        place: one.resident.room.clone(),
        medicine: order.medicine.to_string(),
        amount: order.amount.to_string(),
        make_up: source.map(|source| source.pieces.to_string()).unwrap_or_default(),
        reason: order.reason.clone(),
        limits: format!("At most one in {}, and {} in 24 hours.", span(order.least_minutes), order.most),
        known: known.into_iter().map(|(_, told)| told).collect(),
        breaks: source.is_some_and(|source| source.breaks),
        keys: (0..ROWS).map(|nth| format!("{}-{nth}", order.id)).collect(),
    }
}

fn given(facts: &Facts, dose: &AsNeededDose) -> (String, Link) {
    let at = clock_text(facts.facility.zone, dose.given_at, facts.now);
    let told = format!("{} at {at}, by {}: “{}”", dose.given, name(facts, dose.giver()), dose.why);
    (told, Link::new(format!("entry {}", dose.n), links::fact(dose.n)))
}

fn in_error(facts: &Facts, incident: &Incident) -> (String, Link) {
    let at = clock_text(facts.facility.zone, incident.given_at, facts.now);
    let told = format!("{} at {at}, given in error: {}", incident.given, incident.mistake.title().to_lowercase());
    (told, Link::new(format!("entry {}", incident.n), links::fact(incident.n)))
}

fn name<'a>(facts: &'a Facts, person: &str) -> &'a str {
    facts.paper.names.get(person).map_or("", String::as_str)
}

fn staff(facts: &Facts) -> Vec<Choice> {
    let nobody = Choice::new("", "Choose by the initials");
    std::iter::once(nobody).chain(facts.paper.staff.iter().map(|(id, name)| Choice::new(id, name))).collect()
}
