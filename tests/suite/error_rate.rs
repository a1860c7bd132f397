//! The error rate: a facility with known records gives exactly the known figure, and whatever puts a record right changes it.

use stepdown::care::error_rate::{Counted, Part};
use stepdown::care::round::outcome::Outcome;
use stepdown::store::audit::doses_counted;
use stepdown::store::facilities::facility_load;

use crate::as_needed::{furnished, given_anew, ordered};
use crate::audit::plans::explained;
use crate::browser_like::{Served, Shown, Visitor};
use crate::ear::Ear;
use crate::house::{FACILITY, House, Kind, at, on_both};
use crate::pages::keeps_the_laws;
use crate::ward;

const PAGE: &str = "/error-rate?from=2026-11-21&to=2026-11-30";

/// Ada’s ten days from a Saturday on, two doses a day, of which the first two days have their own story:
/// 21 November 08:00 no record, 20:00 refused; 22 November 08:00 given an hour and a half late, 20:00 not available; then all
/// sixteen given in time. Beside them an as-needed dose, and one in error. 22 doses, 3 errors. It is the first of December.
fn lived(house: &House) -> (Served, String) {
    let (served, plan) = furnished(house);
    let order = ordered(&served, &[]);
    assert_eq!(given_anew(&served, &order, "").status, 303);
    house.clock.set(at("2026-11-21T12:05:00Z"));
    in_error(&served.signed_in("nurse"), "0.25 mg");
    record(house, &plan, ("2026-11-21", "20:00", "2026-11-21T20:05"), Outcome::Refused, "R1");
    record(house, &plan, ("2026-11-22", "08:00", "2026-11-22T09:30"), Outcome::Given, "L1");
    record(house, &plan, ("2026-11-22", "20:00", "2026-11-22T20:05"), Outcome::NotAvailable, "N1");
    for day in 23..=30 {
        for hour in ["08", "20"] {
            house.clock.set(at(&format!("2026-11-{day}T{hour}:05:00Z")));
            ward::give(house, &plan, &format!("2026-11-{day}"), &format!("{hour}:00"));
        }
    }
    house.clock.set(at("2026-12-01T07:00:00Z"));
    (Served::start(house), plan)
}

fn in_error(nurse: &Visitor, amount: &str) {
    let address = "/residents/resident-1/given-in-error";
    let fields = [
        ("mistake", "given_twice"),
        ("medicine", "clonazepam"),
        ("amount", amount),
        ("given_by", "not_known"),
        ("what", "The cup of the next room."),
        ("done", "Watched, doctor called."),
    ];
    let done = nurse.fill(&nurse.get(address), address, &fields);
    assert_eq!(done.status, 303, "{}", done.text());
}

/// A nurse says at a time what became of a dose, as it then is.
fn record(house: &House, plan: &str, (on, slot, when): (&str, &str, &str), outcome: Outcome, reason: &str) {
    house.clock.set(at(&format!("{when}:00Z")));
    let mut ask = ward::giving(house, plan, on, slot);
    ask.record.given_at = if reason == "L3" { format!("{on}T{slot}") } else { String::new() };
    ask.record.outcome = Some(outcome);
    ask.record.reason = reason.into();
    let by = stepdown::care::people::Nurse(ward::staff("nurse"));
    house.db.write(move |conn, now| stepdown::acts::record_dose::record_dose(conn, &by, &ask, now)).unwrap();
}

fn counted(house: &House, unit: Option<&str>) -> Counted {
    let days = (ward::day("2026-11-21"), ward::day("2026-11-30"));
    let now = house.clock.now();
    house
        .db
        .read(|conn| {
            let facility = facility_load(conn, FACILITY)?;
            doses_counted(conn, &facility, unit, days, now)
        })
        .unwrap()
}

/// Errors, of how many, and how many with every late dose.
fn sum(house: &House) -> (u64, u64, u64) {
    let all = counted(house, None);
    let (rate, with_late) = (all.rate(), all.rate_with_late());
    assert_eq!(counted(house, Some("east")), all, "all of it was in the east");
    assert_eq!(counted(house, Some("nowhere")), Counted::default());
    (rate.errors, rate.of, with_late.errors)
}

