//! One assessment as it was saved: its total, what changed since the one before, and every item.

use std::collections::{BTreeSet, HashMap};

use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};

use crate::care::calendar::{clock_text, day_text};
use crate::care::facility::Facility;
use crate::care::people::{Nurse, Pharmacist, Prescriber, Role, Supervisor};
use crate::care::resident::Allergies;
use crate::store::assessments::{Assessment, assessment_load, assessments_before};
use crate::store::db::Conn;
use crate::store::{StoreError, people, residents};
use crate::web::parts::samples::{self, HOSTILE};
use crate::web::parts::scores::Scores;
use crate::web::parts::spark::{DRAWN, Spark};
use crate::web::parts::{Banner, Icon, span_text};
use crate::web::{Answer, Hall, Link, Menu, Page, PageError, Shell, Signed, links, looking};

pub async fn show(
    reader: Signed<(Nurse, Pharmacist, Prescriber, Supervisor)>,
    hall: Data<Hall>,
    id: Path<String>,
) -> Answer {
    let (id, mine, now) = (id.into_inner(), reader.facilities().cloned().collect::<Vec<_>>(), reader.now());
    let mut facts = looking(&hall.db, move |conn| load(conn, &mine, &id, now)).await?.ok_or(PageError::Missing)?;
    facts.bands_source = bands_source(&hall, &facts.assessment);
    let nurse = reader.is(Role::Nurse, &facts.facility.id);
    let shell = reader.shell(&facts.facility, if nurse { Menu::Assessments } else { Menu::Residents });
    let shell = match nurse {
        true => shell.back_to("Assessments", Menu::Assessments.href()),
        false => shell.back_to("Resident", links::resident(&facts.assessment.resident)),
    };
    Page::new(View::new(&facts, shell, nurse)).answer()
}

struct Facts {
    now: DateTime<Utc>,
    facility: Facility,
    banner: Banner,
    assessment: Assessment,
    /// On the same scale, the newest first.
    earlier: Vec<Assessment>,
    names: HashMap<String, String>,
    /// Where the words for totals come from; empty where the total has none.
    bands_source: String,
}

/// Of the scale as it is now, where it is still the version that was scored.
fn bands_source(hall: &Hall, assessment: &Assessment) -> String {
    let scale = hall.catalogue.scale(&assessment.scale).ok();
    let same = scale.filter(|scale| scale.version == assessment.scale_version && assessment.band.is_some());
    same.and_then(|scale| scale.bands.as_ref()).map(|bands| bands.source.clone()).unwrap_or_default()
}

fn load(conn: &mut Conn, mine: &[Facility], id: &str, now: DateTime<Utc>) -> Result<Option<Facts>, StoreError> {
    let assessment = assessment_load(conn, id)?;
    let Some(facility) = mine.iter().find(|facility| facility.id == assessment.facility).cloned() else {
        return Ok(None);
    };
    let resident = residents::resident_load(conn, &assessment.resident)?;
    let most = DRAWN as i64 + 1;
    let mut earlier = assessments_before(conn, &assessment.resident, &assessment.scale, assessment.assessed_at, most)?;
    earlier.retain(|other| (other.assessed_at, other.n) < (assessment.assessed_at, assessment.n));
    let by: BTreeSet<&str> = earlier.iter().chain([&assessment]).map(|one| one.recorded_by.as_str()).collect();
    let names = people::names_of(conn, &by)?;
    let banner = Banner::load(conn, &resident, facility.zone.day(now))?;
    Ok(Some(Facts { now, facility, banner, assessment, earlier, names, bands_source: String::new() }))
}

#[derive(Template)]
#[template(path = "pages/assessment_saved.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    total: Option<i32>,
    most: i32,
    band: String,
    scale: String,
    bands_source: String,
    saved: String,
    reason: String,
    trend: Option<Trend>,
    changed: Vec<Changed>,
    all: Option<Scores>,
    again: Option<Link>,
    resident: String,
    entry: Link,
}

/// Against the last complete one.
struct Trend {
    on: String,
    total: i32,
    /// `+5`, with a true minus.
    change: String,
    within: String,
    day: String,
    spark: Option<Spark>,
}

struct Changed {
    label: String,
    was: String,
    now: String,
    change: String,
}

