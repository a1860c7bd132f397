//! How a form arrives: whole, and within a time, before it counts among those under way. Whoever sends one drop by drop, or
//! leaves in the middle of it, holds up nobody else.

use std::future::Future;
use std::io::{Error, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::web::Bytes;
use futures_core::Stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep, timeout};

use super::error::PageError;

/// A form of text fields is never this large.
pub const LARGEST_FORM: usize = 64 * 1024;
/// A form takes no longer over a poor connection.
const FORM: Duration = Duration::from_secs(15);
/// Nor does a picture.
const LARGE: Duration = Duration::from_secs(120);
/// So many pictures and lists arrive at once.
const LARGE_AT_ONCE: usize = 8;

/// What arrives. Clones share its seats.
#[derive(Clone)]
pub struct Arrivals {
    form: Duration,
    large: Duration,
    seats: Arc<Semaphore>,
}

impl Default for Arrivals {
    fn default() -> Arrivals {
        Arrivals::within(FORM, LARGE)
    }
}

impl Arrivals {
    /// A form arrives within the first time, a picture or a list within the second.
    pub fn within(form: Duration, large: Duration) -> Arrivals {
        Arrivals { form, large, seats: Arc::new(Semaphore::new(LARGE_AT_ONCE)) }
    }

    /// Waits until a form is there whole. What is too large to be held so arrives while it is read, from one of a few seats,
    /// which no stranger takes.
    pub async fn wait(
        &self,
        request: &mut ServiceRequest,
        stranger: bool,
    ) -> Result<Option<OwnedSemaphorePermit>, PageError> {
        if is_small(request) {
            let body = timeout(self.form, request.extract::<Bytes>()).await.map_err(|_| PageError::Late)?;
            let whole = Arriving::Whole(Some(body.map_err(|_| PageError::TooLarge)?));
            request.set_payload(whole.into());
            return Ok(None);
        }
        if stranger {
            return Err(PageError::stranger(request.request()));
        }
        let seat = Arc::clone(&self.seats).try_acquire_owned().map_err(|_| PageError::Busy)?;
        let rest = Arriving::Until(request.take_payload(), Box::pin(sleep(self.large)));
        request.set_payload(rest.into());
        Ok(Some(seat))
    }
}

/// A browser says beforehand how much comes.
fn is_small(request: &ServiceRequest) -> bool {
    let said = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let length = said(CONTENT_LENGTH).map_or(Some(0), |text| text.parse::<usize>().ok());
    let in_pieces = request.headers().contains_key("transfer-encoding");
    let encloses = said(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("multipart/"));
    length.is_some_and(|length| length <= LARGEST_FORM) && !in_pieces && !encloses
}

/// The body of a request: it is there, or it comes until its time is over.
enum Arriving {
    Whole(Option<Bytes>),
    Until(Payload, Pin<Box<Sleep>>),
}

impl From<Arriving> for Payload {
    fn from(body: Arriving) -> Payload {
        Payload::Stream { payload: Box::pin(body) }
    }
}

impl Stream for Arriving {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.get_mut() {
            Arriving::Whole(body) => Poll::Ready(body.take().map(Ok)),
            Arriving::Until(rest, over) => match over.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(Some(Err(PayloadError::Io(Error::from(ErrorKind::TimedOut))))),
                Poll::Pending => Pin::new(rest).poll_next(context),
            },
        }
    }
}
