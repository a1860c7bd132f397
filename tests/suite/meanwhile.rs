//! What moves between reading and writing is never written over: a dose and a signature that meet.

use stepdown::care::taper::schedule::LayOut;
use stepdown::store::doses::{self, DoseFile};
use stepdown::store::{StoreError, plans};

use crate::house::{House, on_both};
use crate::ward::{day, furnish, give, plan, resident, sign};

/// A plan of two daily doses from the house's own day, whose first reduction is planned two weeks later.
fn running(house: &House) -> String {
    furnish(house);
    let who = resident(house, "Halvorsen", "Margit", "AH-0417", "4");
    plan(house, &who, "2026-11-20")
}

fn doses_on(house: &House, plan: &str, on: &str) -> Vec<DoseFile> {
    let found = house.db.read(|conn| doses::doses_of_plan_from(conn, plan, day(on)));
    found.unwrap().into_iter().filter(|dose| dose.key.on == day(on)).collect()
}

#[test]
fn a_dose_that_a_signature_changed_meanwhile_is_not_claimed() {
    on_both(|house| {
        let plan = running(house);
        house.clock.set("2026-12-03T09:00:00Z".parse().unwrap());
        let read_before = doses_on(house, &plan, "2026-12-04").remove(0);
        sign(house, &plan, 1, "2026-12-04");
        let claim = house.db.write(move |conn, _| doses::dose_claim(conn, &read_before));
        assert_eq!(claim, Err(StoreError::Moved));
        let now = doses_on(house, &plan, "2026-12-04").remove(0);
        assert!(!now.recorded);
        assert_eq!(house.db.write(move |conn, _| doses::dose_claim(conn, &now)), Ok(()));
    });
}

#[test]
fn a_dose_that_was_recorded_meanwhile_is_not_changed_by_a_lay_out() {
    on_both(|house| {
        let plan = running(house);
        let dose = doses_on(house, &plan, "2026-11-20").remove(0);
        house.clock.set(dose.due_at);
        give(house, &plan, "2026-11-20", &dose.key.slot.to_string());
        let change = LayOut { follow: vec![(dose.id.clone(), dose.level.clone())], ..LayOut::default() };
        let laid = house.db.write(move |conn, _| {
            let file = plans::plan_load(conn, &plan)?;
            doses::lay_out_save(conn, &file.plan, stepdown::care::calendar::Zone::UTC, &change)
        });
        assert_eq!(laid, Err(StoreError::Moved));
    });
}