impl View {
    fn new(facts: &Facts, shell: Shell, nurse: bool) -> View {
        let assessment = &facts.assessment;
        let before = facts.earlier.iter().find(|earlier| earlier.total.is_some());
        let newest_first = [assessment].into_iter().chain(&facts.earlier).map(|one| one.kept(&facts.names));
        View {
            banner: facts.banner.clone(),
            total: assessment.total,
            most: assessment.most,
            band: assessment.band.clone().unwrap_or_default(),
            scale: format!("{}, version {}", assessment.scale_name, assessment.scale_version),
            bands_source: facts.bands_source.clone(),
            saved: saved(facts),
            reason: assessment.incomplete_reason.clone(),
            trend: before.and_then(|before| trend(facts, before)),
            changed: before.map(|before| changed(before, assessment)).unwrap_or_default(),
            all: Scores::new(&newest_first.collect::<Vec<_>>(), facts.facility.zone),
            again: nurse.then(|| Link::new("Score again", links::score(&assessment.resident, &assessment.scale))),
            resident: links::resident(&assessment.resident),
            entry: Link::new(format!("Entry {}", assessment.n), links::fact(assessment.n)),
            shell,
        }
    }
}

/// `Scored at 08:31 by Amara Diallo RN, saved at 08:32.`
fn saved(facts: &Facts) -> String {
    let (assessment, zone) = (&facts.assessment, facts.facility.zone);
    let by = facts.names.get(&assessment.recorded_by).map_or("", String::as_str);
    let at = |instant| clock_text(zone, instant, facts.now);
    format!("Scored at {} by {by}, saved at {}.", at(assessment.assessed_at), at(assessment.recorded_at))
}

fn trend(facts: &Facts, before: &Assessment) -> Option<Trend> {
    let (assessment, zone) = (&facts.assessment, facts.facility.zone);
    let (was, now) = (before.total?, assessment.total?);
    let mut totals: Vec<i32> = facts.earlier.iter().filter_map(|earlier| earlier.total).collect();
    totals.reverse();
    totals.push(now);
    Some(Trend {
        on: day_text(zone.day(before.assessed_at)),
        total: was,
        change: difference(was, now),
        within: span_text(assessment.assessed_at - before.assessed_at),
        day: day_text(zone.day(assessment.assessed_at)),
        spark: Spark::new(&totals, (0, assessment.most)),
    })
}

/// `+5`, `−3`, `0`.
fn difference(was: i32, now: i32) -> String {
    match now - was {
        0 => "0".to_owned(),
        more if more > 0 => format!("+{more}"),
        less => format!("−{}", less.abs()),
    }
}

fn changed(before: &Assessment, now: &Assessment) -> Vec<Changed> {
    let scored = now.items.iter().filter(|item| item.scored);
    let line = |item: &crate::care::scale::score::Answered| {
        let (was, is) = (before.answer(&item.item)?, item.answer?);
        let (label, change) = (item.label.clone(), difference(was, is));
        (was != is).then(|| Changed { label, was: was.to_string(), now: is.to_string(), change })
    };
    scored.filter_map(line).collect()
}

impl View {
    /// The first one; risen since the last; broken off, with hostile words.
    pub fn samples() -> Vec<View> {
        let facts = |assessment: Assessment, earlier: Vec<Assessment>, name: &str| Facts {
            now: samples::now(),
            facility: samples::facility(),
            banner: Banner::new(&samples::resident("margit", name, Allergies::NoneKnown), "Willow", samples::today()),
            assessment,
            earlier,
            names: samples::names(name),
            bands_source: name.to_owned(),
        };
        let shell = |role| Shell::sample(role, Menu::Residents).back_to("Resident", "/residents/margit");
        let scored = samples::scores::assessment;
        let before = [14, 10, 12, 11, 9].map(scored).to_vec();
        let broken_off = Assessment { note: HOSTILE.to_owned(), ..samples::scores::incomplete(HOSTILE) };
        vec![
            View::new(&facts(scored(0), Vec::new(), "Halvorsen"), shell(Role::Nurse), true),
            View::new(&facts(scored(61), before.clone(), "Halvorsen"), shell(Role::Pharmacist), false),
            View::new(&facts(broken_off, before, HOSTILE), shell(Role::Nurse), true),
        ]
    }
}
