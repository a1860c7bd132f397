//! The MAR over HTTP: what was recorded stands in its cell, what nobody recorded is shown, and nobody else's is found.

mod told;

use crate::browser_like::{Served, Shown, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::ward;

/// A plan from Saturday 21 November on, four doses recorded, and the clock at Tuesday morning.
fn lived(house: &House) -> String {
    settle(house);
    house
        .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
        .unwrap();
    let plan = ward::plan(house, RESIDENT, "2026-11-21");
    for (on, slot, minute) in
        [("2026-11-21", "08:00", "05"), ("2026-11-21", "20:00", "10"), ("2026-11-22", "08:00", "00")]
    {
        house.clock.set(at(&format!("{on}T{}:{minute}:00Z", &slot[..2])));
        ward::give(house, &plan, on, slot);
    }
    house.clock.set(at("2026-11-23T07:30:00Z"));
    plan
}

fn cells(shown: &Shown, class: &str) -> Vec<String> {
    shown.all(&format!(".mar td.{class}"))
}

#[test]
fn every_dose_of_the_month_stands_in_its_cell() {
    on_both(|house| {
        lived(house);
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        let shown = nurse.get(&format!("/residents/{RESIDENT}/mar"));
        assert_eq!(shown.status, 200, "{}", shown.text());
        assert_eq!(shown.all("h1"), ["Medication administration record, November 2026"]);
        assert_eq!(shown.all(".mar thead th").len(), 31);
        assert_eq!(cells(&shown, "g"), ["NN08:05 given", "NN08:00 given", "NN20:10 given"]);
        assert_eq!(cells(&shown, "gap"), ["? no record, note 1"], "22 November 20:00");
        assert_eq!(cells(&shown, "now"), ["due now"], "23 November 08:00");
        let notes = shown.all(".mar-notes li");
        assert_eq!(notes.len(), 1);
        assert!(notes[0].starts_with("22 Nov 2026 20:00 clonazepam: No record"), "{notes:?}");
        assert!(shown.text().contains("0.5 mg: 1 × 0.5 mg tablet"), "{}", shown.text());
        assert!(shown.all(".b-s")[0].contains("1 mg daily, approved Pat Prescriber"), "{:?}", shown.all(".b-s"));
        assert_eq!(shown.all(".mar-page dl dd"), ["Nora Nurse"]);
        let later = nurse.get(&format!("/residents/{RESIDENT}/mar?month=2026-12"));
        assert!(later.all(".b-u")[0].contains("0.5 mg daily from 05 Dec 2026, not signed"), "{:?}", later.all(".b-u"));
        let earlier = nurse.get(&format!("/residents/{RESIDENT}/mar?month=2026-10"));
        assert!(earlier.text().contains("Nothing was planned or recorded"));
    });
}

#[test]
fn a_unit_has_a_sheet_for_each_resident_with_something_in_the_month() {
    on_both(|house| {
        lived(house);
        let other = ward::resident(house, "Ashe", "Bo", "2", "3");
        ward::resident(house, "Kowal", "Jan", "3", "1");
        ward::plan(house, &other, "2026-11-23");
        let served = Served::start(house);
        let shown = served.signed_in("supervisor").get("/units/east/mar?month=2026-11");
        assert_eq!(shown.status, 200, "{}", shown.text());
        assert_eq!(shown.all("h2"), ["ASH, Ada", "ASHE, Bo"]);
        assert_eq!(shown.all("table.mar").len(), 2);
        assert!(shown.all(".mar-facts")[0].contains("Name alert: ASHE, Bo"), "{:?}", shown.all(".mar-facts"));
        assert!(shown.all(".mar-facts")[0].contains("No known allergies"));
    });
}

#[test]
fn a_month_that_cannot_be_read_and_another_houses_resident_are_not_found() {
    on_both(|house| {
        lived(house);
        let served = Served::start(house);
        let (nurse, stranger) = (served.signed_in("nurse"), served.signed_in("stranger"));
        for odd in ["2026-13", "november", "2026-11-01", "%3Cb%3E", ""] {
            assert_eq!(nurse.get(&format!("/residents/{RESIDENT}/mar?month={odd}")).status, 404, "{odd}");
            assert_eq!(nurse.get(&format!("/units/east/mar?month={odd}")).status, 404, "{odd}");
        }
        assert_eq!(nurse.get("/residents/nobody/mar").status, 404);
        assert_eq!(stranger.get(&format!("/residents/{RESIDENT}/mar")).status, 404);
        assert_eq!(stranger.get("/units/east/mar").status, 404);
        assert_eq!(served.signed_in("administrator").get("/units/east/mar").status, 403);
    });
}
