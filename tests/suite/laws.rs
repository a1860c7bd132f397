//! The promises as laws: whatever is decided, in whatever order, the dose follows the signatures.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate, NaiveTime};
use proptest::prelude::*;
use stepdown::care::amount::Amount;
use stepdown::care::calendar::{Moment, Slot, days_after, days_before};
use stepdown::care::people::{Confirmed, Staff};
use stepdown::care::taper::level::{Course, PlanAct, PlanFact, Standing};
use stepdown::care::taper::plan::{Medicine, Plan, Regimen, Step};
use stepdown::care::taper::reduction::{Case, SignAsk};
use stepdown::care::taper::schedule::{LaidDose, dose_id, doses_between, lay_out};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn slot(text: &str) -> Slot {
    text.parse().expect("a slot")
}

/// A plan of two slots that goes down by a quarter of its first dose each time, to nothing.
fn plan(least_days: &[u32]) -> Plan {
    let medicine = Medicine("clonazepam".into());
    let baseline_on = day("2026-11-20");
    let mut planned_on = baseline_on;
    let count = least_days.len() as u64;
    let mut steps = Vec::new();
    for ordinal in 0..=least_days.len() {
        let each = Amount::from_ug(1000 * (count - ordinal as u64) / count);
        let regimen = Regimen::of(&medicine, [(slot("08:00"), each), (slot("20:00"), each)]);
        let least = least_days.get(ordinal).copied();
        steps.push(Step { ordinal: ordinal as u32, planned_on, least_days: least, cycle: vec![regimen] });
        planned_on = days_after(planned_on, least.unwrap_or(0));
    }
    Plan {
        id: "plan".into(),
        facility: "alder".into(),
        resident: "resident".into(),
        medicine,
        version: 1,
        indication: "panic disorder".into(),
        reason: "two falls".into(),
        protocol: "by-hand".into(),
        settings: BTreeMap::new(),
        conversion: None,
        baseline_on,
        first_reduction_on: steps[1].planned_on,
        goal: Amount::ZERO,
        steps,
        authors: BTreeSet::from(["prescriber".to_owned()]),
        baseline: None,
        late: None,
    }
}

/// Something somebody tries to do, some days after the last thing.
#[derive(Debug, Clone)]
enum Try {
    Sign { later: u32 },
    Hold { days: u32 },
    SendBack,
    Approve,
    Withdraw,
    Pause,
    Record,
}

fn tries() -> impl Strategy<Value = Vec<(u32, Try)>> {
    let one = prop_oneof![
        6 => (0u32..9).prop_map(|later| Try::Sign { later }),
        2 => (1u32..30).prop_map(|days| Try::Hold { days }),
        1 => Just(Try::SendBack),
        2 => Just(Try::Approve),
        1 => Just(Try::Withdraw),
        1 => Just(Try::Pause),
        4 => Just(Try::Record),
    ];
    prop::collection::vec((0u32..12, one), 1..60)
}

/// A ward that tries things and keeps what was allowed.
struct Ward {
    plan: Plan,
    facts: Vec<PlanFact>,
    today: NaiveDate,
    recorded: BTreeSet<NaiveDate>,
}

impl Ward {
    fn new(plan: Plan) -> Ward {
        let today = plan.baseline_on;
        let mut ward = Ward { plan, facts: Vec::new(), today, recorded: BTreeSet::new() };
        ward.keep(PlanAct::Approved { version: 1 });
        ward
    }

    fn keep(&mut self, act: PlanAct) {
        let seq = self.facts.len() as u32 + 1;
        let at = self.today.and_time(NaiveTime::MIN).and_utc();
        let (id, by) = (format!("fact-{seq}"), "somebody".to_owned());
        // As facts were before they said what was in force: whatever began on a later day was not.
        let (on, ahead_from, rationale, telephone) = (self.today, None, String::new(), None);
        self.facts.push(PlanFact { id, seq, by, at, on, ahead_from, rationale, telephone, act });
    }

    fn course(&self) -> Course {
        Course::of(&[&self.plan], &self.facts)
    }

    fn case(&self, n: u32) -> Case {
        let course = self.course();
        let signed_from = match course.reduction(n).map(|r| r.standing.clone()) {
            Some(Standing::Signed { effective_on, .. }) => Some(effective_on),
            _ => None,
        };
        let free = |on: &NaiveDate| !self.recorded.contains(on);
        Case {
            plan: self.plan.clone(),
            today: self.today,
            sign_ahead_days: 7,
            next: Moment::start_of(days_after(self.today, 1)),
            first_free_day: days_after(self.today, 1).iter_days().find(free).expect("a free day"),
            makers: self.plan.authors.clone(),
            last_rationale: None,
            signed_by: None,
            needs_reason: false,
            evidence_moved: false,
            checks_unseen: false,
            begun: signed_from.filter(|from| self.recorded.range(*from..).next().is_some()).map(|_| n),
            course,
        }
    }

