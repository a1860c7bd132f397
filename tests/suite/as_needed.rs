//! As-needed orders and doses over HTTP: what is ordered, what is refused, and that of two nurses one is told.

use crate::browser_like::{PASSWORD, Served, Shown, Visitor, settle};
use crate::house::{House, RESIDENT, at, beside, on_both};
use crate::pages::keeps_the_laws;
use crate::ward;

const NEW: &str = "/residents/resident-1/as-needed/new";

/// A settled house on a Saturday at noon with a second nurse, tablets, and a taper of 0.5 mg at 08:00 and 20:00.
pub fn furnished(house: &House) -> (Served, String) {
    settle(house);
    for sql in [
        "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)",
        "INSERT INTO people (id, username, name, registration, email, password_hash)
         SELECT 'tom', 'tom', 'Tom Fielding RN', '', '', password_hash FROM people WHERE id = 'nurse'",
        "INSERT INTO memberships (id, person, facility, role) VALUES ('m-tom', 'tom', 'alder', 'nurse')",
    ] {
        house.plain_sql(sql).unwrap();
    }
    let plan = ward::plan(house, RESIDENT, "2026-11-21");
    house.clock.set(at("2026-11-21T12:00:00Z"));
    (Served::start(house), plan)
}

/// What a prescriber writes: 0.5 mg at most every 4 hours, 2 mg in 24 hours with the scheduled doses.
const ORDER: [(&str, &str); 7] = [
    ("medicine", "clonazepam"),
    ("amount", "0.5 mg"),
    ("reason", "panic that talking does not settle"),
    ("least_minutes", "240"),
    ("most", "2 mg"),
    ("ends_on", "2026-12-04"),
    ("password", PASSWORD),
];

fn order_with(prescriber: &Visitor, other: &[(&str, &str)]) -> Shown {
    let page = prescriber.get(NEW);
    assert_eq!(page.status, 200, "{}", page.text());
    let kept = ORDER.into_iter().filter(|(name, _)| other.iter().all(|(field, _)| field != name));
    let fields: Vec<(&str, &str)> = kept.chain(other.iter().copied()).collect();
    prescriber.fill(&page, NEW, &fields)
}

/// A new order, whether anything may be given of it today or not.
pub fn order(served: &Served, other: &[(&str, &str)]) {
    let answer = order_with(&served.signed_in("prescriber"), other);
    assert_eq!((answer.status, answer.location()), (303, "/residents/resident-1#as-needed"), "{}", answer.text());
}

/// The address of giving from a new order.
pub fn ordered(served: &Served, other: &[(&str, &str)]) -> String {
    let orders = || served.signed_in("nurse").get("/residents/resident-1").attributes("a[href$='/give']", "href");
    let (before, prescriber) = (orders(), served.signed_in("prescriber"));
    let answer = order_with(&prescriber, other);
    assert_eq!((answer.status, answer.location()), (303, "/residents/resident-1#as-needed"), "{}", answer.text());
    orders().into_iter().find(|order| !before.contains(order)).unwrap()
}

pub fn give(nurse: &Visitor, page: &Shown, address: &str, given_at: &str) -> Shown {
    nurse.fill(page, address, &[("why", "pacing, cannot be talked down"), ("given_at", given_at)])
}

/// A nurse who has just signed in gives a dose: after some hours nobody is signed in any more.
pub fn given_anew(served: &Served, address: &str, given_at: &str) -> Shown {
    let nurse = served.signed_in("nurse");
    give(&nurse, &nurse.get(address), address, given_at)
}

fn given(house: &House) -> i64 {
    house.count("as_needed_doses")
}

