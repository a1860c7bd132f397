//! What supervisors look back on: the history of doses, one fact whole, the overview; and what is in stock.

mod figures;
mod hands;
mod lived;
pub mod plans;
mod search;
mod stock;

use chrono::{DateTime, TimeDelta, Utc};
use stepdown::acts::enter_paper::{EnterPaper, Entered, enter_paper};
use stepdown::acts::lay_out_doses::lay_out_doses;
use stepdown::acts::record_dose::{RecordDose, record_dose};
use stepdown::care::people::{Nurse, Staff};
use stepdown::care::register::source::StockAsk;
use stepdown::care::round::administration::RecordAsk;
use stepdown::care::round::identity::IdentityAsk;
use stepdown::care::round::outcome::Outcome;
use stepdown::care::round::paper::PaperLine;
use stepdown::store::audit::{DosesAsk, Place, unrecorded_page};
use stepdown::store::doses::{Administration, DoseFile, doses_due_between, standings_of};
use stepdown::store::residents::resident_load;

use self::search::searches;
use crate::browser_like::{Served, Shown, settle};
use crate::house::{FACILITY, House, at, on_both};
use crate::ward;

const RESIDENTS: [&str; 3] = ["resident-1", "resident-2", "resident-3"];

const MORE: [&str; 5] = [
    "INSERT INTO units (id, facility, name, mailbox, rounds)
     VALUES ('west', 'alder', 'West', 'west@alder.example', '08:00 20:00')",
    "INSERT INTO residents (id, facility, unit, number, surname, forename, born_on, room, allergy_state, allergies,
        last_recorded_at) VALUES
        ('resident-2', 'alder', 'west', '1-2', '=Birk', 'Bo', '1941-02-03', '3/4', 'none', '', '2026-11-01 00:00:00'),
        ('resident-3', 'alder', 'west', '007', 'Céline', '<b>', '1941-02-03', '12', 'none', '', '2026-11-01 00:00:00')",
    "INSERT INTO people (id, username, name, registration, email, password_hash) VALUES
        ('nurse-2', 'nurse-2', '+Nina Night', 'P-7', '', '-'),
        ('keeper', 'keeper', 'Birch Supervisor', '', '', '-')",
    "INSERT INTO memberships (id, person, facility, role) VALUES
        ('m-20', 'nurse-2', 'alder', 'nurse'), ('m-21', 'keeper', 'birch', 'supervisor')",
    "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)",
];

/// Two units, three residents whose tapers begin on 1 November, two nurses; nothing recorded yet. The plans' ids.
fn begun(house: &House) -> Vec<String> {
    house.clock.set(at("2026-11-01T06:00:00Z"));
    settle(house);
    for sql in MORE {
        house.plain_sql(sql).unwrap();
    }
    let hash =
        stepdown::web::password::password_hash(crate::browser_like::PASSWORD, stepdown::web::password::Cost::Cheap);
    house.plain_sql(&format!("UPDATE people SET password_hash = '{hash}'")).unwrap();
    RESIDENTS.iter().map(|resident| ward::plan(house, resident, "2026-11-01")).collect()
}

/// Ten days of doses recorded in every way there is, a few never; then it is the eleventh, at noon.
fn lived(house: &House) -> Vec<Administration> {
    begun(house);
    let (from, until) = (at("2026-11-01T00:00:00Z"), at("2026-11-10T23:59:00Z"));
    let doses = house.db.read(|conn| doses_due_between(conn, FACILITY, from, until)).unwrap();
    let recorded = doses.iter().enumerate().filter_map(|(nth, dose)| happened(house, nth, dose)).collect();
    house.clock.set(at("2026-11-11T12:00:00Z"));
    recorded
}

/// What happened to the dose, by its place in the order: mixed, and the same in every run.
fn happened(house: &House, nth: usize, dose: &DoseFile) -> Option<Administration> {
    if nth % 11 == 7 {
        return None;
    }
    let outcome = Outcome::ALL[[0, 0, 2, 0, 1, 0, 3, 0, 4, 0, 5, 0, 0][nth % 13]];
    let late = [2, -5, 31, 75, 12, 0, 130, 260, 61][nth % 9];
    let nurse = if nth % 4 == 1 { "nurse-2" } else { "nurse" };
    let note = if nth % 13 == 2 { "=1+1" } else { "" };
    if nth % 10 == 3 {
        return Some(typed_in(house, dose, nurse));
    }
    Some(record(house, dose, nurse, outcome, late, note))
}

