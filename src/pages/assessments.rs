//! Whom to score: late, now and next, each resident once.

use std::collections::HashMap;

use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use crate::care::calendar::day_text;
use crate::care::facility::{Facility, Unit};
use crate::care::people::{Nurse, Role};
use crate::care::resident::{Allergies, Resident};
use crate::care::round::assessment_due::{AssessmentDue, Standing, Why};
use crate::store::assessments::{DueHere, dues_load};
use crate::store::db::Conn;
use crate::store::{StoreError, facilities, residents};
use crate::web::parts::samples::{self, HOSTILE};
use crate::web::parts::{Icon, Tag, span_text};
use crate::web::{Answer, Hall, Menu, Page, Shell, Signed, links, looking};

pub async fn show(nurse: Signed<Nurse>, hall: Data<Hall>) -> Answer {
    let (mine, now) = (nurse.facilities().cloned().collect::<Vec<_>>(), nurse.now());
    let load_all = move |conn: &mut Conn| mine.into_iter().map(|facility| load(conn, facility, now)).collect();
    let places: Vec<Place> = looking(&hall.db, load_all).await?;
    let shell = nurse.shell(nurse.chosen(None)?, Menu::Assessments);
    Page::new(View::new(&places, shell, now)).answer()
}

/// One facility, and who is to be scored there.
struct Place {
    facility: Facility,
    units: Vec<Unit>,
    residents: HashMap<String, Resident>,
    dues: Vec<DueHere>,
}

fn load(conn: &mut Conn, facility: Facility, now: DateTime<Utc>) -> Result<Place, StoreError> {
    let units = facilities::units_of(conn, &facility.id)?;
    let residents = residents::residents_of(conn, std::slice::from_ref(&facility.id))?;
    let residents = residents.into_iter().map(|resident| (resident.id.clone(), resident)).collect();
    let dues = dues_load(conn, &facility, now)?;
    Ok(Place { facility, units, residents, dues })
}

#[derive(Template)]
#[template(path = "pages/assessments.html")]
pub struct View {
    shell: Shell,
    groups: Vec<Group>,
    /// No facility of theirs asks for scores.
    off: bool,
}

struct Group {
    anchor: &'static str,
    tone: &'static str,
    icon: Icon,
    title: &'static str,
    lines: Vec<Line>,
}

struct Line {
    surname: String,
    forename: String,
    place: String,
    resident: String,
    tag: Tag,
    why: String,
    href: String,
    said: String,
    quiet: bool,
}

impl View {
    fn new(places: &[Place], shell: Shell, now: DateTime<Utc>) -> View {
        let kinds = [
            (Standing::Late, "late", "t-over", Icon::Overdue, "Late"),
            (Standing::Now, "now", "t-due", Icon::Due, "Due now"),
            (Standing::Next, "next", "", Icon::Soon, "Next"),
        ];
        let group = |(standing, anchor, tone, icon, title)| {
            let here = places.iter().flat_map(|place| place.dues.iter().map(move |due| (place, due)));
            let here = here.filter(|(_, here)| here.due.standing == standing);
            Group { anchor, tone, icon, title, lines: here.filter_map(|(place, due)| line(place, due, now)).collect() }
        };
        let groups: Vec<Group> = kinds.into_iter().map(group).filter(|group| !group.lines.is_empty()).collect();
        View { off: places.iter().all(|place| !place.facility.scores.is_on()), groups, shell }
    }
}

fn line(place: &Place, here: &DueHere, now: DateTime<Utc>) -> Option<Line> {
    let resident = place.residents.get(&here.resident)?;
    let unit = place.units.iter().find(|unit| unit.id == here.unit).map_or("", |unit| unit.name.as_str());
    Some(Line {
        surname: resident.surname.to_uppercase(),
        forename: resident.forename.clone(),
        place: format!("{unit} {} · Born\u{a0}{}", resident.room, day_text(resident.born_on)),
        resident: links::resident(&resident.id),
        tag: tag(place, &here.due, now),
        why: why_text(here.due.why),
        href: links::score(&resident.id, &place.facility.scores.scale),
        said: resident.name(),
        quiet: here.due.standing == Standing::Next,
    })
}

fn tag(place: &Place, due: &AssessmentDue, now: DateTime<Utc>) -> Tag {
    let zone = place.facility.zone;
    let time = zone.local(due.at).format("%H:%M");
    match due.standing {
        Standing::Late => Tag::overdue(format!("{}\u{a0}late", span_text(now - due.at))),
        Standing::Now => Tag::due_now(),
        Standing::Next if due.on == zone.day(now) => Tag::due_soon(format!("today {time}")),
        Standing::Next => Tag::due_soon(format!("{} {time}", day_text(due.on))),
    }
}

/// `Dose changed on 19 Nov 2026`
fn why_text(why: Why) -> String {
    match why {
        Why::BeforeReduction { due_on } => {
            format!(
                "A reduction may be signed, planned for {}: a complete score of the last 72 hours is wanted",
                day_text(due_on)
            )
        }
        Why::AfterChange { on } => format!("Dose changed on {}", day_text(on)),
        Why::AfterZero { on } => format!("No dose since {}", day_text(on)),
    }
}

impl View {
    /// Scores are off; nobody is to be scored; late, now and next; hostile and many.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Assessments);
        let off = Place { facility: Facility { scores: Default::default(), ..samples::facility() }, ..sample("", 0) };
        let drawn = |place: Place| View::new(&[place], shell(), samples::now());
        vec![drawn(off), drawn(sample("", 0)), drawn(sample("Halvorsen", 3)), drawn(sample(HOSTILE, 60))]
    }
}

/// So many residents to be scored, in every way there is.
fn sample(surname: &str, many: usize) -> Place {
    let on: NaiveDate = samples::today() - Days::new(1);
    let whys = [Why::BeforeReduction { due_on: on }, Why::AfterChange { on }, Why::AfterZero { on }];
    let standings = [Standing::Late, Standing::Now, Standing::Next];
    let ids: Vec<String> = (0..many).map(|nth| format!("resident{nth}")).collect();
    let resident = |id: &String| (id.clone(), samples::resident(id, surname, Allergies::NoneKnown));
    let due = |(nth, id): (usize, &String)| DueHere {
        resident: id.clone(),
        unit: "willow".to_owned(),
        due: AssessmentDue {
            standing: standings[nth % 3],
            at: samples::now() - TimeDelta::minutes(72),
            on: samples::today(),
            why: whys[nth % 3],
        },
    };
    Place {
        facility: samples::facility(),
        units: vec![samples::unit("Willow")],
        residents: ids.iter().map(resident).collect(),
        dues: ids.iter().enumerate().map(due).collect(),
    }
}
