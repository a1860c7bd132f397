//! Who is asked for a signature, from when on, and how often.

use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet};
use stepdown::care::letter::Kind;
use stepdown::store::letters::LetterState;

use crate::house::{House, at, on_both};
use crate::smtp::Server;
use crate::ward::{self, Ringer, arrivals, of_kind, saturday};

/// A reduction that nobody signs: the dose stays, and the letters go out, once each day and never twice.
#[test]
fn a_reduction_left_unsigned_for_60_days_is_asked_after_once_a_day() {
    on_both(|house| {
        let plan = saturday(house, "06:00:00");
        let server = Server::start();
        let due = at("2026-12-05T08:12:00Z");
        for hours in (-12 * 24..61 * 24).step_by(24) {
            house.clock.set(due + TimeDelta::hours(hours));
            let mut ringer = Ringer::new(&house.db, &server.post());
            ringer.ring();
            assert_eq!(ringer.ring().sent, 0);
        }
        let mut by_day: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for letter in of_kind(house, Kind::SignatureWanted) {
            assert_eq!(letter.state, LetterState::Sent, "{letter:?}");
            let fresh = by_day.entry(letter.subject).or_default().insert(letter.recipient);
            assert!(fresh);
        }
        let to = |on: &str| by_day[&format!("reduction/1/{on}/plan/{plan}")].iter().cloned().collect::<Vec<_>>();
        let pharmacists = ["deputy@alder.example", "f@alder.example"];
        assert_eq!(to("ahead"), pharmacists);
        assert_eq!(to("2026-12-04"), pharmacists);
        assert_eq!(to("2026-12-07"), pharmacists);
        assert_eq!(to("2026-12-08"), ["chief@alder.example", "deputy@alder.example", "f@alder.example"]);
        // The day before, the day itself, 60 days after it; and the one letter ahead.
        assert_eq!(by_day.len(), 1 + 1 + 61);
        assert!(arrivals(&server.taken()).values().all(|times| *times == 1));
        let level = house.count(&format!("doses WHERE plan = '{plan}' AND amount_ug <> 500 AND NOT void"));
        assert_eq!(level, 0, "the dose stays");
        ward::sign(house, &plan, 1, "2027-02-05");
        house.clock.set(at("2027-02-05T08:12:00Z"));
        Ringer::new(&house.db, &server.post()).ring();
        assert_eq!(by_day.len(), subjects_of(house, Kind::SignatureWanted).len(), "signed: nobody is asked any more");
    });
}

fn subjects_of(house: &House, kind: Kind) -> BTreeSet<String> {
    of_kind(house, kind).into_iter().map(|letter| letter.subject).collect()
}

/// Who decided before is asked first; the deputies hear of it when it has waited.
#[test]
fn the_pharmacist_who_knows_the_resident_is_asked_first() {
    on_both(|house| {
        let plan = saturday(house, "09:00:00");
        house.clock.set(at("2026-12-03T09:00:00Z"));
        ward::sign(house, &plan, 1, "2026-12-05");
        let server = Server::start();
        for on in ["2026-12-19", "2026-12-22"] {
            house.clock.set(at(&format!("{on}T09:00:00Z")));
            Ringer::new(&house.db, &server.post()).ring();
        }
        let wanted = of_kind(house, Kind::SignatureWanted);
        let to: Vec<(&str, &str)> =
            wanted.iter().map(|l| (l.subject.split('/').nth(2).unwrap(), l.recipient.as_str())).collect();
        assert_eq!(to[0], ("2026-12-19", "f@alder.example"));
        assert_eq!(to[1..].iter().filter(|(on, _)| *on == "2026-12-22").count(), 3, "{to:?}");
        assert_eq!(to.len(), 4);
    });
}

/// A step that begins this evening lets nothing be signed before: asked this morning, a pharmacist would be refused.
#[test]
fn nobody_is_asked_to_sign_in_the_morning_of_a_day_in_whose_evening_the_step_before_begins() {
    on_both(|house| {
        let plan = saturday(house, "09:00:00");
        house.plain_sql("UPDATE facilities SET sign_ahead_days = 14").unwrap();
        house.clock.set(at("2026-12-03T09:00:00Z"));
        ward::sign(house, &plan, 1, "2026-12-05");
        let server = Server::start();
        for (on, letters) in [("2026-12-05", 0), ("2026-12-06", 1)] {
            house.clock.set(at(&format!("{on}T07:30:00Z")));
            Ringer::new(&house.db, &server.post()).ring();
            assert_eq!(of_kind(house, Kind::SignatureWanted).len(), letters, "{on}");
        }
    });
}

#[test]
fn a_hold_is_not_disturbed_until_its_day_and_then_asks() {
    on_both(|house| {
        let plan = saturday(house, "09:00:00");
        house.clock.set(at("2026-12-01T09:00:00Z"));
        hold(house, &plan, "2026-12-10");
        let server = Server::start();
        for on in 2..=12 {
            house.clock.set(at(&format!("2026-12-{on:02}T09:00:00Z")));
            Ringer::new(&house.db, &server.post()).ring();
        }
        let sent = |kind| of_kind(house, kind).into_iter().map(|l| l.wanted_at.date_naive()).collect::<BTreeSet<_>>();
        assert_eq!(sent(Kind::HoldEnds), BTreeSet::from([ward::day("2026-12-10")]));
        assert_eq!(sent(Kind::SignatureWanted), [11, 12].map(|d| ward::day(&format!("2026-12-{d}"))).into());
    });
}

fn hold(house: &House, plan: &str, until: &str) {
    use stepdown::acts::hold_reduction::{HoldReduction, hold_reduction};
    use stepdown::care::people::{Confirmed, Pharmacist, Staff};
    let staff = Staff { person: "pharmacist".into(), name: "Phil".into(), facility: "alder".into() };
    let rationale = "She sleeps badly since her sister died; look again later.".to_owned();
    let reassess_on = ward::day(until);
    let ask = HoldReduction { form: ward::id(), plan: plan.into(), n: 1, reassess_on, rationale, decisions_seen: None };
    let confirmed = Confirmed { person: "pharmacist".into() };
    house.db.write(move |conn, now| hold_reduction(conn, &Pharmacist(staff.clone()), &confirmed, &ask, now)).unwrap();
}