fn record(house: &House, dose: &DoseFile, nurse: &str, outcome: Outcome, late: i64, note: &str) -> Administration {
    house.clock.set(house.clock.now().max(dose.due_at + TimeDelta::minutes(late)));
    let reason = outcome.reasons().first().map(|(code, _)| (*code).to_owned()).unwrap_or_default();
    let given_at = local(dose.due_at + TimeDelta::minutes(late));
    let record = RecordAsk {
        shown: dose.level.amount,
        revision: dose.revision,
        outcome: Some(outcome),
        part: if outcome == Outcome::GivenInPart { "0.25 mg".into() } else { String::new() },
        reason,
        note: note.into(),
        given_at,
        sedation: String::new(),
    };
    let ask = RecordDose {
        form: ward::id(),
        dose: dose.id.clone(),
        record,
        stock: StockAsk::default(),
        identity: IdentityAsk::default(),
        witness: None,
        word: Default::default(),
    };
    let by = Nurse(Staff { person: nurse.into(), name: nurse.into(), facility: FACILITY.into() });
    house.db.write(move |conn, now| record_dose(conn, &by, &ask, now)).unwrap()
}

/// A nurse types in what the other one gave from paper.
fn typed_in(house: &House, dose: &DoseFile, nurse: &str) -> Administration {
    house.clock.set(house.clock.now().max(dose.due_at + TimeDelta::minutes(40)));
    let unit = house.db.read(|conn| resident_load(conn, &dose.resident)).unwrap().unit;
    let line = PaperLine {
        dose: dose.id.clone(),
        revision: dose.revision,
        outcome: Some(Outcome::Given),
        given_at: local(dose.due_at),
        given_by: if nurse == "nurse" { "nurse-2".into() } else { "nurse".into() },
        ..PaperLine::default()
    };
    let ask = EnterPaper {
        form: ward::id(),
        unit,
        span: (dose.due_at - TimeDelta::minutes(30), dose.due_at + TimeDelta::minutes(30)),
        entry: None,
        lines: vec![line],
        witness: None,
        alone: String::new(),
    };
    let by = Nurse(Staff { person: nurse.into(), name: nurse.into(), facility: FACILITY.into() });
    let entered = house.db.write(move |conn, now| enter_paper(conn, &by, &ask, now)).unwrap();
    assert_eq!(entered, Entered::Saved(1));
    let standing = house.db.read(|conn| standings_of(conn, std::slice::from_ref(&dose.id))).unwrap();
    standing[&dose.id].clone()
}

/// London has no summer time in November.
fn local(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M").to_string()
}

#[test]
fn the_page_and_the_file_show_what_is_asked_for() {
    on_both(|house| {
        let all = lived(house);
        let served = Served::start(house);
        let supervisor = served.signed_in("supervisor");
        for search in searches().iter().step_by(17) {
            let expected: Vec<String> = search.expected(&all).iter().map(i64::to_string).collect();
            let page = supervisor.get(&search.address("/history"));
            let mut shown = page.all("td.n a");
            let mut older = page.attribute("nav.pages a:last-child", "href").filter(|_| page.text().contains("Older"));
            while let Some(href) = older {
                let next = supervisor.get(&href);
                shown.extend(next.all("td.n a"));
                older = next
                    .attribute("nav.pages a:last-child", "href")
                    .filter(|_| next.all("nav.pages a").contains(&"Older".into()));
            }
            assert_eq!(shown, expected, "{search:?}");
            let file = supervisor.get(&search.address("/history.csv"));
            let entries: Vec<String> = cells(&file, "Entry").into_iter().filter(|entry| !entry.is_empty()).collect();
            assert_eq!(entries, expected, "{search:?}");
        }
    });
}

fn cells(file: &Shown, column: &str) -> Vec<String> {
    let body = file.body.strip_prefix('\u{feff}').unwrap_or(&file.body);
    let mut lines = csv::Reader::from_reader(body.as_bytes());
    let at = lines.headers().unwrap().iter().position(|name| name == column).unwrap();
    lines.records().map(|line| line.unwrap()[at].to_owned()).collect()
}