fn page(served: &Served) -> Shown {
    let page = served.signed_in("supervisor").get(PAGE);
    assert_eq!(page.status, 200, "{}", page.text());
    page
}

#[test]
fn known_records_give_exactly_the_known_rate_on_the_page_and_on_the_overview() {
    on_both(|house| {
        let (served, _) = lived(house);
        assert_eq!(sum(house), (3, 22, 4));
        let shown = page(&served);
        keeps_the_laws("the error rate", &shown.body);
        let text = shown.text();
        assert!(text.contains("13.63%") && text.contains("18.18%"), "cut, never rounded up: {text}");
        assert!(
            text.contains("3 errors of 22 doses: 1 given in error, 1 not available, 1 without a record."),
            "{text}"
        );
        assert!(text.contains("4 of 22, 1 of them late: 5% or more"), "{text}");
        let row = |nth: usize| shown.all(&format!("tbody tr:nth-child({nth}) > *")).join(" ");
        assert_eq!(row(1), "Given 17 1 Given, given late 17 0");
        assert_eq!(row(6), "Refused 1 – 1 0");
        assert_eq!(row(9), "No record 1 – 1 1");
        let overview = served.signed_in("supervisor").get("/overview");
        let card = overview.all("#errors").join(" ");
        assert!(card.contains("13.63%") && card.contains("3 errors of 22 doses"), "{card}");
        assert_eq!(overview.attribute("#errors a", "href").as_deref(), Some("/error-rate?facility=alder"));
    });
}

/// It is the first of December: whoever asks for nothing reads which thirty days they see, and may move them.
#[test]
fn the_usual_month_stands_in_the_fields() {
    on_both(|house| {
        let (served, _) = lived(house);
        let shown = served.signed_in("supervisor").get("/error-rate");
        let day = |name: &str| shown.attribute(&format!("input[name={name}]"), "value");
        assert_eq!((day("from").as_deref(), day("to").as_deref()), (Some("2026-11-02"), Some("2026-12-01")));
    });
}

/// An inspector counts again what the page counted.
#[test]
fn every_part_leads_to_exactly_its_doses() {
    on_both(|house| {
        let (served, _) = lived(house);
        let (shown, supervisor) = (page(&served), served.signed_in("supervisor"));
        let links = shown.attributes("tbody th a", "href");
        assert_eq!(links.len(), Part::ALL.len());
        let all = counted(house, None);
        for (part, href) in Part::ALL.into_iter().zip(links) {
            let list = supervisor.get(&href);
            assert_eq!((list.status, list.all("tbody th").len() as u32), (200, all.of(part).doses), "{part:?} {href}");
        }
        let late = shown.attribute("tbody td a", "href").unwrap();
        assert_eq!(supervisor.get(&late).all("tbody th").len(), 1, "{late}");
    });
}

#[test]
fn a_late_record_a_correction_and_a_struck_incident_change_it() {
    on_both(|house| {
        let (served, plan) = lived(house);
        record(house, &plan, ("2026-11-21", "08:00", "2026-12-01T07:05"), Outcome::Given, "L3");
        assert_eq!(sum(house), (2, 22, 3), "what was recorded afterwards was given in time");
        let (supervisor, dose) =
            (served.signed_in("supervisor"), ward::giving(house, &plan, "2026-11-22", "20:00").dose);
        let address = format!("/doses/{dose}/correction");
        let fields = [("outcome", "withheld"), ("reason", "W1"), ("why", "She slept, and the tablet was there.")];
        let done = supervisor.fill(&supervisor.get(&address), &address, &fields);
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(sum(house), (1, 22, 2), "what was corrected counts as it stands");
        let incident = supervisor.get("/overview").attribute("main a[href^='/incidents/']", "href").unwrap();
        let strike = format!("{incident}/strike");
        let struck = supervisor.fill(&supervisor.get(&strike), &strike, &[("why", "It was not given after all.")]);
        assert_eq!(struck.status, 303, "{}", struck.text());
        assert_eq!(sum(house), (0, 21, 1));
        assert!(page(&served).text().contains("No error of 21 doses."), "{}", page(&served).text());
    });
}

