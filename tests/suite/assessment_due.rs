//! Where a score that is wanted is heard of: on the round, by letter, at the signature; and sedation at the dose.

use chrono::NaiveDate;
use stepdown::care::letter::Kind;
use stepdown::care::taper::plan::Medicine;
use stepdown::care::taper::schedule::{DoseKey, dose_id};

use crate::browser_like::{Served, Shown, Visitor, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::record_assessment::{coming_to, send};
use crate::smtp::Server;
use crate::ward::{self, Ringer, of_kind, titles};
use crate::{absences, desk, ending};

fn scores_on(house: &House) {
    house.plain_sql("UPDATE facilities SET score_scale = 'ciwa-b'").unwrap();
}

/// The first reduction may be signed from Saturday 28 November on.
#[test]
fn the_unit_is_told_once_a_day_how_many_are_to_be_scored_and_of_whom_nothing() {
    on_both(|house| {
        ward::furnish(house);
        scores_on(house);
        ward::plan(house, RESIDENT, "2026-11-21");
        let second = ward::resident(house, "Birch", "Bo", "2", "14");
        ward::plan(house, &second, "2026-11-21");
        let server = Server::start();
        for time in ["2026-11-27T11:00:00Z", "2026-11-28T09:59:00Z", "2026-11-28T10:00:00Z", "2026-11-28T20:00:00Z"] {
            house.clock.set(at(time));
            Ringer::new(&house.db, &server.post()).ring();
        }
        let about = |letter: &&str| letter.starts_with("Assessments");
        let all = titles(&server.taken(), "east@alder.example");
        let sent: Vec<&str> = all.iter().map(String::as_str).filter(about).collect();
        assert_eq!(sent, ["Assessments, East: 2 residents to score on 28 Nov 2026"]);
        let letter = of_kind(house, Kind::AssessmentDue).remove(0);
        assert_eq!(letter.expires_at, at("2026-11-29T00:00:00Z"));
        let said = format!("{} {}", letter.title, letter.body).to_lowercase();
        for name in ["ash", "birch", "ada", "clonazepam", "mg", "ciwa"] {
            assert!(!said.split(|c: char| !c.is_alphanumeric()).any(|word| word == name), "{name}: {said}");
        }
        assert!(letter.body.contains("https://stepdown.example/assessments"), "{}", letter.body);
    });
}

#[test]
fn the_round_names_who_is_to_be_scored_until_they_are() {
    on_both(|house| {
        settle(house);
        house
            .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
            .unwrap();
        scores_on(house);
        ward::plan(house, RESIDENT, "2026-11-20");
        let served = Served::start(house);
        house.clock.set(at("2026-11-28T10:30:00Z"));
        let nurse = served.signed_in("nurse");
        assert_eq!(nurse.get("/round").all("#to-score b"), ["ASH"]);
        assert_eq!(send(&nurse, &coming_to(5)).status, 303);
        assert!(!nurse.get("/round").has("#to-score"));
        let resident = nurse.get("/residents/resident-1");
        assert!(resident.text().contains("5 of 80 mild"), "{}", resident.text());
    });
}

/// A plan that ended is still followed: not of somebody who is in hospital, and again once they are back.
#[test]
fn after_a_stop_whoever_is_not_here_is_not_to_be_scored() {
    on_both(|house| {
        settle(house);
        house
            .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
            .unwrap();
        scores_on(house);
        let plan = format!("/plans/{}", ward::plan(house, RESIDENT, "2026-11-20"));
        let served = Served::start(house);
        house.clock.set(at("2026-11-22T09:00:00Z"));
        let why = desk::rationale(3);
        assert_eq!(ending::end(&served.signed_in("prescriber"), &plan, "stop-request", &why).status, 303);
        let why = desk::rationale(4);
        assert_eq!(ending::end(&served.signed_in("pharmacist"), &plan, "stop", &why).status, 303);
        let server = Server::start();
        let asked = |time: &str| {
            house.clock.set(at(time));
            Ringer::new(&house.db, &server.post()).ring();
            let nurse = served.signed_in("nurse");
            let listed = nurse.get("/assessments").has("li.to-score");
            (nurse.get("/round").has("#to-score"), listed, of_kind(house, Kind::AssessmentDue).len())
        };
        assert_eq!(asked("2026-11-22T11:00:00Z"), (true, true, 1));
        let gone = absences::leaves(&served.signed_in("nurse"), "2026-11-22T10:30");
        assert_eq!(gone.status, 303, "{}", gone.text());
        assert_eq!(asked("2026-11-23T11:00:00Z"), (false, false, 1), "nobody here can score them");
        let nurse = served.signed_in("nurse");
        let page = nurse.get("/residents/resident-1/absence");
        let back = nurse.fill(&page, "/residents/resident-1/absence/return", &[("back_at", "2026-11-23T10:45")]);
        assert_eq!(back.status, 303, "{}", back.text());
        assert_eq!(asked("2026-11-23T11:30:00Z"), (true, true, 2));
    });
}

#[test]
fn signing_without_a_complete_score_of_72_hours_wants_a_reason_and_keeps_that_it_was_missing() {
    on_both(|house| {
        let served = desk::open(house);
        scores_on(house);
        let plan = desk::running(&served);
        let reduction = format!("{plan}/reductions/1");
        house.clock.set(at("2026-12-01T09:00:00Z"));
        let pharmacist = served.signed_in("pharmacist");
        let page = pharmacist.get(&reduction);
        assert!(page.text().contains("Complete score in the last 72 hours never scored"), "{}", page.text());
        let refused = desk::decide(&pharmacist, &reduction, "signature", &[("rationale", &desk::rationale(1))]);
        assert_eq!(refused.status, 422);
        send(&served.signed_in("nurse"), &coming_to(17));
        house.clock.set(at("2026-12-03T09:00:00Z"));
        let pharmacist = served.signed_in("pharmacist");
        let page = pharmacist.get(&reduction);
        assert!(page.text().contains("CIWA-B 17 of 80, mild, 01 Dec 2026 09:00"), "{}", page.text());
        assert!(page.has(".scores tbody tr"), "its items are part of the evidence");
        house.clock.set(at("2026-12-04T09:00:01Z"));
        let pharmacist = served.signed_in("pharmacist");
        let signed = desk::sign(&pharmacist, &reduction, 1);
        assert_eq!(signed.status, 303, "{}", signed.text());
        let kept = r#"statement LIKE '%"code":"no_score_in_72_hours"%"passed":false%'"#;
        assert_eq!(house.count(&format!("plan_facts WHERE kind = 'signed' AND {kept}")), 1);
    });
}

fn dose_page(house: &House) -> (Served, String) {
    settle(house);
    house
        .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
        .unwrap();
    house.plain_sql("UPDATE facilities SET sedation_asked = true").unwrap();
    let plan = ward::plan(house, RESIDENT, "2026-11-21");
    house.clock.set(at("2026-11-21T08:05:00Z"));
    let on: NaiveDate = "2026-11-21".parse().unwrap();
    let key = DoseKey { on, slot: "08:00".parse().unwrap(), medicine: Medicine("clonazepam".into()) };
    (Served::start(house), format!("/doses/{}", dose_id(&plan, &key)))
}

fn record(nurse: &Visitor, dose: &str, fields: &[(&str, &str)]) -> Shown {
    nurse.fill(&nurse.get(dose), &format!("{dose}/administration"), fields)
}

#[test]
fn sedation_is_asked_before_the_dose_and_a_resident_too_sedated_is_not_given_it() {
    on_both(|house| {
        let (served, dose) = dose_page(house);
        let nurse = served.signed_in("nurse");
        let page = nurse.get(&dose);
        crate::pages::keeps_the_laws("a dose with the question of sedation", &page.body);
        assert_eq!(page.attributes("input.too-sedated", "value"), ["-2", "-3", "-4", "-5"]);
        assert!(!page.text().contains("Record as given now"), "nobody gives it before looking");
        let refused = record(&nurse, &dose, &[("outcome", "given")]);
        assert!(refused.text().contains("Choose how awake the resident is"), "{}", refused.text());
        for sedated in ["-2", "-5"] {
            let refused = record(&nurse, &dose, &[("outcome", "given"), ("sedation", sedated)]);
            assert_eq!(refused.status, 422);
            assert!(refused.text().contains("Too sedated: do not give this dose."), "{}", refused.text());
        }
        assert_eq!(record(&nurse, &dose, &[("outcome", "given"), ("sedation", "5")]).status, 422);
        assert_eq!(house.count("administrations"), 0);
        let withheld = [("outcome", "withheld"), ("reason", "W1"), ("sedation", "-3")];
        assert_eq!(record(&nurse, &dose, &withheld).status, 303);
        assert_eq!(house.count("administrations WHERE outcome = 'withheld' AND sedation = -3"), 1);
    });
}

#[test]
fn a_resident_just_above_the_point_is_given_the_dose_and_how_awake_they_were_is_kept() {
    on_both(|house| {
        let (served, dose) = dose_page(house);
        let nurse = served.signed_in("nurse");
        let given = record(&nurse, &dose, &[("outcome", "given"), ("sedation", "-1")]);
        assert_eq!(given.status, 303, "{}", given.text());
        assert_eq!(house.count("administrations WHERE outcome = 'given' AND sedation = -1"), 1);
        assert_eq!(house.count("history WHERE body LIKE '%\"sedation\":-1%'"), 1);
    });
}
