//! An incident that was itself an error: struck with a reason, put back, counted and asked about no more, never gone.

use stepdown::care::letter::Kind;

use crate::as_needed::{furnished, give, ordered};
use crate::browser_like::{PASSWORD, Served, Shown, Visitor};
use crate::house::{House, at, on_both};
use crate::pages::keeps_the_laws;
use crate::shelf::{adds_up, entries, receive};
use crate::smtp::Server;
use crate::ward::{Ringer, of_kind};

const NEW: &str = "/residents/resident-1/given-in-error";
pub const WHY: &str = "It was the resident next door, and is written down there.";
const WITNESS: [(&str, &str); 2] = [("second_username", "pharmacist"), ("second_password", PASSWORD)];

/// The address of an incident of 0.25 mg or so that a nurse wrote down.
pub fn recorded(served: &Served, amount: &str, other: &[(&str, &str)]) -> String {
    let nurse = served.signed_in("nurse");
    let told = [
        ("mistake", "given_twice"),
        ("medicine", "clonazepam"),
        ("amount", amount),
        ("given_by", "nurse"),
        ("what", "The day nurse had given it."),
        ("done", "Watched every 15 minutes, doctor called."),
    ];
    let answer = nurse.fill(&nurse.get(NEW), NEW, &[told.as_slice(), other].concat());
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().to_owned()
}

pub fn struck(by: &Visitor, incident: &str, why: &str, other: &[(&str, &str)]) -> Shown {
    let action = format!("{incident}/strike");
    by.fill(&by.get(&action), &action, &[&[("why", why)], other].concat())
}

#[test]
fn a_struck_incident_is_put_back_counts_no_more_and_stays_readable() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let book = receive(house, "10");
        let order = ordered(&served, &[]);
        let incident = recorded(&served, "1 mg", &[]);
        let nurse = served.signed_in("nurse");
        assert_eq!(give(&nurse, &nurse.get(&order), &order, "").status, 422, "it counts in 24 hours");
        let page = nurse.get(&incident);
        assert_eq!(page.attribute("a[href$='/strike']", "href"), Some(format!("{incident}/strike")));
        keeps_the_laws("the strike of an incident", &nurse.get(&format!("{incident}/strike")).body);
        assert_eq!(struck(&nurse, &incident, " ", &[]).status, 422);
        assert_eq!(struck(&nurse, &incident, WHY, &[]).status, 303);
        let last = entries(house, &book).remove(0);
        assert_eq!(
            (last.kind.word(), last.parts, last.incident.is_some(), last.note.as_str()),
            ("put_back", 4, true, WHY)
        );
        adds_up(house, &book);
        let page = nurse.get(&incident);
        keeps_the_laws("a struck incident", &page.body);
        assert!(
            page.text().contains(WHY) && page.all("del").iter().any(|text| text.contains("1 mg")),
            "{}",
            page.text()
        );
        assert!(!page.has("a[href$='/strike']"));
        let resident = nurse.get("/residents/resident-1");
        assert!(resident.text().contains(&format!("Recorded in error: {WHY}")), "{}", resident.text());
        let mar = nurse.get("/residents/resident-1/mar").text();
        assert!(mar.contains("Recorded in error: struck out by Nora Nurse") && mar.contains(WHY), "{mar}");
        assert_eq!(give(&nurse, &nurse.get(&order), &order, "").status, 303, "it counts no more");
        assert_eq!((house.count("incidents"), house.count("history WHERE kind = 'strike_incident'")), (1, 1));
        let day = served.signed_in("supervisor").get("/register/day?unit=east&on=2026-11-21").text();
        assert!(day.contains("Corrected, and put back"), "{day}");
    });
}

#[test]
fn nobody_is_asked_about_it_any_more() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let server = Server::start();
        let incident = recorded(&served, "0.5 mg", &[]);
        let prescriber = served.signed_in("prescriber");
        let stale = prescriber.get(&incident);
        assert_eq!(struck(&served.signed_in("nurse"), &incident, WHY, &[]).status, 303);
        let mut bell = Ringer::new(&house.db, &server.post());
        bell.ring();
        house.clock.set(at("2026-11-22T07:30:00Z"));
        bell.ring();
        assert_eq!(of_kind(house, Kind::Incident), []);
        assert!(!served.signed_in("supervisor").get("/overview").text().contains("Given in error"));
        let prescriber = served.signed_in("prescriber");
        let late = prescriber.fill(&stale, &incident, &[("said", "Watch until morning.")]);
        assert!([409, 403].contains(&late.status), "{}", late.status);
        assert_eq!(house.count("incident_answers"), 0);
    });
}

