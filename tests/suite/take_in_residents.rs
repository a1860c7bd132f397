//! A list of residents: checked line by line, taken in all of them or nobody.

use crate::browser_like::{Served, Shown, Visitor, settle};
use crate::house::{House, on_both};

const HEAD: &str = "number,surname,forename,born,unit,room,allergies\n";

fn settled(law: impl Fn(&House, &Served)) {
    on_both(|house| {
        settle(house);
        law(house, &Served::start(house));
    });
}

fn send(keeper: &Visitor, what: &str, list: &str) -> Shown {
    let page = keeper.get("/residents/list");
    keeper.fill(&page, "/residents/list", &[("list", list), ("what", what)])
}

fn line(n: usize) -> String {
    format!("AH-{n:04},Waal,Pieter {n},1945-06-17,East,{n},none\n")
}

#[test]
fn a_checked_list_is_taken_in_once_with_a_fact_for_each() {
    settled(|house, served| {
        let before = house.count("residents");
        let keeper = served.signed_in("supervisor");
        let list: String = [HEAD.to_owned()].into_iter().chain((1..=300).map(line)).collect();
        let checked = send(&keeper, "check", &list);
        assert!(checked.text().contains("300 lines checked, nothing is wrong. Nobody has been taken in yet."));
        assert!(checked.text().contains("Take in 300 residents"), "{}", checked.text());
        assert_eq!(house.count("residents"), before);
        let fields = [("list", list.as_str()), ("what", "take_in")];
        for _ in 0..2 {
            assert_eq!(keeper.fill(&checked, "/residents/list", &fields).status, 303);
            assert_eq!(house.count("residents"), before + 300);
        }
        assert_eq!(house.count("history WHERE kind = 'admit_resident'"), 300);
        assert!(keeper.get("/residents?q=AH-0299").text().contains("Pieter 299"));
    });
}

#[test]
fn one_broken_line_of_a_thousand_is_named_and_nobody_is_taken_in() {
    settled(|house, served| {
        let before = house.count("residents");
        let keeper = served.signed_in("supervisor");
        let wrong = "AH-0811,Waal,Pieter,17/06/1945,Wilow,9,none\n".to_owned();
        let of = |n: usize| if n == 811 { wrong.clone() } else { line(n) };
        let list: String = [HEAD.to_owned()].into_iter().chain((1..=1000).map(of)).collect();
        for what in ["check", "take_in"] {
            let told = send(&keeper, what, &list);
            assert_eq!(told.status, if what == "check" { 200 } else { 422 });
            let row = told.all("section[aria-labelledby=wrong-h] tbody tr");
            assert_eq!(row.len(), 1);
            assert!(row[0].starts_with("812 "), "{row:?}");
            assert!(row[0].contains("date of birth") && row[0].contains("“Wilow” is not a unit"), "{row:?}");
            assert_eq!(house.count("residents"), before);
        }
    });
}

/// A label is read in whatever case it is typed: two numbers that differ in nothing else would pass each other’s scan.
#[test]
fn a_number_that_differs_from_anothers_in_its_case_alone_is_taken() {
    settled(|house, served| {
        let keeper = served.signed_in("supervisor");
        let list = format!("{HEAD}{}", line(1));
        assert_eq!(send(&keeper, "take_in", &list).status, 303);
        let (before, other) = (house.count("residents"), "Pieter 1");
        let twice = format!("{HEAD}{}{}", line(2), line(2).replace("AH", "ah"));
        for (list, told) in [(list.replace("AH", "ah"), other), (twice, "ah-0002")] {
            let shown = send(&keeper, "take_in", &list);
            assert_eq!(shown.status, 422, "{}", shown.text());
            assert!(shown.text().contains(told), "{}", shown.text());
        }
        let new = "/residents/new";
        let about = [
            ("surname", "Ash"),
            ("forename", "Ben"),
            ("born_on", "1941-02-03"),
            ("number", "aH-0001"),
            ("unit", "east"),
            ("room", "4"),
            ("allergy_state", "none"),
        ];
        let page = keeper.get(new);
        let admitted = keeper.fill(&page, "/residents/new", &about);
        assert_eq!(admitted.status, 422, "{}", admitted.text());
        assert!(admitted.text().contains("This number belongs to"), "{}", admitted.text());
        let edit = "/residents/resident-1/edit";
        let changed = keeper.fill(&keeper.get(edit), edit, &[("number", "ah-0001")]);
        assert_eq!(changed.status, 422, "{}", changed.text());
        assert_eq!(house.count("residents"), before);
        // Their own may be written otherwise.
        house.plain_sql("UPDATE residents SET number = 'AH-9' WHERE id = 'resident-1'").unwrap();
        assert_eq!(keeper.fill(&keeper.get(edit), edit, &[("number", "ah-9")]).status, 303);
    });
}

#[test]
fn what_is_no_list_is_refused_with_what_to_do() {
    settled(|house, served| {
        let before = house.count("residents");
        let keeper = served.signed_in("supervisor");
        for (list, told) in [
            ("", "Paste the list"),
            ("Margit Halvorsen, room 4", "The first line must name the columns. Missing: number"),
            (&format!("{HEAD}<b>,<i>,\"&,1,2,3"), "cells"),
        ] {
            let shown = send(&keeper, "take_in", list);
            assert_eq!(shown.status, 422, "{list}");
            assert!(shown.text().contains(told), "{list}: {}", shown.text());
        }
        assert_eq!(house.count("residents"), before);
        assert_eq!(served.signed_in("nurse").get("/residents/list").status, 403);
    });
}

/// Whoever keeps two houses says into which somebody moves: each page offers the rooms of that house alone.
#[test]
fn a_supervisor_of_two_facilities_takes_residents_into_either() {
    settled(|house, served| {
        for sql in [
            "INSERT INTO units (id, facility, name, mailbox, rounds) VALUES ('oak', 'birch', 'Oak', '', '08:00')",
            "INSERT INTO memberships (id, person, facility, role) VALUES ('m-9', 'supervisor', 'birch', 'supervisor')",
        ] {
            house.plain_sql(sql).unwrap();
        }
        let keeper = served.signed_in("supervisor");
        let residents = keeper.get("/residents").text();
        for words in ["New resident to Alder House", "New resident to Birch Court", "From a list to Birch Court"] {
            assert!(residents.contains(words), "{words}: {residents}");
        }
        let page = keeper.get("/residents/new?facility=birch");
        assert!(page.text().contains("Oak") && !page.text().contains("East"), "{}", page.text());
        let page = keeper.get("/residents/list?facility=birch");
        let list = format!("{HEAD}{}", line(1).replace("East", "Oak"));
        let taken = keeper.fill(&page, "/residents/list", &[("list", &list), ("what", "take_in")]);
        assert_eq!(taken.status, 303, "{}", taken.text());
        assert_eq!(house.count("residents WHERE facility = 'birch' AND unit = 'oak'"), 1);
        assert_eq!(keeper.get("/residents/new?facility=nowhere").status, 404);
    });
}
