//! The guard at the door: the headers of every answer, the page of every error, a panic caught, and one line in the log.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError};
use tokio::sync::OwnedSemaphorePermit;

use super::crowd::Place;
use super::error::PageError;
use super::hall::Hall;
use super::headers::dress;
use super::page::Shell;
use super::session::{self, Door, Visit};
use super::sorry::sorry;
use crate::care::calendar::Zone;

const HTML: &str = "text/html; charset=utf-8";
/// After so many seconds whoever was turned away may try again.
const RETRY_SECONDS: &str = "2";

/// Stands before every handler; the outermost middleware.
pub async fn stand(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, Error> {
    let began = Instant::now();
    let place = place(&mut request).await;
    let answer = match unwelcome(&request).or(place.as_ref().err().cloned()) {
        Some(error) => request.error_response(error),
        None => served(request, next).await?,
    };
    let mut answer = in_words(answer).await;
    let asked = answer.request().clone();
    let hall = asked.app_data::<Data<Hall>>();
    dress(answer.headers_mut(), hall.is_some_and(|hall| hall.secure));
    let unread = answer.status() == StatusCode::REQUEST_TIMEOUT;
    if unread || hall.is_some_and(|hall| hall.stopping.load(Ordering::Relaxed)) {
        answer.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    note(&asked, &answer, began);
    Ok(answer)
}

/// What a form holds while it is under way: a seat of the large ones that still arrive, or its place among those that have.
enum Held {
    Nothing,
    Seat { _until_answered: OwnedSemaphorePermit },
    Place { _until_answered: Place },
}

/// Waits for a form, and takes it in; a page that is only looked at holds up nobody.
async fn place(request: &mut ServiceRequest) -> Result<Held, PageError> {
    let hall = request.app_data::<Data<Hall>>().filter(|_| !request.method().is_safe()).cloned();
    let Some(hall) = hall else { return Ok(Held::Nothing) };
    // Whether the session stands is looked at later; whoever brings none at all takes no place of those who do.
    let stranger = Door::Inside.key(request.request()).is_none();
    if let Some(seat) = hall.arrivals.wait(request, stranger).await? {
        return Ok(Held::Seat { _until_answered: seat });
    }
    let crowd = if stranger { &hall.strangers } else { &hall.crowd };
    let place = crowd.enter().ok_or(PageError::Busy)?;
    Ok(Held::Place { _until_answered: place })
}

/// A text that no address of ours holds, and that one of the databases cannot store.
fn unwelcome(request: &ServiceRequest) -> Option<PageError> {
    let asked = request.uri().path_and_query().map_or("", |path| path.as_str());
    asked.contains("%00").then_some(PageError::Missing)
}

/// Runs the handler. A panic in it is its own failure alone: it gets the bare page of an error, because the request
/// went down with it.
async fn served(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse, Error> {
    let route = request.match_pattern().unwrap_or_default();
    let mut handler = pin!(next.call(request));
    let ended = poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(context))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(answer)) => Poll::Ready(Some(answer)),
        Err(_) => Poll::Ready(None),
    });
    match ended.await {
        Some(answer) => Ok(answer?.map_into_boxed_body()),
        None => {
            tracing::error!(%route, "a handler panicked");
            Err(PageError::Broken("a handler panicked".to_owned()).into())
        }
    }
}

/// Turns an error into its page. A bare status of the server itself is an error too.
async fn in_words(answer: ServiceResponse) -> ServiceResponse {
    let Some(error) = error_of(&answer).filter(|error| !error.status_code().is_redirection()) else {
        return answer;
    };
    let request = answer.request();
    let incident = incident();
    report(request, &error, &incident);
    let page = sorry(&error, shell(request, &error).await, !request.method().is_safe(), &incident);
    let mut page = HttpResponse::build(answer.status()).content_type(HTML).body(page);
    if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
        page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
    }
    if let Some(allowed) = answer.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    answer.into_response(page)
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

/// The frame of an error's page: with name and menu where somebody is signed in. Nobody is looked for where too much is
/// asked already.
async fn shell(request: &HttpRequest, error: &PageError) -> Shell {
    let known: Option<Visit> = request.extensions().get::<Visit>().cloned();
    let visit = match known {
        None if !matches!(error, PageError::Busy | PageError::Late) => session::visit(request).await.ok(),
        known => known,
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
