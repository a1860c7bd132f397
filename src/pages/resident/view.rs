//! The page of a resident as it is drawn.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use chrono::NaiveDate;

use super::facts::{Facts, Taper};
use crate::care::absence::Absence;
use crate::care::calendar::{Slot, day_text};
use crate::care::resident::Resident;
use crate::care::round::mar::Month;
use crate::care::round::outcome::reason_text;
use crate::care::severe_sign::{SevereSign, SignFile};
use crate::care::taper::level::{Footing, PlanAct, PlanFact};
use crate::care::taper::plan::{Medicine, Regimen};
use crate::store::doses::{Administration, Correction, DoseFile};
use crate::store::plans::PlanState;
use crate::web::parts::alerts::AlertPanels;
use crate::web::parts::as_needed::{Reader, Section};
use crate::web::parts::decided;
use crate::web::parts::incident::IncidentLine;
use crate::web::parts::orders::prescriber;
use crate::web::parts::pause::PauseForm;
use crate::web::parts::scores::Scores;
use crate::web::parts::severe::OpenSign;
use crate::web::parts::{Banner, Icon, Tag};
use crate::web::{Form, Link, Shell, links};

#[derive(Template)]
#[template(path = "pages/resident.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    name: String,
    /// Where a photo is put in or replaced, for whoever may.
    photo: Option<String>,
    /// Where labels are printed, for whoever may.
    labels: Option<String>,
    /// Where the details are put right, for whoever may.
    details: Option<String>,
    /// Where the gradual dose reductions are, for whoever keeps their record.
    gradual: Option<String>,
    mar: String,
    /// The registers of the unit, for whoever reads them.
    register: Option<String>,
    /// Where a nurse writes down that the resident left or came back.
    absence: Option<String>,
    /// Where a move to another room is written down.
    transfer: Option<String>,
    /// `In hospital since 16 Nov 2026`
    away: Option<String>,
    alerts: AlertPanels,
    plans: Vec<Card>,
    /// The slots of the days ahead, each with its medicine.
    columns: Vec<String>,
    days: Vec<Day>,
    records: Vec<Line>,
    as_needed: Section,
    scores: Option<Scores>,
    /// Where a nurse scores the resident.
    score: Option<String>,
    /// Severe signs, and how each stands.
    signs: Vec<(OpenSign, &'static str)>,
    incidents: Vec<IncidentLine>,
    /// Where a nurse writes down what was given in error.
    in_error: Option<String>,
}

/// One plan.
struct Card {
    medicine: String,
    href: String,
    tag: Tag,
    level: String,
    slots: String,
    by: String,
    /// What waits, or what is signed ahead.
    unsigned: Option<String>,
    ahead: Option<String>,
    complete: bool,
    /// Where this reader decides about it, or writes down who did.
    ways: Vec<Link>,
    pause: Option<PauseForm>,
}

struct Day {
    day: String,
    today: bool,
    changed: bool,
    amounts: Vec<Option<Cell>>,
}

struct Cell {
    text: String,
    href: Option<String>,
    recorded: bool,
}

struct Line {
    when: String,
    dose: String,
    tag: Tag,
    given: String,
    reason: String,
    by: String,
    href: String,
    number: i64,
    /// `corrected`, `recorded in error`
    struck: Option<&'static str>,
}

impl View {
    /// Offers the way to where the details are put right.
    pub fn put_right_at(self, details: Option<String>) -> View {
        View { details, ..self }
    }

    /// Offers the ways to the photo and to the labels.
    pub fn kept_on_the_ward(self, photo: Option<String>, labels: Option<String>) -> View {
        View { photo, labels, ..self }
    }

    /// Offers the way to the registers.
    pub fn register_at(self, register: Option<String>) -> View {
        View { register, ..self }
    }

    /// Offers the way to the gradual dose reductions.
    pub fn gradual_at(self, gradual: Option<String>) -> View {
        View { gradual, ..self }
    }

