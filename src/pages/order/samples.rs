//! Orders to be rendered by the test of every page.

use super::view::Forms;
use super::{May, Sight, View};
use crate::care::calendar::{Moment, days_before};
use crate::care::people::Role;
use crate::care::taper::level::PlanAct;
use crate::care::taper::plan::Regimen;
use crate::web::parts::samples::tapers::{Taper, Written};
use crate::web::parts::samples::{now, today};
use crate::web::{Errors, Form, Menu, Shell};

fn sight(taper: &Taper) -> Sight {
    let dossier = taper.dossier(0);
    let order = dossier.found.file.facts[1].clone();
    Sight { banner: taper.banner(), order, dossier, caller_is_here: true }
}

fn view(taper: &Taper, may: May, forms: Forms) -> View {
    let shell = Shell::sample(Role::Pharmacist, Menu::Reductions).back_to("Reductions waiting", "/reductions");
    View::new(shell, &sight(taper), may, &taper.written.name, forms)
}

/// Whoever called has left.
fn taken_over(taper: &Taper) -> View {
    let shell = Shell::sample(Role::Prescriber, Menu::Plans);
    let (sight, may) = (Sight { caller_is_here: false, ..sight(taper) }, May { review: false, confirm: true });
    View::new(shell, &sight, may, &taper.written.name, fresh())
}

fn fresh() -> Forms {
    Forms::fresh("proof", now())
}

fn wrong() -> Forms {
    let mut errors = Errors::none();
    for field in ["", "rationale", "password"] {
        errors.push(field, "This is wrong.");
    }
    Forms {
        review: Form::new("proof", now()).spoiled(errors.clone()),
        confirm: Form::new("proof", now()).spoiled(errors),
    }
}

impl View {
    /// To be reviewed; by telephone and to be confirmed, also with what is wrong; settled; the longest; hostile words.
    pub fn samples() -> Vec<View> {
        let may = |review, confirm| May { review, confirm };
        let mut views = Vec::new();
        for written in [Written::usual(), Written::longest(), Written::hostile()] {
            let nothing = Regimen::default();
            let from = Moment::start_of(days_before(today(), 1));
            let running = || Taper::running(3, 20, written.clone());
            let ordered = running().then(1, PlanAct::Ordered { regimen: nothing, from });
            let called = running().then(1, PlanAct::SteppedBack { step: 0, from }).by_telephone();
            let of = || "fact 2".to_owned();
            let reviewed = ordered.clone().then(0, PlanAct::Reviewed { of: of() });
            let confirmed = called.clone().then(0, PlanAct::Affirmed { of: of() });
            views.push(view(&ordered, may(true, false), fresh()));
            views.push(view(&ordered, may(true, false), wrong()));
            views.push(view(&called, may(false, true), fresh()));
            views.push(view(&called, may(false, true), wrong()));
            views.push(taken_over(&called));
            views.push(view(&reviewed, may(false, false), fresh()));
            views.push(view(&confirmed, may(false, false), fresh()));
        }
        views
    }
}
