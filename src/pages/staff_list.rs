//! A list of staff, pasted from a spreadsheet: first checked line by line, then let in, all of them or nobody.

use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::acts::take_in_staff::{TakeInStaff, take_in_staff};
use crate::care::facility::Facility;
use crate::care::people::{Administrator, Person, Role};
use crate::care::refusal::Refusal;
use crate::care::staff::intake::{self, Line, Newcomer};
use crate::store::people::accounts_taken;
use crate::web::parts::checked_list::{CheckedList, WrongLine};
use crate::web::parts::{Saved, samples};
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking, see_other,
};

/// The largest list, as a browser sends it.
pub const LARGEST_LIST: usize = 1024 * 1024;

#[derive(Deserialize)]
pub struct Where {
    facility: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    facility: String,
    list: String,
    /// `check`, or `take_in`.
    what: String,
}

pub async fn show(administrator: Signed<Administrator>, asked: Query<Where>) -> Answer {
    let facility = administrator.chosen(asked.facility.as_deref())?;
    let form = Form::new(administrator.csrf(), administrator.now());
    Page::new(View::new(shell(&administrator, facility), &facility.id, form, None)).answer()
}

pub async fn send(administrator: Signed<Administrator>, hall: Data<Hall>, sent: Protected<Asked>) -> Answer {
    let facility = administrator.facility(&sent.facility)?.clone();
    let checked = check(&hall, &sent.list).await?;
    let wrong = match (&checked, sent.what.as_str()) {
        (Err(refusal), _) => Errors::from(refusal.clone()),
        (Ok(_), "take_in") => {
            let (by, ask) =
                (administrator.at(&facility.id)?, TakeInStaff { form: sent.id()?, list: sent.list.clone() });
            match acting(&hall.db, move |conn, now| take_in_staff(conn, &by, &ask, now)).await? {
                Ok(_) => return Ok(see_other(links::people_saved(&facility.id, Saved::TakenIn.word(), ""))),
                Err(refusal) => refusal.into(),
            }
        }
        (Ok(_), _) => Errors::none(),
    };
    let refused = !wrong.is_empty();
    let form = Form::again(administrator.csrf(), administrator.now(), &sent, wrong);
    let view = View::new(shell(&administrator, &facility), &facility.id, form, checked.ok());
    if refused { Page::refused(view, false).answer() } else { Page::new(view).answer() }
}

async fn check(hall: &Hall, list: &str) -> Result<Result<Vec<Line>, Refusal>, PageError> {
    let list = list.to_owned();
    looking(&hall.db, move |conn| Ok(intake::read(&list, &accounts_taken(conn)?))).await
}

fn shell(administrator: &Signed<Administrator>, facility: &Facility) -> Shell {
    administrator.shell(facility, Menu::People).back_to("People", links::people(&facility.id))
}

#[derive(Template)]
#[template(path = "pages/staff_list.html")]
pub struct View {
    shell: Shell,
    banner: &'static str,
    facility: String,
    back: String,
    form: Form,
    /// None before a list was checked.
    checked: Option<CheckedList>,
    ready: Vec<ReadyLine>,
    /// Every line is good.
    takes_in: bool,
}

struct ReadyLine {
    number: u64,
    name: String,
    username: String,
    email: String,
    roles: String,
    registration: String,
}

impl View {
    fn new(shell: Shell, facility: &str, form: Form, checked: Option<Vec<Line>>) -> View {
        let (mut wrong, mut ready) = (Vec::new(), Vec::new());
        let was_checked = checked.is_some();
        for Line { number, text, read } in checked.unwrap_or_default() {
            match read {
                Ok(newcomer) => ready.push(ready_line(number, newcomer)),
                Err(all) => wrong.push(WrongLine::new(number, text, &all)),
            }
        }
        let checked = was_checked.then(|| CheckedList::new(ready.len(), wrong, "Nobody has been let in"));
        View {
            shell,
            banner: "",
            facility: facility.to_owned(),
            back: links::people(facility),
            form,
            takes_in: !ready.is_empty() && checked.as_ref().is_some_and(CheckedList::nothing_is_wrong),
            checked,
            ready,
        }
    }

    /// Nothing yet; a list with nothing wrong; one with hostile lines.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Administrator, Menu::People).back_to("People", "/people");
        let form = || Form::new("proof", samples::now());
        let person = |name: &str| Person {
            id: String::new(),
            username: "a.diallo".into(),
            name: name.into(),
            registration: "RN-1".into(),
            email: "a.diallo@alder.example".into(),
            disabled_at: None,
            revision: 0,
        };
        let good = |number, name: &str| {
            let newcomer = Newcomer { person: person(name), roles: vec![Role::Nurse, Role::Supervisor] };
            Line { number, text: String::new(), read: Ok(newcomer) }
        };
        let cook = Refusal::ListRole { name: samples::HOSTILE.to_owned(), roles: "nurse".to_owned() };
        let bad = |number| Line {
            number,
            text: samples::HOSTILE.to_owned(),
            read: Err(vec![Refusal::UsernameTaken, cook.clone()]),
        };
        let mut errors = Errors::none();
        errors.push("list", "Nobody has been let in.");
        let long = "W".repeat(80);
        vec![
            View::new(shell(), "alder", form(), None),
            View::new(shell(), "alder", form(), Some(vec![good(2, "Amara Diallo"), good(3, &long)])),
            View::new(shell(), "alder", form().spoiled(errors), Some(vec![good(2, "Ida"), bad(3), bad(812)])),
        ]
    }
}

fn ready_line(number: u64, Newcomer { person, roles }: Newcomer) -> ReadyLine {
    ReadyLine {
        number,
        name: person.name,
        username: person.username,
        email: person.email,
        roles: roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(", "),
        registration: person.registration,
    }
}
