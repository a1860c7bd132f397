//! A pause and a plan that was sent back are heard of at once, by those who have to act, and never twice.

use stepdown::acts::pause_reduction::{PauseReduction, pause_reduction};
use stepdown::acts::record_absence::{RecordAbsence, record_absence};
use stepdown::acts::return_reduction::{ReturnReduction, return_reduction};
use stepdown::care::absence::{Away, LeaveAsk};
use stepdown::care::letter::Kind;
use stepdown::care::people::{Confirmed, Nurse, Pharmacist, Staff};
use stepdown::store::letters::{LetterFile, LetterState};

use crate::absences;
use crate::browser_like::{PASSWORD, Served};
use crate::desk;
use crate::house::{FACILITY, House, on_both};
use crate::smtp::Server;
use crate::ward::{Ringer, furnish, id, letters, plan, resident, sign};

fn staff(person: &str) -> Staff {
    Staff { person: person.into(), name: person.into(), facility: FACILITY.into() }
}

fn running(house: &House) -> String {
    furnish(house);
    let who = resident(house, "Halvorsen", "Margit", "AH-0417", "4");
    plan(house, &who, "2026-11-20")
}

fn at(house: &House, time: &str) {
    house.clock.set(time.parse().unwrap());
}

fn of(house: &House, kind: Kind) -> Vec<LetterFile> {
    letters(house).into_iter().filter(|letter| letter.kind == kind).collect()
}

#[test]
fn pharmacists_and_the_prescriber_hear_of_a_pause_at_once_and_once() {
    on_both(|house| {
        let plan = running(house);
        at(house, "2026-12-03T09:00:00Z");
        sign(house, &plan, 1, "2026-12-04");
        at(house, "2026-12-04T07:30:00Z");
        let ask = PauseReduction { form: id(), plan, n: 1, reason: "Found on the floor at six.".into() };
        house.db.write(move |conn, now| pause_reduction(conn, &Nurse(staff("nurse")), &ask, now)).unwrap();
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        ringer.ring();
        ringer.ring();
        let mut to: Vec<String> = of(house, Kind::Paused).into_iter().map(|letter| letter.recipient).collect();
        to.sort();
        assert_eq!(to.len(), 3, "two pharmacists and the prescriber: {to:?}");
        to.dedup();
        assert_eq!(to.len(), 3, "each of them once");
    });
}

/// Mail is down in the morning of a pause, and they go to hospital meanwhile: the level that was kept is still news.
#[test]
fn a_pause_is_still_told_to_those_who_decide_when_the_resident_left_before_the_letter_went() {
    on_both(|house| {
        furnish(house);
        let who = resident(house, "Halvorsen", "Margit", "AH-0417", "4");
        let plan = plan(house, &who, "2026-11-20");
        at(house, "2026-12-03T09:00:00Z");
        sign(house, &plan, 1, "2026-12-04");
        at(house, "2026-12-04T07:30:00Z");
        let pause = PauseReduction { form: id(), plan, n: 1, reason: "Found on the floor at six.".into() };
        house.db.write(move |conn, now| pause_reduction(conn, &Nurse(staff("nurse")), &pause, now)).unwrap();
        at(house, "2026-12-04T07:50:00Z");
        let leave = LeaveAsk { kind: Some(Away::Hospital), left_at: "2026-12-04T07:45".into(), note: String::new() };
        let leave = RecordAbsence { form: id(), resident: who, leave };
        house.db.write(move |conn, now| record_absence(conn, &Nurse(staff("nurse")), &leave, now)).unwrap();
        at(house, "2026-12-04T09:00:00Z");
        let server = Server::start();
        Ringer::new(&house.db, &server.post()).ring();
        let told = of(house, Kind::Paused);
        assert_eq!(told.len(), 3, "two pharmacists and the prescriber: {told:?}");
        assert!(told.iter().all(|letter| letter.state == LetterState::Sent), "{told:?}");
    });
}

fn sends_back(house: &House, plan: String) {
    let rationale = "Three falls in November, wants the evening dose kept for now.".into();
    let ask = ReturnReduction { form: id(), plan, n: 1, rationale, decisions_seen: None };
    let confirmed = Confirmed { person: "pharmacist".into() };
    let by = Pharmacist(staff("pharmacist"));
    house.db.write(move |conn, now| return_reduction(conn, &by, &confirmed, &ask, now)).unwrap();
}

#[test]
fn the_prescriber_hears_every_morning_of_a_plan_that_was_sent_back() {
    on_both(|house| {
        let plan = running(house);
        at(house, "2026-12-01T09:00:00Z");
        sends_back(house, plan);
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        for day in ["2026-12-01T09:00:30Z", "2026-12-01T21:00:00Z", "2026-12-02T09:00:00Z", "2026-12-03T09:00:00Z"] {
            at(house, day);
            ringer.ring();
        }
        let sent = of(house, Kind::SentBack);
        assert_eq!(sent.len(), 3, "one a day");
        assert_eq!(of(house, Kind::SignatureWanted).len(), 0, "no pharmacist is asked to sign meanwhile");
    });
}

