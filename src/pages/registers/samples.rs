//! Registers to be rendered by the test of every page.

use std::collections::HashMap;

use super::{Facts, View};
use crate::care::people::Role;
use crate::care::register::Holder;
use crate::care::register::book::{Book, Found};
use crate::care::resident::Allergies;
use crate::store::registers::{Discrepancy, RegisterFile, Unbooked};
use crate::web::parts::outlook::samples::outlooks;
use crate::web::parts::registered::Holders;
use crate::web::parts::samples::{self, HOSTILE, now};
use crate::web::{Link, Menu, Shell};

fn facts(surname: &str, open: i64) -> Facts {
    let resident = samples::resident("margit", surname, Allergies::NoneKnown);
    let register = |holder: Holder, product: &str| RegisterFile {
        book: Book { balance: 165, open },
        last_seq: 2_935,
        revision: Some(1),
        ..RegisterFile::new("alder", holder, product)
    };
    let registers = vec![
        register(Holder::Resident("margit".into()), "197527"),
        register(Holder::Resident("margit".into()), "309843"),
        register(Holder::Unit("willow".into()), "197528"),
    ];
    let unit = samples::unit("Willow");
    let resident = crate::care::resident::Resident { unit: unit.id.clone(), ..resident };
    let opened = Discrepancy {
        id: "difference".into(),
        n: 7,
        register: registers[0].id.clone(),
        difference: open,
        found: if open < 0 { Found::Count } else { Found::Dose },
        opened_by: "nurse".into(),
        opened_at: now(),
        unwitnessed: None,
    };
    let unbooked = Unbooked { resident: "margit".into(), medicine: samples::medicine(), doses: 14 };
    Facts {
        facility: samples::facility(),
        holders: Holders { units: vec![unit], residents: HashMap::from([("margit".to_owned(), resident)]) },
        registers,
        open: if open == 0 { Vec::new() } else { vec![opened] },
        outlooks: outlooks(&[("197527", 20)], &[1_000; 60]),
        unbooked: if open == 0 { Vec::new() } else { vec![unbooked] },
    }
}

impl View {
    /// Nothing yet; the usual; a count that differs and doses without a register; hostile words.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Register);
        let mut nothing = facts("Halvorsen", 0);
        nothing.registers.clear();
        let unit = nothing.holders.units[0].id.clone();
        let view = |facts: &Facts, counted| View::new(facts, shell(), Some(&unit), counted);
        vec![
            view(&nothing, None),
            View { keeps: true, ..view(&facts("Halvorsen", 0), Some(0)) },
            View { keeps: true, others: vec![Link::new("Birch Court", "/")], ..view(&facts("Halvorsen", -2), Some(3)) },
            view(&facts(HOSTILE, 1), Some(1)),
        ]
    }
}
