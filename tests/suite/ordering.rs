//! How long a supply lasts and what is ordered of it, on the pages: register, list of registers, overview, order and file.

use stepdown::care::calendar::days_after;
use stepdown::care::register::Holder;
use stepdown::care::register::entering::What;

use crate::browser_like::{Served, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::pages::keeps_the_laws;
use crate::shelf::{self, receive};
use crate::{absences, as_needed, ward};

const SATURDAY: &str = "2026-11-21";

/// Saturday morning: 0.5 mg of clonazepam at 08:00 and 20:00, halved on 5 December if that is signed; so many tablets.
fn saturday(house: &House, tablets: &str) -> (Served, String) {
    settle(house);
    let stocked = "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)";
    house.plain_sql(stocked).unwrap();
    let plan = ward::plan(house, RESIDENT, SATURDAY);
    house.clock.set(at("2026-11-21T08:05:00Z"));
    receive(house, tablets);
    (Served::start(house), plan)
}

#[test]
fn the_register_says_when_it_runs_out_along_what_is_signed_and_along_the_plan() {
    on_both(|house| {
        let (served, plan) = saturday(house, "36");
        let book = format!("/registers/{}", shelf::supply().register("alder", shelf::TABLET));
        let nurse = served.signed_in("nurse");
        let open = nurse.get(&book);
        // Two tablets a day last eighteen days; the pharmacy needs three.
        assert!(open.text().contains("Along what is signed Runs out: 09 Dec 2026"), "{}", open.text());
        assert!(open.text().contains("56 needed up to 18 Dec 2026; 20 have to come in."), "{}", open.text());
        assert!(open.text().contains("If signed as planned Runs out: 13 Dec 2026"), "{}", open.text());
        assert!(open.text().contains("42 needed up to 18 Dec 2026; 6 have to come in."), "{}", open.text());
        assert!(open.text().contains("Order by 05 Dec 2026"), "{}", open.text());
        ward::give(house, &plan, SATURDAY, "08:00");
        assert!(nurse.get(&book).text().contains("Runs out: 09 Dec 2026"), "what was given is not needed again");
    });
}

/// What was used lately is foreseen again, and the page says that this is an assumption.
#[test]
fn what_was_used_as_needed_lately_is_foreseen_again() {
    on_both(|house| {
        let (served, _) = saturday(house, "36");
        let book = format!("/registers/{}", shelf::supply().register("alder", shelf::TABLET));
        let nurse = served.signed_in("nurse");
        let open = nurse.get(&book);
        assert!(open.text().contains("As needed: none in the last 14 days, and none is foreseen"), "{}", open.text());
        let order = as_needed::ordered(&served, &[]);
        let why = [("why", "pacing, cannot be talked down")];
        assert_eq!(nurse.fill(&nurse.get(&order), &order, &why).status, 303);
        let used = nurse.get(&book);
        keeps_the_laws("a register with as-needed use", &used.body);
        // 35 are left, two a day, and one more on 5 December: seventeen days.
        assert!(used.text().contains("As needed: 1 in the last 14 days. As many again"), "{}", used.text());
        assert!(used.text().contains("Along what is signed Runs out: 08 Dec 2026"), "{}", used.text());
        assert!(used.text().contains("57 needed up to 18 Dec 2026; 22 have to come in."), "{}", used.text());
        let list = nurse.get("/register/order?unit=east");
        assert!(list.text().contains("foreseen as often as they were given in the last 14 days"), "{}", list.text());
    });
}

#[test]
fn before_signing_a_pharmacist_sees_how_long_the_supply_lasts_along_the_reduction() {
    on_both(|house| {
        let (served, plan) = saturday(house, "36");
        house.clock.set(at("2026-12-03T09:00:00Z"));
        let page = served.signed_in("pharmacist").get(&format!("/plans/{plan}/reductions/1"));
        keeps_the_laws("a reduction with its supply", &page.body);
        let text = page.text();
        assert!(
            text.contains("How long the supply lasts clonazepam: lasts until 21 Dec 2026 at the dose as it is"),
            "{text}"
        );
        assert!(text.contains("if signed as planned."), "{text}");
    });
}

#[test]
fn what_is_to_be_ordered_stands_in_the_list_in_its_file_and_on_the_overview_once_the_day_has_come() {
    on_both(|house| {
        let (served, _) = saturday(house, "7.5");
        let supervisor = served.signed_in("supervisor");
        let list = supervisor.get("/register/order?unit=east");
        assert_eq!(supervisor.get("/register/order").all("h1"), list.all("h1"), "their first unit");
        assert!(list.all("tbody td:nth-child(2)")[0].starts_with("49"), "{}", list.text());
        assert!(list.text().contains("35 if signed as planned"), "{}", list.text());
        keeps_the_laws("order", &list.body);
        let file = supervisor.get("/register/order.csv?unit=east");
        let line = "0.5 mg,tablet,197527,\"ASH, Ada, room 12\",7.5,2026-12-18,56,49,35,2026-11-20";
        assert!(file.body.contains(line), "{}", file.body);
        let overview = supervisor.get("/overview");
        assert!(overview.text().contains("clonazepam: to be ordered"), "{}", overview.text());
        assert!(overview.text().contains("lasts until 24 Nov 2026; order by 20 Nov 2026"), "{}", overview.text());
        let registers = supervisor.get("/register");
        assert!(registers.text().contains("20 Nov 2026"), "{}", registers.text());
        for (person, status) in [("nurse", 200), ("pharmacist", 200), ("prescriber", 403), ("stranger", 404)] {
            assert_eq!(served.signed_in(person).get("/register/order?unit=east").status, status, "{person}");
        }
    });
}

/// The supply of somebody on leave is there when they come back; for somebody who died nothing is ordered.
#[test]
fn for_who_died_or_was_discharged_nothing_is_ordered_and_for_who_is_on_leave_it_is() {
    for (kind, ordered) in [("leave", true), ("hospital", true), ("discharged", false), ("died", false)] {
        on_both(|house| {
            let (served, plan) = saturday(house, "7.5");
            let order = as_needed::ordered(&served, &[]);
            let nurse = served.signed_in("nurse");
            assert_eq!(nurse.fill(&nurse.get(&order), &order, &[("why", "pacing, cannot be talked down")]).status, 303);
            house.clock.set(at("2026-11-21T09:00:00Z"));
            let gone = absences::leaves_for(&served.signed_in("nurse"), kind, "2026-11-21T08:30");
            assert_eq!(gone.status, 303, "{}", gone.text());
            let supervisor = served.signed_in("supervisor");
            let overview = supervisor.get("/overview").text();
            assert_eq!(overview.contains("clonazepam: to be ordered"), ordered, "{kind}: {overview}");
            let file = supervisor.get("/register/order.csv?unit=east").body;
            assert_eq!(file.contains("\"ASH, Ada, room 12\""), ordered, "{kind}: {file}");
            let book = served
                .signed_in("nurse")
                .get(&format!("/registers/{}", shelf::supply().register("alder", shelf::TABLET)));
            keeps_the_laws("a register of somebody who left", &book.body);
            assert_eq!(book.text().contains("have to come in"), ordered, "{kind}: {}", book.text());
            if !ordered {
                house.clock.set(at("2026-11-21T12:00:00Z"));
                let back = absences::comes_back(&served.signed_in("nurse"), &plan, "2026-11-21T11:30", "same");
                assert_eq!(back.status, 303, "{}", back.text());
                let overview = served.signed_in("supervisor").get("/overview").text();
                assert!(overview.contains("clonazepam: to be ordered"), "written down by mistake: {overview}");
            }
        });
    }
}

/// Two tablets a day of each of two residents, out of one box.
#[test]
fn a_unit_s_box_needs_only_what_the_others_take_once_somebody_died() {
    on_both(|house| {
        settle(house);
        for sql in [
            "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)",
            "UPDATE facilities SET register_holder = 'unit' WHERE id = 'alder'",
        ] {
            house.plain_sql(sql).unwrap();
        }
        ward::plan(house, RESIDENT, SATURDAY);
        let other = ward::resident(house, "Birch", "Bo", "2", "14");
        ward::plan(house, &other, SATURDAY);
        house.clock.set(at("2026-11-21T09:00:00Z"));
        let unit = Holder::Unit("east".into());
        shelf::entered(house, unit, shelf::TABLET, shelf::entry(What::Receive, "4")).unwrap();
        let served = Served::start(house);
        let needed = || {
            let list = served.signed_in("supervisor").get("/register/order.csv?unit=east").body;
            assert!(list.contains(",2026-12-18,112,") || list.contains(",2026-12-18,56,"), "{list}");
            list.contains(",2026-12-18,112,")
        };
        assert!(needed(), "28 days of both");
        assert_eq!(absences::leaves_for(&served.signed_in("nurse"), "died", "2026-11-21T07:30").status, 303);
        assert!(!needed(), "28 days of one");
    });
}

#[test]
fn a_facility_says_how_many_days_its_pharmacy_needs() {
    on_both(|house| {
        let (served, _) = saturday(house, "36");
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/settings/register");
        let change = |lead: &str| {
            let fields = [("lead_days", lead), ("cover_days", "14")];
            administrator.fill(&page, "/settings/register/ordering", &fields)
        };
        for wrong in ["31", "-1", "three", ""] {
            let refused = change(wrong);
            assert_eq!(refused.status, 422, "{wrong}");
            assert!(refused.text().contains("Enter a whole number from 0 to 30."), "{}", refused.text());
        }
        assert_eq!(house.count("order_rules"), 0);
        assert_eq!(change("5").status, 303);
        let book = format!("/registers/{}", shelf::supply().register("alder", shelf::TABLET));
        let open = served.signed_in("nurse").get(&book);
        assert!(open.text().contains("Order by 03 Dec 2026"), "{}", open.text());
        let last = stepdown::care::calendar::day_text(days_after(ward::day(SATURDAY), 13)).replace('\u{a0}', " ");
        assert!(open.text().contains(&format!("needed up to {last}")), "{}", open.text());
        assert_eq!(served.signed_in("supervisor").get("/settings/register").status, 403);
    });
}
