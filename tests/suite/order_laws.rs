//! The laws of orders: whatever is ordered, in whatever order, never raises a dose; a step back never lowers one; and
//! what was due before stays as it was.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};
use proptest::prelude::*;
use stepdown::care::amount::Amount;
use stepdown::care::calendar::{Moment, Slot, days_after};
use stepdown::care::medicine::product::Products;
use stepdown::care::medicine::shelves::Shelves;
use stepdown::care::medicine::tablets::Shelf;
use stepdown::care::people::{Confirmed, Staff};
use stepdown::care::refusal::Refusal;
use stepdown::care::taper::level::{Course, Footing, PlanAct, PlanFact, Standing};
use stepdown::care::taper::order::Urgent;
use stepdown::care::taper::plan::{Medicine, Plan, Regimen, Step};
use stepdown::care::taper::reduction::{Case, Decision, SignAsk};
use stepdown::care::taper::schedule::{DoseKey, DoseLevel, LaidDose, dose_id, doses_between, lay_out};

const MORNING: &str = "08:00";
const EVENING: &str = "20:00";

fn slot(text: &str) -> Slot {
    text.parse().unwrap()
}

fn medicine() -> Medicine {
    Medicine("clonazepam".into())
}

fn baseline_on() -> NaiveDate {
    "2026-11-20".parse().unwrap()
}

fn regimen(morning: u64, evening: u64) -> Regimen {
    let doses = [(slot(MORNING), Amount::from_ug(morning)), (slot(EVENING), Amount::from_ug(evening))];
    Regimen::of(&medicine(), doses)
}

/// 1 mg twice a day down to nothing in four steps; with `nights`, step 3 leaves out every second evening.
fn plan(nights: bool) -> Plan {
    let step = |ordinal: u32| {
        let each = 1_000 - 250 * u64::from(ordinal);
        let mut cycle = vec![regimen(each, each)];
        if nights && ordinal == 3 {
            cycle.push(regimen(each, 0));
        }
        let planned_on = days_after(baseline_on(), 3 * ordinal);
        Step { ordinal, planned_on, least_days: (ordinal < 4).then_some(3), cycle }
    };
    Plan {
        id: "plan".into(),
        facility: "alder".into(),
        resident: "resident".into(),
        medicine: medicine(),
        version: 1,
        indication: "panic disorder".into(),
        reason: "two falls".into(),
        protocol: "by-hand".into(),
        settings: BTreeMap::new(),
        conversion: None,
        baseline_on: baseline_on(),
        first_reduction_on: days_after(baseline_on(), 3),
        goal: Amount::ZERO,
        steps: (0..=4).map(step).collect(),
        authors: BTreeSet::from(["prescriber".to_owned()]),
        baseline: None,
        late: None,
    }
}

/// Something somebody tries.
#[derive(Debug, Clone)]
enum Try {
    /// So many doses are given, or left out.
    Go {
        doses: u32,
        given: bool,
    },
    Sign {
        later: u32,
    },
    Hold {
        days: u32,
    },
    EndHold,
    StepBack {
        step: u32,
    },
    Suspend,
    Lower {
        morning: u64,
        evening: u64,
    },
    Leave,
    Return {
        settled: bool,
    },
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let quarter = || (0u64..6).prop_map(|quarters| quarters * 250);
    let one = prop_oneof![
        8 => (1u32..9, any::<bool>()).prop_map(|(doses, given)| Try::Go { doses, given }),
        6 => (0u32..8).prop_map(|later| Try::Sign { later }),
        1 => (1u32..20).prop_map(|days| Try::Hold { days }),
        1 => Just(Try::EndHold),
        3 => (0u32..6).prop_map(|step| Try::StepBack { step }),
        1 => Just(Try::Suspend),
        2 => (quarter(), quarter()).prop_map(|(morning, evening)| Try::Lower { morning, evening }),
        1 => Just(Try::Leave),
        1 => any::<bool>().prop_map(|settled| Try::Return { settled }),
    ];
    prop::collection::vec(one, 1..50)
}

