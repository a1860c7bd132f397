//! The settings of a facility and its units: what may be changed, by whom, and what is refused.

use crate::browser_like::{Served, settle};
use crate::house::{House, on_both};

fn settled(law: impl Fn(&House, &Served)) {
    on_both(|house| {
        settle(house);
        law(house, &Served::start(house));
    });
}

#[test]
fn a_setting_is_changed_and_the_history_holds_before_and_after() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/settings");
        assert_eq!(page.attribute("#zone", "value").as_deref(), Some("Europe/London"));
        let changed = administrator.fill(&page, "/settings", &[("late_minutes", "90"), ("name", "Alder  House ")]);
        assert_eq!((changed.status, changed.location()), (303, "/settings?facility=alder"));
        assert_eq!(administrator.get("/settings").attribute("#late_minutes", "value").as_deref(), Some("90"));
        assert_eq!(house.count("facilities WHERE late_minutes = 90 AND name = 'Alder House' AND revision = 1"), 1);
        let body = "body LIKE '%\"before\"%60%' AND body LIKE '%\"after\"%90%'";
        assert_eq!(house.count(&format!("history WHERE kind = 'manage_facility' AND {body}")), 1);
    });
}

#[test]
fn everything_wrong_with_the_settings_is_said_at_once() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/settings");
        let wrong = [
            ("name", ""),
            ("zone", "Mars/Olympus"),
            ("early_minutes", "-1"),
            ("late_minutes", "241"),
            ("no_record_minutes", "many"),
            ("horizon_days", "1"),
            ("sign_ahead_days", "29"),
            ("correction_hours", "73"),
            ("idle_minutes", "1.5"),
            ("mail_from", "nobody"),
        ];
        let refused = administrator.fill(&page, "/settings", &wrong);
        assert_eq!(refused.status, 422);
        assert_eq!(refused.all(".summary h2"), ["No setting has been changed. Fix 10 things:"]);
        assert!(refused.text().contains("“Mars/Olympus” is not a time zone this system knows."));
        assert!(refused.text().contains("Enter a whole number from 2 to 60."));
        assert_eq!(refused.attribute("#zone", "value").as_deref(), Some("Mars/Olympus"));
        assert_eq!(house.count("facilities WHERE revision > 0"), 0);
    });
}

#[test]
fn of_two_administrators_the_second_is_told_and_nothing_is_overwritten() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let (one, two) = (administrator.get("/settings"), administrator.get("/settings"));
        assert_eq!(administrator.fill(&one, "/settings", &[("idle_minutes", "5")]).status, 303);
        let moved = administrator.fill(&two, "/settings", &[("idle_minutes", "50")]);
        assert_eq!(moved.status, 409);
        assert!(moved.text().contains("NOT saved"));
        assert_eq!(house.count("facilities WHERE id = 'alder' AND idle_minutes = 5"), 1);
        assert_eq!(
            administrator.fill(&one, "/settings", &[("idle_minutes", "5")]).status,
            303,
            "a repeat is answered again"
        );
        assert_eq!(house.count("history"), 1);
    });
}

#[test]
fn the_zone_stays_while_plans_are_running() {
    settled(|house, served| {
        house
            .plain_sql(
                "INSERT INTO plans (id, facility, resident, medicine, state, version)
                 VALUES ('p', 'alder', 'resident-1', 'clonazepam', 'running', 1)",
            )
            .unwrap();
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/settings");
        let refused = administrator.fill(&page, "/settings", &[("zone", "Europe/Oslo")]);
        assert_eq!(refused.status, 422);
        assert!(refused.all(".field-err")[0].contains("Plans are running here"));
    });
}

#[test]
fn a_unit_is_added_once_and_changed() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/settings/units/new?facility=alder");
        let fields = [("name", "Willow"), ("rounds", "20:00, 08:00"), ("mailbox", "willow@alder.example")];
        for _ in 0..2 {
            let added = administrator.fill(&page, "/settings/units/new", &fields);
            assert_eq!((added.status, added.location()), (303, "/settings?facility=alder"), "{}", added.text());
        }
        assert_eq!(house.count("units WHERE name = 'Willow' AND rounds = '08:00 20:00'"), 1);
        let page = administrator.get("/settings/units/east?facility=alder");
        assert_eq!(page.attribute("#rounds", "value").as_deref(), Some("08:00 12:00 20:00"));
        let taken = administrator.fill(&page, "/settings/units/east", &[("name", "willow")]);
        assert_eq!(taken.status, 422);
        assert_eq!(administrator.fill(&page, "/settings/units/east", &[("rounds", "8 o'clock")]).status, 422);
        assert_eq!(administrator.fill(&page, "/settings/units/east", &[("rounds", "09:00")]).status, 303);
        assert_eq!(administrator.fill(&page, "/settings/units/east", &[("rounds", "09:00")]).status, 303, "a repeat");
        let stale = [("rounds", "10:00"), ("form", "0199a000-0000-7000-8000-000000000000")];
        assert_eq!(administrator.fill(&page, "/settings/units/east", &stale).status, 409);
        assert_eq!(house.count("units WHERE id = 'east' AND rounds = '09:00' AND revision = 1"), 1);
    });
}

#[test]
fn another_facilitys_unit_is_not_found() {
    settled(|_, served| {
        let other = served.signed_in("other");
        assert_eq!(other.get("/settings").status, 200);
        assert_eq!(other.get("/settings/units/east").status, 404);
        assert_eq!(other.get("/settings?facility=alder").status, 404);
        let page = other.get("/settings/units/new");
        let fields = [("name", "X"), ("rounds", "08:00"), ("facility", "alder")];
        assert_eq!(other.fill(&page, "/settings/units/new", &fields).status, 404);
    });
}

#[test]
fn the_letters_of_the_mar_are_the_houses_own_and_each_means_one_thing() {
    settled(|house, served| {
        let (administrator, address) = (served.signed_in("administrator"), "/settings/mar-letters");
        let page = administrator.get(address);
        assert_eq!(page.attribute("#refused", "value").as_deref(), Some("R"));
        let twice = administrator.fill(&page, address, &[("A1", "R")]);
        assert_eq!(twice.status, 422);
        assert!(twice.text().contains("“R” stands for two things. Give each its own letters."), "{}", twice.text());
        assert_eq!(administrator.fill(&page, address, &[("refused", "")]).status, 422);
        assert_eq!(house.count("mar_letters"), 0);
        let changed = administrator.fill(&page, address, &[("A1", "H"), ("refused", "RF")]);
        assert_eq!((changed.status, changed.location()), (303, "/settings/mar-letters?facility=alder"));
        assert_eq!(administrator.get(address).attribute("#A1", "value").as_deref(), Some("H"));
        assert_eq!(house.count("mar_letters WHERE letters IN ('H', 'RF')"), 2);
        let stale = [("A1", "K"), ("form", "0199a000-0000-7000-8000-000000000000")];
        assert_eq!(administrator.fill(&page, address, &stale).status, 409);
        assert_eq!(house.count("history WHERE kind = 'letter_mar'"), 1);
    });
}
