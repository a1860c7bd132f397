//! A form with a file enclosed. Like any other form it cannot be read without the proof that our own page sent it.

use std::future::{Future, poll_fn};
use std::ops::Deref;
use std::pin::Pin;

use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use futures_core::Stream;
use serde::de::DeserializeOwned;

use super::{Protected, keys_of_our_own, proved, shape_check};
use crate::care::resident::photo::LARGEST_SENT;
use crate::web::arrival::LARGEST_FORM;
use crate::web::error::PageError;

/// No page takes a larger file than a photo. Nothing of a larger one is kept, but the form that it came with is read.
const LARGEST_ENCLOSED: usize = LARGEST_SENT;
/// What is longer than this is not even listened to.
const LONGEST_BODY: usize = 4 * LARGEST_ENCLOSED;

/// A form that our own page sent for the person who is signed in, with a file.
pub struct ProtectedFile<T> {
    pub sent: Protected<T>,
    pub file: Enclosed,
}

/// What came in the file fields of a form: the first that was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enclosed {
    Nothing,
    TooLarge,
    File(Bytes),
}

impl<T> Deref for ProtectedFile<T> {
    type Target = Protected<T>;
    fn deref(&self) -> &Protected<T> {
        &self.sent
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for ProtectedFile<T> {
    type Error = PageError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let keys = keys_of_our_own(&request)?;
            shape_check(&request, "multipart/form-data")?;
            length_check(&request)?;
            let (fields, file) = read(Multipart::new(request.headers(), payload)).await?;
            Ok(ProtectedFile { sent: proved(fields, &keys)?, file })
        })
    }
}

/// A browser says beforehand how much comes.
fn length_check(request: &HttpRequest) -> Result<(), PageError> {
    let said = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let length = said.and_then(|text| text.parse::<usize>().ok());
    if length.is_some_and(|length| length <= LONGEST_BODY) { Ok(()) } else { Err(PageError::TooLarge) }
}

/// The fields in the order of the page, and the file.
async fn read(mut form: Multipart) -> Result<(Vec<(String, String)>, Enclosed), PageError> {
    let (mut fields, mut file, mut room) = (Vec::new(), Enclosed::Nothing, LARGEST_FORM);
    while let Some(field) = poll_fn(|context| Pin::new(&mut form).poll_next(context)).await {
        let mut field = field.map_err(unreadable)?;
        let name = field.name().unwrap_or_default().to_owned();
        if field.content_disposition().is_some_and(|said| said.get_filename().is_some()) {
            let came = enclosed(&mut field).await?;
            file = if file == Enclosed::Nothing { came } else { file };
            continue;
        }
        let text = field.bytes(room).await.map_err(|_| PageError::TooLarge)?.map_err(unreadable)?;
        room = room.saturating_sub(name.len() + text.len());
        fields.push((name, String::from_utf8(text.to_vec()).map_err(unreadable)?));
    }
    Ok((fields, file))
}

/// Of a field that nobody filled in a browser sends an empty file.
async fn enclosed(field: &mut Field) -> Result<Enclosed, PageError> {
    match field.bytes(LARGEST_ENCLOSED).await {
        Err(_) => Ok(Enclosed::TooLarge),
        Ok(read) => {
            let bytes = read.map_err(unreadable)?;
            Ok(if bytes.is_empty() { Enclosed::Nothing } else { Enclosed::File(bytes) })
        }
    }
}

fn unreadable<E>(_: E) -> PageError {
    PageError::BadForm("The form could not be read.".into())
}