/// Whoever it was sent back to may be away for weeks: nothing of the plan can be signed meanwhile.
#[test]
fn a_plan_that_was_sent_back_three_days_ago_is_told_to_every_prescriber_and_the_supervisors() {
    on_both(|house| {
        let plan = running(house);
        house
            .plain_sql(
                "INSERT INTO people (id, username, name, registration, email, password_hash) VALUES
                     ('second', 'second', 'Second Prescriber', 'P-10', 'second@alder.example', '-')",
            )
            .unwrap();
        house
            .plain_sql(
                "INSERT INTO memberships (id, person, facility, role) VALUES ('m-10', 'second', 'alder', 'prescriber')",
            )
            .unwrap();
        at(house, "2026-12-01T09:00:00Z");
        sends_back(house, plan);
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        let mut told = |time: &str| {
            at(house, time);
            let before = of(house, Kind::SentBack).len();
            ringer.ring();
            let mut to: Vec<String> =
                of(house, Kind::SentBack).drain(before..).map(|letter| letter.recipient).collect();
            to.sort();
            let digest = of(house, Kind::Digest).pop().unwrap().body;
            (to, digest)
        };
        assert_eq!(told("2026-12-01T09:00:30Z").0.len(), 1);
        let (to, digest) = told("2026-12-03T07:00:00Z");
        assert_eq!(to.len(), 1, "{to:?}");
        assert!(
            digest.contains("Plans that wait for an answer: 1\nDays the oldest of these has waited: 2\n"),
            "{digest}"
        );
        let (to, _) = told("2026-12-04T07:00:00Z");
        assert_eq!(to.len(), 3, "both prescribers and the supervisor: {to:?}");
        assert!(
            to.contains(&"second@alder.example".to_owned()) && to.contains(&"chief@alder.example".to_owned()),
            "{to:?}"
        );
    });
}

/// “Died: Doses and letters end”: nobody can answer about somebody who is not there any more, and nobody is asked to.
#[test]
fn who_died_is_asked_about_no_more_until_somebody_writes_down_that_they_came_back() {
    on_both(|house| {
        let plan = absences::begun(house);
        let served = Served::start(house);
        at(house, "2026-12-01T09:00:00Z");
        sends_back(house, plan.clone());
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        let mut told = |time: &str| {
            at(house, time);
            ringer.ring();
            let digest = of(house, Kind::Digest).pop().unwrap().body;
            (of(house, Kind::SentBack).len(), digest.contains("Plans that wait for an answer: 0\n"))
        };
        let (first, none_waits) = told("2026-12-02T09:00:00Z");
        assert!(first > 0 && !none_waits);
        at(house, "2026-12-02T12:00:00Z");
        let gone = absences::leaves_for(&served.signed_in("nurse"), "died", "2026-12-02T11:30");
        assert_eq!(gone.status, 303, "{}", gone.text());
        assert_eq!(told("2026-12-03T09:00:00Z"), (first, true));
        assert_eq!(told("2026-12-06T09:00:00Z"), (first, true));
        at(house, "2026-12-06T12:00:00Z");
        let back = absences::comes_back(&served.signed_in("nurse"), &plan, "2026-12-06T11:30", "not_known");
        assert_eq!(back.status, 303, "{}", back.text());
        let (again, none_waits) = told("2026-12-07T09:00:00Z");
        assert!(again > first && !none_waits, "it was written down by mistake, and the plan still waits");
    });
}

/// Hazard 17: nobody is left without a decision in silence.
#[test]
fn a_dose_that_nobody_has_decided_is_told_every_hour_until_somebody_does() {
    on_both(|house| {
        let plan = absences::begun(house);
        let served = Served::start(house);
        absences::leaves(&served.signed_in("nurse"), "2026-11-22T21:00");
        at(house, "2026-11-25T19:30:00Z");
        absences::comes_back(&served.signed_in("nurse"), &plan, "2026-11-25T19:15", "not_known");
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        let mut sent = |time: &str| {
            at(house, time);
            ringer.ring();
            of(house, Kind::DecisionNeeded).len()
        };
        let first = sent("2026-11-25T19:30:30Z");
        assert!(first > 0 && sent("2026-11-25T20:20:00Z") == first, "at once, and once an hour");
        let second = sent("2026-11-25T20:30:00Z");
        assert!(second > 2 * first, "then the supervisors too: {first}, {second}");
        assert!(of(house, Kind::DecisionNeeded).iter().any(|letter| letter.body.contains("for 1 hour")));
        let prescriber = served.signed_in("prescriber");
        let action = format!("/plans/{plan}/decide");
        let why = desk::rationale(4);
        let fields = [("step", "0"), ("rationale", why.as_str()), ("password", PASSWORD)];
        let decided = prescriber.fill(&prescriber.get(&action), &format!("{action}/step-back"), &fields);
        assert_eq!(decided.status, 303, "{}", decided.text());
        assert_eq!(sent("2026-11-25T21:30:00Z"), second, "somebody decided");
    });
}
