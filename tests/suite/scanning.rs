//! What is scanned before a dose is given: the right label and the right pack go into the record, and nothing is saved of
//! any other.

use crate::as_needed;
use crate::browser_like::{Served, Shown, Visitor, settle};
use crate::desk;
use crate::house::{House, RESIDENT, at, on_both};
use crate::pages::keeps_the_laws;
use crate::ward;

const SATURDAY: &str = "2026-11-21";
/// A number of the house’s own, with its check digit.
const TABLET: &str = "04000000000006";

/// Saturday morning in a house that scans; the address of the dose of 08:00.
fn saturday(house: &House, identify: &str) -> (Served, String) {
    settle(house);
    for sql in [
        "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true), ('alder', '197528', false)",
        "INSERT INTO pack_codes (facility, product, code) VALUES
            ('alder', '197527', '04000000000006'), ('alder', '197528', '06291041500213')",
        &format!("UPDATE facilities SET identify = '{identify}' WHERE id = 'alder'"),
    ] {
        house.plain_sql(sql).unwrap();
    }
    ward::resident(house, "Beech", "Bea", "2", "14");
    let plan = ward::plan(house, RESIDENT, SATURDAY);
    house.clock.set(at("2026-11-21T08:05:00Z"));
    let doses = desk::laid(house, &plan, SATURDAY.parse().unwrap());
    let dose = doses.iter().find(|dose| dose.key.slot.to_string() == "08:00").unwrap();
    (Served::start(house), format!("/doses/{}", dose.id))
}

fn scan(nurse: &Visitor, dose: &str, page: &Shown, what: &str) -> Shown {
    nurse.fill(page, &format!("{dose}/identity"), &[("scan", what)])
}

fn given(nurse: &Visitor, dose: &str, page: &Shown, fields: &[(&str, &str)]) -> Shown {
    nurse.fill(page, &format!("{dose}/administration"), &[&[("outcome", "given")], fields].concat())
}

#[test]
fn label_and_pack_are_scanned_and_one_tap_records_what_was() {
    on_both(|house| {
        let (served, dose) = saturday(house, "resident_and_product");
        let nurse = served.signed_in("nurse");
        let open = nurse.get(&dose);
        keeps_the_laws("a dose before any scan", &open.body);
        assert!(open.text().contains("Scan the resident’s label"), "{}", open.text());
        assert!(!open.all("button").iter().any(|button| button == "Record as given now"), "{}", open.text());
        let known = scan(&nurse, &dose, &open, "1");
        assert_eq!(known.status, 200, "{}", known.text());
        assert!(known.text().contains("Resident’s number") && known.text().contains("Scan the pack of clonazepam"));
        let pack = scan(&nurse, &dose, &known, &format!("]d201{TABLET}10B1042\u{1d}17270331"));
        assert_eq!(pack.status, 200, "{}", pack.text());
        keeps_the_laws("a dose after all scans", &pack.body);
        assert_eq!((house.count("administrations"), house.count("history WHERE kind = 'record_dose'")), (0, 0));
        assert_eq!(pack.all("form.now button"), ["Record as given now"]);
        let saved = given(&nurse, &dose, &pack, &[]);
        assert_eq!(saved.status, 303, "{}", saved.text());
        let words = "Resident’s number; clonazepam 0.5\u{a0}mg tablet, lot B1042, expires 31\u{a0}Mar\u{a0}2027";
        assert_eq!(house.count(&format!("administrations WHERE identified = '{words}'")), 1);
        assert!(nurse.get(&dose).text().contains("lot B1042"), "the page of the dose says so");
    });
}

#[test]
fn the_wrong_label_the_wrong_pack_and_an_expired_one_are_each_a_clear_sentence_and_nothing_is_saved() {
    on_both(|house| {
        let (served, dose) = saturday(house, "resident_and_product");
        let nurse = served.signed_in("nurse");
        let open = nurse.get(&dose);
        let expired = format!("01{TABLET}17261120");
        for (what, sentence) in [
            ("2", "This is the label of BEECH, Bea, and the dose is for ASH, Ada. Do not give it."),
            (
                "6291041500213",
                "This is the barcode of clonazepam 1\u{a0}mg tablet. The dose is made of clonazepam 0.5\u{a0}mg tablet.",
            ),
            ("6291041500214", "its last digit does not fit the others"),
            ("12345-678-90", "No product here has the barcode 1234567890."),
            (expired.as_str(), "expired on 20\u{a0}Nov\u{a0}2026. Do not give from it."),
            ("<script>", "is not the number of a pack"),
            ("  ", "Nothing was scanned."),
        ] {
            let refused = scan(&nurse, &dose, &open, what);
            assert_eq!(refused.status, 422, "{what}: {}", refused.text());
            assert!(refused.body.contains(sentence), "{what}: {}", refused.text());
            assert!(refused.has("#scan[autofocus][value='']"), "the next scan finds an empty field");
            keeps_the_laws(what, &refused.body);
        }
        // Whoever goes past the page is refused as well.
        let carried = [("scanned", "2"), ("unscanned", "in a hurry")];
        let forced = given(&nurse, &dose, &open, &carried);
        assert_eq!(forced.status, 422, "{}", forced.text());
        let unscanned = given(&nurse, &dose, &open, &[]);
        assert_eq!(unscanned.status, 422);
        assert!(unscanned.text().contains("Scan the resident’s label first. Nothing has been recorded."));
        assert_eq!((house.count("administrations"), house.count("history WHERE kind = 'record_dose'")), (0, 0));
    });
}

