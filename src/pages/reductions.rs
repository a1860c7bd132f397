//! The reductions that wait for a pharmacist, most urgent first, across the facilities they serve.

mod samples;
mod stops;

use std::collections::HashMap;

use actix_web::web::{Data, Query};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use self::stops::Stop;
use crate::care::calendar::{day_text, days_after};
use crate::care::facility::Facility;
use crate::care::people::Pharmacist;
use crate::care::resident::Resident;
use crate::store::cases::{Found, case_of};
use crate::store::evidence::{Evidence, evidence_load};
use crate::store::plans::{PlanFile, PlanState};
use crate::store::{Conn, StoreError, facilities, people, plans, residents};
use crate::web::parts::orders::{Orders, Wants, prescriber, today_of};
use crate::web::parts::severe::OpenSigns;
use crate::web::parts::step_pair::StepPair;
use crate::web::parts::steps::flags;
use crate::web::parts::waiting::Waiting;
use crate::web::parts::{Icon, Tag};
use crate::web::{Answer, Hall, Menu, Page, Shell, Signed, links, looking};

/// Which of them are asked for: `late`, `soon`, `later`, `back` or `flagged`.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    only: String,
}

pub async fn show(hall: Data<Hall>, pharmacist: Signed<Pharmacist>, asked: Query<Asked>) -> Answer {
    let mine: Vec<Facility> = pharmacist.facilities().cloned().collect();
    let (now, person) = (pharmacist.now(), pharmacist.person().to_owned());
    let ((rows, stops, orders), signs) =
        looking(&hall.db, move |conn| Ok((queue_load(conn, &mine, &person, now)?, OpenSigns::load(conn, &mine, now)?)))
            .await?;
    let shell = pharmacist.shell(pharmacist.chosen(None)?, Menu::Reductions);
    Page::new(View::new(shell, rows, stops, orders, &asked.only).headed_by(signs)).answer()
}

/// How urgent a reduction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Urgency {
    Late,
    Soon,
    Later,
    Back,
}

#[derive(Debug, Clone)]
struct Row {
    urgency: Urgency,
    due_on: NaiveDate,
    day: String,
    tag: Tag,
    href: String,
    surname: String,
    forename: String,
    place: String,
    medicine: String,
    pair: StepPair,
    given: String,
    /// Given too, and not kept.
    vomited: u32,
    flags: Vec<Tag>,
    flagged: bool,
    /// For whom it waits and since when.
    words: String,
    own: bool,
}

/// The reductions, the stops and the orders that wait.
type Queue = (Vec<Row>, Vec<Stop>, Orders);

fn queue_load(conn: &mut Conn, mine: &[Facility], person: &str, now: DateTime<Utc>) -> Result<Queue, StoreError> {
    let ids: Vec<String> = mine.iter().map(|facility| facility.id.clone()).collect();
    let wanted = plans::plan_ids(conn, &ids, PlanState::Running)?;
    let known: HashMap<String, Resident> =
        residents::residents_of(conn, &ids)?.into_iter().map(|one| (one.id.clone(), one)).collect();
    let mut units = HashMap::new();
    for id in &ids {
        units.extend(facilities::units_of(conn, id)?.into_iter().map(|unit| (unit.id, unit.name)));
    }
    let (mut rows, mut stops) = (Vec::new(), Vec::new());
    let files = plans::plans_load(conn, &wanted)?;
    let owing = plans::ended_plans_owing(conn, &ids)?;
    let owing = plans::plans_load(conn, &owing)?;
    let orders = orders(conn, files.iter().chain(&owing), &known, mine, now)?;
    for file in files {
        let Some(resident) = known.get(&file.plan.resident) else { continue };
        let found = case_of(conn, file, 0, now)?;
        let unit = units.get(&resident.unit).map_or("", String::as_str);
        let facility = if mine.len() > 1 { format!("{}, ", found.facility.name) } else { String::new() };
        let place = format!("{facility}{unit} {} · Born {}", resident.room, day_text(resident.born_on));
        stops.extend(Stop::of(&found, resident, &place, person));
        let Some((urgency, waiting)) = urgency(&found) else { continue };
        let Some(evidence) = evidence_load(conn, &found, effective_on(&found), now)? else { continue };
        let own = found.case.makers.contains(person);
        rows.extend(Row::new(&found, &evidence, resident, place, (urgency, waiting), own));
    }
    rows.sort_by(|one, other| {
        (one.urgency, one.due_on, &one.surname).cmp(&(other.urgency, other.due_on, &other.surname))
    });
    stops.sort_by(|one, other| (one.since, &one.surname).cmp(&(other.since, &other.surname)));
    Ok((rows, stops, orders))
}

/// Urgent orders that no pharmacist has reviewed, and steps back of late.
fn orders<'a>(
    conn: &mut Conn,
    files: impl Iterator<Item = &'a PlanFile> + Clone,
    known: &'a HashMap<String, Resident>,
    mine: &[Facility],
    now: DateTime<Utc>,
) -> Result<Orders, StoreError> {
    let ordered = files.clone().flat_map(|file| &file.facts).map(prescriber);
    let names = people::names_of(conn, &ordered.collect())?;
    let name = |id: &str| names.get(id).cloned().unwrap_or_default();
    Ok(Orders::new(files, |id| known.get(id), name, &[Wants::Review, Wants::Notice], now, |id| today_of(mine, id, now)))
}

