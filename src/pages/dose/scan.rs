//! What is scanned before a dose is given: the resident’s label, then the packs. A form of its own, so that the Enter that
//! ends every scan sends what was scanned, and never a record that is half filled in.

use super::facts::Facts;
use crate::care::medicine::barcode::SEPARATOR;
use crate::care::refusal::Refusal;
use crate::care::resident::Resident;
use crate::care::round::identity::asked::Identify;
use crate::care::round::identity::{Identity, IdentityCase};
use crate::web::{Form, Typed, links};

/// The field by which every form of the page carries what was scanned.
const CARRIED: &str = "scanned";

pub struct Scan {
    pub action: String,
    /// What fits, line by line.
    pub done: Vec<String>,
    /// `the resident’s label`; empty: nothing is wanting.
    pub next: String,
    /// Sent along with the record.
    pub carried: Vec<String>,
    /// Why the last one does not fit.
    pub refused: Option<String>,
}

impl Scan {
    /// None: nothing is scanned here.
    pub fn new(facts: &Facts, form: &Form) -> Option<Scan> {
        if facts.facility.identify == Identify::Nothing {
            return None;
        }
        let carried = fitting(facts, scanned(form.typed()));
        on_case(facts, |case| {
            let seen = case.seen(&carried).unwrap_or_default();
            Some(Scan {
                action: format!("{}/identity", links::dose(&facts.dose.id)),
                done: seen.lines(),
                next: case.wanting(&seen).first().map(|wanting| wanting.said()).unwrap_or_default(),
                carried: carried.clone(),
                refused: None,
            })
        })
    }
}

/// What the forms of a page carried.
pub fn scanned(typed: &Typed) -> Vec<String> {
    typed.all(CARRIED).map(str::to_owned).collect()
}

/// A control character does not go into a page: what scanners send in its place is read as well.
pub fn carried(form: Form, scan: String) -> Form {
    form.also(CARRIED, scan.replace(SEPARATOR, "<GS>"))
}

/// What was scanned before, and the new one where it fits; otherwise why it does not.
pub fn one_more(facts: &Facts, typed: &Typed, scan: &str) -> (Vec<String>, Option<Refusal>) {
    let mut known = fitting(facts, scanned(typed));
    let seen = on_case(facts, |case| case.seen(&known).and_then(|seen| case.see(seen, scan)));
    match seen {
        Ok(_) => {
            known.push(scan.trim().to_owned());
            (known, None)
        }
        Err(refusal) => (known, Some(refusal)),
    }
}

/// Of what a form carried, what fits the dose as it is now.
fn fitting(facts: &Facts, scans: Vec<String>) -> Vec<String> {
    on_case(facts, |case| scans.into_iter().filter(|scan| case.see(Identity::default(), scan).is_ok()).collect())
}

fn on_case<T>(facts: &Facts, ask: impl FnOnce(&IdentityCase) -> T) -> T {
    let others: Vec<Resident> = facts.others.iter().map(|(other, _)| other.clone()).collect();
    ask(&IdentityCase {
        asked: facts.facility.identify,
        resident: &facts.resident,
        others: &others,
        pieces: facts.pieces.as_ref(),
        known: &facts.codes,
        today: facts.facility.zone.day(facts.now),
    })
}
