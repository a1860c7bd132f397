//! Orders to be rendered by the test of every page.

use super::{Facts, View};
use crate::care::people::Role;
use crate::care::resident::Allergies;
use crate::web::parts::outlook::samples::{holders, outlooks};
use crate::web::parts::samples::{self, HOSTILE};
use crate::web::{Menu, Shell};

fn facts(surname: &str, held: &[(&str, u64)], ug: &[u64]) -> Facts {
    let resident = samples::resident("margit", surname, Allergies::NoneKnown);
    let unit = samples::unit("Willow");
    Facts { facility: samples::facility(), holders: holders(&unit, resident), unit, outlooks: outlooks(held, ug) }
}

impl View {
    /// Nothing is needed; the usual; nothing in a register and a dose that nothing makes; hostile words.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Register);
        let view = |facts: Facts| View::new(&facts, shell());
        vec![
            view(facts("Halvorsen", &[("197527", 84)], &[])),
            view(facts("Halvorsen", &[("197527", 21)], &[1_000; 20])),
            view(facts(&"W".repeat(80), &[], &[1_000, 750, 333])),
            view(facts(HOSTILE, &[("197527", 4), ("349195", 1)], &[750; 40])),
        ]
    }
}
