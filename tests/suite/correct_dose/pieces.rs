//! What a correction takes from registers: the book follows what happened, whatever lies on the shelf by then.

use stepdown::care::register::Holder;
use stepdown::care::register::entering::{EnterAsk, What};

use crate::browser_like::{PASSWORD, Served, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::shelf::{TABLET, adds_up, dose, entered, entry, register, supply};
use crate::ward;

const SATURDAY: &str = "2026-11-21";
/// Clonazepam tablets of 1 mg, which are halved here.
const STRONG: &str = "197528";
const WITNESS: [(&str, &str); 2] = [("second_username", "pharmacist"), ("second_password", PASSWORD)];
const ALONE: (&str, &str) = ("alone", "Night shift, nobody else is in the house until seven.");

/// The resident has 0.5 mg due at 08:00 and at 20:00, from tablets of 0.5 mg or from halves of 1 mg. It is Saturday, 08:00.
struct Day<'a> {
    house: &'a House,
    served: Served,
    plan: String,
}

fn day<'a>(house: &'a House, products: &[&str]) -> Day<'a> {
    settle(house);
    for product in [TABLET, STRONG] {
        let stocked = "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '{}', true)";
        house.plain_sql(&stocked.replace("{}", product)).unwrap();
    }
    let plan = ward::plan(house, RESIDENT, SATURDAY);
    house
        .plain_sql(&format!("DELETE FROM stocked_products WHERE product NOT IN ('{}')", products.join("','")))
        .unwrap();
    house.clock.set(at("2026-11-21T08:00:00Z"));
    Day { house, served: Served::start(house), plan }
}

fn received(house: &House, product: &str, count: &str) -> String {
    entered(house, supply(), product, entry(What::Receive, count)).unwrap()
}

/// How much a register holds by its entries, and how much of it is on hand.
fn stands(house: &House, book: &str) -> (i64, u64) {
    adds_up(house, book);
    let book = register(house, book).book;
    (book.balance, book.on_hand().0)
}

impl Day<'_> {
    fn page(&self, slot: &str) -> String {
        format!("/doses/{}", dose(self.house, &self.plan, SATURDAY, slot).id)
    }

    /// The nurse records the dose of a slot in its minute.
    fn records(&self, slot: &str, fields: &[(&str, &str)]) {
        self.house.clock.set(at(&format!("{SATURDAY}T{slot}:00Z")));
        let (nurse, page) = (self.served.signed_in("nurse"), self.page(slot));
        let all = [&[("outcome", "given")], fields].concat();
        let saved = nurse.fill(&nurse.get(&page), &format!("{page}/administration"), &all);
        assert_eq!(saved.status, 303, "{}", saved.text());
    }

    /// The next morning a supervisor puts the record of a slot right, and touches nothing else of the page; what it showed.
    fn corrects(&self, slot: &str, fields: &[(&str, &str)]) -> String {
        self.house.clock.set(at("2026-11-22T07:00:00Z"));
        let (supervisor, page) = (self.served.signed_in("supervisor"), format!("{}/correction", self.page(slot)));
        let (shown, why) = (supervisor.get(&page), [("why", "The paper says otherwise.")]);
        let saved = supervisor.fill(&shown, &page, &[&why, fields].concat());
        assert_eq!(saved.status, 303, "{}", saved.text());
        shown.text()
    }

    /// What the MAR says was counted out, of the first record and of the last.
    fn pieces_stay(&self, times: i64) {
        let same = "administrations a WHERE a.pieces = (SELECT b.pieces FROM administrations b WHERE b.corrects IS NULL
            AND b.dose = a.dose)";
        assert_eq!(self.house.count(same), times, "the pieces are what they were");
    }
}

const LATER: [(&str, &str); 1] = [("given_at", "08:10")];
const NOTE: [(&str, &str); 1] = [("note", "Took it with water.")];

/// A second person sees what is wasted, and what was wasted before one put back.
fn seen<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [fields, &WITNESS].concat()
}

#[test]
fn a_half_that_was_wasted_stays_wasted_whatever_is_left_by_then() {
    on_both(|house| {
        let day = day(house, &[STRONG]);
        let book = received(house, STRONG, "10");
        day.records("08:00", &seen(&[("other_half", "wasted")]));
        assert_eq!(stands(house, &book), (18, 18));
        day.records("20:00", &[]);
        assert_eq!(stands(house, &book), (17, 17), "an odd half is left from here on");
        day.corrects("08:00", &seen(&LATER));
        assert_eq!(stands(house, &book), (17, 17));
        day.pieces_stay(3);
        day.corrects("20:00", &NOTE);
        assert_eq!(stands(house, &book), (17, 17), "and the other half is still kept");
        day.corrects("20:00", &seen(&[("other_half", "wasted")]));
        assert_eq!(stands(house, &book), (16, 16), "until it is told that it was not");
        day.corrects("08:00", &seen(&[("other_half", "")]));
        assert_eq!(stands(house, &book), (17, 17));
    });
}