    /// `reader` says what whoever reads it may do here. `form` draws an empty form.
    pub fn new(facts: &Facts, shell: Shell, reader: Reader, form: impl Fn() -> Form) -> View {
        let nurse = reader.nurse;
        let today = facts.facility.zone.day(facts.now);
        let unit_name = |resident: &Resident| {
            facts.units.iter().find(|unit| unit.id == resident.unit).map_or("", |unit| unit.name.as_str())
        };
        let others = facts.others.iter().map(|other| (other, unit_name(other)));
        let open: Vec<SevereSign> = facts.signs.iter().filter(|f| f.is_open()).map(|f| f.sign.clone()).collect();
        let banner = Banner::new(&facts.resident, unit_name(&facts.resident), today);
        let banner = banner.alarmed(&open, facts.facility.zone, today).pictured(&facts.resident, facts.photo);
        let lines: BTreeSet<(Slot, &str)> =
            facts.ahead.iter().map(|dose| (dose.key.slot, dose.key.medicine.0.as_str())).collect();
        View {
            banner: banner.warning_of(&facts.resident, others),
            name: facts.resident.name(),
            photo: None,
            labels: None,
            details: None,
            gradual: None,
            mar: links::mar(&facts.resident.id, Month::of(today)),
            transfer: nurse.then(|| links::transfer(&facts.resident.id)),
            register: None,
            absence: nurse.then(|| links::absence(&facts.resident.id)),
            away: facts.away.as_ref().map(|away| away_text(facts, away)),
            alerts: AlertPanels::new(&facts.alerts),
            plans: facts.plans.iter().map(|taper| card(facts, taper, reader, &form)).collect(),
            columns: lines.iter().map(|(slot, medicine)| format!("{slot} {medicine}")).collect(),
            days: days(facts, &lines, today, nurse),
            scores: Scores::new(
                &facts.scores.iter().map(|score| score.kept(&facts.names)).collect::<Vec<_>>(),
                facts.facility.zone,
            ),
            score: nurse.then(|| links::score(&facts.resident.id, &facts.facility.scores.scale)),
            signs: facts.signs.iter().map(|file| sign(facts, file, today)).collect(),
            incidents: facts.incidents.iter().map(|one| IncidentLine::of(one, facts.facility.zone, today)).collect(),
            in_error: nurse.then(|| links::given_in_error(&facts.resident.id)),
            records: facts.records.iter().map(|record| line(facts, record)).collect(),
            as_needed: Section::new(&facts.as_needed, &facts.resident.id, reader, facts.facility.zone, facts.now),
            shell,
        }
    }
}

fn sign(facts: &Facts, file: &SignFile, today: NaiveDate) -> (OpenSign, &'static str) {
    let stands = match (file.is_open(), file.acknowledged.is_empty()) {
        (false, _) => "Released by a prescriber",
        (true, true) => "Open; nobody has acknowledged it",
        (true, false) => "Open; acknowledged",
    };
    (OpenSign::of(&file.sign, facts.facility.zone, today), stands)
}

fn card(facts: &Facts, taper: &Taper, reader: Reader, form: impl Fn() -> Form) -> Card {
    let (plan, course) = (&taper.file.plan, &taper.course);
    let today = facts.facility.zone.day(facts.now);
    let level = course.level_on(today);
    let since = level.as_ref().map(|level| format!(" since {}", day_text(level.stage.from.on))).unwrap_or_default();
    let daily = level.as_ref().map(|level| plan.daily(&level.stage.step)).unwrap_or_default();
    let fact = level.as_ref().and_then(|l| taper.file.facts.iter().find(|fact| fact.id == l.stage.authorised_by));
    Card {
        medicine: plan.named(),
        href: links::plan(&plan.id),
        tag: state_tag(taper.file.state),
        ways: ways(taper, reader),
        level: match (course.footing(), &level) {
            (Footing::Undecided, _) => {
                "Decision needed: none is given until a prescriber has decided the dose".to_owned()
            }
            (Footing::Away, _) => "Away: nothing is due here".to_owned(),
            (_, Some(_)) => format!("{daily} daily{since}"),
            (_, None) => "Nothing of this plan is in force yet".to_owned(),
        },
        slots: level
            .as_ref()
            .filter(|_| course.footing() != Footing::Undecided)
            .map(|level| slots_text(level.regimen, plan.heading()))
            .unwrap_or_default(),
        by: fact.map(|fact| by_text(facts, fact)).unwrap_or_default(),
        unsigned: unsigned(taper, today),
        ahead: ahead(taper, today),
        complete: course.complete_on(plan, today),
        pause: taper.pausable.as_ref().filter(|_| reader.nurse).map(|pausable| PauseForm::new(pausable, form())),
    }
}

/// Where this reader decides about a plan that runs, or writes down what a prescriber decided.
fn ways(taper: &Taper, reader: Reader) -> Vec<Link> {
    let plan = &taper.file.plan.id;
    let decide = reader.prescriber.then(|| Link::new("Decide the dose", links::decide(plan)));
    let telephone = reader.nurse.then(|| Link::new("Telephone order", links::telephone(plan)));
    let running = taper.file.state == PlanState::Running;
    decide.into_iter().chain(telephone).filter(|_| running).collect()
}

fn away_text(facts: &Facts, away: &Absence) -> String {
    let left = facts.facility.zone.local(away.left_at);
    format!("{} since {} {}", away.kind.title(), day_text(left.date()), left.format("%H:%M"))
}

