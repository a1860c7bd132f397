//! Entries about to be made, to be rendered by the test of every page.

use std::collections::HashMap;

use super::{Facts, View};
use crate::care::medicine::product::Products;
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::care::register::Holder;
use crate::care::register::book::Pack;
use crate::care::register::entering::What;
use crate::care::resident::{Allergies, Resident};
use crate::store::registers::RegisterFile;
use crate::web::parts::registered::Holders;
use crate::web::parts::samples::{self, HOSTILE, now};
use crate::web::{Form, Menu, Shell};

fn facts(what: What, surname: &str, begun: bool) -> Facts {
    let unit = samples::unit("Willow");
    let margit = samples::resident("margit", surname, Allergies::NoneKnown);
    let resident = Resident { unit: unit.id.clone(), ..margit };
    let id = unit.id.clone();
    Facts {
        facility: samples::facility(),
        holders: Holders { units: vec![unit], residents: HashMap::from([("margit".to_owned(), resident)]) },
        register: begun.then(|| RegisterFile::new("alder", Holder::Resident("margit".into()), "197527")),
        packs: ["B1042", surname].map(|lot| Pack { lot: lot.to_owned(), expires_on: samples::today() }).to_vec(),
        unit: id,
        stocked: ["197527", "309843"].iter().filter_map(|code| Products::ours().product(code)).collect(),
        what,
    }
}

impl View {
    /// A register that begins; each way into one and out of it; hostile words that were refused.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Register);
        let form = || Form::new("proof", now());
        let wrong = || form().with("note", HOSTILE).with("count", "12a").spoiled(Refusal::WitnessMissing.into());
        let mut views = vec![View::new(&facts(What::Receive, "Halvorsen", false), shell(), form())];
        views.extend(What::ALL.map(|what| View::new(&facts(what, "Halvorsen", true), shell(), form())));
        views.push(View::new(&facts(What::Receive, HOSTILE, false), shell(), wrong()));
        views.push(View::new(&facts(What::Waste, HOSTILE, true), shell(), wrong()));
        views
    }
}
