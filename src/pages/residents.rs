//! The residents of the facilities somebody works in, and a search by name, number or room.

use std::collections::HashMap;

use actix_web::web::{Data, Query};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::care::absence::{Absence, Away};
use crate::care::calendar::{Zone, day_text};
use crate::care::facility::{Facility, Unit};
use crate::care::people::{Nurse, Pharmacist, Prescriber, Role, Supervisor};
use crate::care::resident::search::Sought;
use crate::care::resident::{Allergies, Resident};
use crate::care::round::mar::Month;
use crate::care::taper::level::Footing;
use crate::store::db::Conn;
use crate::store::plans::{self, PlanFile, PlanState};
use crate::store::{StoreError, absences, facilities, residents};
use crate::web::parts::{Icon, samples};
use crate::web::{Answer, Hall, Menu, Page, Shell, Signed, links, looking};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: usize,
}

/// So many residents stand on a page.
const A_PAGE: usize = 50;

/// A page of what was sought.
fn address(q: &str, page: usize) -> String {
    let query = serde_urlencoded::to_string([("q", q), ("page", &page.to_string())]).unwrap_or_default();
    format!("/residents?{query}")
}

pub async fn show(
    reader: Signed<(Nurse, Pharmacist, Prescriber, Supervisor)>,
    hall: Data<Hall>,
    asked: Query<Asked>,
) -> Answer {
    let mine: Vec<Facility> = reader.facilities().cloned().collect();
    let now = reader.now();
    let facts = looking(&hall.db, move |conn| load(conn, mine, now)).await?;
    let shell = reader.shell(reader.chosen(None)?, Menu::Residents);
    let kept = facts.facilities.iter().filter(|facility| reader.is(Role::Supervisor, &facility.id));
    let kept: Vec<Kept> = kept.map(|facility| Kept::new(facility, facts.facilities.len() > 1)).collect();
    let labels = !kept.is_empty() || facts.facilities.iter().any(|facility| reader.is(Role::Nurse, &facility.id));
    Page::new(View { kept, labels, ..View::new(&facts, shell, &asked.q, asked.page) }).answer()
}

pub struct Facts {
    now: DateTime<Utc>,
    facilities: Vec<Facility>,
    units: HashMap<String, Unit>,
    residents: Vec<Resident>,
    plans: HashMap<String, Vec<PlanFile>>,
    /// Who is away now, by resident.
    away: HashMap<String, Absence>,
}

fn load(conn: &mut Conn, facilities: Vec<Facility>, now: DateTime<Utc>) -> Result<Facts, StoreError> {
    let ids: Vec<String> = facilities.iter().map(|facility| facility.id.clone()).collect();
    let mut units = HashMap::new();
    for id in &ids {
        units.extend(facilities::units_of(conn, id)?.into_iter().map(|unit| (unit.id.clone(), unit)));
    }
    let running = plans::plan_ids(conn, &ids, PlanState::Running)?;
    let mut plans: HashMap<String, Vec<PlanFile>> = HashMap::new();
    for file in plans::plans_load(conn, &running)? {
        plans.entry(file.plan.resident.clone()).or_default().push(file);
    }
    let away = absences::absences_open(conn, &ids)?;
    Ok(Facts { now, residents: residents::residents_of(conn, &ids)?, facilities, units, plans, away })
}

#[derive(Template)]
#[template(path = "pages/residents.html")]
pub struct View {
    shell: Shell,
    q: String,
    told: String,
    several: bool,
    /// Where they may take residents in.
    kept: Vec<Kept>,
    /// The MAR of each unit, and its labels for whoever prints them.
    units: Vec<UnitWays>,
    labels: bool,
    rows: Vec<Row>,
    before: Option<String>,
    after: Option<String>,
}

/// A facility that takes residents in.
struct Kept {
    id: String,
    /// ` to Alder House`, where there is another.
    to: String,
}

impl Kept {
    fn new(facility: &Facility, several: bool) -> Kept {
        let to = if several { format!(" to {}", facility.name) } else { String::new() };
        Kept { id: facility.id.clone(), to }
    }
}

struct UnitWays {
    name: String,
    mar: String,
    labels: String,
}

struct Row {
    href: String,
    surname: String,
    forename: String,
    number: String,
    place: String,
    facility: String,
    born: String,
    /// `In hospital since 16 Nov 2026`
    away: Option<String>,
    tapers: Vec<Taper>,
}

/// A running plan, in one line.
struct Taper {
    medicine: String,
    level: String,
    waits: bool,
}