/// Whether it stands in the queue, and how urgently: what cannot be signed yet does not.
fn urgency(found: &Found) -> Option<(Urgency, Waiting)> {
    let (case, file) = (&found.case, &found.file);
    let waiting = Waiting::of(&case.course, &file.facts, case.sign_ahead_days, case.today);
    let urgency = match &waiting {
        Waiting::Prescriber { .. } => Urgency::Back,
        Waiting::Pharmacist { due_on, .. } if *due_on <= case.today => Urgency::Late,
        Waiting::Pharmacist { due_on, .. } if *due_on <= days_after(case.today, 3) => Urgency::Soon,
        Waiting::Pharmacist { .. } => Urgency::Later,
        _ => return None,
    };
    Some((urgency, waiting))
}

/// The day it would take effect if it were signed now.
fn effective_on(found: &Found) -> NaiveDate {
    let due = found.case.course.due_on().unwrap_or(found.case.today);
    found.case.window().map_or(due, |(earliest, _)| earliest)
}

impl Row {
    fn new(
        found: &Found,
        evidence: &Evidence,
        resident: &Resident,
        place: String,
        (urgency, waiting): (Urgency, Waiting),
        own: bool,
    ) -> Option<Row> {
        let (plan, course, today) = (&found.file.plan, &found.case.course, found.case.today);
        let (open, due_on) = (course.waiting()?, course.due_on()?);
        let from = plan.daily(&open.from);
        let asking = evidence.checks.iter().filter(|check| !check.passed).map(|check| check.code);
        let mut tags = flags(asking);
        let flagged = !tags.is_empty();
        if !flagged {
            tags.push(Tag::given("No flags"));
        }
        Some(Row {
            urgency,
            due_on,
            day: due_on.format("%d\u{a0}%b").to_string(),
            tag: waiting.tag(today),
            href: links::reduction(&plan.id, i64::from(open.n)),
            surname: resident.surname.to_uppercase(),
            forename: resident.forename.clone(),
            place,
            medicine: plan.named(),
            pair: StepPair::new(from, plan.daily(&open.to)).headed("Now", "Proposed").beside_first(plan.first()),
            given: format!("{} of {}", evidence.adherence.given, evidence.adherence.planned),
            vomited: evidence.adherence.vomited,
            flags: tags,
            flagged,
            words: waiting.since(today),
            own,
        })
    }
}

/// Reductions of one urgency.
struct Group {
    urgency: Urgency,
    id: &'static str,
    icon: Icon,
    /// The colour of its icon.
    tone: &'static str,
    title: &'static str,
    note: &'static str,
    rail: &'static str,
    rows: Vec<Row>,
}

struct Chip {
    text: String,
    href: String,
    icon: Option<Icon>,
    tone: &'static str,
    current: bool,
}

#[derive(Template)]
#[template(path = "pages/reductions.html")]
pub struct View {
    shell: Shell,
    orders: Orders,
    signs: OpenSigns,
    chips: Vec<Chip>,
    groups: Vec<Group>,
    stops: Vec<Stop>,
    waiting: usize,
}

const GROUPS: [(Urgency, &str, Icon, &str, &str, &str); 4] = [
    (Urgency::Late, "late", Icon::Overdue, "Step date passed", "the dose has not changed", "rail-over"),
    (Urgency::Soon, "soon", Icon::Due, "Next 3 days", "", "rail-due"),
    (Urgency::Later, "later", Icon::Soon, "Later", "", "rail-soon"),
    (Urgency::Back, "back", Icon::Left, "Sent back", "nothing can be signed until a prescriber answers", "rail-soon"),
];

impl View {
    /// With the severe signs that are open, above everything else.
    fn headed_by(self, signs: OpenSigns) -> View {
        View { signs, ..self }
    }

    fn new(shell: Shell, rows: Vec<Row>, stops: Vec<Stop>, orders: Orders, only: &str) -> View {
        let waiting = rows.iter().filter(|row| row.urgency != Urgency::Back).count();
        let chips = chips(&rows, only);
        let shown = |row: &&Row, id: &str| match only {
            "flagged" => row.flagged,
            "late" | "soon" | "later" | "back" => only == id,
            _ => true,
        };
        let group = |(urgency, id, icon, title, note, rail)| Group {
            urgency,
            id,
            icon,
            tone: tone(urgency),
            title,
            note,
            rail,
            rows: rows.iter().filter(|row| row.urgency == urgency).filter(|row| shown(row, id)).cloned().collect(),
        };
        let mut groups: Vec<Group> = GROUPS.into_iter().map(group).collect();
        groups.retain(|group| !group.rows.is_empty());
        let shell = shell.waiting(Menu::Reductions, waiting + stops.len() + orders.len());
        View { shell, orders, signs: OpenSigns::default(), chips, groups, stops, waiting }
    }
}

fn tone(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Late => "t-over",
        Urgency::Soon => "t-due",
        Urgency::Later => "muted",
        Urgency::Back => "t-warn",
    }
}

fn chips(rows: &[Row], only: &str) -> Vec<Chip> {
    let href = |id: &str| format!("{}?only={id}", Menu::Reductions.href());
    let chip = |text: String, href: String, icon, tone, current| Chip { text, href, icon, tone, current };
    let known = GROUPS.iter().any(|(_, id, ..)| *id == only) || only == "flagged";
    let mut chips = vec![chip(format!("All {}", rows.len()), Menu::Reductions.href(), None, "", !known)];
    for (urgency, id, icon, title, ..) in GROUPS {
        let count = rows.iter().filter(|row| row.urgency == urgency).count();
        if count > 0 || only == id {
            chips.push(chip(format!("{title} {count}"), href(id), Some(icon), tone(urgency), only == id));
        }
    }
    let flagged = rows.iter().filter(|row| row.flagged).count();
    if flagged > 0 || only == "flagged" {
        chips.push(chip(format!("Flagged {flagged}"), href("flagged"), Some(Icon::Flag), "t-warn", only == "flagged"));
    }
    chips
}
