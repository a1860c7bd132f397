//! The settings of a facility: its clock, its windows, how far ahead it plans and signs, and its units.

mod gradual;

use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::acts::manage_facility::change_settings;
use crate::care::calendar::Zone;
use crate::care::facility::{
    Bounds, EFFECT_MINUTES, Facility, HORIZON_DAYS, IDLE_MINUTES, NO_RECORD_MINUTES, SIGN_AHEAD_DAYS, Unit,
    WINDOW_MINUTES, number_between,
};
use crate::care::people::{Administrator, Role};
use crate::care::round::due::Windows;
use crate::care::staff;
use crate::store::facilities::{facility_load, units_of};
use crate::web::{
    Answer, Errors, Form, Hall, Link, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking,
    see_other,
};

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
    gradual::filled(form, &facility.gradual)
        .with("name", &facility.name)
        .with("zone", facility.zone.name())
        .with("early_minutes", facility.windows.early_minutes.to_string())
        .with("late_minutes", facility.windows.late_minutes.to_string())
        .with("no_record_minutes", facility.no_record_minutes.to_string())
        .with("horizon_days", facility.horizon_days.to_string())
        .with("sign_ahead_days", facility.sign_ahead_days.to_string())
        .with("idle_minutes", facility.idle_minutes.to_string())
        .with("effect_minutes", facility.effect_minutes.to_string())
        .with("mail_from", &facility.mail_from)
        .with("revision", facility.revision.to_string())
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
    Ok(View::new(administrator.shell(facility, Menu::Settings), facility, others, &units, form))
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
    mail_from: String,
    revision: String,
    #[serde(flatten)]
    gradual: gradual::Ask,
}

pub async fn change(administrator: Signed<Administrator>, hall: Data<Hall>, sent: Protected<Ask>) -> Answer {
    let known = administrator.facility(&sent.facility)?.clone();
    let (by, form) = (administrator.at(&known.id)?, sent.id()?);
    let mut errors = Errors::none();
    let (errors, moved) = match read(&sent, &known.id, &mut errors)? {
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

fn read(ask: &Ask, id: &str, errors: &mut Errors) -> Result<Option<Facility>, PageError> {
    let lost = || PageError::BadForm("The form lost the revision it was drawn from.".into());
    let revision = ask.revision.parse().map_err(|_| lost())?;
    Ok(read_settings(ask, id, revision, errors))
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
    let mail_from = errors.keep("mail_from", staff::email(&ask.mail_from));
    let gradual = gradual::read(&ask.gradual, errors);
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
        mail_from: mail_from?,
        gradual: gradual?,
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
    form: Form,
}

struct Row {
    name: String,
    rounds: String,
    mailbox: String,
    href: String,
}

impl View {
    fn new(shell: Shell, facility: &Facility, others: Vec<Link>, units: &[Unit], form: Form) -> View {
        let row = |unit: &Unit| Row {
            name: unit.name.clone(),
            rounds: unit.rounds.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            mailbox: unit.mailbox.clone(),
            href: links::unit(&unit.id, &facility.id),
        };
        let new_unit = links::unit("new", &facility.id);
        View { shell, facility: facility.id.clone(), others, units: units.iter().map(row).collect(), new_unit, form }
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
        let form = || filled(Form::new("proof", chrono::DateTime::UNIX_EPOCH), &facility);
        let mut errors = Errors::none();
        read_settings(&Ask { zone: "<b>Mars</b>".into(), ..Ask::default() }, "alder", 0, &mut errors);
        let shell = || Shell::sample(Role::Administrator, Menu::Settings);
        let others = vec![Link::new("Birch Court", "/settings?facility=birch")];
        vec![
            View::new(shell(), &facility, Vec::new(), &[], form()),
            View::new(shell(), &facility, Vec::new(), &[unit("Willow"), unit("Rowan")], form()),
            View::new(shell(), &facility, others, &[unit(&"W".repeat(80)), unit("<script>")], form().spoiled(errors)),
        ]
    }
}
