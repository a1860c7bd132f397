//! Clock changes: in every zone each slot has exactly one dose on each civil day, at a time that exists.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use stepdown::acts::record_dose::record_dose;
use stepdown::care::calendar::{Slot, Zone};
use stepdown::care::people::Nurse;
use stepdown::store::doses::{self, DoseFile};

use crate::desk;
use crate::house::{House, RESIDENT, at, on_both};
use crate::ward;

/// A zone, the day its clocks change, a slot in the hour concerned, and the instant that slot stands for.
const CHANGES: [(&str, &str, &str, &str); 12] = [
    // Forward: 02:30 does not exist, and the dose comes at the first instant that does.
    ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00:00Z"),
    ("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30:00Z"),
    // Back: 02:30 comes twice, and the dose is given once, at the first.
    ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30:00Z"),
    ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00Z"),
    ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45:00Z"),
    // Midnight itself does not exist.
    ("America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04T03:00:00Z"),
    ("Africa/Cairo", "2026-04-24", "00:00", "2026-04-23T22:00:00Z"),
    ("Asia/Beirut", "2026-03-29", "00:00", "2026-03-28T22:00:00Z"),
    // The last hour of a day comes twice.
    ("Africa/Cairo", "2026-10-29", "23:30", "2026-10-29T20:30:00Z"),
    // A whole day that never was.
    ("Pacific/Apia", "2011-12-30", "08:00", "2011-12-30T10:00:00Z"),
    // A zone without changes.
    ("Asia/Kolkata", "2026-03-29", "02:30", "2026-03-28T21:00:00Z"),
];

/// medTimer 519, 561, 943 and 1337: doses were shifted, doubled or lost at clock changes.
#[test]
fn a_slot_stands_for_one_instant_on_the_day_of_a_change() {
    for (zone, on, slot, instant) in CHANGES {
        let due = due(zone, on.parse().unwrap(), slot);
        assert_eq!(due, at(instant), "{zone} {on} {slot}");
    }
}

fn due(zone: &str, on: NaiveDate, slot: &str) -> DateTime<Utc> {
    zone.parse::<Zone>().unwrap().at(on, slot.parse::<Slot>().unwrap())
}

/// An hour counted from too early would let the next dose come an hour too soon.
#[test]
fn a_time_that_came_twice_is_the_later_one_that_has_passed() {
    for (now, given_at) in [("00:45", "00:30"), ("01:40", "01:30"), ("05:00", "01:30")] {
        on_both(|house| {
            ward::furnish(house);
            house.plain_sql("UPDATE facilities SET zone = 'Europe/Berlin'").unwrap();
            house.clock.set(at("2027-10-30T08:00:00Z"));
            let plan = ward::plan_at(house, RESIDENT, "2027-10-30", "02:00");
            house.clock.set(at(&format!("2027-10-31T{now}:00Z")));
            let mut ask = ward::giving(house, &plan, "2027-10-31", "02:00");
            ask.record.given_at = "02:30".into();
            ask.record.reason = "L2".into();
            let nurse = Nurse(ward::staff("nurse"));
            let recorded = house.db.write(move |conn, now| record_dose(conn, &nurse, &ask, now)).unwrap();
            assert_eq!(recorded.given_at, at(&format!("2027-10-31T{given_at}:00Z")), "at {now}");
        });
    }
}

/// medTimer 519, 561, 943 and 1337, with the rows as they are laid out around each change.
#[test]
fn every_slot_has_one_dose_on_each_civil_day_around_a_change() {
    on_both(|house| {
        ward::furnish(house);
        for (nth, (zone, on, slot, _)) in CHANGES.into_iter().enumerate() {
            let on: NaiveDate = on.parse().unwrap();
            let first = on - TimeDelta::days(3);
            let rows = laid_out(house, zone, first, slot, nth);
            let days: Vec<NaiveDate> = first.iter_days().take(14).collect();
            for day in &days {
                let of_day: Vec<&DoseFile> = rows.iter().filter(|dose| dose.key.on == *day).collect();
                let mut slots: Vec<String> = of_day.iter().map(|dose| dose.key.slot.to_string()).collect();
                slots.retain(|found| found != "20:00");
                assert_eq!((of_day.len(), slots), (2, vec![slot.to_owned()]), "{zone} {day}");
            }
            assert!(rows.windows(2).all(|pair| pair[0].due_at <= pair[1].due_at), "{zone}");
            assert!(rows.iter().all(|dose| dose.level.amount.ug() == 500));
        }
    });
}

/// A plan of another resident, in a facility that lies in that zone.
fn laid_out(house: &House, zone: &str, first: NaiveDate, slot: &str, nth: usize) -> Vec<DoseFile> {
    house.plain_sql(&format!("UPDATE facilities SET zone = '{zone}' WHERE id = 'alder'")).unwrap();
    house.clock.set(due(zone, first - TimeDelta::days(1), "12:00"));
    let resident =
        if nth == 0 { RESIDENT.to_owned() } else { ward::resident(house, "Birch", "Bo", &format!("c-{nth}"), "1") };
    let plan = ward::plan_at(house, &resident, &first.to_string(), slot);
    house.db.read(|conn| doses::doses_of_plan_from(conn, &plan, first)).unwrap()
}

/// P16: a machine whose clock was set back writes no decision before the one before it, and no reduction for the past.
#[test]
fn a_clock_that_was_set_back_writes_no_decision_before_the_last_one() {
    on_both(|house| {
        let served = desk::open(house);
        let plan = desk::running(&served);
        house.clock.set(at("2026-12-02T09:00:00Z"));
        desk::lay_out(house, &plan);
        let pharmacist = served.signed_in("pharmacist");
        assert_eq!(desk::sign(&pharmacist, &format!("{plan}/reductions/1"), 1).status, 303);
        house.clock.set(at("2026-12-05T09:00:00Z"));
        let nurse = served.signed_in("nurse");
        let reduction = format!("{plan}/reductions/1");
        let why = [("reason", "Found on the floor at six."), ("rationale", "Found on the floor at six.")];
        assert_eq!(desk::forced(&nurse, &format!("{reduction}/pause"), &why).status, 303);
        house.clock.set(at("2026-12-01T09:00:00Z"));
        let pharmacist = served.signed_in("pharmacist");
        let signed = desk::sign(&pharmacist, &desk::waiting(&pharmacist, &plan), 2);
        assert_eq!(signed.status, 303, "{}", signed.text());
        let late =
            format!("plan_facts WHERE plan = '{}' AND decided_on < '2026-12-05' AND seq > 2", desk::id_of(&plan));
        assert_eq!(house.count(&late), 0);
        assert_eq!(desk::doses_on(house, &plan, "2026-12-05"), [1_000, 1_000], "not for today");
        assert_eq!(desk::doses_on(house, &plan, "2026-12-06"), [750, 750]);
    });
}
