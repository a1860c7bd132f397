//! An urgent order, and an absence after it: the level stays decidable, no dose comes back that the order barred, and what was
//! ordered is neither lost nor raised.

use crate::absences::{comes_back, leaves};
use crate::amend_ordered::{ON, ordered};
use crate::amend_plan::{amend, approve};
use crate::browser_like::{PASSWORD, Served, Shown, Visitor};
use crate::deciding::{at, decide, lowered};
use crate::desk::{doses_on, laid, lay_out};
use crate::house::{House, on_both};

/// They leave at once, and are back at a time.
fn away(house: &House, served: &Served, plan: &str, left_at: &str, back_at: &str) {
    at(house, left_at);
    let left = leaves(&served.signed_in("nurse"), left_at);
    assert_eq!(left.status, 303, "{}", left.text());
    back(house, served, plan, back_at);
}

fn back(house: &House, served: &Served, plan: &str, back_at: &str) {
    at(house, back_at);
    let back = comes_back(&served.signed_in("nurse"), id(plan), back_at, "same");
    assert_eq!(back.status, 303, "{}", back.text());
    lay_out(house, plan);
}

/// The id in the address of a plan.
fn id(plan: &str) -> &str {
    plan.trim_start_matches("/plans/")
}

/// Gives what is due at a slot of a day, as planned.
fn give(nurse: &Visitor, house: &House, plan: &str, (on, slot): (&str, usize)) -> Shown {
    let dose = &laid(house, plan, on.parse().unwrap())[slot];
    let address = format!("/doses/{}", dose.id);
    let given = [("outcome", "given"), ("reason", "L1")];
    nurse.fill(&nurse.get(&address), &format!("{address}/administration"), &given)
}

#[test]
fn after_an_unsettled_return_what_was_ordered_can_be_decided_on_again() {
    on_both(|house| {
        let (served, plan) = ordered(house);
        away(house, &served, &plan, "2026-12-06T10:00", "2026-12-10T10:00");
        let prescriber = || served.signed_in("prescriber");
        assert!(prescriber().get(&format!("{plan}/decide")).text().contains("Decision needed"));
        let why = "Still drowsy at noon; her daughter asks for another week at the lower dose.";
        let again =
            decide(&prescriber(), &plan, "lower", &[("amount_1", "0.5"), ("amount_2", "0.25"), ("rationale", why)]);
        assert_eq!(again.status, 303, "{}", again.text());
        assert_eq!(doses_on(house, &plan, "2026-12-11"), [500, 250]);
        assert_eq!(house.count("doses WHERE undecided AND NOT void AND NOT recorded AND on_date > '2026-12-10'"), 0);
    });
}

#[test]
fn after_an_unsettled_return_a_suspension_goes_on_by_another() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let prescriber = || served.signed_in("prescriber");
        assert_eq!(decide(&prescriber(), &plan, "suspend", &[]).status, 303);
        away(house, &served, &plan, "2026-12-06T10:00", "2026-12-10T10:00");
        let nurse = || served.signed_in("nurse");
        let round = nurse().get("/round").text();
        assert!(round.contains("Decision needed") && !round.contains("Planned: no dose"), "{round}");
        let tonight = &laid(house, &plan, "2026-12-10".parse().unwrap())[1];
        let page = nurse().get(&format!("/doses/{}", tonight.id)).text();
        assert!(page.contains("No prescriber has decided the dose"), "{page}");
        let again = decide(
            &prescriber(),
            &plan,
            "suspend",
            &[("rationale", "Still drowsy at noon; her daughter asks for another week without.")],
        );
        assert_eq!(again.status, 303, "{}", again.text());
        assert_eq!(doses_on(house, &plan, "2026-12-11"), [0, 0]);
    });
}

/// To give again what a step gives is a decision for that step, not an order.
#[test]
fn the_doses_of_a_step_are_decided_on_as_that_step() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        away(house, &served, &plan, "2026-12-06T10:00", "2026-12-10T10:00");
        let refused =
            decide(&served.signed_in("prescriber"), &plan, "lower", &[("amount_1", "0.75"), ("amount_2", "0.75")]);
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("decide on their step"), "{}", refused.text());
    });
}

