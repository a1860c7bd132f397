//! What was given before a resident moved and written down after it: it left the box of the unit in which they lived then.

use stepdown::care::register::Holder;
use stepdown::care::register::entering::{EnterAsk, What};

use crate::as_needed::ordered;
use crate::browser_like::{Served, Shown, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::pages::keeps_the_laws;
use crate::shelf::{TABLET, adds_up, dose, entered, entry, register};
use crate::ward;

const SATURDAY: &str = "2026-11-21";
const MOVE: &str = "/residents/resident-1/transfer";

/// Each unit has a box of its own. The resident of the east unit has 0.5 mg due at 14:00 and at 20:00, and moved to the west
/// unit at 18:00, which was written down at 19:00. It is 19:30.
struct Evening<'a> {
    house: &'a House,
    served: Served,
    plan: String,
    east: String,
    west: String,
    /// Where an as-needed dose of 0.5 mg is given.
    as_needed: String,
}

const SETTINGS: [&str; 5] = [
    "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)",
    "INSERT INTO units (id, facility, name, mailbox, rounds) VALUES ('west', 'alder', 'West', '', '08:00 20:00')",
    "UPDATE facilities SET register_holder = 'unit' WHERE id = 'alder'",
    "INSERT INTO people (id, username, name, registration, email, password_hash)
     SELECT 'tom', 'tom', 'Tom Fielding RN', '', '', password_hash FROM people WHERE id = 'nurse'",
    "INSERT INTO memberships (id, person, facility, role) VALUES ('m-tom', 'tom', 'alder', 'nurse')",
];

fn boxed(house: &House, unit: &str, count: &str) -> String {
    entered(house, Holder::Unit(unit.into()), TABLET, entry(What::Receive, count)).unwrap()
}

/// The same Saturday, at noon, with a box of 20 tablets in the east unit.
fn noon(house: &House) -> Evening<'_> {
    settle(house);
    for sql in SETTINGS {
        house.plain_sql(sql).unwrap();
    }
    let plan = ward::plan_at(house, RESIDENT, SATURDAY, "14:00");
    house.clock.set(at("2026-11-21T12:00:00Z"));
    let served = Served::start(house);
    let as_needed = ordered(&served, &[("least_minutes", "30"), ("most", "4 mg")]);
    let (east, west) = (boxed(house, "east", "20"), boxed(house, "west", "20"));
    Evening { house, served, plan, east, west, as_needed }
}

fn evening(house: &House) -> Evening<'_> {
    let evening = noon(house);
    evening.moves();
    evening
}

impl Evening<'_> {
    fn moves(&self) {
        self.house.clock.set(at("2026-11-21T19:00:00Z"));
        self.moves_now();
        self.house.clock.set(at("2026-11-21T19:30:00Z"));
    }

    fn moves_now(&self) {
        let nurse = self.served.signed_in("nurse");
        let fields = [("unit", "west"), ("room", "3"), ("moved_at", "2026-11-21T18:00")];
        assert_eq!(nurse.fill(&nurse.get(MOVE), MOVE, &fields).status, 303);
    }

    fn page(&self, slot: &str) -> String {
        format!("/doses/{}", dose(self.house, &self.plan, SATURDAY, slot).id)
    }

    /// A nurse records the dose of a slot.
    fn records(&self, slot: &str, fields: &[(&str, &str)]) -> Shown {
        let (nurse, page) = (self.served.signed_in("nurse"), self.page(slot));
        nurse.fill(&nurse.get(&page), &format!("{page}/administration"), fields)
    }

    fn corrects(&self, slot: &str, fields: &[(&str, &str)]) {
        let (nurse, page) = (self.served.signed_in("nurse"), format!("{}/correction", self.page(slot)));
        let saved = nurse.fill(&nurse.get(&page), &page, fields);
        assert_eq!(saved.status, 303, "{}", saved.text());
    }

    /// How many half-tablets each box holds, by its entries.
    fn boxes(&self) -> (i64, i64) {
        [&self.east, &self.west].into_iter().for_each(|id| adds_up(self.house, id));
        (register(self.house, &self.east).book.balance, register(self.house, &self.west).book.balance)
    }
}

