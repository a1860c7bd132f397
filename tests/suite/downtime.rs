//! The downtime pack: what it tells is what the database holds, it opens with the server gone, and it is never behind.

mod folders;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use scraper::{Html, Selector};
use stepdown::care::register::entering::{EnterAsk, What};
use stepdown::store::doses::doses_of_plan_from;

use crate::as_needed;
use crate::browser_like::{Served, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::pages::no_dose_could_be_misread;
use crate::shelf;
use crate::ward;

const PACK: &str = "/units/east/downtime";

fn furnished(house: &House) -> String {
    furnished_for(house, 14)
}

/// With doses laid out for so many days.
fn furnished_for(house: &House, days: u32) -> String {
    settle(house);
    house.plain_sql(&format!("UPDATE facilities SET horizon_days = {days}")).unwrap();
    house
        .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
        .unwrap();
    house.plain_sql("UPDATE residents SET allergy_state = 'known', allergies = 'penicillin (rash)'").unwrap();
    ward::plan(house, RESIDENT, "2026-11-21")
}

/// Every text that a selector finds in a file.
fn all(text: &str, selector: &str) -> Vec<String> {
    let (page, selector) = (Html::parse_document(text), Selector::parse(selector).unwrap());
    let found = page.select(&selector).map(|one| one.text().collect::<String>());
    found.map(|words| words.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The doses of a pack by their ids, each with its amount.
fn printed(text: &str) -> BTreeMap<String, String> {
    let page = Html::parse_document(text);
    let (rows, amount) = (Selector::parse("tr[data-dose]").unwrap(), Selector::parse(".d").unwrap());
    let dose = |row: scraper::ElementRef| {
        let words = row.select(&amount).next().map(|one| one.text().collect::<String>()).unwrap_or_default();
        (row.attr("data-dose").unwrap().to_owned(), words.replace('\u{a0}', " "))
    };
    page.select(&rows).map(dose).collect()
}

/// What the database says is to be given, from a day before an instant to three days after it.
fn to_give(house: &House, plans: &[&str], now: DateTime<Utc>) -> BTreeMap<String, String> {
    let around = now - TimeDelta::hours(24)..=now + TimeDelta::hours(72);
    let rows = plans
        .iter()
        .flat_map(|plan| house.db.read(|conn| doses_of_plan_from(conn, plan, ward::day("2026-11-01"))).unwrap());
    rows.filter(|dose| !dose.void && !dose.recorded && !dose.level.amount.is_zero() && around.contains(&dose.due_at))
        .map(|dose| (dose.id.clone(), dose.level.amount.to_string().replace('\u{a0}', " ")))
        .collect()
}

#[test]
fn at_any_moment_a_pack_prints_exactly_the_doses_that_the_database_holds() {
    on_both(|house| {
        let plan = furnished(house);
        let other = ward::resident(house, "Ashe", "Bo", "2", "3");
        let second = ward::plan_at(house, &other, "2026-11-22", "00:30");
        for hour in [0, 8, 20, 33, 56, 80] {
            let now = at("2026-11-21T08:02:00Z") + TimeDelta::hours(hour);
            house.clock.set(now);
            if hour == 0 {
                ward::give(house, &plan, "2026-11-21", "08:00");
            }
            let served = Served::start(house);
            let pack = served.signed_in("nurse").get(PACK);
            assert_eq!(pack.status, 200, "{}", pack.text());
            let wanted = to_give(house, &[&plan, &second], now);
            assert!(wanted.len() >= 8, "{wanted:?}");
            let printed = printed(&pack.body);
            assert!(printed.keys().eq(wanted.keys()), "at {now}: {printed:?} {wanted:?}");
            let differs = printed.iter().find(|(id, amount)| !amount.is_empty() && wanted[*id] != **amount);
            assert_eq!(differs, None, "at {now}");
            let left_out = all(&pack.body, "tr[data-dose] .stop");
            assert_eq!(left_out.len(), printed.values().filter(|amount| amount.is_empty()).count());
            assert!(left_out.iter().all(|stop| stop.starts_with("Too late for")), "at {now}: {left_out:?}");
        }
    });
}

/// A horizon of two days is allowed: the pack then goes on by the plan itself.
#[test]
fn where_doses_are_not_laid_out_far_enough_the_pack_goes_on_by_the_level() {
    on_both(|house| {
        let plan = furnished_for(house, 2);
        assert_eq!(ward::laid_until(house, &plan), ward::day("2026-11-22"));
        house.clock.set(at("2026-11-21T07:02:00Z"));
        let pack = Served::start(house).signed_in("nurse").get(PACK);
        assert_eq!(printed(&pack.body).len(), 6, "three days of two doses: {}", pack.text());
        assert!(printed(&pack.body).values().all(|amount| amount == "0.5 mg"));
    });
}

#[test]
fn a_pack_says_what_to_do_what_was_given_and_what_is_not_signed() {
    on_both(|house| {
        let plan = furnished(house);
        house.clock.set(at("2026-11-21T08:05:00Z"));
        ward::give(house, &plan, "2026-11-21", "08:00");
        house.clock.set(at("2026-11-21T20:30:00Z"));
        let pack = Served::start(house).signed_in("supervisor").get(PACK);
        let name = pack.header("content-disposition").unwrap();
        assert!(name.starts_with("attachment; filename=\"downtime-alder-house-east-") && name.ends_with(".html\""));
        let text = pack.text();
        for words in [
            "While the system is down, do not reduce: give the dose printed here.",
            "As of 21 Nov 2026 20:30",
            "Do not use after 24 Nov 2026 20:30",
            "Known allergies: penicillin (rash)",
            "given 0.5 mg, 08:05, Nora Nurse",
            "clonazepam: 0.5 mg daily, planned for 05 Dec 2026, is not signed. 1 mg daily continues.",
        ] {
            assert!(text.replace('\u{a0}', " ").contains(words), "{words}: {text}");
        }
        no_dose_could_be_misread("the pack", &Html::parse_document(&pack.body));
        let first = &all(&pack.body, "tr[data-dose]")[0];
        assert!(first.contains("1 × 0.5 mg tablet") && first.contains("Ask whether it was given"), "{first}");
        for foreign in ["<script", "src=", "href=", "url(", "@import"] {
            assert!(!pack.body.contains(foreign), "a pack holds everything itself: {foreign}");
        }
    });
}

/// By the same rule as on the round: the first dose of each slot, and no later one.
#[test]
fn a_pack_says_from_what_to_what_the_first_dose_of_each_slot_was_changed() {
    on_both(|house| {
        let plan = furnished(house);
        house.clock.set(at("2026-12-04T08:00:00Z"));
        ward::sign(house, &plan, 1, "2026-12-05");
        let pack = Served::start(house).signed_in("nurse").get(PACK);
        let rows = all(&pack.body, "tr[data-dose]");
        let changed: Vec<&String> = rows.iter().filter(|row| row.contains("Dose changed")).collect();
        assert!(changed.iter().all(|row| row.contains("Dose changed: from 0.5 mg to 0.25 mg")), "{changed:?}");
        assert_eq!(changed.len(), 2, "08:00 and 20:00 of the fifth: {rows:?}");
        let quarter = printed(&pack.body).into_values().filter(|amount| amount == "0.25 mg").count();
        assert!(quarter > 2, "the sixth goes on as it is");
    });
}

/// With the paper alone nobody doubles a dose that was missed: the screen would not let them either.
#[test]
fn a_late_dose_stands_apart_with_the_plans_word_on_it_until_it_is_left_out() {
    on_both(|house| {
        furnished(house);
        let first = |time: &str| {
            house.clock.set(at(time));
            let body = Served::start(house).signed_in("nurse").get(PACK).body;
            let (heads, rows) = (all(&body, "section:has(tr[data-dose]) th:nth-child(3)"), all(&body, "tr[data-dose]"));
            (heads[0].clone(), rows[0].clone())
        };
        let said = "Give it when it is noticed, unless it is nearly time for the next dose: then leave it out.";
        let (head, row) = first("2026-11-21T08:30:00Z");
        assert_eq!(head, "Dose to give", "its window is open: {row}");
        assert!(
            row.contains(said) && row.contains("At least 6 h lie between two doses: not after 21 Nov 2026 14:00"),
            "{row}"
        );
        let (head, row) = first("2026-11-21T13:59:00Z");
        assert_eq!(head, "Only if it was not given");
        assert!(
            row.contains("Late: only if it was not given") && row.contains("0.5 mg") && row.contains(said),
            "{row}"
        );
        assert!(row.contains("not after 21 Nov 2026 14:00"), "{row}");
        let (head, row) = first("2026-11-21T14:01:00Z");
        assert_eq!(head, "Only if it was not given");
        assert!(row.contains("Too late for 0.5 mg: leave it out."), "{row}");
        assert!(!row.contains("Give it when it is noticed"), "{row}");
    });
}

#[test]
fn a_pack_tells_what_the_registers_of_the_unit_and_its_residents_hold() {
    on_both(|house| {
        furnished(house);
        for (id, resident, unit, balance, open) in
            [("r1", "'resident-1'", "NULL", 55, 0), ("r2", "NULL", "'east'", 20, -2)]
        {
            house
                .plain_sql(&format!(
                    "INSERT INTO registers (id, facility, resident, unit, product, balance, open_difference, last_seq)
                     VALUES ('{id}', 'alder', {resident}, {unit}, '197527', {balance}, {open}, 1)"
                ))
                .unwrap();
        }
        let pack = Served::start(house).signed_in("nurse").get(PACK);
        let told = all(&pack.body, "tr[data-balance]");
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].starts_with("East box") && told[0].ends_with("a difference is open"), "{told:?}");
        assert!(told[1].starts_with("ASH, Ada") && told[1].contains("0.5 mg tablet"), "{told:?}");
        assert_eq!(all(&pack.body, "tr[data-balance] b"), ["9", "27.5"]);
    });
}

#[test]
fn a_pack_names_the_lots_that_may_be_on_the_shelf() {
    on_both(|house| {
        furnished(house);
        shelf::receive(house, "10");
        let newer = EnterAsk { lot: "C77".into(), expires_on: "2028-01-31".into(), ..shelf::entry(What::Receive, "4") };
        shelf::entered(house, shelf::supply(), shelf::TABLET, newer).unwrap();
        let lots = || {
            let pack = Served::start(house).signed_in("nurse").get(PACK);
            all(&pack.body, "tr[data-balance] small")
        };
        assert_eq!(lots(), ["lot C77, expires 31 Jan 2028", "lot B1042, expires 31 Dec 2027"]);
        let gone = shelf::entry(What::Return, "10");
        shelf::entered(house, shelf::supply(), shelf::TABLET, gone).unwrap();
        assert_eq!(lots(), ["lot C77, expires 31 Jan 2028"], "the oldest counts as used first");
    });
}

#[test]
fn nothing_is_to_be_given_where_nobody_has_decided_or_a_severe_sign_is_open() {
    on_both(|house| {
        furnished(house);
        house.clock.set(at("2026-11-21T07:02:00Z"));
        house.plain_sql("UPDATE doses SET undecided = true WHERE on_date = '2026-11-22'").unwrap();
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        let stops = all(&nurse.get(PACK).body, "tr[data-dose] .stop");
        assert_eq!(stops, ["Do not give: a prescriber decides this dose. Call."; 2]);
        house
            .plain_sql(
                "INSERT INTO severe_signs (id, facility, unit, resident, sign, note, seen_at, recorded_at, recorded_by)
                 VALUES ('s', 'alder', 'east', 'resident-1', 'overdose', '', '2026-11-21 07:00:00',
                     '2026-11-21 07:00:00', 'nurse')",
            )
            .unwrap();
        let pack = nurse.get(PACK);
        assert_eq!(all(&pack.body, "tr[data-dose] .stop"), ["Do not give any sedative. Call now."; 6]);
        assert!(printed(&pack.body).values().all(String::is_empty), "no amount is to be read");
        assert_eq!(served.signed_in("stranger").get(PACK).status, 404);
        assert_eq!(nurse.get("/units/nowhere/downtime").status, 404);
    });
}

/// With the paper alone nobody gives nearer or more than the screen would let them.
#[test]
fn a_pack_tells_what_as_needed_doses_are_measured_by() {
    on_both(|house| {
        let (served, _) = as_needed::furnished(house);
        let address = as_needed::ordered(&served, &[("least_minutes", "2880"), ("most", "4 mg")]);
        let nurse = served.signed_in("nurse");
        assert_eq!(as_needed::give(&nurse, &nurse.get(&address), &address, "").status, 303);
        house
            .plain_sql("INSERT INTO medicine_limits VALUES ('alder', 'clonazepam', 2000, 'Our own, November 2026')")
            .unwrap();
        house.clock.set(at("2026-11-23T11:50:00Z"));
        let pack = served.signed_in("nurse").get(PACK).text().replace('\u{a0}', " ");
        assert!(pack.contains("At least 48 h apart, at most 2 mg of it in any 24 hours"), "{pack}");
        assert!(pack.contains("21 Nov 2026 12:00 clonazepam: as needed 0.5 mg, Nora Nurse"), "{pack}");
        house.clock.set(at("2026-11-23T12:10:00Z"));
        let pack = served.signed_in("nurse").get(PACK).text();
        assert!(!pack.contains("as needed 0.5"), "{pack}");
    });
}

/// The paper has to last as long as it says.
#[test]
fn a_pack_tells_the_as_needed_orders_of_all_its_days() {
    on_both(|house| {
        let (served, _) = as_needed::furnished(house);
        as_needed::order(&served, &[("starts_on", "2026-11-23")]);
        as_needed::order(&served, &[("starts_on", "2026-11-26"), ("reason", "before the dentist")]);
        let pack = served.signed_in("nurse").get(PACK).text().replace('\u{a0}', " ");
        assert!(
            pack.contains("panic that talking does not settle") && pack.contains("From 23 Nov 2026 until"),
            "{pack}"
        );
        assert!(!pack.contains("before the dentist"), "{pack}");
    });
}
