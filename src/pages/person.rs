//! One person: what the account says of them, the roles they hold here, a new password, and the closing of the account.

use actix_web::web::{Data, Path, Query};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::acts::ActError;
use crate::acts::manage_people::{ChangePerson, change_person, disable_person, end_role, reopen_person, set_password};
use crate::care::calendar::{Zone, day_text};
use crate::care::facility::Facility;
use crate::care::people::{Administrator, Details, Engagement, Person, Role};
use crate::care::refusal::Refusal;
use crate::care::staff;
use crate::store::StoreError;
use crate::store::people::{person_load, staff_of, without_password};
use crate::web::parts::{Icon, Saved};
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking, see_other,
};

#[derive(Deserialize)]
pub struct Asked {
    facility: Option<String>,
    /// What was just saved.
    saved: Option<String>,
}

pub async fn show(
    administrator: Signed<Administrator>,
    hall: Data<Hall>,
    id: Path<String>,
    asked: Query<Asked>,
) -> Answer {
    let facility = administrator.chosen(asked.facility.as_deref())?;
    let form = Form::new(administrator.csrf(), administrator.now());
    let view = view(&administrator, &hall, facility, &id, form).await?;
    Page::new(view.said(Saved::of_word(asked.saved.as_deref()))).answer()
}

async fn view(
    administrator: &Signed<Administrator>,
    hall: &Hall,
    facility: &Facility,
    id: &str,
    form: Form,
) -> Result<View, PageError> {
    let (at, person) = (facility.id.clone(), id.to_owned());
    let found = looking(&hall.db, move |conn| {
        let waits = without_password(conn, &at)?.contains(&person);
        let found = staff_of(conn, &at)?.into_iter().find(|(one, _)| one.id == person);
        Ok((found.ok_or(StoreError::Missing)?, waits))
    });
    let ((person, roles), waits) = found.await?;
    let shell = administrator.shell(facility, Menu::People).back_to("People", links::people(&facility.id));
    Ok(View { waits, ..View::new(shell, facility, &person, &roles, form, administrator.now()) })
}

/// What every form of the page carries.
#[derive(Deserialize)]
pub struct Ask {
    #[serde(default)]
    facility: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    registration: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    revision: String,
    /// `yes` where the closing was ticked.
    #[serde(default)]
    sure: String,
}

pub async fn change(
    administrator: Signed<Administrator>,
    hall: Data<Hall>,
    id: Path<String>,
    sent: Protected<Ask>,
) -> Answer {
    let (by, form, person) = (administrator.at(&sent.facility)?, sent.id()?, id.into_inner());
    let lost = |_| PageError::BadForm("The form lost the revision it was drawn from.".into());
    let revision = sent.revision.parse().map_err(lost)?;
    let mut errors = Errors::none();
    let changed = match read_details(&sent, &mut errors) {
        None => Err(errors),
        Some(details) => {
            let ask = ChangePerson { form, person: person.clone(), revision, details };
            acting(&hall.db, move |conn, now| change_person(conn, &by, &ask, now)).await?.map_err(Errors::from)
        }
    };
    answered(&administrator, &hall, &person, &sent, changed, Saved::Changed).await
}

fn read_details(sent: &Ask, errors: &mut Errors) -> Option<Details> {
    let name = errors.keep("name", staff::name(&sent.name));
    let registration = errors.keep("registration", staff::registration(&sent.registration));
    let email = errors.keep("email", staff::email(&sent.email));
    Some(Details { name: name?, registration: registration?, email: email? })
}

pub async fn end(
    administrator: Signed<Administrator>,
    hall: Data<Hall>,
    id: Path<String>,
    sent: Protected<Ask>,
) -> Answer {
    let (by, form, person) = (administrator.at(&sent.facility)?, sent.id()?, id.into_inner());
    let role = Role::of_word(&sent.role).ok_or(PageError::Missing)?;
    let about = person.clone();
    let ended = acting(&hall.db, move |conn, now| end_role(conn, &by, &form, &about, role, now)).await?;
    answered(&administrator, &hall, &person, &sent, ended.map_err(Errors::from), Saved::Ended).await
}

pub async fn close(
    administrator: Signed<Administrator>,
    hall: Data<Hall>,
    id: Path<String>,
    sent: Protected<Ask>,
) -> Answer {
    let (by, form, person) = (administrator.at(&sent.facility)?, sent.id()?, id.into_inner());
    if sent.sure != "yes" {
        return answered(&administrator, &hall, &person, &sent, Err(Refusal::CloseUnsure.into()), Saved::Closed).await;
    }
    let about = person.clone();
    let closed = acting(&hall.db, move |conn, now| disable_person(conn, &by, &form, &about, now)).await?;
    answered(&administrator, &hall, &person, &sent, closed.map_err(Errors::from), Saved::Closed).await
}

pub async fn reopen(
    administrator: Signed<Administrator>,
    hall: Data<Hall>,
    id: Path<String>,
    sent: Protected<Ask>,
) -> Answer {
    let (by, form, person) = (administrator.at(&sent.facility)?, sent.id()?, id.into_inner());
    let about = person.clone();
    let opened = acting(&hall.db, move |conn, now| reopen_person(conn, &by, &form, &about, now)).await?;
    answered(&administrator, &hall, &person, &sent, opened.map_err(Errors::from), Saved::Opened).await
}