/// At 19:30: given at 14:05, and not written down in time.
const AFTERNOON: [(&str, &str); 3] = [("outcome", "given"), ("reason", "L5"), ("given_at", "14:05")];

#[test]
fn a_dose_recorded_after_the_move_and_given_before_it_leaves_the_box_of_the_unit_before() {
    on_both(|house| {
        let evening = evening(house);
        let saved = evening.records("14:00", &AFTERNOON);
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!(evening.boxes(), (38, 40));
        assert_eq!(house.count("administrations WHERE unit = 'east'"), 1, "where she lived then");
        assert!(saved.location().contains("unit=west"), "to the round where she is now: {}", saved.location());
        assert_eq!(evening.records("20:00", &[]).status, 303);
        assert_eq!(evening.boxes(), (38, 38), "what is given now leaves the box of where she lives now");
        let day = evening.served.signed_in("supervisor").get("/register/day.csv?unit=east&on=2026-11-21").body;
        assert!(day.contains("ASH, Ada") && day.contains(",Agrees,"), "the day of the unit before: {day}");
    });
}

/// The page of the dose shows the box of where she lives now, in which there may be nothing of it, or something else.
#[test]
fn what_the_page_showed_of_the_other_box_bars_nothing() {
    on_both(|house| {
        let evening = evening(house);
        let out = EnterAsk { lot: String::new(), ..entry(What::Return, "20") };
        entered(house, Holder::Unit("west".into()), TABLET, out).unwrap();
        assert_eq!(evening.records("14:00", &AFTERNOON).status, 303);
        assert_eq!(evening.boxes(), (38, 0));
    });
}

/// What is given now leaves the box of where she lives now: the nurse who saw another one looks again.
#[test]
fn a_page_that_showed_the_box_of_the_unit_before_is_drawn_again_for_what_is_given_now() {
    on_both(|house| {
        let evening = noon(house);
        house.clock.set(at("2026-11-21T19:00:00Z"));
        let (nurse, page) = (evening.served.signed_in("nurse"), evening.page("20:00"));
        let (open, as_needed) = (nurse.get(&page), nurse.get(&evening.as_needed));
        evening.moves_now();
        let action = format!("{page}/administration");
        let told = nurse.fill(&open, &action, &[]);
        assert_eq!((told.status, evening.boxes()), (409, (40, 40)), "{}", told.text());
        let told = nurse.fill(&as_needed, &evening.as_needed, &[("why", "pacing, cannot be talked down")]);
        assert_eq!((told.status, evening.boxes()), (409, (40, 40)), "{}", told.text());
        assert_eq!(nurse.fill(&nurse.get(&page), &action, &[]).status, 303);
        assert_eq!(evening.boxes(), (40, 38));
    });
}