    /// What was decided, if the rules allowed it.
    fn attempt(&mut self, attempt: &Try) {
        let staff = Staff { person: "pharmacist".into(), name: "P".into(), facility: "alder".into() };
        let confirmed = Confirmed { person: "pharmacist".into() };
        let why = "Slept through five nights, no tremor on Tuesday.";
        let course = self.course();
        let open = course.waiting().map_or(1, |r| r.n);
        let signed = course
            .reductions
            .iter()
            .rev()
            .find(|r| matches!(r.standing, Standing::Signed { .. }))
            .map_or(open, |r| r.n);
        let decision = match attempt {
            Try::Sign { later } => {
                let ask = SignAsk {
                    n: open,
                    effective_on: days_after(self.today, *later),
                    rationale: why.into(),
                    flags_reason: String::new(),
                };
                self.case(open).sign(&staff, &confirmed, &ask)
            }
            Try::Hold { days } => self.case(open).hold(&staff, &confirmed, open, days_after(self.today, *days), why),
            Try::SendBack => self.case(open).send_back(&staff, &confirmed, open, why),
            Try::Withdraw => self.case(signed).withdraw(&staff, &confirmed, signed, why),
            Try::Pause => self.case(signed).pause(signed, why),
            Try::Approve => return self.keep(PlanAct::Approved { version: 1 }),
            Try::Record => {
                self.recorded.insert(self.today);
                return;
            }
        };
        if let Ok(decision) = decision {
            self.keep(decision.act);
        }
    }
}

/// P2, P3, P4: every stage rests on its own signature, is one step on from the one before, and not a day too early.
fn stages_are_lawful(ward: &Ward) -> Result<(), TestCaseError> {
    let course = ward.course();
    for pair in course.stages.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        prop_assert_eq!(after.step.ordinal, before.step.ordinal + 1, "one step a signature");
        let least = before.step.least_days.expect("not the last step");
        prop_assert!(after.from.on >= days_after(before.from.on, least), "least days are kept");
        prop_assert!(after.from.on >= after.step.planned_on, "not before its planned day");
        let fact = ward.facts.iter().find(|f| f.id == after.authorised_by).expect("a fact authorises it");
        prop_assert!(matches!(fact.act, PlanAct::Signed { .. }), "only a signature lowers");
        prop_assert!(after.from.on > fact.on, "a signature is never for today or the past");
        prop_assert_eq!(course.stage_on(after.from.on), Some(after), "it takes effect on its day");
        prop_assert_eq!(course.stage_on(days_before(after.from.on, 1)), Some(before), "and not a day earlier");
    }
    Ok(())
}

