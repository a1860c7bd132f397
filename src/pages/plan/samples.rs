//! Plans to be rendered by the test of every page.

use super::view::{Asking, View};
use crate::care::amount::Amount;
use crate::care::calendar::{days_after, days_before};
use crate::care::catalogue::Catalogue;
use crate::care::medicine::shelves::Shelves;
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::care::taper::level::PlanAct;
use crate::store::dossiers::{Dossier, EndedPlan};
use crate::store::plans::PlanState;
use crate::web::parts::samples::tapers::{Taper, Written};
use crate::web::parts::samples::{now, today};
use crate::web::{Errors, Form, Menu, Shell};

fn asking(role: Role) -> Asking {
    let form = || Form::new("proof", now());
    Asking { approve: form().named("approve"), answer: form().named("answer"), prescriber: role == Role::Prescriber }
}

fn view(taper: &Taper, dossier: &Dossier, role: Role, asking: Asking) -> View {
    let shell = Shell::sample(role, Menu::Plans).back_to("Plans", Menu::Plans.href());
    View::new(shell, taper.banner(), dossier, Catalogue::ours(), asking, now())
}

fn shown(taper: &Taper, role: Role) -> View {
    view(taper, &taper.dossier(0), role, asking(role))
}

/// Drafts of which nothing is known yet, all but one thing, and which continue after an earlier plan.
fn with_gaps(draft: &Taper) -> Vec<View> {
    let (mut unknown, mut nearly) = (draft.clone(), draft.clone());
    unknown.file.plan.baseline = None;
    if let Some(known) = &mut nearly.file.plan.baseline {
        known.taken_off = None;
    }
    let ended = EndedPlan {
        plan: "earlier".to_owned(),
        began_on: days_before(today(), 600),
        ended_on: days_before(today(), 400),
        lowest: Amount::from_ug(125).into(),
    };
    let again = Dossier { resumes: Some(ended), ..draft.dossier(0) };
    vec![
        shown(&unknown, Role::Prescriber),
        shown(&unknown, Role::Nurse),
        shown(&nearly, Role::Prescriber),
        view(draft, &again, Role::Prescriber, asking(Role::Prescriber)),
    ]
}

/// A draft that can be approved, one whose baseline has passed, one with no words, one with no steps, one with no products.
fn drafts(reductions: u32, written: &Written) -> Vec<View> {
    let draft = Taper::drafted(reductions, 0, written.clone());
    let bare = Taper::drafted(1, 0, Written { text: String::new(), ..written.clone() });
    let mut stepless = draft.clone();
    stepless.file.plan.steps.clear();
    let unmakeable = Dossier { shelves: Shelves::default(), ..draft.dossier(0) };
    vec![
        shown(&draft, Role::Prescriber),
        shown(&draft, Role::Pharmacist),
        shown(&Taper::drafted(reductions, 3, written.clone()), Role::Prescriber),
        shown(&bare, Role::Prescriber),
        shown(&stepless, Role::Prescriber),
        view(&draft, &unmakeable, Role::Prescriber, asking(Role::Prescriber)),
    ]
}

/// Begun and waiting, signed ahead, held, paused, sent back, answered, complete, ended.
fn running(reductions: u32, written: &Written) -> Vec<View> {
    let running = |days_ago| Taper::running(reductions, days_ago, written.clone());
    let some = |done| (1..=done).fold(running(14 * done + 3), |taper, n| taper.signed(n, 14 * (done - n)));
    let held = PlanAct::Held { n: 1, reassess_on: days_after(today(), 20) };
    let back = running(20).then(3, PlanAct::Returned { n: 1 });
    let mut answered = back.clone();
    answered.file.plan.version = 2;
    let mut ended = some(reductions);
    ended.file.state = PlanState::Ended;
    let mut to_begin = running(0);
    to_begin.file.plan.baseline_on = days_after(today(), 2);
    let all = [
        to_begin,
        running(2),
        running(19).signed(1, 5),
        running(10).signed_ahead(1),
        running(20).then(3, held),
        running(10).signed_ahead(1).then(0, PlanAct::Paused { n: 1 }),
        back,
        answered.then(0, PlanAct::Approved { version: 2 }),
        some(reductions - 1),
        some(reductions),
        ended,
    ];
    all.iter().flat_map(|taper| [shown(taper, Role::Prescriber), shown(taper, Role::Nurse)]).collect()
}

/// An approval, and an answer, that came back.
fn refused(written: &Written) -> Vec<View> {
    let draft = Taper::drafted(3, 0, written.clone());
    let back = Taper::running(3, 20, written.clone()).then(3, PlanAct::Returned { n: 1 });
    let errors = || {
        let mut errors = Errors::from(Refusal::RationaleShort);
        errors.push("password", "Enter your password again.");
        errors.push("", written.text.clone());
        errors
    };
    let spoiled =
        |prefix| Form::new("proof", now()).with("rationale", written.text.clone()).spoiled(errors()).named(prefix);
    let approve = Asking { approve: spoiled("approve"), ..asking(Role::Prescriber) };
    let answer = Asking { answer: spoiled("answer"), ..asking(Role::Prescriber) };
    vec![
        view(&draft, &draft.dossier(0), Role::Prescriber, approve),
        view(&back, &back.dossier(0), Role::Prescriber, answer),
    ]
}

impl View {
    /// Drafts, running plans and forms that came back: with usual words, the longest, and hostile ones.
    pub fn samples() -> Vec<View> {
        let all = [(1, Written::usual()), (3, Written::usual()), (30, Written::longest()), (3, Written::hostile())];
        let views = |(reductions, written): &(u32, Written)| {
            let gaps = with_gaps(&Taper::drafted(*reductions, 0, written.clone()));
            [drafts(*reductions, written), gaps, running(*reductions, written), refused(written)]
        };
        all.iter().flat_map(views).flatten().collect()
    }
}
