//! What is scanned before a dose is given: the resident’s label, then the packs. A form of its own, so that the Enter that
//! ends every scan sends what was scanned, and never a record that is half filled in.

use serde::Deserialize;

use crate::care::medicine::barcode::SEPARATOR;
use crate::care::refusal::Refusal;
use crate::care::round::identity::asked::Identify;
use crate::care::round::identity::{Identity, IdentityAsk, IdentityCase};
use crate::web::{Form, Typed};

/// The field by which every form of the page carries what was scanned.
const CARRIED: &str = "scanned";

/// What a scanner typed stands in fields of its own, read as they were typed.
#[derive(Deserialize)]
pub struct Scanned {}

/// A page draws it with the macros of `scan.html`.
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
    pub fn new(case: &IdentityCase, action: String, form: &Form) -> Option<Scan> {
        if case.asked == Identify::Nothing {
            return None;
        }
        let carried = fitting(case, scanned(form.typed()));
        let seen = case.seen(&carried).unwrap_or_default();
        Some(Scan {
            action,
            done: seen.lines(),
            next: case.wanting(&seen).first().map(|wanting| wanting.said()).unwrap_or_default(),
            carried,
            refused: None,
        })
    }

    /// After something was scanned that does not fit.
    pub fn refused(self, why: Option<Refusal>) -> Scan {
        Scan { refused: why.map(|why| why.to_string()), ..self }
    }
}

/// What the record is asked to rest on.
pub fn identity_ask(typed: &Typed) -> IdentityAsk {
    let unscanned = typed.value("unscanned").unwrap_or_default().to_owned();
    IdentityAsk { scanned: scanned(typed), unscanned }
}

fn scanned(typed: &Typed) -> Vec<String> {
    typed.all(CARRIED).map(str::to_owned).collect()
}

/// The form after one more scan: it carries all that fits, and the new one too; otherwise why that one does not.
pub fn one_more(case: &IdentityCase, typed: &Typed, form: Form) -> (Form, Option<Refusal>) {
    let scan = typed.value("scan").unwrap_or_default();
    let mut known = fitting(case, scanned(typed));
    let refused = case.seen(&known).and_then(|seen| case.see(seen, scan)).err();
    if refused.is_none() {
        known.push(scan.trim().to_owned());
    }
    (known.into_iter().fold(form, carried), refused)
}

/// A control character does not go into a page: what scanners send in its place is read as well.
fn carried(form: Form, scan: String) -> Form {
    form.also(CARRIED, scan.replace(SEPARATOR, "<GS>"))
}

/// Of what a form carried, what fits the dose as it is now.
fn fitting(case: &IdentityCase, scans: Vec<String>) -> Vec<String> {
    scans.into_iter().filter(|scan| case.see(Identity::default(), scan).is_ok()).collect()
}
