//! Papers, to be rendered by the test of every page.

use super::view::View;
use super::{Asked, Facts, Outage};
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::care::resident::Allergies;
use crate::care::round::administration::Stood;
use crate::care::round::outcome::Outcome;
use crate::care::round::paper::{Authorised, PaperCase};
use crate::store::paper::{Paper, PaperDose};
use crate::web::parts::samples::{self, HOSTILE, now, today};
use crate::web::{Errors, Form, Menu, Shell};

fn dose(id: &str, surname: &str, printed: u64, outcome: Option<Outcome>) -> PaperDose {
    let mut dose = samples::dose("margit", today(), "08:00", 750, "approval");
    dose.id = id.to_owned();
    let authorised = |ug| Authorised { amount: crate::care::amount::Amount::from_ug(ug), by: "approval".to_owned() };
    let standing = outcome.map(|outcome| samples::administration(&dose, outcome, surname));
    let stood = outcome.map(|outcome| Stood { outcome, by: surname.to_owned(), at: "08:05".to_owned() });
    PaperDose {
        case: PaperCase {
            printed: (printed > 0).then(|| authorised(printed)),
            level: authorised(750),
            due_at: dose.due_at,
            revision: dose.revision,
            void: surname == "Void",
            standing: stood,
        },
        resident: samples::resident(id, surname, Allergies::NoneKnown),
        dose,
        standing,
    }
}

fn facts(doses: Option<Vec<PaperDose>>, errors: Errors) -> Facts {
    let asked = Asked {
        from: "2026-11-20T06:00".into(),
        until: "2026-11-20T08:10".into(),
        entry: "1204".into(),
        page: 0,
        saved: 2,
    };
    let paper = |doses| Paper {
        doses,
        shelves: [(samples::dose("margit", today(), "08:00", 750, "x").key.medicine, samples::shelf())]
            .into_iter()
            .collect(),
        staff: vec![("nurse".to_owned(), "Tom Fielding RN".to_owned()), ("hostile".to_owned(), HOSTILE.to_owned())],
        names: samples::names("Tom Fielding RN"),
    };
    Facts {
        facility: samples::facility(),
        unit: samples::unit("Willow"),
        asked,
        paper: doses.map(|doses| (Outage { span: (now(), now()), entry: Some(1204) }, paper(doses))),
        errors,
        now: now(),
    }
}

impl View {
    /// Not asked for; without a dose; usual; a whole page beside records; and hostile words with every error.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Round).back_to("Willow round", "/round");
        let form = || Form::new("proof", now());
        let mut wrong = Errors::none();
        wrong.push("until", Refusal::OutageSpan.to_string());
        let usual = vec![
            dose("a", "Halvorsen", 1_000, None),
            dose("b", "Ash", 750, Some(Outcome::Given)),
            dose("v", "Void", 750, None),
        ];
        let many =
            (0..30).map(|n| dose(&format!("d{n}"), &"W".repeat(30), 750, (n % 3 == 0).then_some(Outcome::Refused)));
        let hostile = vec![dose("h", HOSTILE, 1_000, None), dose("i", HOSTILE, 0, Some(Outcome::Withheld))];
        let mut spoiled = Errors::none();
        for name in ["outcome", "given_at", "given_by", "part", "reason", "note"] {
            spoiled.push(&super::lines::field(name, "h"), HOSTILE);
        }
        vec![
            View::new(&facts(None, wrong), shell(), form()),
            View::new(&facts(Some(Vec::new()), Errors::none()), shell(), form()),
            View::new(&facts(Some(usual), Errors::none()), shell(), form()),
            View::new(&facts(Some(many.collect()), Errors::none()), shell(), form()),
            View::new(&facts(Some(hostile), Errors::none()), shell(), form().spoiled(spoiled)),
        ]
    }
}
