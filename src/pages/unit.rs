//! One unit: its name, the times of its rounds, and where its reminders go.

use actix_web::web::{Data, Path, Query};
use askama::Template;
use serde::Deserialize;

use crate::acts::manage_facility::save_unit;
use crate::care::facility::{Facility, Unit, rounds};
use crate::care::people::{Administrator, Role};
use crate::care::staff;
use crate::store::StoreError;
use crate::store::facilities::units_of;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking, see_other,
};

/// The id, in an address, of a unit that is not there yet.
const NEW: &str = "new";

#[derive(Deserialize)]
pub struct Asked {
    facility: Option<String>,
}

pub async fn show(
    administrator: Signed<Administrator>,
    hall: Data<Hall>,
    id: Path<String>,
    asked: Query<Asked>,
) -> Answer {
    let facility = administrator.chosen(asked.facility.as_deref())?;
    let form = Form::new(administrator.csrf(), administrator.now());
    let form =
        if *id == NEW { form.with("revision", "0") } else { filled(form, &unit(&hall, &facility.id, &id).await?) };
    Page::new(View::new(shell(&administrator, facility), facility, &id, form)).answer()
}

async fn unit(hall: &Hall, facility: &str, id: &str) -> Result<Unit, PageError> {
    let (facility, id) = (facility.to_owned(), id.to_owned());
    looking(&hall.db, move |conn| {
        units_of(conn, &facility)?.into_iter().find(|unit| unit.id == id).ok_or(StoreError::Missing)
    })
    .await
}

fn filled(form: Form, unit: &Unit) -> Form {
    let times: Vec<String> = unit.rounds.iter().map(ToString::to_string).collect();
    form.with("name", &unit.name)
        .with("rounds", times.join(" "))
        .with("mailbox", &unit.mailbox)
        .with("revision", unit.revision.to_string())
}

fn shell(administrator: &Signed<Administrator>, facility: &Facility) -> Shell {
    administrator.shell(facility, Menu::Settings).back_to("Settings", links::settings(&facility.id))
}

#[derive(Deserialize)]
pub struct Ask {
    #[serde(default)]
    facility: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    rounds: String,
    #[serde(default)]
    mailbox: String,
    #[serde(default)]
    revision: String,
}

pub async fn save(
    administrator: Signed<Administrator>,
    hall: Data<Hall>,
    id: Path<String>,
    sent: Protected<Ask>,
) -> Answer {
    let facility = administrator.facility(&sent.facility)?;
    let (by, form) = (administrator.at(&facility.id)?, sent.id()?);
    let mut errors = Errors::none();
    let about = if *id == NEW { form.clone() } else { id.to_string() };
    let lost = |_| PageError::BadForm("The form lost the revision it was drawn from.".into());
    let revision = sent.revision.parse().map_err(lost)?;
    let (errors, moved) = match read(&sent, about, &facility.id, revision, &mut errors) {
        None => (errors, false),
        Some(unit) => match acting(&hall.db, move |conn, now| save_unit(conn, &by, &form, &unit, now)).await? {
            Ok(()) => return Ok(see_other(links::settings(&facility.id))),
            Err(refusal) => (refusal.clone().into(), refusal.moved()),
        },
    };
    let form = Form::again(administrator.csrf(), administrator.now(), &sent, errors);
    Page::refused(View::new(shell(&administrator, facility), facility, &id, form), moved).answer()
}

fn read(ask: &Ask, id: String, facility: &str, revision: i64, errors: &mut Errors) -> Option<Unit> {
    let name = errors.keep("name", staff::name(&ask.name));
    let rounds = errors.keep("rounds", rounds(&ask.rounds));
    let mailbox = errors.keep("mailbox", staff::email(&ask.mailbox));
    Some(Unit { id, facility: facility.to_owned(), name: name?, mailbox: mailbox?, rounds: rounds?, revision })
}

#[derive(Template)]
#[template(path = "pages/unit.html")]
pub struct View {
    shell: Shell,
    heading: &'static str,
    button: &'static str,
    facility: String,
    id: String,
    form: Form,
}

impl View {
    fn new(shell: Shell, facility: &Facility, id: &str, form: Form) -> View {
        let (heading, button) = if id == NEW { ("New unit", "Add unit") } else { ("Change unit", "Change unit") };
        View { shell, heading, button, facility: facility.id.clone(), id: id.to_owned(), form }
    }

    /// A new unit, a known one, and one with everything wrong.
    pub fn samples() -> Vec<View> {
        let facility = Facility::new("alder".into(), "Alder House".into(), crate::care::calendar::Zone::UTC);
        let shell = || Shell::sample(Role::Administrator, Menu::Settings).back_to("Settings", "/settings");
        let form = || Form::new("proof", chrono::DateTime::UNIX_EPOCH).with("revision", "0");
        let mut errors = Errors::none();
        let ask = Ask {
            facility: String::new(),
            name: String::new(),
            rounds: "8".into(),
            mailbox: "<x>".into(),
            revision: "0".into(),
        };
        read(&ask, "u".into(), "alder", 0, &mut errors);
        vec![
            View::new(shell(), &facility, NEW, form()),
            View::new(shell(), &facility, "u", form().with("name", "Willow").with("rounds", "08:00 20:00")),
            View::new(shell(), &facility, "u", form().with("name", "\"><script>").spoiled(errors)),
        ]
    }
}