#[test]
fn a_dose_is_ordered_given_and_its_effect_noted() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let address = ordered(&served, &[]);
        assert_eq!(house.count("as_needed_orders WHERE ends_on = '2026-12-04' AND most_ug = 2000"), 1);
        let nurse = served.signed_in("nurse");
        let resident = nurse.get("/residents/resident-1");
        assert!(resident.text().contains("As needed (PRN)") && resident.text().contains("May be given now"));
        let page = nurse.get(&address);
        assert_eq!(page.all(".dose-xl"), ["0.5 mg"]);
        let first = give(&nurse, &page, &address, "");
        assert_eq!((first.status, first.location()), (303, "/residents/resident-1#as-needed"), "{}", first.text());
        assert_eq!(give(&nurse, &page, &address, "").status, 303, "a repeated post gets the first answer");
        assert_eq!((given(house), house.count("history WHERE kind = 'record_as_needed'")), (1, 1));
        let round = nurse.get("/round");
        assert!(round.text().contains("Effect wanted") && round.text().contains("12:45 ASH"), "{}", round.text());
        let effect = round.attribute("a[href$='/effect']", "href").unwrap();
        let open = nurse.get(&effect);
        let nothing = nurse.fill(&open, &effect, &[]);
        assert_eq!(nothing.status, 422);
        assert!(nothing.text().contains("Choose what the dose did."), "{}", nothing.text());
        let noted = nurse.fill(&open, &effect, &[("effect", "helped_little")]);
        assert_eq!(noted.status, 303, "{}", noted.text());
        let tom = served.signed_in("tom");
        assert!(tom.get(&effect).text().contains("Helped a little"));
        let fields = [("csrf", tom.get(&address).attribute("input[name=csrf]", "value").unwrap())];
        let late = [("csrf", fields[0].1.as_str()), ("form", &ward::id()), ("effect", "no_help")];
        let late = tom.post(&effect, &late);
        assert_eq!(late.status, 409);
        assert!(late.text().contains("helped a little"), "{}", late.text());
        assert_eq!(house.count("as_needed_effects WHERE effect = 'helped_little' AND noted_by = 'nurse'"), 1);
        assert!(!nurse.get("/round").text().contains("Effect wanted"));
        assert!(nurse.get("/residents/resident-1").text().contains("Not before 16:00"));
    });
}

/// Citations 1493378 and 1542641: as-needed clonazepam and lorazepam without a stop date.
#[test]
fn an_order_without_an_end_or_beyond_its_limits_is_refused_and_nothing_is_saved() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let prescriber = served.signed_in("prescriber");
        assert_eq!(prescriber.get(NEW).attribute("#ends_on", "value").as_deref(), Some("2026-12-04"));
        for (field, wrong, told) in [
            ("ends_on", "", "An as-needed order needs a last day."),
            ("ends_on", "2026-12-05", "needs a rationale of at least 20 characters"),
            ("ends_on", "2026-11-20", "before the first one"),
            ("amount", "0.3 mg", "cannot be made exactly"),
            ("amount", ".5", "is not an amount"),
            ("amount", "0", "more than 0 mg"),
            ("medicine", "lorazepam", "No product of lorazepam is stocked"),
            ("medicine", "", "no product of a medicine called"),
            ("reason", " ", "Write what the dose is for"),
            ("least_minutes", "0", "whole number from 15 to 2880"),
            ("most", "1 mg", "leaves no room"),
            ("most", "4.5 mg", "more than clonazepam allows in 24 hours: 4 mg"),
            ("most", "", "is not an amount"),
            ("starts_on", "2026-11-20", "cannot start in the past"),
            ("password", "something else", "not your password"),
        ] {
            let refused = order_with(&prescriber, &[(field, wrong)]);
            let text = refused.text();
            assert_eq!(refused.status, 422, "{field} {wrong}: {text}");
            assert!(text.contains("Nothing has been ordered") && text.contains(told), "{field} {wrong}: {text}");
            keeps_the_laws("refused", &refused.body);
        }
        assert_eq!((house.count("as_needed_orders"), house.count("history WHERE kind = 'order_as_needed'")), (0, 0));
        let long = [("ends_on", "2027-01-20"), ("rationale", "Dentist visits until January bring the panic back.")];
        assert_eq!(order_with(&prescriber, &long).status, 303);
        for (person, status) in [("nurse", 403), ("pharmacist", 403), ("stranger", 403)] {
            assert_eq!(served.signed_in(person).get(NEW).status, status, "{person}");
        }
    });
}

