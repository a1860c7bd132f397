//! What is known of an invented taper when its reduction is decided, for the samples of pages that show it.

use std::collections::BTreeSet;

use super::tapers::Taper;
use super::{now, shelf, slot, today};
use crate::care::amount::Amount;
use crate::care::calendar::{Moment, days_before};
use crate::care::incident::Mistake;
use crate::care::round::outcome::Outcome;
use crate::care::round::taper_alert::Because;
use crate::care::severe_sign::Sign;
use crate::care::taper::fact::PlanAct;
use crate::care::taper::guideline::Adherence;
use crate::care::taper::plan::{Medicine, Regimen};
use crate::care::taper::risks::Risks;
use crate::care::taper::snapshot::{
    AlertKept, AsNeededKept, DayTaken, InErrorKept, Made, NotGiven, OrderKept, ReleaseKept, SignKept, Snapshot,
};

/// Everything that can be known, in the words of the taper; of two medicines.
pub fn snapshot(taper: &Taper) -> Snapshot {
    let text = &taper.written.text;
    let plan = &taper.file.plan;
    let amount = Amount::from_ug(750);
    let medicines: BTreeSet<Medicine> = [plan.medicine.clone(), Medicine("diazepam".to_owned())].into();
    let day = |back: u32, medicine: &Medicine| DayTaken {
        on: days_before(today(), back),
        medicine: medicine.clone(),
        planned: amount,
        signed: amount,
        given: if back == 3 { Amount::ZERO } else { amount },
        open: back % 2,
    };
    let not_given = |outcome| NotGiven {
        on: days_before(today(), 3),
        slot: slot("20:00"),
        medicine: plan.medicine.clone(),
        amount,
        given: Amount::ZERO,
        outcome,
        reason: text.clone(),
        vomited_minutes: outcome.map(|_| 25),
    };
    let used = |effect: &str| AsNeededKept {
        given_at: now(),
        medicine: plan.medicine.clone(),
        given: amount,
        why: text.clone(),
        effect: effect.to_owned(),
    };
    let alert = |done: &str, by: &str| AlertKept {
        since: now(),
        because: [Because::TwoInARow].into(),
        done: done.to_owned(),
        by: by.to_owned(),
    };
    let wrong = InErrorKept {
        given_at: now(),
        medicine: plan.medicine.clone(),
        given: amount,
        mistake: Mistake::GivenTwice,
        what: text.clone(),
    };
    let order = |ordered| OrderKept { at: now(), by: taper.written.name.clone(), ordered, why: text.clone() };
    let from = Moment::start_of(today());
    let made = |pieces| Made { slot: slot("08:00"), medicine: plan.medicine.clone(), amount, pieces };
    let names = [("nurse".to_owned(), taper.written.name.clone())].into();
    Snapshot {
        since: Some(plan.baseline_on),
        adherence: Adherence { given: 25, planned: 28, vomited: 1 },
        handed: 3,
        days: (0..4).rev().flat_map(|back| medicines.iter().map(move |one| day(back, one))).collect(),
        not_given: vec![not_given(None), not_given(Some(Outcome::Refused))],
        signs: signs(taper),
        orders: vec![
            order(PlanAct::SteppedBack { step: 0, from }),
            order(PlanAct::Ordered { regimen: Regimen::default(), from }),
        ],
        alerts: vec![alert("", ""), alert(text, "Dr Helen Marsh")],
        as_needed: vec![used(""), used("Helped a little")],
        in_error: vec![wrong],
        scores_asked: true,
        scores: taper.scores().iter().map(|score| score.kept(&names)).collect(),
        risks: Risks::of(plan, &taper.resident(), today()),
        pieces: vec![made(None), made(shelf().pieces(amount))],
        supply: vec![format!("clonazepam: lasts until 09 Dec 2026. {}", taper.written.name)],
        stock: shelf().products().map(|product| product.full_name.clone()).collect(),
    }
}

/// One that nobody has released, and one that a prescriber has.
fn signs(taper: &Taper) -> Vec<SignKept> {
    let text = &taper.written.text;
    let release = ReleaseKept { at: now(), by: taper.written.name.clone(), why: text.clone() };
    let sign = |released| SignKept { sign: Sign::Seizure, seen_at: now(), note: text.clone(), released };
    vec![sign(None), sign(Some(release))]
}
