//! Counts to be rendered by the test of every page.

use super::{Facts, Shelved, View, Whose};
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::care::register::Holder;
use crate::care::register::book::Pack;
use crate::care::resident::{Allergies, Resident};
use crate::care::witness::WitnessPolicy;
use crate::store::registers::RegisterFile;
use crate::web::parts::registered::Holders;
use crate::web::parts::samples::{self, HOSTILE, now, today};
use crate::web::{Errors, Form, Menu, Shell};

fn register(holder: &str, product: &str) -> RegisterFile {
    RegisterFile::new("alder", Holder::Resident(holder.into()), product)
}

fn facts(surname: &str, products: &[&str]) -> Facts {
    let unit = samples::unit("Willow");
    let resident = |id: &str| {
        let one = samples::resident(id, surname, Allergies::NoneKnown);
        (id.to_owned(), Resident { unit: unit.id.clone(), ..one })
    };
    let packs = |days| vec![Pack { lot: surname.to_owned(), expires_on: today() + chrono::TimeDelta::days(days) }];
    let of = |holder: &'static str| products.iter().map(move |product| register(holder, product));
    let all = of("margit").chain(of("osman"));
    Facts {
        facility: samples::facility(),
        holders: Holders { units: vec![unit.clone()], residents: ["margit", "osman"].map(resident).into() },
        registers: all
            .zip([-1, 90].into_iter().cycle())
            .map(|(register, days)| Shelved { register, packs: packs(days) })
            .collect(),
        unit,
        halved: vec!["197527".into()],
        today: today(),
    }
}

impl View {
    /// Nothing to count; the usual; the second person's; one who counts alone; a count of hostile words; two who differ.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Register);
        let form = || Form::new("proof", now());
        let field = Whose::First.field(&register("margit", "197527"));
        let told = |refusal: Refusal| {
            let mut errors = Errors::none();
            errors.push(&field, refusal.to_string());
            errors
        };
        let unreadable = told(Refusal::CountUnreadable { text: HOSTILE.into() });
        let differ = told(Refusal::CountsDiffer { first: "28".into(), second: "27.5".into() });
        let mut alone = facts("Halvorsen", &["197527"]);
        alone.facility.register.witness = WitnessPolicy(Vec::new());
        let usual = facts("Halvorsen", &["197527", "309843"]);
        vec![
            View::new(&facts("Halvorsen", &[]), shell(), form(), Whose::First),
            View::new(&usual, shell(), form(), Whose::First),
            View::new(&usual, shell(), form().with(&field, "28"), Whose::Second),
            View::new(&alone, shell(), form(), Whose::First),
            View::new(
                &facts(HOSTILE, &["197527"]),
                shell(),
                form().with(&field, HOSTILE).spoiled(unreadable),
                Whose::First,
            ),
            View::new(&usual, shell(), form().spoiled(differ), Whose::First),
        ]
    }
}
