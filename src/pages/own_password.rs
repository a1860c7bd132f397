//! Your password: everybody changes their own. Whoever was given one by somebody else comes here before anything else.

use actix_web::HttpRequest;
use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::acts::change_password::{ChangePassword, change_password};
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::care::staff;
use crate::web::links::safe_next;
use crate::web::parts::{Icon, samples};
use crate::web::session::Door;
use crate::web::{
    Answer, Entering, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, see_other,
};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    next: String,
    #[serde(default)]
    saved: String,
}

pub async fn show(person: Signed<Entering>, asked: Query<Asked>) -> Answer {
    let form = Form::new(person.csrf(), person.now());
    let saved = !asked.saved.is_empty() && person.visitor().own_password;
    Page::new(View { saved, ..view(&person, form, &asked.next)? }).answer()
}

fn view(person: &Signed<Entering>, form: Form, next: &str) -> Result<View, PageError> {
    let shell = person.shell(person.chosen(None)?, Menu::Residents).back_to("Back", safe_next(next));
    Ok(View::new(shell, form, !person.visitor().own_password, next))
}

#[derive(Deserialize)]
pub struct Ask {
    #[serde(default)]
    password: String,
    #[serde(default)]
    new_password: String,
    #[serde(default)]
    next: String,
}

pub async fn change(person: Signed<Entering>, request: HttpRequest, hall: Data<Hall>, sent: Protected<Ask>) -> Answer {
    match changed(&person, &request, &hall, &sent).await? {
        Ok(()) => Ok(see_other(links::own_password_saved(safe_next(&sent.next)))),
        Err(errors) => {
            let form = Form::again(person.csrf(), person.now(), &sent, errors);
            Page::refused(view(&person, form, &sent.next)?, false).answer()
        }
    }
}

async fn changed(
    person: &Signed<Entering>,
    request: &HttpRequest,
    hall: &Hall,
    sent: &Protected<Ask>,
) -> Result<Result<(), Errors>, PageError> {
    let (form, key) = (sent.id()?, Door::Inside.key(request).ok_or_else(|| PageError::stranger(request))?);
    let mut errors = Errors::none();
    let new = staff::password_check(&sent.new_password, &person.visitor().username);
    errors.keep("new_password", new);
    if sent.new_password == sent.password && errors.is_empty() {
        errors = Refusal::PasswordSame.into();
    }
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let by = match hall.confirmed(person.person(), &sent.password).await? {
        Ok(by) => by,
        Err(errors) => return Ok(Err(errors)),
    };
    let password_hash = hall.passwords.hash(sent.new_password.clone()).await?;
    let ask = ChangePassword { form, session: key.hash(), password_hash };
    Ok(acting(&hall.db, move |conn, now| change_password(conn, &by, &ask, now)).await?.map_err(Errors::from))
}

#[derive(Template)]
#[template(path = "pages/own_password.html")]
pub struct View {
    shell: Shell,
    form: Form,
    /// Somebody else set the password they came with.
    first: bool,
    saved: bool,
    /// Where they go on.
    next: String,
}

impl View {
    fn new(shell: Shell, form: Form, first: bool, next: &str) -> View {
        // There is no way back from here before there is a password of their own.
        let back = shell.back.clone().filter(|_| !first);
        View { shell: Shell { back, ..shell }, form, first, saved: false, next: safe_next(next).to_owned() }
    }

    /// As somebody opens it, as somebody new is led to it, after it was saved, and with everything wrong.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Residents).back_to("Back", "/");
        let form = || Form::new("proof", samples::now());
        let mut errors = Errors::from(Refusal::WrongPassword);
        errors.push("new_password", Refusal::PasswordShort.to_string());
        vec![
            View::new(shell(), form(), false, "/"),
            View::new(shell(), form(), true, "/round"),
            View { saved: true, ..View::new(shell(), form(), false, "//evil") },
            View::new(shell(), form().spoiled(errors), true, samples::HOSTILE),
        ]
    }
}