/// The page asks for the pack of the box that it shows; what was given then came from another.
#[test]
fn a_pack_that_the_page_took_bars_no_record_of_what_came_out_of_the_other_box() {
    on_both(|house| {
        let evening = noon(house);
        for sql in [
            "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197528', true)",
            "INSERT INTO pack_codes (facility, product, code) VALUES ('alder', '197528', '06291041500213')",
            "UPDATE facilities SET identify = 'resident_and_product' WHERE id = 'alder'",
        ] {
            house.plain_sql(sql).unwrap();
        }
        let out = EnterAsk { lot: String::new(), ..entry(What::Return, "20") };
        entered(house, Holder::Unit("west".into()), TABLET, out).unwrap();
        entered(house, Holder::Unit("west".into()), "197528", entry(What::Receive, "20")).unwrap();
        evening.moves();
        let (nurse, page) = (evening.served.signed_in("nurse"), evening.page("14:00"));
        let scanned = nurse.fill(&nurse.get(&page), &format!("{page}/identity"), &[("scan", "6291041500213")]);
        assert_eq!(scanned.status, 200, "the pack of where she lives now: {}", scanned.text());
        let scanned = nurse.fill(&scanned, &format!("{page}/identity"), &[("scan", "1")]);
        assert!(scanned.text().contains("Everything is scanned"), "{}", scanned.text());
        let late = |fields: &[(&str, &str)]| {
            nurse.fill(&scanned, &format!("{page}/administration"), &[&AFTERNOON[..], fields].concat())
        };
        let told = late(&[]);
        assert_eq!(told.status, 422, "nobody scanned the pack that it came from: {}", told.text());
        assert!(told.has("[name='unscanned']"), "and it can be said why: {}", told.text());
        keeps_the_laws("a pack of another box", &told.body);
        let saved = late(&[("unscanned", "Written down after she moved.")]);
        assert_eq!((saved.status, evening.boxes()), (303, (38, 0)), "{}", saved.text());
        let words =
            "administrations WHERE identified = 'Resident’s number; Not scanned: Written down after she moved.'";
        assert_eq!(house.count(words), 1);
    });
}

#[test]
fn so_does_an_as_needed_dose() {
    on_both(|house| {
        let evening = evening(house);
        let nurse = evening.served.signed_in("nurse");
        let why = ("why", "pacing, cannot be talked down");
        let give = |given_at| {
            let saved = nurse.fill(&nurse.get(&evening.as_needed), &evening.as_needed, &[why, ("given_at", given_at)]);
            assert_eq!(saved.status, 303, "{}", saved.text());
        };
        give("16:00");
        assert_eq!((evening.boxes(), house.count("as_needed_doses WHERE unit = 'east'")), ((38, 40), 1));
        give("18:00");
        assert_eq!(evening.boxes(), (38, 38), "from the moment of the move on it is the new box");
    });
}

#[test]
fn so_does_what_was_given_in_error_and_a_strike_puts_it_back_there() {
    on_both(|house| {
        let evening = evening(house);
        let nurse = evening.served.signed_in("nurse");
        let new = "/residents/resident-1/given-in-error";
        let fields = [
            ("mistake", "given_twice"),
            ("medicine", "clonazepam"),
            ("amount", "0.5 mg"),
            ("given_at", "15:00"),
            ("given_by", "not_known"),
            ("what", "The day nurse had given it; the cup was not cleared away."),
            ("done", "Watched every 15 minutes, doctor called at 15:05."),
        ];
        let saved = nurse.fill(&nurse.get(new), new, &fields);
        assert_eq!((saved.status, evening.boxes()), (303, (38, 40)), "{}", saved.text());
        assert_eq!(house.count("incidents WHERE unit = 'east'"), 1);
        let strike = format!("{}/strike", saved.location());
        let struck = nurse.fill(&nurse.get(&strike), &strike, &[("why", "It was another resident’s dose.")]);
        assert_eq!((struck.status, evening.boxes()), (303, (40, 40)), "{}", struck.text());
    });
}

#[test]
fn a_correction_puts_back_where_it_was_taken_and_takes_from_where_she_lived_then() {
    on_both(|house| {
        let evening = noon(house);
        house.clock.set(at("2026-11-21T14:05:30Z"));
        assert_eq!(evening.records("14:00", &[]).status, 303);
        evening.moves();
        let why = ("why", "The wrong tile was touched.");
        evening.corrects("14:00", &[("note", "with water"), why]);
        assert_eq!(evening.boxes(), (38, 40), "as it was");
        evening.corrects("14:00", &[("outcome", "refused"), ("reason", "R1"), why]);
        assert_eq!(evening.boxes(), (40, 40));
        assert_eq!(evening.records("20:00", &[]).status, 303);
        assert_eq!(evening.boxes(), (40, 38));
        house.clock.set(at("2026-11-21T20:10:00Z"));
        evening.corrects("14:00", &[("outcome", "given"), ("given_at", "18:30"), ("reason", "L5"), why]);
        assert_eq!(evening.boxes(), (40, 36), "given after the move, as it is told now");
        evening.corrects("14:00", &[("given_at", "14:10"), why]);
        assert_eq!(evening.boxes(), (38, 38));
        assert_eq!(house.count("administrations WHERE unit = 'west' AND outcome = 'given'"), 2);
    });
}

