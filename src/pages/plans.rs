//! The plans of a house: what was sent back, the drafts, what runs, and what each waits for.

mod samples;

use std::collections::HashMap;

use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

use crate::care::calendar::day_text;
use crate::care::facility::Facility;
use crate::care::people::{Pharmacist, Prescriber, Role, Supervisor};
use crate::care::resident::Resident;
use crate::care::taper::daily::Daily;
use crate::care::taper::draft::baseline_wanting;
use crate::store::plans::{PlanFile, PlanState};
use crate::store::{Conn, StoreError, facilities, people, plans, residents};
use crate::web::parts::incident::OpenIncidents;
use crate::web::parts::orders::{Orders, Wants, prescriber, today_of};
use crate::web::parts::severe::OpenSigns;
use crate::web::parts::step_pair::StepPair;
use crate::web::parts::waiting::{Waiting, daily};
use crate::web::parts::{Icon, Tag};
use crate::web::{Answer, Hall, Menu, Page, Shell, Signed, links, looking};

pub async fn show(hall: Data<Hall>, reader: Signed<(Prescriber, Pharmacist, Supervisor)>) -> Answer {
    let mine: Vec<Facility> = reader.facilities().cloned().collect();
    let prescribes = |id: &&String| reader.is(Role::Prescriber, id);
    let drafting: Vec<String> = mine.iter().map(|facility| &facility.id).filter(prescribes).cloned().collect();
    let drafts_too = !drafting.is_empty();
    let now = reader.now();
    let ((rows, orders), signs, incidents) = looking(&hall.db, move |conn| {
        let (signs, incidents) = (OpenSigns::load(conn, &mine, now)?, OpenIncidents::load(conn, &mine, now)?);
        Ok((rows_load(conn, &mine, &drafting, now)?, signs, incidents))
    })
    .await?;
    let shell = reader.shell(reader.chosen(None)?, Menu::Plans);
    Page::new(View::new(shell, rows, orders, drafts_too).headed_by(signs, incidents)).answer()
}

/// One plan of the list.
#[derive(Debug, Clone)]
struct Row {
    state: PlanState,
    waiting: Waiting,
    href: String,
    surname: String,
    forename: String,
    place: String,
    medicine: String,
    pair: Option<StepPair>,
    tag: Tag,
    words: String,
    /// For the order of the list.
    rank: (NaiveDate, String),
}

/// Drafts are seen where the reader prescribes.
fn rows_load(
    conn: &mut Conn,
    mine: &[Facility],
    drafting: &[String],
    now: DateTime<Utc>,
) -> Result<(Vec<Row>, Orders), StoreError> {
    let ids: Vec<String> = mine.iter().map(|facility| facility.id.clone()).collect();
    let mut wanted = plans::plan_ids(conn, drafting, PlanState::Draft)?;
    wanted.extend(plans::plan_ids(conn, &ids, PlanState::Running)?);
    let mut files = plans::plans_load(conn, &wanted)?;
    let known: HashMap<String, Resident> =
        residents::residents_of(conn, &ids)?.into_iter().map(|one| (one.id.clone(), one)).collect();
    let mut units = HashMap::new();
    for facility in mine {
        units.extend(facilities::units_of(conn, &facility.id)?.into_iter().map(|unit| (unit.id.clone(), unit.name)));
    }
    let several = mine.len() > 1;
    let row = |file: &PlanFile| {
        let resident = known.get(&file.plan.resident)?;
        let facility = mine.iter().find(|facility| facility.id == file.plan.facility)?;
        let unit = units.get(&resident.unit).map_or("", String::as_str);
        let place = if several {
            format!("{}, {unit} {}", facility.name, resident.room)
        } else {
            format!("{unit} {}", resident.room)
        };
        Some(Row::new(file, resident, place, facility, now))
    };
    let mut rows: Vec<Row> = files.iter().filter_map(row).collect();
    rows.sort_by(|one, other| one.rank.cmp(&other.rank));
    let owing = plans::ended_plans_owing(conn, &ids)?;
    files.extend(plans::plans_load(conn, &owing)?);
    Ok((rows, unconfirmed(conn, &files, &known, mine, now)?))
}

/// What was ordered by telephone and waits for its prescriber.
fn unconfirmed(
    conn: &mut Conn,
    files: &[PlanFile],
    known: &HashMap<String, Resident>,
    mine: &[Facility],
    now: DateTime<Utc>,
) -> Result<Orders, StoreError> {
    let called = files.iter().flat_map(|file| &file.facts).map(prescriber);
    let names = people::names_of(conn, &called.collect())?;
    let name = |id: &str| names.get(id).cloned().unwrap_or_default();
    Ok(Orders::new(files, |id| known.get(id), name, &[Wants::Confirmation], now, |id| today_of(mine, id, now)))
}

impl Row {
    fn new(file: &PlanFile, resident: &Resident, place: String, facility: &Facility, now: DateTime<Utc>) -> Row {
        let (plan, course, today) = (&file.plan, file.course(), facility.zone.day(now));
        let waiting = Waiting::of(&course, &file.facts, facility.sign_ahead_days, today);
        let level = course.stage_on(today).map(|stage| plan.daily(&stage.step));
        let draft = file.state == PlanState::Draft;
        let words = match draft {
            true => draft_words(file, facility, today),
            false => waiting.told(&course, plan, &level.clone().unwrap_or_else(|| daily(plan, 0)), today),
        };
        Row {
            state: file.state,
            href: links::plan(&plan.id),
            surname: resident.surname.to_uppercase(),
            forename: resident.forename.clone(),
            place: format!("{place} · Born {}", day_text(resident.born_on)),
            medicine: plan.named(),
            pair: pair(file, level, today),
            tag: if draft { Tag::unsigned("Draft") } else { waiting.tag(today) },
            words,
            rank: (rank(&waiting, plan.baseline_on), resident.name()),
            waiting,
        }
    }
}

