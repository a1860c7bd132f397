//! Taper alerts over HTTP: raised by doses that were not given, shown wherever something is done, told by letter, and
//! standing until somebody says what was done.

use chrono::NaiveDate;
use stepdown::acts::lay_out_doses::lay_out_doses;
use stepdown::acts::mark_alerts::mark_alerts;
use stepdown::care::letter::Kind;
use stepdown::care::people::Supervisor;
use stepdown::care::round::outcome::Outcome;
use stepdown::care::taper::plan::Medicine;
use stepdown::care::taper::schedule::{DoseKey, dose_id};
use stepdown::store::facilities::facility_load;
use stepdown::store::letters::LetterState;
use stepdown::store::plans::{plan_ids_of_resident, running_plan_ids_of};
use stepdown::store::taper_alerts::alerts_load;

use crate::audit::plans::explained;
use crate::browser_like::{Served, Shown, Visitor, settle};
use crate::desk;
use crate::ear::Ear;
use crate::house::{FACILITY, House, RESIDENT, at, on_both};
use crate::smtp::Server;
use crate::ward::{self, Ringer, of_kind, states};
use crate::{correct_dose, shelf};

/// A plan of 0.5 mg at 08:00 and 20:00 from Saturday on, with tablets on the shelf.
fn open(house: &House) -> (Served, String) {
    settle(house);
    house
        .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
        .unwrap();
    let plan = ward::plan(house, RESIDENT, "2026-11-21");
    (Served::start(house), plan)
}

fn dose(plan: &str, on: &str, slot: &str) -> String {
    let on: NaiveDate = on.parse().unwrap();
    let key = DoseKey { on, slot: slot.parse().unwrap(), medicine: Medicine("clonazepam".into()) };
    format!("/doses/{}", dose_id(plan, &key))
}

/// Records a dose at ten past its slot: whoever was signed in before has to sign in again.
fn record(house: &House, served: &Served, plan: &str, on: &str, slot: &str, outcome: &str, reason: &str) {
    house.clock.set(at(&format!("{on}T{}10:00Z", &slot[..3])));
    let (dose, nurse) = (dose(plan, on, slot), served.signed_in("nurse"));
    let page = nurse.get(&dose);
    let fields = [("outcome", outcome), ("reason", reason)];
    let recorded = nurse.fill(&page, &format!("{dose}/administration"), &fields);
    assert_eq!(recorded.status, 303, "{}", recorded.text());
}

fn refuse(house: &House, served: &Served, plan: &str, on: &str, slot: &str) {
    record(house, served, plan, on, slot, "refused", "R1");
}

fn answer(by: &Visitor, plan: &str, page: &Shown, done: &str) -> Shown {
    by.fill(page, &format!("/plans/{plan}/alert/acknowledgement"), &[("done", done)])
}

const SAYS: &str = "two doses in a row were not given";

#[test]
fn two_doses_in_a_row_not_given_are_shown_wherever_something_is_done_to_the_resident() {
    on_both(|house| {
        let (served, plan) = open(house);
        refuse(house, &served, &plan, "2026-11-21", "08:00");
        let next = dose(&plan, "2026-11-21", "20:00");
        assert!(!served.signed_in("nurse").get(&next).text().contains("Taper alert"), "one is not enough");
        refuse(house, &served, &plan, "2026-11-21", "20:00");
        house.clock.set(at("2026-11-22T08:05:00Z"));
        let (nurse, chief) = (served.signed_in("nurse"), served.signed_in("supervisor"));
        let alert = format!("/plans/{plan}/alert");
        for (by, page) in [
            (&nurse, "/round".to_owned()),
            (&nurse, dose(&plan, "2026-11-22", "08:00")),
            (&nurse, format!("/residents/{RESIDENT}")),
            (&chief, "/overview".to_owned()),
        ] {
            let shown = by.get(&page);
            assert!(shown.text().contains(SAYS), "{page}: {}", shown.text());
            assert!(shown.has(&format!("a[href='{alert}']")), "{page} leads to the alert");
        }
        let page = nurse.get(&alert);
        assert!(page.text().contains("21 Nov 2026") && page.text().contains("20:00") && page.text().contains("08:00"));
        assert!(!page.has("textarea"), "a nurse is not the one who is called");
    });
}

