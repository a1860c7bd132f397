//! Going on from an urgent order: other steps that begin at what it gives decide the level, and lower nothing by themselves.

use crate::amend_plan::{amend, approve};
use crate::browser_like::{PASSWORD, Served};
use crate::deciding::{at, decide, lowered};
use crate::desk::{doses_on, laid, lay_out, open, running, sign};
use crate::house::{House, on_both};
use crate::pages::keeps_the_laws;

fn nine(house: &House, day: &str) {
    house.clock.set(format!("{day}T09:00:00Z").parse().unwrap());
}

/// Step 1 of 0.75 mg twice a day is in force since 4 December; on the fifth a prescriber lowered it to 0.5 mg and 0.25 mg.
pub fn ordered(house: &House) -> (Served, String) {
    let (served, plan) = lowered(house);
    let less = [("amount_1", "0.5"), ("amount_2", "0.25")];
    let answer = decide(&served.signed_in("prescriber"), &plan, "lower", &less);
    assert_eq!(answer.status, 303, "{}", answer.text());
    (served, plan)
}

/// The steps below what was ordered stand in the form already: 0.5 mg, 0.25 mg and 0 mg a day.
pub const ON: [(&str, &str); 1] = [("first_reduction_on", "2026-12-20")];

#[test]
fn the_plan_goes_on_from_what_was_ordered_and_the_next_reduction_waits_for_its_signature() {
    on_both(|house| {
        let (served, plan) = ordered(house);
        let prescriber = served.signed_in("prescriber");
        assert!(prescriber.get(&format!("{plan}/decide")).has(&format!("a[href='{plan}/amend']")));
        let page = prescriber.get(&format!("{plan}/amend"));
        keeps_the_laws("going on from an order", &page.body);
        assert!(page.text().contains("An urgent order is in force: 0.75 mg daily."), "{}", page.text());
        let submitted = amend(&prescriber, &plan, "submit", &ON);
        assert_eq!(submitted.status, 303, "{}", submitted.text());
        assert_eq!(doses_on(house, &plan, "2026-12-06"), [500, 250], "as ordered while it waits");
        assert_eq!(approve(&prescriber, &plan, 2, PASSWORD).status, 303);
        for day in ["2026-12-06", "2026-12-19"] {
            assert_eq!(
                doses_on(house, &plan, day),
                [500, 250],
                "the approval lowers nothing, and raises nothing: {day}"
            );
        }
        assert!(prescriber.get(&format!("{plan}/versions/2")).text().contains("Goes on, as ordered"));
        nine(house, "2026-12-14");
        lay_out(house, &plan);
        assert_eq!(doses_on(house, &plan, "2026-12-20"), [500, 250], "nobody has signed the next reduction");
        let pharmacist = served.signed_in("pharmacist");
        let next = format!("{plan}/reductions/3");
        assert!(pharmacist.get(&plan).has(&format!("a[href='{next}']")), "{}", pharmacist.get(&plan).text());
        let page = pharmacist.get(&next).text();
        assert!(page.contains("from 0.75 mg to 0.5 mg"), "{page}");
        assert!(page.contains("9 days at this dose, since 05 Dec 2026"), "its days count from the order: {page}");
        assert_eq!(sign(&pharmacist, &next, 2).status, 303);
        assert_eq!(doses_on(house, &plan, "2026-12-20"), [250, 250]);
    });
}

#[test]
fn steps_above_what_was_ordered_are_not_offered_and_not_taken() {
    on_both(|house| {
        let (served, plan) = ordered(house);
        let prescriber = served.signed_in("prescriber");
        let above = [ON.as_slice(), &[("dose_3_1", "0.75 mg")]].concat();
        let refused = amend(&prescriber, &plan, "submit", &above);
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert_eq!(house.count("plan_facts WHERE kind = 'amended'"), 0);
        assert_eq!(doses_on(house, &plan, "2026-12-06"), [500, 250]);
    });
}

