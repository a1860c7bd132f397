//! A prescriber orders a medicine as needed: what, what for, how often, how much in 24 hours, until when.

use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use crate::acts::order_as_needed::{OrderAsNeeded, order_as_needed};
use crate::care::amount::Amount;
use crate::care::calendar::{day_text, parse_day};
use crate::care::facility::{Facility, number_between};
use crate::care::medicine::Medicine;
use crate::care::medicine::limit::Limit;
use crate::care::medicine::product::Products;
use crate::care::people::{Prescriber, Role};
use crate::care::resident::Resident;
use crate::care::round::as_needed::limits::busiest;
use crate::care::round::as_needed::order::{LEAST_MINUTES, OrderAsk, usual_end};
use crate::store::{Conn, StoreError, as_needed, facilities, residents};
use crate::web::parts::{Banner, samples};
use crate::web::{
    Answer, Choice, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, deciding, links, looking,
    see_other,
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Ask {
    medicine: String,
    amount: String,
    reason: String,
    least_minutes: String,
    most: String,
    starts_on: String,
    ends_on: String,
    rationale: String,
    password: String,
}

pub async fn show(prescriber: Signed<Prescriber>, hall: Data<Hall>, id: Path<String>) -> Answer {
    let facts = load(&prescriber, &hall, &id).await?;
    Page::new(view(&prescriber, &facts, Form::new(prescriber.csrf(), prescriber.now()))?).answer()
}

pub async fn order(prescriber: Signed<Prescriber>, hall: Data<Hall>, id: Path<String>, sent: Protected<Ask>) -> Answer {
    let facts = load(&prescriber, &hall, &id).await?;
    let by = prescriber.at(&facts.facility.id)?;
    let form = sent.id()?;
    let confirmed = hall.confirmed(prescriber.person(), &sent.password).await?;
    let act = read(&sent).and_then(|order| Ok((order, confirmed?))).map(|(order, confirmed)| {
        let ask = OrderAsNeeded { form, resident: id.clone(), order };
        move |conn: &mut Conn, now| order_as_needed(conn, &by, &confirmed, &ask, now)
    });
    let Err(errors) = deciding(&hall.db, act).await? else {
        return Ok(see_other(format!("{}#as-needed", links::resident(&facts.resident.id))));
    };
    let moved = errors.moved();
    let form = Form::again(prescriber.csrf(), prescriber.now(), &sent, errors);
    Page::refused(view(&prescriber, &facts, form)?, moved).answer()
}

/// Reads every field before it gives up, so that everything unreadable is said at once.
fn read(ask: &Ask) -> Result<OrderAsk, Errors> {
    let mut errors = Errors::none();
    let medicine = errors.keep("medicine", Products::ours().medicine(&ask.medicine));
    let amount = errors.keep("amount", Amount::parse(&ask.amount));
    let least_minutes = errors.keep("least_minutes", number_between(&ask.least_minutes, LEAST_MINUTES));
    let most = errors.keep("most", Amount::parse(&ask.most));
    let starts_on = errors.keep("starts_on", parse_day(&ask.starts_on));
    let blank = ask.ends_on.trim().is_empty();
    let ends_on = errors.keep("ends_on", (!blank).then(|| parse_day(&ask.ends_on)).transpose());
    let read = || {
        Some(OrderAsk {
            medicine: medicine?,
            amount: amount?,
            reason: ask.reason.clone(),
            least_minutes: least_minutes?,
            most: most?,
            starts_on: starts_on?,
            ends_on: ends_on?,
            rationale: ask.rationale.clone(),
        })
    };
    read().ok_or(errors)
}

/// A medicine that can be ordered here, and what limits it.
struct Orderable {
    medicine: Medicine,
    /// The most that the resident's plans bring of it in 24 hours.
    scheduled: Amount,
    limit: Option<Limit>,
}

struct Facts {
    today: NaiveDate,
    facility: Facility,
    resident: Resident,
    banner: Banner,
    medicines: Vec<Orderable>,
}

async fn load(prescriber: &Signed<Prescriber>, hall: &Hall, id: &str) -> Result<Facts, PageError> {
    let (id, mine, now) = (id.to_owned(), prescriber.facilities().cloned().collect::<Vec<_>>(), prescriber.now());
    looking(&hall.db, move |conn| find(conn, &mine, &id, now)).await?.ok_or(PageError::Missing)
}

/// A resident; none where they live in no facility of theirs.
fn find(conn: &mut Conn, mine: &[Facility], id: &str, now: DateTime<Utc>) -> Result<Option<Facts>, StoreError> {
    let resident = residents::resident_load(conn, id)?;
    let Some(facility) = mine.iter().find(|one| one.id == resident.facility).cloned() else { return Ok(None) };
    let today = facility.zone.day(now);
    let stocked = facilities::shelves_load(conn, &facility.id)?;
    let mut medicines = Vec::new();
    for medicine in stocked.medicines().cloned() {
        let scheduled = busiest(&as_needed::ahead_load(conn, id, &medicine, now)?);
        let limit = as_needed::limit_find(conn, &facility.id, &medicine)?;
        medicines.push(Orderable { medicine, scheduled, limit });
    }
    let banner = Banner::load(conn, &resident, today)?;
    Ok(Some(Facts { today, facility, resident, banner, medicines }))
}

fn view(prescriber: &Signed<Prescriber>, facts: &Facts, form: Form) -> Result<View, PageError> {
    let shell = prescriber.shell(prescriber.facility(&facts.facility.id)?, Menu::Residents);
    Ok(View::new(facts, shell.back_to(facts.resident.name(), links::resident(&facts.resident.id)), form))
}

struct Row {
    medicine: String,
    scheduled: String,
    limit: String,
}

#[derive(Template)]
#[template(path = "pages/as_needed_order.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    medicines: Vec<Choice>,
    rows: Vec<Row>,
    /// From which day on a rationale is wanted.
    usual: String,
    action: String,
    back: String,
    form: Form,
}

