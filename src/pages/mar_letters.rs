//! The letters that stand in the MAR for doses not given: one for each outcome, and for a reason where the house wants it.

use std::collections::BTreeMap;

use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::acts::letter_mar::{LetterMar, letter_mar};
use crate::care::facility::Facility;
use crate::care::people::{Administrator, Role};
use crate::care::refusal::Refusal;
use crate::care::round::mar::{LETTERED, LetterSet, LettersAsk};
use crate::store::Conn;
use crate::store::facilities::facility_load;
use crate::store::mar::letters_load;
use crate::web::parts::samples;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, deciding, links, looking, see_other,
};

#[derive(Deserialize)]
pub struct Asked {
    facility: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Ask {
    facility: String,
    revision: i64,
    /// By the outcome's word or the reason's code.
    #[serde(flatten)]
    letters: BTreeMap<String, String>,
}

pub async fn show(administrator: Signed<Administrator>, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let id = administrator.chosen(asked.facility.as_deref())?.id.clone();
    let form = Form::new(administrator.csrf(), administrator.now());
    Page::new(view(&administrator, &hall, &id, form).await?).answer()
}

pub async fn letter(administrator: Signed<Administrator>, hall: Data<Hall>, sent: Protected<Ask>) -> Answer {
    let id = administrator.facility(&sent.facility)?.id.clone();
    let (by, form, revision) = (administrator.at(&id)?, sent.id()?, sent.revision);
    let act = read(&sent.letters).map(|letters| {
        let ask = LetterMar { form, revision, letters };
        move |conn: &mut Conn, now| letter_mar(conn, &by, &ask, now)
    });
    let Err(errors) = deciding(&hall.db, act).await? else { return Ok(see_other(links::mar_letters(&id))) };
    let moved = errors.moved();
    let form = Form::again(administrator.csrf(), administrator.now(), &sent, errors);
    Page::refused(view(&administrator, &hall, &id, form).await?, moved).answer()
}

fn read(typed: &BTreeMap<String, String>) -> Result<LetterSet, Errors> {
    let ask: LettersAsk = typed.iter().map(|(of, letters)| (of.clone(), letters.clone())).collect();
    LetterSet::read(&ask).map_err(|(field, refusal)| {
        let mut errors = Errors::none();
        errors.keep::<()>(&field, Err(*refusal));
        errors
    })
}

async fn view(administrator: &Signed<Administrator>, hall: &Hall, id: &str, form: Form) -> Result<View, PageError> {
    let id = id.to_owned();
    let found = looking(&hall.db, move |conn| Ok((facility_load(conn, &id)?, letters_load(conn, &id)?)));
    let (facility, letters) = found.await?;
    let shell = administrator.shell(&facility, Menu::Settings).back_to("Settings", links::settings(&facility.id));
    Ok(View::new(shell, &facility, &letters, form))
}

#[derive(Template)]
#[template(path = "pages/mar_letters.html")]
pub struct View {
    shell: Shell,
    /// The action page's place for a banner: this page is about nobody.
    banner: &'static str,
    facility: String,
    outcomes: Vec<Group>,
    form: Form,
}

/// An outcome with its reasons.
struct Group {
    field: &'static str,
    title: &'static str,
    reasons: Vec<(&'static str, String)>,
}

impl View {
    fn new(shell: Shell, facility: &Facility, letters: &LetterSet, form: Form) -> View {
        let group = |outcome: &crate::care::round::outcome::Outcome| Group {
            field: outcome.word(),
            title: outcome.title(),
            reasons: outcome.reasons().iter().map(|(code, text)| (*code, format!("{code} {text}"))).collect(),
        };
        let outcomes: Vec<Group> = LETTERED.iter().map(group).collect();
        let form = letters.rows().fold(form, |form, (of, typed)| form.with(of, typed));
        let form = form.with("revision", facility.revision.to_string());
        View { shell, banner: "", facility: facility.id.clone(), outcomes, form }
    }

    /// The usual letters; letters of the house; a letter with two meanings.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Administrator, Menu::Settings).back_to("Settings", "/settings");
        let form = || Form::new("proof", samples::now());
        let own = LetterSet::of([("A1".to_owned(), "H".to_owned()), ("R9".to_owned(), "WW".to_owned())]);
        let twice = Refusal::MarLetterTwice { letters: "R".to_owned() };
        let mut errors = Errors::none();
        errors.keep::<()>("A1", Err(twice));
        let wrong = form().with("A1", samples::HOSTILE).spoiled(errors);
        let facility = samples::facility();
        let view = |letters: &LetterSet, form| View::new(shell(), &facility, letters, form);
        vec![view(&LetterSet::default(), form()), view(&own, form()), view(&own, wrong)]
    }
}
