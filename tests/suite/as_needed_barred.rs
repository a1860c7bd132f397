//! As-needed doses of a medicine that is suspended, or whose level nobody has decided: none, until a prescriber decides.

use crate::absences::{comes_back, leaves};
use crate::as_needed::{furnished, give, given_anew, ordered};
use crate::browser_like::{Served, Visitor};
use crate::deciding::decide;
use crate::ending::end;
use crate::house::{House, at, on_both};
use crate::pages::keeps_the_laws;
use crate::ward::dose_on_saturday;

fn saved(house: &House) -> (i64, i64, i64) {
    let orders = "as_needed_orders WHERE revision > 0";
    (house.count("as_needed_doses"), house.count(orders), house.count("history WHERE kind = 'record_as_needed'"))
}

/// A prescriber decides at the screen; the plan's page.
fn decided(served: &Served, plan: &str, what: &str, fields: &[(&str, &str)]) {
    let answer = decide(&served.signed_in("prescriber"), &format!("/plans/{plan}"), what, fields);
    assert_eq!(answer.status, 303, "{}", answer.text());
}

/// The page says so before anything is typed, and its button is not the first thing on it.
fn says_so_before(nurse: &Visitor, address: &str, words: &str) {
    let page = nurse.get(address);
    let text = page.text();
    assert!(text.contains("Do not give this dose.") && text.contains(words), "{text}");
    assert!(!page.has(".pills") && !page.has("button.btn-l:not(.btn-2)"), "nothing is counted out: {text}");
    keeps_the_laws("barred", &page.body);
    let resident = nurse.get("/residents/resident-1").text();
    assert!(resident.contains("Do not give") && !resident.contains("May be given now"), "{resident}");
}

#[test]
fn a_medicine_that_an_urgent_order_suspended_is_not_given_as_needed_either() {
    on_both(|house| {
        let (served, plan) = furnished(house);
        let address = ordered(&served, &[]);
        let (nurse, before) = (served.signed_in("nurse"), saved(house));
        let page = nurse.get(&address);
        assert!(page.text().contains("May be given now"), "{}", page.text());
        house.clock.set(at("2026-11-21T12:05:00Z"));
        // The next scheduled dose is at 20:00; the order holds from now on.
        decided(&served, &plan, "suspend", &[]);
        let refused = give(&nurse, &page, &address, "");
        assert_eq!(refused.status, 422, "the page was drawn before the order: {}", refused.text());
        let words =
            "An urgent order suspended clonazepam at 12:05: do not give it as needed either. Call the prescriber";
        assert!(refused.text().contains(words) && refused.text().contains("Nothing has been recorded"));
        says_so_before(&nurse, &address, words);
        assert_eq!(saved(house), before);
        let pack = nurse.get("/units/east/downtime");
        assert!(pack.text().contains("Do not give: a prescriber suspended it."), "{}", pack.text());
        house.clock.set(at("2026-11-21T12:10:00Z"));
        assert_eq!(given_anew(&served, &address, "12:05").status, 422);
        assert_eq!(given_anew(&served, &address, "12:04").status, 303, "taken before the order, and told after it");
        decided(&served, &plan, "step-back", &[("step", "0")]);
        house.clock.set(at("2026-11-21T16:30:00Z"));
        let meanwhile = given_anew(&served, &address, "12:07");
        let words = "From 12:05 to 12:10 nothing was to be given: an urgent order had suspended it.";
        assert!(meanwhile.status == 422 && meanwhile.text().contains(words), "{}", meanwhile.text());
        let (nurse, morning) = (served.signed_in("nurse"), dose_on_saturday(&plan, "08:00"));
        let fields = [("outcome", "given"), ("reason", "L2"), ("given_at", "12:07")];
        let scheduled = nurse.fill(&nurse.get(&morning), &format!("{morning}/administration"), &fields);
        assert!(scheduled.status == 422 && scheduled.text().contains(words), "{}", scheduled.text());
        assert_eq!(given_anew(&served, &address, "").status, 303, "the prescriber has decided the level");
    });
}

#[test]
fn a_medicine_that_was_only_lowered_may_be_given_as_needed() {
    on_both(|house| {
        let (served, plan) = furnished(house);
        let address = ordered(&served, &[]);
        decided(&served, &plan, "lower", &[("amount_1", "0.5 mg"), ("amount_2", "0.25 mg")]);
        assert_eq!(given_anew(&served, &address, "").status, 303);
    });
}

#[test]
fn a_medicine_whose_level_nobody_has_decided_is_not_given_as_needed_either() {
    on_both(|house| {
        let (served, plan) = furnished(house);
        let address = ordered(&served, &[]);
        let nurse = served.signed_in("nurse");
        assert_eq!(leaves(&nurse, "2026-11-21T12:00").status, 303);
        house.clock.set(at("2026-11-21T18:00:00Z"));
        let nurse = served.signed_in("nurse");
        assert_eq!(comes_back(&nurse, &plan, "2026-11-21T17:45", "not_known").status, 303);
        let before = saved(house);
        let refused = give(&nurse, &nurse.get(&address), &address, "");
        let words = "The resident came back, and no prescriber has decided clonazepam: do not give it as needed either. Call the prescriber";
        assert!(refused.status == 422 && refused.text().contains(words), "{}", refused.text());
        says_so_before(&nurse, &address, words);
        assert_eq!(saved(house), before);
        decided(&served, &plan, "step-back", &[("step", "0")]);
        assert_eq!(given_anew(&served, &address, "").status, 303, "the prescriber has decided the level");
    });
}

