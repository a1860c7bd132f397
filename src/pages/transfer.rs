//! Where it is written down that a resident moved to another room or unit.

use actix_web::web::{Data, Path};
use askama::Template;
use serde::Deserialize;

use crate::acts::transfer_resident::{TransferResident, transfer_resident};
use crate::care::facility::{Facility, Unit};
use crate::care::medicine::product::Products;
use crate::care::people::{Nurse, Role, Supervisor};
use crate::care::register::{HeldBy, Holder};
use crate::care::resident::transfer::TransferAsk;
use crate::care::resident::{Allergies, Resident};
use crate::store::db::Conn;
use crate::store::registers::registers_held;
use crate::store::{StoreError, facilities, residents};
use crate::web::parts::{Banner, samples};
use crate::web::{
    Answer, Choice, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking,
    see_other,
};

type Reader = Signed<(Nurse, Supervisor)>;

/// Everything the page shows.
struct Facts {
    facility: Facility,
    units: Vec<Unit>,
    resident: Resident,
    banner: Banner,
    revision: i64,
    /// `clonazepam 0.5 mg tablet: 12`, of a supply of their own.
    supply: Vec<String>,
}

pub async fn show(reader: Reader, hall: Data<Hall>, id: Path<String>) -> Answer {
    let facts = load(&reader, &hall, &id).await?;
    let form = filled(Form::new(reader.csrf(), reader.now()), &facts);
    Page::new(View::new(&facts, shell(&reader, &facts), form)).answer()
}

fn filled(form: Form, facts: &Facts) -> Form {
    let revision = facts.revision.to_string();
    form.with("unit", &facts.resident.unit).with("revision", revision)
}

fn shell(reader: &Reader, facts: &Facts) -> Shell {
    let back = links::resident(&facts.resident.id);
    reader.shell(&facts.facility, Menu::Residents).back_to(facts.resident.name(), back)
}

async fn load(reader: &Reader, hall: &Hall, id: &str) -> Result<Facts, PageError> {
    let (id, mine, now) = (id.to_owned(), reader.facilities().cloned().collect::<Vec<_>>(), reader.now());
    looking(&hall.db, move |conn| {
        let resident = residents::resident_load(conn, &id)?;
        let facility = mine.into_iter().find(|one| one.id == resident.facility).ok_or(StoreError::Missing)?;
        Ok(Facts {
            units: facilities::units_of(conn, &facility.id)?,
            revision: residents::revision_load(conn, &id)?,
            banner: Banner::load(conn, &resident, facility.zone.day(now))?,
            supply: supply(conn, &facility, &resident)?,
            facility,
            resident,
        })
    })
    .await
}

/// What the registers of their own hold; nothing where doses come from the box of a unit.
fn supply(conn: &mut Conn, facility: &Facility, resident: &Resident) -> Result<Vec<String>, StoreError> {
    if facility.register.held_by == HeldBy::Units {
        return Ok(Vec::new());
    }
    let registers = registers_held(conn, &Holder::Resident(resident.id.clone()))?;
    let line = |register: &crate::store::registers::RegisterFile| {
        let product = Products::ours().product(&register.product)?;
        Some(format!("{} {}: {}", product.medicine, product.name(), register.book.on_hand().text(product)))
    };
    Ok(registers.iter().filter_map(line).collect())
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Sent {
    unit: String,
    room: String,
    moved_at: String,
    note: String,
    revision: i64,
}

pub async fn transfer(reader: Reader, hall: Data<Hall>, id: Path<String>, sent: Protected<Sent>) -> Answer {
    let facts = load(&reader, &hall, &id).await?;
    let facility = &facts.facility.id;
    let nurse = reader.acting_as::<Nurse>(facility).map(|nurse| (nurse.0, Role::Nurse));
    let by = nurse.or_else(|| reader.acting_as::<Supervisor>(facility).map(|one| (one.0, Role::Supervisor)));
    let (by, role) = by.ok_or(PageError::Missing)?;
    let Sent { unit, room, moved_at, note, revision } = &*sent;
    let transfer =
        TransferAsk { unit: unit.clone(), room: room.clone(), moved_at: moved_at.clone(), note: note.clone() };
    let ask = TransferResident { form: sent.id()?, resident: id.clone(), revision: *revision, transfer };
    match acting(&hall.db, move |conn, now| transfer_resident(conn, (&by, role), &ask, now)).await? {
        Ok(()) => Ok(see_other(links::resident(&id))),
        Err(refusal) => {
            let moved = refusal.moved();
            let form = Form::again(reader.csrf(), reader.now(), &sent, Errors::from(refusal));
            Page::refused(View::new(&facts, shell(&reader, &facts), filled(form, &facts)), moved).answer()
        }
    }
}

#[derive(Template)]
#[template(path = "pages/transfer.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    form: Form,
    action: String,
    back: String,
    from: String,
    units: Vec<Choice>,
    /// The resident’s own supply goes along.
    supply: Vec<String>,
    /// Doses are taken from the box of the unit.
    boxes: bool,
}

impl View {
    fn new(facts: &Facts, shell: Shell, form: Form) -> View {
        let resident = &facts.resident;
        let unit = facts.units.iter().find(|unit| unit.id == resident.unit).map_or("", |unit| unit.name.as_str());
        View {
            banner: facts.banner.clone(),
            shell,
            form,
            action: links::transfer(&resident.id),
            back: links::resident(&resident.id),
            from: format!("{unit}, room {}", resident.room),
            units: facts.units.iter().map(|unit| Choice::new(&unit.id, &unit.name)).collect(),
            supply: facts.supply.clone(),
            boxes: facts.facility.register.held_by == HeldBy::Units,
        }
    }

    /// Usual; with a supply; from a unit’s box; and hostile words with an error.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Residents).back_to("HALVORSEN, Margit", "/residents/margit");
        let facts = |surname: &str, supply: &[&str], held_by| {
            let mut facility = samples::facility();
            facility.register.held_by = held_by;
            let resident = samples::resident("margit", surname, Allergies::NoneKnown);
            Facts {
                facility,
                units: vec![samples::unit("Willow"), samples::unit(samples::HOSTILE)],
                banner: Banner::new(&resident, "Willow", samples::today()),
                resident,
                revision: 3,
                supply: supply.iter().map(|line| (*line).to_owned()).collect(),
            }
        };
        let form = || Form::new("proof", samples::now());
        let supply = ["clonazepam 0.5\u{a0}mg tablet: 12.5", "clonazepam 0.25\u{a0}mg ODT: 27"];
        let wrong =
            form().with("room", samples::HOSTILE).spoiled(crate::care::refusal::Refusal::TransferNowhere.into());
        vec![
            View::new(&facts("Halvorsen", &[], HeldBy::Residents), shell(), form()),
            View::new(&facts("Halvorsen", &supply, HeldBy::Residents), shell(), form()),
            View::new(&facts("Halvorsen", &[], HeldBy::Units), shell(), form()),
            View::new(&facts(samples::HOSTILE, &supply, HeldBy::Residents), shell(), wrong),
        ]
    }
}