/// Citation 1510889: scheduled and as-needed doses together are held against the maximum.
#[test]
fn a_dose_too_soon_or_beyond_24_hours_is_refused_with_what_counts_and_when_the_next_may_be() {
    on_both(|house| {
        let (served, plan) = furnished(house);
        let address = ordered(&served, &[]);
        assert_eq!(given_anew(&served, &address, "").status, 303);
        house.clock.set(at("2026-11-21T15:59:59Z"));
        let soon = given_anew(&served, &address, "");
        assert_eq!(soon.status, 422);
        assert!(soon.text().contains("was given at 12:00, and 4 h must lie between two"), "{}", soon.text());
        assert!(soon.text().contains("Next possible: 16:00"), "{}", soon.text());
        keeps_the_laws("too soon", &soon.body);
        // 20:00 and tomorrow 08:00 are still due: with two as-needed doses that makes 2 mg, and a third is too much.
        house.clock.set(at("2026-11-21T16:00:00Z"));
        assert_eq!(given_anew(&served, &address, "").status, 303);
        house.clock.set(at("2026-11-21T20:30:00Z"));
        let over = given_anew(&served, &address, "");
        let text = over.text();
        assert_eq!(over.status, 422);
        assert!(
            text.contains("come to 2.5 mg in 24 hours, 0.5 mg more than the maximum of 2 mg (this order)"),
            "{text}"
        );
        assert!(text.contains("1 mg given as needed, 1 mg scheduled and not recorded yet"), "{text}");
        assert!(text.contains("Next possible: 12:00 on 22 Nov 2026"), "{text}");
        assert_eq!(given(house), 2);
        // A scheduled dose is never stopped by what was given as needed.
        ward::give(house, &plan, "2026-11-21", "20:00");
        assert_eq!(house.count("administrations WHERE outcome = 'given'"), 1);
        let nurse = served.signed_in("nurse");
        let blank = nurse.fill(&nurse.get(&address), &address, &[("why", " "), ("given_at", "25:00")]);
        assert!(blank.status == 422 && blank.text().contains("24-hour clock"), "{}", blank.text());
        assert_eq!(given(house), 2);
    });
}

#[test]
fn a_dose_written_down_later_keeps_its_time_and_the_same_limits() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let address = ordered(&served, &[]);
        house.clock.set(at("2026-11-21T18:00:00Z"));
        assert_eq!(given_anew(&served, &address, "11:30").status, 422, "before the order");
        assert_eq!(given_anew(&served, &address, "13:00").status, 303);
        assert_eq!(given_anew(&served, &address, "16:59").status, 422, "within four hours");
        assert_eq!(given_anew(&served, &address, "17:00").status, 303);
        let kept = "given_at = '2026-11-21 13:00:00' AND recorded_at = '2026-11-21 18:00:00'";
        assert_eq!(house.count(&format!("as_needed_doses WHERE {kept}")), 1);
    });
}

/// Both are allowed one dose, and there is one.
#[test]
fn of_two_nurses_giving_the_last_allowed_dose_at_once_one_gives_it_and_the_other_is_told() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let address = ordered(&served, &[("most", "1.5 mg")]);
        for round in 0..4 {
            house.clock.set(at("2026-11-21T12:30:00Z") + chrono::TimeDelta::hours(24 * round));
            let nurses = [served.signed_in("nurse"), served.signed_in("tom")];
            let pages: Vec<Shown> = nurses.iter().map(|nurse| nurse.get(&address)).collect();
            let answers = beside(2, |n| give(&nurses[n], &pages[n], &address, ""));
            let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
            statuses.sort_unstable();
            assert_eq!(statuses, [303, 409]);
            let told = answers.iter().find(|answer| answer.status == 409).unwrap().text();
            let winner = if answers[0].status == 303 { "Nora Nurse" } else { "Tom Fielding RN" };
            assert!(told.contains(&format!("{winner} gave a dose of this order at 12:30")), "{told}");
            assert_eq!(given(house), 1 + round);
        }
    });
}

