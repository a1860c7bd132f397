//! A prescriber ends an as-needed order before its last day.

use actix_web::web::{Data, Path};
use askama::Template;
use serde::Deserialize;

use crate::acts::end_as_needed::{EndAsNeeded, end_as_needed};
use crate::care::people::{Prescriber, Role};
use crate::care::refusal::Refusal;
use crate::store::Conn;
use crate::web::parts::as_needed::{Place, Said, place_load};
use crate::web::parts::{Banner, samples};
use crate::web::{
    Answer, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, deciding, links, looking, see_other,
};

#[derive(Deserialize)]
pub struct End {
    #[serde(default)]
    rationale: String,
    #[serde(default)]
    password: String,
}

pub async fn show(prescriber: Signed<Prescriber>, hall: Data<Hall>, id: Path<String>) -> Answer {
    let place = load(&prescriber, &hall, &id).await?;
    Page::new(view(&prescriber, &place, Form::new(prescriber.csrf(), prescriber.now()))?).answer()
}

pub async fn end(prescriber: Signed<Prescriber>, hall: Data<Hall>, id: Path<String>, sent: Protected<End>) -> Answer {
    let place = load(&prescriber, &hall, &id).await?;
    let by = prescriber.at(&place.facility.id)?;
    let ask = EndAsNeeded { form: sent.id()?, of_order: id.clone(), reason: sent.rationale.clone() };
    let confirmed = hall.confirmed(prescriber.person(), &sent.password).await?;
    let act = confirmed.map(|confirmed| move |conn: &mut Conn, now| end_as_needed(conn, &by, &confirmed, &ask, now));
    let Err(errors) = deciding(&hall.db, act).await? else {
        return Ok(see_other(format!("{}#as-needed", links::resident(&place.resident.id))));
    };
    let moved = errors.moved();
    let place = load(&prescriber, &hall, &id).await?;
    let form = Form::again(prescriber.csrf(), prescriber.now(), &sent, errors);
    Page::refused(view(&prescriber, &place, form.showing(&["rationale", "password"]))?, moved).answer()
}

async fn load(prescriber: &Signed<Prescriber>, hall: &Hall, id: &str) -> Result<Place, PageError> {
    let (id, mine, now) = (id.to_owned(), prescriber.facilities().cloned().collect::<Vec<_>>(), prescriber.now());
    looking(&hall.db, move |conn| place_load(conn, &mine, &id, now)).await?.ok_or(PageError::Missing)
}

fn view(prescriber: &Signed<Prescriber>, place: &Place, form: Form) -> Result<View, PageError> {
    let shell = prescriber.shell(prescriber.facility(&place.facility.id)?, Menu::Residents);
    Ok(View::new(place, shell.back_to(place.resident.name(), links::resident(&place.resident.id)), form))
}

#[derive(Template)]
#[template(path = "pages/as_needed_end.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    said: Said,
    action: String,
    back: String,
    form: Form,
}

impl View {
    fn new(place: &Place, shell: Shell, form: Form) -> View {
        View {
            banner: place.banner.clone(),
            said: Said::new(&place.ordered, place.facility.zone, place.now),
            action: links::end_as_needed(&place.ordered.file.order.id),
            back: links::resident(&place.resident.id),
            form,
            shell,
        }
    }

    /// The usual; a reason that is missing, and hostile words.
    pub fn samples() -> Vec<View> {
        let shell =
            || Shell::sample(Role::Prescriber, Menu::Residents).back_to("HALVORSEN, Margit", "/residents/margit");
        let form = || Form::new("proof", samples::now());
        let wrong = form().with("rationale", samples::HOSTILE).spoiled(Refusal::ReasonMissing.into());
        vec![
            View::new(&samples::as_needed::place("panic", 26), shell(), form()),
            View::new(&samples::as_needed::place(samples::HOSTILE, 1), shell(), wrong),
        ]
    }
}
