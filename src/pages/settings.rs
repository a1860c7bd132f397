//! The settings of a facility: its clock, its windows, how far ahead it plans and signs, and its units.

mod gradual;
mod register;

use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::acts::manage_facility::change_settings;
use crate::care::calendar::Zone;
use crate::care::catalogue::Catalogue;
use crate::care::facility::{
    AWAY_DAYS, Bounds, CORRECTION_HOURS, EFFECT_MINUTES, Emergency, Facility, HORIZON_DAYS, IDLE_MINUTES,
    NO_RECORD_MINUTES, SCORE_CHANGE_DAYS, SCORE_ZERO_DAYS, SIGN_AHEAD_DAYS, Unit, WINDOW_MINUTES, call_text,
    number_between,
};
use crate::care::people::{Administrator, Role};
use crate::care::refusal::Refusal;
use crate::care::register::RegisterRules;
use crate::care::round::assessment_due::ScoreRule;
use crate::care::round::due::Windows;
use crate::care::round::identity::asked::Identify;
use crate::care::round::sedation::{SEDATION_WITHHOLD, SedationRule};
use crate::care::scale::{Scale, ScaleKind};
use crate::care::staff;
use crate::mail;
use crate::store::facilities::{facility_load, units_of};
use crate::web::{
    Answer, Choice, Errors, Form, Hall, Link, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking,
    see_other,
};

/// In characters: a number to dial, and a line that says who.
const LONGEST_NUMBER: usize = 30;
const LONGEST_CONTACT: usize = 200;

#[derive(Deserialize)]
pub struct Asked {
    facility: Option<String>,
}

pub async fn show(administrator: Signed<Administrator>, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let id = administrator.chosen(asked.facility.as_deref())?.id.clone();
    let facility = looking(&hall.db, move |conn| facility_load(conn, &id)).await?;
    let form = filled(Form::new(administrator.csrf(), administrator.now()), &facility);
    Page::new(view(&administrator, &hall, &facility, form).await?).answer()
}

/// The settings as they stand, in the fields that nobody has typed into.
fn filled(form: Form, facility: &Facility) -> Form {
    register::filled(gradual::filled(form, &facility.gradual), &facility.register)
        .with("name", &facility.name)
        .with("zone", facility.zone.name())
        .with("early_minutes", facility.windows.early_minutes.to_string())
        .with("late_minutes", facility.windows.late_minutes.to_string())
        .with("no_record_minutes", facility.no_record_minutes.to_string())
        .with("horizon_days", facility.horizon_days.to_string())
        .with("sign_ahead_days", facility.sign_ahead_days.to_string())
        .with("idle_minutes", facility.idle_minutes.to_string())
        .with("effect_minutes", facility.effect_minutes.to_string())
        .with("away_days", facility.away_days.to_string())
        .with("correction_hours", facility.correction_hours.to_string())
        .with("emergency_number", &facility.emergency.number)
        .with("emergency_contact", &facility.emergency.contact)
        .with("mail_from", &facility.mail_from)
        .with("score_scale", &facility.scores.scale)
        .with("score_change_days", facility.scores.change_days.to_string())
        .with("score_zero_days", facility.scores.zero_days.to_string())
        .with("score_time", facility.scores.time.to_string())
        .with("sedation", sedation_choice(&facility.sedation))
        .with("identify", facility.identify.word())
        .with("revision", facility.revision.to_string())
}

/// Where sedation is not asked, or the point from which down a dose is withheld.
const NOT_ASKED: &str = "not_asked";

fn sedation_choice(rule: &SedationRule) -> String {
    if rule.asked { rule.withhold.to_string() } else { NOT_ASKED.to_owned() }
}

