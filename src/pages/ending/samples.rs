//! Plans towards their end, to be rendered by the test of every page.

use super::view::{Asking, Kind, View};
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::care::taper::level::PlanAct;
use crate::web::parts::samples::as_needed::place;
use crate::web::parts::samples::now;
use crate::web::parts::samples::tapers::{Taper, Written};
use crate::web::{Errors, Form, Menu, Shell};

fn asking(role: Role) -> Asking {
    let person = role.word();
    Asking::fresh(person, role == Role::Prescriber, role == Role::Pharmacist, || Form::new("proof", now()))
}

fn view(taper: &Taper, role: Role, asking: Asking) -> View {
    let shell = Shell::sample(role, Menu::Plans).back_to("The whole plan", "/plans/plan");
    let orders = [place(&taper.written.text, 1).ordered.file.order];
    View::new(shell, taper.banner(), (&taper.dossier(0), &orders), asking)
}

fn shown(taper: &Taper) -> Vec<View> {
    [Role::Prescriber, Role::Pharmacist, Role::Nurse].map(|role| view(taper, role, asking(role))).into()
}

fn refused(taper: &Taper, kind: Kind, role: Role) -> View {
    let mut errors = Errors::from(Refusal::RationaleShort);
    errors.push("password", "Enter your password again.");
    errors.push("", taper.written.text.clone());
    let form = Form::new("proof", now()).with("rationale", taper.written.text.clone()).spoiled(errors);
    view(taper, role, asking(role).answered(kind, form))
}

impl View {
    /// Above 0 mg, a stop asked for, stopped, at 0 mg, finished, at a goal above 0; and every form that came back.
    pub fn samples() -> Vec<View> {
        let all = [Written::usual(), Written::longest(), Written::hostile()];
        let views = |written: &Written| {
            let running = Taper::running(2, 50, written.clone()).signed(1, 20);
            let asked = running.clone().then(2, PlanAct::StopAsked);
            let at_nothing = running.clone().signed(2, 5);
            let mut at_goal = running.clone();
            at_goal.file.plan.steps.pop();
            at_goal.file.plan.goal = at_goal.file.plan.steps[1].daily();
            let mut finished = at_nothing.clone().then(0, PlanAct::Finished);
            finished.file.state = crate::store::plans::PlanState::Ended;
            let mut views: Vec<View> =
                [&running, &asked, &at_nothing, &at_goal, &finished].into_iter().flat_map(shown).collect();
            views.push(refused(&running, Kind::Ask, Role::Prescriber));
            views.push(refused(&asked, Kind::Countersign, Role::Pharmacist));
            views.push(refused(&asked, Kind::Decline, Role::Prescriber));
            views.push(refused(&at_nothing, Kind::Finish, Role::Pharmacist));
            views.push(refused(&finished, Kind::Finish, Role::Pharmacist));
            views
        };
        all.iter().flat_map(views).collect()
    }
}
