//! A resident moves: the rounds of both units are right at once, the doses stay as they are signed, the supply goes along.

use crate::browser_like::{Served, settle};
use crate::desk;
use crate::house::{House, RESIDENT, at, on_both};
use crate::pages::keeps_the_laws;
use crate::shelf;
use crate::ward;

/// Saturday morning with a second unit; the resident of the east unit has a dose at 08:00 and a supply of her own.
pub fn saturday(house: &House) -> (Served, String) {
    settle(house);
    for sql in [
        "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)",
        "INSERT INTO units (id, facility, name, mailbox, rounds) VALUES ('west', 'alder', 'West', '', '08:00 20:00')",
        "INSERT INTO units (id, facility, name, mailbox, rounds) VALUES ('far', 'birch', 'Far', '', '08:00')",
    ] {
        house.plain_sql(sql).unwrap();
    }
    let plan = ward::plan(house, RESIDENT, "2026-11-21");
    house.clock.set(at("2026-11-21T08:05:00Z"));
    (Served::start(house), plan)
}

pub const MOVE: &str = "/residents/resident-1/transfer";

#[test]
fn both_rounds_are_right_and_doses_and_supply_follow() {
    on_both(|house| {
        let (served, plan) = saturday(house);
        let register = shelf::receive(house, "20");
        let nurse = served.signed_in("nurse");
        let round = |unit: &str| nurse.get(&format!("/round?unit={unit}&round=08:00&on=2026-11-21")).text();
        assert!(round("east").contains("ASH") && !round("west").contains("ASH"));
        let before = desk::doses_on(house, &plan, "2026-11-21");
        let page = nurse.get(MOVE);
        keeps_the_laws("a move", &page.body);
        assert!(page.text().contains("clonazepam 0.5 mg tablet: 20"), "{}", page.text());
        let fields =
            [("unit", "west"), ("room", "3"), ("moved_at", "2026-11-21T07:30"), ("note", "nearer to her sister")];
        for _ in 0..2 {
            let saved = nurse.fill(&page, MOVE, &fields);
            assert_eq!((saved.status, saved.location()), (303, "/residents/resident-1"), "{}", saved.text());
        }
        assert!(!round("east").contains("ASH") && round("west").contains("ASH"));
        assert_eq!(house.count("residents WHERE id = 'resident-1' AND unit = 'west' AND room = '3'"), 1);
        assert_eq!(house.count("history WHERE kind = 'transfer_resident' AND body LIKE '%2026-11-21T07:30%'"), 1);
        assert_eq!(desk::doses_on(house, &plan, "2026-11-21"), before, "every dose stays as it is signed");
        ward::give(house, &plan, "2026-11-21", "08:00");
        assert_eq!(house.count("administrations WHERE unit = 'west'"), 1);
        assert_eq!(shelf::register(house, &register).book.balance, 38, "from the supply that went along");
    });
}

#[test]
fn what_is_no_move_is_refused_and_nothing_is_saved() {
    on_both(|house| {
        let (served, _) = saturday(house);
        let nurse = served.signed_in("nurse");
        let page = nurse.get(MOVE);
        for (fields, sentence) in [
            ([("unit", "east"), ("room", "12"), ("moved_at", "")], "lives there already"),
            ([("unit", "far"), ("room", "1"), ("moved_at", "")], "Choose a unit of this facility"),
            ([("unit", "west"), ("room", " "), ("moved_at", "")], "Write the room"),
            ([("unit", "west"), ("room", "3"), ("moved_at", "2026-11-21T09:00")], "within the last 7 days"),
        ] {
            let refused = nurse.fill(&page, MOVE, &fields);
            assert_eq!(refused.status, 422, "{fields:?}");
            assert!(refused.text().contains(sentence), "{fields:?}: {}", refused.text());
            keeps_the_laws(sentence, &refused.body);
        }
        house.plain_sql("UPDATE residents SET revision = revision + 1").unwrap();
        let late = nurse.fill(&page, MOVE, &[("unit", "west"), ("room", "3")]);
        assert_eq!(late.status, 409, "{}", late.text());
        assert_eq!(
            (house.count("history WHERE kind = 'transfer_resident'"), house.count("residents WHERE unit = 'west'")),
            (0, 0)
        );
        assert_eq!(served.signed_in("stranger").get(MOVE).status, 404);
        assert_eq!(served.signed_in("pharmacist").get(MOVE).status, 403);
    });
}

#[test]
fn residents_are_found_in_any_order_without_accents_and_page_by_page() {
    on_both(|house| {
        settle(house);
        for n in 0..120 {
            ward::resident(house, &format!("Müller-{n:03}"), "Zoë", &format!("AH-{n:04}"), &format!("{n}"));
        }
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        let first = nurse.get("/residents");
        keeps_the_laws("the first page of residents", &first.body);
        assert_eq!(first.all("tbody tr").len(), 50);
        let next = first.attribute("a[rel=next]", "href").unwrap();
        assert_eq!(nurse.get(&next).all("tbody tr").len(), 50);
        assert_eq!(nurse.get("/residents?page=2").all("tbody tr").len(), 21);
        assert_eq!(nurse.get("/residents?page=99").all("tbody tr").len(), 21, "the last page there is");
        let found = nurse.get("/residents?q=zoe+muller+AH-0007");
        assert_eq!(found.all("tbody tr").len(), 1, "{}", found.text());
        let many = nurse.get("/residents?q=zoe");
        assert!(
            many.text().contains("120 of 121 residents")
                && many.attribute("a[rel=next]", "href").unwrap().contains("q=zoe")
        );
    });
}
