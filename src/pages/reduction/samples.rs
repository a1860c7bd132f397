//! Reductions to be rendered by the test of every page.

use super::Sight;
use super::view::{Decisive, Kind, View};
use crate::care::calendar::{days_after, days_before};
use crate::care::medicine::shelves::Shelves;
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::care::taper::level::PlanAct;
use crate::care::taper::statement::{Change, Statement, meaning};
use crate::web::parts::conversion::ConversionView;
use crate::web::parts::samples::snapshots::snapshot;
use crate::web::parts::samples::tapers::{Taper, Written, staff};
use crate::web::parts::samples::{now, today};
use crate::web::{Errors, Form, Menu, Shell};

/// Reduction `n` of a taper, to somebody of whom we know the id.
fn sight(taper: &Taper, n: u32) -> Sight {
    let dossier = taper.dossier(n);
    let waits = dossier.found.case.course.waiting().is_some_and(|open| open.n == n);
    let signed = taper.file.facts.iter().any(|fact| fact.act.kind() == "signed" && fact.act.n() == Some(n));
    Sight {
        banner: taper.banner(),
        evidence: taper.evidence().filter(|_| waits),
        checked_on: waits.then(today),
        snapshot: waits.then(|| snapshot(taper)),
        swap: ConversionView::samples().pop().map(|(_, view)| view).filter(|_| !waits),
        statement: signed.then(|| statement(taper, n)),
        corrected: Vec::new(),
        registration: taper.written.name.clone(),
        n,
        reduction: dossier
            .found
            .case
            .course
            .reduction(n)
            .cloned()
            .expect("a sample is of a reduction that was asked for"),
        dossier,
    }
}

fn statement(taper: &Taper, n: u32) -> String {
    let (plan, resident, written) = (&taper.file.plan, taper.resident(), &taper.written);
    let regimen = |step| plan.step(step).map(|step| step.regimen().clone()).unwrap_or_default();
    let (from, to) = (regimen(n.saturating_sub(1)), regimen(n));
    let change = plan.step(n.saturating_sub(1)).zip(plan.step(n)).map(|(from, to)| Change::new(plan, from, to));
    let checks = taper.evidence().map(|evidence| evidence.checks).unwrap_or_default();
    let statement = Statement {
        meaning: meaning(
            &plan.medicine.0,
            &plan.daily_of(&from),
            &plan.daily_of(&to),
            to.slots().first().copied(),
            today(),
        ),
        signer: written.name.clone(),
        registration: written.name.clone(),
        signed_at: now(),
        resident: resident.name(),
        resident_number: resident.number,
        born_on: resident.born_on,
        medicine: plan.medicine.0.clone(),
        plan_version: plan.version,
        n,
        change: change.filter(|_| n != 2),
        from,
        to,
        effective_on: today(),
        rationale: written.text.clone(),
        flags_reason: written.text.clone(),
        checks: checks.iter().map(Into::into).collect(),
        snapshot: (n != 2).then(|| snapshot(taper)),
    };
    serde_json::to_string(&statement).expect("a statement is always written")
}

fn shell(role: Role) -> Shell {
    Shell::sample(role, Menu::Reductions).back_to("Reductions waiting", Menu::Reductions.href())
}

fn to_pharmacist(taper: &Taper, n: u32, person: &str, forms: Decisive) -> View {
    let by = staff(person, &taper.written.name);
    View::new(shell(Role::Pharmacist), &sight(taper, n), Some(&by), None, forms, now())
}

/// As a pharmacist who made no plan reads it, and as a nurse does.
fn read(taper: &Taper, n: u32) -> [View; 2] {
    let pausing = Form::new("proof", now()).named("pause");
    let to_nurse = View::new(shell(Role::Nurse), &sight(taper, n), None, Some(pausing), fresh(), now());
    [to_pharmacist(taper, n, "pharmacist", fresh()), to_nurse]
}

/// Nothing is in stock that makes these doses.
fn unmakeable(taper: &Taper) -> View {
    let mut sight = sight(taper, 1);
    sight.dossier.shelves = Shelves::default();
    let by = staff("pharmacist", &taper.written.name);
    View::new(shell(Role::Pharmacist), &sight, Some(&by), None, fresh(), now())
}

fn fresh() -> Decisive {
    Decisive::fresh("proof", now())
}

/// Waiting, not yet, late, held, sent back, signed ahead, in force, overtaken, withdrawn and paused; and one's own plan.
fn standings(reductions: u32, written: &Written) -> Vec<View> {
    let running = |days_ago| Taper::running(reductions, days_ago, written.clone());
    let held = PlanAct::Held { n: 1, reassess_on: days_after(today(), 20) };
    let ahead = || running(10).signed_ahead(1);
    let in_force = running(19).signed(1, 5);
    let last =
        (1..reductions).fold(running(14 * reductions + 6), |taper, n| taper.signed(n, 14 * (reductions - n) + 6));
    let all = [
        (running(10), 1),
        (running(2), 1),
        (running(40), 1),
        (running(20).then(3, held.clone()), 1),
        (running(20).then(3, PlanAct::Returned { n: 1 }), 1),
        (ahead(), 1),
        (in_force.clone(), 1),
        (in_force, 2),
        (ahead().then(0, held), 1),
        (ahead().then(0, PlanAct::Withdrawn { n: 1 }), 1),
        (ahead().then(0, PlanAct::Paused { n: 1 }), 1),
        (last, reductions),
    ];
    let known = |(taper, n): &(Taper, u32)| taper.file.course().reduction(*n).is_some();
    let mut views: Vec<View> = all.iter().filter(|one| known(one)).flat_map(|(taper, n)| read(taper, *n)).collect();
    views.push(unmakeable(&running(10)));
    views.push(to_pharmacist(&running(10), 1, "prescriber", fresh()));
    views
}

/// Every form as it came back, and as it is lost where the plan moved meanwhile.
fn refused(written: &Written) -> Vec<View> {
    let waiting = Taper::running(3, 10, written.clone());
    let ahead = waiting.clone().signed_ahead(1);
    let mut errors = Errors::from(Refusal::RationaleShort);
    for field in ["effective_on", "reassess_on", "flags_reason", "password", ""] {
        errors.push(field, written.text.clone());
    }
    let form = || {
        let form = Form::new("proof", now()).spoiled(errors.clone());
        let on = days_before(today(), 1).to_string();
        ["effective_on", "reassess_on"]
            .iter()
            .fold(form, |form, field| form.with(field, on.clone()))
            .with("rationale", written.text.clone())
            .with("flags_reason", written.text.clone())
    };
    let kinds = [(Kind::Sign, &waiting), (Kind::Hold, &waiting), (Kind::Return, &ahead), (Kind::Withdraw, &ahead)];
    let view = |(kind, taper): (Kind, &Taper), moved| {
        to_pharmacist(taper, 1, "pharmacist", fresh().answered(kind, form(), moved))
    };
    let moved = (Kind::Sign, &ahead);
    kinds.into_iter().map(|one| view(one, false)).chain([view(moved, true)]).collect()
}

impl View {
    /// Every standing and every form that came back: with usual words, the longest, and hostile ones.
    pub fn samples() -> Vec<View> {
        let all = [(1, Written::usual()), (3, Written::usual()), (30, Written::longest()), (3, Written::hostile())];
        all.iter()
            .flat_map(|(reductions, written)| [standings(*reductions, written), refused(written)])
            .flatten()
            .collect()
    }
}
