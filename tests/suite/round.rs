//! The round over HTTP: every open dose is on it, the most urgent first, and it waits for nothing.

use stepdown::acts::record_dose::record_dose;
use stepdown::care::people::Nurse;
use stepdown::care::round::outcome::Outcome;

use crate::absences::{comes_back, leaves};
use crate::browser_like::{Served, Shown, settle};
use crate::deciding::{self, decide};
use crate::desk::{laid, lay_out};
use crate::house::{House, RESIDENT, at, on_both};
use crate::ward;

fn furnished(house: &House) {
    settle(house);
    house
        .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
        .unwrap();
    house.plain_sql("UPDATE residents SET allergy_state = 'known', allergies = 'penicillin (rash)'").unwrap();
    house.plain_sql("INSERT INTO bells (id, rang_at) VALUES ('bell', '2026-11-21 08:11:00')").unwrap();
}

fn round(house: &House, now: &str, address: &str) -> Shown {
    house.clock.set(at(now));
    let shown = Served::start(house).signed_in("nurse").get(address);
    assert_eq!(shown.status, 200, "{}", shown.text());
    shown
}

#[test]
fn a_resident_stands_once_in_the_group_of_their_most_urgent_dose() {
    on_both(|house| {
        furnished(house);
        let alike = ward::resident(house, "Ashe", "Bo", "2", "3");
        let early = ward::resident(house, "Kowal", "Jan", "3", "1");
        ward::plan(house, RESIDENT, "2026-11-21");
        ward::plan_at(house, &alike, "2026-11-21", "09:30");
        ward::plan_at(house, &early, "2026-11-21", "07:00");
        let shown = round(house, "2026-11-21T08:12:00Z", "/round");
        assert_eq!(shown.all("h1"), ["08:00 round, East"]);
        assert_eq!(shown.all("#overdue h3"), ["KOWAL, Jan"]);
        assert_eq!(shown.all("#overdue .tag"), ["1 h 12 min late"]);
        assert_eq!(shown.all("#now h3"), ["ASH, Ada"]);
        assert_eq!(shown.all("#now .dose"), ["0.5 mg"]);
        assert_eq!(shown.all("#now .make"), ["1 × 0.5 mg tablet"]);
        assert_eq!(shown.all("#now .res-al"), ["Allergy: penicillin (rash)"]);
        assert_eq!(shown.all("#now .res-alike"), ["Name alert: ASHE, Bo"]);
        assert_eq!(shown.all("#soon h3"), ["ASHE, Bo"]);
        assert_eq!(shown.all("#soon .tag"), ["in 1 h 18 min"]);
        assert_eq!(shown.all(".chips a"), ["All 3", "Overdue 1", "Due now 1", "Due soon 1"]);
        assert!(shown.text().contains("shown as at 08:12") && shown.text().contains("0 of 3 recorded"));
        assert!(!shown.text().contains("Reminders by e-mail are late"), "{}", shown.text());
    });
}

/// Bahmni IPD: the last dose of an order was never marked missed. Here "no record" follows for every dose from the rows.
#[test]
fn what_nobody_recorded_stays_on_top_until_somebody_does() {
    on_both(|house| {
        furnished(house);
        let plan = ward::plan(house, RESIDENT, "2026-11-21");
        house.clock.set(at("2026-11-23T08:00:00Z"));
        ward::give(house, &plan, "2026-11-23", "08:00");
        let shown = round(house, "2026-11-23T20:10:00Z", "/round");
        let when: Vec<String> = shown.all("#overdue .due .when");
        assert_eq!(when.len(), 5, "two open days and this evening: {when:?}");
        assert_eq!(when[0], "08:00 21 Nov 2026 No record");
        assert_eq!(when[3], "20:00 22 Nov 2026 No record");
        assert!(when[4].starts_with("20:00 Due now"), "{when:?}");
        assert!(shown.text().contains("Reminders by e-mail are late"), "the bell last rang two days ago");
    });
}

/// Whoever gives the next dose sees when the one before it was given, and how much of it.
#[test]
fn what_was_recorded_late_stays_on_the_round_that_it_was_recorded_in() {
    on_both(|house| {
        furnished(house);
        let plan = ward::plan(house, RESIDENT, "2026-11-21");
        house.clock.set(at("2026-11-21T19:05:00Z"));
        let mut late = ward::giving(house, &plan, "2026-11-21", "08:00");
        late.record.outcome = Some(Outcome::GivenInPart);
        late.record.part = "0.25".into();
        late.record.reason = "P1".into();
        late.record.given_at = "13:40".into();
        house.db.write(move |conn, now| record_dose(conn, &Nurse(ward::staff("nurse")), &late, now)).unwrap();
        let shown = round(house, "2026-11-21T19:30:00Z", "/round");
        assert_eq!(shown.all("#now .due .when").len(), 2, "{}", shown.text());
        assert!(shown.all("#now .due")[0].contains("Given in part: 0.25 mg 13:40"), "{}", shown.text());
        let morning = round(house, "2026-11-21T19:30:00Z", "/round?round=08:00");
        assert!(morning.text().contains("Given in part: 0.25 mg 13:40"), "{}", morning.text());
        let tomorrow = round(house, "2026-11-22T08:00:00Z", "/round");
        assert!(!tomorrow.text().contains("Given in part"), "{}", tomorrow.text());
        assert_eq!(house.count("administrations WHERE pieces LIKE 'part of 1 × 0.5%'"), 1);
    });
}

