//! When a page cannot be shown: every error becomes one page that says what was not saved, and a way on.

use actix_web::error::BlockingError;
use actix_web::http::header::LOCATION;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use askama::Template;

use super::links::{self, Link};
use super::page::Shell;
use super::parts::Icon;
use crate::acts::ActError;
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::store::StoreError;

/// Why there is no page. The sentence of each is in `Sorry`.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PageError {
    #[error("nobody is signed in")]
    Stranger { next: String, posted: bool },
    #[error("the role does not allow it")]
    NotAllowed { roles: &'static [Role] },
    #[error("the form did not come from our own page")]
    Forged,
    #[error("the form is bad: {0}")]
    BadForm(String),
    #[error("the form is too large")]
    TooLarge,
    #[error("there is nothing at this address")]
    Missing,
    #[error("this address does not do that")]
    WrongMethod,
    #[error("refused: {}", .0.code())]
    Refused(Refusal),
    #[error("somebody else was first")]
    Moved,
    #[error("the database is not to be reached: {0}")]
    Unreachable(String),
    /// The store's own sentence: a full disk, a read-only one.
    #[error("the database could not save: {0}")]
    NotSaved(String),
    #[error("it is not known whether it was saved")]
    Unknown,
    #[error("broken: {0}")]
    Broken(String),
}

impl PageError {
    /// Sends a stranger to sign in, and back to what they were looking at.
    pub fn stranger(request: &HttpRequest) -> PageError {
        let posted = request.method() != Method::GET;
        let asked = request.uri().path_and_query().map_or("/", |path| path.as_str());
        PageError::Stranger { next: asked.to_owned(), posted }
    }

    /// The error that a bare status of the server itself stands for.
    pub fn of_status(status: StatusCode) -> Option<PageError> {
        match status {
            StatusCode::NOT_FOUND => Some(PageError::Missing),
            StatusCode::METHOD_NOT_ALLOWED => Some(PageError::WrongMethod),
            StatusCode::PAYLOAD_TOO_LARGE => Some(PageError::TooLarge),
            StatusCode::BAD_REQUEST => Some(PageError::BadForm("The address or the form could not be read.".into())),
            _ => None,
        }
    }

    /// What an administrator must hear of: it is logged as an error, the others as notes.
    pub fn is_fault(&self) -> bool {
        self.status_code().is_server_error()
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        match self {
            PageError::Stranger { .. } => StatusCode::SEE_OTHER,
            PageError::NotAllowed { .. } | PageError::Forged => StatusCode::FORBIDDEN,
            PageError::BadForm(_) => StatusCode::BAD_REQUEST,
            PageError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            PageError::Missing => StatusCode::NOT_FOUND,
            PageError::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            PageError::Refused(refusal) if !refusal.moved() => StatusCode::UNPROCESSABLE_ENTITY,
            PageError::Refused(_) | PageError::Moved => StatusCode::CONFLICT,
            PageError::Unreachable(_) => StatusCode::SERVICE_UNAVAILABLE,
            PageError::NotSaved(_) | PageError::Unknown | PageError::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The bare answer; the guard at the door writes the page, because only it knows who asked.
    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        match self {
            PageError::Stranger { posted: true, .. } => answer.insert_header((LOCATION, links::SIGN_IN_AGAIN)),
            PageError::Stranger { next, .. } => {
                answer.insert_header((LOCATION, links::sign_in(links::safe_next(next))))
            }
            _ => &mut answer,
        };
        answer.finish()
    }
}

impl From<StoreError> for PageError {
    fn from(trouble: StoreError) -> PageError {
        let sentence = trouble.to_string();
        match trouble {
            StoreError::Missing => PageError::Missing,
            StoreError::Moved | StoreError::Unique | StoreError::Contended => PageError::Moved,
            StoreError::Unreachable(_) | StoreError::Busy => PageError::Unreachable(sentence),
            StoreError::Full | StoreError::ReadOnly | StoreError::Io(_) => PageError::NotSaved(sentence),
            StoreError::Unknown => PageError::Unknown,
            _ => PageError::Broken(sentence),
        }
    }
}

impl From<ActError> for PageError {
    fn from(error: ActError) -> PageError {
        match error {
            ActError::Refused(refusal) => PageError::Refused(refusal),
            ActError::Store(trouble) => trouble.into(),
        }
    }
}

impl From<Refusal> for PageError {
    fn from(refusal: Refusal) -> PageError {
        PageError::Refused(refusal)
    }
}

/// The thread pool let go of a job: the job panicked, or the server is stopping.
impl From<BlockingError> for PageError {
    fn from(_: BlockingError) -> PageError {
        PageError::Unknown
    }
}

/// What the page says of an error.
struct Sorry {
    icon: Icon,
    label: &'static str,
    heading: String,
    text: String,
}

impl Sorry {
    fn new(icon: Icon, label: &'static str, heading: &str, text: impl Into<String>) -> Sorry {
        Sorry { icon, label, heading: heading.to_owned(), text: text.into() }
    }

