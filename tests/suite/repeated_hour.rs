//! The hour that clocks repeat, in what people type: the pass that can have been, and the safer one where both can. And a year
//! that nobody means.

use chrono::{DateTime, TimeDelta, Utc};
use stepdown::care::absence::{Absence, Away, BackCase, BackOn, ElsewhereAsk, LeaveAsk, LeaveCase};
use stepdown::care::calendar::{Zone, parse_moment};
use stepdown::care::refusal::Refusal;
use stepdown::care::resident::transfer::TransferAsk;
use stepdown::care::resident::{Allergies, Resident};
use stepdown::care::round::correction::Instead;
use stepdown::care::round::outcome::Outcome;
use stepdown::care::round::vomit::VomitAsk;

use crate::browser_like::{Served, settle};
use crate::correct_dose;
use crate::house::{House, RESIDENT, at, on_both};
use crate::let_in_nurse::lets_in;
use crate::ward::{self, dose_on_saturday, served_on_saturday};

/// In Berlin 02:30 of this day was at 00:30 and at 01:30.
const DAY: &str = "2027-10-31";

fn berlin() -> Zone {
    "Europe/Berlin".parse().unwrap()
}

fn night(time: &str) -> DateTime<Utc> {
    at(&format!("{DAY}T{time}:00Z"))
}

fn absence(left_at: DateTime<Utc>) -> Absence {
    let (id, facility, resident, note, by) = Default::default();
    Absence { id, facility, resident, kind: Away::Hospital, left_at, note, by, at: left_at }
}

/// What is typed of the last dose elsewhere, and when it is taken to have been.
fn elsewhere(left_at: &str, back_at: &str, last_at: &str) -> DateTime<Utc> {
    let (absence, last_taken_at, undecided) = (Some(absence(night(left_at))), Vec::new(), Vec::new());
    let case = BackCase { zone: berlin(), away_days: 3, absence, last_taken_at, undecided };
    let ask = ElsewhereAsk {
        plan: "plan".into(),
        last_at: format!("{DAY}T{last_at}"),
        last_amount: "0.5 mg".into(),
        back_on: Some(BackOn::Same),
        letter: String::new(),
    };
    let told = case.back(&format!("{DAY}T{back_at}"), &[ask], "", night("09:00")).unwrap();
    told.1[0].last_at.unwrap()
}

/// Taken for the first, the next dose here could come an hour too soon.
#[test]
fn a_dose_elsewhere_was_given_at_the_later_pass_unless_they_were_back_by_then() {
    assert_eq!(elsewhere("00:00", "07:00", "02:30"), night("01:30"));
    assert_eq!(elsewhere("00:00", "02:40", "02:30"), night("00:30"), "back at 00:40");
    assert_eq!(elsewhere("00:45", "02:40", "02:35"), night("01:35"), "left after the first pass, and back at 01:40");
}

#[test]
fn whoever_left_or_vomited_did_it_at_the_pass_that_can_have_been() {
    let left_at = |taken: &str| {
        let case = LeaveCase { zone: berlin(), open: None, back_at: None, last_taken_at: Some(night(taken)) };
        let ask = LeaveAsk { kind: Some(Away::Hospital), left_at: format!("{DAY}T02:30"), note: String::new() };
        case.leave(&ask, night("09:00")).map(|(_, left_at, _)| left_at)
    };
    assert_eq!(left_at("00:00"), Ok(night("00:30")));
    assert_eq!(left_at("00:45"), Ok(night("01:30")));
    assert!(matches!(left_at("01:45"), Err(Refusal::HereAfterLeaving { .. })));
    let vomited_at = |given_at: &str| {
        let ask = VomitAsk { at: "02:30".into(), seen: "food".into() };
        ask.read(night(given_at), berlin(), night("02:00")).map(|(at, _)| at)
    };
    assert_eq!(vomited_at("00:10"), Ok(night("00:30")));
    assert_eq!(vomited_at("00:45"), Ok(night("01:30")));
}