/// The order's revision does not tell of a dose of another order; the sum of the medicine does.
#[test]
fn two_orders_of_one_medicine_share_its_24_hours() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let one = ordered(&served, &[("most", "1.5 mg")]);
        let other = ordered(&served, &[("most", "1.5 mg"), ("reason", "before the dentist")]);
        assert_ne!(one, other);
        house.clock.set(at("2026-11-21T16:00:00Z"));
        let nurses = [served.signed_in("nurse"), served.signed_in("tom")];
        let pages = [nurses[0].get(&one), nurses[1].get(&other)];
        // Far enough apart for the least time between two.
        let answers = beside(2, |n| give(&nurses[n], &pages[n], [&one, &other][n], ["12:00", ""][n]));
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!((statuses, given(house)), (vec![303, 422], 1));
        let told = answers.iter().find(|answer| answer.status == 422).unwrap().text();
        assert!(told.contains("0.5 mg given as needed"), "{told}");
    });
}

/// The maximum is one of the medicine: an order that allows more does not lift that of another.
#[test]
fn of_two_orders_of_one_medicine_the_smaller_maximum_holds() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let small = ordered(&served, &[("most", "1.5 mg")]);
        let large = ordered(&served, &[("most", "3 mg"), ("reason", "before the dentist")]);
        assert_eq!(given_anew(&served, &small, "").status, 303);
        house.clock.set(at("2026-11-21T16:00:00Z"));
        let refused = given_anew(&served, &large, "");
        assert_eq!((refused.status, given(house)), (422, 1), "{}", refused.text());
        assert!(refused.text().contains("the maximum of 1.5 mg (another order of it)"), "{}", refused.text());
        let pack = served.signed_in("nurse").get("/units/east/downtime").text().replace('\u{a0}', " ");
        assert_eq!(pack.matches("at most 1.5 mg of it in any 24 hours").count(), 2, "{pack}");
    });
}

/// Two doses of a sedative close together are too much at once, whichever way each was given.
#[test]
fn a_late_dose_keeps_its_distance_from_what_was_given_as_needed() {
    on_both(|house| {
        let (served, plan) = furnished(house);
        let order = ordered(&served, &[]);
        assert_eq!(given_anew(&served, &order, "").status, 303);
        house.clock.set(at("2026-11-21T12:05:00Z"));
        let (nurse, dose) = (served.signed_in("nurse"), ward::dose_on_saturday(&plan, "08:00"));
        let page = nurse.get(&dose);
        assert!(page.text().contains("0.5 mg given 21 Nov 2026 12:00, as needed, NN"), "{}", page.text());
        assert!(page.text().contains("Do not give it now without a prescriber’s word."), "{}", page.text());
        let fields = [("outcome", "given"), ("reason", "L2")];
        let refused = nurse.fill(&page, &format!("{dose}/administration"), &fields);
        assert_eq!((refused.status, house.count("administrations")), (422, 0), "{}", refused.text());
    });
}