#[test]
fn whoever_recorded_it_strikes_it_within_their_shift_and_a_supervisor_after() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let incident = recorded(&served, "0.5 mg", &[]);
        let strike = format!("{incident}/strike");
        assert!(served.signed_in("tom").get(&strike).text().contains("Somebody else made this record"));
        assert_eq!(served.signed_in("prescriber").get(&strike).status, 403);
        assert_eq!(served.signed_in("stranger").get(&strike).status, 404);
        house.clock.set(at("2026-11-22T09:00:00Z"));
        assert!(served.signed_in("nurse").get(&strike).text().contains("More than 12 hours have passed"));
        let supervisor = served.signed_in("supervisor");
        let stale = supervisor.get(&strike);
        assert_eq!(struck(&supervisor, &incident, WHY, &[]).status, 303);
        let again = supervisor.fill(&stale, &strike, &[("why", WHY)]);
        assert_eq!(again.status, 409, "the second is told");
        assert!(supervisor.get(&strike).text().contains("corrected this record"), "{}", supervisor.get(&strike).text());
        assert_eq!(house.count("incident_strikes"), 1);
        for sql in ["UPDATE incident_strikes SET reason = 'x'", "DELETE FROM incident_strikes"] {
            assert!(house.plain_sql(sql).is_err(), "{sql}");
        }
    });
}

/// The unused half is kept or wasted in the same act; what a witness saw wasted goes back only before one.
#[test]
fn a_half_wasted_at_an_incident_wants_a_witness_and_so_does_its_strike() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let book = receive(house, "10");
        let nurse = served.signed_in("nurse");
        let half = [("other_half", "wasted")];
        let page = nurse.get(NEW);
        let told = [
            ("mistake", "given_twice"),
            ("medicine", "clonazepam"),
            ("amount", "0.25 mg"),
            ("given_by", "tom"),
            ("what", "Twice."),
            ("done", "Watched."),
        ];
        let missing = nurse.fill(&page, NEW, &[told.as_slice(), &half].concat());
        assert_eq!(missing.status, 422, "{}", missing.text());
        assert!(missing.text().contains("A witness is wanted for this here."), "{}", missing.text());
        keeps_the_laws("an incident without its witness", &missing.body);
        let own = [("second_username", "tom"), ("second_password", PASSWORD)];
        let own = nurse.fill(&page, NEW, &[told.as_slice(), &half, &own].concat());
        assert_eq!(own.status, 422, "whoever gave it has not seen their own waste: {}", own.text());
        let incident = recorded(&served, "0.25 mg", &[half.as_slice(), &WITNESS].concat());
        assert_eq!(house.count("register_entries WHERE kind = 'wasted' AND witnessed_by = 'pharmacist'"), 1);
        let alone = struck(&nurse, &incident, WHY, &[]);
        assert!(alone.text().contains("A witness is wanted for this here."), "{}", alone.text());
        assert_eq!(struck(&nurse, &incident, WHY, &WITNESS).status, 303);
        adds_up(house, &book);
        assert_eq!(entries(house, &book)[0].balance_after, 20);
    });
}

/// Of an as-needed dose just the same.
#[test]
fn what_was_wasted_with_an_as_needed_dose_before_a_witness_is_not_put_back_without_one() {
    on_both(|house: &House| {
        let (served, _) = furnished(house);
        let book = receive(house, "10");
        let order = ordered(&served, &[("amount", "0.25 mg")]);
        let nurse = served.signed_in("nurse");
        let fields = [("why", "pacing, cannot be talked down"), ("other_half", "wasted")];
        let given = nurse.fill(&nurse.get(&order), &order, &[fields.as_slice(), &WITNESS].concat());
        assert_eq!(given.status, 303, "{}", given.text());
        let strike = nurse.get("/residents/resident-1").attribute("a[href$='/strike']", "href").unwrap();
        let page = nurse.get(&strike);
        keeps_the_laws("a strike with a witness", &page.body);
        let alone = nurse.fill(&page, &strike, &[("why", WHY)]);
        assert_eq!(alone.status, 422);
        assert!(alone.text().contains("A witness is wanted for this here."), "{}", alone.text());
        assert_eq!(house.count("as_needed_strikes"), 0);
        assert_eq!(nurse.fill(&page, &strike, &[[("why", WHY)].as_slice(), &WITNESS].concat()).status, 303);
        adds_up(house, &book);
        assert_eq!(entries(house, &book)[0].balance_after, 20);
    });
}