impl View {
    pub fn new(facts: &Facts, shell: Shell, q: &str, page: usize) -> View {
        let sought = Sought::of(q);
        let unit = |resident: &Resident| facts.units.get(&resident.unit).map_or("", |unit| unit.name.as_str());
        let found: Vec<&Resident> =
            facts.residents.iter().filter(|resident| sought.finds(resident, unit(resident))).collect();
        let pages = found.len().div_ceil(A_PAGE).max(1);
        let page = page.min(pages - 1);
        let told = match (found.len(), sought.is_empty()) {
            (1, true) => "1 resident".to_owned(),
            (count, true) => format!("{count} residents"),
            (0, false) => "Nobody here by that name, number or room.".to_owned(),
            (count, false) => format!("{count} of {} residents", facts.residents.len()),
        };
        let rows = found.iter().skip(page * A_PAGE).take(A_PAGE).map(|resident| row(facts, resident)).collect();
        let told = if pages > 1 { format!("{told}, page {} of {pages}", page + 1) } else { told };
        let (q, several, units) = (q.trim().to_owned(), facts.facilities.len() > 1, units(facts));
        let (before, after) = (page.checked_sub(1).map(|page| address(&q, page)), page + 1);
        let after = (after < pages).then(|| address(&q, after));
        View { shell, q, told, several, kept: Vec::new(), labels: false, units, rows, before, after }
    }
}

impl View {
    /// Nobody; the usual, of whom one is away; a search that finds hostile words; two facilities.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Pharmacist, Menu::Residents);
        let margit = samples::resident("margit", "Halvorsen", Allergies::NoneKnown);
        let hostile = samples::resident("hostile", samples::HOSTILE, Allergies::Unavailable);
        let facts = |residents: &[Resident]| Facts {
            now: samples::now(),
            facilities: vec![samples::facility()],
            units: [("willow".to_owned(), samples::unit("Willow"))].into(),
            residents: residents.to_vec(),
            plans: [("margit".to_owned(), vec![samples::plan(false)])].into(),
            away: [("hostile".to_owned(), away_sample())].into(),
        };
        let two = Facts { facilities: vec![samples::facility(); 2], ..facts(&vec![margit.clone(); 300]) };
        vec![
            View::new(&facts(&[]), shell(), "", 0),
            View::new(&facts(&[margit, hostile]), shell(), "", 0),
            View::new(&two, shell(), "", 1),
            View::new(&facts(&[]), shell(), samples::HOSTILE, 0),
        ]
    }
}

fn away_sample() -> Absence {
    let text = |words: &str| words.to_owned();
    let (id, facility, resident, note, by) = (text("away"), text("alder"), text("hostile"), text(""), text("nurse"));
    Absence { id, facility, resident, kind: Away::Hospital, left_at: samples::now(), note, by, at: samples::now() }
}

/// The units with somebody in them, by name, each with the ways to its MAR of this month and to its labels.
fn units(facts: &Facts) -> Vec<UnitWays> {
    let lived_in = facts.units.values().filter(|unit| facts.residents.iter().any(|one| one.unit == unit.id));
    let ways = |unit: &Unit| {
        let zone = facts.facilities.iter().find(|one| one.id == unit.facility).map_or(Zone::UTC, |one| one.zone);
        let mar = links::unit_mar(&unit.id, Month::of(zone.day(facts.now)));
        UnitWays { name: unit.name.clone(), mar, labels: links::labels_of_unit(&unit.id) }
    };
    let mut units: Vec<UnitWays> = lived_in.map(ways).collect();
    units.sort_by(|one, other| (&one.name, &one.mar).cmp(&(&other.name, &other.mar)));
    units
}

fn row(facts: &Facts, resident: &Resident) -> Row {
    let facility = facts.facilities.iter().find(|facility| facility.id == resident.facility);
    let unit = facts.units.get(&resident.unit).map_or("", |unit| unit.name.as_str());
    let plans = facts.plans.get(&resident.id).map(Vec::as_slice).unwrap_or_default();
    Row {
        href: links::resident(&resident.id),
        surname: resident.surname.to_uppercase(),
        forename: resident.forename.clone(),
        number: resident.number.clone(),
        place: format!("{unit} {}", resident.room),
        facility: facility.map(|facility| facility.name.clone()).unwrap_or_default(),
        born: day_text(resident.born_on),
        away: facts.away.get(&resident.id).and_then(|absence| Some(away(facility?, absence))),
        tapers: plans.iter().filter_map(|file| taper(facts, facility?, file)).collect(),
    }
}

fn away(facility: &Facility, absence: &Absence) -> String {
    format!("{} since {}", absence.kind.title(), day_text(facility.zone.day(absence.left_at)))
}

fn taper(facts: &Facts, facility: &Facility, file: &PlanFile) -> Option<Taper> {
    let (course, today) = (file.course(), facility.zone.day(facts.now));
    let stage = course.stage_on(today)?;
    let level = match stage.footing {
        Footing::Away => "no dose due here".to_owned(),
        Footing::Undecided => "decision needed, none is given".to_owned(),
        _ => format!("{} daily", file.plan.daily_of(stage.level_on(today)?.regimen)),
    };
    let waits = course.due_on().is_some_and(|due| due <= today);
    Some(Taper { medicine: file.plan.named(), level, waits })
}