#[test]
fn what_nobody_ordered_is_no_dose_that_counts() {
    on_both(|house| {
        let (_, plan) = furnished(house);
        record(house, &plan, ("2026-11-21", "08:00", "2026-11-21T12:10"), Outcome::Withheld, "W4");
        record(house, &plan, ("2026-11-21", "20:00", "2026-11-21T20:05"), Outcome::Absent, "A2");
        house.clock.set(at("2026-11-23T12:00:00Z"));
        assert_eq!(sum(house), (3, 3, 3), "of the 22nd and of this morning");
        // Nobody has decided the level since an absence.
        house.plain_sql("UPDATE doses SET undecided = true WHERE on_date = '2026-11-22'").unwrap();
        let all = counted(house, None);
        assert_eq!((all.of(Part::NoRecord).doses, all.of(Part::NoRecord).unordered), (3, 2));
        record(house, &plan, ("2026-11-22", "08:00", "2026-11-23T12:10"), Outcome::NotAvailable, "N1");
        house.plain_sql("UPDATE doses SET amount_ug = 0 WHERE on_date = '2026-11-23' AND NOT recorded").unwrap();
        assert_eq!(sum(house), (0, 0, 0));
        let page = Served::start(house).signed_in("supervisor").get(PAGE).text();
        assert!(page.contains("there is no rate"), "{page}");
    });
}

#[test]
fn only_a_supervisor_of_the_facility_sees_it_and_a_question_that_cannot_be_read_is_refused() {
    on_both(|house| {
        let (served, _) = lived(house);
        for other in ["nurse", "pharmacist", "prescriber", "administrator"] {
            assert_eq!(served.signed_in(other).get(PAGE).status, 403, "{other}");
        }
        assert_eq!(served.visitor().get(PAGE).status, 303);
        let supervisor = served.signed_in("supervisor");
        assert_eq!(supervisor.get("/error-rate?facility=birch").status, 404);
        for wrong in ["/error-rate?from=soon", "/error-rate?from=2026-11-22&to=2026-11-21"] {
            let refused = supervisor.get(wrong);
            keeps_the_laws(wrong, &refused.body);
            assert_eq!(refused.status, 422, "{wrong}");
        }
        assert_eq!(supervisor.get("/error-rate?unit=nowhere").status, 200);
    });
}

/// Not among all the doses of years.
#[test]
fn an_index_leads_to_whatever_is_counted() {
    on_both(|house| {
        lived(house);
        let ear = Ear::default();
        let mut conn = ear.listening(house);
        let facility = facility_load(&mut conn, FACILITY).unwrap();
        let days = (ward::day("2026-11-21"), ward::day("2026-11-30"));
        doses_counted(&mut conn, &facility, Some("east"), days, house.clock.now()).unwrap();
        let mut heard = ear.heard();
        let led = [
            ("administrations", "administrations_date"),
            ("as_needed_doses", "as_needed_doses_facility"),
            ("incidents", "incidents_facility"),
            ("doses", "doses_open"),
        ];
        for (table, index) in led {
            let from = format!(
                "FROM {}",
                if house.kind == Kind::Sqlite { format!("`{table}`") } else { format!("\"{table}\"") }
            );
            let of = |query: &String| query.contains("binds") && query.contains(&from) && query.contains("facility");
            let queries: Vec<String> = heard.iter().filter(|query| of(query)).cloned().collect();
            assert!(!queries.is_empty(), "{table}: {heard:?}");
            heard.retain(|query| !of(query));
            for query in queries {
                let steps = explained(house, &query);
                let scans = match house.kind {
                    Kind::Sqlite => steps.contains("SCAN"),
                    Kind::Postgres => steps.contains("Seq Scan"),
                };
                assert!(!scans && steps.to_lowercase().contains("index"), "{query}\n{steps}");
                // A server may take another for so few rows.
                assert!(house.kind == Kind::Postgres || steps.contains(index), "{query}\n{steps}");
            }
        }
    });
}
