//! Taper alerts to be rendered by the test of every page.

use super::facts::Facts;
use super::view::View;
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::care::resident::Allergies;
use crate::care::round::outcome::Outcome;
use crate::care::round::taper_alert::{AlertAcknowledgement, Because};
use crate::web::parts::Banner;
use crate::web::parts::samples::{self, HOSTILE, alerts, now, today};
use crate::web::{Form, Menu, Shell};

fn facts(outcomes: &[Option<Outcome>], words: &str) -> Facts {
    let resident = samples::resident("margit", "Halvorsen", Allergies::NoneKnown);
    Facts {
        now: now(),
        facility: samples::facility(),
        banner: Banner::new(&resident, "Willow", today()),
        resident,
        plan: samples::plan(false),
        standing: (!outcomes.is_empty()).then(|| alerts::standing(outcomes, words)),
        before: Vec::new(),
        letters: Vec::new(),
        names: samples::names("Tom Fielding RN"),
    }
}

fn answered(done: &str) -> AlertAcknowledgement {
    AlertAcknowledgement {
        id: "answer".to_owned(),
        of_plan: "plan".to_owned(),
        because: [Because::NotAvailable, Because::ThreeInAWeek].into(),
        doses: Vec::new(),
        since: now() - chrono::TimeDelta::days(9),
        done: done.to_owned(),
        acknowledged_by: "prescriber".to_owned(),
        acknowledged_at: now() - chrono::TimeDelta::days(8),
    }
}

impl View {
    /// None stands; one for a nurse; one to be answered; an answer refused; the longest and hostile words.
    pub fn samples() -> Vec<View> {
        let shell = |role| Shell::sample(role, Menu::Residents).back_to("HALVORSEN, Margit", "/residents/margit");
        let form = || Form::new("proof", now());
        let two = [Some(Outcome::Refused), None];
        let refused = form().spoiled(Refusal::AlertUnanswered.into());
        let mut again = facts(&two, "");
        again.before = vec![answered("Pharmacy delivered at 14:00; called Dr Marsh."), answered("Talked with Margit.")];
        let mut hostile = facts(&[Some(Outcome::NotAvailable); 14], HOSTILE);
        hostile.before = vec![answered(&HOSTILE.repeat(10))];
        vec![
            View::new(&facts(&[], ""), shell(Role::Prescriber), Some(form())),
            View::new(&facts(&two, ""), shell(Role::Nurse), None),
            View::new(&again, shell(Role::Supervisor), Some(form())),
            View::new(&again, shell(Role::Pharmacist), Some(refused)),
            View::new(&hostile, shell(Role::Prescriber), Some(form())),
        ]
    }
}
