//! Scorings to be rendered by the test of every page.

use super::facts::Facts;
use super::view::{View, field};
use crate::care::people::Role;
use crate::care::resident::Allergies;
use crate::care::scale::Scale;
use crate::web::parts::samples::{self, HOSTILE, now};
use crate::web::parts::{Banner, samples::scores};
use crate::web::{Errors, Form, Menu, Shell};

fn facts(scale: &Scale, surname: &str) -> Facts {
    let resident = samples::resident("margit", surname, Allergies::NoneKnown);
    Facts {
        now: now(),
        facility: samples::facility(),
        banner: Banner::new(&resident, "Willow", samples::today()),
        resident,
        scale: scale.clone(),
        last: None,
    }
}

impl View {
    /// For the first time; with the last score marked; sedation; everything wrong and hostile.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Assessments).back_to("Assessments", "/assessments");
        let form = || Form::new("proof", now());
        let [withdrawal, sedation] = [&Scale::ours()[0], Scale::sedation()];
        let again =
            |name: &str| Facts { last: Some((scores::assessment(14), name.to_owned())), ..facts(withdrawal, name) };
        let mut errors = Errors::none();
        errors.push("incomplete_reason", "Not answered: 2.");
        for (_, item) in withdrawal.items() {
            errors.push(&field(&item.id), format!("Not answered: {HOSTILE}"));
        }
        let mut hostile = again(HOSTILE);
        hostile.scale.parts[0].items[0].label = HOSTILE.repeat(6);
        hostile.scale.parts[0].title = HOSTILE.to_owned();
        vec![
            View::new(&facts(withdrawal, "Halvorsen"), shell(), form()),
            View::new(&again("Sofia Reyes HCA"), shell(), form().with("item-irritable", "2")),
            View::new(&facts(sedation, "Halvorsen"), shell(), form()),
            View::new(&hostile, shell(), form().with("note", HOSTILE).spoiled(errors)),
        ]
    }
}