pub async fn password(
    administrator: Signed<Administrator>,
    hall: Data<Hall>,
    id: Path<String>,
    sent: Protected<Ask>,
) -> Answer {
    let (by, form, person) = (administrator.at(&sent.facility)?, sent.id()?, id.into_inner());
    let about = person.clone();
    let username = looking(&hall.db, move |conn| Ok(person_load(conn, &about)?.username)).await?;
    if let Err(refusal) = staff::password_check(&sent.password, &username) {
        return answered(&administrator, &hall, &person, &sent, Err(refusal.into()), Saved::Password).await;
    }
    let (about, hash) = (person.clone(), hall.passwords.hash(sent.password.clone()).await?);
    let set = acting(&hall.db, move |conn, now| -> Result<(), ActError> {
        set_password(conn, &by, &form, &about, &hash, now)
    });
    answered(&administrator, &hall, &person, &sent, set.await?.map_err(Errors::from), Saved::Password).await
}

async fn answered(
    administrator: &Signed<Administrator>,
    hall: &Hall,
    person: &str,
    sent: &Protected<Ask>,
    done: Result<(), Errors>,
    saved: Saved,
) -> Answer {
    match done {
        Ok(()) => Ok(see_other(links::person_saved(person, &sent.facility, saved.word()))),
        Err(errors) => {
            let moved = errors.moved();
            let form = Form::again(administrator.csrf(), administrator.now(), sent, errors);
            let facility = administrator.facility(&sent.facility)?;
            Page::refused(view(administrator, hall, facility, person, form).await?, moved).answer()
        }
    }
}

#[derive(Template)]
#[template(path = "pages/person.html")]
pub struct View {
    shell: Shell,
    facility: String,
    id: String,
    name: String,
    username: String,
    registration: String,
    email: String,
    closed: Option<String>,
    /// Nobody has given them a password: they cannot sign in.
    waits: bool,
    roles: Vec<Held>,
    saved: Option<String>,
    form: Form,
}

/// What can be wrong with a field of an open account’s page; anything else is said of the whole form.
const FIELDS: [&str; 5] = ["name", "registration", "email", "password", "sure"];

/// A role as it stands here.
struct Held {
    word: &'static str,
    /// `for good`, `until 20 Nov 2026 20:00`, `ended 20 Nov 2026 20:00`.
    until: String,
    in_force: bool,
    /// It ended by itself, and a supervisor may let them in again.
    comes_back: bool,
}

impl View {
    fn new(
        shell: Shell,
        facility: &Facility,
        person: &Person,
        roles: &[Engagement],
        form: Form,
        now: DateTime<Utc>,
    ) -> View {
        let closed = person.disabled_at.map(|at| moment(at, facility.zone));
        let form = form.showing(if closed.is_some() { &[] } else { &FIELDS });
        let form = form.with("name", &person.name).with("registration", &person.registration);
        View {
            shell,
            facility: facility.id.clone(),
            id: person.id.clone(),
            name: person.name.clone(),
            username: person.username.clone(),
            registration: or_none(&person.registration),
            email: or_none(&person.email),
            closed,
            waits: false,
            roles: roles.iter().map(|one| Held::new(one, facility.zone, now)).collect(),
            saved: None,
            form: form.with("email", &person.email).with("revision", person.revision.to_string()),
        }
    }

    /// Says what was just saved.
    fn said(self, saved: Option<Saved>) -> View {
        View { saved: saved.map(|saved| saved.sentence(&self.name)), ..self }
    }

    /// Somebody with roles, somebody whose account is closed, somebody whose account was just opened again, and a name
    /// that tests the layout with everything wrong.
    pub fn samples() -> Vec<View> {
        let now = DateTime::UNIX_EPOCH;
        let facility = Facility::new("alder".into(), "Alder House".into(), Zone::UTC);
        let person = |name: &str, disabled_at| Person {
            id: "p".into(),
            username: "a.diallo".into(),
            name: name.into(),
            registration: "RN-1".into(),
            email: String::new(),
            disabled_at,
            revision: 0,
        };
        let role = |role, ends_at| Engagement {
            id: "m".into(),
            person: "p".into(),
            facility: "alder".into(),
            role,
            ends_at,
            ended_at: None,
        };
        let roles = [role(Role::Nurse, None), role(Role::Supervisor, Some(now))];
        let mut errors = Errors::none();
        errors.push("password", "Enter a password of 10 to 200 characters.");
        for refusal in
            [Refusal::CloseUnsure, Refusal::RegistrationTaken, Refusal::EmailUnreadable, Refusal::NameMissing]
        {
            errors = errors.and(refusal.into());
        }
        let shell = || Shell::sample(Role::Administrator, Menu::People).back_to("People", "/people");
        let form = || Form::new("proof", now);
        vec![
            View::new(shell(), &facility, &person("Amara Diallo", None), &roles, form(), now),
            View::new(shell(), &facility, &person("Tom Fields", Some(now)), &[], form(), now),
            View { waits: true, ..View::new(shell(), &facility, &person("Tom Fields", None), &[], form(), now) }
                .said(Some(Saved::Opened)),
            View::new(shell(), &facility, &person("<i>W", None), &roles, form().spoiled(errors), now),
        ]
    }
}

impl Held {
    fn new(one: &Engagement, zone: Zone, now: DateTime<Utc>) -> Held {
        let until = match (one.over_at(now), one.ends_at) {
            (Some(end), _) => format!("ended {}", moment(end, zone)),
            (None, Some(end)) => format!("until {}", moment(end, zone)),
            (None, None) => "for good".to_owned(),
        };
        let in_force = one.in_force(now);
        let comes_back = one.role == Role::Nurse && !in_force && one.ends_at.is_some();
        Held { word: one.role.word(), until, in_force, comes_back }
    }
}

fn moment(at: DateTime<Utc>, zone: Zone) -> String {
    let local = zone.local(at);
    format!("{} {}", day_text(local.date()), local.format("%H:%M"))
}

fn or_none(text: &str) -> String {
    if text.is_empty() { "none".to_owned() } else { text.to_owned() }
}
