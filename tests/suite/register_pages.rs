//! The register over HTTP: what is received, given, wasted and counted at the pages, and the witness who signs beside.

use crate::browser_like::{PASSWORD, Served, Shown, Visitor, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::pages::keeps_the_laws;
use crate::shelf::{self, dose};
use crate::ward;

const SATURDAY: &str = "2026-11-21";

/// Saturday morning: 0.5 mg of clonazepam at 08:00 and 20:00, and a second nurse who may be a witness.
fn saturday(house: &House) -> (Served, String) {
    settle(house);
    for sql in [
        "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)",
        "INSERT INTO people (id, username, name, registration, email, password_hash)
         SELECT 'tom', 'tom', 'Tom Fielding RN', '', '', password_hash FROM people WHERE id = 'nurse'",
        "INSERT INTO memberships (id, person, facility, role) VALUES ('m-tom', 'tom', 'alder', 'nurse')",
    ] {
        house.plain_sql(sql).unwrap();
    }
    let plan = ward::plan(house, RESIDENT, SATURDAY);
    house.clock.set(at("2026-11-21T08:05:00Z"));
    (Served::start(house), plan)
}

const RECEIVE: &str = "/register/receive?unit=east";
const WITNESS: [(&str, &str); 2] = [("second_username", "tom"), ("second_password", PASSWORD)];

/// What a nurse types when tablets come in; some of it otherwise.
fn receive(nurse: &Visitor, other: &[(&str, &str)]) -> Shown {
    let usual = [
        ("holder", RESIDENT),
        ("product", shelf::TABLET),
        ("count", "10"),
        ("lot", "B1042"),
        ("expires_on", "2027-12-31"),
        ("note", "Brook Street Pharmacy, delivery 77410"),
    ];
    let all = usual.into_iter().chain(WITNESS).filter(|(name, _)| other.iter().all(|(field, _)| field != name));
    nurse.fill(&nurse.get(RECEIVE), RECEIVE, &all.chain(other.iter().copied()).collect::<Vec<_>>())
}

fn nothing_entered(house: &House) {
    assert_eq!((house.count("registers"), house.count("history WHERE kind = 'enter_register'")), (0, 0));
}

#[test]
fn tablets_come_in_and_a_dose_given_with_one_tap_takes_one() {
    on_both(|house| {
        let (served, plan) = saturday(house);
        let nurse = served.signed_in("nurse");
        let received = receive(&nurse, &[]);
        assert_eq!(received.status, 303, "{}", received.text());
        let page = format!("/doses/{}", dose(house, &plan, SATURDAY, "08:00").id);
        let open = nurse.get(&page);
        assert!(open.text().contains("10 left, 9 after this dose"), "{}", open.text());
        assert_eq!(open.all("main button").first().map(String::as_str), Some("Record as given now"));
        assert!(!open.has("input[type=radio][checked], input[type=checkbox][checked]"));
        assert_eq!(nurse.fill(&open, &format!("{page}/administration"), &[]).status, 303);
        let book = nurse.get(received.location());
        assert_eq!(book.all("table.reg tbody tr td:nth-child(6)"), ["9", "10"]);
        assert!(book.text().contains("lot B1042, expires 31 Dec 2027"), "{}", book.text());
        assert!(book.text().contains("Tom Fielding RN"), "the witness: {}", book.text());
        keeps_the_laws("register", &book.body);
        let list = nurse.get("/register");
        assert_eq!(list.all("tbody td:nth-child(2)"), ["9"]);
        let file = nurse.get(&format!("{}.csv", received.location()));
        assert!(file.body.contains("1,2026-11-21,08:05,Received,,10,10,B1042,2027-12-31"), "{}", file.body);
    });
}

#[test]
fn a_wrong_entry_is_refused_in_a_clear_sentence_and_nothing_is_saved() {
    on_both(|house| {
        let (served, _) = saturday(house);
        let nurse = served.signed_in("nurse");
        let wrong: &[(&[(&str, &str)], &str)] = &[
            (&[("count", "12a")], "“12a” is not a count."),
            (&[("count", ".5")], "“.5” is not a count."),
            (&[("count", "0")], "Write how many: more than 0."),
            (&[("expires_on", "2026-11-20")], "This pack expired on 20 Nov 2026."),
            (&[("expires_on", "")], "Enter the last day on which the pack may be used"),
            (&[("lot", "")], "Write the lot as it is printed on the pack"),
            (&[("note", "")], "Write from whom it came, or why it leaves."),
            (&[("holder", "")], "Choose whose supply it is."),
            (&[("holder", "nobody")], "Choose whose supply it is."),
            (&[("product", "")], "Choose a product that is stocked here."),
            (&[("second_username", ""), ("second_password", "")], "A witness is wanted for this here."),
            (&[("second_username", "nurse")], "Nobody is their own witness."),
            (&[("second_username", "prescriber")], "A witness is a nurse, supervisor or pharmacist of this facility."),
            (&[("second_username", "stranger")], "A witness is a nurse, supervisor or pharmacist of this facility."),
            (&[("second_password", "guessed")], "do not belong together. Nothing has been saved."),
        ];
        for (fields, sentence) in wrong {
            let answer = receive(&nurse, fields);
            assert_eq!(answer.status, 422, "{fields:?}: {}", answer.text());
            assert!(answer.text().contains(sentence), "{fields:?}: {}", answer.text());
            assert!(answer.text().contains("Nothing has been entered"), "{fields:?}");
            let kept = answer.attribute("input[name=second_username]", "value").unwrap_or_default();
            let secret = answer.attribute("input[name=second_password]", "value").unwrap_or_default();
            assert_eq!((kept.as_str(), secret.as_str()), ("", ""), "a witness is never filled in");
        }
        nothing_entered(house);
        for (person, status) in [("pharmacist", 403), ("prescriber", 403), ("stranger", 404)] {
            assert_eq!(served.signed_in(person).get(RECEIVE).status, status, "{person}");
        }
    });
}

#[test]
fn of_a_dose_given_in_part_the_rest_is_wasted_before_a_witness() {
    on_both(|house| {
        let (served, plan) = saturday(house);
        let nurse = served.signed_in("nurse");
        let book = receive(&nurse, &[]).location().to_owned();
        let page = format!("/doses/{}", dose(house, &plan, SATURDAY, "08:00").id);
        let action = format!("{page}/administration");
        let send = |witness: &[(&str, &str)]| {
            let part = [("outcome", "given_in_part"), ("amount", "0.25"), ("reason", "P1")];
            nurse.fill(&nurse.get(&page), &action, &part.into_iter().chain(witness.iter().copied()).collect::<Vec<_>>())
        };
        let missing = send(&[]);
        assert_eq!(missing.status, 422);
        assert!(missing.text().contains("A witness is wanted for this here."), "{}", missing.text());
        assert_eq!(send(&[("second_username", "tom"), ("second_password", "guessed")]).status, 422);
        assert_eq!(house.count("administrations"), 0);
        assert_eq!(send(&WITNESS).status, 303);
        assert_eq!(house.count("administrations WHERE witnessed_by = 'tom'"), 1);
        assert_eq!(nurse.get(&book).all("table.reg tbody tr th b"), ["Wasted", "Given", "Received"]);
        assert!(nurse.get(&page).text().contains("Witness: Tom Fielding RN"));
        let fact = nurse.get(&nurse.get(&book).attribute("table.reg a[href^='/history']", "href").unwrap());
        let signed = "Witness: Tom Fielding RN, saw it given, saw it wasted, returned or destroyed.";
        assert!(fact.text().contains(signed), "{}", fact.text());
        assert!(fact.text().contains("0.5 mg tablet: wasted 0.5, balance after it 9."), "{}", fact.text());
    });
}

#[test]
fn where_giving_wants_a_witness_there_is_no_single_tap() {
    on_both(|house| {
        let (served, plan) = saturday(house);
        house.plain_sql("UPDATE facilities SET witnessed = 'give waste count receive'").unwrap();
        let nurse = served.signed_in("nurse");
        let page = format!("/doses/{}", dose(house, &plan, SATURDAY, "08:00").id);
        let open = nurse.get(&page);
        assert!(!open.all("main button").contains(&"Record as given now".to_owned()));
        let action = format!("{page}/administration");
        let alone = nurse.fill(&open, &action, &[("outcome", "given")]);
        assert!(alone.text().contains("A witness is wanted for this here."), "{}", alone.text());
        let fields = [&[("outcome", "given")], WITNESS.as_slice()].concat();
        assert_eq!(nurse.fill(&open, &action, &fields).status, 303);
        assert_eq!(house.count("administrations WHERE witnessed_by = 'tom'"), 1);
    });
}

/// What is recorded from a page that showed other pieces is not recorded.
#[test]
fn whoever_saw_more_than_the_register_holds_now_looks_again() {
    on_both(|house| {
        let (served, plan) = saturday(house);
        let nurse = served.signed_in("nurse");
        let book = receive(&nurse, &[("count", "1")]).location().to_owned();
        let page = format!("/doses/{}", dose(house, &plan, SATURDAY, "08:00").id);
        let open = nurse.get(&page);
        let waste = format!("{book}/waste");
        let wasted = [&[("count", "1"), ("note", "dropped, unfit to give")], WITNESS.as_slice()].concat();
        assert_eq!(nurse.fill(&nurse.get(&waste), &waste, &wasted).status, 303);
        let action = format!("{page}/administration");
        let told = nurse.fill(&open, &action, &[("outcome", "given")]);
        assert_eq!((told.status, house.count("administrations")), (409, 0), "{}", told.text());
        assert!(told.text().contains("The register moved while the page was open"), "{}", told.text());
        assert!(told.text().contains("0 left, not enough for this dose"), "{}", told.text());
        assert_eq!(nurse.fill(&told, &action, &[("outcome", "given")]).status, 303);
        let differs = nurse.get(&book);
        assert!(differs.text().contains("1 given that the register did not have"), "{}", differs.text());
    });
}

#[test]
fn a_count_is_blind_and_a_difference_stays_open_until_a_supervisor_has_resolved_it() {
    on_both(|house| {
        let (served, _) = saturday(house);
        let nurse = served.signed_in("nurse");
        let book = receive(&nurse, &[("count", "37")]).location().to_owned();
        let count = "/register/count?unit=east";
        let blind = nurse.get(count);
        let field = format!("count_{}", book.trim_start_matches("/registers/"));
        let filled = blind.attribute(&format!("input[name='{field}']"), "value");
        assert_eq!(
            (filled.as_deref(), blind.all("main p, main label").concat().contains("37")),
            (Some(""), false),
            "{}",
            blind.text()
        );
        let unreadable = nurse.fill(&blind, count, &[(field.as_str(), "12a")]);
        assert_eq!((unreadable.status, house.count("register_counts")), (422, 0));
        let counted = |typed: &str| {
            let second = nurse.fill(&nurse.get(count), count, &[(field.as_str(), typed)]);
            assert_eq!((second.status, house.count("register_counts")), (200, 0), "{}", second.text());
            let own = field.replace("count_", "second_");
            nurse.fill(&second, count, &[&[(own.as_str(), typed)], WITNESS.as_slice()].concat())
        };
        assert!(unreadable.text().contains("“12a” is not a count."), "{}", unreadable.text());
        let saved = counted("36");
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert!(nurse.get(saved.location()).text().contains("One register differs from it"));
        let differs = nurse.get(&book);
        assert!(differs.text().contains("1 less than the register says"), "{}", differs.text());
        assert!(differs.text().contains("Counted 36, expected 37"), "{}", differs.text());
        assert!(!differs.has("form[action^='/discrepancies']"), "a nurse does not resolve it");
        resolves(&served, &book);
        assert_eq!(nurse.get(&book).all(".facts-in dd").first().map(String::as_str), Some("36"));
    });
}

fn resolves(served: &Served, book: &str) {
    let supervisor = served.signed_in("supervisor");
    assert!(supervisor.get("/overview").text().contains("1 less than the register says"));
    let page = supervisor.get(book);
    let action = page.attribute("form[action^='/discrepancies']", "action").unwrap();
    let brief = supervisor.fill(&page, &action, &[("ending", "adjusted"), ("reason", "lost")]);
    assert_eq!(brief.status, 422);
    assert!(brief.text().contains("Write in at least 20 characters"), "{}", brief.text());
    let reason = "Counted a third time with the pharmacist; one tablet was swept up.";
    let done = supervisor.fill(&page, &action, &[("ending", "adjusted"), ("reason", reason)]);
    assert_eq!(done.status, 303, "{}", done.text());
    let again = supervisor.fill(&page, &action, &[("ending", "adjusted"), ("reason", reason), ("form", &ward::id())]);
    assert_eq!(again.status, 409, "{}", again.text());
}

#[test]
fn the_settings_say_whose_supply_and_what_is_witnessed() {
    on_both(|house| {
        let (served, _) = saturday(house);
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/settings");
        let fields = [("register_holder", "unit"), ("witness_give", "yes")];
        let changed = administrator.fill(&page, "/settings", &fields);
        assert_eq!(changed.status, 303, "{}", changed.text());
        assert_eq!(
            house.count(
                "facilities WHERE id = 'alder' AND register_holder = 'unit' AND witnessed = 'give waste count receive'"
            ),
            1
        );
    });
}

/// The usual piece has run out: the nurse is told in words which others make the same dose, and takes those.
#[test]
fn where_the_usual_pieces_have_run_out_others_that_make_the_same_dose_are_named() {
    on_both(|house| {
        let (served, plan) = saturday(house);
        house
            .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '349195', false)")
            .unwrap();
        let nurse = served.signed_in("nurse");
        receive(&nurse, &[("product", "349195"), ("count", "4")]);
        let page = format!("/doses/{}", dose(house, &plan, SATURDAY, "08:00").id);
        let open = nurse.get(&page);
        assert_eq!(open.all(".make-l"), ["2 × 0.25 mg ODT"]);
        assert!(open.text().contains("These make the same dose."), "{}", open.text());
        assert_eq!(nurse.fill(&open, &format!("{page}/administration"), &[]).status, 303);
        assert_eq!(house.count("register_entries WHERE kind = 'given' AND parts = -4 AND balance_after = 4"), 1);
        assert_eq!(house.count("administrations WHERE pieces LIKE '2 × 0.25%ODT'"), 1);
    });
}