    fn of(error: &PageError, shell: &Shell) -> Sorry {
        match error {
            PageError::Stranger { .. } => {
                Sorry::new(Icon::Lock, "Signed out", "You are not signed in", "Sign in, and open the page again.")
            }
            PageError::NotAllowed { roles } => {
                Sorry::new(Icon::Lock, "Not allowed", "You cannot open this page", not_allowed(roles, shell))
            }
            PageError::Forged => Sorry::new(
                Icon::Lock,
                "Not accepted",
                "This form was not sent by a page of yours",
                "The page may have been open since before you signed in. Open it again and fill in the form there.",
            ),
            PageError::BadForm(why) => Sorry::new(
                Icon::Overdue,
                "Not understood",
                "The form could not be read",
                format!("{why} Open the page again and fill in the form there."),
            ),
            PageError::TooLarge => Sorry::new(
                Icon::Overdue,
                "Too long",
                "What you sent is too long",
                "A form holds at most 64 KiB of text. Write less, or in several entries.",
            ),
            PageError::Missing => Sorry::new(
                Icon::Search,
                "Page not found",
                "There is no page at this address",
                "The address may be mistyped, or it belongs to a facility that you do not work in.",
            ),
            PageError::WrongMethod => Sorry::new(
                Icon::Search,
                "Page not found",
                "This address only takes a form",
                "Open the page that the form stands on.",
            ),
            PageError::Refused(refusal) => {
                Sorry::new(Icon::Overdue, "Not possible", "This cannot be done now", refusal.to_string())
            }
            PageError::Moved => Sorry::new(
                Icon::Unequal,
                "Changed meanwhile",
                "Somebody else changed this while your page was open",
                "Open the page again and look at how things stand now.",
            ),
            PageError::Unreachable(_) => Sorry::new(
                Icon::Overdue,
                "Not available",
                "The database does not answer",
                "Wait a minute and try again. If it lasts, work on paper and tell whoever looks after this system.",
            ),
            PageError::NotSaved(why) => Sorry::new(Icon::Overdue, "Not saved", "This could not be saved", why.clone()),
            PageError::Unknown => Sorry::new(
                Icon::NoRecord,
                "Not known",
                "It is not known whether this was saved",
                "The connection to the database broke at the last moment. Look at the list first: enter it again only if it is not there.",
            ),
            PageError::Broken(_) => Sorry::new(
                Icon::Overdue,
                "Something broke",
                "This page could not be made",
                "It is our fault, not yours, and it has been noted.",
            ),
        }
    }
}

fn not_allowed(roles: &[Role], shell: &Shell) -> String {
    let needed = roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(" or ");
    match &shell.me {
        Some(me) => {
            format!("It needs the role {needed}. You are signed in as {}, {}.", me.name, me.roles.to_lowercase())
        }
        None => format!("It needs the role {needed}."),
    }
}

/// What became of the data: an error is never allowed to leave that open, except where it truly is not known.
fn saved(error: &PageError, posted: bool) -> &'static str {
    match (error, posted) {
        (PageError::Unknown, true) => "It may have been saved, or not.",
        (_, true) => "What you entered was NOT saved. Every dose and every record stands as it was.",
        (_, false) => "Nothing has changed: every dose and every record stands as it was.",
    }
}

#[derive(Template)]
#[template(path = "sorry.html")]
struct SorryPage {
    shell: Shell,
    sorry: Sorry,
    saved: &'static str,
    incident: String,
    on: Link,
}

/// The page of an error, for whoever asked.
pub fn sorry(error: &PageError, shell: Shell, posted: bool, incident: &str) -> String {
    let on = match shell.menu.first() {
        Some(first) => Link::new(format!("Go to {}", first.text), first.href.clone()),
        None => Link::new("Go to the start", "/"),
    };
    let sorry = Sorry::of(error, &shell);
    let page = SorryPage { sorry, saved: saved(error, posted), incident: incident.to_owned(), on, shell };
    page.render().unwrap_or_else(|_| format!("{} {}", page.sorry.heading, page.saved))
}
