//! Agency nurses: who is let in until the end of a shift, and the supervisor’s way to let in the next, or one out again.

mod samples;
mod view;

use actix_web::web::{Data, Path, Query};
use chrono::{DateTime, Utc};
use serde::Deserialize;

pub use self::view::View;
use self::view::{Forms, Seen};
use crate::acts::let_in_nurse::{LetInNewNurse, LetInNurse, LetOut, let_in_new_nurse, let_in_nurse, let_out_nurse};
use crate::care::calendar::{Zone, parse_moment};
use crate::care::facility::Facility;
use crate::care::people::{Person, Role, Supervisor};
use crate::care::refusal::Refusal;
use crate::care::staff;
use crate::care::staff::agency::{Access, card_number};
use crate::store::people::staff_of;
use crate::web::parts::Saved;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking, see_other,
};

#[derive(Deserialize)]
pub struct Asked {
    facility: Option<String>,
    /// What was just saved, and of whom.
    saved: Option<String>,
    #[serde(default)]
    who: String,
    /// Who comes again, by their username.
    #[serde(default)]
    again: String,
}

pub async fn show(supervisor: Signed<Supervisor>, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let facility = supervisor.chosen(asked.facility.as_deref())?;
    let fresh = forms(&supervisor);
    let known = if asked.again.is_empty() { fresh.known } else { fresh.known.with("username", &asked.again) };
    let view = view(&supervisor, &hall, facility, Forms { known, ..fresh }).await?;
    Page::new(view.said(Saved::of_word(asked.saved.as_deref()), &asked.who)).answer()
}

fn forms(supervisor: &Signed<Supervisor>) -> Forms {
    let form = || Form::new(supervisor.csrf(), supervisor.now());
    Forms { known: form().named("known"), new: form(), out: form().named("out") }
}

async fn view(
    supervisor: &Signed<Supervisor>,
    hall: &Hall,
    facility: &Facility,
    forms: Forms,
) -> Result<View, PageError> {
    let id = facility.id.clone();
    let staff = looking(&hall.db, move |conn| staff_of(conn, &id)).await?;
    let others = supervisor.facilities().filter(|other| other.id != facility.id).cloned().collect::<Vec<_>>();
    let shell: Shell = supervisor.shell(facility, Menu::Agency);
    let seen = Seen { facility, others: &others, staff: &staff, by: supervisor.person(), now: supervisor.now() };
    Ok(View::new(shell, &seen, forms))
}

/// What each form carries beside its own fields; a page of ours always says `nurse`.
fn read_role(typed: &str) -> Result<Role, Refusal> {
    Role::of_word(typed).ok_or(Refusal::RoleMissing)
}

/// What is asked for, if it can be read: a role, until a moment on the ward’s clock.
fn read_access(role: &str, until: &str, (zone, now): (Zone, DateTime<Utc>), errors: &mut Errors) -> Option<Access> {
    let role = errors.keep("", read_role(role));
    let moment = |typed: &str| -> Result<DateTime<Utc>, Refusal> {
        // In the hour that clocks repeat it is the one that is still to come.
        Ok(zone.possible(parse_moment(typed)?, |end| end > now))
    };
    // An end that was left empty is refused with the latest one there may be.
    let ends_at = match until.trim() {
        "" => Some(None),
        typed => errors.keep("ends_at", moment(typed)).map(Some),
    };
    Some(Access { role: role?, ends_at: ends_at? })
}

#[derive(Deserialize)]
pub struct AskKnown {
    #[serde(default)]
    facility: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    ends_at: String,
}

/// Somebody who has an account is let in.
pub async fn let_in(supervisor: Signed<Supervisor>, hall: Data<Hall>, sent: Protected<AskKnown>) -> Answer {
    let facility = supervisor.facility(&sent.facility)?.clone();
    let by = supervisor.at(&facility.id)?;
    let mut errors = Errors::none();
    let username = errors.keep("username", staff::username(&sent.username));
    let access = read_access(&sent.role, &sent.ends_at, (facility.zone, supervisor.now()), &mut errors);
    let refusal = match username.zip(access) {
        None => errors,
        Some((username, access)) => {
            let (who, ask) = (username.clone(), LetInNurse { form: sent.id()?, username, access });
            match acting(&hall.db, move |conn, now| let_in_nurse(conn, &by, &ask, now)).await? {
                Ok(()) => return Ok(see_other(links::agency_saved(&facility.id, Saved::LetIn.word(), &who))),
                Err(refusal) => refusal.into(),
            }
        }
    };
    let moved = refusal.moved();
    let known = Form::again(supervisor.csrf(), supervisor.now(), &sent, refusal).named("known");
    refused(&supervisor, &hall, &facility, Forms { known, ..forms(&supervisor) }, moved).await
}

