//! Whose hands: who gave a dose is found and named, not only who typed it in.

use stepdown::care::round::outcome::Outcome;
use stepdown::store::doses::doses_due_between;

use super::{begun, record};
use crate::browser_like::Served;
use crate::enter_paper::{Outage, enter, line, outage};
use crate::house::{FACILITY, at, on_both};
use crate::pages::keeps_the_laws;

#[test]
fn whoever_gave_a_dose_is_found_and_named_beside_whoever_typed_it_in() {
    on_both(|house| {
        let Outage { served, query, morning, .. } = outage(house);
        let nora = served.signed_in("nurse");
        assert_eq!(enter(&nora, &nora.get(&query), &[line(&morning[1], "given", "08:20", "tom")]).status, 303);
        let supervisor = served.signed_in("supervisor");
        let found = |person: &str| supervisor.get(&format!("/history?person={person}"));
        let (his, hers) = (found("tom"), found("nurse"));
        assert_eq!((his.all("td.n a").len(), hers.all("td.n a").len()), (1, 1), "{}", his.text());
        assert!(his.text().contains("Given or recorded by"), "{}", his.text());
        let entry = supervisor.get(&his.attribute("td.n a", "href").unwrap());
        keeps_the_laws("an entry that was typed in", &entry.body);
        let text = entry.text();
        assert!(text.contains("Recorded as given, typed in by Nora Nurse"), "{text}");
        assert!(text.contains("Given by Tom Fielding RN, as the paper says."), "{text}");
        assert!(text.contains("Given by Tom Fielding RN Recorded by Nora Nurse"), "as it stands now: {text}");
        let overview = supervisor.get("/overview").text();
        assert!(overview.contains("T. Fielding RN") && !overview.contains("N. Nurse"), "{overview}");
    });
}

#[test]
fn what_was_taken_late_says_so_whatever_was_taken_of_it() {
    on_both(|house| {
        begun(house);
        let (from, until) = (at("2026-11-01T00:00:00Z"), at("2026-11-01T23:59:00Z"));
        let doses = house.db.read(|conn| doses_due_between(conn, FACILITY, from, until)).unwrap();
        let outcomes = [Outcome::GivenInPart, Outcome::SelfAdministered, Outcome::Refused];
        for (dose, outcome) in doses.iter().zip(outcomes) {
            record(house, dose, "nurse", outcome, 180, "");
        }
        let page = Served::start(house).signed_in("supervisor").get("/history");
        let tags = page.all("td .tag");
        for said in ["Given in part, late", "Given to self-administer, late", "Refused"] {
            assert!(tags.contains(&said.to_owned()), "{said}: {tags:?}");
        }
    });
}
