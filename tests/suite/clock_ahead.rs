//! A clock that ran ahead was set right: what was recorded meanwhile lies ahead, and nobody waits until the clock comes there.

use stepdown::acts::ActError;
use stepdown::acts::record_dose::record_dose;
use stepdown::care::letter::Kind;
use stepdown::care::people::Nurse;
use stepdown::care::refusal::Refusal;

use crate::as_needed::{furnished, given_anew, ordered};
use crate::browser_like::Served;
use crate::house::{House, at, on_both};
use crate::smtp;
use crate::ward::{self, Ringer, of_kind};

const SIGN: &str = "/residents/resident-1/severe-sign";
/// The clock says Sunday morning, and is then set to Saturday evening.
const AHEAD: &str = "2026-11-22T08:00:00Z";
const RIGHT: &str = "2026-11-21T20:00:00Z";

/// While the clock was ahead a dose was recorded.
fn set_right(house: &House) -> (Served, String) {
    let (served, plan) = furnished(house);
    house.clock.set(at(AHEAD));
    ward::give(house, &plan, "2026-11-22", "08:00");
    house.clock.set(at(RIGHT));
    (served, plan)
}

fn recorded_sign(served: &Served, sign: &str) {
    let nurse = served.signed_in("nurse");
    let recorded = nurse.fill(&nurse.get(SIGN), SIGN, &[("sign", sign)]);
    assert_eq!(recorded.status, 303, "{}", recorded.text());
}

fn given(house: &House, plan: &str, slot: &str) -> Result<(), ActError> {
    let ask = ward::giving(house, plan, "2026-11-21", slot);
    house.db.write(move |conn, now| record_dose(conn, &Nurse(ward::staff("nurse")), &ask, now)).map(|_| ())
}

fn letters_now(house: &House, kind: Kind) -> usize {
    Ringer::new(&house.db, &smtp::nobody()).ring();
    of_kind(house, kind).len()
}

/// P16: the time at which it is written down does not run backwards; the time at which it was given is kept apart.
#[test]
fn what_is_given_now_was_given_now_and_is_written_down_after_what_was_written_before() {
    on_both(|house| {
        let (_, plan) = set_right(house);
        given(house, &plan, "20:00").unwrap();
        let now = "given_at < '2026-11-21 20:01:00' AND recorded_at > '2026-11-22 07:59:00'";
        assert_eq!(house.count(&format!("administrations WHERE {now}")), 1);
    });
}

#[test]
fn an_as_needed_order_holds_at_once_and_a_dose_of_it_is_given_now() {
    on_both(|house| {
        let (served, _) = set_right(house);
        let address = ordered(&served, &[]);
        let answer = given_anew(&served, &address, "");
        assert_eq!(answer.status, 303, "{}", answer.text());
        let now = "given_at < '2026-11-21 20:01:00' AND recorded_at > '2026-11-22 07:59:00'";
        assert_eq!(house.count(&format!("as_needed_doses WHERE {now}")), 1);
        let prescriber = served.signed_in("prescriber");
        let end = address.replace("/give", "/end");
        let fields =
            [("rationale", "She has slept through the night for a week."), ("password", crate::browser_like::PASSWORD)];
        let ended = prescriber.fill(&prescriber.get(&end), &end, &fields);
        assert_eq!(ended.status, 303, "{}", ended.text());
        house.clock.set(at("2026-11-22T01:00:00Z"));
        let after = given_anew(&served, &address, "");
        assert_eq!((after.status, house.count("as_needed_doses")), (422, 1));
        assert!(after.text().contains("ended"), "{}", after.text());
    });
}

#[test]
fn a_severe_sign_is_seen_now_bars_now_and_is_told_now_and_every_hour() {
    on_both(|house| {
        let (served, plan) = set_right(house);
        recorded_sign(&served, "overdose");
        assert_eq!(house.count("severe_signs WHERE seen_at < '2026-11-21 20:01:00'"), 1);
        assert!(matches!(given(house, &plan, "20:00"), Err(ActError::Refused(Refusal::DoNotGive { .. }))));
        let told = letters_now(house, Kind::SevereSign);
        assert!(told > 0);
        house.clock.set(at("2026-11-21T21:01:00Z"));
        assert!(letters_now(house, Kind::SevereSign) > told, "again after an hour");
    });
}

/// It was seen by now, whatever the clock said then.
#[test]
fn a_sign_that_was_recorded_while_the_clock_was_ahead_bars_and_is_told_once_it_is_right() {
    on_both(|house| {
        let (served, plan) = furnished(house);
        let address = ordered(&served, &[]);
        house.clock.set(at(AHEAD));
        recorded_sign(&served, "overdose");
        house.clock.set(at(RIGHT));
        assert!(matches!(given(house, &plan, "20:00"), Err(ActError::Refused(Refusal::DoNotGive { .. }))));
        assert_eq!(given_anew(&served, &address, "").status, 422);
        assert_eq!((house.count("administrations"), house.count("as_needed_doses")), (0, 0));
        assert!(letters_now(house, Kind::SevereSign) > 0);
    });
}

#[test]
fn what_was_given_in_error_was_given_now_and_is_told_now() {
    on_both(|house| {
        let (served, _) = set_right(house);
        let (nurse, new) = (served.signed_in("nurse"), "/residents/resident-1/given-in-error");
        let fields = [
            ("mistake", "given_twice"),
            ("medicine", "clonazepam"),
            ("amount", "0.5 mg"),
            ("given_by", "nurse"),
            ("what", "The day nurse had given it."),
            ("done", "Watched every 15 minutes."),
        ];
        assert_eq!(nurse.fill(&nurse.get(new), new, &fields).status, 303);
        assert_eq!(house.count("incidents WHERE given_at < '2026-11-21 20:01:00'"), 1);
        assert!(letters_now(house, Kind::Incident) > 0);
    });
}

/// The last fact of the plan lies ahead, and so does the order that is written down after it.
#[test]
fn an_urgent_order_after_a_fact_that_lies_ahead_bars_an_open_dose_now_and_is_told_now() {
    on_both(|house| {
        let (served, plan) = furnished(house);
        house.clock.set(at(AHEAD));
        recorded_sign(&served, "delirium");
        house.clock.set(at("2026-11-21T21:30:00Z"));
        let suspended =
            crate::deciding::decide(&served.signed_in("prescriber"), &format!("/plans/{plan}"), "suspend", &[]);
        assert_eq!(suspended.status, 303, "{}", suspended.text());
        let mut ask = ward::giving(house, &plan, "2026-11-21", "20:00");
        ask.record.reason = "L2".into();
        let given = house.db.write(move |conn, now| record_dose(conn, &Nurse(ward::staff("nurse")), &ask, now));
        assert!(matches!(given, Err(ActError::Refused(Refusal::DoseOrdered { .. }))), "{given:?}");
        assert!(letters_now(house, Kind::UrgentOrder) > 0);
    });
}

#[test]
fn whoever_leaves_now_leaves_though_a_dose_seems_to_have_been_taken_later() {
    on_both(|house| {
        let (served, plan) = set_right(house);
        let nurse = served.signed_in("nurse");
        let left = crate::absences::leaves(&nurse, "2026-11-21T19:30");
        assert_eq!(left.status, 303, "{}", left.text());
        house.clock.set(at("2026-11-21T23:30:00Z"));
        let back = crate::absences::comes_back(&served.signed_in("nurse"), &plan, "2026-11-21T23:15", "same");
        assert_eq!(back.status, 303, "{}", back.text());
    });
}
