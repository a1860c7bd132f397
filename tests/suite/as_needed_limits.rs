//! As-needed limits as pure arithmetic: exact to the second, across clock changes, whatever the order of the givings.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use stepdown::care::amount::Amount;
use stepdown::care::medicine::Medicine;
use stepdown::care::medicine::limit::Limit;
use stepdown::care::refusal::Refusal;
use stepdown::care::round::as_needed::giving::{GiveAsk, GiveCase, Given};
use stepdown::care::round::as_needed::limits::{Kind, Taken, WINDOW};
use stepdown::care::round::as_needed::order::Order;
use stepdown::care::severe_sign::{Sign, Withheld};

use crate::house::at;
use crate::ward::day;

/// 0.5 mg of clonazepam at most every 4 hours, and of all clonazepam so much in 24 hours.
fn case(most_ug: u64, taken: Vec<Taken>) -> GiveCase {
    GiveCase {
        order: Order {
            id: "order".into(),
            facility: "alder".into(),
            resident: "ada".into(),
            medicine: Medicine("clonazepam".into()),
            amount: Amount::from_ug(500),
            reason: "panic".into(),
            least_minutes: 240,
            most: Amount::from_ug(most_ug),
            starts_on: day("2026-01-01"),
            ends_on: day("2026-12-31"),
            rationale: String::new(),
            ordered_by: "pat".into(),
            ordered_at: at("2026-01-01T00:00:00Z"),
        },
        revision: 0,
        ended_at: None,
        limit: None,
        taken,
        given: Vec::new(),
        last: None,
        zone: "Europe/London".parse().unwrap(),
        withheld: None,
        barred: None,
        away_since: None,
        others: Vec::new(),
        lifted: Vec::new(),
    }
}

fn taken(text: &str, ug: u64, kind: Kind) -> Taken {
    Taken { at: at(text), amount: Amount::from_ug(ug), kind }
}

fn give(case: &GiveCase, text: &str, now: DateTime<Utc>) -> Result<Given, Refusal> {
    case.give(&GiveAsk { revision: 0, why: "pacing since supper".into(), given_at: text.into() }, now)
}

/// The case after a dose was given.
fn given_at(mut case: GiveCase, text: &str) -> GiveCase {
    case.taken.push(taken(text, 500, Kind::AsNeeded));
    case.given.push(at(text));
    case
}

fn refused(answer: &Result<Given, Refusal>) -> (&'static str, String) {
    let refusal = answer.as_ref().unwrap_err();
    let next = match refusal {
        Refusal::AsNeededTooSoon { next, .. } | Refusal::AsNeededOverMost { next, .. } => next.clone(),
        _ => String::new(),
    };
    (refusal.code(), next)
}

/// An interval is elapsed time. The hour that clocks repeat, and the one they leave out, are hours like any
/// other, or none.
#[test]
fn the_interval_is_over_at_its_second_whatever_the_clocks_do() {
    for (first, over, shown) in [
        // Clocks go back at 01:00 UTC: from 23:30 on the wall it is 02:30 after four hours.
        ("2026-10-24T22:30:00Z", "2026-10-25T02:30:00Z", "02:30"),
        // Clocks go forward at 01:00 UTC: from 23:30 on the wall it is 04:30 after four hours.
        ("2026-03-28T23:30:00Z", "2026-03-29T03:30:00Z", "04:30"),
        ("2026-11-20T08:00:07Z", "2026-11-20T12:00:07Z", "12:01"),
    ] {
        let case = given_at(case(4_000, Vec::new()), first);
        let early = give(&case, "", at(over) - TimeDelta::seconds(1));
        assert_eq!(refused(&early), ("as_needed_too_soon", shown.to_owned()), "{first}");
        assert_eq!(give(&case, "", at(over)).map(|given| given.given_at), Ok(at(over)), "{first}");
    }
}

/// With a day of 25 hours and one of 23 between.
#[test]
fn a_dose_leaves_the_sum_24_hours_later_to_the_second_whatever_the_clocks_do() {
    for (first, free, shown) in [
        ("2026-10-24T11:00:00Z", "2026-10-25T11:00:00Z", "11:00"),
        ("2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", "13:00"),
        ("2026-11-19T12:00:01Z", "2026-11-20T12:00:01Z", "12:01"),
    ] {
        let case = given_at(case(500, Vec::new()), first);
        let early = give(&case, "", at(free) - TimeDelta::seconds(1));
        assert_eq!(refused(&early), ("as_needed_over_most", shown.to_owned()), "{first}");
        assert!(give(&case, "", at(free)).is_ok(), "{first}");
    }
}

