//! A resident's photo: seen as large as it is kept, put in, replaced, and removed.

mod view;

use actix_web::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use actix_web::web::{Bytes, Data, Path, block};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use crate::acts::put_photo::{PutPhoto, put_photo};
use crate::care::facility::Facility;
use crate::care::people::{Administrator, Nurse, Role, Supervisor};
use crate::care::refusal::Refusal;
use crate::care::resident::Resident;
use crate::care::resident::photo::{Photo, Unfit};
use crate::picture;
use crate::store::history::{Fact, FactsAsk, facts_page};
use crate::store::{Conn, StoreError, photos, residents};
use crate::web::form::Enclosed;
use crate::web::parts::Banner;
use crate::web::{
    Answer, Anyone, Errors, Form, Hall, Menu, Page, PageError, Permitted, Protected, ProtectedFile, Shell, Signed,
    acting, links, looking, see_other,
};

use self::view::May;
pub use self::view::View;

/// Whoever puts a photo in, and removes it.
type Keeper = Signed<(Nurse, Supervisor, Administrator)>;
const KEEPERS: [Role; 3] = [Role::Nurse, Role::Supervisor, Role::Administrator];

/// Everything the page shows.
struct Facts {
    facility: Facility,
    resident: Resident,
    banner: Banner,
    /// Which photo there is.
    digest: Option<String>,
    /// Who put it in, or removed the one before, and when.
    last: Option<Fact>,
}

/// What the forms of the page send beside a picture.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Sent {
    /// The digest of the photo that the page showed; empty where there was none.
    seen: String,
}

pub async fn show(reader: Signed<Anyone>, hall: Data<Hall>, id: Path<String>) -> Answer {
    let facts = load(&reader, &hall, &id).await?;
    let form = Form::new(reader.csrf(), reader.now());
    Page::new(view(&reader, facts, form)).answer()
}

fn view<R: Permitted>(reader: &Signed<R>, facts: Facts, form: Form) -> View {
    let back = links::resident(&facts.resident.id);
    let shell: Shell = reader.shell(&facts.facility, Menu::Residents).back_to(facts.resident.name(), back);
    let holds = |roles: &[Role]| roles.iter().any(|role| reader.is(*role, &facts.facility.id));
    let may = May { keep: holds(&KEEPERS), look_back: holds(&[Role::Supervisor, Role::Pharmacist, Role::Prescriber]) };
    View::new(facts, shell, form, may)
}

async fn load<R: Permitted>(reader: &Signed<R>, hall: &Hall, id: &str) -> Result<Facts, PageError> {
    let (id, mine, now) = (id.to_owned(), reader.facilities().cloned().collect::<Vec<_>>(), reader.now());
    looking(&hall.db, move |conn| {
        let resident = residents::resident_load(conn, &id)?;
        let facility = mine.into_iter().find(|one| one.id == resident.facility).ok_or(StoreError::Missing)?;
        let banner = Banner::load(conn, &resident, facility.zone.day(now))?.without_the_photo();
        let last = last(conn, &resident)?;
        Ok(Facts { digest: photos::digest_find(conn, &id)?, last, banner, facility, resident })
    })
    .await
}

fn last(conn: &mut Conn, resident: &Resident) -> Result<Option<Fact>, StoreError> {
    let ask = FactsAsk {
        facility: resident.facility.clone(),
        subject: Some(resident.id.clone()),
        kinds: vec!["put_photo".to_owned(), "remove_photo".to_owned()],
        limit: 1,
        ..FactsAsk::default()
    };
    Ok(facts_page(conn, &ask)?.pop())
}

/// The picture, for people of the resident's facility alone. A browser asks each time whether it is still this one, and
/// whether it may still see it.
pub async fn itself(reader: Signed<Anyone>, hall: Data<Hall>, id: Path<String>, request: HttpRequest) -> Answer {
    let mine: Vec<String> = reader.facilities().map(|facility| facility.id.clone()).collect();
    let photo = looking(&hall.db, move |conn| {
        let resident = residents::resident_load(conn, &id)?;
        let here = mine.contains(&resident.facility);
        photos::photo_find(conn, &id)?.filter(|_| here).ok_or(StoreError::Missing)
    })
    .await?;
    let tag = format!("\"{}\"", photo.digest);
    let known = request.headers().get(IF_NONE_MATCH).is_some_and(|held| held.as_bytes() == tag.as_bytes());
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, "private, no-cache"));
    Ok(if known { answer.finish() } else { answer.content_type("image/jpeg").body(photo.jpeg) })
}

pub async fn put(keeper: Keeper, hall: Data<Hall>, id: Path<String>, sent: ProtectedFile<Sent>) -> Answer {
    let facts = load(&keeper, &hall, &id).await?;
    let read = match &sent.file {
        Enclosed::Nothing => Err(Unfit::Missing),
        Enclosed::TooLarge => Err(Unfit::TooLarge),
        Enclosed::File(bytes) => read(bytes.clone()).await,
    };
    match read {
        Ok(photo) => save(&keeper, &hall, facts, &sent, Some(photo)).await,
        Err(why) => again(&keeper, facts, &sent, why.into()),
    }
}

pub async fn remove(keeper: Keeper, hall: Data<Hall>, id: Path<String>, sent: Protected<Sent>) -> Answer {
    let facts = load(&keeper, &hall, &id).await?;
    save(&keeper, &hall, facts, &sent, None).await
}

/// Reads a picture beside the server's own threads. One at which the reader falls over is none.
async fn read(sent: Bytes) -> Result<Photo, Unfit> {
    block(move || picture::photo(&sent)).await.unwrap_or(Err(Unfit::Unreadable))
}

async fn save(keeper: &Keeper, hall: &Hall, facts: Facts, sent: &Protected<Sent>, photo: Option<Photo>) -> Answer {
    let facility = &facts.facility.id;
    let role = KEEPERS.into_iter().find(|role| keeper.is(*role, facility)).ok_or(PageError::Missing)?;
    let by = keeper.staff(facility);
    let seen = Some(sent.seen.clone()).filter(|digest| !digest.is_empty());
    let ask = PutPhoto { form: sent.id()?, resident: facts.resident.id.clone(), seen, photo };
    match acting(&hall.db, move |conn, now| put_photo(conn, (&by, role), &ask, now)).await? {
        Ok(()) => Ok(see_other(links::photo(&facts.resident.id))),
        Err(refusal) => again(keeper, facts, sent, refusal),
    }
}

fn again(keeper: &Keeper, facts: Facts, sent: &Protected<Sent>, refusal: Refusal) -> Answer {
    let moved = refusal.moved();
    let form = Form::again(keeper.csrf(), keeper.now(), sent, Errors::from(refusal));
    Page::refused(view(keeper, facts, form), moved).answer()
}
