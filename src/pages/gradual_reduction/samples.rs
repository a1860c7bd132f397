//! Residents with medicines of every standing, to be rendered by the test of every page.

use super::facts::Facts;
use super::view::{Kind, View};
use crate::care::people::Role;
use crate::care::resident::Allergies;
use crate::web::parts::Banner;
use crate::web::parts::samples::gradual::{treatment, treatments};
use crate::web::parts::samples::{self, HOSTILE, now, today};
use crate::web::{Errors, Form, Menu, Shell};

fn facts(surname: &str, texts: &[&str], prescriber: bool) -> Facts {
    let resident = samples::resident("margit", surname, Allergies::NoneKnown);
    Facts {
        facility: samples::facility(),
        today: today(),
        banner: Banner::new(&resident, "Willow", today()),
        resident,
        treatments: texts.iter().flat_map(|text| treatments("margit", text)).collect(),
        names: samples::names("Tom Fielding RN"),
        prescriber,
    }
}

impl View {
    /// Nothing known; a taper without a start; every standing; forms that came back; hostile words.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Prescriber, Menu::Gradual).back_to("Halvorsen", "/residents/margit");
        let form = |_: Kind| Form::new("proof", now());
        let wrong = |wrong: Kind| {
            move |kind: Kind| {
                let mut errors = Errors::none();
                errors.push("rationale", "The rationale is too short.");
                errors.push("on", "This day is still to come.");
                if kind == wrong { form(kind).spoiled(errors) } else { form(kind) }
            }
        };
        let mut unknown = facts("Halvorsen", &[], false);
        unknown.treatments = vec![treatment("margit", "clonazepam", Vec::new())];
        let usual = facts("Halvorsen", &["Sleeps badly since the last attempt, and walks at night."], true);
        vec![
            View::new(&facts("Halvorsen", &[], false), shell(), form),
            View::new(&unknown, shell(), form),
            View::new(&usual, shell(), form),
            View::new(&usual, shell(), wrong(Kind::Contraindication)),
            View::new(&facts(HOSTILE, &[HOSTILE, &"W".repeat(900)], true), shell(), wrong(Kind::Start)),
        ]
    }
}