/// Steps that were submitted before the order begin above it: they cannot be approved past it.
#[test]
fn steps_submitted_before_an_order_are_not_approved_over_it() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let prescriber = served.signed_in("prescriber");
        assert_eq!(amend(&prescriber, &plan, "submit", &[("days_2", "28")]).status, 303);
        let less = [("amount_1", "0.5"), ("amount_2", "0.5")];
        let answer = decide(&prescriber, &plan, "lower", &less);
        assert_eq!(answer.status, 303, "{}", answer.text());
        let refused = approve(&prescriber, &plan, 2, PASSWORD);
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(
            refused.text().contains("An urgent order was given after these steps were written"),
            "{}",
            refused.text()
        );
        assert_eq!(doses_on(house, &plan, "2026-12-08"), [500, 500]);
    });
}

/// The morning dose was still open when less was ordered. That the plan goes on from there raises nothing again.
#[test]
fn going_on_from_an_order_gives_no_dose_back_that_the_order_barred() {
    on_both(|house| {
        let (served, plan) = ordered(house);
        let prescriber = served.signed_in("prescriber");
        assert_eq!(amend(&prescriber, &plan, "submit", &ON).status, 303);
        assert_eq!(approve(&prescriber, &plan, 2, PASSWORD).status, 303);
        let morning = laid(house, &plan, "2026-12-05".parse().unwrap()).remove(0);
        assert_eq!((morning.level.amount.ug(), morning.recorded), (750, false));
        let (nurse, dose) = (served.signed_in("nurse"), format!("/doses/{}", morning.id));
        let whole = [("outcome", "given"), ("reason", "L1")];
        let refused = nurse.fill(&nurse.get(&dose), &format!("{dose}/administration"), &whole);
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.text().contains("at 09:30"), "{}", refused.text());
    });
}

/// What is ordered late in the evening begins with the next morning, and so does what goes on from it.
#[test]
fn what_is_decided_for_tomorrow_is_said_beside_what_is_in_force_today() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        at(house, "2026-12-05T21:30");
        let prescriber = served.signed_in("prescriber");
        let less = [("amount_1", "0.5"), ("amount_2", "0.25")];
        assert_eq!(decide(&prescriber, &plan, "lower", &less).status, 303);
        assert_eq!(amend(&prescriber, &plan, "submit", &ON).status, 303);
        assert_eq!(approve(&prescriber, &plan, 2, PASSWORD).status, 303);
        assert_eq!(
            (doses_on(house, &plan, "2026-12-05"), doses_on(house, &plan, "2026-12-06")),
            (vec![750, 750], vec![500, 250])
        );
        for page in [plan.as_str(), "/plans"] {
            let text = prescriber.get(page).text();
            assert!(text.contains("From 06 Dec 2026 0.75 mg daily, as a prescriber decided."), "{page}: {text}");
            assert!(text.contains("The dose stays at 0.75 mg daily"), "{page}: {text}");
        }
        assert!(prescriber.get(&plan).text().contains("Decided, not yet in effect"));
    });
}

/// On the first day of a plan the baseline itself is lowered: the step that goes on from there comes the day after (found by
/// seed 3003).
#[test]
fn an_order_on_the_first_day_of_a_plan_can_be_gone_on_from() {
    on_both(|house| {
        let served = open(house);
        let plan = running(&served);
        let prescriber = served.signed_in("prescriber");
        let less = [("amount_1", "0.5"), ("amount_2", "0.5")];
        let answer = decide(&prescriber, &plan, "lower", &less);
        assert_eq!(answer.status, 303, "{}", answer.text());
        let submitted = amend(&prescriber, &plan, "submit", &[]);
        assert_eq!(submitted.status, 303, "{}", submitted.text());
        assert_eq!(approve(&prescriber, &plan, 2, PASSWORD).status, 303);
        assert_eq!(doses_on(house, &plan, "2026-11-22"), [500, 500]);
    });
}
