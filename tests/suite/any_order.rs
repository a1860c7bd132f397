//! Every act on a plan, tried in any order, in zones whose clocks change: the doses are what a naive model says they are.

mod allowed;
mod asked;
mod changed;
mod laid;
mod model;
mod tries;
mod ward;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use proptest::prelude::*;
use stepdown::care::amount::Amount;
use stepdown::care::calendar::{Slot, Zone, days_after};
use stepdown::care::medicine::conversion::Conversion;
use stepdown::care::round::as_needed::barred::Barred;
use stepdown::care::taper::fact::{PlanAct, PlanFact};
use stepdown::care::taper::level::{Reduction, Standing};
use stepdown::care::taper::plan::{Medicine, Plan, Regimen, Step};

use self::allowed::{Around, was_allowed};
use self::model::Colour;
use self::tries::in_any_order;
use self::ward::{LATE, Ward};
use crate::cross_taper::crossed;

/// A zone, a day a week before its clocks change, and slots of which one lies in the hour concerned.
const PLACES: [(&str, &str, [&str; 2]); 4] = [
    ("Europe/Berlin", "2026-10-18", ["02:00", "20:00"]),
    ("Europe/Berlin", "2026-03-22", ["02:00", "14:00"]),
    ("America/New_York", "2026-03-01", ["00:00", "02:00"]),
    ("Asia/Kolkata", "2026-11-20", ["08:00", "23:00"]),
];

fn slots(place: usize) -> [Slot; 2] {
    PLACES[place].2.map(|slot| slot.parse().expect("a slot"))
}

/// What a taper is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// One medicine, every day alike.
    Plain,
    /// From the first reduction on every third day goes without.
    Nights,
    /// One medicine takes the place of another, time by time, and is reduced afterwards.
    Cross,
}

fn plan(place: usize, shape: Shape, cuts: &[(u64, u32)]) -> Plan {
    let (mut steps, conversion) = match shape {
        Shape::Cross => crossing(place, cuts),
        _ => (going_down(place, cuts), None),
    };
    if shape == Shape::Nights {
        steps.iter_mut().skip(1).for_each(|step| {
            let day = step.cycle.clone();
            step.cycle = [&day[..], &day, &model::nothing_of(&day)].concat();
        });
    }
    Plan {
        id: "plan".into(),
        facility: "alder".into(),
        resident: "resident".into(),
        medicine: Medicine("clonazepam".into()),
        version: 1,
        indication: "panic disorder".into(),
        reason: "two falls".into(),
        protocol: "by-hand".into(),
        settings: BTreeMap::new(),
        conversion,
        baseline_on: steps[0].planned_on,
        first_reduction_on: steps[1].planned_on,
        goal: steps.last().map(Step::daily).unwrap_or_default(),
        steps,
        authors: BTreeSet::from(["prescriber".to_owned()]),
        baseline: None,
        late: None,
    }
}

/// Both doses of clonazepam swapped for diazepam, whole or half by half, each step as many days as are drawn.
fn crossing(place: usize, cuts: &[(u64, u32)]) -> (Vec<Step>, Option<Conversion>) {
    let doses = slots(place).map(|slot| (slot, 1_000, 20_000));
    let (draft, _) = crossed(&doses, cuts.len().is_multiple_of(2), "percent-of-initial").expect("a cross-taper");
    let mut steps = going_down(place, &cuts[..1]);
    steps.truncate(1);
    steps.extend(draft.steps);
    let (mut planned_on, lasts) = (steps[0].planned_on, cuts.iter().map(|cut| cut.1).cycle());
    for (step, days) in steps.iter_mut().zip([5].into_iter().chain(lasts)) {
        step.planned_on = planned_on;
        step.least_days = step.least_days.map(|_| days);
        planned_on = days_after(planned_on, days);
    }
    (steps, draft.conversion)
}

/// Down from 2 mg by what is drawn, both slots alike or one after the other, to nothing or to what is left.
fn going_down(place: usize, cuts: &[(u64, u32)]) -> Vec<Step> {
    let medicine = Medicine("clonazepam".into());
    let [first, second] = slots(place);
    let mut each = [1_000u64, 1_000];
    let (mut planned_on, mut steps) = (PLACES[place].1.parse().expect("a day"), Vec::new());
    for (ordinal, (cut, least)) in [(0, 5)].iter().chain(cuts).enumerate() {
        let slot = ordinal % 2;
        each[slot] = each[slot].saturating_sub(cut * 125);
        if ordinal == cuts.len() && cut % 2 == 0 {
            each = [0, 0];
        }
        let doses = [(first, each[0]), (second, each[1])].map(|(slot, ug)| (slot, Amount::from_ug(ug)));
        let cycle = vec![Regimen::of(&medicine, doses)];
        let least_days = (ordinal < cuts.len()).then_some(*least);
        steps.push(Step { ordinal: ordinal as u32, planned_on, least_days, cycle });
        planned_on = days_after(planned_on, *least);
    }
    steps
}

