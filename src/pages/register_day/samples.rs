//! Days to be rendered by the test of every page.

use super::{Facts, View};
use crate::care::amount::Amount;
use crate::care::people::Role;
use crate::care::register::Holder;
use crate::care::register::book::Kind;
use crate::care::register::parts::Parts;
use crate::care::register::reconcile::Day;
use crate::care::resident::Allergies;
use crate::care::round::outcome::Outcome;
use crate::store::registers::{DayDose, DayFile, Entry, Looked, RegisterFile, Told};
use crate::web::parts::outlook::samples::holders;
use crate::web::parts::samples::{self, HOSTILE, now, today};
use crate::web::{Form, Menu, Shell};

fn entry(kind: Kind, parts: i64) -> (Entry, String) {
    let entry = Entry {
        id: format!("entry-{parts}"),
        n: 7,
        register: "register".into(),
        seq: 1,
        kind,
        parts,
        balance_after: 80,
        pack: None,
        administration: Some("dose".into()),
        as_needed_dose: None,
        incident: None,
        discrepancy: None,
        reverses: None,
        note: String::new(),
        entered_by: "nurse".into(),
        witnessed_by: None,
        entered_at: now(),
    };
    (entry, "197527".to_owned())
}

fn dose(told: Told, ug: u64, entries: Vec<(Entry, String)>) -> DayDose {
    DayDose {
        id: "dose".into(),
        n: 48_211,
        resident: "margit".into(),
        medicine: samples::medicine(),
        told,
        given: Amount::from_ug(ug),
        recorded_at: now(),
        recorded_by: "nurse".into(),
        stands: true,
        entries,
        unseen: Vec::new(),
        unwitnessed: None,
    }
}

fn facts(words: &str, doses: Vec<DayDose>, ends: i64) -> Facts {
    let unit = samples::unit("Willow");
    let day = Day { begins: 84, came: Parts(0), left: Parts(4), ends, stands: Some(80) };
    let looked = Looked {
        id: "looked".into(),
        unit: unit.id.clone(),
        on: today(),
        disagreeing: u32::from(ends != 80),
        note: words.to_owned(),
        looked_by: "nurse".into(),
        looked_at: now(),
    };
    let register = RegisterFile::new("alder", Holder::Resident("margit".into()), "197527");
    Facts {
        facility: samples::facility(),
        holders: holders(&unit, samples::resident("margit", words, Allergies::NoneKnown)),
        unit,
        on: today(),
        today: today(),
        day: DayFile { registers: if doses.is_empty() { Vec::new() } else { vec![(register, day)] }, doses },
        looked: if words.is_empty() { Vec::new() } else { vec![looked] },
        names: samples::names("Amara Diallo RN"),
    }
}

impl View {
    /// Nothing on that day; the usual; what no register counts, and what does not agree; what nobody saw given; hostile words.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Supervisor, Menu::Register);
        let form = || Some(Form::new("proof", now()));
        let usual = || dose(Told::Scheduled(Outcome::Given), 500, vec![entry(Kind::Given, -2)]);
        let wrong =
            || dose(Told::Scheduled(Outcome::Refused), 0, vec![entry(Kind::Given, -2), entry(Kind::Wasted, -1)]);
        let unbooked = dose(Told::AsNeeded, 250, Vec::new());
        let unseen = DayDose { unwitnessed: Some(HOSTILE.to_owned()), ..usual() };
        let corrected = DayDose { stands: false, ..usual() };
        vec![
            View::new(&facts("", Vec::new(), 80), shell(), None),
            View::new(&facts("Halvorsen", vec![usual(), usual()], 80), shell(), form()),
            View::new(
                &facts(&"W".repeat(80), vec![usual(), unbooked, wrong(), corrected, unseen.clone()], 79),
                shell(),
                form(),
            ),
            View::new(&facts(HOSTILE, vec![unseen.clone(), unseen], 80), shell(), form()),
            View::new(&facts(HOSTILE, vec![wrong()], 80), shell(), None),
        ]
    }
}