#[derive(Deserialize)]
pub struct AskNew {
    #[serde(default)]
    facility: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    registration: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    ends_at: String,
}

/// Somebody who never had an account is let in, with one.
pub async fn let_in_new(supervisor: Signed<Supervisor>, hall: Data<Hall>, sent: Protected<AskNew>) -> Answer {
    let facility = supervisor.facility(&sent.facility)?.clone();
    let by = supervisor.at(&facility.id)?;
    let mut errors = Errors::none();
    let refusal = match read_new(&sent, sent.id()?, (facility.zone, supervisor.now()), &mut errors) {
        None => errors,
        Some(ask) => {
            let who = ask.person.username.clone();
            let ask = LetInNewNurse { password_hash: hall.passwords.hash(sent.password.clone()).await?, ..ask };
            match acting(&hall.db, move |conn, now| let_in_new_nurse(conn, &by, &ask, now)).await? {
                Ok(()) => return Ok(see_other(links::agency_saved(&facility.id, Saved::LetIn.word(), &who))),
                Err(refusal) => refusal.into(),
            }
        }
    };
    let moved = refusal.moved();
    let new = Form::again(supervisor.csrf(), supervisor.now(), &sent, refusal);
    refused(&supervisor, &hall, &facility, Forms { new, ..forms(&supervisor) }, moved).await
}

/// Nothing is hashed before the rest of it can be read.
fn read_new(sent: &AskNew, form: String, clock: (Zone, DateTime<Utc>), errors: &mut Errors) -> Option<LetInNewNurse> {
    let name = errors.keep("name", staff::name(&sent.name));
    let username = errors.keep("username", staff::username(&sent.username));
    let registration = errors.keep("registration", card_number(&sent.registration));
    let password = staff::password_check(&sent.password, username.as_deref().unwrap_or_default());
    let password = errors.keep("password", password);
    let access = read_access(&sent.role, &sent.ends_at, clock, errors);
    let person = Person {
        id: form,
        username: username?,
        name: name?,
        registration: registration?,
        email: String::new(),
        disabled_at: None,
        revision: 0,
    };
    password.and(Some(LetInNewNurse { person, password_hash: String::new(), access: access? }))
}

#[derive(Deserialize)]
pub struct AskOut {
    #[serde(default)]
    facility: String,
    #[serde(default)]
    role: String,
}

/// Somebody is let out before their time.
pub async fn let_out(
    supervisor: Signed<Supervisor>,
    hall: Data<Hall>,
    id: Path<String>,
    sent: Protected<AskOut>,
) -> Answer {
    let facility = supervisor.facility(&sent.facility)?.clone();
    let (by, person) = (supervisor.at(&facility.id)?, id.into_inner());
    let refusal = match read_role(&sent.role) {
        Err(refusal) => refusal,
        Ok(role) => {
            let ask = LetOut { form: sent.id()?, person: person.clone(), role };
            match acting(&hall.db, move |conn, now| let_out_nurse(conn, &by, &ask, now)).await? {
                Ok(()) => return Ok(see_other(links::agency_saved(&facility.id, Saved::LetOut.word(), &person))),
                Err(refusal) => refusal,
            }
        }
    };
    let moved = refusal.moved();
    let out = Form::again(supervisor.csrf(), supervisor.now(), &sent, refusal).named("out").showing(&[]);
    refused(&supervisor, &hall, &facility, Forms { out, ..forms(&supervisor) }, moved).await
}

async fn refused(
    supervisor: &Signed<Supervisor>,
    hall: &Hall,
    facility: &Facility,
    forms: Forms,
    moved: bool,
) -> Answer {
    Page::refused(view(supervisor, hall, facility, forms).await?, moved).answer()
}
