//! Orders that meet something else: a dose page that stands open, a signature on its way, an empty shelf, a second tap.

use crate::browser_like::PASSWORD;
use crate::deciding::{at, call, decide, lowered, send, write_down};
use crate::desk::{self, doses_on, laid, lay_out, rationale, sign, written};
use crate::house::{House, RESIDENT, beside, on_both};

/// The address of the dose of an evening.
fn evening(house: &House, plan: &str, on: &str) -> String {
    let on = on.parse().unwrap();
    let dose = laid(house, plan, on).into_iter().find(|dose| dose.key.on == on && dose.key.slot.to_string() == "20:00");
    format!("/doses/{}", dose.unwrap().id)
}

#[test]
fn an_order_that_meets_an_open_dose_page_stops_the_dose_and_says_so() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        at(house, "2026-12-05T19:40");
        let (nurse, prescriber) = (served.signed_in("nurse"), served.signed_in("prescriber"));
        let dose = evening(house, &plan, "2026-12-05");
        let page = nurse.get(&dose);
        assert!(page.text().contains("Record as given now"), "{}", page.text());
        assert_eq!(decide(&prescriber, &plan, "suspend", &[]).status, 303);
        let tapped = nurse.fill(&page, &format!("{dose}/administration"), &[]);
        assert_eq!(tapped.status, 409, "{}", tapped.text());
        assert!(tapped.text().contains("from 0.75 mg to 0 mg"), "{}", tapped.text());
        assert_eq!(house.count("administrations"), 0);
        let now = nurse.get(&dose);
        assert!(now.text().contains("Suspended by an urgent order. Give nothing"), "{}", now.text());
        assert!(!now.has("form[action$=administration]"), "nothing to give, nothing to record");
        let round = nurse.get("/round");
        assert!(round.text().contains("Urgent order by Pat Prescriber: give nothing"), "{}", round.text());
        let back = decide(&prescriber, &plan, "step-back", &[("step", "0"), ("rationale", &rationale(4))]);
        assert_eq!(back.status, 303, "{}", back.text());
        let given = nurse.fill(&nurse.get(&dose), &format!("{dose}/administration"), &[]);
        assert_eq!(given.status, 303, "{}", given.text());
        assert_eq!(house.count("administrations WHERE planned_ug = 1000 AND given_ug = 1000"), 1);
    });
}

/// Either the dose was given, and the order is told that its dose is another one; or it was not given.
#[test]
fn of_an_order_and_a_dose_at_once_exactly_one_is_saved() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        at(house, "2026-12-05T19:40");
        let (nurse, prescriber) = (served.signed_in("nurse"), served.signed_in("prescriber"));
        let dose = evening(house, &plan, "2026-12-05");
        let pages = [nurse.get(&dose), prescriber.get(&format!("{plan}/decide"))];
        let answers = beside(2, |n| match n {
            0 => nurse.fill(&pages[0], &format!("{dose}/administration"), &[]).status,
            _ => send(&prescriber, &pages[1], &plan, "suspend", &[]).status,
        });
        assert!(answers.contains(&303) && answers.contains(&409), "{answers:?}");
        let saved = house.count("administrations") + house.count("plan_facts WHERE kind = 'ordered'");
        assert_eq!(saved, 1, "{answers:?}");
    });
}

#[test]
fn a_decision_posted_again_is_one_decision() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let prescriber = served.signed_in("prescriber");
        let thrice = |what: &str, fields: &[(&str, &str)]| {
            let page = prescriber.get(&format!("{plan}/decide"));
            for _ in 0..3 {
                let sent = send(&prescriber, &page, &plan, what, fields);
                assert_eq!(sent.status, 303, "{what}: {}", sent.text());
            }
        };
        thrice("hold", &[("reassess_on", "2026-12-30")]);
        thrice("end-hold", &[]);
        thrice("suspend", &[]);
        thrice("step-back", &[("step", "0")]);
        let kinds = ["held", "hold_ended", "ordered", "stepped_back"];
        assert_eq!(kinds.map(|kind| house.count(&format!("plan_facts WHERE kind = '{kind}'"))), [1; 4]);
        let nurse = served.signed_in("nurse");
        let page = nurse.get(&format!("{plan}/telephone"));
        for _ in 0..2 {
            let sent = write_down(&nurse, &page, &plan, "suspend", &[]);
            assert_eq!(sent.status, 303, "{}", sent.text());
        }
        assert_eq!(house.count("plan_facts WHERE kind = 'ordered' AND ordered_by = 'prescriber'"), 1);
    });
}

#[test]
fn a_signature_on_its_way_meets_a_step_back_and_signs_nothing() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        at(house, "2026-12-15T09:00");
        lay_out(house, &plan);
        let pharmacist = served.signed_in("pharmacist");
        let reduction = format!("{plan}/reductions/2");
        let page = pharmacist.get(&reduction);
        assert!(page.text().contains("Sign the reduction"), "{}", page.text());
        let prescriber = served.signed_in("prescriber");
        assert_eq!(decide(&prescriber, &plan, "step-back", &[("step", "0")]).status, 303);
        let before = written(house);
        let (why, flags) = (rationale(2), rationale(3));
        let fields = [("rationale", why.as_str()), ("flags_reason", &flags), ("password", PASSWORD)];
        let late = pharmacist.fill(&page, &format!("{reduction}/signature"), &fields);
        assert!(matches!(late.status, 409 | 422), "{} {}", late.status, late.text());
        assert_eq!(written(house), before);
        at(house, "2026-12-28T09:00");
        lay_out(house, &plan);
        assert_eq!(doses_on(house, &plan, "2026-12-28"), [1_000, 1_000], "unsigned: it stays where it went back to");
    });
}

