//! Labels to print and cut out: a resident's, or those of a whole unit, each with the barcode that is scanned before a dose.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::care::calendar::day_text;
use crate::care::facility::{Facility, Unit};
use crate::care::people::{Nurse, Role, Supervisor};
use crate::care::resident::label::Code;
use crate::care::resident::{Allergies, Resident};
use crate::store::{StoreError, absences, facilities, residents};
use crate::web::parts::samples;
use crate::web::{Answer, Hall, Menu, Page, Shell, Signed, links, looking};

type Reader = Signed<(Nurse, Supervisor)>;

pub async fn of_unit(reader: Reader, hall: Data<Hall>, id: Path<String>) -> Answer {
    let mine = facilities_of(&reader);
    let (facility, unit, here) = looking(&hall.db, move |conn| {
        let unit = facilities::unit_load(conn, &id)?;
        let facility = mine.into_iter().find(|one| one.id == unit.facility).ok_or(StoreError::Missing)?;
        let mut here = absences::residents_here(conn, &facility.id)?;
        here.retain(|resident| resident.unit == unit.id);
        Ok((facility, unit, here))
    })
    .await?;
    let shell = reader.shell(&facility, Menu::Residents).back_to("Residents", Menu::Residents.href());
    Page::new(View::new(shell, format!("Labels of {}", unit.name), &unit, &here)).answer()
}

pub async fn of_resident(reader: Reader, hall: Data<Hall>, id: Path<String>) -> Answer {
    let mine = facilities_of(&reader);
    let (facility, unit, resident) = looking(&hall.db, move |conn| {
        let resident = residents::resident_load(conn, &id)?;
        let facility = mine.into_iter().find(|one| one.id == resident.facility).ok_or(StoreError::Missing)?;
        Ok((facility, facilities::unit_load(conn, &resident.unit)?, resident))
    })
    .await?;
    let shell = reader.shell(&facility, Menu::Residents).back_to(resident.name(), links::resident(&resident.id));
    let heading = format!("Labels of {}", resident.name());
    Page::new(View::new(shell, heading, &unit, &vec![resident; COPIES])).answer()
}

/// Of one resident as many as are soon used: on the wrist, at the door, on the cup.
const COPIES: usize = 6;

fn facilities_of(reader: &Reader) -> Vec<Facility> {
    reader.facilities().cloned().collect()
}

#[derive(Template)]
#[template(path = "pages/labels.html")]
pub struct View {
    shell: Shell,
    banner: &'static str,
    heading: String,
    labels: Vec<Label>,
}

struct Label {
    surname: String,
    forename: String,
    born: String,
    /// `Willow 4`
    place: String,
    number: String,
    code: Drawn,
}

/// A barcode as lines on paper.
struct Drawn {
    text: String,
    modules: u32,
    /// In millimetres, with two decimals.
    width: String,
    path: String,
}

impl View {
    fn new(shell: Shell, heading: String, unit: &Unit, residents: &[Resident]) -> View {
        let labels = residents.iter().map(|resident| label(resident, &unit.name)).collect();
        View { shell, banner: "", heading, labels }
    }

    /// An empty unit; a usual one; the longest names; hostile words.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Residents).back_to("Residents", "/residents");
        let view = |residents: &[Resident]| {
            View::new(shell(), "Labels of Willow".to_owned(), &samples::unit("Willow"), residents)
        };
        let named = |name: &str| samples::resident("margit", name, Allergies::NoneKnown);
        let longest = Resident { forename: "Bartholomew-Maximilian".to_owned(), ..named(&"W".repeat(80)) };
        let hostile = Resident { number: samples::HOSTILE.to_owned(), ..named(samples::HOSTILE) };
        vec![view(&[]), view(&vec![named("Halvorsen"); 20]), view(&[longest]), view(&[hostile])]
    }
}

fn label(resident: &Resident, unit: &str) -> Label {
    Label {
        surname: resident.surname.to_uppercase(),
        forename: resident.forename.clone(),
        born: day_text(resident.born_on),
        place: format!("{unit} {}", resident.room),
        number: resident.number.clone(),
        code: drawn(&Code::of(resident)),
    }
}

/// The widest that a module is drawn, and the room for all of them, in hundredths of a millimetre.
const MODULE: u32 = 33;
const ROOM: u32 = 5_900;
/// How high the bars are, in units of the drawing.
const HIGH: u32 = 40;

fn drawn(code: &Code) -> Drawn {
    let modules = code.bars.modules();
    let width = (modules * MODULE).min(ROOM);
    let bar = |(at, wide): &(u32, u32)| format!("M{at} 0h{wide}v{HIGH}h-{wide}z");
    Drawn {
        text: code.text.clone(),
        modules,
        width: format!("{}.{:02}mm", width / 100, width % 100),
        path: code.bars.bars().iter().map(bar).collect(),
    }
}
