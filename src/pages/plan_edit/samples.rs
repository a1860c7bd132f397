//! Drafts to be rendered by the test of every page.

use super::fields::Entered;
use super::names::{
    MOST_SLOTS, MOST_STEPS, converted_field, daily_field, days_field, dose_field, slot_field, step_dose_field,
};
use super::view::{Discard, PreviewView, View};
use super::{Choose, fill};
use crate::care::catalogue::Catalogue;
use crate::care::people::Role;
use crate::care::resident::Allergies;
use crate::web::parts::samples::tapers::{Taper, Written};
use crate::web::parts::samples::{HOSTILE, now, resident, shelves, slot, today};
use crate::web::{Form, Link, Menu, Shell};

fn shell() -> Shell {
    Shell::sample(Role::Prescriber, Menu::Plans).back_to("Plans", Menu::Plans.href())
}

fn blank() -> Form {
    Form::new("proof", now())
}

fn empty(rounds: &[&str]) -> Form {
    let rounds: Vec<_> = rounds.iter().map(|at| slot(at)).collect();
    fill::empty(blank(), &rounds, Catalogue::ours(), today())
}

/// A page without a preview.
fn plain(written: &Written, form: Form) -> View {
    let banner = Taper::drafted(1, 0, written.clone()).banner();
    let stocked = ["clonazepam", "diazepam", "lorazepam", "unknown"].map(str::to_owned);
    View::new(shell(), banner, fill::with_defaults(form, Catalogue::ours()), Catalogue::ours(), &stocked)
}

/// The page with all that is wrong with the form, as it comes back, or with every step that would come of it.
fn answered(written: &Written, form: Form) -> View {
    let read = Entered::read(form.typed(), Catalogue::ours(), today());
    let drafted = read.and_then(|entered| entered.draft(&shelves()).map(|draft| (entered, draft)));
    let (entered, draft) = match drafted {
        Ok(both) => both,
        Err(errors) => return plain(written, form.spoiled(errors)),
    };
    let preview = PreviewView::new(&entered, &draft, &shelves()).ok();
    View { preview, ..plain(written, form) }
}

/// A taper by hand, as it was saved and is opened again.
fn opened(reductions: u32, written: &Written) -> View {
    let plan = Taper::drafted(reductions, 0, written.clone()).file.plan;
    let form = fill::of_plan(blank().with("revision", "3"), &plan, Catalogue::ours());
    let discard = Discard { form: blank().named("discard"), action: "/plans/plan/discard".to_owned() };
    View { discard: Some(discard), ..answered(written, form) }
}

/// Today's 2 mg, twice a day, tapered by a protocol.
fn by_protocol(protocol: &str, written: &Written) -> View {
    let form = ["08:00", "20:00"]
        .iter()
        .zip(1..)
        .fold(blank(), |form, (at, line)| form.with(&slot_field(line), *at).with(&dose_field(line), "1 mg"));
    let form = form.with("medicine", "clonazepam").with("protocol", protocol);
    let form = form.with("indication", written.text.clone()).with("why", written.text.clone());
    answered(written, fill::empty(form, &[], Catalogue::ours(), today()))
}

/// Every field holds these words, in as many lines as there may be.
fn filled_with(words: &str, written: &Written) -> View {
    let fields = ["medicine", "baseline_on", "first_reduction_on", "goal", "indication", "why"];
    let form = fields.iter().fold(blank().with("protocol", "by-hand"), |form, field| form.with(field, words));
    let slots = |form: Form, line| form.with(&slot_field(line), words).with(&dose_field(line), words);
    let form = (1..=MOST_SLOTS).fold(form, slots);
    let steps = |form: Form, step| {
        let form = form.with(&days_field(step), words).with(&daily_field(step), words);
        form.with(&step_dose_field(step, 1), words)
    };
    answered(written, (1..=MOST_STEPS).fold(form, steps))
}

/// 2 mg of clonazepam in two doses, swapped for diazepam by halves, and then reduced.
fn crossing(written: &Written, confirmed: &str, table: &str) -> View {
    let times = [("08:00", "1 mg", "20 mg"), ("20:00", "1 mg", "20 mg")];
    let form = (1..).zip(times).fold(blank(), |form, (line, (at, dose, converted))| {
        form.with(&slot_field(line), at).with(&dose_field(line), dose).with(&converted_field(line), converted)
    });
    let form = form.with("medicine", "clonazepam").with("to", "diazepam").with("table", table).with("halves", "yes");
    let form = form.with("protocol", "fixed-by-band").with("confirmed", confirmed);
    let form = form.with("indication", written.text.clone()).with("why", written.text.clone());
    answered(written, fill::empty(form, &[], Catalogue::ours(), today()))
}

/// A time that comes twice, a step that says its dose twice, a protocol's parameter that it does not know.
fn mistaken() -> [View; 3] {
    let written = Written::usual();
    let times = |second| {
        let form = blank().with("medicine", "clonazepam").with("slot_1", "08:00").with("dose_1", "1 mg");
        form.with("slot_2", second).with("dose_2", "1 mg")
    };
    let by_hand = times("20:00").with("protocol", "by-hand");
    let setting = times("20:00").with("protocol", "clonazepam-fixed").with("clonazepam-fixed.hold_days", "9");
    [
        times("08:00").with("protocol", "clonazepam-fixed"),
        by_hand.with("days_1", "x").with("daily_1", "1 mg").with("dose_1_1", "0.5 mg").with("days_2", "7"),
        setting,
    ]
    .map(|form| answered(&written, fill::empty(form, &[], Catalogue::ours(), today())))
}

impl View {
    /// Empty, previewed, opened again, mistaken, moved meanwhile, with the longest words and with hostile ones.
    pub fn samples() -> Vec<View> {
        let (usual, longest, hostile) = (Written::usual(), Written::longest(), Written::hostile());
        let moved = Some(Link::new("Open it as it stands now", "/plans/plan"));
        let mut views = vec![
            plain(&usual, empty(&[])),
            plain(&usual, empty(&["08:00", "12:00", "20:00"])),
            answered(&usual, empty(&["08:00"])),
            by_protocol("clonazepam-fixed", &usual),
            by_protocol("percent-of-current", &longest),
            by_protocol("percent-of-initial", &hostile),
            by_protocol("label-fixed", &usual),
            crossing(&usual, "clonazepam 08:00 1 20:00 1 diazepam", "ashton-2002"),
            crossing(&hostile, "", ""),
            crossing(&longest, "", HOSTILE),
            opened(3, &usual),
            opened(30, &longest),
            opened(3, &hostile),
            View { moved, ..opened(3, &usual) },
            filled_with(HOSTILE, &hostile),
            filled_with(&"W".repeat(80), &longest),
        ];
        views.extend(mistaken());
        views
    }
}

impl Choose {
    /// Nobody; somebody; a full house with the longest names; a hostile name.
    pub fn samples() -> Vec<Choose> {
        let named = |name: &str| resident("margit", name, Allergies::NotRecorded);
        let full = vec![named(&Written::longest().name); 300];
        let houses = [vec![], vec![named("Halvorsen")], full, vec![named(&Written::hostile().name)]];
        houses.iter().map(|house| Choose::new(shell(), house)).collect()
    }
}