async fn view(
    administrator: &Signed<Administrator>,
    hall: &Hall,
    facility: &Facility,
    form: Form,
) -> Result<View, PageError> {
    let id = facility.id.clone();
    let units = looking(&hall.db, move |conn| units_of(conn, &id)).await?;
    let others = administrator.facilities().filter(|other| other.id != facility.id);
    let others = others.map(|other| Link::new(&other.name, links::settings(&other.id))).collect();
    let shell = administrator.shell(facility, Menu::Settings);
    Ok(View::new(shell, facility, others, &units, hall.catalogue.scales(), form))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Ask {
    facility: String,
    name: String,
    zone: String,
    early_minutes: String,
    late_minutes: String,
    no_record_minutes: String,
    horizon_days: String,
    sign_ahead_days: String,
    idle_minutes: String,
    effect_minutes: String,
    away_days: String,
    correction_hours: String,
    emergency_number: String,
    emergency_contact: String,
    mail_from: String,
    score_scale: String,
    score_change_days: String,
    score_zero_days: String,
    score_time: String,
    sedation: String,
    identify: String,
    revision: String,
    #[serde(flatten)]
    gradual: gradual::Ask,
    #[serde(flatten)]
    register: register::Ask,
}

pub async fn change(administrator: Signed<Administrator>, hall: Data<Hall>, sent: Protected<Ask>) -> Answer {
    let known = administrator.facility(&sent.facility)?.clone();
    let (by, form) = (administrator.at(&known.id)?, sent.id()?);
    let mut errors = Errors::none();
    let (errors, moved) = match read(&sent, &hall.catalogue, &known, &mut errors)? {
        None => (errors, false),
        Some(settings) => {
            match acting(&hall.db, move |conn, now| change_settings(conn, &by, &form, &settings, now)).await? {
                Ok(()) => return Ok(see_other(links::settings(&known.id))),
                Err(refusal) => (refusal.clone().into(), refusal.moved()),
            }
        }
    };
    let form = Form::again(administrator.csrf(), administrator.now(), &sent, errors);
    Page::refused(view(&administrator, &hall, &known, form).await?, moved).answer()
}

fn read(
    ask: &Ask,
    catalogue: &Catalogue,
    known: &Facility,
    errors: &mut Errors,
) -> Result<Option<Facility>, PageError> {
    let lost = || PageError::BadForm("The form lost the revision it was drawn from.".into());
    let revision = ask.revision.parse().map_err(|_| lost())?;
    let settings = read_settings(ask, &known.id, revision, errors);
    let scores = read_scores(ask, catalogue, errors);
    let sedation = errors.keep("sedation", read_sedation(&ask.sedation, known.sedation));
    Ok(settings.zip(scores).zip(sedation).map(|((settings, scores), sedation)| Facility {
        scores,
        sedation,
        // What holds of one medicine is set on a page of its own.
        register: RegisterRules { witness_of: known.register.witness_of.clone(), ..settings.register },
        ..settings
    }))
}

fn read_scores(ask: &Ask, catalogue: &Catalogue, errors: &mut Errors) -> Option<ScoreRule> {
    let scale = match ask.score_scale.as_str() {
        "" => Some(String::new()),
        id => errors.keep("score_scale", catalogue.scale(id)).map(|scale| scale.id.clone()),
    };
    let change_days = errors.keep("score_change_days", number_between(&ask.score_change_days, SCORE_CHANGE_DAYS));
    let zero_days = errors.keep("score_zero_days", number_between(&ask.score_zero_days, SCORE_ZERO_DAYS));
    let time = errors.keep("score_time", ask.score_time.parse());
    Some(ScoreRule { scale: scale?, change_days: change_days?, zero_days: zero_days?, time: time? })
}

/// Whoever stops asking keeps the point for when it is asked again.
fn read_sedation(chosen: &str, known: SedationRule) -> Result<SedationRule, Refusal> {
    match chosen {
        NOT_ASKED => Ok(SedationRule { asked: false, ..known }),
        point => {
            let withhold = point.parse().ok().filter(|point| SEDATION_WITHHOLD.contains(point));
            Ok(SedationRule { asked: true, withhold: withhold.ok_or(Refusal::SedationUnreadable)? })
        }
    }
}

/// What mail cannot read as a sender would keep every letter back.
fn read_sender(address: String) -> Result<String, Refusal> {
    let good = address.is_empty() || mail::sender(&address).is_ok();
    if good { Ok(address) } else { Err(Refusal::EmailUnreadable) }
}

/// Reads every field before it gives up, so that everything wrong is said at once.
fn read_settings(ask: &Ask, id: &str, revision: i64, errors: &mut Errors) -> Option<Facility> {
    let name = errors.keep("name", staff::name(&ask.name));
    let zone = errors.keep("zone", ask.zone.parse::<Zone>());
    let mut number = |field, typed: &str, bounds: Bounds| errors.keep(field, number_between(typed, bounds));
    let early_minutes = number("early_minutes", &ask.early_minutes, WINDOW_MINUTES);
    let late_minutes = number("late_minutes", &ask.late_minutes, WINDOW_MINUTES);
    let no_record_minutes = number("no_record_minutes", &ask.no_record_minutes, NO_RECORD_MINUTES);
    let horizon_days = number("horizon_days", &ask.horizon_days, HORIZON_DAYS);
    let sign_ahead_days = number("sign_ahead_days", &ask.sign_ahead_days, SIGN_AHEAD_DAYS);
    let idle_minutes = number("idle_minutes", &ask.idle_minutes, IDLE_MINUTES);
    let effect_minutes = number("effect_minutes", &ask.effect_minutes, EFFECT_MINUTES);
    let away_days = number("away_days", &ask.away_days, AWAY_DAYS);
    let correction_hours = number("correction_hours", &ask.correction_hours, CORRECTION_HOURS);
    let emergency_number = errors.keep("emergency_number", call_text(&ask.emergency_number, LONGEST_NUMBER));
    let emergency_contact = errors.keep("emergency_contact", call_text(&ask.emergency_contact, LONGEST_CONTACT));
    let mail_from = errors.keep("mail_from", staff::email(&ask.mail_from).and_then(read_sender));
    let gradual = gradual::read(&ask.gradual, errors);
    let register = register::read(&ask.register, errors);
    let identify = errors.keep("identify", Identify::of_word(&ask.identify).ok_or(Refusal::IdentifyMissing));
    Some(Facility {
        id: id.to_owned(),
        name: name?,
        zone: zone?,
        windows: Windows { early_minutes: early_minutes?, late_minutes: late_minutes? },
        no_record_minutes: no_record_minutes?,
        horizon_days: horizon_days?,
        sign_ahead_days: sign_ahead_days?,
        idle_minutes: idle_minutes?,
        effect_minutes: effect_minutes?,
        away_days: away_days?,
        correction_hours: correction_hours?,
        emergency: Emergency { number: emergency_number?, contact: emergency_contact? },
        mail_from: mail_from?,
        gradual: gradual?,
        scores: ScoreRule::default(),
        sedation: SedationRule::default(),
        register: register?,
        identify: identify?,
        revision,
    })
}

#[derive(Template)]
#[template(path = "pages/settings.html")]
pub struct View {
    shell: Shell,
    facility: String,
    others: Vec<Link>,
    units: Vec<Row>,
    new_unit: String,
    limits: String,
    letters: String,
    register: String,
    /// What residents may be scored on.
    scales: Vec<Choice>,
    /// What the chosen scale wants confirmed before it is used.
    to_confirm: Vec<String>,
    sedation: Vec<Choice>,
    identify: Vec<Choice>,
    holders: Vec<Choice>,
    watched: Vec<(String, &'static str)>,
    form: Form,
}

struct Row {
    name: String,
    rounds: String,
    mailbox: String,
    href: String,
}

fn scale_choices(scales: &[Scale]) -> Vec<Choice> {
    let none = Choice::new("", "None: no scores are asked for");
    let asked = scales.iter().filter(|scale| scale.kind == ScaleKind::Withdrawal);
    let choice = |scale: &Scale| Choice::new(&scale.id, format!("{}, version {}", scale.name, scale.version));
    std::iter::once(none).chain(asked.map(choice)).collect()
}

/// What was not read at its source: the facility confirms it before it relies on it.
fn to_confirm(scale: &Scale) -> Vec<String> {
    let reversed = scale.items().filter(|(_, item)| !item.reversed.is_empty());
    let direction = |item: &str, words: &str| format!("Direction of “{item}”: {words}.");
    let mut lines: Vec<String> = reversed.map(|(_, item)| direction(&item.label, &item.reversed)).collect();
    lines.extend(scale.bands.as_ref().map(|bands| format!("{}.", bands.source)));
    lines.push(scale.citation.clone());
    lines
}

fn sedation_choices() -> Vec<Choice> {
    let points = Scale::sedation().parts.iter().flat_map(|part| part.points());
    let below = points.filter(|(point, _)| SEDATION_WITHHOLD.contains(point)).map(|(point, word)| {
        Choice::new(point.to_string(), format!("Asked; withheld at {point} or below: {}", word.to_lowercase()))
    });
    let mut choices = vec![Choice::new(NOT_ASKED, "Not asked")];
    choices.extend(below.collect::<Vec<_>>().into_iter().rev());
    choices
}

fn identify_choices() -> Vec<Choice> {
    let text = |identify: Identify| match identify {
        Identify::Nothing => "Nothing is scanned",
        Identify::Resident => "The resident’s label, or the date of birth",
        Identify::ResidentAndProduct => "That, and the barcode of each pack",
    };
    Identify::ALL.into_iter().map(|one| Choice::new(one.word(), text(one))).collect()
}

impl View {
    fn new(shell: Shell, facility: &Facility, others: Vec<Link>, units: &[Unit], scales: &[Scale], form: Form) -> View {
        let row = |unit: &Unit| Row {
            name: unit.name.clone(),
            rounds: unit.rounds.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            mailbox: unit.mailbox.clone(),
            href: links::unit(&unit.id, &facility.id),
        };
        let chosen = scales.iter().find(|scale| scale.id == facility.scores.scale);
        View {
            shell,
            facility: facility.id.clone(),
            others,
            units: units.iter().map(row).collect(),
            new_unit: links::unit("new", &facility.id),
            limits: links::limits(&facility.id),
            letters: links::mar_letters(&facility.id),
            register: links::register_settings(&facility.id),
            scales: scale_choices(scales),
            to_confirm: chosen.map(to_confirm).unwrap_or_default(),
            sedation: sedation_choices(),
            identify: identify_choices(),
            holders: register::holders(),
            watched: register::watched(),
            form,
        }
    }

    /// A house without units, a usual one, and one whose settings are all wrong.
    pub fn samples() -> Vec<View> {
        let facility = Facility::new("alder".into(), "Alder House".into(), Zone::UTC);
        let unit = |name: &str| Unit {
            id: "u".into(),
            facility: "alder".into(),
            name: name.into(),
            mailbox: "willow@alder.example".into(),
            rounds: Vec::new(),
            revision: 0,
        };
        let scored = Facility {
            scores: ScoreRule { scale: "ciwa-b".into(), ..ScoreRule::default() },
            sedation: SedationRule { asked: true, withhold: -2 },
            ..facility.clone()
        };
        let form = || filled(Form::new("proof", chrono::DateTime::UNIX_EPOCH), &facility);
        let mut errors = Errors::none();
        read_settings(&Ask { zone: "<b>Mars</b>".into(), ..Ask::default() }, "alder", 0, &mut errors);
        let shell = || Shell::sample(Role::Administrator, Menu::Settings);
        let others = vec![Link::new("Birch Court", "/settings?facility=birch")];
        vec![
            View::new(shell(), &facility, Vec::new(), &[], Scale::ours(), form()),
            View::new(shell(), &scored, Vec::new(), &[unit("Willow"), unit("Rowan")], Scale::ours(), form()),
            View::new(
                shell(),
                &facility,
                others,
                &[unit(&"W".repeat(80)), unit("<script>")],
                Scale::ours(),
                form().spoiled(errors),
            ),
        ]
    }
}
