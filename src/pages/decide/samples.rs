//! Pages of decisions to be rendered by the test of every page.

use super::view::{Forms, Kind};
use super::{Reader, Sight, View};
use crate::care::absence::{BackOn, Elsewhere};
use crate::care::amount::Amount;
use crate::care::calendar::{Moment, days_after, days_before};
use crate::care::people::Role;
use crate::care::taper::level::PlanAct;
use crate::care::taper::plan::Regimen;
use crate::store::absences::AbsenceEnd;
use crate::web::parts::samples::tapers::{Taper, Written};
use crate::web::parts::samples::{HOSTILE, now, shelves, slot, today};
use crate::web::{Errors, Form, Menu, Shell};

fn sight(taper: &Taper) -> Sight {
    let dossier = taper.dossier(0);
    let prescribers = vec![("prescriber".to_owned(), format!("Dr {}", taper.written.name))];
    let back = vec![back(&dossier.found.file.plan.id, &taper.written.name)];
    Sight { banner: taper.banner(), shelves: shelves(), prescribers, back, dossier }
}

/// Home with a letter that says another dose.
fn back(plan: &str, words: &str) -> AbsenceEnd {
    let elsewhere = Elsewhere {
        plan: plan.to_owned(),
        last_at: Some(now()),
        last_amount: Some(Amount::from_ug(1_000)),
        back_on: BackOn::Other,
        letter: words.to_owned(),
        settled: false,
    };
    AbsenceEnd {
        id: "end".to_owned(),
        absence: "absence".to_owned(),
        back_at: now(),
        elsewhere: vec![elsewhere],
        note: words.to_owned(),
        by: "nurse".to_owned(),
        at: now(),
    }
}

fn view(taper: &Taper, who: Reader, forms: Forms) -> View {
    let sight = sight(taper);
    let shell = Shell::sample(Role::Prescriber, Menu::Plans).back_to("The whole plan", "/plans");
    View::new(shell, &sight, who, &taper.written.name, forms).previewing(&sight)
}

/// Every field is wrong, and full of what somebody typed.
fn wrong(kind: Kind) -> Forms {
    let mut errors = Errors::none();
    for field in ["", "step", "amount_1", "amounts", "reassess_on", "rationale", "password", "prescriber", "called_at"]
        .into_iter()
        .chain(["read_back", "second_username", "second_password"])
    {
        errors.push(field, HOSTILE);
    }
    let form = Form::new("proof", now()).with("rationale", HOSTILE).with("amount_1", "0.5").with("amount_2", HOSTILE);
    fresh().answered(kind, form.spoiled(errors))
}

fn fresh() -> Forms {
    Forms::fresh("proof", now())
}

/// Nothing to order yet; a first step; many steps and one ahead; on hold; ordered; away and back; ended.
fn all(written: &Written) -> Vec<Taper> {
    let running = |reductions, days_ago| Taper::running(reductions, days_ago, written.clone());
    let yesterday = Moment { on: days_before(today(), 1), slot: slot("20:00") };
    let half = |ug| ["08:00", "20:00"].map(|at| (slot(at), Amount::from_ug(ug)));
    let medicine = running(3, 1).file.plan.medicine;
    let ordered = |ug| PlanAct::Ordered { regimen: Regimen::of(&medicine, half(ug)), from: yesterday };
    let left = |from| PlanAct::Left { absence: "stay".to_owned(), from };
    let back = PlanAct::CameBack { absence: "stay".to_owned(), from: yesterday, settled: false };
    let two_days_ago = Moment::start_of(days_before(today(), 2));
    vec![
        Taper::drafted(3, 0, written.clone()),
        running(3, 1),
        (1..20).fold(running(20, 300), |taper, n| taper.signed(n, 290 - 14 * n)).signed_ahead(20),
        running(3, 20).signed(1, 2).then(1, PlanAct::Held { n: 2, reassess_on: days_after(today(), 9) }),
        running(3, 20).signed(1, 3).then(1, ordered(0)),
        running(3, 20).signed(1, 3).then(1, ordered(125)),
        running(3, 20).then(2, left(two_days_ago)),
        running(3, 20).then(2, left(two_days_ago)).then(1, back),
        running(1, 30).signed(1, 3).then(0, PlanAct::Finished),
    ]
}

impl View {
    pub fn samples() -> Vec<View> {
        let written = [Written::usual(), Written::longest(), Written::hostile()];
        let readers = [Reader::Prescriber, Reader::Nurse, Reader::Pharmacist];
        let kinds = [Kind::StepBack, Kind::Suspend, Kind::Lower, Kind::Hold, Kind::EndHold];
        let tapers: Vec<Taper> = written.iter().flat_map(all).collect();
        let seen = tapers.iter().flat_map(|taper| readers.map(|who| view(taper, who, fresh())));
        let spoiled = kinds.iter().flat_map(|kind| readers.map(|who| view(&tapers[3], who, wrong(*kind))));
        seen.chain(spoiled).collect()
    }
}
