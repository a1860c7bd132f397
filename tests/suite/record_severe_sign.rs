//! A severe sign: nothing of the resident is signed after it, and a suspected overdose stops every sedative.

use stepdown::acts::ActError;
use stepdown::acts::record_dose::{RecordDose, record_dose};
use stepdown::acts::record_severe_sign::{RecordSevereSign, record_severe_sign};
use stepdown::acts::release_reductions::{ReleaseReductions, release_reductions};
use stepdown::acts::sign_reduction::{SignReduction, sign_reduction};
use stepdown::care::people::{Confirmed, Nurse, Pharmacist, Prescriber, Role, Staff};
use stepdown::care::refusal::Refusal;
use stepdown::care::register::source::StockAsk;
use stepdown::care::round::administration::RecordAsk;
use stepdown::care::round::identity::IdentityAsk;
use stepdown::care::round::outcome::Outcome;
use stepdown::care::severe_sign::{Onlooker, SevereSign, Sign, SignAsk};
use stepdown::care::taper::level::Course;
use stepdown::care::taper::reduction::SignAsk as Signing;
use stepdown::store::{doses, plans};

use crate::house::{FACILITY, House, RESIDENT, at, beside, on_both};
use crate::ward::{self, day, id};

fn staff(person: &str) -> Staff {
    Staff { person: person.into(), name: person.into(), facility: FACILITY.into() }
}

fn record(house: &House, form: &str, sign: Sign) -> Result<SevereSign, ActError> {
    let by = Onlooker::of(staff("nurse"), |role| role == Role::Nurse).unwrap();
    let sign = SignAsk { sign: Some(sign), ..SignAsk::default() };
    let ask = RecordSevereSign { form: form.into(), resident: RESIDENT.into(), sign };
    house.db.write(move |conn, now| record_severe_sign(conn, &by, &ask, now))
}

fn release(house: &House, of_sign: &str, rationale: &str) -> Result<(), ActError> {
    let ask = ReleaseReductions { form: id(), of_sign: of_sign.into(), rationale: rationale.into() };
    let confirmed = Confirmed { person: "prescriber".into() };
    house.db.write(move |conn, now| {
        release_reductions(conn, &Prescriber(staff("prescriber")), &confirmed, &ask, now).map(|_| ())
    })
}

const WHY: &str = "Seen by the neurologist; the seizure came with a fever that is gone since Tuesday.";

fn sign(house: &House, plan: &str, n: u32, effective_on: &str) -> Result<(), ActError> {
    let sign = Signing {
        n,
        effective_on: day(effective_on),
        rationale: format!("Calm, steady on her feet and sleeping through; reduction {n} is right now."),
        flags_reason: "The cut is larger than guidelines like, and was agreed with her and her doctor.".into(),
    };
    let ask = SignReduction { form: id(), plan: plan.into(), sign, seen: None };
    let confirmed = Confirmed { person: "pharmacist".into() };
    house.db.write(move |conn, now| {
        sign_reduction(conn, &Pharmacist(staff("pharmacist")), &confirmed, &ask, now).map(|_| ())
    })
}

fn course(house: &House, plan: &str) -> Course {
    house.db.read(|conn| plans::plan_load(conn, plan)).unwrap().course()
}

/// A plan at 1 mg daily, whose first reduction can be signed today for 5 December.
fn before_the_first_reduction(house: &House) -> String {
    let plan = ward::saturday(house, "06:00:00");
    house.clock.set(at("2026-12-03T09:00:00Z"));
    plan
}

#[test]
fn a_severe_sign_voids_what_is_signed_ahead_and_nothing_is_signed_until_a_prescriber_releases_it() {
    on_both(|house| {
        let plan = before_the_first_reduction(house);
        ward::sign(house, &plan, 1, "2026-12-05");
        assert!(course(house, &plan).ahead_of(day("2026-12-03")).is_some());
        let recorded = record(house, &id(), Sign::Seizure).unwrap();
        let after = course(house, &plan);
        assert!(after.ahead_of(day("2026-12-03")).is_none() && !after.withhold(), "{after:?}");
        assert_eq!(house.count("doses WHERE on_date >= '2026-12-05' AND amount_ug = 250 AND NOT void"), 0);
        let facts = house.count("plan_facts");
        assert_eq!(sign(house, &plan, 3, "2026-12-05"), Err(Refusal::SevereSignOpen.into()));
        assert_eq!(house.count("plan_facts"), facts, "nothing was saved");
        release(house, &recorded.id, WHY).unwrap();
        assert_eq!(release(house, &recorded.id, "Somebody else at the very same moment, in other words."), {
            Err(Refusal::SignReleased.into())
        });
        let again = after.waiting().map(|reduction| reduction.n).unwrap();
        sign(house, &plan, again, "2026-12-05").unwrap();
        assert_eq!(house.count("severe_sign_releases"), 1);
    });
}

#[test]
fn of_two_signs_each_is_released() {
    on_both(|house| {
        let plan = before_the_first_reduction(house);
        let first = record(house, &id(), Sign::Seizure).unwrap();
        let second = record(house, &id(), Sign::Delirium).unwrap();
        release(house, &first.id, WHY).unwrap();
        assert_eq!(sign(house, &plan, 1, "2026-12-05"), Err(Refusal::SevereSignOpen.into()));
        assert!(release(house, &second.id, WHY).is_err(), "the same words again");
        release(house, &second.id, "Clear since the bladder infection was treated; knows the day and the place.")
            .unwrap();
        let open = course(house, &plan).waiting().map(|reduction| reduction.n).unwrap();
        sign(house, &plan, open, "2026-12-05").unwrap();
    });
}