struct Ward {
    plan: Plan,
    facts: Vec<PlanFact>,
    /// The next dose: so many slots after the baseline’s first.
    next: u32,
    rows: Vec<LaidDose>,
}

fn moment(nth: u32) -> Moment {
    let slot = if nth.is_multiple_of(2) { slot(MORNING) } else { slot(EVENING) };
    Moment { on: days_after(baseline_on(), nth / 2), slot }
}

impl Ward {
    fn new(nights: bool) -> Ward {
        let mut ward = Ward { plan: plan(nights), facts: Vec::new(), next: 0, rows: Vec::new() };
        ward.keep(Decision::new(PlanAct::Approved { version: 1 }, String::new()));
        ward
    }

    fn today(&self) -> NaiveDate {
        moment(self.next).on
    }

    fn keep(&mut self, decision: Decision) {
        let seq = self.facts.len() as u32 + 1;
        let (id, by, on) = (format!("fact-{seq}"), "somebody".to_owned(), self.today());
        let at = on.and_time(NaiveTime::MIN).and_utc();
        let Decision { act, rationale, telephone, .. } = decision;
        let ahead_from = (seq > 1).then(|| self.case().ahead_from());
        self.facts.push(PlanFact { id, seq, by, at, on, ahead_from, rationale, telephone, act });
        self.lay_out();
    }

    /// As the store does it: rows that nobody recorded follow the level.
    fn lay_out(&mut self) {
        let wanted = doses_between(&self.course(), baseline_on(), days_after(self.today(), 14));
        let change = lay_out(wanted, self.rows.clone());
        for (id, level) in change.follow {
            let row = self.rows.iter_mut().find(|row| row.id == id).unwrap();
            (row.level, row.void) = (level, false);
        }
        for id in change.void {
            self.rows.iter_mut().find(|row| row.id == id).unwrap().void = true;
        }
        for (key, level) in change.lay {
            self.rows.push(LaidDose { id: dose_id("plan", &key), key, level, void: false, recorded: false });
        }
    }

    fn course(&self) -> Course {
        Course::of(&[&self.plan], &self.facts)
    }

    fn case(&self) -> Case {
        let today = self.today();
        Case {
            plan: self.plan.clone(),
            course: self.course(),
            today,
            sign_ahead_days: 7,
            first_free_day: days_after(today, 1),
            next: moment(self.next),
            makers: self.plan.authors.clone(),
            last_rationale: None,
            signed_by: None,
            needs_reason: false,
            evidence_moved: false,
            checks_unseen: false,
            begun: None,
        }
    }

    fn go(&mut self, doses: u32, given: bool) {
        for _ in 0..doses {
            let Moment { on, slot } = moment(self.next);
            let due = self.rows.iter_mut().find(|row| row.key.on == on && row.key.slot == slot && !row.void);
            if let Some(row) = due {
                row.recorded = given && !row.level.amount.is_zero() && !row.level.undecided;
            }
            self.next += 1;
        }
        self.lay_out();
    }

