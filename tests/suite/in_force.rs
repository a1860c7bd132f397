//! A signed reduction is in force from its first dose on: what comes before that leaves the resident where they are.

use crate::browser_like::{Served, Visitor};
use crate::deciding::{at, decide};
use crate::desk::{self, doses_on, laid, lay_out, rationale, running, sign, written};
use crate::house::{House, RESIDENT, on_both};

const DAY: &str = "2026-12-04";
const BEFORE: [u64; 2] = [1_000, 1_000];
const LOWERED: [u64; 2] = [750, 750];

/// Reduction 1 is signed for today, whose first dose is at 08:00; nobody has given it.
fn on_its_day(house: &House, time: &str) -> (Served, String) {
    let served = desk::open(house);
    let plan = running(&served);
    at(house, "2026-11-28T09:00");
    lay_out(house, &plan);
    let signed = sign(&served.signed_in("pharmacist"), &format!("{plan}/reductions/1"), 1);
    assert_eq!(signed.status, 303, "{}", signed.text());
    at(house, &format!("{DAY}T{time}"));
    lay_out(house, &plan);
    assert_eq!(doses_on(house, &plan, DAY), LOWERED);
    (served, plan)
}

/// What makes people look again, each by whoever may.
const LOOKS_AGAIN: [fn(&Served, &str); 5] = [
    |served, plan| {
        let held = decide(&served.signed_in("prescriber"), plan, "hold", &[("reassess_on", "2026-12-30")]);
        assert_eq!(held.status, 303, "{}", held.text());
    },
    |served, plan| {
        let why = rationale(7);
        let held = [("reassess_on", "2026-12-30"), ("rationale", why.as_str())];
        let held = desk::decide(&served.signed_in("pharmacist"), &format!("{plan}/reductions/1"), "hold", &held);
        assert_eq!(held.status, 303, "{}", held.text());
    },
    |served, plan| {
        let why = rationale(8);
        let withdrawn = [("rationale", why.as_str())];
        let by = served.signed_in("pharmacist");
        let withdrawn = desk::decide(&by, &format!("{plan}/reductions/1"), "withdrawal", &withdrawn);
        assert_eq!(withdrawn.status, 303, "{}", withdrawn.text());
    },
    |served, _| {
        let nurse = served.signed_in("nurse");
        let address = format!("/residents/{RESIDENT}/severe-sign");
        let seen = nurse.fill(&nurse.get(&address), &address, &[("sign", "seizure")]);
        assert_eq!(seen.status, 303, "{}", seen.text());
    },
    |served, _| leaves(&served.signed_in("nurse"), "07:10"),
];

fn leaves(nurse: &Visitor, time: &str) {
    let address = format!("/residents/{RESIDENT}/absence");
    let left = [("kind", "hospital"), ("left_at", &*format!("{DAY}T{time}")), ("note", "Fell at night.")];
    let left = nurse.fill(&nurse.get(&address), &address, &left);
    assert_eq!(left.status, 303, "{}", left.text());
}

fn gives(served: &Served, house: &House, plan: &str, slot: &str) {
    let nurse = served.signed_in("nurse");
    let dose = laid(house, plan, DAY.parse().unwrap()).into_iter().find(|dose| dose.key.slot.to_string() == slot);
    let dose = format!("/doses/{}", dose.unwrap().id);
    let given = nurse.fill(&nurse.get(&dose), &format!("{dose}/administration"), &[]);
    assert_eq!(given.status, 303, "{}", given.text());
}

/// Whether reduction 1 has ended without taking effect.
fn is_void(served: &Served, plan: &str) -> bool {
    let page = served.signed_in("pharmacist").get(&format!("{plan}/reductions/1"));
    page.text().contains("ended without taking effect")
}

#[test]
fn on_the_morning_of_a_reduction_whatever_makes_people_look_again_leaves_the_level_where_it_was() {
    for (nth, act) in LOOKS_AGAIN.into_iter().enumerate() {
        on_both(|house| {
            let (served, plan) = on_its_day(house, "07:20");
            act(&served, &plan);
            assert!(is_void(&served, &plan), "{nth}");
            let away = nth == 4;
            assert_eq!(doses_on(house, &plan, DAY), if away { vec![] } else { BEFORE.to_vec() }, "{nth}");
        });
    }
}

