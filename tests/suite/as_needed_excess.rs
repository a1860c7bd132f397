//! A scheduled dose is never stopped by an as-needed maximum: where its record takes the medicine past one, that stands as an
//! incident, and nothing is counted twice.

use stepdown::care::incident::{IncidentFile, Mistake};
use stepdown::care::people::Supervisor;
use stepdown::care::register::source::StockAsk;
use stepdown::care::round::administration::RecordAsk;
use stepdown::care::round::correction::{Corrector, Instead};
use stepdown::care::round::outcome::Outcome;
use stepdown::store::incidents::incidents_of_resident;

use crate::as_needed::{furnished, given_anew, ordered};
use crate::browser_like::Served;
use crate::correct_dose::{SATURDAY, ask, corrected, nurse, standing};
use crate::house::{House, RESIDENT, at, on_both};
use crate::pages::keeps_the_laws;
use crate::shelf::{dose, record, record_ask};
use crate::{strike_incident, ward};

const SUNDAY: &str = "2026-11-22";

/// The morning's dose was refused; as needed 0.5 mg was given at 12:00 and 16:00, of at most 2 mg in 24 hours, and the
/// evening's dose at 20:00.
fn lived(house: &House) -> (Served, String, String) {
    let (served, plan) = furnished(house);
    let order = ordered(&served, &[]);
    record(house, &dose(house, &plan, SATURDAY, "08:00"), (Outcome::Refused, ""), StockAsk::default()).unwrap();
    assert_eq!(given_anew(&served, &order, "").status, 303);
    house.clock.set(at("2026-11-21T16:00:00Z"));
    assert_eq!(given_anew(&served, &order, "").status, 303);
    give(house, &plan, SATURDAY, "20:00");
    (served, plan, order)
}

fn give(house: &House, plan: &str, on: &str, slot: &str) {
    house.clock.set(at(&format!("{on}T{slot}:00Z")));
    record(house, &dose(house, plan, on, slot), (Outcome::Given, ""), StockAsk::default()).unwrap();
}

/// The morning's dose had been given after all, at 13:00.
fn given_after_all(house: &House, plan: &str, now: &str) {
    house.clock.set(at(now));
    let morning = dose(house, plan, SATURDAY, "08:00");
    let was = standing(house, &morning).unwrap();
    let told = RecordAsk { given_at: "2026-11-21T13:00".into(), ..record_ask(&morning, Outcome::Given, "") };
    corrected(house, &supervisor(), &ask(&was.id, Instead::Record(told))).unwrap();
}

fn supervisor() -> Corrector {
    Supervisor(ward::staff("supervisor")).into()
}

fn incidents(house: &House) -> Vec<IncidentFile> {
    house.db.read(|conn| incidents_of_resident(conn, RESIDENT)).unwrap()
}

/// The one incident, of the record of this dose.
fn only_of(house: &House, plan: &str, (on, slot): (&str, &str)) -> IncidentFile {
    let stood = standing(house, &dose(house, plan, on, slot)).unwrap();
    let mut found = incidents(house);
    assert_eq!(found.len(), 1, "{found:#?}");
    let file = found.remove(0);
    assert_eq!((file.incident.mistake, file.incident.of_record.as_deref()), (Mistake::OverLimit, Some(&*stood.id)));
    assert_eq!((file.incident.given, file.incident.given_at), (stood.given, stood.given_at));
    let told = file.incident.what.replace('\u{a0}', " ");
    assert!(told.contains("comes to 2.5 mg in 24 hours; the maximum is 2 mg (the as-needed order)"), "{told}");
    file
}

#[test]
fn a_record_put_right_that_passes_an_as_needed_maximum_stands_as_an_incident() {
    on_both(|house| {
        let (served, plan, order) = lived(house);
        give(house, &plan, SUNDAY, "08:00");
        assert_eq!(incidents(house).len(), 0, "2 mg is as much as may be");
        given_after_all(house, &plan, "2026-11-22T08:10:00Z");
        let file = only_of(house, &plan, (SATURDAY, "08:00"));
        let page = served.signed_in("prescriber").get(&format!("/incidents/{}", file.incident.id));
        keeps_the_laws("an excess", &page.body);
        assert!(page.text().contains("its amount and its tablets are counted there"), "{}", page.text());
        assert!(page.has("form textarea[name=said]"), "a prescriber answers it");
        let overview = served.signed_in("supervisor").get("/overview").text();
        assert!(overview.contains("over a limit"), "{overview}");
        let left = served.signed_in("nurse").get(&order).text().replace('\u{a0}', " ");
        assert!(left.contains("Counted: 1 mg as needed, 1.5 mg scheduled and given"), "counted once: {left}");
        // Its time told once more is no second incident.
        let was = standing(house, &dose(house, &plan, SATURDAY, "08:00")).unwrap();
        let morning = dose(house, &plan, SATURDAY, "08:00");
        let told = RecordAsk { given_at: "2026-11-21T13:05".into(), ..record_ask(&morning, Outcome::Given, "") };
        corrected(house, &supervisor(), &ask(&was.id, Instead::Record(told))).unwrap();
        assert_eq!(incidents(house).len(), 1);
    });
}