#[test]
fn without_a_scanner_the_record_says_why_and_what_is_not_given_is_not_scanned() {
    on_both(|house| {
        let (served, dose) = saturday(house, "resident");
        let nurse = served.signed_in("nurse");
        let open = nurse.get(&dose);
        let birthday = scan(&nurse, &dose, &open, "1941-02-03");
        assert!(birthday.text().contains("Everything is scanned"), "{}", birthday.text());
        let saved = given(&nurse, &dose, &open, &[("unscanned", "The label is torn.")]);
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!(house.count("administrations WHERE identified = 'Not scanned: The label is torn.'"), 1);
        let evening = dose_at(house, "20:00");
        house.clock.set(at("2026-11-21T20:05:00Z"));
        let nurse = served.signed_in("nurse");
        let action = format!("{evening}/administration");
        let refused = nurse.fill(&nurse.get(&evening), &action, &[("outcome", "refused"), ("reason", "R1")]);
        assert_eq!(refused.status, 303, "{}", refused.text());
        assert_eq!(house.count("administrations WHERE outcome = 'refused' AND identified = ''"), 1);
    });
}

/// As needed too: one shared part, and the same record.
#[test]
fn an_as_needed_dose_is_checked_like_any_other() {
    on_both(|house| {
        let (served, _) = saturday(house, "resident_and_product");
        let order = as_needed::ordered(&served, &[]);
        let identity = order.replace("/give", "/identity");
        let nurse = served.signed_in("nurse");
        let give = |page: &Shown, fields: &[(&str, &str)]| {
            nurse.fill(page, &order, &[&[("why", "pacing, cannot be talked down")], fields].concat())
        };
        let open = nurse.get(&order);
        keeps_the_laws("an as-needed dose before any scan", &open.body);
        assert!(open.text().contains("Scan the resident’s label"), "{}", open.text());
        let unscanned = give(&open, &[]);
        assert_eq!(unscanned.status, 422);
        assert!(unscanned.text().contains("Scan the resident’s label first."), "{}", unscanned.text());
        let wrong = nurse.fill(&open, &identity, &[("scan", "2")]);
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains("This is the label of BEECH, Bea"), "{}", wrong.text());
        assert_eq!(house.count("as_needed_doses"), 0);
        let known = nurse.fill(&open, &identity, &[("scan", "1")]);
        let pack = nurse.fill(&known, &identity, &[("scan", TABLET)]);
        assert!(pack.text().contains("Everything is scanned"), "{}", pack.text());
        keeps_the_laws("an as-needed dose after all scans", &pack.body);
        assert_eq!(give(&pack, &[]).status, 303);
        let words = "Resident’s number; clonazepam 0.5\u{a0}mg tablet";
        assert_eq!(house.count(&format!("as_needed_doses WHERE identified = '{words}'")), 1);
        let entry = served.signed_in("supervisor").get(&format!("/history/{}", house.count("history")));
        assert!(entry.text().contains("Checked before it: Resident’s number"), "{}", entry.text());
    });
}

#[test]
fn an_as_needed_dose_that_cannot_be_scanned_says_why() {
    on_both(|house| {
        let (served, _) = saturday(house, "resident");
        let order = as_needed::ordered(&served, &[]);
        let nurse = served.signed_in("nurse");
        let why = [("why", "pacing, cannot be talked down"), ("unscanned", "The label is torn.")];
        assert_eq!(nurse.fill(&nurse.get(&order), &order, &why).status, 303);
        assert_eq!(house.count("as_needed_doses WHERE identified = 'Not scanned: The label is torn.'"), 1);
    });
}

fn dose_at(house: &House, slot: &str) -> String {
    let now = at("2026-11-21T00:00:00Z");
    let until = at("2026-11-22T00:00:00Z");
    let doses = house.db.read(|conn| stepdown::store::doses::doses_due_between(conn, "alder", now, until)).unwrap();
    format!("/doses/{}", doses.iter().find(|dose| dose.key.slot.to_string() == slot).unwrap().id)
}

#[test]
fn an_administrator_says_by_which_numbers_packs_are_known() {
    on_both(|house| {
        let (served, _) = saturday(house, "resident_and_product");
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/products/barcodes?facility=alder");
        keeps_the_laws("barcodes", &page.body);
        assert_eq!(page.attribute("#code-197527", "value").as_deref(), Some(TABLET));
        for (typed, sentence) in [
            ("6291041500214", "its last digit does not fit"),
            ("6291041500213", "stands at two products"),
            ("twelve", "is not the number of a pack"),
        ] {
            let refused = administrator.fill(&page, "/products/barcodes", &[("code-197527", typed)]);
            assert_eq!(refused.status, 422, "{typed}");
            assert!(refused.text().contains(sentence), "{typed}: {}", refused.text());
        }
        assert_eq!(house.count("history WHERE kind = 'code_packs'"), 0);
        let both = format!("{TABLET}, 12345-678-90");
        let saved = administrator.fill(&page, "/products/barcodes", &[("code-197527", &both)]);
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!((house.count("pack_codes"), house.count("history WHERE kind = 'code_packs'")), (3, 1));
        let late = administrator.fill(&page, "/products/barcodes", &[("form", &ward::id()), ("code-197527", "")]);
        assert_eq!((late.status, house.count("pack_codes")), (409, 3), "{}", late.text());
        assert_eq!(served.signed_in("nurse").get("/products/barcodes").status, 403);
    });
}
