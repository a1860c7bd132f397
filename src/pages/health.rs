//! Two questions a machine asks: is the program alive, and can it serve.

use actix_web::web::Data;
use actix_web::{HttpResponse, http::header::ContentType};

use crate::web::{Answer, Hall, PageError};

pub async fn live() -> HttpResponse {
    text("alive\n")
}

/// Ready when the database answers and nothing waits to be migrated.
pub async fn ready(hall: Data<Hall>) -> Answer {
    let db = hall.db.clone();
    let pending = actix_web::web::block(move || db.pending()).await??;
    match pending.first() {
        None => Ok(text("ready\n")),
        Some(first) => Err(PageError::Unreachable(format!("migration {first} is pending"))),
    }
}

fn text(body: &'static str) -> HttpResponse {
    HttpResponse::Ok().insert_header(ContentType::plaintext()).body(body)
}