/// Half of the morning's dose, then all of it: the first incident tells of less.
#[test]
fn a_record_put_right_once_more_that_makes_it_more_stands_as_another_incident() {
    on_both(|house| {
        let (_, plan, _) = lived(house);
        give(house, &plan, SUNDAY, "08:00");
        house.clock.set(at("2026-11-22T08:10:00Z"));
        let morning = dose(house, &plan, SATURDAY, "08:00");
        for (outcome, part) in [(Outcome::GivenInPart, "0.25"), (Outcome::Given, "")] {
            let was = standing(house, &morning).unwrap();
            let told = RecordAsk { given_at: "2026-11-21T13:00".into(), ..record_ask(&morning, outcome, part) };
            corrected(house, &supervisor(), &ask(&was.id, Instead::Record(told))).unwrap();
        }
        let told: Vec<String> =
            incidents(house).into_iter().map(|one| one.incident.what.replace('\u{a0}', " ")).collect();
        let comes_to = |total: &str| told.iter().filter(|what| what.contains(&format!("comes to {total} in"))).count();
        assert_eq!((told.len(), comes_to("2.25 mg"), comes_to("2.5 mg")), (2, 1, 1), "{told:#?}");
    });
}

/// What was given in error told of it; it was the resident next door, and what is left is still too much.
#[test]
fn what_is_still_beyond_a_maximum_when_an_incident_is_struck_is_told_of_the_latest_record() {
    on_both(|house| {
        let (served, plan, _) = lived(house);
        given_after_all(house, &plan, "2026-11-21T20:30:00Z");
        let error = strike_incident::recorded(&served, "0.5 mg", &[("given_at", "2026-11-21T20:20")]);
        give(house, &plan, SUNDAY, "08:00");
        assert_eq!(incidents(house).len(), 1, "what was given in error tells of it");
        let nurse = served.signed_in("nurse");
        assert_eq!(strike_incident::struck(&nurse, &error, strike_incident::WHY, &[]).status, 303);
        let found = incidents(house);
        let left: Vec<_> = found.iter().filter(|one| one.struck.is_none()).collect();
        assert_eq!((found.len(), left.len()), (2, 1), "{found:#?}");
        let latest = standing(house, &dose(house, &plan, SUNDAY, "08:00")).unwrap();
        let opened = &left[0].incident;
        assert_eq!((opened.mistake, opened.of_record.as_deref()), (Mistake::OverLimit, Some(&*latest.id)));
        assert_eq!((opened.recorded_by.as_str(), opened.recorded_at), ("nurse", house.clock.now()));
    });
}

#[test]
fn a_scheduled_dose_that_passes_an_as_needed_maximum_is_recorded_and_stands_as_an_incident() {
    on_both(|house| {
        let (_, plan, _) = lived(house);
        given_after_all(house, &plan, "2026-11-21T20:30:00Z");
        assert_eq!(incidents(house).len(), 0);
        give(house, &plan, SUNDAY, "08:00");
        only_of(house, &plan, (SUNDAY, "08:00"));
        // The next one passes it no further: the 24 hours are over that it would pass.
        give(house, &plan, SUNDAY, "20:00");
        assert_eq!(incidents(house).len(), 1);
    });
}

#[test]
fn a_dose_with_nothing_as_needed_beside_it_opens_no_incident() {
    on_both(|house| {
        let (_, plan) = furnished(house);
        record(house, &dose(house, &plan, SATURDAY, "08:00"), (Outcome::Given, ""), StockAsk::default()).unwrap();
        let morning = dose(house, &plan, SATURDAY, "08:00");
        let was = standing(house, &morning).unwrap();
        let told = RecordAsk { note: "With water.".into(), ..record_ask(&morning, Outcome::Given, "") };
        corrected(house, &nurse(), &ask(&was.id, Instead::Record(told))).unwrap();
        assert_eq!(incidents(house).len(), 0);
    });
}

/// Whoever gave it could otherwise take the question away from prescriber and supervisor with one tap.
#[test]
fn what_a_record_opened_is_not_struck_while_the_record_stands_and_is_beyond_the_maximum() {
    on_both(|house| {
        let (served, plan, _) = lived(house);
        given_after_all(house, &plan, "2026-11-21T20:30:00Z");
        give(house, &plan, SUNDAY, "08:00");
        let file = only_of(house, &plan, (SUNDAY, "08:00"));
        let (nurse, action) = (served.signed_in("nurse"), format!("/incidents/{}/strike", file.incident.id));
        let strike = || nurse.fill(&nurse.get(&action), &action, &[("why", "It opened by itself, nothing was wrong.")]);
        let refused = strike();
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.text().contains("correct it first"), "{}", refused.text());
        let was = standing(house, &dose(house, &plan, SUNDAY, "08:00")).unwrap();
        let morning = dose(house, &plan, SUNDAY, "08:00");
        let told = RecordAsk { reason: "R1".into(), ..record_ask(&morning, Outcome::Refused, "") };
        corrected(house, &crate::correct_dose::nurse(), &ask(&was.id, Instead::Record(told))).unwrap();
        assert_eq!(strike().status, 303, "the record no longer says so");
    });
}
