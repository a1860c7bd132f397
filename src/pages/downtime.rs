//! The downtime pack of a unit, made when it is asked for, to be kept on a disk or printed.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{Data, Path};

use crate::care::people::{Nurse, Pharmacist, Prescriber, Supervisor};
use crate::paper::{file_name, pack_text};
use crate::store::downtime::pack_load;
use crate::store::facilities::unit_load;
use crate::web::{Answer, Hall, PageError, Signed, looking};

type Readers = (Nurse, Pharmacist, Prescriber, Supervisor);

pub async fn download(reader: Signed<Readers>, hall: Data<Hall>, id: Path<String>) -> Answer {
    let (id, mine, now) = (id.into_inner(), reader.facilities().cloned().collect::<Vec<_>>(), reader.now());
    let found = looking(&hall.db, move |conn| {
        let unit = unit_load(conn, &id)?;
        let Some(facility) = mine.iter().find(|facility| facility.id == unit.facility) else { return Ok(None) };
        let pack = pack_load(conn, facility, &unit, now)?;
        Ok(Some((pack, file_name(&facility.name, &unit.name, &unit.id))))
    });
    let (pack, name) = found.await?.ok_or(PageError::Missing)?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(pack_text(&pack)))
}