#[test]
fn a_delivery_since_then_changes_no_piece() {
    on_both(|house| {
        let day = day(house, &[STRONG, TABLET]);
        let (strong, weak) = (received(house, STRONG, "10"), received(house, TABLET, "1"));
        let out = EnterAsk { lot: String::new(), ..entry(What::Return, "1") };
        entered(house, supply(), TABLET, out).unwrap();
        day.records("08:00", &[]);
        assert_eq!((stands(house, &strong), stands(house, &weak)), ((19, 19), (0, 0)), "half of the stronger one");
        received(house, TABLET, "28");
        day.corrects("08:00", &NOTE);
        assert_eq!((stands(house, &strong), stands(house, &weak)), ((19, 19), (56, 56)));
        day.pieces_stay(2);
        day.corrects("08:00", &[("outcome", "given_in_part"), ("amount", "0.25"), ("reason", "P1")]);
        assert_eq!((stands(house, &strong), stands(house, &weak)), ((19, 19), (56, 56)), "a half that was begun");
        assert_eq!(house.count("administrations WHERE pieces = 'part of half a 1\u{a0}mg tablet'"), 1);
        day.corrects("08:00", &[("outcome", "refused"), ("reason", "R1")]);
        assert_eq!((stands(house, &strong), stands(house, &weak)), ((20, 20), (56, 56)));
    });
}

#[test]
fn a_product_that_is_stocked_no_more_was_swallowed_all_the_same() {
    on_both(|house| {
        let day = day(house, &[TABLET]);
        let book = received(house, TABLET, "10");
        day.records("08:00", &[]);
        house.plain_sql("DELETE FROM stocked_products").unwrap();
        day.corrects("08:00", &LATER);
        assert_eq!(stands(house, &book), (18, 18));
        day.pieces_stay(2);
    });
}

#[test]
fn it_leaves_the_supply_that_it_left_whoever_holds_supplies_now() {
    on_both(|house| {
        let day = day(house, &[TABLET]);
        let own = received(house, TABLET, "10");
        day.records("08:00", &[]);
        house.plain_sql("UPDATE facilities SET register_holder = 'unit' WHERE id = 'alder'").unwrap();
        let unit = entered(house, Holder::Unit("east".into()), TABLET, entry(What::Receive, "10")).unwrap();
        day.corrects("08:00", &LATER);
        assert_eq!((stands(house, &own), stands(house, &unit)), ((18, 18), (20, 20)));
    });
}

#[test]
fn what_was_not_touched_is_still_kept() {
    on_both(|house| {
        let day = day(house, &[TABLET]);
        let book = received(house, TABLET, "10");
        let part = [("outcome", "given_in_part"), ("amount", "0.25"), ("reason", "P1"), ("rest", "yes")];
        day.records("08:00", &part);
        assert_eq!(stands(house, &book), (19, 19));
        day.corrects("08:00", &LATER);
        assert_eq!(stands(house, &book), (19, 19));
        day.corrects("08:00", &seen(&[("rest", "")]));
        assert_eq!(stands(house, &book), (18, 18), "it was wasted, as it is told now");
        day.corrects("08:00", &seen(&[("outcome", "given"), ("reason", "")]));
        assert_eq!(stands(house, &book), (18, 18), "all of it was taken");
    });
}

/// What nobody saw wasted is a difference already: the book says it once.
#[test]
fn what_nobody_saw_wasted_is_not_wasted_again() {
    on_both(|house| {
        let day = day(house, &[TABLET]);
        let book = received(house, TABLET, "10");
        day.records("08:00", &[("outcome", "given_in_part"), ("amount", "0.25"), ("reason", "P1"), ALONE]);
        assert_eq!(stands(house, &book), (19, 18));
        let shown = day.corrects("08:00", &LATER);
        assert_eq!(stands(house, &book), (19, 18));
        assert!(shown.contains("stays open until a supervisor has resolved it"), "{shown}");
        day.corrects("08:00", &NOTE);
        assert_eq!(stands(house, &book), (19, 18), "however often it is corrected");
    });
}

#[test]
fn what_was_counted_out_and_wasted_unseen_is_shown_and_stays_one_difference() {
    on_both(|house| {
        let day = day(house, &[TABLET]);
        let book = received(house, TABLET, "10");
        day.records("08:00", &[("outcome", "refused"), ("reason", "R1"), ("spoiled", "yes"), ALONE]);
        assert_eq!(stands(house, &book), (20, 18));
        let shown = day.corrects("08:00", &NOTE);
        assert_eq!(stands(house, &book), (20, 18));
        assert!(shown.contains("stays open until a supervisor has resolved it"), "{shown}");
        let page = day.served.signed_in("supervisor").get(&format!("{}/correction", day.page("08:00")));
        assert!(page.has("#spoiled[checked]"), "{}", page.text());
    });
}
