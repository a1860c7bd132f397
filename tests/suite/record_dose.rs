//! Recording a dose over HTTP: exactly one record stands, the second nurse is told who was first, and what is not
//! understood is not saved.

mod outcomes;
mod rivals;
mod statements;

use chrono::NaiveDate;
use stepdown::care::taper::plan::Medicine;
use stepdown::care::taper::schedule::{DoseKey, dose_id};

use crate::browser_like::{Served, Shown, Visitor, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::ward;

/// Saturday; the doses of 08:00 and 20:00 are 0.5 mg of clonazepam, from 5 December on 0.25 mg where it is signed.
const SATURDAY: &str = "2026-11-21";

/// A settled house with a second nurse and one taper that begins on Saturday.
fn furnished(house: &House) -> String {
    settle(house);
    house
        .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
        .unwrap();
    another_nurse(house, "tom", "Tom Fielding RN");
    ward::plan(house, RESIDENT, SATURDAY)
}

fn another_nurse(house: &House, username: &str, name: &str) {
    for sql in [
        format!(
            "INSERT INTO people (id, username, name, registration, email, password_hash)
             SELECT '{username}', '{username}', '{name}', '', '', password_hash FROM people WHERE id = 'nurse'"
        ),
        format!(
            "INSERT INTO memberships (id, person, facility, role) VALUES ('m-{username}', '{username}', 'alder', 'nurse')"
        ),
    ] {
        house.plain_sql(&sql).unwrap();
    }
}

fn dose(plan: &str, on: &str, slot: &str) -> String {
    let on: NaiveDate = on.parse().unwrap();
    dose_id(plan, &DoseKey { on, slot: slot.parse().unwrap(), medicine: Medicine("clonazepam".into()) })
}

/// The house on Saturday at a time, served; the dose of 08:00.
fn saturday(house: &House, time: &str) -> (Served, String) {
    let plan = furnished(house);
    house.clock.set(at(&format!("{SATURDAY}T{time}Z")));
    (Served::start(house), dose(&plan, SATURDAY, "08:00"))
}

fn page(dose: &str) -> String {
    format!("/doses/{dose}")
}

fn action(dose: &str) -> String {
    format!("/doses/{dose}/administration")
}

/// What the page itself would send, beside what a test says.
fn drawn(page: &Shown) -> Vec<(String, String)> {
    let hidden = |name: &str| page.attribute(&format!("form[action$=administration] input[name={name}]"), "value");
    let named = ["csrf", "form", "revision", "shown"];
    named.iter().filter_map(|name| Some(((*name).to_owned(), hidden(name)?))).collect()
}

/// Sends the form of a dose's page with these fields.
fn send(nurse: &Visitor, dose: &str, page: &Shown, fields: &[(&str, &str)]) -> Shown {
    let drawn = drawn(page);
    let hidden = drawn.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let kept = hidden.filter(|(name, _)| !fields.iter().any(|(field, _)| field == name));
    let all: Vec<(&str, &str)> = kept.chain(fields.iter().copied()).collect();
    nurse.post(&action(dose), &all)
}

fn recorded(house: &House) -> i64 {
    house.count("administrations")
}

#[test]
fn one_tap_records_a_dose_as_given_now_and_leads_back_to_the_resident() {
    on_both(|house| {
        let (served, dose) = saturday(house, "08:05:00");
        let nurse = served.signed_in("nurse");
        let open = nurse.get(&page(&dose));
        assert_eq!(open.status, 200, "{}", open.text());
        assert_eq!(open.all("main button").first().map(String::as_str), Some("Record as given now"));
        assert!(!open.has("input[type=radio][checked]"), "nothing is chosen when the page opens");
        let tapped = nurse.fill(&open, &action(&dose), &[]);
        assert_eq!(tapped.status, 303, "{}", tapped.text());
        assert!(tapped.location().ends_with(&format!("#resident-{RESIDENT}")), "{}", tapped.location());
        let round = nurse.get(tapped.location().split('#').next().unwrap());
        assert_eq!(round.all(".done .tag"), ["Given 08:05 NN"]);
        assert_eq!(
            house.count("administrations WHERE outcome = 'given' AND given_ug = 500 AND recorded_by = 'nurse'"),
            1
        );
        assert_eq!(house.count("history WHERE kind = 'record_dose'"), 1);
    });
}

#[test]
fn a_double_tap_makes_one_record_and_both_get_the_first_answer() {
    on_both(|house| {
        let (served, dose) = saturday(house, "08:05:00");
        let nurse = served.signed_in("nurse");
        let open = nurse.get(&page(&dose));
        let answers: Vec<Shown> = (0..3).map(|_| send(&nurse, &dose, &open, &[("outcome", "given")])).collect();
        assert!(answers.iter().all(|answer| answer.status == 303 && answer.location() == answers[0].location()));
        assert_eq!((recorded(house), house.count("history WHERE kind = 'record_dose'")), (1, 1));
    });
}

#[test]
fn the_same_page_with_another_part_is_told_what_stands() {
    on_both(|house| {
        let (served, dose) = saturday(house, "08:05:00");
        let nurse = served.signed_in("nurse");
        let open = nurse.get(&page(&dose));
        let part =
            |amount| send(&nurse, &dose, &open, &[("outcome", "given_in_part"), ("reason", "P1"), ("amount", amount)]);
        assert_eq!((part("0.25").status, part("0.250 mg").status), (303, 303));
        let other = part("0.125");
        assert_eq!(other.status, 409, "{}", other.text());
        assert!(other.text().contains("Nothing you entered has been saved."), "{}", other.text());
        assert_eq!((recorded(house), house.count("administrations WHERE given_ug = 250")), (1, 1));
    });
}

#[test]
fn the_back_button_with_another_outcome_is_told_what_stands() {
    on_both(|house| {
        let (served, dose) = saturday(house, "08:05:00");
        let nurse = served.signed_in("nurse");
        let open = nurse.get(&page(&dose));
        assert_eq!(send(&nurse, &dose, &open, &[("outcome", "given")]).status, 303);
        let again = send(&nurse, &dose, &open, &[("outcome", "refused"), ("reason", "R1"), ("note", "spat it out")]);
        assert_eq!(again.status, 409);
        assert!(again.text().contains("You have recorded this dose already"), "{}", again.text());
        assert_eq!(again.all("table .tag"), ["Given", "Refused"]);
        assert!(again.text().contains("spat it out") && again.text().contains("Nothing you entered has been saved."));
        assert_eq!(recorded(house), 1);
    });
}

/// Bahmni IPD: a second nurse's different entry was dropped without a word. care_fe: "given by" showed the prescriber.
#[test]
fn the_second_nurse_sees_both_records_and_who_was_first() {
    on_both(|house| {
        let (served, dose) = saturday(house, "08:05:00");
        let (nora, tom) = (served.signed_in("nurse"), served.signed_in("tom"));
        let (hers, his) = (nora.get(&page(&dose)), tom.get(&page(&dose)));
        assert_eq!(send(&tom, &dose, &his, &[("outcome", "given"), ("given_at", "08:03")]).status, 303);
        let late = send(&nora, &dose, &hers, &[("outcome", "withheld"), ("reason", "W1")]);
        assert_eq!(late.status, 409);
        assert!(
            late.text().contains("Tom Fielding RN saved it at 08:05, while you had the page open."),
            "{}",
            late.text()
        );
        assert_eq!(late.all("tbody tr:nth-child(3) td"), ["Tom Fielding RN", "Nora Nurse"]);
        assert_eq!(late.all("tbody tr:nth-child(2) td"), ["08:03", "now"]);
        assert!(late.text().contains("call Pat Prescriber, the prescriber, and your supervisor now"));
        assert!(late.attribute("main a[href^='/history/']", "href").is_some());
        assert_eq!(house.count("administrations WHERE recorded_by = 'tom' AND outcome = 'given'"), 1);
        let open = nora.get(&page(&dose));
        assert!(open.text().contains("Saved by Tom Fielding RN at 08:05"), "{}", open.text());
        assert!(!open.has("form[action$=administration]"));
    });
}

#[test]
fn a_plan_that_moved_under_an_open_page_shows_from_and_to_and_records_nothing() {
    on_both(|house| {
        let plan = furnished(house);
        house.clock.set(at("2026-12-04T08:00:00Z"));
        ward::sign(house, &plan, 1, "2026-12-05");
        house.clock.set(at("2026-12-05T07:30:00Z"));
        let served = Served::start(house);
        let (nurse, tom) = (served.signed_in("nurse"), served.signed_in("tom"));
        let dose = dose(&plan, "2026-12-05", "08:00");
        let open = nurse.get(&page(&dose));
        assert!(open.text().contains("Dose changed from this day: from 0.5 mg to 0.25 mg"), "{}", open.text());
        let round = nurse.get("/round");
        assert_eq!(round.all(".changed"), ["Dose changed today: from 0.5 mg to 0.25 mg"]);
        let pause = format!("/plans/{plan}/reductions/1/pause");
        let paused = tom.fill(&tom.get(&page(&dose)), &pause, &[("rationale", "Shaky and anxious since midnight.")]);
        assert_eq!((paused.status, paused.location()), (303, page(&dose).as_str()), "{}", paused.text());
        let stale = send(&nurse, &dose, &open, &[("outcome", "given")]);
        assert_eq!(stale.status, 409);
        assert!(stale.text().contains("changed while the page was open: from 0.25 mg to 0.5 mg"), "{}", stale.text());
        assert!(!stale.has("input[type=radio][checked]") && recorded(house) == 0);
        assert_eq!(send(&nurse, &dose, &stale, &[("outcome", "given")]).status, 303);
        assert_eq!(house.count("administrations WHERE planned_ug = 500"), 1);
    });
}

/// MediTrak 222: changing the dose rewrote past days.
#[test]
fn a_recorded_dose_keeps_its_amount_whatever_is_decided_later() {
    on_both(|house| {
        let plan = furnished(house);
        house.clock.set(at("2026-12-04T08:00:00Z"));
        ward::give(house, &plan, "2026-12-04", "08:00");
        ward::sign(house, &plan, 1, "2026-12-05");
        house.clock.set(at("2026-12-05T08:00:00Z"));
        ward::give(house, &plan, "2026-12-05", "08:00");
        let served = Served::start(house);
        let resident = served.signed_in("nurse").get(&format!("/residents/{RESIDENT}"));
        let given = resident.all("section[class=sheet]:last-of-type tbody td:nth-child(2)");
        assert_eq!(given, ["clonazepam 0.25 mg", "clonazepam 0.5 mg"]);
        assert_eq!(
            house.count("administrations WHERE on_date = '2026-12-04' AND planned_ug = 500 AND given_ug = 500"),
            1
        );
    });
}

#[test]
fn only_nurses_of_the_house_reach_a_dose() {
    on_both(|house| {
        let (served, dose) = saturday(house, "08:05:00");
        let nurse = served.signed_in("nurse");
        let open = nurse.get(&page(&dose));
        let nobody = served.visitor().get(&page(&dose));
        assert_eq!((nobody.status, nobody.location()), (303, format!("/sign-in?next=%2Fdoses%2F{dose}").as_str()));
        for (person, status) in [("pharmacist", 403), ("prescriber", 403), ("supervisor", 403), ("stranger", 404)] {
            let other = served.signed_in(person);
            assert_eq!(other.get(&page(&dose)).status, status, "{person}");
            let csrf = other.get("/residents").attribute("input[name=csrf]", "value").unwrap();
            assert_eq!(send(&other, &dose, &open, &[("outcome", "given"), ("csrf", &csrf)]).status, status, "{person}");
        }
        assert_eq!(nurse.get("/doses/nothing").status, 404);
        house.plain_sql("UPDATE people SET disabled_at = '2026-11-21 08:00:00' WHERE id = 'nurse'").unwrap();
        assert_eq!(send(&nurse, &dose, &open, &[("outcome", "given")]).status, 303);
        assert_eq!(recorded(house), 0);
    });
}

#[test]
fn a_form_used_for_one_dose_is_not_used_for_another() {
    on_both(|house| {
        let plan = furnished(house);
        let second = ward::plan(house, &ward::resident(house, "Birch", "Bo", "2", "14"), SATURDAY);
        house.clock.set(at("2026-11-21T08:05:00Z"));
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        let (one, other) = (dose(&plan, SATURDAY, "08:00"), dose(&second, SATURDAY, "08:00"));
        let open = nurse.get(&page(&one));
        assert_eq!(send(&nurse, &one, &open, &[("outcome", "given")]).status, 303);
        let reused = send(&nurse, &other, &open, &[("outcome", "given")]);
        assert_eq!((reused.status, recorded(house)), (409, 1), "{}", reused.text());
        assert!(reused.text().contains("already used for another entry"), "{}", reused.text());
    });
}

#[test]
fn a_hostile_note_stays_words() {
    on_both(|house| {
        let (served, dose) = saturday(house, "08:05:00");
        let nurse = served.signed_in("nurse");
        let open = nurse.get(&page(&dose));
        let note = "</p><script>alert('x')</script> \"& Ω 'dropped';--";
        assert_eq!(send(&nurse, &dose, &open, &[("outcome", "given"), ("note", note)]).status, 303);
        let kept = nurse.get(&page(&dose));
        assert!(kept.text().contains(note) && !kept.has("script"), "{}", kept.text());
    });
}

/// hmis 22179: a blank administering nurse.
#[test]
fn the_database_itself_refuses_a_record_without_a_nurse() {
    on_both(|house| {
        let plan = furnished(house);
        house.clock.set(at("2026-11-21T08:00:00Z"));
        ward::give(house, &plan, SATURDAY, "08:00");
        let columns = "dose, facility, unit, resident, medicine, on_date, due_at, planned_ug, given_ug, authorised_by,
            outcome, reason, note, pieces, given_at, recorded_at, late_minutes";
        let copy = |by: &str| {
            house.plain_sql(&format!(
                "INSERT INTO administrations (id, n, corrects, {columns}, recorded_by)
                 SELECT 'copy', 1, id, {columns}, {by} FROM administrations"
            ))
        };
        assert!(copy("NULL").is_err() && copy("'nobody'").is_err());
        assert_eq!(recorded(house), 1);
        assert_eq!(copy("'nurse'"), Ok(1));
    });
}
