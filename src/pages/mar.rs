//! A resident's medication administration record of a month: the grid as a ward knows it, to read and to print.

use actix_web::web::{Data, Path, Query};
use askama::Template;

use crate::care::resident::Allergies;
use crate::care::round::mar::Month;
use crate::store::mar::{MonthFile, month_load};
use crate::store::residents::resident_load;
use crate::web::parts::mar::asked::{Asked, Readers};
use crate::web::parts::mar::{MarView, samples};
use crate::web::parts::{Banner, Icon};
use crate::web::{Answer, Hall, Link, Menu, Page, PageError, Shell, Signed, links, looking};

pub async fn show(reader: Signed<Readers>, hall: Data<Hall>, id: Path<String>, asked: Query<Asked>) -> Answer {
    let (id, mine, now) = (id.into_inner(), reader.facilities().cloned().collect::<Vec<_>>(), reader.now());
    let asked = asked.month()?;
    let scales: Vec<String> = hall.catalogue.scales().iter().map(|scale| scale.id.clone()).collect();
    let found = looking(&hall.db, move |conn| {
        let resident = resident_load(conn, &id)?;
        let Some(facility) = mine.iter().find(|facility| facility.id == resident.facility) else { return Ok(None) };
        let today = facility.zone.day(now);
        let banner = Banner::load(conn, &resident, today)?;
        let month = asked.unwrap_or(Month::of(today));
        Ok(Some((month_load(conn, facility, vec![resident], month, &scales, now)?, banner)))
    });
    let (file, banner) = found.await?.ok_or(PageError::Missing)?;
    let shell = reader.shell(&file.facility, Menu::Residents);
    View::new(&file, banner, shell).map(Page::new).ok_or(PageError::Missing)?.answer()
}

#[derive(Template)]
#[template(path = "pages/mar.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    name: String,
    month: String,
    before: Link,
    after: Link,
    unit: Link,
    mar: MarView,
}

impl View {
    /// None where there is no resident.
    fn new(file: &MonthFile, banner: Banner, shell: Shell) -> Option<View> {
        let of = file.residents.first()?;
        let resident = &of.resident;
        let link = |month: Month| Link::new(month.short(), links::mar(&resident.id, month));
        Some(View {
            shell: shell.back_to("Resident", links::resident(&resident.id)),
            banner,
            name: resident.name(),
            month: file.month.title(),
            before: link(file.month.before()),
            after: link(file.month.after()),
            unit: Link::new("Whole unit", links::unit_mar(&resident.unit, file.month)),
            mar: MarView::new(file, of),
        })
    }

    /// Nothing planned; the usual month; two medicines at every hour, and words that mean harm.
    pub fn samples() -> Vec<View> {
        let today = crate::web::parts::samples::today();
        let months = [samples::empty(), samples::usual("Halvorsen", ""), samples::longest()];
        let view = |of| {
            let file = samples::month(vec![of]);
            let resident = crate::care::resident::Resident {
                allergies: Allergies::NotRecorded,
                ..file.residents[0].resident.clone()
            };
            let banner = Banner::new(&resident, "Willow", today);
            View::new(&file, banner, Shell::sample(crate::care::people::Role::Nurse, Menu::Residents))
        };
        months.into_iter().filter_map(view).collect()
    }
}