/// The order was to begin at 20:00, and they left at noon: nothing resumes by itself, and the bar stands.
#[test]
fn an_absence_does_not_lift_the_bar_of_an_urgent_order() {
    on_both(|house| {
        let (served, plan) = furnished(house);
        let address = ordered(&served, &[]);
        decided(&served, &plan, "suspend", &[]);
        assert_eq!(leaves(&served.signed_in("nurse"), "2026-11-21T12:00").status, 303);
        house.clock.set(at("2026-11-21T18:00:00Z"));
        let nurse = served.signed_in("nurse");
        assert_eq!(comes_back(&nurse, &plan, "2026-11-21T17:45", "same").status, 303);
        let due = "doses WHERE NOT void AND due_at > '2026-11-21 12:00:00'";
        assert!(house.count(due) > 0 && house.count(&format!("{due} AND NOT undecided")) == 0, "no slot goes on");
        let refused = give(&nurse, &nurse.get(&address), &address, "");
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("no prescriber has decided clonazepam"), "{}", refused.text());
        assert_eq!(house.count("as_needed_doses"), 0);
    });
}

/// What an evening out took up again is the order, and no step of the plan that has no dose.
#[test]
fn a_suspension_that_a_return_took_up_again_says_so() {
    on_both(|house| {
        let (served, plan) = furnished(house);
        decided(&served, &plan, "suspend", &[]);
        house.clock.set(at("2026-11-22T09:05:00Z"));
        assert_eq!(leaves(&served.signed_in("nurse"), "2026-11-22T09:00").status, 303);
        house.clock.set(at("2026-11-22T17:05:00Z"));
        assert_eq!(comes_back(&served.signed_in("nurse"), &plan, "2026-11-22T17:00", "same").status, 303);
        house.clock.set(at("2026-11-22T19:30:00Z"));
        let round = served.signed_in("nurse").get("/round?round=20:00&on=2026-11-22");
        assert!(round.text().contains("Urgent order by Pat Prescriber: give nothing"), "{}", round.text());
        assert!(!round.text().contains("Planned: no dose"), "{}", round.text());
    });
}

/// Who gets nothing of a medicine any more gets none of it as needed, whatever was ordered before.
#[test]
fn a_stop_ends_the_as_needed_orders_of_its_medicine() {
    on_both(|house| {
        let (served, plan) = furnished(house);
        let address = ordered(&served, &[]);
        let (nurse, plan) = (served.signed_in("nurse"), format!("/plans/{plan}"));
        let page = nurse.get(&address);
        let why = "Breathing shallow since noon, and hard to wake three times.";
        assert_eq!(end(&served.signed_in("prescriber"), &plan, "stop-request", why).status, 303);
        let asked = served.signed_in("pharmacist").get(&format!("{plan}/end")).text();
        assert!(
            asked.contains("clonazepam 0.5 mg for panic that talking does not settle, until 04 Dec 2026"),
            "{asked}"
        );
        house.clock.set(at("2026-11-21T12:05:00Z"));
        let stopped = end(&served.signed_in("pharmacist"), &plan, "stop", "Seen at the bedside; agreed with her son.");
        assert_eq!(stopped.status, 303, "{}", stopped.text());
        house.clock.set(at("2026-11-21T12:10:00Z"));
        let refused = give(&nurse, &page, &address, "");
        assert_eq!((refused.status, house.count("as_needed_doses")), (422, 0), "{}", refused.text());
        assert!(nurse.get("/residents/resident-1").text().contains("The plan of the medicine was stopped."));
        assert_eq!(given_anew(&served, &address, "12:04").status, 303, "taken before the stop, and told after it");
        assert_eq!(house.count("as_needed_ends WHERE ended_by = 'pharmacist'"), 1);
        let anew = ordered(&served, &[]);
        house.clock.set(at("2026-11-21T16:10:00Z"));
        assert_eq!(given_anew(&served, &anew, "").status, 303, "a prescriber has ordered it anew");
    });
}

/// Two doses of a sedative close together are too much at once, whichever order each is of.
#[test]
fn the_least_time_between_two_counts_from_the_dose_of_any_order_of_the_medicine() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let (first, renewed) = (ordered(&served, &[]), ordered(&served, &[]));
        assert_eq!(given_anew(&served, &first, "").status, 303);
        house.clock.set(at("2026-11-21T12:15:00Z"));
        let refused = given_anew(&served, &renewed, "");
        assert_eq!((refused.status, house.count("as_needed_doses")), (422, 1), "{}", refused.text());
        assert!(refused.text().contains("The last dose was given at 12:00, and 4 h must lie between two."));
        house.clock.set(at("2026-11-21T16:00:00Z"));
        assert_eq!(given_anew(&served, &renewed, "").status, 303);
    });
}
