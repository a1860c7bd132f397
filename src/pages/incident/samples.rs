//! Incidents to be rendered by the test of every page.

use super::Facts;
use super::view::View;
use crate::care::incident::Struck;
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::care::resident::Allergies;
use crate::web::parts::Banner;
use crate::web::parts::samples::{self, HOSTILE, now, today};
use crate::web::{Form, Menu, Shell};

fn facts(surname: &str, answered: &[Role]) -> Facts {
    let resident = samples::resident("margit", surname, Allergies::NotRecorded);
    Facts {
        now: now(),
        banner: Banner::new(&resident, "Willow", today()),
        facility: samples::facility(),
        file: samples::incident("margit", answered),
        names: samples::names("Tom Fielding RN"),
        resident,
    }
}

impl View {
    /// Just recorded; to be answered; answered by one, by both; struck out; hostile words.
    pub fn samples() -> Vec<View> {
        let shell =
            || Shell::sample(Role::Prescriber, Menu::Residents).back_to("HALVORSEN, Margit", "/residents/margit");
        let form = |role| Some((role, Form::new("proof", now())));
        let mut hostile = facts(HOSTILE, &[Role::Prescriber]);
        hostile.file.incident.what = HOSTILE.repeat(10);
        hostile.file.answers[0].said = HOSTILE.repeat(5);
        let mut struck = facts("Halvorsen", &[]);
        struck.file.struck = Some(Struck {
            id: "strike".to_owned(),
            of_incident: "incident".to_owned(),
            reason: HOSTILE.to_owned(),
            struck_by: "nurse".to_owned(),
            struck_at: now(),
        });
        let wrong = Form::new("proof", now()).with("said", HOSTILE).spoiled(Refusal::IncidentSaid.into());
        vec![
            View::new(&facts("Halvorsen", &[]), shell(), None, None).correctable(true),
            View::new(&facts("Halvorsen", &[]), shell(), form(Role::Prescriber), None),
            View::new(&facts("Halvorsen", &[Role::Prescriber]), shell(), form(Role::Supervisor), None),
            View::new(&facts("Halvorsen", &[Role::Prescriber, Role::Supervisor]), shell(), None, None),
            View::new(&struck, shell(), None, None).correctable(true),
            View::new(&hostile, shell(), Some((Role::Supervisor, wrong)), Some(HOSTILE.to_owned())),
        ]
    }
}
