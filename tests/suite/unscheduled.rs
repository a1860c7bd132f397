//! What was given as needed and in error, as an auditor finds it and takes it along.

use crate::as_needed::{furnished, given_anew, ordered};
use crate::browser_like::{Served, Shown};
use crate::house::{House, at, on_both};
use crate::pages::keeps_the_laws;

const LIST: &str = "/history/unscheduled";

/// At noon something was given as needed, and at five past something in error.
fn noon(house: &House) -> Served {
    let (served, _) = furnished(house);
    let order = ordered(&served, &[]);
    assert_eq!(given_anew(&served, &order, "").status, 303);
    house.clock.set(at("2026-11-21T12:05:00Z"));
    let nurse = served.signed_in("nurse");
    let address = "/residents/resident-1/given-in-error";
    let fields = [
        ("mistake", "given_twice"),
        ("medicine", "clonazepam"),
        ("amount", "0.25 mg"),
        ("given_by", "not_known"),
        ("what", "=1+1 was read from the wrong chart"),
        ("done", "Watched, doctor called."),
    ];
    assert_eq!(nurse.fill(&nurse.get(address), address, &fields).status, 303);
    served
}

fn list(served: &Served, address: &str) -> Shown {
    let shown = served.signed_in("supervisor").get(address);
    assert_eq!(shown.status, 200, "{}", shown.text());
    shown
}

#[test]
fn what_was_given_as_needed_and_in_error_stands_in_one_list_the_newest_first() {
    on_both(|house| {
        let served = noon(house);
        let shown = list(&served, LIST);
        keeps_the_laws("as needed and in error", &shown.body);
        assert!(shown.text().contains("2 doses from 22 Oct 2026 to 21 Nov 2026."), "{}", shown.text());
        assert_eq!(shown.all("tbody tr td:nth-child(5)"), ["Given in error: given twice", "As needed (PRN)"]);
        assert_eq!(shown.all("tbody tr td:nth-child(3)"), ["clonazepam0.25 mg", "clonazepam0.5 mg"]);
        assert!(shown.text().contains("pacing, cannot be talked down"), "{}", shown.text());
        let history = list(&served, "/history");
        assert!(history.has(&format!("a[href^='{LIST}']")), "{}", history.text());
        assert_eq!(list(&served, &format!("{LIST}?to=2026-11-20")).all("tbody tr").len(), 0);
        assert_eq!(list(&served, &format!("{LIST}?resident=nobody")).all("tbody tr").len(), 0);
        let kinds = |asked: &str| list(&served, &format!("{LIST}?{asked}")).all("tbody tr td:nth-child(5)");
        assert_eq!(kinds("kind=in_error"), ["Given in error: given twice"]);
        assert_eq!(kinds("kind=as_needed&unit=east&stands=yes"), ["As needed (PRN)"]);
        assert_eq!((kinds("unit=west").len(), kinds("stands=no").len()), (0, 0));
        assert_eq!(served.signed_in("supervisor").get(&format!("{LIST}?from=soon")).status, 422);
    });
}

#[test]
fn what_was_struck_stays_on_the_list_and_says_so() {
    on_both(|house| {
        let served = noon(house);
        let nurse = served.signed_in("nurse");
        let resident = nurse.get("/residents/resident-1");
        let strike = resident.attribute("a[href^='/as-needed/doses/'][href$='/strike']", "href").unwrap();
        let answer = nurse.fill(&nurse.get(&strike), &strike, &[("why", "It was the resident of the next room.")]);
        assert_eq!(answer.status, 303, "{}", answer.text());
        let shown = list(&served, LIST);
        assert!(shown.text().contains("No longer stands: As needed (PRN)"), "{}", shown.text());
        assert!(shown.text().contains("“It was the resident of the next room.”"), "{}", shown.text());
        let entries = |asked: &str| list(&served, &format!("{LIST}?{asked}")).all("tbody td.n a").len();
        assert_eq!((entries("stands=yes"), entries("stands=no")), (1, 1));
    });
}

#[test]
fn the_file_has_every_line_and_no_formula_and_belongs_to_whoever_audits_here() {
    on_both(|house| {
        let served = noon(house);
        let file = list(&served, "/history/unscheduled.csv").body;
        let rows: Vec<&str> = file.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(rows.len(), 3, "{file}");
        assert!(rows[0].starts_with("Entry,Resident,Resident no.,Unit,Medicine,Given (mg),Kind,Actual"), "{file}");
        assert!(rows[1].contains("0.25,Given in error: given twice,2026-11-21 12:05"), "{file}");
        assert!(rows[1].contains(",\"'=1+1 was read"), "{file}");
        assert!(rows[2].contains("0.5,As needed (PRN),2026-11-21 12:00"), "{file}");
        for address in [LIST, "/history/unscheduled.csv"] {
            assert_eq!(served.signed_in("nurse").get(address).status, 403, "{address}");
            let stranger = served.signed_in("stranger").get(&format!("{address}?facility=alder"));
            assert!(matches!(stranger.status, 403 | 404), "{address}: {}", stranger.status);
        }
    });
}
