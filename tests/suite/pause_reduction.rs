//! The nurse's pause: until the first dose of a signed reduction is recorded, the level before it can be kept.

use crate::browser_like::{Served, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::ward;

/// A reduction from 1 mg to 0.5 mg daily, signed for 5 December; the clock stands that morning.
fn signed(house: &House) -> String {
    settle(house);
    house
        .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
        .unwrap();
    let plan = ward::plan(house, RESIDENT, "2026-11-21");
    house.clock.set(at("2026-12-04T09:00:00Z"));
    ward::sign(house, &plan, 1, "2026-12-05");
    house.clock.set(at("2026-12-05T07:30:00Z"));
    plan
}

#[test]
fn a_nurse_pauses_with_a_reason_and_the_level_before_continues() {
    on_both(|house| {
        let plan = signed(house);
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        let address = format!("/plans/{plan}/reductions/1/pause");
        let page = nurse.get(&format!("/residents/{RESIDENT}"));
        assert!(
            page.text().contains("Signed: clonazepam from 1 mg to 0.5 mg daily, from 05 Dec 2026"),
            "{}",
            page.text()
        );
        let blank = nurse.fill(&page, &address, &[("rationale", "  ")]);
        assert_eq!(blank.status, 422);
        assert!(blank.text().contains("Nothing has been paused") && blank.text().contains("Write the reason"));
        assert_eq!(house.count("doses WHERE on_date >= '2026-12-05' AND amount_ug = 500 AND NOT void"), 0);
        let paused = nurse.fill(&blank, &address, &[("rationale", "Shaking since midnight.")]);
        assert_eq!(
            (paused.status, paused.location()),
            (303, format!("/residents/{RESIDENT}").as_str()),
            "{}",
            paused.text()
        );
        assert_eq!(house.count("doses WHERE on_date >= '2026-12-05' AND amount_ug = 250 AND NOT void"), 0);
        assert_eq!(house.count("plan_facts WHERE kind = 'paused' AND decided_by = 'nurse'"), 1);
        let after = nurse.get(&format!("/residents/{RESIDENT}"));
        assert!(after.text().contains("1 mg daily continues") && !after.has(".pause"), "{}", after.text());
    });
}

#[test]
fn after_the_first_dose_and_for_others_there_is_no_pause() {
    on_both(|house| {
        let plan = signed(house);
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        let address = format!("/plans/{plan}/reductions/1/pause");
        let page = nurse.get(&format!("/residents/{RESIDENT}"));
        ward::give(house, &plan, "2026-12-05", "08:00");
        let late = nurse.fill(&page, &address, &[("rationale", "Shaking since midnight.")]);
        assert_eq!(late.status, 422);
        assert!(late.text().contains("can no longer be paused"), "{}", late.text());
        assert!(!nurse.get(&format!("/residents/{RESIDENT}")).has(".pause"));
        assert!(!served.signed_in("pharmacist").get(&format!("/residents/{RESIDENT}")).has(".pause"));
        for (person, status) in [("pharmacist", 403), ("stranger", 404)] {
            let other = served.signed_in(person);
            let csrf = other.get("/residents").attribute("input[name=csrf]", "value").unwrap();
            let fields = [("csrf", csrf.as_str()), ("form", &ward::id()), ("rationale", "Shaking.")];
            assert_eq!(other.post(&address, &fields).status, status, "{person}");
        }
        assert_eq!(house.count("plan_facts WHERE kind = 'paused'"), 0);
    });
}
