//! Amendments to be rendered by the test of every page.

use super::entered::Entered;
use super::fill;
use super::view::{PreviewView, View};
use crate::care::catalogue::Catalogue;
use crate::care::people::Role;
use crate::care::taper::level::PlanAct;
use crate::web::parts::samples::now;
use crate::web::parts::samples::tapers::{Taper, Written};
use crate::web::{Errors, Form, Link, Menu, Shell};

/// The page of a taper with its form as it opens, some fields otherwise, and what comes of it.
fn view(taper: &Taper, other: &[(&str, &str)]) -> View {
    let (dossier, catalogue) = (taper.dossier(0), Catalogue::ours());
    let found = &dossier.found;
    let shell = Shell::sample(Role::Prescriber, Menu::Plans).back_to("The whole plan", "/plans/plan");
    let form = other.iter().fold(Form::new("proof", now()), |form, (name, value)| form.with(name, *value));
    let form = fill::of_case(form, &found.case, found.file.facts.len(), catalogue);
    let page = |form| View::new(shell, taper.banner(), &dossier, form, catalogue);
    if other.is_empty() {
        return page(form);
    }
    let entered = Entered::read(form.typed(), catalogue, &found.case);
    let amended = entered.and_then(|entered| {
        let amended = entered.amended(&found.case.settled_steps(), &dossier.shelves)?;
        Ok((entered, amended))
    });
    match amended {
        Ok((entered, (amended, warnings))) => {
            let counts = (found.case.settled_steps().len(), found.file.next_version());
            let preview = PreviewView::new(&entered, &amended, warnings, &found.file.plan, counts, &dossier.shelves);
            View { preview: Some(preview), ..page(form) }
        }
        Err(errors) => page(form.spoiled(errors)),
    }
}

impl View {
    /// Opened; previewed by hand and by a protocol; mistaken; refused; moved meanwhile; sent back; ended.
    pub fn samples() -> Vec<View> {
        let all = [(2, Written::usual()), (30, Written::longest()), (3, Written::hostile())];
        all.iter().flat_map(|(reductions, written)| views(*reductions, written)).collect()
    }
}

fn views(reductions: u32, written: &Written) -> Vec<View> {
    let running = Taper::running(reductions, 20, written.clone());
    let text = written.text.as_str();
    let moved = Some(Link::new("Look at the plan as it stands now", "/plans/plan"));
    let wrong = |errors: Errors| Form::new("proof", now()).with("rationale", text).spoiled(errors);
    let mut errors = Errors::none();
    errors.push("rationale", text);
    errors.push("", text);
    let base = view(&running, &[]);
    vec![
        view(&running.clone().signed(1, 5), &[("goal", "0 mg"), ("rationale", text)]),
        view(&running, &[("protocol", "percent-of-current"), ("rationale", text)]),
        view(&running, &[("goal", text), ("first_reduction_on", text), ("days_1", text)]),
        view(&running.clone().then(3, PlanAct::Returned { n: 1 }), &[]),
        view(&running.clone().then(3, PlanAct::Amended { version: 2 }), &[]),
        view(&running.clone().then(0, PlanAct::Finished), &[]),
        View { moved, form: wrong(errors), ..base },
    ]
}
