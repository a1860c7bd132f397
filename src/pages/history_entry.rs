//! One fact of the history, whole: what was done, by whom, on whose authority, and whether the chain around it holds.

mod samples;
mod told;
mod view;

use std::collections::HashMap;

use actix_web::web::{Data, Path};
use chrono::{DateTime, NaiveDate, Utc};

pub use self::view::View;
use crate::care::facility::Facility;
use crate::care::people::{Nurse, Pharmacist, Prescriber, Role, Supervisor};
use crate::store::db::Conn;
use crate::store::doses::{self, Administration, DoseRecords};
use crate::store::history::{self, Fact, FactsAsk, Fault};
use crate::store::{StoreError, people, residents};
use crate::web::links::{self, Menu};
use crate::web::parts::Banner;
use crate::web::{Answer, Hall, Page, PageError, Signed, looking};

/// Who may read one fact: nurses too, who are led here from a dose that was recorded.
type Reader = (Supervisor, Pharmacist, Prescriber, Nurse);

/// Who may read more than what happened to a dose.
const BEYOND: [Role; 3] = [Role::Supervisor, Role::Pharmacist, Role::Prescriber];

/// What nurses write down beside the scheduled doses, and are led to.
const NURSES_OWN: [&str; 5] =
    ["record_as_needed", "note_effect", "enter_register", "count_register", "resolve_discrepancy"];

/// So many facts about one thing are shown beside the one that was asked for.
const MOST_BESIDE: i64 = 50;

/// A fact, and the seal it follows from, or why it does not.
struct Sealed {
    fact: Fact,
    seal: Result<String, Fault>,
}

/// What happened to the dose that a fact is about.
struct DoseStory {
    /// The last record: it stands, unless it was made in error.
    last: Administration,
    recorded_by: String,
    records: DoseRecords,
}

struct Found {
    facility: Facility,
    /// Of the resident whom it is about.
    banner: Option<Banner>,
    fact: Fact,
    dose: Option<DoseStory>,
    /// The printed names of everybody whom the facts name.
    names: HashMap<String, String>,
    /// Everything that happened to what the fact is about, the newest first; the last is what authorised a dose.
    facts: Vec<Sealed>,
    now: DateTime<Utc>,
}

impl Found {
    fn name(&self, person: &str) -> &str {
        self.names.get(person).map_or("somebody who left", String::as_str)
    }
}

pub async fn show(hall: Data<Hall>, reader: Signed<Reader>, n: Path<i64>) -> Answer {
    let (n, now) = (n.into_inner(), reader.now());
    let here: Vec<Facility> = reader.facilities().cloned().collect();
    let found = looking(&hall.db, move |conn| find(conn, n, &here, now)).await?;
    let beyond = BEYOND.iter().any(|role| reader.is(*role, &found.facility.id));
    if !beyond && found.dose.is_none() && !NURSES_OWN.contains(&found.fact.kind.as_str()) {
        return Err(PageError::NotAllowed { roles: &BEYOND });
    }
    let back = if beyond { ("Dose history", Menu::History) } else { ("Round", Menu::Round) };
    let shell = reader.shell(&found.facility, Menu::History).back_to(back.0, back.1.href());
    let may = [Role::Nurse, Role::Supervisor].iter().any(|role| reader.is(*role, &found.facility.id));
    let standing = found.dose.as_ref().and_then(|story| story.records.standing());
    let correct = standing.filter(|_| may).map(|record| links::correction(&record.dose));
    Page::new(View::new(shell, &found).correct_at(correct)).answer()
}

/// A fact of another facility is not found.
fn find(conn: &mut Conn, n: i64, here: &[Facility], now: DateTime<Utc>) -> Result<Found, StoreError> {
    let fact = history::fact_load(conn, n)?;
    let facility = here.iter().find(|one| one.id == fact.facility).ok_or(StoreError::Missing)?.clone();
    let dose = dose_story(conn, n)?;
    let mut facts = beside(conn, &fact)?;
    if let Some(story) = &dose {
        facts.extend(history::fact_find_by_id(conn, &story.last.authorised_by)?);
    }
    let today = facility.zone.day(now);
    let banner = fact.resident.as_deref().map(|id| banner(conn, id, today)).transpose()?;
    let named: Vec<String> = facts.iter().flat_map(told::people).collect();
    let names = people::names_of(conn, &named.iter().map(String::as_str).collect())?;
    let facts = facts.into_iter().map(|fact| sealed(conn, fact)).collect::<Result<_, _>>()?;
    Ok(Found { facility, banner, fact, dose, names, facts, now })
}

/// The facts about the same thing, the newest first, the one asked for among them however many there are.
fn beside(conn: &mut Conn, fact: &Fact) -> Result<Vec<Fact>, StoreError> {
    let ask = FactsAsk {
        facility: fact.facility.clone(),
        subject: Some(fact.subject.clone()),
        limit: MOST_BESIDE,
        ..FactsAsk::default()
    };
    let mut facts = history::facts_page(conn, &ask)?;
    if facts.iter().all(|one| one.n != fact.n) {
        facts.push(fact.clone());
    }
    Ok(facts)
}

fn sealed(conn: &mut Conn, fact: Fact) -> Result<Sealed, StoreError> {
    let seal = history::link_verify(conn, fact.n)?;
    Ok(Sealed { fact, seal })
}

fn dose_story(conn: &mut Conn, n: i64) -> Result<Option<DoseStory>, StoreError> {
    let Some(asked) = doses::administration_about(conn, n)? else { return Ok(None) };
    let records = doses::dose_records(conn, &asked.dose)?;
    let last = records.all.last().cloned().unwrap_or(asked);
    let recorded_by = people::name_load(conn, &last.recorded_by)?;
    Ok(Some(DoseStory { last, recorded_by, records }))
}

fn banner(conn: &mut Conn, resident: &str, today: NaiveDate) -> Result<Banner, StoreError> {
    let resident = residents::resident_load(conn, resident)?;
    Banner::load(conn, &resident, today)
}
