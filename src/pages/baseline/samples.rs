//! Baselines to be rendered by the test of every page.

use super::Desk;
use super::view::View;
use crate::care::amount::Amount;
use crate::care::calendar::days_before;
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::care::taper::baseline::entry;
use crate::store::dossiers::EndedPlan;
use crate::web::parts::samples::tapers::{Taper, Written, baseline};
use crate::web::parts::samples::{facility, now, today};
use crate::web::{Errors, Form, Link, Menu, Shell};

fn desk(written: &Written, ended: usize) -> Desk {
    let taper = Taper::drafted(3, 0, written.clone());
    let plan = |days| EndedPlan {
        plan: format!("plan-{days}"),
        began_on: days_before(today(), days),
        ended_on: days_before(today(), days - 200),
        lowest: Amount::from_ug(125).into(),
    };
    Desk {
        banner: taper.banner(),
        resident: taper.resident(),
        facility: facility(),
        today: today(),
        ended: (1..=ended as u32).map(|n| plan(n * 400)).collect(),
        file: taper.file,
    }
}

fn view(desk: &Desk, form: Form) -> View {
    View::new(Shell::sample(Role::Prescriber, Menu::Plans).back_to("The draft", "/plans/plan"), desk, form)
}

fn form() -> Form {
    Form::new("proof", now()).with("revision", "0")
}

/// The form with everything answered.
fn filled(written: &Written) -> Form {
    let fields = entry::written(&baseline(written));
    fields.into_iter().fold(form(), |form, (field, value)| form.with(&field, value))
}

/// Every field is wrong at once.
fn refused(written: &Written) -> Form {
    let mut errors = Errors::from(Refusal::SinceInFuture);
    for (field, _) in entry::written(&baseline(written)) {
        errors.push(&field, written.text.clone());
    }
    errors.push("", written.text.clone());
    filled(written).with("resumes", "plan-400").spoiled(errors)
}

impl View {
    /// Nothing answered, all answered, all wrong, and a draft that moved; with usual words, the longest, hostile ones.
    pub fn samples() -> Vec<View> {
        let each = |written: Written| {
            let desk = desk(&written, 2);
            let mut moved = view(&desk, filled(&written));
            moved.moved = Some(Link::new("Open the draft as it stands now", "/plans/plan"));
            [view(&desk, form()), view(&desk, filled(&written)), view(&desk, refused(&written)), moved]
        };
        let empty = view(&desk(&Written::usual(), 0), form());
        let all = [Written::usual(), Written::longest(), Written::hostile()].into_iter().flat_map(each);
        std::iter::once(empty).chain(all).collect()
    }
}
