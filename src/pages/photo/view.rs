//! The page of a resident's photo as it is drawn.

use askama::Template;

use super::Facts;
use crate::care::calendar::{Zone, day_text};
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::care::resident::Allergies;
use crate::care::resident::photo::Unfit;
use crate::store::history::Fact;
use crate::web::parts::{Banner, samples};
use crate::web::{Form, Menu, Shell, links};

#[derive(Template)]
#[template(path = "pages/photo.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    form: Form,
    name: String,
    /// Where the photo is, and which it is.
    photo: Option<(String, String)>,
    /// `Put in by Nora Nurse, 20 Nov 2026 08:12`
    last: Option<String>,
    /// Its fact, for whoever reads the history.
    entry: Option<(String, i64)>,
    /// Whoever only looks is offered no form.
    keeps: bool,
    action: String,
    back: String,
}

/// What whoever reads the page may do.
#[derive(Clone, Copy)]
pub(super) struct May {
    pub keep: bool,
    pub look_back: bool,
}

impl View {
    pub(super) fn new(facts: Facts, shell: Shell, form: Form, may: May) -> View {
        let id = &facts.resident.id;
        View {
            shell,
            form,
            name: facts.resident.name(),
            photo: facts.digest.map(|digest| (links::photo_itself(id), digest)),
            entry: facts.last.as_ref().filter(|_| may.look_back).map(|fact| (links::fact(fact.n), fact.n)),
            last: facts.last.as_ref().map(|fact| told(fact, facts.facility.zone)),
            keeps: may.keep,
            action: links::photo(id),
            back: links::resident(id),
            banner: facts.banner,
        }
    }

    /// None yet; one that may be replaced; one that is only looked at; a file that is no picture, and hostile words.
    pub fn samples() -> Vec<View> {
        let facts = |surname: &str, photo: bool| {
            let resident = samples::resident("margit", surname, Allergies::NoneKnown);
            Facts {
                facility: samples::facility(),
                banner: Banner::new(&resident, "Willow", samples::today()),
                digest: photo.then(|| "0".repeat(64)),
                last: photo.then(|| put(surname)),
                resident,
            }
        };
        let shell = || Shell::sample(Role::Nurse, Menu::Residents).back_to("HALVORSEN, Margit", "/residents/margit");
        let form = || Form::new("proof", samples::now());
        let (nurse, pharmacist) = (May { keep: true, look_back: false }, May { keep: false, look_back: true });
        vec![
            View::new(facts("Halvorsen", false), shell(), form(), nurse),
            View::new(facts("Halvorsen", true), shell(), form(), nurse),
            View::new(facts("Halvorsen", true), shell(), form(), pharmacist),
            View::new(
                facts(samples::HOSTILE, true),
                shell(),
                form().spoiled(Refusal::from(Unfit::Unreadable).into()),
                nurse,
            ),
        ]
    }
}

fn told(fact: &Fact, zone: Zone) -> String {
    let at = zone.local(fact.done_at);
    let what = if fact.kind == "put_photo" { "Put in" } else { "Removed" };
    let by = fact.done_by_name.as_deref().unwrap_or_default();
    format!("{what} by {by}, {} {}", day_text(at.date()), at.format("%H:%M"))
}

fn put(by: &str) -> Fact {
    let text = |words: &str| words.to_owned();
    Fact {
        n: 48_171,
        id: text("fact"),
        kind: text("put_photo"),
        facility: text("alder"),
        resident: Some(text("margit")),
        subject: text("margit"),
        done_by: Some(text("nurse")),
        done_by_name: Some(text(by)),
        role: text("nurse"),
        done_at: samples::now(),
        body: text("{}"),
        seal: String::new(),
    }
}