/// A late signature after a step back: the level waits for it, and every later step moves along.
#[test]
fn after_a_step_back_a_late_signature_lowers_from_the_day_after_it_and_never_before() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        assert_eq!(decide(&served.signed_in("prescriber"), &plan, "step-back", &[("step", "0")]).status, 303);
        at(house, "2026-12-28T09:00");
        lay_out(house, &plan);
        let signed = sign(&served.signed_in("pharmacist"), &format!("{plan}/reductions/3"), 5);
        assert_eq!(signed.status, 303, "{}", signed.text());
        assert_eq!(doses_on(house, &plan, "2026-12-28"), [1_000, 1_000]);
        assert_eq!(doses_on(house, &plan, "2026-12-29"), [750, 750]);
        let next = desk::waiting(&served.signed_in("prescriber"), &plan);
        let page = served.signed_in("pharmacist").get(&next);
        assert!(page.text().contains("12 Jan 2027"), "14 days after the day it lowered: {}", page.text());
    });
}

#[test]
fn a_signature_that_is_not_in_force_is_void_after_any_order() {
    signed_ahead_and_then("hold", &[("reassess_on", "2026-12-30")], [750, 750]);
    signed_ahead_and_then("suspend", &[], [0, 0]);
    signed_ahead_and_then("lower", &[("amount_1", "0.5"), ("amount_2", "0.25")], [500, 250]);
    signed_ahead_and_then("step-back", &[("step", "0")], [1_000, 1_000]);
}

/// Reduction 2 is signed for the 18th; on the 15th a prescriber orders, and it never takes effect.
fn signed_ahead_and_then(what: &str, fields: &[(&str, &str)], level: [u64; 2]) {
    on_both(|house| {
        let (served, plan) = lowered(house);
        at(house, "2026-12-15T09:00");
        lay_out(house, &plan);
        let signed = sign(&served.signed_in("pharmacist"), &format!("{plan}/reductions/2"), 2);
        assert_eq!(signed.status, 303, "{}", signed.text());
        assert_eq!(doses_on(house, &plan, "2026-12-18"), [500, 500], "signed ahead");
        let prescriber = served.signed_in("prescriber");
        let page = prescriber.get(&format!("{plan}/decide"));
        assert!(page.text().contains("becomes void: it is asked for again"), "{}", page.text());
        let ordered = decide(&prescriber, &plan, what, fields);
        assert_eq!(ordered.status, 303, "{what}: {}", ordered.text());
        assert_eq!(doses_on(house, &plan, "2026-12-18"), level, "{what}");
        assert_eq!(house.count("plan_facts WHERE kind = 'signed'"), 2, "what was signed stays readable");
    });
}

#[test]
fn a_step_back_to_a_dose_that_cannot_be_made_is_refused_and_says_what_to_do() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        house.plain_sql("DELETE FROM stocked_products").unwrap();
        let prescriber = served.signed_in("prescriber");
        let page = prescriber.get(&format!("{plan}/decide"));
        assert!(page.text().contains("cannot be made from what is in stock"), "{}", page.text());
        let before = written(house);
        let refused = decide(&prescriber, &plan, "step-back", &[("step", "0")]);
        assert_eq!(refused.status, 422, "{}", refused.text());
        let sentence = "1 mg at 08:00 cannot be made exactly from the clonazepam products stocked. Have the product";
        assert!(refused.text().contains(sentence), "{}", refused.text());
        assert_eq!(written(house), before);
        assert_eq!(doses_on(house, &plan, "2026-12-06"), [750, 750]);
        let nothing = decide(&prescriber, &plan, "suspend", &[]);
        assert_eq!(nothing.status, 303, "nothing can always be given: {}", nothing.text());
    });
}

#[test]
fn a_call_that_nobody_confirmed_stands_in_the_lists_and_is_late_after_a_day() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        assert_eq!(call(&served.signed_in("nurse"), &plan, "hold", &[("reassess_on", "2026-12-30")]).status, 303);
        let plans = served.signed_in("prescriber").get("/plans");
        assert!(plans.text().contains("1 day left to confirm"), "{}", plans.text());
        at(house, "2026-12-06T09:29");
        let soon = served.signed_in("supervisor").get("/overview");
        assert!(soon.text().contains("1 min left to confirm"), "{}", soon.text());
        at(house, "2026-12-06T09:30");
        for (person, list) in [("prescriber", "/plans"), ("supervisor", "/overview"), ("supervisor", &plan)] {
            let late = served.signed_in(person).get(list);
            assert!(late.text().contains("1 day unconfirmed"), "{person} {list}: {}", late.text());
        }
        let card = served.signed_in("nurse").get(&format!("/residents/{RESIDENT}"));
        assert!(card.has(&format!("a[href='{plan}/telephone']")), "{}", card.text());
    });
}