/// P1 and P5: on each day from the baseline on, each slot has exactly one dose, and it is the level's.
fn doses_follow_the_level(ward: &Ward) -> Result<(), TestCaseError> {
    let course = ward.course();
    let until = days_after(ward.today, 14);
    let doses = doses_between(&course, ward.plan.baseline_on, until);
    let complete = course.stages.last().is_some_and(|s| s.step.ordinal == ward.plan.last());
    for on in ward.plan.baseline_on.iter_days().take_while(|d| *d <= until) {
        let level = course.level_on(on).expect("a level on every day");
        let today: Vec<_> = doses.iter().filter(|(key, _)| key.on == on).collect();
        prop_assert!(today.len() == 2 || (complete && today.is_empty()), "two slots, two doses on {}", on);
        for (key, dose) in today {
            prop_assert_eq!(dose.amount, level.regimen.amount(key.slot, &key.medicine));
            prop_assert_eq!(&dose.authorised_by, &level.stage.authorised_by);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    /// Whatever is tried in whatever order, the level keeps P1 to P5; a day that has passed never changes its dose
    /// unless a nurse paused a reduction whose first dose nobody had recorded; and what was voided never comes back.
    #[test]
    fn the_level_follows_the_signatures_and_nothing_else(
        least in prop::collection::vec(1u32..20, 2..6),
        tries in tries(),
    ) {
        let mut ward = Ward::new(plan(&least));
        let mut void: BTreeSet<u32> = BTreeSet::new();
        for (later, attempt) in &tries {
            ward.today = days_after(ward.today, *later);
            let before = ward.course();
            ward.attempt(attempt);
            let after = ward.course();
            if !matches!(attempt, Try::Pause) {
                for on in ward.plan.baseline_on.iter_days().take_while(|d| *d <= ward.today) {
                    prop_assert_eq!(before.stage_on(on), after.stage_on(on), "{} rewrote {}", format!("{attempt:?}"), on);
                }
            }
            void.extend(after.reductions.iter().filter(|r| matches!(r.standing, Standing::Void { .. })).map(|r| r.n));
            prop_assert!(after.stages.iter().all(|s| s.n.is_none_or(|n| !void.contains(&n))), "a void signature took effect");
            prop_assert!(after.reductions.iter().enumerate().all(|(i, r)| r.n == i as u32 + 1), "numbers are for ever");
            stages_are_lawful(&ward)?;
            doses_follow_the_level(&ward)?;
        }
    }

    /// Citation 1482806: a reduction left about three days with no drug. Nobody signs, for as long as it takes:
    /// every day has its doses, at the last signed level.
    #[test]
    fn without_a_signature_the_dose_stays(least in prop::collection::vec(1u32..20, 2..6), days in 0u32..400) {
        let ward = Ward::new(plan(&least));
        let course = ward.course();
        let on = days_after(ward.plan.baseline_on, days);
        let level = course.level_on(on).expect("a level");
        prop_assert_eq!(level.stage.step.ordinal, 0);
        prop_assert_eq!(level.regimen.daily(), Amount::from_ug(2000));
    }

    /// H2 and H3: signed late by any delay, it starts on a later day than the signature, and the steps after it
    /// shift by the delay; none is compressed, none skipped.
    #[test]
    fn a_late_signature_shifts_every_later_step(delay in 0u32..90) {
        let mut ward = Ward::new(plan(&[14, 14, 7]));
        let planned = day("2026-12-04");
        ward.today = days_after(planned, delay);
        ward.attempt(&Try::Sign { later: 1 });
        let course = ward.course();
        prop_assert_eq!(course.stages.len(), 2);
        let from = course.stages[1].from.on;
        prop_assert_eq!(from, days_after(ward.today, 1));
        prop_assert_eq!(course.outlook(&ward.plan, ward.today), vec![(2, days_after(from, 14)), (3, days_after(from, 21))]);
    }

    /// Laying out again changes nothing; recorded rows stay; every other row follows the level.
    #[test]
    fn laying_out_twice_changes_nothing(tries in tries(), recorded in any::<u64>()) {
        let mut ward = Ward::new(plan(&[14, 7, 7]));
        let mut rows: Vec<LaidDose> = Vec::new();
        for (later, attempt) in tries.iter().take(20) {
            ward.today = days_after(ward.today, *later);
            ward.attempt(attempt);
            let wanted = || doses_between(&ward.course(), ward.plan.baseline_on, days_after(ward.today, 14));
            let change = lay_out(wanted(), rows.clone());
            apply(&mut rows, change);
            prop_assert!(lay_out(wanted(), rows.clone()).is_empty());
            for (i, row) in rows.iter_mut().enumerate() {
                row.recorded |= row.key.on <= ward.today && recorded >> (i % 64) & 1 == 1;
            }
        }
        let ids: BTreeSet<&String> = rows.iter().map(|r| &r.id).collect();
        prop_assert_eq!(ids.len(), rows.len(), "one row a dose");
    }
}

fn apply(rows: &mut Vec<LaidDose>, change: stepdown::care::taper::schedule::LayOut) {
    for (id, level) in change.follow {
        let row = rows.iter_mut().find(|r| r.id == id).expect("a row to follow");
        (row.level, row.void) = (level, false);
    }
    for id in change.void {
        rows.iter_mut().find(|r| r.id == id).expect("a row to void").void = true;
    }
    for (key, level) in change.lay {
        rows.push(LaidDose { id: dose_id("plan", &key), key, level, void: false, recorded: false });
    }
}

#[test]
fn a_hold_ends_in_a_question_never_in_a_reduction() {
    let mut ward = Ward::new(plan(&[14, 14]));
    ward.today = day("2026-12-01");
    ward.attempt(&Try::Hold { days: 20 });
    let course = ward.course();
    let until = day("2026-12-21");
    assert_eq!(course.held_until, Some(until));
    assert_eq!(course.due_on(), Some(until));
    let later = until.checked_add_days(Days::new(200)).expect("a later day");
    assert_eq!(course.stage_on(later).map(|s| s.step.ordinal), Some(0));
}

#[test]
fn a_signature_ahead_is_void_after_a_hold_and_asked_for_under_a_new_number() {
    let mut ward = Ward::new(plan(&[14, 14]));
    ward.today = day("2026-12-01");
    ward.attempt(&Try::Sign { later: 3 });
    assert!(ward.course().ahead_of(ward.today).is_some());
    let case = ward.case(1);
    let staff = Staff { person: "pharmacist".into(), name: "P".into(), facility: "alder".into() };
    let held = case.hold(
        &staff,
        &Confirmed { person: "pharmacist".into() },
        1,
        day("2026-12-10"),
        "Two bad nights, up at three, anxious since Sunday.",
    );
    ward.keep(held.expect("a hold is allowed").act);
    let course = ward.course();
    assert!(matches!(course.reduction(1).map(|r| &r.standing), Some(Standing::Void { .. })));
    assert_eq!(course.waiting().map(|r| (r.n, r.to.ordinal)), Some((3, 1)));
    assert_eq!(course.stage_on(day("2027-06-01")).map(|s| s.step.ordinal), Some(0));
}

#[test]
fn whoever_made_the_plan_cannot_sign_it() {
    let mut ward = Ward::new(plan(&[14, 14]));
    ward.today = day("2026-12-03");
    ward.plan.authors.insert("pharmacist".into());
    ward.attempt(&Try::Sign { later: 1 });
    assert_eq!(ward.facts.len(), 1, "nothing was signed");
}
