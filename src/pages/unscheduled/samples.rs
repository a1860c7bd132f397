//! With nothing, with a usual month, and with names that test the layout.

use std::collections::HashMap;

use chrono::TimeDelta;

use super::lines::Facts;
use super::{Asked, View};
use crate::care::amount::Amount;
use crate::care::people::Role;
use crate::care::resident::Allergies;
use crate::care::round::as_needed::effect::Effect;
use crate::store::as_needed::{AsNeededDose, NotedEffect, Strike};
use crate::web::parts::samples::{facility, incident, medicine, names, now, resident, today, unit};
use crate::web::{Errors, Menu, Shell};

const HOSTILE: &str = "<script>alert(1)</script>";

impl View {
    pub fn samples() -> Vec<View> {
        let mut wrong = Errors::none();
        wrong.push("from", "“<b>” is not a date. Write it as 2026-11-23.");
        let asked = Asked { resident: "margit".into(), ..Asked::default() };
        let view = |asked: &Asked, facts: &Facts, errors: Errors| {
            let shell = Shell::sample(Role::Supervisor, Menu::History).back_to("Dose history", "/history");
            View::new(shell, asked, facts, &[facility()], errors)
        };
        let long = "W".repeat(80);
        vec![
            view(&Asked::default(), &facts(0, "Halvorsen", ""), Errors::none()),
            view(&Asked::default(), &facts(3, "Halvorsen", "Awake and calling out."), Errors::none()),
            view(&asked, &facts(600, &long, &"note ".repeat(99)), Errors::none()),
            view(&asked, &facts(3, HOSTILE, HOSTILE), wrong),
        ]
    }
}

/// Of so many doses one was struck, and one noted; one was given in error.
fn facts(count: usize, surname: &str, words: &str) -> Facts {
    let doses: Vec<AsNeededDose> = (0..count).map(|nth| dose(nth, words)).collect();
    let effects = doses.iter().take(1).map(|dose| NotedEffect {
        id: "effect".into(),
        of_dose: dose.id.clone(),
        effect: Effect::HelpedLittle,
        note: words.into(),
        noted_by: "nurse".into(),
        noted_at: now(),
    });
    let strikes = doses.iter().skip(1).take(1).map(|dose| Strike {
        id: "strike".into(),
        of_dose: dose.id.clone(),
        reason: format!("the wrong resident {words}"),
        struck_by: "nurse".into(),
        struck_at: now(),
    });
    Facts {
        facility: facility(),
        units: vec![unit("Willow")],
        residents: vec![resident("margit", surname, Allergies::NoneKnown)],
        days: (count > 0).then(|| (today(), today())),
        effects: effects.map(|one| (one.of_dose.clone(), one)).collect::<HashMap<_, _>>(),
        strikes: strikes.map(|one| (one.of_dose.clone(), one)).collect(),
        incidents: (count > 0).then(|| incident("margit", &[Role::Supervisor])).into_iter().collect(),
        names: names("Tom Fielding RN"),
        doses,
    }
}

fn dose(nth: usize, words: &str) -> AsNeededDose {
    let given_at = now() - TimeDelta::hours(nth as i64);
    AsNeededDose {
        id: format!("dose-{nth}"),
        n: 900 - nth as i64,
        of_order: "order".into(),
        facility: "alder".into(),
        unit: "willow".into(),
        resident: "margit".into(),
        medicine: medicine(),
        given: Amount::from_ug(250),
        why: words.into(),
        pieces: String::new(),
        given_at,
        recorded_at: given_at,
        recorded_by: "nurse".into(),
        witnessed_by: None,
        identified: String::new(),
        given_by: (nth == 2).then(|| "nurse".into()),
        unwitnessed: (nth == 1).then(|| words.into()),
    }
}
