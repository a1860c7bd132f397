//! Residents to be rendered by the test of every page.

use std::collections::HashMap;

use super::facts::{Facts, Taper};
use super::view::View;
use crate::care::calendar::days_after;
use crate::care::people::Role;
use crate::care::resident::Allergies;
use crate::care::round::outcome::Outcome;
use crate::care::severe_sign::{Sign, SignFile};
use crate::store::doses::Administration;
use crate::web::parts::as_needed::{Orders, Reader};
use crate::web::parts::pause::Pausable;
use crate::web::parts::samples::{self, HOSTILE, now, today};
use crate::web::{Form, Menu, Shell};

fn facts(surname: &str, plans: Vec<Taper>) -> Facts {
    Facts {
        now: now(),
        facility: samples::facility(),
        units: vec![samples::unit("Willow")],
        resident: samples::resident("margit", surname, Allergies::Known { list: "latex, ".repeat(40) }),
        photo: true,
        others: vec![samples::resident("mary", "Halverson", Allergies::NoneKnown)],
        plans,
        ahead: Vec::new(),
        records: Vec::new(),
        corrections: HashMap::new(),
        away: None,
        alerts: Vec::new(),
        signs: Vec::new(),
        incidents: Vec::new(),
        names: samples::names("Tom Fielding RN"),
        as_needed: Orders::default(),
        scores: Vec::new(),
    }
}

fn taper(signed: bool) -> Taper {
    let file = samples::plan(signed);
    let course = file.course();
    Taper { pausable: Pausable::of(&file.plan, &course, today()), file, course }
}

/// A week of doses, the last of them none, and a record of every outcome.
fn week(mut facts: Facts, note: &str) -> Facts {
    for day in 0..7 {
        let (on, ug) = (days_after(today(), day), u64::from(6 - day) * 125);
        facts.ahead.extend(["08:00", "20:00"].map(|at| samples::dose("margit", on, at, ug, "approval")));
    }
    let first = facts.ahead[0].clone();
    facts.as_needed = samples::as_needed::orders(if note.is_empty() { "panic" } else { note });
    let record = |outcome: Outcome| Administration {
        id: outcome.word().to_owned(),
        ..samples::administration(&first, outcome, note)
    };
    facts.records = Outcome::ALL.map(record).into();
    let corrected = |record: &Administration| (record.id.clone(), samples::correction(record, note));
    facts.corrections = facts.records[..1].iter().map(corrected).collect();
    facts.scores = vec![samples::scores::incomplete(HOSTILE), samples::scores::assessment(14)];
    facts
}

/// One sign open, and one that was released.
fn with_signs(mut facts: Facts) -> Facts {
    let released =
        SignFile { released: Some(samples::release("sign-delirium")), ..samples::open_sign(Sign::Delirium, "margit") };
    facts.alerts = vec![samples::alerts::standing(&[Some(Outcome::Refused), None], "")];
    facts.incidents =
        vec![samples::incident("margit", &[]), samples::incident("margit", &[Role::Prescriber, Role::Supervisor])];
    facts.signs = vec![samples::open_sign(Sign::Overdose, "margit"), released];
    facts
}

impl View {
    /// Without a plan; the usual; a signed reduction that a nurse may pause; hostile words.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Residents).back_to("Residents", "/residents");
        let form = || Form::new("proof", now());
        let nurse = Reader { nurse: true, prescriber: false, corrects: true };
        let prescriber = Reader { nurse: false, prescriber: true, corrects: false };
        vec![
            View::new(&facts("Halvorsen", Vec::new()), shell(), nurse, form),
            View::new(&week(facts("Halvorsen", vec![taper(false)]), ""), shell(), prescriber, form),
            View::new(&week(facts("Halvorsen", vec![taper(true)]), ""), shell(), nurse, form),
            View::new(&week(facts(HOSTILE, vec![taper(false), taper(false)]), HOSTILE), shell(), nurse, form),
            View::new(&with_signs(week(facts("Halvorsen", vec![taper(false)]), "")), shell(), nurse, form),
        ]
    }
}