/// The windows reach into the future too. A dose this evening that stands with this morning's is refused
/// where tomorrow morning's, which is still due, comes within 24 hours of it as well.
#[test]
fn scheduled_doses_given_and_still_due_count_in_every_window_around_the_dose() {
    let scheduled = vec![
        taken("2026-11-20T08:10:00Z", 1_000, Kind::Scheduled),
        taken("2026-11-20T20:00:00Z", 1_000, Kind::StillDue),
        taken("2026-11-21T08:00:00Z", 1_000, Kind::StillDue),
    ];
    let tight = case(3_000, scheduled.clone());
    let answer = give(&tight, "", at("2026-11-20T14:00:00Z"));
    let Err(Refusal::AsNeededOverMost { total, over, counted, .. }) = &answer else { panic!("{answer:?}") };
    assert_eq!((total.ug(), over.ug()), (3_500, 500));
    assert_eq!(
        counted.replace('\u{a0}', " "),
        "0.5 mg of this dose, 1 mg scheduled and given, 2 mg scheduled and not recorded yet"
    );
    assert!(give(&case(3_500, scheduled), "", at("2026-11-20T14:00:00Z")).is_ok());
}

/// Citation 1510889: scheduled plus as-needed alprazolam could reach 4.5 mg against a maximum of 4 mg.
#[test]
fn the_medicines_maximum_holds_where_the_orders_is_higher() {
    let scheduled = |ug| vec![taken("2026-11-20T08:00:00Z", ug, Kind::Scheduled)];
    let limited =
        |ug| GiveCase { limit: Limit::published(&Medicine("alprazolam".into())), ..case(9_000, scheduled(ug)) };
    assert!(give(&limited(3_500), "", at("2026-11-20T14:00:00Z")).is_ok());
    let over = give(&limited(4_000), "", at("2026-11-20T14:00:00Z")).unwrap_err().to_string();
    assert!(over.contains("4.5\u{a0}mg in 24 hours, 0.5\u{a0}mg more than the maximum of 4\u{a0}mg"), "{over}");
    assert!(over.contains("1510889") && over.contains("Next possible: 08:00 on 21\u{a0}Nov\u{a0}2026."), "{over}");
}

#[test]
fn a_dose_that_was_given_earlier_keeps_the_same_rules_and_stands_before_and_after_others() {
    let case = given_at(case(4_000, Vec::new()), "2026-11-20T12:00:00Z");
    let now = at("2026-11-20T20:00:00Z");
    assert_eq!(give(&case, "08:00", now).map(|given| given.given_at), Ok(at("2026-11-20T08:00:00Z")));
    for near in ["08:01", "15:59"] {
        assert_eq!(refused(&give(&case, near, now)).0, "as_needed_too_soon", "{near}");
    }
    assert!(give(&case, "2026-11-20T16:00", now).is_ok());
    assert_eq!(give(&case, "23:00", now).map(|given| given.given_at), Ok(at("2026-11-19T23:00:00Z")), "the last 23:00");
    assert_eq!(give(&case, "2026-11-20T20:01", now), Err(Refusal::GivenInFuture));
    assert_eq!(give(&case, "8 o’clock", now), Err(Refusal::GivenAtUnreadable));
}

/// Half past one comes twice. Both moments have to be allowed, and the later stands, so that the next is not too early.
#[test]
fn a_time_in_the_repeated_hour_is_the_later_one_and_allowed_at_both() {
    let free = case(4_000, Vec::new());
    let now = at("2026-10-25T03:00:00Z");
    assert_eq!(give(&free, "2026-10-25T01:30", now).map(|given| given.given_at), Ok(at("2026-10-25T01:30:00Z")));
    let between = at("2026-10-25T00:45:00Z");
    assert_eq!(give(&free, "01:30", between).map(|given| given.given_at), Ok(at("2026-10-25T00:30:00Z")));
    let near = given_at(free, "2026-10-24T20:45:00Z");
    assert_eq!(refused(&give(&near, "2026-10-25T01:30", now)).0, "as_needed_too_soon");
}