#[test]
fn nothing_due_is_said_and_the_next_doses_are_shown() {
    on_both(|house| {
        furnished(house);
        let plan = ward::plan(house, RESIDENT, "2026-11-21");
        let before = round(house, "2026-11-21T06:00:00Z", "/round?round=08:00");
        assert_eq!(before.all(".calm h2"), ["No doses are due in East until 08:00"]);
        assert!(before.text().contains("The window for the 08:00 round opens at 07:00."), "{}", before.text());
        assert_eq!(before.all(".lines .muted"), ["in 2 h", "in 14 h", "in 1 day", "in 1 day"]);
        house.clock.set(at("2026-11-21T08:00:00Z"));
        ward::give(house, &plan, "2026-11-21", "08:00");
        let after = round(house, "2026-11-21T09:42:00Z", "/round");
        assert_eq!(after.all("h1"), ["12:00 round, East"]);
        assert_eq!(after.all(".calm h2"), ["No doses are due in East until 20:00"]);
        assert!(after.text().contains("The one dose of the 08:00 round is recorded: 1 given."), "{}", after.text());
        assert_eq!(after.all(".calm a"), ["See the 08:00 round"]);
    });
}

#[test]
fn after_the_last_step_no_dose_is_planned_and_none_is_due() {
    on_both(|house| {
        furnished(house);
        let plan = ward::plan(house, RESIDENT, "2026-11-21");
        house.clock.set(at("2026-12-04T09:00:00Z"));
        ward::sign(house, &plan, 1, "2026-12-05");
        house.clock.set(at("2026-12-18T09:00:00Z"));
        ward::sign(house, &plan, 2, "2026-12-19");
        house.plain_sql("UPDATE doses SET void = true WHERE on_date < '2026-12-19'").unwrap();
        let shown = round(house, "2026-12-19T08:00:00Z", "/round?round=08:00");
        assert!(!shown.has("#overdue") && !shown.has("#now"), "{}", shown.text());
        assert_eq!(shown.all(".done .tag"), ["Planned: no dose"]);
        assert!(!shown.has(".due .btn"));
        let resident = round(house, "2026-12-19T08:00:00Z", &format!("/residents/{RESIDENT}"));
        assert_eq!(resident.all(".tr-now td"), ["no dose", "no dose"]);
        assert!(resident.text().contains("The last step of the plan is in force."));
    });
}

#[test]
fn another_houses_unit_is_not_found_and_a_strange_round_leads_to_this_hours() {
    on_both(|house| {
        furnished(house);
        ward::plan(house, RESIDENT, "2026-11-21");
        house
            .plain_sql(
                "INSERT INTO units (id, facility, name, mailbox, rounds) VALUES ('oak', 'birch', 'Oak', '', '08:00')",
            )
            .unwrap();
        house.clock.set(at("2026-11-21T08:12:00Z"));
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        assert_eq!(nurse.get("/round?unit=oak").status, 404);
        for odd in
            ["/round?round=08:17", "/round?round=eight&on=yesterday", "/round?unit=east&round=08:00&on=9999-12-31"]
        {
            assert_eq!(nurse.get(odd).status, 200, "{odd}");
        }
        assert_eq!(nurse.get("/round?round=08:17").all("h1"), ["08:00 round, East"]);
        assert_eq!(served.signed_in("pharmacist").get("/round").status, 403);
        assert_eq!(served.visitor().get("/round").location(), "/sign-in?next=%2Fround");
    });
}

#[test]
fn residents_are_found_by_name_number_or_room_and_by_nobody_else() {
    on_both(|house| {
        furnished(house);
        ward::resident(house, "O'Brien-Šimić", "<b>Bo</b>", "AH-0417", "12A");
        house.clock.set(at("2026-11-21T08:12:00Z"));
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        let found = |asked: &str| nurse.get(&format!("/residents?q={asked}")).all("tbody th");
        assert_eq!(found("").len(), 2);
        for asked in ["o%27br", "%C5%A0IMI", "AH-0417", "12a", "o%27brien+east", "0417"] {
            assert_eq!(found(asked), ["O'BRIEN-ŠIMIĆ, <b>Bo</b>"], "{asked}");
        }
        assert_eq!(found("nobody"), Vec::<String>::new());
        assert_eq!(served.signed_in("pharmacist").get("/residents").status, 200);
        assert_eq!(served.signed_in("administrator").get("/residents").status, 403);
        assert_eq!(served.signed_in("stranger").get(&format!("/residents/{RESIDENT}")).status, 404);
    });
}