#[test]
fn it_stands_although_a_dose_is_given_until_somebody_says_what_was_done_and_then_takes_a_new_dose() {
    on_both(|house| {
        let (served, plan) = open(house);
        let alert = format!("/plans/{plan}/alert");
        refuse(house, &served, &plan, "2026-11-21", "08:00");
        refuse(house, &served, &plan, "2026-11-21", "20:00");
        record(house, &served, &plan, "2026-11-22", "08:00", "given", "");
        let doctor = served.signed_in("prescriber");
        assert!(doctor.get(&alert).text().contains(SAYS));
        let history = house.count("history");
        let blank = answer(&doctor, &plan, &doctor.get(&alert), "  ");
        assert_eq!((blank.status, house.count("history")), (422, history), "{}", blank.text());
        assert!(blank.text().contains("Write in a few words what was done about it."), "{}", blank.text());
        let page = doctor.get(&alert);
        for _ in 0..2 {
            assert_eq!(answer(&doctor, &plan, &page, "Talked with Ada.").status, 303, "a double tap is one answer");
        }
        assert_eq!(house.count("taper_alert_acknowledgements"), 1);
        assert_eq!(house.count("taper_alert_doses"), 2);
        assert_eq!(house.count("history WHERE kind = 'acknowledge_alert'"), 1);
        let after = doctor.get(&alert);
        assert!(after.text().contains("Talked with Ada.") && !after.has("textarea"), "{}", after.text());
        let round = || served.signed_in("nurse").get("/round");
        assert!(!round().text().contains(SAYS));
        record(house, &served, &plan, "2026-11-22", "20:00", "given", "");
        assert!(!round().text().contains("Taper alert"), "nothing new was missed");
        refuse(house, &served, &plan, "2026-11-23", "08:00");
        assert!(round().text().contains("three doses in 7 days were not given"));
    });
}

#[test]
fn the_first_dose_that_is_not_available_alerts_at_once() {
    on_both(|house| {
        let (served, plan) = open(house);
        record(house, &served, &plan, "2026-11-21", "08:00", "not_available", "N1");
        let page = served.signed_in("nurse").get(&format!("/plans/{plan}/alert"));
        assert!(page.text().contains("a dose was not available") && page.text().contains("Out of stock"));
    });
}

#[test]
fn doses_that_nobody_recorded_raise_it_and_a_record_that_they_were_given_takes_it_back() {
    on_both(|house| {
        let (served, plan) = open(house);
        house.clock.set(at("2026-11-21T21:59:00Z"));
        let nurse = served.signed_in("nurse");
        assert!(!nurse.get("/round").text().contains("Taper alert"), "the evening may still be recorded");
        house.clock.set(at("2026-11-21T22:00:01Z"));
        assert!(nurse.get("/round").text().contains(SAYS));
        let morning = dose(&plan, "2026-11-21", "08:00");
        let fields = [("outcome", "given"), ("reason", "L3"), ("given_at", "08:05")];
        let recorded = nurse.fill(&nurse.get(&morning), &format!("{morning}/administration"), &fields);
        assert_eq!(recorded.status, 303, "{}", recorded.text());
        assert!(!nurse.get("/round").text().contains("Taper alert"));
    });
}

#[test]
fn an_answer_to_other_doses_than_those_that_stand_is_told_so() {
    on_both(|house| {
        let (served, plan) = open(house);
        refuse(house, &served, &plan, "2026-11-21", "08:00");
        refuse(house, &served, &plan, "2026-11-21", "20:00");
        house.clock.set(at("2026-11-22T08:05:00Z"));
        let doctor = served.signed_in("prescriber");
        let old = doctor.get(&format!("/plans/{plan}/alert"));
        refuse(house, &served, &plan, "2026-11-22", "08:00");
        let refused = answer(&doctor, &plan, &old, "Talked with Ada.");
        let nurse = served.signed_in("nurse");
        assert_eq!((refused.status, house.count("taper_alert_acknowledgements")), (409, 0));
        assert!(refused.text().contains("not those that your page showed"), "{}", refused.text());
        assert_eq!(refused.attribute("textarea", "name").as_deref(), Some("done"), "what was written is still there");
        let nurse_tries = desk::forced(
            &nurse,
            &format!("/plans/{plan}/alert/acknowledgement"),
            &[("done", "I saw to it."), ("doses", "")],
        );
        assert_eq!(nurse_tries.status, 403);
    });
}

#[test]
fn the_signature_keeps_the_alert_and_what_was_done_about_it() {
    on_both(|house| {
        let served = desk::open(house);
        let plan = desk::running(&served);
        let id = desk::id_of(&plan).to_owned();
        refuse(house, &served, &id, "2026-11-20", "20:00");
        refuse(house, &served, &id, "2026-11-21", "08:00");
        house.clock.set(at("2026-12-03T09:00:00Z"));
        let (doctor, pharmacist) = (served.signed_in("prescriber"), served.signed_in("pharmacist"));
        desk::lay_out(house, &plan);
        let alert = doctor.get(&format!("{plan}/alert"));
        assert_eq!(answer(&doctor, &id, &alert, "Ada had a cold and slept; takes it again.").status, 303);
        let waits = desk::waiting(&doctor, &plan);
        assert!(pharmacist.get(&waits).text().contains("Ada had a cold and slept; takes it again."));
        let signed = desk::sign(&pharmacist, &waits, 1);
        assert_eq!(signed.status, 303, "{}", signed.text());
        assert_eq!(house.count("plan_facts WHERE kind = 'signed' AND statement LIKE '%Ada had a cold and slept%'"), 1);
    });
}

