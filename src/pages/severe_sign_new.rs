//! A severe sign: call for help first. Then one tap says what was seen.

use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::acts::record_severe_sign::{RecordSevereSign, record_severe_sign};
use crate::care::facility::Facility;
use crate::care::people::{Nurse, Pharmacist, Prescriber, Role, Supervisor};
use crate::care::resident::{Allergies, Resident};
use crate::care::severe_sign::{Onlooker, Sign, SignAsk};
use crate::store::{Conn, StoreError, residents};
use crate::web::parts::severe::Call;
use crate::web::parts::{Banner, Icon, samples};
use crate::web::{
    Answer, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking, see_other,
};

type Reader = Signed<(Nurse, Pharmacist, Prescriber, Supervisor)>;

struct Facts {
    facility: Facility,
    resident: Resident,
    banner: Banner,
}

pub async fn show(reader: Reader, hall: Data<Hall>, id: Path<String>) -> Answer {
    let facts = load(&reader, &hall, &id).await?;
    let form = Form::new(reader.csrf(), hall.db.now());
    Page::new(View::new(facts, |facility| reader.shell(facility, Menu::Residents), form)).answer()
}

async fn load(reader: &Reader, hall: &Hall, id: &str) -> Result<Facts, PageError> {
    let (id, mine, now) = (id.to_owned(), reader.facilities().cloned().collect::<Vec<_>>(), reader.now());
    looking(&hall.db, move |conn| facts(conn, &mine, &id, now)).await
}

fn facts(conn: &mut Conn, mine: &[Facility], id: &str, now: DateTime<Utc>) -> Result<Facts, StoreError> {
    let resident = residents::resident_load(conn, id)?;
    let facility = mine.iter().find(|facility| facility.id == resident.facility).ok_or(StoreError::Missing)?.clone();
    let banner = Banner::load(conn, &resident, facility.zone.day(now))?.without_the_way_to_signs();
    Ok(Facts { facility, resident, banner })
}

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    sign: String,
    #[serde(default)]
    seen_at: String,
    #[serde(default)]
    note: String,
}

pub async fn record(reader: Reader, hall: Data<Hall>, id: Path<String>, sent: Protected<Sent>) -> Answer {
    let facts = load(&reader, &hall, &id).await?;
    let facility = facts.facility.id.clone();
    let by = Onlooker::of(reader.staff(&facility), |role| reader.is(role, &facility)).ok_or(PageError::Missing)?;
    let sign = SignAsk { sign: Sign::of_word(&sent.sign), note: sent.note.clone(), seen_at: sent.seen_at.clone() };
    let ask = RecordSevereSign { form: sent.id()?, resident: facts.resident.id.clone(), sign };
    match acting(&hall.db, move |conn, now| record_severe_sign(conn, &by, &ask, now)).await? {
        Ok(sign) => Ok(see_other(links::severe_sign(&sign.id))),
        Err(refusal) => {
            let moved = refusal.moved();
            let form = Form::again(reader.csrf(), hall.db.now(), &sent, refusal);
            let view = View::new(facts, |facility| reader.shell(facility, Menu::Residents), form);
            Page::refused(view, moved).answer()
        }
    }
}

#[derive(Template)]
#[template(path = "pages/severe_sign_new.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    call: Call,
    action: String,
    form: Form,
    signs: [Sign; 6],
    back: String,
}

impl View {
    fn new(facts: Facts, shell: impl Fn(&Facility) -> Shell, form: Form) -> View {
        let back = links::resident(&facts.resident.id);
        View {
            shell: shell(&facts.facility).back_to(facts.resident.name(), &back),
            banner: facts.banner,
            call: Call::new(&facts.facility.emergency),
            action: links::record_severe_sign(&facts.resident.id),
            form,
            signs: Sign::ALL,
            back,
        }
    }

    /// The shape of its tile.
    fn icon(&self, sign: &Sign) -> Icon {
        if sign.withholds() { Icon::Withheld } else { Icon::Emergency }
    }

    /// Nothing chosen yet; a time that cannot be read; a facility that has written nobody down; hostile words.
    pub fn samples() -> Vec<View> {
        let facts = |surname: &str, facility: Facility| {
            let resident = samples::resident("margit", surname, Allergies::NotRecorded);
            let banner = Banner::new(&resident, "Willow", samples::today());
            let open = [samples::severe_sign(Sign::Seizure, "margit")];
            let banner = banner.alarmed(&open, facility.zone, samples::today()).without_the_way_to_signs();
            Facts { facility, resident, banner }
        };
        let unknown = Facility { emergency: crate::care::facility::Emergency::default(), ..samples::facility() };
        let form = || Form::new("proof", samples::now());
        let shell = |_: &Facility| Shell::sample(Role::Nurse, Menu::Residents);
        let wrong = crate::care::refusal::Refusal::SeenAtUnreadable;
        vec![
            View::new(facts("Halvorsen", samples::facility()), shell, form()),
            View::new(
                facts("Halvorsen", samples::facility()),
                shell,
                form().with("sign", "seizure").with("seen_at", "ten").spoiled(wrong.into()),
            ),
            View::new(facts("Halvorsen", unknown), shell, form()),
            View::new(facts(samples::HOSTILE, samples::facility()), shell, form().with("note", samples::HOSTILE)),
        ]
    }
}
