//! The history with nothing, with a usual page, and with names that test the layout.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta};

use super::asked::Asked;
use super::names::Names;
use super::{Found, Rows, View};
use crate::care::amount::Amount;
use crate::care::calendar::Zone;
use crate::care::facility::{Facility, Unit};
use crate::care::people::Role;
use crate::care::resident::{Allergies, Resident};
use crate::care::round::outcome::Outcome;
use crate::care::round::vomit::Vomited;
use crate::care::taper::plan::Medicine;
use crate::store::doses::{Administration, Correction};
use crate::web::parts::samples;
use crate::web::{Errors, Menu, Shell};

impl View {
    pub fn samples() -> Vec<View> {
        let hostile = "<script>alert(1)</script>".repeat(3);
        let asked = Asked { resident: "r".into(), late: "60".into(), before: "9".into(), ..Asked::default() };
        let records = |note: &str| (0..7).map(|nth| record(nth, note)).collect::<Vec<_>>();
        let mut wrong = Errors::none();
        wrong.push("from", "“<b>” is not a date. Write it as 2026-11-23.");
        let view = |asked: &Asked, name: &str, rows: Vec<Administration>, count: usize, errors: Errors| {
            let found = Found {
                names: names(name),
                corrections: corrections(&rows),
                vomits: vomits(&rows),
                due_in: HashMap::new(),
                rows: Rows::Records(rows),
                more: count > 6,
                count,
                unrecorded: count / 3,
            };
            View::new(Shell::sample(Role::Supervisor, Menu::History), asked, &found, &[house("Alder House")], errors)
        };
        vec![
            view(&Asked::default(), "Halvorsen", Vec::new(), 0, Errors::none()),
            view(&Asked::default(), "Halvorsen", records(""), 6, Errors::none()),
            view(&asked, &"W".repeat(80), records(&"note ".repeat(99)), 1_001, Errors::none()),
            view(&asked, &hostile, records(&hostile), 212, wrong),
        ]
    }
}

/// After the first one something was seen.
fn vomits(rows: &[Administration]) -> HashMap<String, Vec<Vomited>> {
    let seen = rows.iter().take(1).map(|record| Vomited {
        id: "v".into(),
        of_dose: record.dose.clone(),
        vomited_at: record.given_at + TimeDelta::minutes(25),
        seen: format!("half a tablet {}", record.note),
        noted_by: "p".into(),
        noted_at: record.given_at + TimeDelta::minutes(30),
    });
    seen.map(|one| (one.of_dose.clone(), vec![one])).collect()
}

/// The second one was corrected, and the third recorded in error.
fn corrections(rows: &[Administration]) -> HashMap<String, Correction> {
    let struck = rows.iter().skip(1).take(2).enumerate().map(|(nth, record)| Correction {
        replacement: (nth == 0).then(|| "another".to_owned()),
        ..samples::correction(record, &record.note)
    });
    struck.map(|one| (one.administration.clone(), one)).collect()
}

fn house(name: &str) -> Facility {
    Facility::new("alder".into(), name.into(), Zone::UTC)
}

fn names(surname: &str) -> Names {
    let resident = Resident {
        id: "r".into(),
        facility: "alder".into(),
        unit: "u".into(),
        number: "AH-0417".into(),
        surname: surname.into(),
        forename: "Margit".into(),
        born_on: NaiveDate::default(),
        room: "4".into(),
        allergies: Allergies::NoneKnown,
    };
    let unit = Unit {
        id: "u".into(),
        facility: "alder".into(),
        name: "Willow".into(),
        mailbox: String::new(),
        rounds: Vec::new(),
        revision: 0,
    };
    Names::new(house("Alder House"), vec![resident], vec![unit], Vec::new())
}

/// Each outcome in turn, at every distance from its time.
fn record(nth: usize, note: &str) -> Administration {
    let outcome = Outcome::ALL[nth];
    let due_at = DateTime::UNIX_EPOCH;
    let given_at = due_at + TimeDelta::minutes([6, 2, -3, 91, 1440, 0, 61][nth]);
    let (planned, part) = (Amount::from_ug(750), Amount::from_ug(250));
    Administration {
        id: format!("a-{nth}"),
        n: 48_211 - nth as i64,
        dose: format!("d-{nth}"),
        corrects: None,
        facility: "alder".into(),
        unit: "u".into(),
        resident: "r".into(),
        medicine: Medicine("clonazepam".into()),
        on: due_at.date_naive(),
        due_at,
        planned,
        given: match outcome {
            Outcome::Given | Outcome::SelfAdministered => planned,
            Outcome::GivenInPart => part,
            _ => Amount::ZERO,
        },
        authorised_by: "signature".into(),
        outcome,
        reason: outcome.reasons().first().map(|(code, _)| (*code).to_owned()).unwrap_or_default(),
        note: note.into(),
        pieces: String::new(),
        given_at,
        recorded_at: given_at + TimeDelta::minutes(1),
        recorded_by: "p".into(),
        sedation: None,
        witnessed_by: None,
        identified: String::new(),
        given_by: None,
        word: None,
        unwitnessed: None,
    }
}
