//! Versions of plans to be rendered by the test of every page.

use super::view::{Asking, View};
use crate::care::catalogue::Catalogue;
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::care::taper::level::PlanAct;
use crate::web::parts::samples::now;
use crate::web::parts::samples::tapers::{Taper, Written};
use crate::web::{Errors, Form, Menu, Shell};

fn asking(role: Role) -> Asking {
    let form = || Form::new("proof", now());
    Asking { approve: form().named("approve"), take_back: form().named("drop"), prescriber: role == Role::Prescriber }
}

fn view(taper: &Taper, version: u32, role: Role, asking: Asking) -> View {
    let shell = Shell::sample(role, Menu::Plans).back_to("The whole plan", "/plans/plan");
    View::new(shell, taper.banner(), &taper.dossier(0), version, Catalogue::ours(), asking)
}

/// A taper with slower steps submitted three days ago.
fn amended(reductions: u32, written: &Written) -> Taper {
    let mut taper = Taper::running(reductions, 40, written.clone()).signed(1, 20);
    let mut slower = taper.file.plan.clone();
    slower.version = 2;
    slower.steps.pop();
    slower.steps.iter_mut().skip(2).for_each(|step| step.least_days = Some(28));
    taper.file.others.push(slower);
    taper.then(3, PlanAct::Amended { version: 2 })
}

fn refused(written: &Written) -> Asking {
    let mut errors = Errors::from(Refusal::ReasonMissing);
    errors.push("password", "Enter your password again.");
    errors.push("", written.text.clone());
    let spoiled = |prefix| {
        Form::new("proof", now()).with("rationale", written.text.clone()).spoiled(errors.clone()).named(prefix)
    };
    Asking { approve: spoiled("approve"), take_back: spoiled("drop"), prescriber: true }
}

impl View {
    /// The first version; one that waits, for a prescriber and for others; refused; approved; taken back; a stop asked for.
    pub fn samples() -> Vec<View> {
        let all = [(3, Written::usual()), (30, Written::longest()), (3, Written::hostile())];
        let views = |(reductions, written): &(u32, Written)| {
            let waits = amended(*reductions, written);
            let back = waits.clone().then(1, PlanAct::Dropped { version: 2 });
            let mut approved = waits.clone();
            let second = approved.file.others.remove(0);
            approved.file.put_in_force(second);
            let approved = approved.then(1, PlanAct::Approved { version: 2 });
            let stop = waits.clone().then(1, PlanAct::StopAsked);
            [
                view(&waits, 1, Role::Prescriber, asking(Role::Prescriber)),
                view(&waits, 2, Role::Prescriber, asking(Role::Prescriber)),
                view(&waits, 2, Role::Nurse, asking(Role::Nurse)),
                view(&waits, 2, Role::Prescriber, refused(written)),
                view(&approved, 2, Role::Pharmacist, asking(Role::Pharmacist)),
                view(&approved, 1, Role::Pharmacist, asking(Role::Pharmacist)),
                view(&back, 2, Role::Prescriber, asking(Role::Prescriber)),
                view(&stop, 2, Role::Prescriber, asking(Role::Prescriber)),
            ]
        };
        all.iter().flat_map(views).collect()
    }
}
