//! Three questions a machine asks: is the program alive, can it serve, and does its bell send reminders.

use actix_web::web::Data;
use actix_web::{HttpResponse, http::header::ContentType};

use crate::care::ringing::Silence;
use crate::store::bells;
use crate::store::letters::{clock_doubted, waiting_facilities};
use crate::web::{Answer, Hall, PageError, looking};

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

/// Well while the bell rings, works out the letters of every facility, none of them wait for a person, and its clock was not set
/// back.
pub async fn bell(hall: Data<Hall>) -> Answer {
    let now = hall.db.now();
    let (rang, set_back) =
        looking(&hall.db, move |conn| Ok((bells::bell_find(conn)?, bells::set_back_find(conn, now)?))).await?;
    let (waiting, doubted) =
        looking(&hall.db, |conn| Ok((waiting_facilities(conn)?.len(), clock_doubted(conn)?))).await?;
    Ok(match (Silence::of(rang, now), waiting) {
        (Some(_), _) => unwell("silent\n"),
        (None, _) if !hall.unreckoned.is_empty() => unwell("rings, and cannot work out the letters of a facility\n"),
        (None, 0) if set_back.is_some() => unwell("rings by a clock that was set back\n"),
        (None, 0) => text("rings\n"),
        (None, _) if doubted => unwell("waits for a person: the clock went ahead\n"),
        (None, _) => unwell("waits for a person: the database was put back from a copy\n"),
    })
}

fn unwell(body: &'static str) -> HttpResponse {
    HttpResponse::ServiceUnavailable().insert_header(ContentType::plaintext()).body(body)
}

fn text(body: &'static str) -> HttpResponse {
    HttpResponse::Ok().insert_header(ContentType::plaintext()).body(body)
}
