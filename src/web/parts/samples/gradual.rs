//! Psychotropic medicines of every standing, for the samples of pages that show them.

use chrono::NaiveDate;

use super::{now, today};
use crate::care::amount::Amount;
use crate::care::calendar::days_before;
use crate::care::gradual::note::{Class, Note, Noted};
use crate::care::gradual::standing::{Attempt, Made};
use crate::care::gradual::treatment::Treatment;
use crate::care::medicine::Medicine;

fn ago(days: u32) -> NaiveDate {
    days_before(today(), days)
}

/// One medicine with what was noted of it.
pub fn treatment(resident: &str, medicine: &str, notes: Vec<(Noted, &str)>) -> Treatment {
    let note = |(at, (noted, text)): (usize, (Noted, &str))| Note {
        id: format!("{medicine} {at}"),
        facility: "alder".to_owned(),
        resident: resident.to_owned(),
        medicine: Medicine(medicine.to_owned()),
        seq: at as u32 + 1,
        rationale: text.to_owned(),
        noted,
        by: "prescriber".to_owned(),
        at: now(),
    };
    let notes = notes.into_iter().enumerate().map(note).collect();
    Treatment { notes, ..Treatment::new(resident.to_owned(), Medicine(medicine.to_owned())) }
}

/// One of each standing: late, due soon, due later, contraindicated, met, ended, and one whose start nobody recorded.
pub fn treatments(resident: &str, text: &str) -> Vec<Treatment> {
    let begun = |days| (Noted::Begun { on: ago(days), class: Class::Hypnotic }, text);
    let attempted = |days| (Noted::Attempted { on: ago(days) }, text);
    let again_on = today() + chrono::Days::new(200);
    let contraindicated = (Noted::Contraindicated { on: ago(40), again_on }, text);
    let struck = (Noted::Struck { note: "zolpidem 2".to_owned() }, text);
    let here = |days: u32, n| Attempt {
        on: ago(days),
        made: Made::Here { plan: "plan".to_owned(), n, from: Amount::from_ug(1500), to: Amount::from_ug(1250) },
    };
    let mut tapered = treatment(resident, "clonazepam", vec![begun(300)]);
    tapered.lowered = vec![here(200, 1), here(190, 2), here(60, 3), here(5, 4)];
    vec![
        treatment(resident, "zopiclone", vec![begun(500), attempted(400)]),
        treatment(resident, "zolpidem", vec![begun(350), attempted(300), attempted(290), struck]),
        treatment(resident, "sertraline", vec![begun(30)]),
        treatment(resident, "temazepam", vec![begun(500), attempted(400), contraindicated]),
        tapered,
        treatment(resident, "quetiapine", vec![begun(500), (Noted::Ended { on: ago(90) }, text)]),
        treatment(resident, "lorazepam", Vec::new()),
    ]
}