/// Bahmni: the last dose of an order was never marked missed.
#[test]
fn every_dose_whose_grace_has_passed_and_that_nobody_recorded_has_no_record() {
    on_both(|house| {
        let all = lived(house);
        let ask = DosesAsk { facility: FACILITY.into(), ..DosesAsk::default() };
        let (mut found, mut place): (Vec<DoseFile>, Option<Place>) = (Vec::new(), None);
        let grace_over = house.clock.now() - TimeDelta::minutes(120);
        loop {
            let page = house.db.read(|conn| unrecorded_page(conn, &ask, grace_over, place.as_ref(), 3)).unwrap();
            place = page.last().map(|dose| Place { due_at: dose.due_at, dose: dose.id.clone() });
            found.extend(page);
            if place.is_none() {
                break;
            }
        }
        let due =
            house.db.read(|conn| doses_due_between(conn, FACILITY, at("2026-11-01T00:00:00Z"), grace_over)).unwrap();
        let mut expected: Vec<&DoseFile> =
            due.iter().filter(|dose| all.iter().all(|record| record.dose != dose.id)).collect();
        expected.sort_by(|a, b| (b.due_at, &b.id).cmp(&(a.due_at, &a.id)));
        assert_eq!(found.iter().collect::<Vec<_>>(), expected);
        assert!(found.len() >= 8, "{}", found.len());

        let served = Served::start(house);
        let supervisor = served.signed_in("supervisor");
        let page = supervisor.get("/history?outcome=no_record");
        assert_eq!(page.all("tbody .tag-gap").len(), found.len());
        assert!(page.text().contains(&format!("{} doses have no record.", found.len())), "{}", page.text());
        assert!(supervisor.get("/history").text().contains(&format!("{} doses have no record", found.len())));
        let overview = supervisor.get("/overview");
        assert!(overview.text().contains(&format!("{} doses with no record", found.len())), "{}", overview.text());
        let file = supervisor.get("/history.csv");
        let unrecorded = cells(&file, "Outcome").iter().filter(|outcome| *outcome == "no record").count();
        assert_eq!(unrecorded, found.len());
    });
}

#[test]
fn the_file_is_safe_in_a_spreadsheet() {
    on_both(|house| {
        let all = lived(house);
        let served = Served::start(house);
        let file = served.signed_in("supervisor").get("/history.csv");
        assert!(file.body.starts_with('\u{feff}'), "a spreadsheet needs to be told that this is UTF-8");
        assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
        let attached = file.header("content-disposition").unwrap();
        assert_eq!(attached, "attachment; filename=\"alder-house-dose-history-2026-11-11.csv\"");
        assert_eq!(file.body.matches("\r\n").count(), file.body.matches('\n').count());
        for column in ["Resident", "Resident no.", "Unit", "Medicine", "Outcome", "Reason", "Note", "Recorded by"] {
            for cell in cells(&file, column) {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{column}: {cell}");
            }
        }
        let numbers = cells(&file, "Resident no.");
        assert!(numbers.contains(&"'1-2".to_owned()) && numbers.contains(&"'007".to_owned()));
        assert!(cells(&file, "Resident").contains(&"'=BIRK, Bo".to_owned()));
        assert!(cells(&file, "Note").contains(&"'=1+1".to_owned()));
        assert!(cells(&file, "Recorded by").contains(&"'+Nina Night".to_owned()));
        let first = all.last().unwrap();
        let due = cells(&file, "Due").into_iter().zip(cells(&file, "Entry")).find(|(_, n)| *n == first.n.to_string());
        assert_eq!(due.unwrap().0, first.due_at.format("%Y-%m-%d %H:%M").to_string());
    });
}

/// care_fe: "given by" showed the prescriber, and "prescribed by" the nurse.
#[test]
fn a_record_names_who_recorded_it_and_who_authorised_it_rightly() {
    on_both(|house| {
        let plan = &begun(house)[0];
        house.clock.set(at("2026-11-12T09:00:00Z"));
        ward::sign(house, plan, 1, "2026-11-15");
        house.clock.set(at("2026-11-15T08:05:00Z"));
        ward::give(house, plan, "2026-11-15", "08:00");
        let n = house.count("history");
        let served = Served::start(house);
        let page = served.signed_in("supervisor").get(&format!("/history/{n}"));
        assert_eq!(page.status, 200, "{}", page.text());
        let events = page.all(".events li p:first-child b");
        assert_eq!(
            events,
            ["Recorded as given by Nora Nurse, nurse", "Reduction to step 1 signed by Phil Pharmacist, pharmacist"]
        );
        let stamps = page.all(".stamp");
        assert!(stamps[0].starts_with("Recorded this dose as givenNora Nurse, nurse"), "{stamps:?}");
        assert!(stamps[1].starts_with("Signed the reduction to itPhil Pharmacist, pharmacist"), "{stamps:?}");
        assert!(stamps[1].ends_with("Registration P-2"), "{stamps:?}");
        assert!(page.text().contains("Chain intact around this record"));
        assert!(page.text().contains("ASH , Ada"), "{}", page.text());
        let list = served.signed_in("supervisor").get("/history");
        assert_eq!(list.all("tbody tr td:last-child"), ["Nora Nurse"]);
    });
}