#[test]
fn the_paper_of_the_unit_before_still_has_whoever_lived_there() {
    on_both(|house| {
        let evening = evening(house);
        let nurse = evening.served.signed_in("nurse");
        let id = dose(house, &evening.plan, SATURDAY, "14:00").id;
        let page = |unit: &str| nurse.get(&format!("/units/{unit}/paper?from=2026-11-21T13:00&until=2026-11-21T19:00"));
        assert!(!page("west").has(&format!("[name='outcome-{id}']")) && page("east").text().contains("ASH, Ada"));
        let field = |name: &str| format!("{name}-{id}");
        let (outcome, given_at, given_by) = (field("outcome"), field("given_at"), field("given_by"));
        let line = [(outcome.as_str(), "given"), (&given_at, "14:05"), (&given_by, "tom")];
        let saved = nurse.fill(&page("east"), "/units/east/paper/lines", &line);
        assert_eq!((saved.status, evening.boxes()), (303, (38, 40)), "{}", saved.text());
        assert_eq!(house.count("administrations WHERE unit = 'east' AND given_by = 'tom'"), 1);
    });
}

#[test]
fn and_what_the_paper_says_was_given_as_needed() {
    on_both(|house| {
        let evening = evening(house);
        let nurse = evening.served.signed_in("nurse");
        let order = evening.as_needed.trim_start_matches("/as-needed/").trim_end_matches("/give");
        let page = |from: &str, until: &str| {
            nurse.get(&format!("/units/east/paper/as-needed?from=2026-11-21T{from}&until=2026-11-21T{until}"))
        };
        assert!(!page("18:30", "19:30").text().contains("ASH, Ada"), "she had gone");
        let field = |name: &str| format!("{name}-{order}-0");
        let (given_at, given_by, why) = (field("given_at"), field("given_by"), field("why"));
        let row = [(given_at.as_str(), "17:00"), (&given_by, "tom"), (&why, "pacing, cannot be talked down")];
        let saved = nurse.fill(&page("13:00", "19:30"), "/units/east/paper/as-needed", &row);
        assert_eq!((saved.status, evening.boxes()), (303, (38, 40)), "{}", saved.text());
    });
}

/// An address that is put right says nothing of when: it holds from then on.
#[test]
fn an_address_that_was_put_right_holds_from_then_on() {
    on_both(|house| {
        let evening = noon(house);
        house.clock.set(at("2026-11-21T19:00:00Z"));
        let (supervisor, edit) = (evening.served.signed_in("supervisor"), "/residents/resident-1/edit");
        assert_eq!(supervisor.fill(&supervisor.get(edit), edit, &[("unit", "west")]).status, 303);
        house.clock.set(at("2026-11-21T19:30:00Z"));
        assert_eq!(evening.records("14:00", &AFTERNOON).status, 303);
        assert_eq!(evening.boxes(), (38, 40));
    });
}

#[test]
fn a_supply_of_her_own_goes_along() {
    on_both(|house| {
        let evening = evening(house);
        house.plain_sql("UPDATE facilities SET register_holder = 'resident' WHERE id = 'alder'").unwrap();
        let own = crate::shelf::receive(house, "20");
        assert_eq!(evening.records("14:00", &AFTERNOON).status, 303);
        assert_eq!((evening.boxes(), register(house, &own).book.balance), ((40, 40), 38));
        assert_eq!(house.count("administrations WHERE unit = 'east'"), 1);
    });
}
