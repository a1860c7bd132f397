//! The guard at the door: the headers of every answer, the page of every error, a panic caught, and one line in the log.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError};

use super::Hall;
use super::error::{PageError, sorry};
use super::page::Shell;
use super::session::{self, Visit};
use crate::care::calendar::Zone;

/// Nothing but our own stylesheet, icon and forms; no script at all.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// `same-origin`, because without a referrer a browser sends `Origin: null` with our own forms.
const HEADERS: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::PERMISSIONS_POLICY, "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("x-robots-tag"), "noindex"),
];

/// Stands before every handler; the outermost middleware.
pub async fn stand(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse, Error> {
    let began = Instant::now();
    let asked = request.request().clone();
    let answer = match unwelcome(&request) {
        Some(error) => Err(error),
        None => served(request, next).await,
    };
    let mut answer = in_words(&asked, answer).await;
    dress(&asked, answer.headers_mut());
    if asked.app_data::<Data<Hall>>().is_some_and(|hall| hall.stopping.load(Ordering::Relaxed)) {
        answer.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    note(&asked, &answer, began);
    Ok(answer)
}

/// A text that no address of ours holds, and that one of the databases cannot store.
fn unwelcome(request: &ServiceRequest) -> Option<PageError> {
    let asked = request.uri().path_and_query().map_or("", |path| path.as_str());
    asked.contains("%00").then_some(PageError::Missing)
}

/// Runs the handler; a panic in it is its own failure alone.
async fn served(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse, PageError> {
    let mut handler = pin!(next.call(request));
    let ended = poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(context))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(answer)) => Poll::Ready(Some(answer)),
        Err(_) => Poll::Ready(None),
    });
    match ended.await {
        Some(Ok(answer)) => Ok(answer.map_into_boxed_body()),
        Some(Err(error)) => {
            Err(error.as_error::<PageError>().cloned().unwrap_or_else(|| PageError::Broken(error.to_string())))
        }
        None => Err(PageError::Broken("a handler panicked".to_owned())),
    }
}

/// Turns an error into its page. A bare status of the server itself is an error too.
async fn in_words(request: &HttpRequest, answer: Result<ServiceResponse, PageError>) -> ServiceResponse {
    let error = match answer {
        Err(error) => error,
        Ok(answer) => match error_of(&answer) {
            Some(error) => error,
            None => return answer,
        },
    };
    let bare = error.error_response();
    if error.status_code().is_redirection() {
        return ServiceResponse::new(request.clone(), bare);
    }
    let incident = incident();
    report(request, &error, &incident);
    let posted = !request.method().is_safe();
    let page = sorry(&error, shell(request).await, posted, &incident);
    let mut page = HttpResponse::build(bare.status()).content_type("text/html; charset=utf-8").body(page);
    if let Some(allowed) = bare.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    ServiceResponse::new(request.clone(), page)
}

fn error_of(answer: &ServiceResponse) -> Option<PageError> {
    let status = answer.status();
    let told = answer.response().error().map(|error| {
        let known = error.as_error::<PageError>().cloned();
        known.or_else(|| PageError::of_status(status)).unwrap_or_else(|| PageError::Broken(error.to_string()))
    });
    let bare = !answer.headers().contains_key(header::CONTENT_TYPE);
    told.or_else(|| PageError::of_status(status).filter(|_| bare))
}

/// The frame of an error's page: with name and menu where somebody is signed in.
async fn shell(request: &HttpRequest) -> Shell {
    let known: Option<Visit> = request.extensions().get::<Visit>().cloned();
    let visit = match known {
        Some(visit) => Some(visit),
        None => session::visit(request).await.ok(),
    };
    let now = request.app_data::<Data<Hall>>().map(|hall| hall.db.now()).unwrap_or_default();
    match &visit {
        Some(visit) => Shell::new(visit, visit.visitor.memberships.first().map(|member| &member.facility), None),
        None => Shell::outside(now, Zone::UTC),
    }
}

/// A short number that stands on the page and in the log.
fn incident() -> String {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).unwrap_or_default();
    format!("{:02X}{:02X}-{:02X}{:02X}", bytes[0], bytes[1], bytes[2], bytes[3])
}

/// The route, never the address: an address may hold what somebody searched for.
fn route(request: &HttpRequest) -> String {
    request.match_pattern().unwrap_or_else(|| "-".to_owned())
}

fn report(request: &HttpRequest, error: &PageError, incident: &str) {
    let (route, method) = (route(request), request.method());
    if error.is_fault() {
        tracing::error!(%incident, %method, %route, "{error}");
    } else {
        tracing::info!(%incident, %method, %route, "{error}");
    }
}

fn note(request: &HttpRequest, answer: &ServiceResponse, began: Instant) {
    let (route, method, status) = (route(request), request.method(), answer.status().as_u16());
    let milliseconds = began.elapsed().as_millis();
    tracing::info!(%method, %route, status, milliseconds, "answered");
}

fn dress(request: &HttpRequest, headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if request.app_data::<Data<Hall>>().is_some_and(|hall| hall.secure) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000"));
    }
}