/// The morning dose is late when the medicine is suspended from the evening on. They leave for an hour: the evening has not come.
#[test]
fn an_absence_gives_no_dose_back_that_an_order_barred() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        assert_eq!(decide(&served.signed_in("prescriber"), &plan, "suspend", &[]).status, 303);
        let nurse = || served.signed_in("nurse");
        let barred = give(&nurse(), house, &plan, ("2026-12-05", 0));
        assert!(barred.status == 422 && barred.text().contains("at 09:30"), "{}", barred.text());
        away(house, &served, &plan, "2026-12-05T10:00", "2026-12-05T12:30");
        at(house, "2026-12-05T13:00");
        let morning = &laid(house, &plan, "2026-12-05".parse().unwrap())[0];
        let page = nurse().get(&format!("/doses/{}", morning.id)).text();
        assert!(page.contains("Decision needed: do not give this dose."), "{page}");
        assert!(nurse().get("/round").text().contains("Decision needed"));
        let barred = give(&nurse(), house, &plan, ("2026-12-05", 0));
        assert_eq!(barred.status, 422, "{}", barred.text());
        assert!(barred.text().contains("taken before 09:30"), "{}", barred.text());
        assert_eq!(house.count("administrations"), 0);
    });
}

/// The same without an order: nobody knows yet what is to be given.
#[test]
fn while_nobody_has_decided_an_older_dose_is_not_given_either() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        at(house, "2026-12-05T10:00");
        let nurse = || served.signed_in("nurse");
        assert_eq!(leaves(&nurse(), "2026-12-05T10:00").status, 303);
        at(house, "2026-12-05T12:30");
        let returned = comes_back(&nurse(), id(&plan), "2026-12-05T12:30", "not_known");
        assert_eq!(returned.status, 303, "{}", returned.text());
        lay_out(house, &plan);
        let barred = give(&nurse(), house, &plan, ("2026-12-05", 0));
        assert_eq!(barred.status, 422, "{}", barred.text());
        assert!(barred.text().contains("taken before 12:30"), "{}", barred.text());
    });
}

/// What goes on from the order begins tomorrow; they leave tonight, on what was ordered.
#[test]
fn whoever_leaves_before_the_plan_goes_on_from_an_order_comes_back_to_what_was_ordered() {
    on_both(|house| {
        let (served, plan) = ordered(house);
        let prescriber = || served.signed_in("prescriber");
        assert_eq!(amend(&prescriber(), &plan, "submit", &ON).status, 303);
        assert_eq!(approve(&prescriber(), &plan, 2, PASSWORD).status, 303);
        at(house, "2026-12-05T20:00");
        assert_eq!(give(&served.signed_in("nurse"), house, &plan, ("2026-12-05", 1)).status, 303);
        away(house, &served, &plan, "2026-12-05T22:00", "2026-12-06T07:30");
        assert_eq!(doses_on(house, &plan, "2026-12-06"), [500, 250]);
        assert_eq!(house.count("doses WHERE undecided AND NOT void"), 0);
        let page = prescriber().get(&plan).text();
        assert!(page.contains("0.75 mg daily since 05 Dec 2026"), "its days count from the order: {page}");
        assert!(!page.contains("days late") && !page.contains("1 day late"), "{page}");
        let next = served.signed_in("pharmacist").get(&format!("{plan}/reductions/4"));
        assert!(next.text().contains("from 0.75 mg to 0.5 mg"), "asked for anew: {}", next.text());
    });
}

#[test]
fn whoever_is_asked_anew_is_asked_about_what_was_ordered() {
    on_both(|house| {
        let (served, plan) = ordered(house);
        at(house, "2026-12-05T21:30");
        let prescriber = || served.signed_in("prescriber");
        let less = [
            ("amount_1", "0.25"),
            ("amount_2", "0.25"),
            ("rationale", "Unsteady again this evening; the daughter saw it too, at supper."),
        ];
        assert_eq!(decide(&prescriber(), &plan, "lower", &less).status, 303, "from tomorrow on");
        away(house, &served, &plan, "2026-12-05T22:00", "2026-12-06T07:30");
        let undecided = laid(house, &plan, "2026-12-06".parse().unwrap());
        let asked: Vec<_> =
            undecided.iter().take(2).map(|dose| (dose.level.amount.ug(), dose.level.undecided)).collect();
        assert_eq!(asked, [(500, true), (250, true)], "what they left on, not the step before the order");
    });
}