impl View {
    fn new(facts: &Facts, shell: Shell, form: Form) -> View {
        let usual = usual_end(facts.today);
        let choices = facts.medicines.iter().map(|one| Choice::new(&one.medicine.0, &one.medicine.0));
        View {
            banner: facts.banner.clone(),
            medicines: [Choice::new("", "Choose a medicine")].into_iter().chain(choices).collect(),
            rows: facts.medicines.iter().map(row).collect(),
            usual: format!("Only where the last day is past {}.", day_text(usual)),
            action: links::order_as_needed(&facts.resident.id),
            back: links::resident(&facts.resident.id),
            form: form.with("starts_on", facts.today.to_string()).with("ends_on", usual.to_string()),
            shell,
        }
    }

    /// Nothing in stock; the usual; everything wrong, and hostile words.
    pub fn samples() -> Vec<View> {
        let shell =
            || Shell::sample(Role::Prescriber, Menu::Residents).back_to("HALVORSEN, Margit", "/residents/margit");
        let form = || Form::new("proof", samples::now());
        let facts = |names: &[&str]| {
            let place = samples::as_needed::place("panic", 1);
            let orderable = |name: &&str| Orderable {
                medicine: Medicine((*name).to_owned()),
                scheduled: Amount::from_ug(1_500),
                limit: Limit::published(&Medicine((*name).to_owned())),
            };
            let medicines = names.iter().map(orderable).collect();
            let (facility, resident, banner) = (place.facility, place.resident, place.banner);
            Facts { today: samples::today(), facility, resident, banner, medicines }
        };
        let wrong = read(&Ask { amount: samples::HOSTILE.to_owned(), ..Ask::default() }).err().unwrap_or_default();
        vec![
            View::new(&facts(&[]), shell(), form()),
            View::new(&facts(&["clonazepam", "lorazepam"]), shell(), form()),
            View::new(&facts(&[samples::HOSTILE]), shell(), form().with("reason", samples::HOSTILE).spoiled(wrong)),
        ]
    }
}

fn row(one: &Orderable) -> Row {
    Row {
        medicine: one.medicine.to_string(),
        scheduled: if one.scheduled.is_zero() { "none".to_owned() } else { one.scheduled.to_string() },
        limit: one
            .limit
            .as_ref()
            .map_or("none set here".to_owned(), |limit| format!("{}: {}", limit.most, limit.source)),
    }
}
