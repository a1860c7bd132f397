//! The page of an absence as it is drawn: the form that is wanted now, and the absences before.

use std::collections::BTreeSet;

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Facts, field_of};
use crate::care::absence::{Absence, Away, BackOn};
use crate::care::calendar::{Slot, Zone, day_text};
use crate::care::people::Role;
use crate::care::resident::Allergies;
use crate::care::taper::plan::{Plan, Step};
use crate::care::taper::schedule::DoseKey;
use crate::store::absences::AbsenceEnd;
use crate::store::cases::Found;
use crate::store::doses::DoseFile;
use crate::web::parts::samples::tapers::{Taper, Written};
use crate::web::parts::{Banner, Icon, samples};
use crate::web::{Choice, Form, Link, Menu, Shell, links};

#[derive(Template)]
#[template(path = "pages/absence.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    href: String,
    back: String,
    form: Form,
    kinds: Vec<Choice>,
    /// `In hospital since 16 Nov 2026 21:00`
    away: Option<String>,
    /// What may have been taken before they left.
    before: Vec<Link>,
    tapers: Vec<TaperBack>,
    away_days: u32,
    earlier: Vec<String>,
}

/// What is asked about one plan when somebody comes back.
struct TaperBack {
    medicine: String,
    back_on: String,
    letter: String,
    last_at: String,
    last_amount: String,
    choices: Vec<Choice>,
}

impl View {
    pub(super) fn new(facts: &Facts, shell: Shell, form: Form, now: DateTime<Utc>) -> View {
        let zone = facts.facility.zone;
        let typed = zone.local(now).format("%Y-%m-%dT%H:%M").to_string();
        let field = if facts.open.is_some() { "back_at" } else { "left_at" };
        let before = facts.earlier.iter().filter(|(_, end)| end.is_some());
        View {
            banner: facts.banner.clone(),
            href: links::absence(&facts.resident.id),
            back: links::resident(&facts.resident.id),
            form: form.with(field, typed),
            kinds: Away::ALL.into_iter().map(kind).collect(),
            away: facts.open.as_ref().map(|open| since(open, zone)),
            before: facts.before.iter().map(taken_before).collect(),
            tapers: facts.cases.iter().map(taper_back).collect(),
            away_days: facts.facility.away_days,
            earlier: before.map(|(absence, end)| span(absence, end.as_ref(), zone)).collect(),
            shell,
        }
    }

    /// Somebody here; somebody away with one plan, and with two; a page that came back; hostile words.
    pub fn samples() -> Vec<View> {
        let facts = |away: Option<Away>, tapers: usize, name: &str, note: &str| {
            let resident = samples::resident("margit", name, Allergies::NotRecorded);
            Facts {
                facility: samples::facility(),
                banner: Banner::new(&resident, "Willow", samples::today()),
                resident,
                open: away.map(|away| absence(away, note)),
                earlier: vec![(absence(Away::Leave, note), Some(end()))],
                cases: (0..tapers).map(sample_case).collect(),
                before: vec![samples::dose("margit", samples::today(), "08:00", 750, "approval"); tapers],
            }
        };
        let shell = || Shell::sample(Role::Nurse, Menu::Residents);
        let view = |facts: Facts, form: Form| View::new(&facts, shell(), form, samples::now());
        let form = || Form::new("proof", samples::now());
        let mut wrong = crate::web::Errors::none();
        wrong.push("back_at", "That time is still to come. Enter when the resident came back.");
        vec![
            view(facts(None, 1, "Halvorsen", ""), form()),
            view(facts(Some(Away::Hospital), 1, "Halvorsen", "Fell at night"), form()),
            view(facts(Some(Away::Discharged), 2, &"W".repeat(80), &"long ".repeat(90)), form().spoiled(wrong)),
            view(facts(Some(Away::Died), 0, samples::HOSTILE, samples::HOSTILE), form().with("note", samples::HOSTILE)),
        ]
    }
}

