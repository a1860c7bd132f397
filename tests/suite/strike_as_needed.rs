//! As-needed doses that were recorded in error: struck with a reason, put back into the register, counted no more, never gone.

use crate::as_needed::{furnished, give, ordered};
use crate::browser_like::{Served, Shown, Visitor};
use crate::house::{House, at, beside, on_both};
use crate::pages::keeps_the_laws;
use crate::shelf::{adds_up, entries, receive};

const WHY: &str = "It was the dose of the resident next door.";

/// An order of 0.5 mg, of which a nurse gave one at noon; and where that one is struck.
fn given(served: &Served, house: &House) -> (String, String) {
    let order = ordered(served, &[]);
    let nurse = served.signed_in("nurse");
    assert_eq!(give(&nurse, &nurse.get(&order), &order, "").status, 303);
    let resident = nurse.get("/residents/resident-1");
    keeps_the_laws("a resident with an as-needed dose", &resident.body);
    let strike = resident.attribute("a[href$='/strike']", "href").unwrap();
    assert_eq!(house.count("as_needed_doses"), 1);
    (order, strike)
}

fn struck(by: &Visitor, strike: &str, why: &str) -> Shown {
    by.fill(&by.get(strike), strike, &[("why", why)])
}

#[test]
fn a_struck_dose_is_put_back_counts_no_more_and_stays_readable() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let book = receive(house, "10");
        let (order, strike) = given(&served, house);
        let nurse = served.signed_in("nurse");
        assert!(nurse.get(&order).text().contains("Do not give it now"), "four hours have to lie between two");
        assert_eq!(struck(&nurse, &strike, WHY).status, 303);
        let last = entries(house, &book).remove(0);
        assert_eq!((last.kind.word(), last.parts, last.balance_after), ("put_back", 2, 20));
        adds_up(house, &book);
        assert!(
            nurse.get(&order).has("form button[type=submit]") && nurse.get(&order).text().contains("May be given now")
        );
        let resident = nurse.get("/residents/resident-1");
        assert!(resident.all("del").iter().any(|text| text.contains("0.5")), "{}", resident.text());
        assert!(resident.text().contains(WHY), "{}", resident.text());
        let mar = nurse.get("/residents/resident-1/mar").text();
        assert!(mar.contains("Recorded in error: struck out by Nora Nurse") && mar.contains(WHY), "{mar}");
        assert_eq!((house.count("as_needed_doses"), house.count("history WHERE kind = 'strike_as_needed'")), (1, 1));
        house.clock.set(at("2026-11-21T12:08:00Z"));
        assert_eq!(give(&nurse, &nurse.get(&order), &order, "12:05").status, 303, "what was given really");
    });
}

#[test]
fn whoever_recorded_it_strikes_it_within_their_shift_and_a_supervisor_after() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let (_, strike) = given(&served, house);
        let other = served.signed_in("tom").get(&strike);
        assert!(!other.has("form[action$='/strike']"));
        assert!(other.text().contains("Somebody else made this record"), "{}", other.text());
        assert_eq!(served.signed_in("prescriber").get(&strike).status, 403);
        assert_eq!(served.signed_in("stranger").get(&strike).status, 404);
        let nurse = served.signed_in("nurse");
        let page = nurse.get(&strike);
        keeps_the_laws("a strike", &page.body);
        let blank = nurse.fill(&page, &strike, &[("why", "  ")]);
        assert_eq!((blank.status, house.count("as_needed_strikes")), (422, 0));
        house.clock.set(at("2026-11-22T09:00:00Z"));
        let nurse = served.signed_in("nurse");
        assert!(nurse.get(&strike).text().contains("More than 12 hours have passed"));
        assert_eq!(struck(&served.signed_in("supervisor"), &strike, WHY).status, 303);
    });
}

#[test]
fn of_two_who_strike_one_dose_the_second_is_told() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let book = receive(house, "10");
        let (_, strike) = given(&served, house);
        let both = [served.signed_in("nurse"), served.signed_in("supervisor")];
        let pages: Vec<Shown> = both.iter().map(|one| one.get(&strike)).collect();
        let mut told = beside(2, |n| both[n].fill(&pages[n], &strike, &[("why", WHY)]).status);
        told.sort_unstable();
        assert_eq!(told, [303, 409]);
        assert_eq!((house.count("as_needed_strikes"), entries(house, &book).len()), (1, 3));
        adds_up(house, &book);
    });
}