#[test]
fn an_as_needed_dose_takes_its_pieces_from_the_register_too() {
    on_both(|house| {
        let (served, _) = saturday(house);
        let nurse = served.signed_in("nurse");
        let book = receive(&nurse, &[("count", "3")]).location().to_owned();
        house
            .plain_sql(
                "INSERT INTO as_needed_orders (id, facility, resident, medicine, amount_ug, reason, least_minutes, most_ug,
                    starts_on, ends_on, rationale, ordered_by, ordered_at)
                 VALUES ('order', 'alder', 'resident-1', 'clonazepam', 250, 'panic', 60, 2000, '2026-11-20',
                    '2026-11-27', '', 'prescriber', '2026-11-20 09:00:00')",
            )
            .unwrap();
        let (page, give) = ("/as-needed/order/give", [("why", "Trembling, cannot be talked down.")]);
        let open = nurse.get(page);
        assert!(open.text().contains("3 left, 2.5 after this dose"), "{}", open.text());
        let wasting = [&give[..], &[("other_half", "wasted")]].concat();
        let alone = nurse.fill(&open, page, &wasting);
        assert!(alone.text().contains("A witness is wanted for this here."), "{}", alone.text());
        assert_eq!(nurse.fill(&open, page, &give).status, 303);
        let kept = nurse.get(&book);
        assert_eq!(kept.all("table.reg tbody td:nth-child(6)"), ["2.5", "3"]);
        assert!(kept.text().contains("ASH, Ada"), "whose dose it was: {}", kept.text());
        assert_eq!(house.count("register_entries WHERE as_needed_dose IS NOT NULL AND parts = -1"), 1);
    });
}