    fn decided(&self, attempt: &Try) -> Result<Decision, Refusal> {
        let (case, why) = (self.case(), "Slept through five nights, no tremor on Tuesday.");
        let staff = Staff { person: "pharmacist".into(), name: "P".into(), facility: "alder".into() };
        let confirmed = Confirmed { person: "pharmacist".into() };
        let from = moment(self.next);
        let footing = case.course.footing();
        match attempt {
            Try::Go { .. } => unreachable!("time passes, nobody decides"),
            Try::Sign { later } => {
                let n = case.course.waiting().map_or(0, |open| open.n);
                let effective_on = days_after(self.today(), *later);
                let (rationale, flags_reason) = (why.to_owned(), String::new());
                case.sign(&staff, &confirmed, &SignAsk { n, effective_on, rationale, flags_reason })
            }
            Try::Hold { days } => case.hold_plan(days_after(self.today(), *days), why),
            Try::EndHold => case.end_hold(&staff, &confirmed, why),
            Try::StepBack { step } => case.step_back(Some(*step), &shelves(), why),
            Try::Suspend => case.order(&Urgent::Suspend, &shelves(), why),
            Try::Lower { morning, evening } => case.order(&Urgent::Lower(regimen(*morning, *evening)), &shelves(), why),
            // Absences are another room’s decision; orders have to live with them.
            Try::Leave if footing != Footing::Away => {
                Ok(Decision::new(PlanAct::Left { absence: "a".into(), from }, String::new()))
            }
            Try::Return { settled } if footing == Footing::Away => {
                let act = PlanAct::CameBack { absence: "a".into(), from, settled: *settled };
                Ok(Decision::new(act, String::new()))
            }
            Try::Leave | Try::Return { .. } => Err(Refusal::PlanMoved),
        }
    }
}

fn shelves() -> Shelves {
    Shelves::one(&medicine(), Shelf::plain(Products::ours(), &medicine()))
}

type Doses = BTreeMap<DoseKey, DoseLevel>;

fn doses_of(course: &Course, today: NaiveDate) -> Doses {
    doses_between(course, baseline_on(), days_after(today, 20))
}

fn is_from(key: &DoseKey, from: Moment) -> bool {
    Moment { on: key.on, slot: key.slot } >= from
}

/// What was due before the next dose stays as it was, whoever decides whatever.
fn the_past_stays(before: &Doses, after: &Doses, next: Moment) -> Result<(), TestCaseError> {
    let past = |doses: &Doses| {
        doses.iter().filter(|(key, _)| !is_from(key, next)).map(|(k, l)| (k.clone(), l.clone())).collect::<Vec<_>>()
    };
    prop_assert_eq!(past(before), past(after));
    Ok(())
}

/// No dose from now on is more than the level that was in force at the next dose gave at that time of day, on the least
/// of its days.
fn nothing_is_raised(stage_before: &Step, after: &Doses, next: Moment) -> Result<(), TestCaseError> {
    for (key, level) in after.iter().filter(|(key, _)| is_from(key, next)) {
        let least = stage_before.cycle.iter().map(|day| day.amount(key.slot, &key.medicine)).min().unwrap_or_default();
        prop_assert!(level.amount <= least, "{:?} raises {} to {}", key, least, level.amount);
    }
    Ok(())
}

/// Ordered down to the highest day of the step with evenings without: its evenings off still come.
#[test]
fn steps_with_nights_without_still_come_after_an_order_for_their_highest_dose() {
    let mut ward = Ward::new(true);
    ward.go(3, true);
    let ordered = ward.decided(&Try::Lower { morning: 250, evening: 250 }).unwrap();
    ward.keep(ordered);
    let coming = ward.case().coming_steps();
    let told: Vec<_> = coming.iter().map(|step| (step.ordinal, step.cycle.len(), step.daily().ug())).collect();
    assert_eq!(told, [(2, 2, 500), (3, 1, 0)], "not from 500 micrograms to nothing at once");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn orders_never_raise_steps_back_never_lower_and_the_past_stays(nights in any::<bool>(), tries in tries()) {
        let mut ward = Ward::new(nights);
        let mut void: BTreeSet<u32> = BTreeSet::new();
        for attempt in &tries {
            if let Try::Go { doses, given } = attempt {
                ward.go(*doses, *given);
                continue;
            }
            let (before, next) = (ward.course(), moment(ward.next));
            let recorded: Vec<LaidDose> = ward.rows.iter().filter(|row| row.recorded).cloned().collect();
            let decision = ward.decided(attempt);
            if let Ok(decision) = decision.clone() {
                ward.keep(decision);
            }
            let (after, today) = (ward.course(), ward.today());
            let doses = doses_of(&after, today);
            the_past_stays(&doses_of(&before, today), &doses, next)?;
            let kept: Vec<LaidDose> = ward.rows.iter().filter(|row| row.recorded).cloned().collect();
            prop_assert_eq!(recorded, kept, "what was recorded stays");
            match (attempt, &decision) {
                (Try::Suspend | Try::Lower { .. }, Ok(_)) => {
                    let was = before.stage_at(next).expect("a level to lower");
                    nothing_is_raised(&was.step, &doses, next)?;
                    prop_assert!(after.waiting().is_none(), "no reduction waits while an order stands");
                }
                (Try::StepBack { step }, Ok(_)) => {
                    let was = before.stage_at(next).expect("a level to step back from");
                    let is = after.stage_at(next).expect("a level");
                    prop_assert_eq!(is.step.ordinal, *step);
                    prop_assert!(is.step.daily() >= was.step.daily() && is.step.ordinal <= was.step.ordinal);
                    prop_assert!(was.footing != Footing::Planned || is.step.ordinal < was.step.ordinal);
                }
                (Try::Sign { .. }, Ok(_)) => {
                    prop_assert!(!matches!(before.footing(), Footing::Ordered | Footing::Undecided | Footing::Away));
                }
                _ => {}
            }
            let fresh = after.reductions.iter().filter(|r| matches!(r.standing, Standing::Void { .. }));
            void.extend(fresh.map(|r| r.n));
            prop_assert!(after.stages.iter().all(|s| s.n.is_none_or(|n| !void.contains(&n))), "a void signature took effect");
        }
    }
}