#[test]
fn a_repeated_post_gets_the_first_answer() {
    on_both(|house| {
        before_the_first_reduction(house);
        let form = id();
        let first = record(house, &form, Sign::Seizure).unwrap();
        let history = house.count("history");
        assert_eq!(record(house, &form, Sign::Seizure), Ok(first));
        assert_eq!((house.count("severe_signs"), house.count("history")), (1, history));
        // Whoever chose another sign before the answer had come is not told that it is saved.
        assert_eq!(record(house, &form, Sign::Overdose), Err(Refusal::FormReused.into()));
        assert_eq!((house.count("severe_signs"), house.count("history")), (1, history));
    });
}

/// Whoever is first: a signature is never in force after a sign that nobody has released.
#[test]
fn a_signature_and_a_severe_sign_at_once_leave_no_signature_ahead() {
    on_both(|house| {
        let plan = before_the_first_reduction(house);
        for round in 0..6 {
            let open = course(house, &plan).waiting().map(|reduction| reduction.n).unwrap();
            let form = id();
            let done = beside(2, |who| match who {
                0 => record(house, &form, Sign::Seizure).map(|_| ()),
                _ => sign(house, &plan, open, "2026-12-05"),
            });
            done[0].clone().unwrap();
            let after = course(house, &plan);
            assert!(after.ahead_of(day("2026-12-03")).is_none(), "{after:?}");
            assert!(done[1].is_ok() || done[1] == Err(Refusal::SevereSignOpen.into()), "{:?}", done[1]);
            let lower = house.count("doses WHERE on_date >= '2026-12-05' AND amount_ug = 250 AND NOT void");
            assert_eq!(lower, 0, "round {round}");
            release(house, &form, &format!("{WHY} This was visit number {round}.")).unwrap();
        }
    });
}

/// What is asked at a dose; `given_at` empty: now.
fn dose(house: &House, plan: &str, outcome: Outcome, reason: &str, given_at: &str) -> Result<(), ActError> {
    let rows = house.db.read(|conn| doses::doses_of_plan_from(conn, plan, day("2026-12-03"))).unwrap();
    let dose = rows.into_iter().find(|dose| dose.key.slot == "08:00".parse().unwrap()).unwrap();
    let record = RecordAsk {
        shown: dose.level.amount,
        revision: dose.revision,
        outcome: Some(outcome),
        part: String::new(),
        reason: reason.into(),
        note: String::new(),
        given_at: given_at.into(),
        sedation: String::new(),
    };
    let ask = RecordDose {
        form: id(),
        dose: dose.id,
        record,
        stock: StockAsk::default(),
        identity: IdentityAsk::default(),
        witness: None,
        word: Default::default(),
    };
    house.db.write(move |conn, now| record_dose(conn, &Nurse(staff("nurse")), &ask, now).map(|_| ()))
}

#[test]
fn after_a_suspected_overdose_nothing_is_given_until_a_prescriber_has_decided() {
    on_both(|house| {
        let plan = before_the_first_reduction(house);
        house.clock.set(at("2026-12-03T08:10:00Z"));
        let sign = record(house, &id(), Sign::Overdose).unwrap();
        house.clock.set(at("2026-12-03T08:20:00Z"));
        let refusal = Refusal::DoNotGive { what: "Suspected overdose".into(), at: "08:10".into() };
        assert_eq!(dose(house, &plan, Outcome::Given, "", ""), Err(refusal.clone().into()));
        assert_eq!(dose(house, &plan, Outcome::Given, "", "08:10"), Err(refusal.into()));
        assert_eq!(house.count("administrations"), 0);
        release(house, &sign.id, WHY).unwrap();
        dose(house, &plan, Outcome::Given, "", "").unwrap();
    });
}

#[test]
fn what_was_taken_before_the_sign_was_seen_and_what_was_withheld_after_it_are_recorded() {
    on_both(|house| {
        let plan = before_the_first_reduction(house);
        house.clock.set(at("2026-12-03T08:10:00Z"));
        record(house, &id(), Sign::Overdose).unwrap();
        house.clock.set(at("2026-12-03T08:20:00Z"));
        dose(house, &plan, Outcome::Given, "", "08:05").unwrap();
        assert_eq!(house.count("administrations WHERE given_at = '2026-12-03 08:05:00'"), 1);
    });
    on_both(|house| {
        let plan = before_the_first_reduction(house);
        house.clock.set(at("2026-12-03T08:10:00Z"));
        record(house, &id(), Sign::Overdose).unwrap();
        dose(house, &plan, Outcome::Withheld, "W1", "").unwrap();
    });
}

#[test]
fn a_seizure_stops_no_dose() {
    on_both(|house| {
        let plan = before_the_first_reduction(house);
        house.clock.set(at("2026-12-03T08:10:00Z"));
        record(house, &id(), Sign::Seizure).unwrap();
        dose(house, &plan, Outcome::Given, "", "").unwrap();
    });
}