/// Of a dose that was given at 00:30 only the note is put right.
#[test]
fn a_correction_of_the_note_leaves_the_time_as_it_was() {
    on_both(|house| {
        ward::furnish(house);
        house.plain_sql("UPDATE facilities SET zone = 'Europe/Berlin'").unwrap();
        house.clock.set(at("2027-10-30T08:00:00Z"));
        let plan = ward::plan_at(house, RESIDENT, "2027-10-30", "02:00");
        house.clock.set(night("00:30") + TimeDelta::seconds(20));
        ward::give(house, &plan, DAY, "02:00");
        house.clock.set(night("05:00"));
        let dose = crate::shelf::dose(house, &plan, DAY, "02:00");
        let was = correct_dose::standing(house, &dose).unwrap();
        let Instead::Record(mut ask) = correct_dose::told(&dose, Outcome::Given, "") else { unreachable!() };
        (ask.given_at, ask.note, ask.reason) = ("02:30".into(), "With a sip of water.".into(), String::new());
        let told = correct_dose::ask(&was.id, Instead::Record(ask));
        correct_dose::corrected(house, &correct_dose::nurse(), &told).unwrap();
        let now = correct_dose::standing(house, &dose).unwrap();
        assert_eq!((now.given_at, now.note.as_str()), (was.given_at, "With a sip of water."));
    });
}

/// The calendar of the program ends, and nothing falls over its edge.
#[test]
fn a_year_that_nobody_means_is_not_read() {
    for odd in ["+262142-12-31T23:59", "-262143-01-01T00:00", "3001-01-01T00:00", "1899-12-31T23:59"] {
        assert!(matches!(parse_moment(odd), Err(Refusal::MomentUnreadable { .. })), "{odd}");
        assert_eq!(berlin().said(odd, night("05:00")), None, "{odd}");
    }
    on_both(not_read);
}

fn not_read(house: &House) {
    let (served, plan) = served_on_saturday(house, "08:10:00");
    let (nurse, dose, odd) = (served.signed_in("nurse"), dose_on_saturday(&plan, "08:00"), "+262142-12-31T23:59");
    let (absence, sign) = (format!("/residents/{RESIDENT}/absence"), format!("/residents/{RESIDENT}/severe-sign"));
    for (page, action, fields) in [
        (&dose, format!("{dose}/administration"), vec![("outcome", "given"), ("given_at", odd)]),
        (&absence, absence.clone(), vec![("kind", "hospital"), ("left_at", odd)]),
        (&sign, sign.clone(), vec![("sign", "delirium"), ("seen_at", odd)]),
    ] {
        let refused = nurse.fill(&nurse.get(page), &action, &fields);
        assert_eq!(refused.status, 422, "{action}: {}", refused.text());
    }
}

/// At 02:40 of the second pass somebody moved ten minutes ago, not an hour and ten.
#[test]
fn a_move_is_of_the_pass_that_has_just_been() {
    let resident = Resident {
        id: RESIDENT.into(),
        facility: "alder".into(),
        unit: "east".into(),
        room: "1".into(),
        surname: "Ash".into(),
        forename: "Ada".into(),
        born_on: ward::day("1940-01-01"),
        number: "1".into(),
        allergies: Allergies::NoneKnown,
    };
    let moved_at = |now: &str| {
        let moved_at = format!("{DAY}T02:30");
        let ask = TransferAsk { unit: "west".into(), room: "3".into(), moved_at, note: String::new() };
        ask.transfer(&resident, &["east".into(), "west".into()], berlin(), night(now)).map(|moved| moved.moved_at)
    };
    assert_eq!(moved_at("01:40"), Ok(night("01:30")));
    assert_eq!(moved_at("00:40"), Ok(night("00:30")), "the second pass is still to come");
}

#[test]
fn access_ends_at_the_pass_that_is_still_to_come() {
    on_both(|house| {
        settle(house);
        house.plain_sql("UPDATE facilities SET zone = 'Europe/Berlin'").unwrap();
        house.clock.set(night("01:10"));
        let served = Served::start(house);
        let answer =
            lets_in(&served.signed_in("supervisor"), &[("username", "stranger"), ("ends_at", &format!("{DAY}T02:30"))]);
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert_eq!(house.count(&format!("memberships WHERE ends_at = '{DAY} 01:30:00'")), 1);
    });
}
