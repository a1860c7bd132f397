//! A list of residents, pasted from a spreadsheet: first checked line by line, then taken in, all of them or nobody.

use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::acts::take_in_residents::{TakeIn, take_in_residents};
use crate::care::calendar::day_text;
use crate::care::facility::{Facility, Unit};
use crate::care::people::{Role, Supervisor};
use crate::care::refusal::Refusal;
use crate::care::resident::intake::{self, Known, Line};
use crate::care::resident::{Allergies, Resident};
use crate::store::{facilities, residents};
use crate::web::parts::checked_list::{CheckedList, WrongLine};
use crate::web::parts::samples;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, looking, see_other,
};

/// The largest list, as a browser sends it.
pub const LARGEST_LIST: usize = 1024 * 1024;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    facility: String,
    #[serde(default)]
    list: String,
    /// `check`, or `take_in`.
    #[serde(default)]
    what: String,
}

#[derive(Deserialize)]
pub struct Where {
    facility: Option<String>,
}

pub async fn show(keeper: Signed<Supervisor>, asked: Query<Where>) -> Answer {
    let facility = keeper.chosen(asked.facility.as_deref())?;
    let form = Form::new(keeper.csrf(), keeper.now());
    Page::new(View::new(shell(&keeper, facility), &facility.id, form, None)).answer()
}

pub async fn send(keeper: Signed<Supervisor>, hall: Data<Hall>, sent: Protected<Asked>) -> Answer {
    let facility = keeper.facility(&sent.facility)?.clone();
    let checked = check(&hall, &keeper, &facility, &sent.list).await?;
    let wrong = match (&checked, sent.what.as_str()) {
        (Err(refusal), _) => Errors::from(refusal.clone()),
        (Ok(_), "take_in") => {
            let (by, ask) = (keeper.at(&facility.id)?, TakeIn { form: sent.id()?, list: sent.list.clone() });
            match acting(&hall.db, move |conn, now| take_in_residents(conn, &by, &ask, now)).await? {
                Ok(_) => return Ok(see_other("/residents")),
                Err(refusal) => refusal.into(),
            }
        }
        (Ok(_), _) => Errors::none(),
    };
    let refused = !wrong.is_empty();
    let form = Form::again(keeper.csrf(), keeper.now(), &sent, wrong);
    let view = View::new(shell(&keeper, &facility), &facility.id, form, checked.ok());
    if refused { Page::refused(view, false).answer() } else { Page::new(view).answer() }
}

async fn check(
    hall: &Hall,
    keeper: &Signed<Supervisor>,
    facility: &Facility,
    list: &str,
) -> Result<Result<Checked, Refusal>, PageError> {
    let (id, list, today) = (facility.id.clone(), list.to_owned(), facility.zone.day(keeper.now()));
    looking(&hall.db, move |conn| {
        let (units, here) =
            (facilities::units_of(conn, &id)?, residents::residents_of(conn, std::slice::from_ref(&id))?);
        let lines = intake::read(&list, &Known { facility: &id, units: &units, residents: &here, today });
        Ok(lines.map(|lines| Checked { lines, units }))
    })
    .await
}

/// The list as it was read.
#[derive(Default)]
struct Checked {
    lines: Vec<Line>,
    units: Vec<Unit>,
}

fn shell(keeper: &Signed<Supervisor>, facility: &Facility) -> Shell {
    keeper.shell(facility, Menu::Residents).back_to("Residents", "/residents")
}

#[derive(Template)]
#[template(path = "pages/residents_list.html")]
pub struct View {
    shell: Shell,
    facility: String,
    form: Form,
    /// None before a list was checked.
    checked: Option<CheckedList>,
    ready: Vec<ReadyLine>,
    /// Every line is good.
    takes_in: bool,
    banner: &'static str,
}

struct ReadyLine {
    number: u64,
    name: String,
    resident_number: String,
    born: String,
    place: String,
    allergies: String,
}

impl View {
    fn new(shell: Shell, facility: &str, form: Form, checked: Option<Checked>) -> View {
        let (mut wrong, mut good) = (Vec::new(), Vec::new());
        let was_checked = checked.is_some();
        let Checked { lines, units } = checked.unwrap_or_default();
        for Line { number, text, read } in lines {
            match read {
                Ok(resident) => good.push(ready(number, &resident, &units)),
                Err(all) => wrong.push(WrongLine::new(number, text, &all)),
            }
        }
        let checked = was_checked.then(|| CheckedList::new(good.len(), wrong, "Nobody has been taken in"));
        View {
            shell,
            facility: facility.to_owned(),
            form,
            takes_in: !good.is_empty() && checked.as_ref().is_some_and(CheckedList::nothing_is_wrong),
            checked,
            ready: good,
            banner: "",
        }
    }

    /// Nothing yet; a list with nothing wrong; one with hostile lines.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Supervisor, Menu::Residents).back_to("Residents", "/residents");
        let form = || Form::new("proof", samples::now());
        let good = |number| Line {
            number,
            text: String::new(),
            read: Ok(samples::resident("m", "Halvorsen", Allergies::NotRecorded)),
        };
        let bad = |number| Line {
            number,
            text: samples::HOSTILE.to_owned(),
            read: Err(vec![
                Refusal::ResidentSurname,
                Refusal::ListUnit { name: samples::HOSTILE.to_owned(), units: "Willow, Rowan".to_owned() },
            ]),
        };
        let checked = |lines| Some(Checked { lines, units: vec![samples::unit("Willow")] });
        let mut errors = Errors::none();
        errors.push("list", "Nobody has been taken in.");
        vec![
            View::new(shell(), "alder", form(), None),
            View::new(shell(), "alder", form(), checked(vec![good(2), good(3)])),
            View::new(shell(), "alder", form().spoiled(errors), checked(vec![good(2), bad(3), bad(812)])),
        ]
    }
}

fn ready(number: u64, resident: &Resident, units: &[Unit]) -> ReadyLine {
    let unit = units.iter().find(|unit| unit.id == resident.unit).map_or("", |unit| unit.name.as_str());
    ReadyLine {
        number,
        name: resident.name(),
        resident_number: resident.number.clone(),
        born: day_text(resident.born_on),
        place: format!("{unit} {}", resident.room),
        allergies: match &resident.allergies {
            Allergies::Known { list } => list.clone(),
            Allergies::NoneKnown => "No known allergies".to_owned(),
            Allergies::NotRecorded => "Allergies not recorded".to_owned(),
            Allergies::Unavailable => "Allergies unavailable".to_owned(),
        },
    }
}