/// From the dose now to the next: solid where that is signed already.
fn pair(file: &PlanFile, level: Option<Daily>, today: NaiveDate) -> Option<StepPair> {
    let (plan, course) = (&file.plan, file.course());
    if file.state == PlanState::Draft {
        let to = daily(plan, plan.last());
        return Some(StepPair::new(daily(plan, 0), to).headed("Today", "Last step, draft").noted("daily", "daily"));
    }
    if let (Some(ahead), Some(now)) = (course.ahead_of(today), level.clone()) {
        let heading = format!("Signed, from {}", ahead.from.on.format("%d\u{a0}%b"));
        return Some(
            StepPair::new(now, plan.daily(&ahead.step))
                .headed("Now", &heading)
                .both_signed()
                .beside_first(plan.first()),
        );
    }
    let open = course.waiting()?;
    let now = level.unwrap_or_else(|| plan.daily(&open.from));
    Some(StepPair::new(now, plan.daily(&open.to)).headed("Now", "Next, not signed").beside_first(plan.first()))
}

fn draft_words(file: &PlanFile, facility: &Facility, today: NaiveDate) -> String {
    let drafted = day_text(facility.zone.day(file.drafted_at));
    let late = if file.plan.baseline_on < today { " Its baseline lies in the past: choose a new day." } else { "" };
    let wanting = match baseline_wanting(&file.plan, today).len() {
        0 => String::new(),
        1 => " Baseline: 1 thing missing.".to_owned(),
        many => format!(" Baseline: {many} things missing."),
    };
    format!("Saved on {drafted}. Nothing of it is in effect.{late}{wanting}")
}

fn rank(waiting: &Waiting, baseline_on: NaiveDate) -> NaiveDate {
    match *waiting {
        Waiting::Nobody | Waiting::Ended { .. } => NaiveDate::MAX,
        Waiting::Prescriber { since }
        | Waiting::Alarm { since }
        | Waiting::Order { since }
        | Waiting::Away { since }
        | Waiting::Decision { since }
        | Waiting::Stop { since }
        | Waiting::Amendment { since } => since,
        Waiting::Day { effective_on } => effective_on,
        Waiting::Hold(ref hold) => hold.until(),
        Waiting::Opening { due_on, .. } | Waiting::Pharmacist { due_on, .. } => due_on.max(baseline_on),
    }
}

/// Plans that stand alike.
struct Group {
    id: &'static str,
    icon: Icon,
    /// The colour of its icon.
    tone: &'static str,
    title: &'static str,
    note: &'static str,
    rail: &'static str,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "pages/plans.html")]
pub struct View {
    shell: Shell,
    /// Telephone orders that nobody has confirmed.
    orders: Orders,
    signs: OpenSigns,
    incidents: OpenIncidents,
    groups: Vec<Group>,
    may_draft: bool,
}

impl View {
    /// With the severe signs and the incidents that are open, above everything else.
    fn headed_by(self, signs: OpenSigns, incidents: OpenIncidents) -> View {
        View { signs, incidents, ..self }
    }

    /// Drafts are a prescriber's matter; others see what was approved.
    fn new(shell: Shell, rows: Vec<Row>, orders: Orders, may_draft: bool) -> View {
        let of = |id, (icon, tone), title, note, rail, wanted: &dyn Fn(&Row) -> bool| Group {
            id,
            icon,
            tone,
            title,
            note,
            rail,
            rows: rows.iter().filter(|row| wanted(row)).cloned().collect(),
        };
        let waits = |row: &Row, of: fn(&Waiting) -> bool| row.state == PlanState::Running && of(&row.waiting);
        let sent_back = |row: &Row| waits(row, |one| matches!(one, Waiting::Prescriber { .. }));
        let amended = |row: &Row| waits(row, |one| matches!(one, Waiting::Amendment { .. }));
        let stop = |row: &Row| waits(row, |one| matches!(one, Waiting::Stop { .. }));
        let draft = |row: &Row| row.state == PlanState::Draft && may_draft;
        let runs = |row: &Row| row.state == PlanState::Running && !(sent_back(row) || amended(row) || stop(row));
        let mut groups = vec![
            of(
                "back",
                (Icon::Left, "t-warn"),
                "Sent back",
                "each waits for a prescriber’s answer",
                "rail-over",
                &sent_back,
            ),
            of(
                "amended",
                (Icon::Unsigned, "t-warn"),
                "Amended, not approved",
                "each waits for a prescriber’s approval",
                "rail-over",
                &amended,
            ),
            of(
                "stops",
                (Icon::Unsigned, "t-warn"),
                "Stop asked for",
                "each waits for a pharmacist’s countersignature",
                "rail-over",
                &stop,
            ),
            of("drafts", (Icon::Unsigned, "t-warn"), "Drafts", "nothing of them is in effect", "rail-soon", &draft),
            of("running", (Icon::Signed, "t-due"), "Running", "next step first", "rail-due", &runs),
        ];
        groups.retain(|group| !group.rows.is_empty());
        View { shell, orders, signs: OpenSigns::default(), incidents: OpenIncidents::default(), groups, may_draft }
    }
}
