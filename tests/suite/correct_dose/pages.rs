//! Correcting over HTTP: the page shows what stands, whoever may corrects it, and every page says what no longer stands.

use crate::browser_like::{PASSWORD, Served, Shown, Visitor, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::pages::keeps_the_laws;
use crate::shelf::dose;
use crate::{desk, ward};

const SATURDAY: &str = "2026-11-21";

/// It is Saturday morning, and the nurse has recorded the dose of 08:00 as given; its page.
fn recorded(house: &House) -> (Served, String) {
    settle(house);
    house
        .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
        .unwrap();
    let plan = ward::plan(house, RESIDENT, SATURDAY);
    house.clock.set(at("2026-11-21T08:05:00Z"));
    ward::give(house, &plan, SATURDAY, "08:00");
    (Served::start(house), format!("/doses/{}", dose(house, &plan, SATURDAY, "08:00").id))
}

fn correction(dose: &str) -> String {
    format!("{dose}/correction")
}

const REFUSED: [(&str, &str); 3] =
    [("outcome", "refused"), ("reason", "R1"), ("why", "She spat it out; the wrong tile was touched.")];

fn corrected(by: &Visitor, dose: &str, fields: &[(&str, &str)]) -> Shown {
    by.fill(&by.get(&correction(dose)), &correction(dose), fields)
}

#[test]
fn a_nurse_corrects_her_own_record_and_every_page_shows_what_stands() {
    on_both(|house| {
        let (served, dose) = recorded(house);
        let nurse = served.signed_in("nurse");
        let way = nurse.get(&dose).attribute("a[href$='/correction']", "href");
        assert_eq!(way, Some(correction(&dose)));
        let page = nurse.get(&correction(&dose));
        keeps_the_laws("a correction", &page.body);
        assert!(page.text().contains("Given at 08:05, 0.5 mg of 0.5 mg."), "{}", page.text());
        let filled = page.fields(&correction(&dose));
        let value = |name: &str| filled.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        assert_eq!((value("outcome"), value("given_at")), (Some("given"), Some("08:05")));
        let saved = corrected(&nurse, &dose, &REFUSED);
        assert_eq!(saved.status, 303, "{}", saved.text());
        let entry = nurse.get(saved.location());
        keeps_the_laws("the entry of a correction", &entry.body);
        assert!(entry.text().contains("Corrected to refused by Nora Nurse"), "{}", entry.text());
        assert!(entry.all("del").concat().contains("actual time 08:05"), "{}", entry.text());
        let now = nurse.get(&dose);
        keeps_the_laws("a dose whose record was corrected", &now.body);
        assert!(now.text().contains("Recorded as refused at 08:05"), "{}", now.text());
        assert!(now.all("del").concat().contains("Given at 08:05, 0.5 mg of 0.5 mg. Saved by Nora Nurse"));
        assert!(now.text().contains("“She spat it out; the wrong tile was touched.”"));
        let resident = nurse.get(&format!("/residents/{RESIDENT}"));
        assert_eq!(resident.all("td del .tag").len() + resident.all("td > del").len().min(1), 2, "struck through");
        let chief = served.signed_in("supervisor");
        let history = chief.get("/history");
        assert!(history.text().contains("2 records match"), "{}", history.text());
        assert_eq!(history.all("table .tag"), ["Refused", "Given"]);
        assert_eq!(history.all("table del .tag"), ["Given"], "what no longer stands is struck through");
        assert!(history.text().contains("She spat it out; the wrong tile was touched."), "{}", history.text());
        assert_eq!(chief.get("/history?stands=yes").all("table .tag"), ["Refused"]);
        assert_eq!(chief.get("/history?stands=no").all("table .tag"), ["Given"]);
        let file = chief.get("/history.csv").body;
        assert!(file.contains("corrected since") && file.contains("Stands,Why not"), "{file}");
        let round = nurse.get(&format!("/round?unit=east&round=08:00&on={SATURDAY}"));
        assert_eq!(round.all(".done .tag"), ["Refused 08:05 NN"]);
    });
}

/// The page after recording offers to undo what was just recorded, and only that.
#[test]
fn what_was_just_recorded_is_undone_by_a_correction() {
    on_both(|house| {
        let (served, dose) = recorded(house);
        let nurse = served.signed_in("nurse");
        corrected(&nurse, &dose, &[("outcome", "in_error"), ("why", "It was not given yet.")]);
        let given = nurse.fill(&nurse.get(&dose), &format!("{dose}/administration"), &[]);
        let round = nurse.get(given.location().split('#').next().unwrap());
        keeps_the_laws("the round after a record", &round.body);
        assert_eq!(round.attributes("main a[href$='/correction']", "href"), [correction(&dose)]);
        let plain = nurse.get(&format!("/round?unit=east&round=08:00&on={SATURDAY}"));
        assert!(!plain.has("main a[href$='/correction']"), "{}", plain.text());
    });
}

/// The statement of a signature stays as it was written; what was corrected since stands beside it.
#[test]
fn a_signature_says_what_was_corrected_after_it() {
    on_both(|house| {
        let served = desk::open(house);
        let plan = desk::running(&served);
        house.clock.set(at("2026-11-27T08:00:00Z"));
        ward::give(house, desk::id_of(&plan), "2026-11-27", "08:00");
        let pharmacist = served.signed_in("pharmacist");
        let reduction = desk::waiting(&pharmacist, &plan);
        assert_eq!(desk::sign(&pharmacist, &reduction, 1).status, 303);
        let evidence = pharmacist.get(&reduction).all(".evidence");
        let given = dose(house, desk::id_of(&plan), "2026-11-27", "08:00");
        assert_eq!(corrected(&served.signed_in("nurse"), &format!("/doses/{}", given.id), &REFUSED).status, 303);
        let later = pharmacist.get(&reduction);
        keeps_the_laws("a signature beside what was corrected since", &later.body);
        assert_eq!(later.all(".evidence"), evidence);
        let told = "27 Nov 2026 08:00, clonazepam 1 mg: given; corrected 27 Nov 2026 08:00";
        assert!(later.text().contains(told), "{}", later.text());
    });
}

#[test]
fn a_record_made_in_error_leads_back_to_the_open_dose() {
    on_both(|house| {
        let (served, dose) = recorded(house);
        let nurse = served.signed_in("nurse");
        let why = "It was the dose of the resident in the next room.";
        let saved = corrected(&nurse, &dose, &[("outcome", "in_error"), ("why", why)]);
        assert_eq!((saved.status, saved.location()), (303, dose.as_str()), "{}", saved.text());
        let open = nurse.get(&dose);
        keeps_the_laws("a dose that is open again", &open.body);
        assert!(open.text().contains("Recorded in error: struck out by Nora Nurse"), "{}", open.text());
        let given = nurse.fill(&open, &format!("{dose}/administration"), &[("given_at", "08:03")]);
        assert_eq!(given.status, 303, "{}", given.text());
        assert_eq!((house.count("administrations"), house.count("corrections")), (2, 1));
        let entry = house.count("history WHERE kind = 'correct_dose' AND body NOT LIKE '%\"outcome\"%'");
        assert_eq!(entry, 1, "nothing stands in its place");
        assert!(nurse.get(&dose).text().contains("at 08:03"));
    });
}

#[test]
fn somebody_elses_record_is_a_supervisors_to_correct() {
    on_both(|house| {
        let (served, dose) = recorded(house);
        for sql in [
            "INSERT INTO people (id, username, name, registration, email, password_hash)
             SELECT 'tom', 'tom', 'Tom Fielding RN', '', '', password_hash FROM people WHERE id = 'nurse'",
            "INSERT INTO memberships (id, person, facility, role) VALUES ('m-tom', 'tom', 'alder', 'nurse')",
        ] {
            house.plain_sql(sql).unwrap();
        }
        let (tom, supervisor) = (served.signed_in("tom"), served.signed_in("supervisor"));
        let closed = tom.get(&correction(&dose));
        assert!(closed.text().contains("Somebody else made this record.") && !closed.has("form[action$=correction]"));
        let record = supervisor.get(&correction(&dose)).attribute("input[name=record]", "value").unwrap();
        let forced = desk::forced(&tom, &correction(&dose), &[&REFUSED[..], &[("record", record.as_str())]].concat());
        assert_eq!((forced.status, house.count("corrections")), (422, 0), "{}", forced.text());
        house.clock.set(at("2026-11-25T09:00:00Z"));
        let late = served.signed_in("nurse").get(&correction(&dose));
        assert!(late.text().contains("More than 12 hours have passed"), "{}", late.text());
        let saved = corrected(&served.signed_in("supervisor"), &dose, &REFUSED);
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!(house.count("history WHERE kind = 'correct_dose' AND role = 'supervisor'"), 1);
        let stands = served.signed_in("nurse").get(&dose);
        assert!(stands.text().contains("Seen to by Nora Nurse. Saved by"), "{}", stands.text());
        assert_eq!(served.signed_in("stranger").get(&correction(&dose)).status, 404);
        assert_eq!(served.signed_in("pharmacist").get(&correction(&dose)).status, 403);
    });
}

#[test]
fn whoever_is_second_is_told_who_corrected_it_and_sees_what_stands_now() {
    on_both(|house| {
        let (served, dose) = recorded(house);
        let (nurse, supervisor) = (served.signed_in("nurse"), served.signed_in("supervisor"));
        let (hers, other) = (nurse.get(&correction(&dose)), supervisor.get(&correction(&dose)));
        assert_eq!(supervisor.fill(&other, &correction(&dose), &REFUSED).status, 303);
        let late = nurse.fill(&hers, &correction(&dose), &[("note", "with yoghurt"), ("why", "forgot the note")]);
        assert_eq!(late.status, 409, "{}", late.text());
        assert!(late.text().contains("Sue Supervisor corrected this record at 08:05."), "{}", late.text());
        assert!(late.text().contains("Refused at 08:05"), "{}", late.text());
        assert_eq!(house.count("corrections"), 1);
    });
}

#[test]
fn without_a_reason_the_form_comes_back_as_it_was_filled_in() {
    on_both(|house| {
        let (served, dose) = recorded(house);
        let nurse = served.signed_in("nurse");
        let page = nurse.get(&correction(&dose));
        let wrong: [(&[(&str, &str)], &str); 4] = [
            (&[("note", "with yoghurt")], "Write why the record is corrected"),
            (&[("note", "with yoghurt"), ("why", "  ")], "Write why the record is corrected"),
            (&[("note", "with yoghurt"), ("why", "typo"), ("outcome", "eaten")], "Choose what happened."),
            (&[("note", "with yoghurt"), ("why", "typo"), ("given_at", "08:30")], "later than now"),
        ];
        for (fields, sentence) in wrong {
            let answer = nurse.fill(&page, &correction(&dose), fields);
            assert_eq!(answer.status, 422, "{fields:?}: {}", answer.text());
            assert!(answer.text().contains(sentence) && answer.text().contains("Nothing has been corrected"));
            assert!(answer.fields(&correction(&dose)).iter().any(|(_, value)| value == "with yoghurt"));
            keeps_the_laws(&format!("{fields:?}"), &answer.body);
        }
        let witness = [("why", "typo"), ("second_username", "nurse"), ("second_password", PASSWORD)];
        let own = nurse.fill(&page, &correction(&dose), &witness);
        assert_eq!((own.status, house.count("corrections")), (422, 0), "{}", own.text());
    });
}

/// What a pharmacist saw is not what is so any more.
#[test]
fn a_signature_on_a_page_that_showed_the_record_before_its_correction_is_refused() {
    on_both(|house| {
        let served = desk::open(house);
        let plan = desk::running(&served);
        house.clock.set(at("2026-11-27T08:00:00Z"));
        ward::give(house, desk::id_of(&plan), "2026-11-27", "08:00");
        let pharmacist = served.signed_in("pharmacist");
        let reduction = desk::waiting(&pharmacist, &plan);
        let open = pharmacist.get(&reduction);
        let given = dose(house, desk::id_of(&plan), "2026-11-27", "08:00");
        let saved = corrected(&served.signed_in("nurse"), &format!("/doses/{}", given.id), &REFUSED);
        assert_eq!(saved.status, 303, "{}", saved.text());
        let why = desk::rationale(1);
        let fields = [("rationale", why.as_str()), ("flags_reason", why.as_str()), ("password", PASSWORD)];
        let signed = pharmacist.fill(&open, &format!("{reduction}/signature"), &fields);
        assert_eq!(signed.status, 409, "{}", signed.text());
        assert_eq!(house.count("plan_facts WHERE kind = 'signed'"), 0);
    });
}
