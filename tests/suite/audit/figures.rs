//! The overview: what is overdue, what waits, what is missing.

use chrono::TimeDelta;
use stepdown::acts::hold_reduction::{HoldReduction, hold_reduction};
use stepdown::care::people::{Confirmed, Pharmacist, Staff};
use stepdown::care::round::outcome::Outcome;
use stepdown::store::doses::doses_due_between;

use super::{begun, laid, record};
use crate::browser_like::Served;
use crate::house::{FACILITY, House, at, on_both};
use crate::ward;

/// Tamanu 9021: doses stopped being generated after the first batch, and nobody could see it.
#[test]
fn a_day_without_doses_is_a_fault_in_red() {
    on_both(|house| {
        let plans = begun(house);
        let served = Served::start(house);
        let supervisor = served.signed_in("supervisor");
        let whole = supervisor.get("/overview");
        assert_eq!(whole.all(".tag-gap").len(), 0, "{}", whole.text());
        assert!(whole.text().contains("have doses up to 15 Nov 2026 at least"), "{}", whole.text());
        house
            .plain_sql("UPDATE doses SET void = true WHERE resident = 'resident-2' AND on_date = '2026-11-05'")
            .unwrap();
        let page = supervisor.get("/overview");
        assert_eq!(page.all(".tag-gap"), ["Doses are missing on 05 Nov 2026"]);
        assert!(page.has(".panel-danger"), "{}", page.text());
        house.clock.set(at("2026-11-06T06:00:00Z"));
        for plan in &plans {
            laid(house, plan);
        }
        assert_eq!(
            served.signed_in("supervisor").get("/overview").all(".tag-gap").len(),
            0,
            "the past is no gap ahead"
        );
        house.clock.set(at("2026-11-09T06:00:00Z"));
        let page = served.signed_in("supervisor").get("/overview");
        assert_eq!(page.all(".tag-gap").len(), 3, "nobody laid doses out for three days: {}", page.text());
    });
}

#[test]
fn overdue_doses_and_the_rounds_of_today_are_counted() {
    on_both(|house| {
        begun(house);
        let due = house
            .db
            .read(|conn| doses_due_between(conn, FACILITY, at("2026-11-01T00:00:00Z"), at("2026-11-01T12:00:00Z")));
        let due = due.unwrap();
        record(house, &due[0], "nurse-2", Outcome::Given, 10, "");
        house.clock.set(at("2026-11-01T09:01:00Z"));
        let served = Served::start(house);
        let page = served.signed_in("supervisor").get("/overview");
        assert_eq!(page.all(".tag-over"), ["1 h 1 min", "1 h 1 min"]);
        assert!(page.text().contains("2 overdue doses now") && page.text().contains("0 doses with no record"));
        assert!(page.text().contains("1 of 1") || page.text().contains("1 of 2"), "{}", page.text());
        assert!(page.text().contains("+. Night") && page.text().contains("not started"));
        house.clock.set(at("2026-11-01T10:01:00Z"));
        let page = served.signed_in("supervisor").get("/overview");
        assert_eq!(page.all(".tag-over").len(), 0);
        assert!(page.text().contains("2 doses with no record"), "{}", page.text());
    });
}

/// Citation 1515732: what was agreed by voice was never entered. What waits is listed, with its age and who it waits for.
#[test]
fn a_waiting_reduction_says_for_whom_and_how_long_and_a_hold_says_until_when() {
    on_both(|house| {
        let plans = begun(house);
        let served = Served::start(house);
        house.clock.set(at("2026-11-05T09:00:00Z"));
        assert!(
            served
                .signed_in("supervisor")
                .get("/overview")
                .text()
                .contains("No reduction, stop or amendment waits for anybody.")
        );
        house.clock.set(at("2026-11-17T09:00:00Z"));
        hold(house, &plans[2]);
        let page = served.signed_in("supervisor").get("/overview");
        assert_eq!(page.all("#waiting .tag-over"), ["2 days past", "2 days past"]);
        let lines = page.all("#waiting li");
        assert!(lines[0].contains("clonazepam from 1 mg to 0.5 mg daily, step date 15 Nov 2026"), "{lines:?}");
        assert!(
            lines[0].contains("Waits for the pharmacist Phil Pharmacist. The dose stays at 1 mg daily."),
            "{lines:?}"
        );
        let holds = page.all("#holds li");
        assert_eq!(holds.len(), 1);
        assert!(holds[0].contains("clonazepam 1 mg daily, look again 24 Nov 2026"), "{holds:?}");
        assert!(holds[0].contains("Held by Phil Pharmacist since 17 Nov 2026"), "{holds:?}");
    });
}

fn hold(house: &House, plan: &str) {
    let by = Pharmacist(Staff { person: "pharmacist".into(), name: "Phil".into(), facility: FACILITY.into() });
    let ask = HoldReduction {
        form: ward::id(),
        plan: plan.into(),
        n: 1,
        reassess_on: ward::day("2026-11-24"),
        rationale: "She slept badly for four nights and asked to wait a week.".into(),
        decisions_seen: None,
    };
    let confirmed = Confirmed { person: "pharmacist".into() };
    house.db.write(move |conn, now| hold_reduction(conn, &by, &confirmed, &ask, now)).unwrap();
}

#[test]
fn a_silent_bell_is_said_to_be_silent() {
    on_both(|house| {
        begun(house);
        let served = Served::start(house);
        let page = served.signed_in("supervisor").get("/overview");
        assert!(page.text().contains("The bell is silent") && page.text().contains("The bell has never rung"));
        house
            .db
            .write::<_, stepdown::acts::ActError>(|conn, now| {
                Ok(stepdown::store::bells::bell_rang(conn, 1, &Default::default(), now)?)
            })
            .unwrap();
        let page = served.signed_in("supervisor").get("/overview");
        assert!(!page.text().contains("The bell is silent"), "{}", page.text());
        house.clock.set(house.clock.now() + TimeDelta::minutes(6));
        assert!(served.signed_in("supervisor").get("/overview").text().contains("The bell is silent"));
    });
}