#[test]
fn every_fact_can_be_opened_by_whoever_may_and_by_nobody_else() {
    on_both(|house| {
        lived(house);
        let served = Served::start(house);
        let supervisor = served.signed_in("supervisor");
        for n in 1..=house.count("history") {
            let page = supervisor.get(&format!("/history/{n}"));
            assert_eq!(page.status, 200, "{n}: {}", page.text());
            assert!(page.text().contains("Chain intact around this record"), "{n}: {}", page.text());
        }
        for missing in ["/history/0", "/history/-1", "/history/999999", "/history/x"] {
            assert_eq!(supervisor.get(missing).status, 404, "{missing}");
        }
        let keeper = served.signed_in("keeper");
        assert_eq!(keeper.get("/history/1").status, 404, "another facility's fact is not found");
        assert_eq!(keeper.get("/history?facility=alder").status, 404);
        assert_eq!(keeper.get("/overview?facility=alder").status, 404);
        let page = keeper.get("/history?resident=resident-1");
        assert_eq!(
            (page.status, page.all("td.n a").len()),
            (200, 0),
            "another facility's resident has no records here"
        );
        let nurse = served.signed_in("nurse");
        for closed in ["/overview", "/history", "/history.csv", "/history/1", "/products"] {
            assert_eq!(nurse.get(closed).status, 403, "{closed}");
            assert_eq!(served.visitor().get(closed).status, 303, "{closed}");
        }
        let pharmacist = served.signed_in("pharmacist");
        assert_eq!((pharmacist.get("/history").status, pharmacist.get("/overview").status), (200, 403));
    });
}

#[test]
fn a_search_that_cannot_be_read_says_so_and_shows_nothing() {
    on_both(|house| {
        lived(house);
        let served = Served::start(house);
        let supervisor = served.signed_in("supervisor");
        for wrong in [
            "from=yesterday",
            "to=2026-13-01",
            "from=2026-11-09&to=2026-11-02",
            "outcome=eaten",
            "late=29",
            "late=-60",
            "late=1e3",
            "before=now",
            "before=1_2_3&outcome=given_",
            "from=%F0%9F%92%8A",
            "outcome=no_record&before=12",
        ] {
            for path in ["/history", "/history.csv"] {
                let page = supervisor.get(&format!("{path}?{wrong}"));
                assert_eq!(page.status, 422, "{wrong}: {}", page.text());
                assert!(page.has(".summary") && page.all("td.n a").is_empty(), "{wrong}");
            }
        }
        for odd in ["resident=nobody", "unit=%27", "person=x%00y", "from=0001-01-01", "to=9999-12-31", "facility="] {
            let page = supervisor.get(&format!("/history?{odd}"));
            assert!(matches!(page.status, 200 | 404 | 422), "{odd}: {}", page.status);
        }
    });
}

/// A fact changed by plain SQL, past every guard, shows on its own page and on the overview.
#[test]
fn a_history_that_was_tampered_with_is_shown_in_red() {
    on_both(|house| {
        lived(house);
        let served = Served::start(house);
        let supervisor = served.signed_in("supervisor");
        assert!(supervisor.get("/overview").text().contains("History verified"));
        crate::history::unguarded(house);
        let n = house.count("history");
        house.plain_sql(&format!("UPDATE history SET role = 'pharmacist' WHERE n = {n}")).unwrap();
        let page = supervisor.get(&format!("/history/{n}"));
        assert!(page.has(".panel-danger") && page.text().contains("is not what was written"), "{}", page.text());
        drop(served);
        let served = Served::start(house);
        let page = served.signed_in("supervisor").get("/overview");
        assert!(page.has(".panel-danger") && page.text().contains("History NOT verified"), "{}", page.text());
    });
}

/// Lays doses out as the bell does.
fn laid(house: &House, plan: &str) {
    let plan = plan.to_owned();
    house.db.write(move |conn, now| lay_out_doses(conn, &plan, now)).unwrap();
}