#[test]
fn a_cycle_of_days_is_ordered_down_to_its_least_day() {
    let mut ward = Ward::new(true);
    for n in 1..=3 {
        ward.go(8, true);
        let signed = ward.decided(&Try::Sign { later: 1 });
        ward.keep(signed.unwrap_or_else(|why| panic!("step {n}: {why}")));
    }
    ward.go(2, true);
    assert_eq!(ward.case().most().unwrap(), regimen(250, 0));
    assert_eq!(ward.decided(&Try::Lower { morning: 250, evening: 250 }).unwrap_err().code(), "order_raises");
    let lowered = ward.decided(&Try::Lower { morning: 250, evening: 0 }).expect("no day of the cycle is raised");
    ward.keep(lowered);
}

/// Stepped back and then ordered lower before the next dose: the step before both is lower still, and no way back.
#[test]
fn a_step_below_what_is_ordered_is_no_step_back() {
    let mut ward = Ward::new(false);
    for later in [3, 2] {
        let signed = ward.decided(&Try::Sign { later }).expect("a reduction that waits");
        ward.keep(signed);
        ward.go(8, true);
    }
    for attempt in [Try::StepBack { step: 0 }, Try::Lower { morning: 500, evening: 750 }] {
        let decided = ward.decided(&attempt).unwrap_or_else(|why| panic!("{attempt:?}: {why}"));
        ward.keep(decided);
    }
    assert_eq!(ward.decided(&Try::StepBack { step: 2 }), Err(Refusal::StepBackNot));
    assert!(ward.decided(&Try::StepBack { step: 0 }).is_ok(), "what was decided before the order");
}

/// A signature that never took effect is no step to go back to: an order rests on what was in force.
#[test]
fn an_order_rests_on_the_step_in_force_and_not_on_one_signed_ahead() {
    let mut ward = Ward::new(false);
    let signed = ward.decided(&Try::Sign { later: 3 }).expect("three days ahead");
    ward.keep(signed);
    let lowered = ward.decided(&Try::Lower { morning: 1_000, evening: 750 }).expect("less than 2 mg");
    ward.keep(lowered);
    assert_eq!(ward.course().stages.last().map(|stage| stage.step.ordinal), Some(0));
    assert_eq!(ward.decided(&Try::StepBack { step: 1 }), Err(Refusal::StepBackNot), "it would start the reduction");
    let back = ward.decided(&Try::StepBack { step: 0 }).expect("what was interrupted");
    ward.keep(back);
}