/// As-needed doses of a medicine are barred exactly where it is suspended, or its level a question.
fn as_needed_doses_are_barred_where_nobody_has_decided(ward: &Ward) -> Result<(), TestCaseError> {
    let Some(last) = ward.model.last().filter(|last| last.colour != Colour::Away) else { return Ok(()) };
    let medicine = &ward.plan().medicine;
    let barred = Barred::by(&ward.course(), &ward.facts, medicine, ward.zone);
    let suspended = last.colour == Colour::Ordered && last.cycle[0].daily().is_zero();
    let taken = |cycle: &[Regimen]| cycle.iter().any(|day| !day.daily_of(medicine).is_zero());
    let of_this = last.colour == Colour::Ordered && taken(&last.of_step) && !taken(&last.cycle);
    let expected = suspended || of_this || last.colour == Colour::Undecided;
    prop_assert_eq!(barred.is_some(), expected, "{:?}", last);
    let decided_at = ward.facts.last().map_or(ward.now, |fact| fact.at);
    prop_assert!(barred.is_none_or(|barred| barred.since <= decided_at), "from the decision on at the latest");
    Ok(())
}

/// What makes people look again leaves nothing in force of which the first dose could still have been given otherwise; and
/// nothing is taken back of which one was given.
fn nothing_signed_is_left_ahead(ward: &Ward, fact: &PlanFact) -> Result<(), TestCaseError> {
    let course = ward.course();
    let taken_back = |r: &Reduction| r.standing == Standing::Void { by_fact: fact.id.clone() };
    let absent = matches!(fact.act, PlanAct::Left { .. });
    for n in course.reductions.iter().filter(|r| taken_back(r)).map(|r| r.n) {
        prop_assert!(absent || !ward.recorded().contains(&n), "{:?} took back {}, of which a dose was given", fact, n);
    }
    let looks_again = matches!(
        fact.act,
        PlanAct::Held { .. } | PlanAct::Alarmed { .. } | PlanAct::Returned { .. } | PlanAct::StopAsked
    );
    let last = course.stages.last().filter(|_| looks_again);
    if let Some((last, n)) = last.and_then(|last| Some((last, last.n?))) {
        let first = last.first_slot();
        let late = ward.zone.at(first.on, first.slot) < ward.now - LATE;
        prop_assert!(late || ward.recorded().contains(&n), "{:?} left {:?} ahead", fact, last);
    }
    Ok(())
}

/// A stop that waits falls with whatever shows the resident otherwise, or decides another dose.
fn a_stop_waits_until_it_is_answered_or_overtaken(ward: &Ward) -> Result<(), TestCaseError> {
    let course = ward.course();
    let agrees = course.ended || course.stop_asked.is_some() == ward.model.stop_asked;
    prop_assert!(agrees, "a stop waits: {:?}, after {:?}", course.stop_asked, ward.facts.last());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_decided_in_whatever_order_the_dose_is_what_was_last_signed_or_ordered(
        place in 0..PLACES.len(),
        shape in prop::sample::select(vec![Shape::Plain, Shape::Nights, Shape::Cross]),
        cuts in prop::collection::vec((1u64..4, 1u32..16), 1..6),
        tries in in_any_order(),
    ) {
        let zone: Zone = PLACES[place].0.parse().expect("a zone");
        let mut ward = Ward::new(plan(place, shape, &cuts), zone);
        for (later, attempt) in tries {
            ward.now += TimeDelta::hours(later);
            ward.lay_out();
            let (before, decided, given) = (ward.model.clone(), ward.facts.len(), ward.given.clone());
            ward.attempt(attempt);
            for fact in &ward.facts[decided..] {
                let mut makers = ward.makers();
                makers.insert("a maker".to_owned());
                let around = Around { makers: &makers, recorded: &ward.recorded(), after: &ward.model };
                was_allowed(&before, fact, &around).map_err(TestCaseError::fail)?;
                nothing_signed_is_left_ahead(&ward, fact)?;
            }
            prop_assert!(given.iter().all(|(key, level)| ward.given.get(key) == Some(level)), "what was given changed");
            ward.agrees().map_err(TestCaseError::fail)?;
            as_needed_doses_are_barred_where_nobody_has_decided(&ward)?;
            a_stop_waits_until_it_is_answered_or_overtaken(&ward)?;
        }
    }
}
