//! Two plans of one medicine on one day: the first is stopped in the course of it, and the second begins. No dose of that day is
//! lost between them, and none is given twice.

use crate::browser_like::{Served, Shown, Visitor};
use crate::desk::{approve, doses_on, id_of, laid, lay_out, open, running, save};
use crate::ending::end;
use crate::house::{House, at, on_both};
use crate::ward;

const TODAY: &str = "2026-11-28";
const FROM_TODAY: [(&str, &str); 2] = [("baseline_on", TODAY), ("first_reduction_on", "2026-12-12")];
const LATE: [(&str, &str); 2] = [("outcome", "given"), ("reason", "L2")];

fn at_time(house: &House, time: &str) {
    house.clock.set(at(&format!("{TODAY}T{time}:00Z")));
}

/// A running plan of 1 mg at 08:00 and 20:00, eight days old.
fn begun(house: &House) -> (Served, String) {
    let served = open(house);
    let plan = running(&served);
    at_time(house, "07:00");
    lay_out(house, &plan);
    (served, plan)
}

/// Asked for and countersigned at a time of today.
fn stop(house: &House, served: &Served, plan: &str, time: &str) {
    at_time(house, time);
    let why = |who: &str| format!("Seen by the {who} at the bedside: breathing shallow, hard to wake since noon.");
    for (who, act) in [("prescriber", "stop-request"), ("pharmacist", "stop")] {
        let stopped = end(&served.signed_in(who), plan, act, &why(who));
        assert_eq!(stopped.status, 303, "{}", stopped.text());
    }
}

/// Another plan is drafted and its approval asked for.
fn another(served: &Served, fields: &[(&str, &str)]) -> (String, Shown) {
    let prescriber = served.signed_in("prescriber");
    let plan = save(&prescriber, fields);
    let approved = approve(&prescriber, &plan);
    (plan, approved)
}

fn dose(house: &House, plan: &str, slot: &str) -> String {
    let mut doses = laid(house, plan, ward::day(TODAY)).into_iter();
    let found = doses.find(|dose| dose.key.on == ward::day(TODAY) && dose.key.slot.to_string() == slot);
    format!("/doses/{}", found.unwrap().id)
}

fn record(nurse: &Visitor, dose: &str, fields: &[(&str, &str)]) -> Shown {
    nurse.fill(&nurse.get(dose), &format!("{dose}/administration"), fields)
}

/// Failure 1484211: what was due before is asked for, recorded and counted, whichever plan is approved after it.
#[test]
fn what_was_due_under_a_stopped_plan_is_still_recorded_after_another_was_approved_on_the_same_day() {
    on_both(|house| {
        let (served, plan) = begun(house);
        stop(house, &served, &plan, "15:00");
        assert_eq!(doses_on(house, &plan, TODAY), [1_000, 0]);
        let (other, approved) = another(&served, &FROM_TODAY);
        assert_eq!(approved.status, 303, "{}", approved.text());
        assert_eq!(doses_on(house, &plan, TODAY), [1_000], "the morning’s is still asked for");
        assert_eq!(doses_on(house, &other, TODAY), [1_000], "the evening’s is the new plan’s alone");
        let (nurse, morning) = (served.signed_in("nurse"), dose(house, &plan, "08:00"));
        assert_eq!(doses_on(house, &plan, "2026-11-29"), [] as [u64; 0]);
        let now = record(&nurse, &morning, &LATE);
        assert_eq!(now.status, 422, "{}", now.text());
        assert!(now.text().contains("A prescriber ordered at 15:00: do not give this dose"), "{}", now.text());
        let given = record(&nurse, &morning, &[("outcome", "given"), ("reason", "L3"), ("given_at", "08:05")]);
        assert_eq!(given.status, 303, "{}", given.text());
        assert_eq!(house.count("administrations WHERE outcome = 'given'"), 1);
    });
}

#[test]
fn a_plan_starts_on_no_day_of_which_a_dose_was_given_ahead_under_the_one_before() {
    on_both(|house| {
        let (served, plan) = begun(house);
        at_time(house, "19:05");
        ward::give(house, id_of(&plan), TODAY, "20:00");
        stop(house, &served, &plan, "19:10");
        let (other, refused) = another(&served, &FROM_TODAY);
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.text().contains("starts on 29 Nov 2026"), "{}", refused.text());
        assert_eq!(doses_on(house, &other, TODAY), [] as [u64; 0]);
        at_time(house, "20:00");
        let later = approve(&served.signed_in("prescriber"), &other);
        assert_eq!(later.status, 303, "its time has come: {}", later.text());
    });
}

#[test]
fn a_dose_on_time_keeps_its_distance_from_one_given_under_the_plan_before() {
    on_both(|house| {
        let (served, plan) = begun(house);
        at_time(house, "11:30");
        let given = record(&served.signed_in("nurse"), &dose(house, &plan, "08:00"), &LATE);
        assert_eq!(given.status, 303, "{}", given.text());
        stop(house, &served, &plan, "12:00");
        let (other, approved) =
            another(&served, &[&FROM_TODAY[..], &[("slot_1", "14:00"), ("slot_2", "22:00")]].concat());
        assert_eq!(approved.status, 303, "{}", approved.text());
        at_time(house, "14:05");
        let (nurse, afternoon) = (served.signed_in("nurse"), dose(house, &other, "14:00"));
        let page = nurse.get(&afternoon);
        assert!(!page.has("form.now"), "no single tap: {}", page.text());
        assert!(page.text().contains("1 mg given 28 Nov 2026 11:30, under the plan before"), "{}", page.text());
        let refused = record(&nurse, &afternoon, &[("outcome", "given")]);
        assert_eq!((refused.status, house.count("administrations")), (422, 1), "{}", refused.text());
        assert!(refused.text().contains("A dose was given at 11:30"), "{}", refused.text());
        let word = [("prescriber", "prescriber"), ("called_at", "14:04"), ("read_back", "yes")];
        let asked = record(&nurse, &afternoon, &[&[("outcome", "given")], &word[..]].concat());
        assert_eq!(asked.status, 303, "{}", asked.text());
        at_time(house, "21:55");
        let evening = dose(house, &other, "22:00");
        assert_eq!(record(&served.signed_in("nurse"), &evening, &[("outcome", "given")]).status, 303, "far enough");
    });
}