#[test]
fn a_round_of_sixty_residents_is_one_quick_page() {
    on_both(|house| {
        furnished(house);
        for n in 0..60 {
            let resident = ward::resident(house, &format!("Surname{n}"), "Ann", &format!("R-{n}"), &n.to_string());
            ward::plan(house, &resident, "2026-11-21");
        }
        house.clock.set(at("2026-11-21T08:12:00Z"));
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        let quickest = (0..5).map(|_| {
            let begun = std::time::Instant::now();
            assert_eq!(nurse.get("/round").all("#now .btn").len(), 60);
            begun.elapsed()
        });
        let quickest = quickest.min().unwrap();
        eprintln!("a round of sixty residents: {quickest:?}, the test's own reading of the page included");
        assert!(quickest < std::time::Duration::from_secs(2), "{quickest:?}");
    });
}

/// After an absence the rows of the day before say nothing: whoever knew the dose of then is told.
#[test]
fn a_dose_that_was_changed_while_they_were_away_says_so_until_each_slot_has_had_it() {
    on_both(|house| {
        let (served, plan) = deciding::lowered(house);
        let id = plan.trim_start_matches("/plans/");
        let as_of = |moment: &str| deciding::at(house, moment);
        assert_eq!(leaves(&served.signed_in("nurse"), "2026-12-05T09:30").status, 303);
        as_of("2026-12-10T10:00");
        assert_eq!(comes_back(&served.signed_in("nurse"), id, "2026-12-10T10:00", "not_known").status, 303);
        let overview = served.signed_in("supervisor").get("/overview").text();
        assert!(overview.contains("nobody has decided the dose since 10 Dec 2026"), "{overview}");
        let back = decide(&served.signed_in("prescriber"), &plan, "step-back", &[("step", "0")]);
        assert_eq!(back.status, 303, "{}", back.text());
        let told = |moment: &str, slot: usize| {
            as_of(moment);
            lay_out(house, &plan);
            let nurse = served.signed_in("nurse");
            let dose = &laid(house, &plan, moment[..10].parse().unwrap())[slot];
            let page = nurse.get(&format!("/doses/{}", dose.id)).text();
            let row = nurse.get("/round").all(".due").into_iter().find(|row| row.contains("Due now")).unwrap();
            [page, row].map(|text| text.contains("from 0.75 mg to 1 mg"))
        };
        assert_eq!(told("2026-12-10T20:00", 1), [true, true], "the first evening");
        assert_eq!(told("2026-12-11T08:00", 0), [true, true], "the first morning");
        assert_eq!(told("2026-12-11T20:00", 1), [false, false], "the second evening");
        assert_eq!(told("2026-12-12T08:00", 0), [false, false]);
    });
}

#[test]
fn the_dead_warn_of_no_name_and_have_no_label() {
    on_both(|house| {
        furnished(house);
        let alike = ward::resident(house, "Ashe", "Bo", "2", "3");
        ward::plan(house, RESIDENT, "2026-11-21");
        house.clock.set(at("2026-11-21T08:12:00Z"));
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        let warned = || {
            let pages = ["/round", "/residents/resident-1", "/units/east/downtime", "/units/east/labels"];
            pages.map(|page| nurse.get(page).text().contains("ASHE"))
        };
        assert_eq!(warned(), [true; 4]);
        let gone = format!("/residents/{alike}/absence");
        let page = nurse.get(&gone);
        let died = nurse.fill(&page, &gone, &[("kind", "died"), ("left_at", "2026-11-21T07:30")]);
        assert_eq!(died.status, 303, "{}", died.text());
        assert_eq!(warned(), [false; 4]);
    });
}

#[test]
fn what_comes_next_says_that_nobody_has_decided_it() {
    on_both(|house| {
        furnished(house);
        let plan = ward::plan(house, RESIDENT, "2026-11-21");
        house.clock.set(at("2026-11-21T07:30:00Z"));
        let served = Served::start(house);
        assert_eq!(leaves(&served.signed_in("nurse"), "2026-11-21T07:30").status, 303);
        house.clock.set(at("2026-11-25T10:00:00Z"));
        let nurse = served.signed_in("nurse");
        assert_eq!(comes_back(&nurse, &plan, "2026-11-25T10:00", "not_known").status, 303);
        let calm = nurse.get("/round");
        let next = calm.all(".lines li").join(" ");
        assert!(next.contains("20:00") && next.contains("Decision needed"), "{}", calm.text());
        assert!(!next.contains("0.5 mg"), "{next}");
    });
}

/// A little late is a little late on either side of midnight.
#[test]
fn a_dose_of_the_night_is_late_before_it_has_no_record() {
    on_both(|house| {
        furnished(house);
        ward::plan_at(house, RESIDENT, "2026-11-21", "23:00");
        let shown = |now| round(house, now, "/round").all("#overdue .due .when");
        let late = shown("2026-11-22T00:05:00Z").join(" ");
        assert!(late.contains("23:00 1 h 5 min late"), "{late}");
        let lost = shown("2026-11-22T02:05:00Z").join(" ");
        assert!(lost.contains("23:00 No record"), "{lost}");
    });
}
