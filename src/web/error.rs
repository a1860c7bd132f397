//! Why a page cannot be shown, and the status that says so.

use actix_web::error::BlockingError;
use actix_web::http::header::LOCATION;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, ResponseError};

use super::{headers, links};
use crate::acts::ActError;
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::store::StoreError;

/// Why there is no page. The sentences are in `sorry`.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PageError {
    #[error("nobody is signed in")]
    Stranger { next: String, posted: bool },
    #[error("a password of their own comes first")]
    FirstPassword { next: String },
    #[error("the role does not allow it")]
    NotAllowed { roles: &'static [Role] },
    #[error("the form did not come from our own page")]
    Forged,
    #[error("the form is bad: {0}")]
    BadForm(String),
    #[error("the form is too large")]
    TooLarge,
    #[error("the form did not arrive whole in time")]
    Late,
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
    #[error("too much is asked at once")]
    Busy,
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

    /// Sends somebody whose password another set to choose one, and back to what they were looking at.
    pub fn first_password(request: &HttpRequest) -> PageError {
        let asked = request.uri().path_and_query().filter(|_| request.method() == Method::GET);
        PageError::FirstPassword { next: asked.map_or("/", |path| path.as_str()).to_owned() }
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
            PageError::Stranger { .. } | PageError::FirstPassword { .. } => StatusCode::SEE_OTHER,
            PageError::NotAllowed { .. } | PageError::Forged => StatusCode::FORBIDDEN,
            PageError::BadForm(_) => StatusCode::BAD_REQUEST,
            PageError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            PageError::Late => StatusCode::REQUEST_TIMEOUT,
            PageError::Missing => StatusCode::NOT_FOUND,
            PageError::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            PageError::Refused(refusal) if !refusal.moved() => StatusCode::UNPROCESSABLE_ENTITY,
            PageError::Refused(_) | PageError::Moved => StatusCode::CONFLICT,
            PageError::Unreachable(_) | PageError::Busy => StatusCode::SERVICE_UNAVAILABLE,
            PageError::NotSaved(_) | PageError::Unknown | PageError::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Bare, without a name on it: the guard at the door writes the page, because it knows who asked. Only what broke
    /// so badly that the guard lost sight of it goes out like this.
    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        let mut answer = match self {
            PageError::Stranger { posted: true, .. } => answer.insert_header((LOCATION, links::SIGN_IN_AGAIN)).finish(),
            PageError::Stranger { next, .. } => {
                answer.insert_header((LOCATION, links::sign_in(links::safe_next(next)))).finish()
            }
            PageError::FirstPassword { next } => {
                answer.insert_header((LOCATION, links::own_password(links::safe_next(next)))).finish()
            }
            _ => {
                answer.body("Something broke. What you entered may NOT have been saved: look before entering it again.")
            }
        };
        headers::dress(answer.headers_mut(), false);
        answer
    }
}

impl From<StoreError> for PageError {
    fn from(trouble: StoreError) -> PageError {
        let sentence = trouble.to_string();
        match trouble {
            StoreError::Missing => PageError::Missing,
            StoreError::Moved | StoreError::Unique | StoreError::Contended => PageError::Moved,
            StoreError::Unreachable(_) => PageError::Unreachable(sentence),
            StoreError::Busy => PageError::Busy,
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