#[test]
fn back_from_an_absence_that_began_before_its_first_dose_the_level_is_what_it_was() {
    on_both(|house| {
        let (served, plan) = on_its_day(house, "11:00");
        leaves(&served.signed_in("nurse"), "07:30");
        at(house, "2026-12-04T15:00");
        let nurse = served.signed_in("nurse");
        let back = crate::absences::comes_back(&nurse, desk::id_of(&plan), "2026-12-04T14:30", "same");
        assert_eq!(back.status, 303, "{}", back.text());
        assert_eq!(doses_on(house, &plan, DAY), [1_000], "the evening dose");
        assert!(is_void(&served, &plan));
    });
}

/// Whoever finds the bed empty may write that down before anybody has written down the absence.
#[test]
fn a_first_dose_that_was_recorded_as_not_given_because_they_had_left_begins_nothing() {
    on_both(|house| {
        let (served, plan) = on_its_day(house, "08:10");
        let nurse = served.signed_in("nurse");
        let dose = laid(house, &plan, DAY.parse().unwrap()).remove(0);
        let page = format!("/doses/{}", dose.id);
        let absent = [("outcome", "absent"), ("reason", "A1")];
        let absent = nurse.fill(&nurse.get(&page), &format!("{page}/administration"), &absent);
        assert_eq!(absent.status, 303, "{}", absent.text());
        at(house, "2026-12-04T08:30");
        leaves(&served.signed_in("nurse"), "07:00");
        at(house, "2026-12-04T15:00");
        let back =
            crate::absences::comes_back(&served.signed_in("nurse"), desk::id_of(&plan), "2026-12-04T14:30", "same");
        assert_eq!(back.status, 303, "{}", back.text());
        assert_eq!(doses_on(house, &plan, DAY).last(), Some(&1_000), "the evening dose");
        assert!(is_void(&served, &plan));
    });
}

#[test]
fn once_its_first_dose_was_given_early_it_stays_in_force_and_cannot_be_withdrawn() {
    for act in [LOOKS_AGAIN[0], LOOKS_AGAIN[3]] {
        on_both(|house| {
            let (served, plan) = on_its_day(house, "07:10");
            gives(&served, house, &plan, "08:00");
            act(&served, &plan);
            assert!(!is_void(&served, &plan));
            assert_eq!(doses_on(house, &plan, DAY), LOWERED);
        });
    }
    on_both(|house| {
        let (served, plan) = on_its_day(house, "07:10");
        gives(&served, house, &plan, "08:00");
        let before = written(house);
        let why = rationale(8);
        let (by, address) = (served.signed_in("pharmacist"), format!("{plan}/reductions/1/withdrawal"));
        let late = desk::forced(&by, &address, &[("rationale", &why)]);
        assert_eq!(late.status, 422, "{}", late.text());
        assert!(late.text().contains("in force already and cannot be withdrawn"), "{}", late.text());
        assert_eq!(written(house), before);
    });
}

#[test]
fn once_its_first_slot_is_over_it_is_in_force_although_nobody_recorded_that_dose() {
    on_both(|house| {
        let (served, plan) = on_its_day(house, "11:00");
        LOOKS_AGAIN[3](&served, &plan);
        assert!(!is_void(&served, &plan));
        assert_eq!(doses_on(house, &plan, DAY), LOWERED);
    });
}

#[test]
fn the_next_reduction_is_signed_once_this_one_is_in_force_and_not_before() {
    on_both(|house| {
        let (served, plan) = on_its_day(house, "07:10");
        house.plain_sql("UPDATE facilities SET sign_ahead_days = 14").unwrap();
        let (pharmacist, next) = (served.signed_in("pharmacist"), format!("{plan}/reductions/2"));
        let page = pharmacist.get(&next);
        assert!(page.text().contains("its first dose is still to come"), "{}", page.text());
        let before = written(house);
        let why = rationale(9);
        let early = [("effective_on", "2026-12-18"), ("rationale", why.as_str()), ("flags_reason", &why)];
        let early = desk::forced(&pharmacist, &format!("{next}/signature"), &early);
        assert_eq!((early.status, written(house)), (422, before), "{}", early.text());
        gives(&served, house, &plan, "08:00");
        let signed = sign(&pharmacist, &next, 9);
        assert_eq!(signed.status, 303, "{}", signed.text());
        assert_eq!(doses_on(house, &plan, "2026-12-18"), [500, 500]);
    });
}