fn sample_case(i: usize) -> Found {
    let mut taper = Taper::running(3, 20, Written::usual());
    taper.file.plan.id = format!("plan-{i}");
    taper.found(0)
}

fn absence(kind: Away, note: &str) -> Absence {
    let at = samples::now() - chrono::TimeDelta::days(2);
    let text = |text: &str| text.to_owned();
    let (id, facility, resident, by) = (text("absence"), text("alder"), text("margit"), text("nurse"));
    Absence { id, facility, resident, kind, left_at: at, note: text(note), by, at }
}

fn end() -> AbsenceEnd {
    let (at, text) = (samples::now() - chrono::TimeDelta::days(1), |text: &str| text.to_owned());
    let (id, absence, by) = (text("end"), text("absence"), text("nurse"));
    AbsenceEnd { id, absence, back_at: at, elsewhere: Vec::new(), note: String::new(), by, at }
}

fn kind(away: Away) -> Choice {
    Choice::new(away.word(), away.title()).hinted(match away {
        Away::Hospital => "Doses there are theirs; ask for the discharge letter",
        Away::Leave => "Doses taken along are the family’s to give",
        Away::Discharged => "Lives elsewhere from now on",
        Away::Died => "Doses and letters end",
    })
}

fn since(absence: &Absence, zone: Zone) -> String {
    format!("{} since {}", absence.kind.title(), moment(absence.left_at, zone))
}

/// `In hospital, 16 Nov 2026 21:00 to 18 Nov 2026 10:00. Fell at night`
fn span(absence: &Absence, end: Option<&AbsenceEnd>, zone: Zone) -> String {
    let until = end.map(|end| format!(" to {}", moment(end.back_at, zone))).unwrap_or_default();
    let note = if absence.note.is_empty() { String::new() } else { format!(". {}", absence.note) };
    format!("{}, {}{until}{note}", absence.kind.title(), moment(absence.left_at, zone))
}

fn moment(at: DateTime<Utc>, zone: Zone) -> String {
    let local = zone.local(at);
    format!("{} {}", day_text(local.date()), local.format("%H:%M"))
}

/// `20:00 clonazepam 0.75 mg`
fn taken_before(dose: &DoseFile) -> Link {
    let DoseKey { slot, medicine, .. } = &dose.key;
    Link::new(format!("{slot} {medicine} {}", dose.level.amount), links::dose(&dose.id))
}

/// `1 mg at 20:00`, `0.5 mg clonazepam and 5 mg diazepam at 20:00`; of nights without a dose it says which.
fn told(plan: &Plan, step: &Step) -> String {
    let regimen = step.cycle.iter().find(|day| !day.daily().is_zero()).unwrap_or(step.regimen());
    let slots: BTreeSet<Slot> = regimen.doses().map(|dose| dose.slot).collect();
    let doses = slots.into_iter().map(|slot| format!("{} at {slot}", regimen.told_at(slot, plan.heading())));
    doses.chain(step.rhythm()).collect::<Vec<_>>().join(", ")
}

fn taper_back(found: &Found) -> TaperBack {
    let (plan, course) = (&found.file.plan, &found.case.course);
    let last = course.standing().map(|stage| &stage.step);
    let same = format!(
        "The same dose as before: {}",
        last.or(plan.steps.first()).map_or_else(String::new, |step| told(plan, step))
    );
    let undecided = course.undecided();
    let same = Choice::new(BackOn::Same.word(), same);
    TaperBack {
        medicine: plan.named(),
        back_on: field_of("back_on", &plan.id),
        letter: field_of("letter", &plan.id),
        last_at: field_of("last_at", &plan.id),
        last_amount: field_of("last_amount", &plan.id),
        choices: vec![
            if undecided {
                same.hinted("Nobody has decided it yet: a prescriber still does; none is given until then")
            } else {
                same
            },
            Choice::new(BackOn::Other.word(), "Another dose, or none")
                .hinted("A prescriber decides; none is given until then"),
            Choice::new(BackOn::NotKnown.word(), "Not known").hinted("A prescriber decides; none is given until then"),
        ],
    }
}