fn state_tag(state: PlanState) -> Tag {
    match state {
        PlanState::Draft => Tag::unsigned("Draft, not in effect"),
        PlanState::Running => Tag::signed("Running"),
        PlanState::Ended => Tag::due_soon("Ended"),
        PlanState::Discarded => Tag::due_soon("Discarded"),
    }
}

/// `08:00 0.75 mg, 20:00 0.75 mg`
fn slots_text(regimen: &Regimen, heading: Option<&Medicine>) -> String {
    let said = regimen.slots().into_iter().map(|slot| format!("{slot}\u{a0}{}", regimen.told_at(slot, heading)));
    let said: Vec<String> = said.collect();
    said.join(", ")
}

fn by_text(facts: &Facts, fact: &PlanFact) -> String {
    let name = facts.names.get(prescriber(fact)).map_or("", String::as_str);
    let at = facts.facility.zone.local(fact.at);
    let word = match fact.act {
        PlanAct::Approved { .. } => "Approved".to_owned(),
        PlanAct::Signed { .. } => "Signed".to_owned(),
        _ => decided::title(&fact.act),
    };
    format!("{word} by {name}, {} {}", day_text(at.date()), at.format("%H:%M"))
}

fn unsigned(taper: &Taper, today: NaiveDate) -> Option<String> {
    let course = &taper.course;
    let (waiting, due) = (course.waiting()?, course.due_on()?);
    let plan = &taper.file.plan;
    let from = plan.daily(&waiting.from);
    let to = plan.daily(&waiting.to);
    let when = if due <= today { "was planned for" } else { "is planned for" };
    let sent_back = if course.sent_back { " The plan waits for the prescriber." } else { "" };
    Some(format!(
        "The reduction to {to} daily {when} {} and is not signed: {from} daily continues.{sent_back}",
        day_text(due)
    ))
}

fn ahead(taper: &Taper, today: NaiveDate) -> Option<String> {
    let stage = taper.course.ahead_of(today)?;
    let to = taper.file.plan.daily(&stage.step);
    Some(format!("Signed: {to} daily from {}", day_text(stage.from.on)))
}

fn days(facts: &Facts, lines: &BTreeSet<(Slot, &str)>, today: NaiveDate, nurse: bool) -> Vec<Day> {
    let mut by_day: BTreeMap<NaiveDate, Vec<&DoseFile>> = BTreeMap::new();
    for dose in &facts.ahead {
        by_day.entry(dose.key.on).or_default().push(dose);
    }
    let mut before: Option<Vec<Option<String>>> = None;
    let mut days = Vec::new();
    for (on, doses) in by_day {
        let cell = |line: &(Slot, &str)| {
            let dose = doses.iter().find(|dose| (dose.key.slot, dose.key.medicine.0.as_str()) == *line)?;
            Some(cell(dose, nurse))
        };
        let amounts: Vec<Option<Cell>> = lines.iter().map(cell).collect();
        let texts: Vec<Option<String>> = amounts.iter().map(|cell| Some(cell.as_ref()?.text.clone())).collect();
        let changed = before.as_ref().is_some_and(|before| *before != texts);
        before = Some(texts);
        let day = format!("{} {}", on.format("%a"), day_text(on));
        days.push(Day { day, today: on == today, changed, amounts });
    }
    days
}

fn cell(dose: &DoseFile, nurse: bool) -> Cell {
    let zero = dose.level.amount.is_zero();
    let text = match dose.level.undecided && !dose.recorded {
        true => "decision needed".to_owned(),
        false if zero => "no dose".to_owned(),
        false => dose.level.amount.to_string(),
    };
    Cell { text, href: (nurse && !zero).then(|| links::dose(&dose.id)), recorded: dose.recorded }
}

fn line(facts: &Facts, record: &Administration) -> Line {
    let at = facts.facility.zone.local(record.given_at);
    let slot = facts.facility.zone.local(record.due_at).format("%H:%M").to_string();
    Line {
        when: format!("{} {slot}", day_text(record.on)),
        dose: format!("{} {}", record.medicine, record.planned),
        tag: Tag::outcome(record.outcome, record.outcome.title()),
        given: format!("{}, {}", record.given, at.format("%H:%M")),
        reason: reason_text(&record.reason).unwrap_or_default().to_owned(),
        by: facts.names.get(record.giver()).cloned().unwrap_or_default(),
        href: links::fact(record.n),
        number: record.n,
        struck: facts.corrections.get(&record.id).map(struck),
    }
}

/// Why a record no longer stands.
fn struck(correction: &Correction) -> &'static str {
    if correction.replacement.is_some() { "corrected since" } else { "recorded in error" }
}