#[test]
fn nothing_is_given_before_the_order_after_its_end_or_while_sedatives_are_stopped() {
    let short = |starts: &str, ends: &str| {
        let mut case = case(4_000, Vec::new());
        (case.order.starts_on, case.order.ends_on) = (day(starts), day(ends));
        case
    };
    let code = |case: &GiveCase, now| refused(&give(case, "", at(now))).0;
    let last_second = "2026-10-25T23:59:59Z";
    let ends = short("2026-10-12", "2026-10-25");
    assert!(give(&ends, "", at(last_second)).is_ok(), "a day of 25 hours to its end");
    assert_eq!(code(&ends, "2026-10-26T00:00:00Z"), "as_needed_over");
    assert_eq!(code(&ends, "2026-10-11T22:59:59Z"), "as_needed_not_yet");
    let ended = GiveCase { ended_at: Some(at("2026-10-20T09:00:00Z")), ..ends.clone() };
    assert_eq!(code(&ended, "2026-10-20T09:00:00Z"), "as_needed_ended");
    assert!(give(&ended, "09:59", at("2026-10-20T09:30:00Z")).is_ok(), "given before the end, and told after it");
    let since = at(last_second) - TimeDelta::minutes(10);
    let stopped = GiveCase { withheld: Some(Withheld { sign: Sign::Overdose, since }), ..ends.clone() };
    assert_eq!(code(&stopped, last_second), "do_not_give");
    assert!(matches!(stopped.allowance(at(last_second)).now, Err(Refusal::DoNotGive { .. })));
    let blank = GiveAsk { revision: 0, why: " . ".into(), given_at: String::new() };
    assert_eq!(ends.give(&blank, at(last_second)), Err(Refusal::AsNeededWhy));
}

/// Every window that begins or ends where something was taken.
fn windows_hold(most: u64, taken: &[Taken]) -> bool {
    let edges =
        taken.iter().flat_map(|one| [one.at, one.at - WINDOW + TimeDelta::seconds(1), one.at + TimeDelta::seconds(1)]);
    let inside = |begin: DateTime<Utc>| taken.iter().filter(move |one| begin <= one.at && one.at < begin + WINDOW);
    edges.into_iter().all(|begin| {
        let as_needed = inside(begin).any(|one| one.kind == Kind::AsNeeded);
        !as_needed || inside(begin).map(|one| one.amount.ug()).sum::<u64>() <= most
    })
}

proptest! {
    /// P9: whatever is tried, in whatever order, also of the past: no 24 hours hold more than the maximum, and no two doses
    /// come nearer than the interval.
    #[test]
    fn no_24_hours_ever_hold_more_than_the_maximum(
        most in 500_u64..4_000,
        attempts in prop::collection::vec((0_i64..5 * 1440, 0_i64..30 * 60, prop::bool::ANY), 1..40),
        scheduled in prop::collection::vec((0_i64..6 * 1440, 125_u64..1_000), 0..12),
    ) {
        // Four days, with the night in which clocks go back.
        let start = at("2026-10-23T06:00:00Z");
        let due = scheduled.iter().map(|(minute, ug)| Taken {
            at: start + TimeDelta::minutes(*minute),
            amount: Amount::from_ug(*ug),
            kind: Kind::StillDue,
        });
        let mut case = case(most, due.collect());
        for (minute, back, now) in attempts {
            let moment = start + TimeDelta::minutes(minute);
            let typed = case.zone.local(moment - TimeDelta::minutes(back)).format("%Y-%m-%dT%H:%M").to_string();
            match give(&case, if now { "" } else { &typed }, moment) {
                Ok(given) => {
                    case.taken.push(Taken { at: given.given_at, amount: given.amount, kind: Kind::AsNeeded });
                    case.given.push(given.given_at);
                }
                Err(refusal) => prop_assert!(refusal.code().starts_with("as_needed_"), "{}", refusal),
            }
            prop_assert!(windows_hold(most, &case.taken));
            let mut given = case.given.clone();
            given.sort_unstable();
            prop_assert!(given.windows(2).all(|pair| pair[1] - pair[0] >= case.order.least()));
        }
    }
}
