//! Forms: what somebody typed, proof that our own page sent it, what is wrong with it, and how it is shown again.

mod enclosed;

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpRequest};
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use uuid::Uuid;

pub use self::enclosed::{Enclosed, ProtectedFile};
use super::error::PageError;
use super::hall::Hall;
use super::parts::Icon;
use super::session;
use crate::care::medicine::barcode::SEPARATOR;
use crate::care::refusal::Refusal;

/// The field that a scanner types into.
const SCAN: &str = "scan";

/// What a browser sent, field by field, as it was typed. It cannot be printed: passwords are in it.
#[derive(Clone, Default)]
pub struct Typed(Vec<(String, String)>);

impl Typed {
    /// The first field of that name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Every field of that name, in the order of the page.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The names of all fields, in the order of the page.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(field, _)| field.as_str())
    }

    /// Text that no keyboard makes is refused before it can reach a database.
    fn read(fields: Vec<(String, String)>) -> Result<Typed, PageError> {
        let odd = |text: &str| text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
        // A scanner is a keyboard that has this one key more.
        let scanned =
            |name: &str, value: &str| if name == SCAN { value.replace(SEPARATOR, "") } else { value.to_owned() };
        if fields.iter().any(|(name, value)| odd(name) || odd(&scanned(name, value))) {
            return Err(PageError::BadForm("The form holds characters that cannot be stored.".into()));
        }
        Ok(Typed(fields))
    }
}

/// A form that our own page sent for the person who is signed in. There is no other way to read one.
pub struct Protected<T> {
    pub ask: T,
    pub typed: Typed,
}

impl<T> Deref for Protected<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.ask
    }
}

impl<T> Protected<T> {
    /// The id, made when the page was drawn, of what this form asks for: a repeated post carries the same.
    pub fn id(&self) -> Result<String, PageError> {
        let typed = self.typed.value("form").unwrap_or_default();
        let id =
            Uuid::try_parse(typed).map_err(|_| PageError::BadForm("The form lost its number on the way.".into()))?;
        Ok(id.to_string())
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Protected<T> {
    type Error = PageError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let body = Bytes::from_request(&request, payload);
        Box::pin(async move {
            let keys = keys_of_our_own(&request)?;
            let body = body.await.map_err(|_| PageError::TooLarge)?;
            shape_check(&request, "application/x-www-form-urlencoded")?;
            let fields = serde_urlencoded::from_bytes(&body);
            proved(fields.map_err(|_| PageError::BadForm("The form could not be read.".into()))?, &keys)
        })
    }
}

/// The keys that a form may be proved by; none where it did not come from a page of ours.
fn keys_of_our_own(request: &HttpRequest) -> Result<Vec<session::Key>, PageError> {
    let keys = session::keys(request);
    match () {
        () if keys.is_empty() => Err(PageError::stranger(request)),
        () if !from_our_own_page(request) => Err(PageError::Forged),
        () => Ok(keys),
    }
}

fn shape_check(request: &HttpRequest, wanted: &str) -> Result<(), PageError> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    match kind.starts_with(wanted) {
        true => Ok(()),
        false => Err(PageError::BadForm("The form came in a shape that this page does not read.".into())),
    }
}

/// The one way from fields to a form: by the proof among them.
fn proved<T: DeserializeOwned>(
    fields: Vec<(String, String)>,
    keys: &[session::Key],
) -> Result<Protected<T>, PageError> {
    let typed = Typed::read(fields)?;
    let proof = typed.value("csrf").unwrap_or_default();
    if !keys.iter().any(|key| key.proves(proof)) {
        return Err(PageError::Forged);
    }
    let values = serde_urlencoded::to_string(&typed.0).ok();
    let ask = values.and_then(|values| serde_urlencoded::from_str(&values).ok()).ok_or_else(|| {
        PageError::BadForm("A field of the form is missing, or comes twice, or is not what it should be.".into())
    })?;
    Ok(Protected { ask, typed })
}

/// Browsers say where a form was; who says nothing still has to bring the page's own proof.
fn from_our_own_page(request: &HttpRequest) -> bool {
    let said = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = said("Sec-Fetch-Site") {
        return site == "same-origin";
    }
    let public = request.app_data::<Data<Hall>>().and_then(|hall| hall.public_url.as_deref());
    match (said(ORIGIN.as_str()), said(HOST.as_str())) {
        // A proxy may name itself instead of the host that was asked.
        (Some(origin), _) if Some(origin) == public => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, ours)| ours == host),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// What is wrong with a form, field by field; an empty name means the whole form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Errors {
    told: Vec<(String, String)>,
    moved: bool,
}

impl Errors {
    pub fn none() -> Errors {
        Errors::default()
    }

    pub fn push(&mut self, field: &str, sentence: impl Into<String>) {
        self.told.push((field.to_owned(), sentence.into()));
    }

    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// The world moved while the page was open: it is shown again as it stands now.
    pub fn moved(&self) -> bool {
        self.moved
    }