fn approved_across_an_absence(house: &House, meanwhile: bool) {
    let (served, plan) = ordered(house);
    let prescriber = || served.signed_in("prescriber");
    assert_eq!(amend(&prescriber(), &plan, "submit", &ON).status, 303);
    at(house, "2026-12-06T10:00");
    assert_eq!(leaves(&served.signed_in("nurse"), "2026-12-06T10:00").status, 303);
    at(house, "2026-12-06T12:00");
    let approves = || {
        let approved = approve(&prescriber(), &plan, 2, PASSWORD);
        assert_eq!(approved.status, 303, "{}", approved.text());
    };
    if meanwhile {
        approves();
    }
    back(house, &served, &plan, "2026-12-07T07:30");
    if !meanwhile {
        approves();
    }
    lay_out(house, &plan);
    assert_eq!(doses_on(house, &plan, "2026-12-08"), [500, 250]);
    let next = served.signed_in("pharmacist").get(&format!("{plan}/reductions/3"));
    assert!(next.text().contains("from 0.75 mg to 0.5 mg"), "{}", next.text());
}

#[test]
fn steps_that_go_on_from_an_order_are_approved_while_they_are_away() {
    on_both(|house| approved_across_an_absence(house, true));
}

#[test]
fn steps_that_go_on_from_an_order_are_approved_after_an_absence() {
    on_both(|house| approved_across_an_absence(house, false));
}

#[test]
fn steps_that_a_step_back_has_overtaken_say_so() {
    on_both(|house| {
        let (served, plan) = ordered(house);
        let prescriber = || served.signed_in("prescriber");
        assert_eq!(amend(&prescriber(), &plan, "submit", &ON).status, 303);
        assert_eq!(decide(&prescriber(), &plan, "step-back", &[("step", "1")]).status, 303);
        let refused = approve(&prescriber(), &plan, 2, PASSWORD);
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("decided anew since these steps were written"), "{}", refused.text());
    });
}

/// On the very day that was planned for it a prescriber lowers to the next step’s doses: that step goes on from there.
#[test]
fn lowering_to_the_next_step_can_be_gone_on_from_as_the_plan_stands() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        at(house, "2026-12-18T09:30");
        lay_out(house, &plan);
        let prescriber = || served.signed_in("prescriber");
        assert_eq!(decide(&prescriber(), &plan, "lower", &[("amount_1", "0.5"), ("amount_2", "0.5")]).status, 303);
        let submitted = amend(&prescriber(), &plan, "submit", &[]);
        assert_eq!(submitted.status, 303, "{}", submitted.text());
        assert_eq!(approve(&prescriber(), &plan, 2, PASSWORD).status, 303);
        assert_eq!(doses_on(house, &plan, "2026-12-20"), [500, 500]);
    });
}

#[test]
fn an_interrupted_step_is_not_in_effect_and_what_goes_on_is_no_order_any_more() {
    on_both(|house| {
        let (served, plan) = ordered(house);
        let prescriber = || served.signed_in("prescriber");
        assert!(!prescriber().get(&plan).has("tr.tr-now"), "{}", prescriber().get(&plan).text());
        assert_eq!(amend(&prescriber(), &plan, "submit", &ON).status, 303);
        assert_eq!(approve(&prescriber(), &plan, 2, PASSWORD).status, 303);
        at(house, "2026-12-06T08:00");
        let morning = laid(house, &plan, "2026-12-06".parse().unwrap()).remove(0);
        let page = served.signed_in("nurse").get(&format!("/doses/{}", morning.id)).text();
        assert!(!page.contains("Urgent order"), "{page}");
        let evening = laid(house, &plan, "2026-12-05".parse().unwrap()).remove(1);
        let page = served.signed_in("nurse").get(&format!("/doses/{}", evening.id)).text();
        assert!(page.contains("Urgent order"), "{page}");
    });
}