#[test]
fn a_prescriber_ends_an_order_and_from_then_on_nothing_is_given() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let address = ordered(&served, &[]);
        let end = address.replace("/give", "/end");
        let (prescriber, nurse) = (served.signed_in("prescriber"), served.signed_in("nurse"));
        let (page, open) = (nurse.get(&address), prescriber.get(&end));
        for fields in [[("rationale", " "), ("password", PASSWORD)], [("rationale", "Too sleepy."), ("password", "no")]]
        {
            let refused = prescriber.fill(&open, &end, &fields);
            assert_eq!(refused.status, 422);
            assert!(refused.text().contains("The order has not been ended"), "{}", refused.text());
        }
        let fields = [("rationale", "Too sleepy after the last two doses."), ("password", PASSWORD)];
        assert_eq!(prescriber.fill(&open, &end, &fields).status, 303);
        assert_eq!(prescriber.fill(&open, &end, &fields).status, 303, "a repeated post gets the first answer");
        assert_eq!(house.count("as_needed_ends"), 1);
        let late = give(&nurse, &page, &address, "");
        assert_eq!(late.status, 422);
        assert!(late.text().contains("This order was ended on 21 Nov 2026"), "{}", late.text());
        let again = prescriber.fill(&prescriber.get(&end), &end, &fields);
        assert_eq!(again.status, 409);
        assert!(again.text().contains("Pat Prescriber ended this order at 12:00"), "{}", again.text());
        assert_eq!((given(house), house.count("history WHERE kind = 'end_as_needed'")), (0, 1));
        let resident = nurse.get("/residents/resident-1").text();
        assert!(resident.contains("Too sleepy after the last two doses.") && !resident.contains("May be given now"));
        for (person, status) in [("nurse", 403), ("stranger", 403)] {
            assert_eq!(served.signed_in(person).get(&end).status, status, "{person}");
        }
        assert_eq!(served.signed_in("stranger").get(&address).status, 404);
    });
}

#[test]
fn what_was_given_as_needed_stands_in_the_history_in_words() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let address = ordered(&served, &[]);
        let nurse = served.signed_in("nurse");
        assert_eq!(give(&nurse, &nurse.get(&address), &address, "").status, 303);
        let entry = nurse.get("/residents/resident-1").attribute("#as-needed a[href^='/history/']", "href").unwrap();
        let told = nurse.get(&entry);
        let text = told.text();
        assert_eq!(told.status, 200);
        assert!(text.contains("As-needed dose given by Nora Nurse, nurse"), "{text}");
        assert!(text.contains("pacing, cannot be talked down") && text.contains("1 × 0.5 mg tablet"), "{text}");
        assert!(text.contains("At most one in 4 h, and 2 mg of clonazepam in any 24 hours."), "{text}");
    });
}

#[test]
fn the_administrator_sets_a_maximum_with_its_source_and_it_holds() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let administrator = served.signed_in("administrator");
        let (page, address) = (administrator.get("/settings/limits"), "/settings/limits");
        assert!(page.text().contains("FDA label of clonazepam"), "{}", page.text());
        let set = |most: &str, source: &str| {
            let page = administrator.get(address);
            administrator.fill(&page, address, &[("medicine", "clonazepam"), ("most", most), ("source", source)])
        };
        assert_eq!(set("2 mg", "").status, 422);
        assert_eq!(set("two", "policy 12").status, 422);
        assert_eq!(set("1 mg", "policy 12, March 2026").status, 303);
        let fields = [("medicine", "clonazepam"), ("most", "3 mg"), ("source", "policy 13")];
        assert_eq!(administrator.fill(&page, address, &fields).status, 409, "the page was drawn before");
        assert_eq!(house.count("medicine_limits WHERE most_ug = 1000"), 1);
        let refused = order_with(&served.signed_in("prescriber"), &[]);
        assert!(refused.text().contains("policy 12, March 2026"), "{}", refused.text());
        assert_eq!(set("", "").status, 303);
        assert_eq!((house.count("medicine_limits"), house.count("history WHERE kind = 'limit_medicine'")), (0, 2));
        assert_eq!(order_with(&served.signed_in("prescriber"), &[]).status, 303);
    });
}

/// What is written once stays, whoever asks; of an order only the revision moves.
#[test]
fn orders_doses_and_effects_are_written_once() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let address = ordered(&served, &[]);
        let nurse = served.signed_in("nurse");
        assert_eq!(give(&nurse, &nurse.get(&address), &address, "").status, 303);
        for sql in [
            "UPDATE as_needed_orders SET most_ug = 9000",
            "DELETE FROM as_needed_orders",
            "UPDATE as_needed_doses SET given_ug = 1",
            "DELETE FROM as_needed_doses",
        ] {
            assert!(house.plain_sql(sql).is_err(), "{sql}");
        }
        assert_eq!(house.count("as_needed_orders WHERE revision = 1"), 1);
    });
}