    /// All of it in one line.
    pub fn sentences(&self) -> String {
        self.told.iter().map(|(_, sentence)| sentence.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// What is wrong here, and what is wrong there.
    pub fn and(mut self, other: Errors) -> Errors {
        self.told.extend(other.told);
        Errors { moved: self.moved || other.moved, ..self }
    }

    /// Keeps a value that was read, or notes under its field why it could not be.
    pub fn keep<T>(&mut self, field: &str, read: Result<T, Refusal>) -> Option<T> {
        read.map_err(|refusal| self.push(field, refusal.to_string())).ok()
    }
}

impl From<Refusal> for Errors {
    fn from(refusal: Refusal) -> Errors {
        Errors { told: vec![(refusal.field().to_owned(), refusal.to_string())], moved: refusal.moved() }
    }
}

/// A form as a page shows it: its proof, the id of what it will make, what was typed so far, and what is wrong.
#[derive(Clone, Default)]
pub struct Form {
    csrf: String,
    id: String,
    prefix: &'static str,
    typed: Typed,
    errors: Errors,
}

impl Form {
    /// An empty form, drawn now. `csrf` comes from `Signed::csrf`.
    pub fn new(csrf: &str, now: DateTime<Utc>) -> Form {
        Form { csrf: csrf.to_owned(), id: new_id(now), ..Form::default() }
    }

    /// A form that only asks and saves nothing: its fields stand in the address, with what is wrong with them.
    pub fn asking(errors: Errors) -> Form {
        Form { errors, ..Form::default() }
    }

    /// The form again as it was filled in, with what is wrong. It keeps its id: nothing was made of it yet.
    pub fn again<T>(csrf: &str, now: DateTime<Utc>, sent: &Protected<T>, errors: impl Into<Errors>) -> Form {
        let id = sent.id().unwrap_or_else(|_| new_id(now));
        Form { csrf: csrf.to_owned(), id, prefix: "", typed: sent.typed.clone(), errors: errors.into() }
    }

    /// Tells apart the controls of several forms on one page.
    pub fn named(self, prefix: &'static str) -> Form {
        Form { prefix, ..self }
    }

    /// A form with errors, for samples.
    pub fn spoiled(self, errors: Errors) -> Form {
        Form { errors, ..self }
    }

    /// The form where only these fields stand on the page: what is wrong with any other is said of the whole form,
    /// so that no error leads to a control that is not there.
    pub fn showing(mut self, fields: &[&str]) -> Form {
        for (field, _) in self.errors.told.iter_mut().filter(|(field, _)| !fields.contains(&field.as_str())) {
            field.clear();
        }
        self
    }

    /// Fills in a field that nobody has typed into yet.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Form {
        if self.typed.value(name).is_none() {
            self.typed.0.push((name.to_owned(), value.into()));
        }
        self
    }

    /// One more value of a field that may come several times.
    pub fn also(mut self, name: &str, value: impl Into<String>) -> Form {
        self.typed.0.push((name.to_owned(), value.into()));
        self
    }

    pub fn typed(&self) -> &Typed {
        &self.typed
    }

    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// The id of a field's control in the page.
    pub fn control(&self, name: &str) -> String {
        if self.prefix.is_empty() { name.to_owned() } else { format!("{}-{name}", self.prefix) }
    }

    pub fn value(&self, name: &str) -> &str {
        self.typed.value(name).unwrap_or_default()
    }

    /// Whether this choice is the chosen one. Nothing is chosen when a page opens.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.typed.all(name).any(|chosen| chosen == value)
    }

    pub fn wrong(&self) -> bool {
        !self.errors.is_empty()
    }

    /// `Error: ` before the title of a page whose form came back.
    pub fn title(&self) -> &'static str {
        if self.wrong() { "Error: " } else { "" }
    }

    /// `Fix 4 things:`
    pub fn count(&self) -> String {
        match self.errors.told.len() {
            1 => "Fix this:".to_owned(),
            many => format!("Fix {many} things:"),
        }
    }

    pub fn errors(&self) -> &[(String, String)] {
        &self.errors.told
    }

    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.told.iter().find(|(field, _)| field == name).map(|(_, sentence)| sentence.as_str())
    }

    /// The ids of what explains a control: its hint and its error.
    pub fn described(&self, name: &str, hint: &str) -> String {
        let control = self.control(name);
        let parts = [(!hint.is_empty(), "hint"), (self.error(name).is_some(), "error")];
        let ids: Vec<String> =
            parts.iter().filter(|(there, _)| *there).map(|(_, part)| format!("{control}-{part}")).collect();
        ids.join(" ")
    }
}

/// One of several values to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub text: String,
    pub hint: String,
    pub icon: Option<Icon>,
}

impl Choice {
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Choice {
        Choice { value: value.into(), text: text.into(), hint: String::new(), icon: None }
    }

    pub fn hinted(self, hint: impl Into<String>) -> Choice {
        Choice { hint: hint.into(), ..self }
    }

    pub fn drawn(self, icon: Icon) -> Choice {
        Choice { icon: Some(icon), ..self }
    }
}

/// A new id that sorts by the time it was made (UUIDv7).
pub fn new_id(now: DateTime<Utc>) -> String {
    let milliseconds = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    let mut chance = [0; 10];
    getrandom::fill(&mut chance).expect("an operating system without randomness cannot keep secrets either");
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &chance).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_field_that_is_not_there_is_said_of_the_whole_form() {
        let mut errors = Errors::none();
        errors.push("medicine", "This resident has a running plan.");
        errors.push("password", "That is not your password.");
        let form = Form::asking(errors).showing(&["password"]);
        assert_eq!(form.error(""), Some("This resident has a running plan."));
        assert_eq!(form.error("password"), Some("That is not your password."));
        assert_eq!(form.error("medicine"), None);
    }
}
