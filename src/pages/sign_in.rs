//! Signing in and out.

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::DateTime;
use serde::Deserialize;

use crate::care::calendar::Zone;
use crate::care::facility::Facility;
use crate::store::{facilities, sessions};
use crate::web::links::safe_next;
use crate::web::parts::Icon;
use crate::web::session::{self, Door, Key};
use crate::web::{Answer, Errors, Form, Hall, Page, PageError, Proof, Protected, acting, looking, see_other};

/// How the address of the page may go on.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    next: String,
    #[serde(default)]
    why: String,
}

pub async fn show(request: HttpRequest, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    if session::visit(&request).await.is_ok() {
        return Ok(see_other(safe_next(&asked.next)));
    }
    let known = Door::Outside.key(&request);
    let key = known.clone().unwrap_or_else(Key::fresh);
    let form = Form::new(&key.csrf(), hall.db.now());
    let view =
        View { go_on: go_on(&request, &asked.next), ..View::new(form, &asked.next, &asked.why, &houses(&hall).await?) };
    let mut answer = Page::new(view).answer()?;
    if known.is_none() {
        answer
            .add_cookie(&Door::Outside.cookie(&key, hall.secure))
            .map_err(|error| PageError::Broken(error.to_string()))?;
    }
    Ok(answer)
}

/// Somebody who follows a link out of a letter comes without their cookie, because the letter is another site's page.
/// One more step from our own page, and they are known.
fn go_on(request: &HttpRequest, next: &str) -> Option<String> {
    let site = request.headers().get("Sec-Fetch-Site")?;
    (site == "cross-site").then(|| safe_next(next).to_owned())
}

async fn houses(hall: &Hall) -> Result<Vec<Facility>, PageError> {
    looking(&hall.db, facilities::facilities_all).await
}

#[derive(Deserialize)]
pub struct SignIn {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

pub async fn sign_in(request: HttpRequest, hall: Data<Hall>, sent: Protected<SignIn>) -> Answer {
    let mut errors = Errors::none();
    if sent.username.trim().is_empty() {
        errors.push("username", "Enter your username.");
    }
    if sent.password.is_empty() {
        errors.push("password", "Enter your password.");
    }
    if !errors.is_empty() {
        return refused(&request, &hall, &sent, errors, None).await;
    }
    match hall.recognise(&sent.username, &sent.password, &hall.address(&request)).await? {
        Proof::Given(known, secret) => let_in(&request, &hall, &sent, (known.person, secret)).await,
        Proof::Wrong => unknown(&request, &hall, &sent).await,
        Proof::Wait(seconds) => {
            errors.push(
                "username",
                format!("There were several wrong passwords. Wait {seconds} s, then try again: nobody is locked out."),
            );
            refused(&request, &hall, &sent, errors, Some(seconds)).await
        }
    }
}

async fn unknown(request: &HttpRequest, hall: &Hall, sent: &Protected<SignIn>) -> Answer {
    let mut errors = Errors::none();
    errors.push("username", "This username and password do not belong together.");
    refused(request, hall, sent, errors, None).await
}

/// A new key for whoever signs in: one that was there before, perhaps planted, opens nothing. Nor does a password that was
/// replaced while it was looked at: whoever replaced it was told that nobody is inside with it.
async fn let_in(
    request: &HttpRequest,
    hall: &Hall,
    sent: &Protected<SignIn>,
    (person, secret): (String, String),
) -> Answer {
    let key = Key::fresh();
    let (hash, left) = (key.hash(), Door::Inside.key(request).map(|before| before.hash()));
    let begun = acting(&hall.db, move |conn, now| {
        if let Some(left) = &left {
            sessions::session_end(conn, left)?;
        }
        Ok(sessions::session_begin(conn, &hash, (&person, &secret), now)?)
    })
    .await??;
    if !begun {
        return unknown(request, hall, sent).await;
    }
    let mut answer = see_other(safe_next(&sent.next));
    for cookie in [Door::Inside.cookie(&key, hall.secure), Door::Outside.removal(hall.secure)] {
        answer.add_cookie(&cookie).map_err(|error| PageError::Broken(error.to_string()))?;
    }
    Ok(answer)
}

async fn refused(
    request: &HttpRequest,
    hall: &Hall,
    sent: &Protected<SignIn>,
    errors: Errors,
    wait: Option<i64>,
) -> Answer {
    let csrf = sent.typed.value("csrf").unwrap_or_default();
    let form = Form::again(csrf, hall.db.now(), sent, errors);
    let view = View { go_on: go_on(request, &sent.next), ..View::new(form, &sent.next, "", &houses(hall).await?) };
    let Some(seconds) = wait else { return Page::refused(view, false).answer() };
    let mut answer = Page::with_status(view, StatusCode::TOO_MANY_REQUESTS).answer()?;
    answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    Ok(answer)
}

#[derive(Deserialize)]
pub struct SignOut {}

/// Ends the session, here and in the database.
pub async fn sign_out(request: HttpRequest, hall: Data<Hall>, _sent: Protected<SignOut>) -> Answer {
    if let Some(key) = Door::Inside.key(&request) {
        acting(&hall.db, move |conn, _| Ok(sessions::session_end(conn, &key.hash())?)).await??;
    }
    let mut answer: HttpResponse = see_other("/sign-in?why=out");
    answer.add_cookie(&Door::Inside.removal(hall.secure)).map_err(|error| PageError::Broken(error.to_string()))?;
    Ok(answer)
}

#[derive(Template)]
#[template(path = "pages/sign_in.html")]
pub struct View {
    form: Form,
    facility: String,
    idle_minutes: u32,
    next: String,
    notice: Option<&'static str>,
    go_on: Option<String>,
}

impl View {
    /// The name of the house stands in the heading where there is only one.
    fn new(form: Form, next: &str, why: &str, houses: &[Facility]) -> View {
        let notice = match why {
            "out" => Some("You are signed out."),
            "ended" => Some("You were signed out, so what you entered was NOT saved. Sign in and enter it again."),
            _ => None,
        };
        View {
            form,
            facility: if let [only] = houses { only.name.clone() } else { String::new() },
            idle_minutes: houses.iter().map(|house| house.idle_minutes).min().unwrap_or(10),
            next: safe_next(next).to_owned(),
            notice,
            go_on: None,
        }
    }

    /// The open door, somebody who was signed out, and a wrong password.
    pub fn samples() -> Vec<View> {
        let house = Facility::new("alder".into(), "Alder House".into(), Zone::UTC);
        let form = || Form::new("proof", DateTime::UNIX_EPOCH);
        let mut errors = Errors::none();
        errors.push("username", "This username and password do not belong together.");
        let typed = form().with("username", "\"><script>").spoiled(errors);
        vec![
            View::new(form(), "/", "", std::slice::from_ref(&house)),
            View { go_on: Some("/round".into()), ..View::new(form(), "/round", "ended", &[]) },
            View::new(typed, "//evil", "", &[house]),
        ]
    }
}
