//! The medication administration records of a whole unit for a month, each resident on a sheet of their own.

use actix_web::web::{Data, Path, Query};
use askama::Template;

use crate::care::calendar::day_text;
use crate::care::facility::Unit;
use crate::care::name_alert::Surnames;
use crate::care::people::Role;
use crate::care::resident::Resident;
use crate::care::round::mar::Month;
use crate::store::absences::residents_here;
use crate::store::facilities::{unit_load, units_of};
use crate::store::mar::{MonthFile, MonthOf, month_load};
use crate::web::parts::Icon;
use crate::web::parts::mar::asked::{Asked, Readers};
use crate::web::parts::mar::{MarView, samples};
use crate::web::{Answer, Hall, Link, Menu, Page, PageError, Shell, Signed, links, looking};

pub async fn show(reader: Signed<Readers>, hall: Data<Hall>, id: Path<String>, asked: Query<Asked>) -> Answer {
    let (id, mine, now) = (id.into_inner(), reader.facilities().cloned().collect::<Vec<_>>(), reader.now());
    let asked = asked.month()?;
    let scales: Vec<String> = hall.catalogue.scales().iter().map(|scale| scale.id.clone()).collect();
    let found = looking(&hall.db, move |conn| {
        let unit = unit_load(conn, &id)?;
        let Some(facility) = mine.iter().find(|facility| facility.id == unit.facility) else { return Ok(None) };
        let month = asked.unwrap_or(Month::of(facility.zone.day(now)));
        let all = residents_here(conn, &facility.id)?;
        let here = all.iter().filter(|resident| resident.unit == unit.id).cloned().collect();
        let units = units_of(conn, &facility.id)?;
        Ok(Some((month_load(conn, facility, here, month, &scales, now)?, unit, units, all)))
    });
    let (file, unit, units, all) = found.await?.ok_or(PageError::Missing)?;
    let shell = reader.shell(&file.facility, Menu::Residents);
    Page::new(View::new(&file, &unit, &units, &all, shell)).answer()
}

#[derive(Template)]
#[template(path = "pages/unit_mar.html")]
pub struct View {
    shell: Shell,
    unit: String,
    month: String,
    before: Link,
    after: Link,
    others: Vec<Link>,
    downtime: String,
    sheets: Vec<Sheet>,
}

struct Sheet {
    name: String,
    surname: String,
    forename: String,
    href: String,
    born: String,
    room: String,
    number: String,
    allergies: String,
    /// Everybody in the facility whose surname is within two letters.
    alike: String,
    mar: MarView,
}

impl View {
    /// `all` live in the facility: names are compared with all of them.
    fn new(file: &MonthFile, unit: &Unit, units: &[Unit], all: &[Resident], shell: Shell) -> View {
        let link = |month: Month| Link::new(month.short(), links::unit_mar(&unit.id, month));
        let surnames = Surnames::of(all);
        let sheets = file.residents.iter().map(|of| sheet(file, of, &surnames));
        View {
            shell,
            unit: unit.name.clone(),
            month: file.month.title(),
            before: link(file.month.before()),
            after: link(file.month.after()),
            others: units.iter().map(|one| Link::new(&one.name, links::unit_mar(&one.id, file.month))).collect(),
            downtime: links::downtime(&unit.id),
            sheets: sheets.filter(|sheet| !sheet.mar.is_empty()).collect(),
        }
    }

    /// Nobody; two usual months; a long one.
    pub fn samples() -> Vec<View> {
        let unit = crate::web::parts::samples::unit("Willow");
        let other = Unit { id: "rowan".to_owned(), name: "Rowan".to_owned(), ..unit.clone() };
        let usual = |surname| samples::usual(surname, "");
        let houses = [vec![], vec![usual("Halvorsen"), usual("Halverson")], vec![samples::longest(), samples::empty()]];
        let view = |residents: Vec<MonthOf>| {
            let all: Vec<Resident> = residents.iter().map(|of| of.resident.clone()).collect();
            let shell = Shell::sample(Role::Supervisor, Menu::Residents);
            View::new(&samples::month(residents), &unit, &[unit.clone(), other.clone()], &all, shell)
        };
        houses.into_iter().map(view).collect()
    }
}

fn sheet(file: &MonthFile, of: &MonthOf, surnames: &Surnames) -> Sheet {
    let resident = &of.resident;
    Sheet {
        name: resident.name(),
        surname: resident.surname.to_uppercase(),
        forename: resident.forename.clone(),
        href: links::mar(&resident.id, file.month),
        born: day_text(resident.born_on),
        room: resident.room.clone(),
        number: resident.number.clone(),
        allergies: resident.allergies.told(),
        alike: surnames.like_in_words(resident),
        mar: MarView::new(file, of).deeper(),
    }
}
