//! The doses that lie ready, held against the model: each slot, each coat of paint.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use stepdown::care::amount::Amount;
use stepdown::care::calendar::Moment;
use stepdown::care::taper::fact::{PlanAct, PlanFact};
use stepdown::care::taper::level::Standing;
use stepdown::care::taper::plan::Plan;
use stepdown::care::taper::schedule::{DoseKey, DoseLevel, LaidDose};

use super::model::{Coat, Colour, Due, Model};

/// P1 and P5: what lies ready at each slot up to a day is what the model says is due there, by the same fact, and nothing
/// else. What was recorded stays as it was given.
pub fn as_told(
    model: &Model,
    rows: &BTreeMap<DoseKey, LaidDose>,
    given: &BTreeMap<DoseKey, DoseLevel>,
    until: NaiveDate,
) -> Result<(), String> {
    let plan = model.plan();
    let first = rows.keys().next();
    for on in plan.baseline_on.iter_days().take_while(|on| *on <= until) {
        for key in keys_of(plan, on) {
            let row = rows.get(&key).filter(|row| !row.recorded);
            if row.is_none() && (given.contains_key(&key) || first.is_some_and(|first| key < *first)) {
                continue;
            }
            let laid = row.filter(|row| !row.void).map(|row| said(&row.level));
            let due = due_by(model, &key);
            if laid != due {
                return Err(format!("{key:?} lies ready as {laid:?}, and the model says {due:?}"));
            }
        }
    }
    match rows.values().find(|row| row.recorded && given.get(&row.key) != Some(&row.level)) {
        Some(row) => Err(format!("{row:?} was given as {:?}", given.get(&row.key))),
        None => Ok(()),
    }
}

/// How much, by which fact, and whether nobody has decided it.
pub type Said = (Amount, String, bool);

pub fn said(level: &DoseLevel) -> Said {
    (level.amount, level.authorised_by.clone(), level.undecided)
}

/// What the model says is due as a dose.
pub fn due_by(model: &Model, key: &DoseKey) -> Option<Said> {
    let Due::Dose { regimen, by, undecided } = model.due(Moment { on: key.on, slot: key.slot }) else { return None };
    let line = regimen.doses().find(|dose| dose.slot == key.slot && dose.medicine == key.medicine);
    line.map(|dose| (dose.amount, by, undecided))
}

/// Every slot of the plan's first day, for each of its medicines.
fn keys_of(plan: &Plan, on: NaiveDate) -> impl Iterator<Item = DoseKey> {
    let slots: BTreeSet<_> = plan.steps[0].cycle[0].slots().into_iter().collect();
    let medicines = plan.medicines();
    slots.into_iter().flat_map(move |slot| {
        medicines.clone().into_iter().map(move |medicine| DoseKey { on, slot, medicine: medicine.clone() })
    })
}

/// The rule above all rules. Where the wall shows less than the hours before, somebody signed it, ordered it or
/// countersigned a stop; what is void is not in force; and a reduction keeps its number for ever.
pub fn nothing_lower_than_signed(
    model: &Model,
    facts: &[PlanFact],
    standings: &[(u32, Standing)],
) -> Result<(), String> {
    let fact = |coat: &Coat| facts.iter().find(|fact| fact.id == coat.by).expect("a fact that says so");
    let coats = model.coats();
    let here: Vec<&Coat> = coats.iter().copied().filter(|coat| coat.colour != Colour::Away).collect();
    for pair in here.windows(2) {
        let (before, after) = (pair[0], pair[1]);
        let lower = after.average(model.plan()) < before.average(model.plan());
        let signed =
            matches!(fact(after).act, PlanAct::Signed { .. } | PlanAct::Ordered { .. } | PlanAct::Stopped { .. });
        if lower && !signed {
            return Err(format!("{after:?} lowers {before:?}"));
        }
    }
    for (place, (n, standing)) in (1..).zip(standings) {
        let void = matches!(standing, Standing::Void { .. });
        if void && coats.iter().any(|coat| coat.signed == Some(*n)) {
            return Err(format!("reduction {n} is void and in force"));
        }
        if place != *n {
            return Err(format!("reduction {n} stands at place {place}"));
        }
    }
    Ok(())
}