#[test]
fn prescriber_signer_and_supervisors_are_written_to_every_morning_until_somebody_answers() {
    on_both(|house| {
        ward::furnish(house);
        let plan = ward::plan(house, RESIDENT, "2026-11-21");
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        house.clock.set(at("2026-11-22T09:00:00Z"));
        ringer.ring();
        let first = of_kind(house, Kind::TaperAlert);
        let mut to: Vec<&str> = first.iter().map(|letter| letter.recipient.as_str()).collect();
        to.sort_unstable();
        // Nobody has signed yet: every pharmacist is told.
        assert_eq!(to, ["chief@alder.example", "deputy@alder.example", "f@alder.example", "p@alder.example"]);
        for letter in &first {
            assert!(letter.body.contains(&format!("/plans/{plan}/alert")), "{}", letter.body);
            for word in ["Ash", "Ada", "clonazepam", "mg"] {
                assert!(!letter.body.contains(word) && !letter.title.contains(word), "{word}");
            }
        }
        ringer.ring();
        assert_eq!(of_kind(house, Kind::TaperAlert).len(), first.len(), "once a day");
        house.clock.set(at("2026-11-23T07:30:00Z"));
        ringer.ring();
        assert_eq!(of_kind(house, Kind::TaperAlert).len(), 2 * first.len());
        assert!(states(&first).iter().all(|state| *state == LetterState::Sent));
    });
}

/// Five weeks in which one dose was refused and all the others given. Nobody needs to look at the first weeks again, until
/// a supervisor finds that one of their doses was not given after all.
#[test]
fn a_day_that_nobody_looks_at_again_is_looked_at_again_when_something_of_it_is_corrected() {
    on_both(|house| {
        let (served, plan) = open(house);
        refuse(house, &served, &plan, "2026-11-21", "08:00");
        for on in "2026-11-21".parse::<NaiveDate>().unwrap().iter_days().take(36) {
            for slot in ["08:00", "20:00"]
                .into_iter()
                .filter(|slot| (on.to_string().as_str(), *slot) != ("2026-11-21", "08:00"))
            {
                house.clock.set(at(&format!("{on}T{slot}:00Z")));
                let of = plan.clone();
                house.db.write(move |conn, now| lay_out_doses(conn, &of, now)).unwrap();
                ward::give(house, &plan, &on.to_string(), slot);
            }
        }
        let marked = house.db.write(|conn, now| mark_alerts(conn, FACILITY, now)).unwrap();
        assert_eq!((marked, house.count("alert_marks WHERE clear_until = '2026-12-12'")), (1, 1));
        assert_eq!(house.db.write(|conn, now| mark_alerts(conn, FACILITY, now)).unwrap(), 0, "it stays where it is");
        let alert = format!("/plans/{plan}/alert");
        assert!(!served.signed_in("prescriber").get(&alert).text().contains(SAYS));
        let dose = shelf::dose(house, &plan, "2026-11-21", "20:00");
        let record = correct_dose::standing(house, &dose).unwrap();
        let instead = correct_dose::told(&dose, Outcome::Refused, "");
        correct_dose::corrected(
            house,
            &Supervisor(shelf::staff("supervisor")).into(),
            &correct_dose::ask(&record.id, instead),
        )
        .unwrap();
        assert_eq!(house.count("alert_marks WHERE clear_until < '2026-11-22'"), 1);
        assert!(served.signed_in("prescriber").get(&alert).text().contains(SAYS));
    });
}

/// A round asks for the alerts of its unit: how many others live in the house, and how long, makes no difference.
#[test]
fn what_somebody_was_not_given_is_found_by_an_index_of_its_own() {
    let house = House::on_sqlite();
    ward::furnish(&house);
    ward::plan(&house, RESIDENT, "2026-11-21");
    let facility = house.db.read(|conn| facility_load(conn, FACILITY)).unwrap();
    let (ear, residents) = (Ear::default(), [RESIDENT.to_owned(), "resident-2".to_owned()]);
    let mut conn = ear.listening(&house);
    ear.heard();
    alerts_load(&mut conn, &facility, Some(&residents), house.clock.now()).unwrap();
    running_plan_ids_of(&mut conn, &residents).unwrap();
    plan_ids_of_resident(&mut conn, RESIDENT).unwrap();
    let heard = ear.heard();
    let steps = |query: &String| explained(&house, query);
    let mut of_records = heard.iter().filter(|query| query.contains("FROM (`administrations`")).map(steps);
    let found = of_records.next().unwrap_or_else(|| panic!("{heard:#?}"));
    assert!(found.contains("administrations_nothing_given_to") && of_records.next().is_none(), "{found}");
    let vomited = heard.iter().find(|query| query.contains("FROM (`vomits`")).map(steps).unwrap_or_default();
    assert!(vomited.contains("vomits USING INDEX vomits_lately"), "{vomited}");
    assert!(!heard.iter().map(steps).any(|steps| steps.contains("SCAN")), "{heard:#?}");
}
