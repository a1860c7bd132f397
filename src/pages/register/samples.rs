//! A register to be rendered by the test of every page.

use std::collections::HashMap;

use chrono::TimeDelta;

use super::Rights;
use super::facts::Facts;
use super::view::{Forms, View};
use crate::care::medicine::product::Products;
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::care::register::Holder;
use crate::care::register::book::{Book, Ending, Found, Kind, Pack};
use crate::care::register::parts::Parts;
use crate::care::resident::{Allergies, Resident};
use crate::store::registers::{Counted, Discrepancy, DiscrepancyFile, Ended, Entry, RegisterFile};
use crate::web::parts::outlook::samples::outlooks;
use crate::web::parts::registered::Holders;
use crate::web::parts::samples::{self, HOSTILE, now, today};
use crate::web::{Form, Menu, Shell};

fn entry(seq: i64, kind: Kind, parts: i64, note: &str) -> Entry {
    Entry {
        id: format!("entry-{seq}"),
        n: 48_000 + seq,
        register: "register".into(),
        seq,
        kind,
        parts,
        balance_after: 165 + parts,
        pack: (kind == Kind::Received).then(|| Pack { lot: "B1042".into(), expires_on: today() }),
        administration: None,
        incident: None,
        as_needed_dose: None,
        discrepancy: None,
        reverses: None,
        note: note.to_owned(),
        entered_by: "nurse".into(),
        witnessed_by: Some("pharmacist".into()),
        entered_at: now() - TimeDelta::hours(40 - seq),
    }
}

fn difference(id: &str, difference: i64, ended: Option<&str>) -> DiscrepancyFile {
    DiscrepancyFile {
        opened: Discrepancy {
            id: id.into(),
            n: 48_003,
            register: "register".into(),
            difference,
            found: if difference < 0 { Found::Count } else { Found::Dose },
            opened_by: "nurse".into(),
            opened_at: now() - TimeDelta::hours(1),
            unwitnessed: None,
        },
        ended: ended.map(|reason| Ended {
            id: "ending".into(),
            discrepancy: id.into(),
            ending: Ending::Explained,
            reason: reason.into(),
            ended_by: "supervisor".into(),
            ended_at: now(),
        }),
    }
}

fn facts(words: &str, differences: Vec<DiscrepancyFile>) -> Facts {
    let unit = samples::unit("Willow");
    let margit = samples::resident("margit", words, Allergies::NoneKnown);
    let resident = Resident { unit: unit.id.clone(), ..margit };
    let open = differences.iter().filter(|file| file.ended.is_none()).map(|file| file.opened.difference).sum();
    let count = |counted: u64| Counted {
        id: "count".into(),
        n: 48_003,
        register: "register".into(),
        expected: Parts(166),
        counted: Parts(counted),
        counted_by: "nurse".into(),
        witnessed_by: Some("pharmacist".into()),
        counted_at: now() - TimeDelta::hours(1),
    };
    Facts {
        now: now(),
        facility: samples::facility(),
        register: RegisterFile {
            book: Book { balance: 165, open },
            last_seq: 4,
            revision: Some(9),
            ..RegisterFile::new("alder", Holder::Resident("margit".into()), "197527")
        },
        product: Products::ours().product("197527").expect("a product of ours"),
        holders: Holders {
            units: vec![unit, samples::unit("Rowan")],
            residents: HashMap::from([("margit".to_owned(), resident)]),
        },
        entries: vec![
            entry(4, Kind::Given, -2, ""),
            entry(2, Kind::Wasted, -1, words),
            entry(1, Kind::Received, 168, "Brook Street Pharmacy, delivery 77410"),
        ],
        counts: vec![count(164)],
        differences,
        matched: Some(count(166)),
        packs: [("B1042", 90), (words, -1)]
            .map(|(lot, days)| Pack { lot: lot.to_owned(), expires_on: today() + TimeDelta::days(days) })
            .to_vec(),
        outlooks: outlooks(&[("197527", 165)], &[1_000; 100]),
        takers: HashMap::from([("entry-4".to_owned(), "margit".to_owned())]),
        names: samples::names("Tom Fielding RN"),
        newest: false,
        older: Some(1),
    }
}

impl View {
    /// Begun just now; the usual; two differences before a supervisor, one of them sent wrong; hostile words.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Supervisor, Menu::Register);
        let forms = |answered| Forms { csrf: "proof".into(), answered };
        let all = Rights { enters: true, resolves: true };
        let mut begun = facts("Halvorsen", Vec::new());
        begun.matched = None;
        begun.entries.clear();
        begun.counts.clear();
        let differing = facts("Halvorsen", vec![difference("one", -2, None), difference("two", 1, None)]);
        let wrong = Form::new("proof", now()).with("reason", HOSTILE).spoiled(Refusal::EndingMissing.into());
        let hostile = facts(HOSTILE, vec![difference("one", 3, Some(HOSTILE))]);
        vec![
            View::new(&begun, shell(), Rights::default(), &forms(None)),
            View::new(&facts("Halvorsen", Vec::new()), shell(), all, &forms(None)),
            View::new(&differing, shell(), all, &forms(Some(("two".into(), wrong)))),
            View::new(&hostile, shell(), Rights::default(), &forms(None)),
        ]
    }
}
