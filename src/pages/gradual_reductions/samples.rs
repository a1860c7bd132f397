//! Facilities to be rendered by the test of every page.

use super::facts::{Fact, Facts};
use super::view::View;
use crate::care::people::Role;
use crate::care::resident::Allergies;
use crate::web::parts::samples::gradual::treatments;
use crate::web::parts::samples::{self, HOSTILE, today};
use crate::web::{Menu, Shell};

fn facts(names: &[&str], text: &str) -> Facts {
    let facility = samples::facility();
    let row = |name: &&str| {
        let resident = samples::resident(name, name, Allergies::NoneKnown);
        let (facility, resident) = (facility.clone(), resident.clone());
        treatments(name, text)
            .into_iter()
            .map(move |one| Fact::new(resident.clone(), "Willow".to_owned(), one, &facility, today()))
    };
    let mut rows: Vec<Fact> = names.iter().flat_map(row).collect();
    rows.sort_by_key(|fact| (fact.urgency, fact.on));
    Facts { rows, names: samples::names("Tom Fielding RN"), today: today(), facility }
}

impl View {
    /// Nothing recorded; every standing; one kind of which there is none; the longest; hostile words.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Supervisor, Menu::Gradual);
        let usual = "Sleeps badly since the last attempt, and walks at night.";
        let elsewhere = samples::facility();
        let view = |facts: &Facts, only: &str| View::new(facts, shell(), std::iter::once(&elsewhere), only);
        let longest: Vec<String> = (0..9).map(|n| format!("{}{n}", "W".repeat(79))).collect();
        let longest: Vec<&str> = longest.iter().map(String::as_str).collect();
        vec![
            view(&facts(&[], ""), ""),
            view(&facts(&["Halvorsen", "Kowalczyk"], usual), ""),
            view(&facts(&["Halvorsen"], usual), "late"),
            view(&facts(&[], ""), "soon"),
            view(&facts(&longest, &"W ".repeat(900)), ""),
            view(&facts(&[HOSTILE], HOSTILE), HOSTILE),
        ]
    }
}
